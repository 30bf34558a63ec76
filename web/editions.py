"""Publication -> the files that one can take home: what each is for, its form, its size, its address."""

from pathlib import PurePosixPath

from audiobook.addresses import media_path
from audiobook.model.publication import Edition, Publication
from web.view import View
from web.wording import N_

OFFERED = (  # edition, what it is for, what it is, what is added to its name
    ("mp3", N_("Nghe khi không có mạng"), N_("Tệp MP3, cả số, có chia bài"), ""),
    ("mp3-low", N_("Nghe khi mạng chậm, máy ít chỗ"), N_("Tệp MP3 nhẹ"), "bản nhẹ"),
    ("mp3-slow", N_("Nghe bản đọc chậm"), N_("Tệp MP3, đọc chậm, nghỉ lâu hơn"), "đọc chậm"),
    ("mp3-high", N_("Nghe bằng loa tốt, tai nghe tốt"), N_("Tệp MP3 chất lượng cao"), "chất lượng cao"),
    ("opus-low", N_("Nghe bản nhẹ nhất, máy đời mới"), N_("Tệp Opus"), "rất nhẹ"),
    ("pdf-designed", N_("Xem như báo in"), N_("Tệp PDF của nhà xuất bản"), "báo in"),
    ("pdf", N_("Đọc và in ra giấy"), N_("Tệp PDF"), ""),
    ("pdf-large", N_("Đọc và in chữ to"), N_("Tệp PDF chữ to, cho mắt kém"), "chữ to"),
    ("epub", N_("Vừa đọc vừa nghe trong ứng dụng đọc sách"), N_("Tệp EPUB có tiếng"), ""),
    ("epub-light", N_("Đọc trong ứng dụng đọc sách, mạng chậm"), N_("Tệp EPUB nhẹ, không có tiếng"), "bản nhẹ"),
    ("loudspeaker-pack", N_("Phát trên loa từ USB"), N_("Gói loa phát thanh, tệp nén ZIP"), "gói loa"),
    ("transcript-html", N_("Toàn bộ lời đọc, trên một trang"), N_("Trang chữ HTML"), "lời đọc"),
    ("vtt", N_("Phụ đề của bản ghi âm"), N_("Tệp WebVTT"), ""),
    ("srt", N_("Phụ đề cho máy phát cũ"), N_("Tệp SRT"), ""),
    ("poster-a4", N_("Áp phích để in và treo"), N_("Tệp PDF khổ A4, có mã QR"), "áp phích A4"),
    ("poster-a5", N_("Tờ rơi để in và phát"), N_("Tệp PDF khổ A5, có mã QR"), "tờ rơi A5"),
    (
        "poster-bulletin-a4",
        N_("Áp phích treo lâu dài, luôn mở số mới nhất"),
        N_("Tệp PDF khổ A4, có mã QR"),
        "áp phích chung A4",
    ),
    (
        "poster-bulletin-a5",
        N_("Tờ rơi dùng lâu dài, luôn mở số mới nhất"),
        N_("Tệp PDF khổ A5, có mã QR"),
        "tờ rơi chung A5",
    ),
)


def downloads(publication: Publication, view: View, *, name: str) -> list[dict[str, str]]:
    """What there is of this issue, in the order in which it is offered."""
    found = []
    for kind, purpose, form, added in OFFERED:
        if edition := publication.edition(kind):
            said = {"purpose": view.words(purpose), "form": view.words(form), "size": view.words.size(edition.bytes)}
            found.append(said | {"name": file_name(edition, name, added), "href": view.link(media_path(edition))})
    return found


def file_name(edition: Edition, name: str, added: str) -> str:
    """What a listener's device shall call it."""
    return f"{name}{f' ({added})' if added else ''}{PurePosixPath(edition.file).suffix}"


def leaves(publication: Publication) -> list[Edition]:
    """The printed pages as pictures, in order."""
    return [each for each in publication.editions if each.kind == "page-image"]


def edition_link(publication: Publication, kind: str, view: View, chapter: str = "") -> str:
    """The href of an edition; "" where there is none."""
    edition = publication.edition(kind, chapter)
    return view.link(media_path(edition)) if edition else ""


def edition_size(publication: Publication, kind: str, view: View, chapter: str = "") -> str:
    """Its size in words; "" where there is none."""
    edition = publication.edition(kind, chapter)
    return view.words.size(edition.bytes) if edition else ""
