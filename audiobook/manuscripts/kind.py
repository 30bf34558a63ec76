"""File -> what kind of manuscript it is, by its content; the name counts only between two kinds of plain text."""

import re
import zipfile
from pathlib import Path

from audiobook.errors import ManuscriptDamaged, ManuscriptEmpty, ManuscriptKind, ManuscriptMissing

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"\x89PNG": "ảnh PNG", b"\xff\xd8\xff": "ảnh JPEG", b"GIF8": "ảnh GIF", b"ID3": "âm thanh MP3", b"OggS": "âm thanh",
    b"RIFF": "âm thanh hoặc phim", b"Rar!": "tệp nén RAR", b"7z\xbc\xaf": "tệp nén 7z", b"\x1f\x8b": "tệp nén gz",
    b"MZ": "chương trình Windows", b"\x7fELF": "chương trình",
}  # fmt: skip
_READABLE = "Đọc được: Word (.docx), PDF có chữ, HTML, EPUB, Markdown (.md), chữ thuần (.txt), hoặc thư mục các tệp đó."
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MARKDOWN = re.compile(rb"(?:\xef\xbb\xbf)?---\s*\n|(?m:^#{1,6} \S)|(?m:^!\[)")
_MARKDOWN_SUFFIXES, _TEXT_SUFFIXES = (".md", ".markdown"), (".txt", ".text")
_LOOKED_AT = 65_536
_LARGEST = 500_000_000


def kind_of(file: Path) -> str:
    """One of "docx", "epub", "pdf", "html", "markdown", "text".

    Raises:
        ManuscriptMissing, ManuscriptEmpty, ManuscriptDamaged: no file, nothing in it, a package cut off.
        ManuscriptKind: something that is not read; the advice says what to do.
    """
    if not file.is_file():
        raise ManuscriptMissing("không có tệp này.", thing=file, advice="Kiểm tra đường dẫn và tên tệp.")
    if file.stat().st_size > _LARGEST:
        raise ManuscriptKind("tệp lớn quá 500 MB.", thing=file, advice="Bỏ bớt hình lớn, hoặc chia thành nhiều tệp.")
    with file.open("rb") as stream:
        head = stream.read(_LOOKED_AT)
    if not head.strip(b"\0 \t\r\n\x0b\x0c"):
        raise ManuscriptEmpty("tệp rỗng.", thing=file)
    if head.startswith(b"PK"):
        return _package(file)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return _text(file, head)


def _text(file: Path, head: bytes) -> str:
    if head.startswith(_OLE):
        raise ManuscriptKind(
            "đây là Word kiểu cũ (.doc), hoặc tệp Word có mật khẩu.",
            thing=file,
            advice="Mở bằng Word, bỏ mật khẩu nếu có, rồi lưu lại thành .docx.",
        )
    if head.startswith(b"{\\rtf"):
        raise ManuscriptKind("đây là RTF.", thing=file, advice="Mở bằng Word rồi lưu lại thành .docx.")
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")
    if other or (b"\0" in head and not wide):
        raise ManuscriptKind(f"đây là {other or 'tệp nhị phân'}, không phải bản thảo.", thing=file, advice=_READABLE)
    if _HTML.match(head):
        return "html"
    suffix = file.suffix.lower()
    if suffix in _MARKDOWN_SUFFIXES:
        return "markdown"
    if suffix in _TEXT_SUFFIXES or wide:
        return "text"
    return "markdown" if _MARKDOWN.match(head) or re.search(rb"(?m)^#{1,6} \S", head) else "text"


def _package(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as package:
            names = {name.lower() for name in package.namelist()[:10_000]}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ManuscriptDamaged(
            "tệp bị cụt hoặc hỏng.", thing=file, advice="Chép lại từ máy gốc, hoặc mở bằng Word rồi lưu lại."
        ) from error
    if "word/document.xml" in names or "_rels/.rels" in names:
        return _office(file, names)
    if "meta-inf/container.xml" in names:
        return "epub"
    if "content.xml" in names:
        raise ManuscriptKind(
            "đây là OpenDocument (.odt).", thing=file, advice="Mở bằng LibreOffice rồi lưu lại thành .docx."
        )
    raise ManuscriptKind("tệp nén này không phải Word hay EPUB.", thing=file, advice=f"Giải nén trước. {_READABLE}")


def _office(file: Path, names: set[str]) -> str:
    if any(name.startswith("xl/") for name in names):
        raise ManuscriptKind("đây là bảng tính Excel.", thing=file, advice="Chép bảng vào Word rồi lưu thành .docx.")
    if any(name.startswith("ppt/") for name in names):
        raise ManuscriptKind(
            "đây là trình chiếu PowerPoint.", thing=file, advice="Chép lời vào Word rồi lưu thành .docx."
        )
    return "docx"
