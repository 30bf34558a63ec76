"""Signs of reckoning -> words: 2 + 3 = 5, 3 x 4 m, x², 10⁶, ½, 18+, km 15+200."""

import re
from collections.abc import Iterator

from audiobook.spoken.data_tables import mapping
from audiobook.spoken.letters import spelled
from audiobook.spoken.measures import UNIT
from audiobook.spoken.numbers import cardinal, number
from audiobook.spoken.spans import Span

MINUS, PRODUCT, HALF, SIGN = 63, 46, 40, 30

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = re.compile(r"(?<![\w.,])(?P<base>\d+(?:,\d+)?|[a-zA-Z])(?:\^(?P<up>-?\d+)|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))")
_PRODUCT = re.compile(r"(?<=\d)(?P<unit>[^\W\d_]{0,2})\s?[xX*×]\s?(?=\d)")
_PRODUCT_OF_UNITS = re.compile(  # the unit before it is a measure's own: 500mg x 2 lần, 3m x 4m
    r"(?<=[^\W\d_]|[%°²³])\s[xX]\s(?=\d)|(?<=\d\s)[xX](?=\s\d)|(?<=[^\W\d_]\s)x(?=\d{1,2}\b)"
)
_NUMBERED = re.compile(r"\d[^.;:!?]{0,24}$")  # "hộp thoại X 5" multiplies nothing
_TIMES = re.compile(r"\s?×\s?")
_SUM = re.compile(r"(?<=[\w)²³%°!'])\s?(?P<sign>[+=÷]|(?<=\s)[-<>](?=\s))\s?(?=[\w(-])")
_MINUS = re.compile(r"(?<=\d)\s?[-–]\s?(?=\d+\s?=)|(?<=[²³])\s[-–]\s(?=\d*[a-z]?\b)")
_FACTORIAL = re.compile(r"(?<=\d)!(?=\s?[=+])")
_GAINED_AND_LOST = re.compile(r"(?<![\w.,/])\+(\d{1,4}(?:,\d+)?)\s?/\s?-(\d{1,4}(?:,\d+)?)(?![\w/%]|[.,]\d)")
_PLUS_MINUS = re.compile(r"\+\s?/\s?-")
_AND_MORE = re.compile(r"(?<=\d)\+(?![\w+])")
_KM = re.compile(r"\b[Kk][Mm]\s?(\d{1,4})\s?\+\s?(\d{1,4})\b")
_STONE = re.compile(r"(?<!\d)(?<!\d )\bK[Mm](?:\s\d{1,4}|(?![23](?!\d))\d{1,4})(?!\s?\+)(?![\w/]|[.,]\d)")
_HALVES = {
    "½": "một phần hai", "¼": "một phần tư", "¾": "ba phần tư", "⅓": "một phần ba", "⅔": "hai phần ba", "⅕": "một phần năm",
    "⅛": "một phần tám",
}  # fmt: skip
_SIGNS = {"+": "cộng", "=": "bằng", "÷": "chia", "-": "trừ", "<": "nhỏ hơn", ">": "lớn hơn"}


def sums(text: str) -> Iterator[Span]:
    """Signs between numbers and letters."""
    for match in _MINUS.finditer(text):
        yield Span.of(match, "trừ", priority=MINUS, rule="sign")
    for pattern, said in ((_FACTORIAL, "giai thừa"), (_PLUS_MINUS, "cộng trừ"), (_TIMES, "nhân")):
        for match in pattern.finditer(text):
            yield Span.of(match, said, priority=PRODUCT, rule="sign")
    for match in _SUM.finditer(text):
        left = re.findall(r"(\w+)\s?$", text[: match.start()])
        right = re.findall(r"\w+", text[match.end() :])[:1]
        between_letters = [len(each) for each in (*left, *right) if each.isalpha()] == [1, 1]
        if match["sign"] in "+=÷" or (
            between_letters and (match["sign"] != "-" or "=" in text)
        ):  # a dash between words is a pause
            yield Span.of(match, _SIGNS[match["sign"]], priority=SIGN, rule="sign")


def powers(text: str) -> Iterator[Span]:
    """Powers, products, what came and went ("+12/-5"), halves, "18+", and places along a road."""
    for match in _POWER.finditer(text):
        yield _power(match)
    yield from _products(text)
    for match in _GAINED_AND_LOST.finditer(text):
        yield Span.of(match, f"cộng {number(match[1])}, trừ {number(match[2])}", priority=UNIT + 1, rule="sign")
    for match in _KM.finditer(text):
        said = f"ki lô mét {cardinal(int(match[1]))} cộng {cardinal(int(match[2]))}"
        yield Span.of(match, said, priority=UNIT + 2, rule="measure")
    for match in _STONE.finditer(text):
        yield Span.of(match, f"ki lô mét {cardinal(int(match[0][2:]))}", priority=UNIT, rule="measure")
    for match in _AND_MORE.finditer(text):
        yield Span.of(match, "cộng", priority=HALF, rule="sign")
    for at, letter in enumerate(text):
        if letter in _HALVES:
            yield Span(start=at, end=at + 1, spoken=_HALVES[letter], priority=HALF, rule="share")


def _products(text: str) -> Iterator[Span]:
    for match in _PRODUCT.finditer(text):
        unit = mapping("units").get(match["unit"] or "", "")
        if unit or not match["unit"]:
            yield Span.of(match, f"{unit} nhân".strip(), priority=PRODUCT, rule="sign")
    for match in _PRODUCT_OF_UNITS.finditer(text):
        if "x" in match[0] or _NUMBERED.search(text[: match.start()]):
            yield Span.of(match, "nhân", priority=PRODUCT, rule="sign")


def _power(match: re.Match[str]) -> Span:
    """What stands behind a number is a measure ("24 m²"), and stronger than a power ("x²")."""
    up = match["up"] or match["raised"].translate(_SUPERSCRIPTS)
    if match["base"][0].isdigit():
        return Span.of(match, f"{number(match['base'])} mũ {cardinal(int(up))}", priority=UNIT + 1, rule="number")
    power = {"2": "bình phương", "3": "lập phương"}.get(up) or f"mũ {cardinal(int(up))}"
    return Span.of(match, f"{spelled(match['base'])} {power}", priority=UNIT - 1, rule="number")
