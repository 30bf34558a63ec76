"""The fonts that go with the program, and which characters they have."""

from functools import cache
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files("audiobook.editions"))) / "fonts"
REGULAR, BOLD, FALLBACK = (
    FOLDER / name for name in ("BeVietnamPro-Regular.ttf", "BeVietnamPro-Bold.ttf", "NotoSerif-Regular.ttf")
)

_REPLACED = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "›", "\uf0fc": "✓", "\u2011": "-", "\u00ad": "", "\u200b": ""}


@cache
def known_characters() -> frozenset[str]:
    """Every character that one of the fonts of the PDF can print."""
    found: set[str] = {"\n", "\t"}
    for file in (REGULAR, FALLBACK):
        found.update(map(chr, _codepoints(file.read_bytes())))
    return frozenset(found)


def printable(text: str) -> tuple[str, str]:
    """The text with a box for every character that no font has; and those characters."""
    known = known_characters()
    lost = ""
    kept = []
    for character in text:
        replaced = _REPLACED.get(character, character)
        if all(each in known for each in replaced):
            kept.append(replaced)
        else:
            kept.append("□")
            lost += character
    return "".join(kept), lost


def _codepoints(font: bytes) -> set[int]:
    """The characters of a TrueType font's cmap, formats 4 and 12 (OpenType specification, cmap)."""
    tables = {font[12 + 16 * n : 16 + 16 * n]: _long(font, 20 + 16 * n) for n in range(_short(font, 4))}
    cmap = tables[b"cmap"]
    found: set[int] = set()
    for n in range(_short(font, cmap + 2)):
        at = cmap + _long(font, cmap + 8 + 8 * n)
        if _short(font, at) == 4:
            found |= _format_4(font, at)
        elif _short(font, at) == 12:
            for group in range(_long(font, at + 12)):
                start, end = _long(font, at + 16 + 12 * group), _long(font, at + 20 + 12 * group)
                found.update(range(start, end + 1))
    return found


def _format_4(font: bytes, at: int) -> set[int]:
    count = _short(font, at + 6) // 2
    ends, starts = at + 14, at + 16 + 2 * count
    pairs = ((_short(font, starts + 2 * n), _short(font, ends + 2 * n)) for n in range(count))
    return {code for start, end in pairs for code in range(start, end + 1) if code != 0xFFFF}


def _short(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


def _long(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
