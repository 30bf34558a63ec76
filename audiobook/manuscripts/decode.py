"""Bytes of a text file -> Unicode, whatever it was saved in: UTF-8, UTF-16, Windows-1258, TCVN3 or VNI."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from audiobook.errors import ManuscriptDamaged, ManuscriptHostile
from audiobook.legacy_encodings import Encoding, recognised, share_of_syllables, to_unicode
from audiobook.model.narration import Remark

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MOST_BYTES = 20_000_000
_SURE = 0.6
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text (its line ends are line feeds), and a remark where something had to be guessed."""

    text: str
    remarks: tuple[Remark, ...] = ()


def decoded(file: Path) -> Decoded:
    """Read a text file.

    Raises:
        ManuscriptDamaged: no encoding makes Vietnamese of it, or it is no text.
        ManuscriptHostile: it is larger than any text.
    """
    if file.stat().st_size > _MOST_BYTES:
        raise ManuscriptHostile("tệp chữ lớn quá 20 MB.", thing=file, advice="Chia thành nhiều tệp, mỗi bài một tệp.")
    data = file.read_bytes()
    found = _in_unicode(data) or _in_older(data)
    if found is None:
        raise ManuscriptDamaged(
            "không đọc được chữ (không rõ bảng mã).",
            thing=file,
            place=f"byte {_first_bad(data)}",
            advice="Mở bằng Notepad, chọn Save As với Encoding là UTF-8.",
        )
    text, remark = found
    plain = re.sub(r"\r\n?|\u2028|\u2029|\x0c", "\n", _NO_TEXT.sub("", text))
    return Decoded(plain, (Remark(code="M-FONT", place="cả tệp", text=remark),) if remark else ())


def _in_unicode(data: bytes) -> tuple[str, str] | None:
    coding, start = next(((name, len(mark)) for mark, name in _MARKS if data.startswith(mark)), ("utf-8", 0))
    try:
        text = data[start:].decode(coding)
    except UnicodeDecodeError:
        return None
    encoding = recognised(text, at_least=3)
    if encoding is None:
        return text, ""
    return to_unicode(text, encoding), f"chữ {encoding} không có phông, đã đổi sang Unicode; hãy đọc lại."


def _in_older(data: bytes) -> tuple[str, str] | None:
    """Of the three old ways the one that makes the most Vietnamese syllables."""
    if b"\0" in data:
        return None
    western = data.decode("cp1252", "replace")
    made = {
        "Windows-1258": unicodedata.normalize("NFC", data.decode("cp1258", "replace")),
        **{str(encoding): to_unicode(western, encoding) for encoding in Encoding},
    }
    shares = {name: share_of_syllables(text) for name, text in made.items()}
    best = max(shares, key=lambda name: shares[name])
    return (made[best], f"tệp lưu bằng bảng mã {best}, đã đổi sang Unicode.") if shares[best] >= _SURE else None


def _first_bad(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0
