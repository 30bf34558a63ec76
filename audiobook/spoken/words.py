"""The words that are said beside the articles, as templates; audiobook.toml may have its own.

A line of a template whose field is empty is left out, so that nothing is said of what is not known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from audiobook.errors import SettingsError
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin

_FIELD = re.compile(r"{(\w*)}")

_OPENING = """{bulletin}, số {number}, ngày {date}.
Giấy phép xuất bản số {licence}.
Đơn vị xuất bản: {publisher}.
Đơn vị phát hành: {distributor}.
Đơn vị cung ứng: {supplier}.
Bản tin này được đọc bằng giọng nhân tạo, do máy tổng hợp.
Số này có {count} bài:"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Templates; their fields are the names that ``facts`` gives, in braces.

    ``article`` knows {index} and {count}; ``note`` and ``table`` what their names say.
    """

    opening_title: str = "Mở đầu"
    opening: str = _OPENING
    article: str = "Bài {index} trên {count}."
    author: str = "Tác giả: {author}."
    table: str = "Bảng có {rows} hàng, gồm các cột:"
    large_table: str = "Bảng có {rows} hàng và {columns} cột, xin xem trong bản PDF."
    figure: str = "Hình minh họa:"
    chart: str = "Biểu đồ:"
    video: str = "Đoạn phim, mời xem trên trang nghe:"
    audio: str = "Đoạn âm thanh, mời nghe trên trang nghe:"
    note: str = "Chú thích {marker}:"
    closing_title: str = "Lời kết"
    closing: str = """{bulletin} số {number} đến đây là hết.
Mọi góp ý xin gọi số điện thoại {phone}.
Xin cảm ơn quý vị đã lắng nghe. Kính chúc quý vị mạnh khỏe."""
    loudspeaker_greeting: str = """Loa phát thanh {place}.
Kính chào toàn thể bà con.
Sau đây là {bulletin}, số {number}, ngày {date}, đọc bằng giọng nhân tạo."""
    loudspeaker_again: str = "Xin nhắc lại thông báo."
    loudspeaker_sign_off: str = """Buổi phát thanh đến đây là hết.
Xin cảm ơn bà con đã lắng nghe. Kính chúc bà con mạnh khỏe."""
    human_voice: str = "Bài này do người thật đọc."


def facts(issue: Issue, bulletin: Bulletin) -> dict[str, str]:
    """What the templates may name of an issue."""
    publisher = bulletin.publisher
    return {
        "bulletin": bulletin.podcast.title,
        "title": issue.title,
        "number": str(issue.number),
        "date": f"{issue.date:%d/%m/%Y}",
        "publisher": publisher.name,
        "licence": publisher.licence_number,
        "distributor": publisher.distributor or (publisher.name if publisher.licence_number else ""),
        "supplier": publisher.supplier,
        "phone": publisher.phone,
        "place": bulletin.loudspeaker.place,
        "count": str(len(issue.articles)),
    }


def filled(template: str, values: Mapping[str, str], *, place: str) -> tuple[str, ...]:
    r"""The lines of a template with its fields; a line that names an empty field is left out.

    Raises:
        SettingsError: a field that there is not.

    >>> filled("Số {number}.\nGọi {phone}.", {"number": "3", "phone": ""}, place="words.opening")
    ('Số 3.',)
    """
    lines = []
    for line in template.splitlines():
        names = _FIELD.findall(line)
        unknown = [name for name in names if name not in values]
        if unknown:
            raise SettingsError(
                f"không có chỗ điền {{{unknown[0]}}}.",
                thing="audiobook.toml",
                place=place,
                advice=f"Có thể dùng: {', '.join(f'{{{name}}}' for name in values)}.",
            )
        if line.strip() and all(values[name] for name in names):
            lines.append(_FIELD.sub(lambda found: values[found[1]], line).strip())
    return tuple(lines)
