"""Issue + Bulletin -> what the law and readers want to know of an issue, as label and words, in order.

Source: Luật Xuất bản 2012, điều 27 (thông tin ghi trên xuất bản phẩm).
"""

from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin

VOICE = "nhân tạo, do máy tổng hợp"


def imprint_lines(issue: Issue, bulletin: Bulletin) -> tuple[tuple[str, str], ...]:
    """Label and words; what is not known is left out."""
    publisher = bulletin.publisher
    lines = (
        ("Nhà xuất bản", publisher.name),
        ("Giấy phép xuất bản số", publisher.licence_number),
        ("Đơn vị phát hành", publisher.distributor or (publisher.name if publisher.licence_number else "")),
        ("Đơn vị cung ứng", publisher.supplier),
        ("Số", f"{issue.number}, ngày {issue.date:%d/%m/%Y}"),
        ("Người làm", ", ".join(issue.contributors)),
        ("Địa chỉ", publisher.address),
        ("Điện thoại", publisher.phone),
        ("Thư điện tử", publisher.email),
        ("Giấy phép nội dung", issue.licence or bulletin.podcast.contents_licence),
        ("Giọng đọc", VOICE),
    )
    return tuple((label, words) for label, words in lines if words)
