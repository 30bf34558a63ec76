"""Money written otherwise than number and unit -> words: $100, 2tr5, 1tỷ2, 25 000 đồng."""

import re
from collections.abc import Iterator

from audiobook.spoken.data_tables import mapping
from audiobook.spoken.measures import UNIT
from audiobook.spoken.numbers import NUMBER, cardinal, digits, number
from audiobook.spoken.spans import Span
from audiobook.spoken.units import SCALES

_BEFORE = {
    "US$": "đô la mỹ", "$": "đô la", "€": "ơ rô", "£": "bảng anh", "¥": "yên", "₩": "uôn", "₹": "ru pi", "₽": "rúp", "฿": "bạt",
    "USD ": "đô la mỹ", "VND ": "đồng", "đ": "đồng",
}  # fmt: skip
_SIGN_FIRST = re.compile(
    rf"(?<![\w])(?P<sign>{'|'.join(map(re.escape, _BEFORE))})\s?(?P<first>{NUMBER})(?P<cents>\.\d{{1,2}})?"
    rf"(?:\s?[-–]\s?\$?(?P<last>{NUMBER}))?(?P<scale>\s{SCALES}|[MBKmk](?!\w))?(?![\w]|[.,]\d|\s?(?:đồng|đ|VNĐ|VND)(?!\w))"
)
_RATE = re.compile(r"(?:giá|\d|mỗi|một|đổi)\s$", re.IGNORECASE)
_SHORT = re.compile(r"(?<![\w.,/])(\d{1,3})\s?(tr|triệu|tỷ|tỉ)(\d{1,3})k?(?!\w)")
_SPACED = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:\s\d{3})+)\s?(đồng|VNĐ|VND|vnđ|đ|Đ|USD|EUR|€|\$)(?![^\W\d_]|\d)")
_COLUMN = re.compile(  # over a column of a table: (tr đ), ĐVT: nghìn đ, (đ/kg)
    r"(?<![\w.,/])(?:(?P<scale>[Tt]r|triệu|nghìn|ngàn|tỷ|tỉ)\.?\s?đ(?:ồng)?|(?<=\()đ|(?<=: )đ)(?:/(?P<each>[^\W\d_]+))?(?![\w/])"
)
_ENGLISH_THOUSANDS = re.compile(r"\d{1,3},\d{3}")


def money(text: str) -> Iterator[Span]:
    """Amounts of money whose sign stands before, inside, or behind groups with blanks."""
    for match in _SIGN_FIRST.finditer(text):
        if match["sign"].endswith(" ") and _RATE.search(text[: match.start()]):
            continue  # "tỷ giá USD 25.400", "1 USD 26.380": what a dollar costs is no sum of dollars
        yield Span.of(match, _sign_first(match), priority=UNIT + 1, rule="money")
    for match in _SHORT.finditer(text):
        scale, smaller = ("tỷ", "triệu") if match[2] in ("tỷ", "tỉ") else ("triệu", "nghìn")
        rest = int(match[3]) * 10 ** (3 - len(match[3]))
        said = f"{cardinal(int(match[1]))} {scale} {cardinal(rest)} {smaller}"
        yield Span.of(match, said, priority=UNIT + 1, rule="money")
    for match in _SPACED.finditer(text):
        amount = number(re.sub(r"\s", ".", match[1]))
        yield Span.of(match, f"{amount} {mapping('units')[match[2]]}", priority=UNIT + 1, rule="money")


def columns(text: str) -> Iterator[Span]:
    """What a table's column is counted in, with no number near."""
    for match in _COLUMN.finditer(text):
        scale = "triệu" if match["scale"] in ("tr", "Tr") else match["scale"]
        each = f"mỗi {mapping('units').get(match['each'], match['each'])}" if match["each"] else ""
        yield Span.of(match, " ".join(filter(None, (scale, "đồng", each))), priority=UNIT - 2, rule="money")


def _sign_first(match: re.Match[str]) -> str:
    first = match["first"]
    if _ENGLISH_THOUSANDS.fullmatch(first) and match["sign"] != "đ":
        first = first.replace(",", ".")  # $1,500
    scale = {"M": " triệu", "m": " triệu", "B": " tỷ", "K": " nghìn", "k": " nghìn"}.get(
        match["scale"] or "", match["scale"] or ""
    )
    cents = f" phẩy {digits(match['cents'])}" if match["cents"] and match["cents"] != ".00" else ""
    last = f" đến {number(match['last'])}" if match["last"] else ""
    return f"{number(first)}{cents}{last}{scale} {_BEFORE[match['sign']]}"
