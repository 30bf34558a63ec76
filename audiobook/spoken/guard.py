"""Printed text and what will be said for it -> the facts that differ: the last look before a wrong amount is read out.

Every number that is printed must be heard, in order, and no other: the spoken words are read back by ``heard``, which
shares no code or table with the rules. Signs that change an amount (%, ‰, minus, money) must be heard too. A spoken
word may have only letters that every engine says.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiobook.model.narration import Segment
from audiobook.spoken.heard import NUMERALS, digit_row, numbers
from audiobook.spoken.unheard import may_be_silent, scale_is_sure

FACT, CHARACTER = "S-FACT", "S-CHARACTER"

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_SAYABLE = re.compile(r"(?:[a-zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]+[,.?!]*(?: |$))*")
_SCALE = re.compile(r"\s?(nghìn tỷ|nghìn tỉ|triệu tỷ|nghìn|ngàn|vạn|triệu|tỷ|tỉ|trđ|nghđ|ngđ|tr|k|K|M|B)(?![^\W\d_])")
_SCALES = {
    "nghìn tỷ": 10**12, "nghìn tỉ": 10**12, "triệu tỷ": 10**15, "nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6,
    "tỷ": 10**9, "tỉ": 10**9, "trđ": 10**6, "nghđ": 10**3, "ngđ": 10**3, "tr": 10**6, "k": 10**3, "K": 10**3, "M": 10**6,
    "B": 10**9,
}  # fmt: skip
_SHORT_MONEY = re.compile(r"(\d{1,3})\s?(tr|triệu|tỷ|tỉ)(\d{1,3})(?!\d)k?")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_ROMAN = re.compile(r"\W*([IVXLCDM]+)\W*")
_MARKS = {
    "%": ("phần trăm",),
    "‰": ("phần nghìn",),
    "$": ("đô la",),
    "€": ("ơ rô", "euro"),
    "±": ("cộng trừ",),
    "đồng": ("đồng",),
}
_MINUS = re.compile(r"(?:^|[\s(])[-−–](?=\d)")
_DASH = re.compile(r"\s?[-−–]\s+\d")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)([/.-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])(\d\d?)\.(\d\d?)\.(\d{4}|\d\d)(?![\d.])")
_NUMERAL = re.compile(r"(?<=[\d]-)[IVX]{1,5}(?![^\W_])|(?<![^\W_])[IVX]{1,5}(?=\s?[/-]\s?\d{4}|\.\d)")
_YEAR = re.compile(r"\d{1,2}\s?([/.-])\s?\d{1,2}\s?(?:\1\s?(?P<short>\d{2})|[/.-]\s?(?P<year>\d{4}))(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d/.,])(?:0?[1-9]|1[0-2])/(3[2-9]|[4-9]\d)(?![\d/])")  # 3/75: a month, or a count


@dataclass(frozen=True, slots=True)
class _Printed:
    """A number as printed: its characters, what it is multiplied by, and how it may be said."""

    text: str
    scale: int = 1
    scale_is_sure: bool = True  # K and B may be letters of a name
    silent: bool = False
    year_of_date: bool = False
    may_be_year: bool = False  # "năm" may stand before it
    in_row: bool = False  # digit by digit: telephones, plates, names of machines


def differing(source: str, segments: Sequence[Segment]) -> Iterator[tuple[str, int, int]]:
    """(code, start, end) of every segment of a text whose facts are not heard as they are printed."""
    for segment in segments:
        if not _SAYABLE.fullmatch(segment.spoken):
            yield CHARACTER, segment.start, segment.end
        if not agrees(source[segment.start : segment.end], segment.spoken, before=source[: segment.start]):
            yield FACT, segment.start, segment.end


def agrees(printed: str, spoken: str, *, before: str = "") -> bool:
    """Whether the facts that are printed are heard; ``before``: what is printed before them.

    >>> agrees("25.000đ", "hai mươi lăm nghìn đồng"), agrees("25.000đ", "hai mươi nghìn đồng")
    (True, False)
    """
    roman = _ROMAN.fullmatch(printed)
    words = tuple(_WORD.findall(spoken))
    if roman and any(word in NUMERALS for word in words):
        return _matches(words, 0, [_Printed(str(_roman_value(roman[1])))], 0)
    tokens = list(_printed(printed, before))
    if not tokens:
        return True
    silent = all(token.silent for token in tokens) and _has_no_number(words, printed)
    return _marks_heard(printed, spoken) and (silent or _matches(words, 0, tokens, 0))


def _has_no_number(words: Sequence[str], printed: str) -> bool:
    """No numeral but in words that are printed as words: "Đầu tư(1)"."""
    as_words = set(_WORD.findall(printed.lower()))
    return not any(word in NUMERALS and word not in as_words for word in words)


def _marks_heard(printed: str, spoken: str) -> bool:
    plain = unicodedata.normalize("NFKC", printed)
    if any(mark in plain and not any(each in spoken for each in heard) for mark, heard in _MARKS.items()):
        return False
    if _DASH.match(printed) and re.match(r"(?:âm|trừ)\b", spoken):
        return False  # "ông Hùng - 1.000.000đ" owes nothing
    return not _MINUS.match(printed) or re.search(r"\b(?:âm|trừ)\b", spoken) is not None or _is_list(printed, spoken)


def _is_list(printed: str, spoken: str) -> bool:
    """A dash at a line's start with a counted number behind ("-02 hộ") is a list's mark."""
    return printed.lstrip().startswith(("-0", "–0", "- ", "– ")) and "," not in printed


def _printed(printed: str, before: str) -> Iterator[_Printed]:
    """The numbers of a printed text, in order."""
    years = {match.start("year" if match["year"] else "short") for match in _YEAR.finditer(printed)}
    short_years = {match.start(1) for match in _SHORT_YEAR.finditer(printed)}
    powers = {match.start(): match.end() for match in _SUPERSCRIPT.finditer(printed)}
    plain = "".join(" " if _inside(at, powers) else _plain(letter) for at, letter in enumerate(printed))
    plain = _ISO.sub(lambda iso: f"{iso[4]}{iso[2]}{iso[3]}{iso[2]}{iso[1]}", plain)  # said day first
    plain = (
        _NUMERAL.sub(lambda roman: str(_roman_value(roman[0]) or roman[0]), plain) if _TOKEN.search(plain) else plain
    )
    at = 0
    while match := _TOKEN.search(plain, at):
        at = match.end()
        short = _SHORT_MONEY.match(plain, match.start())
        if short:
            at = short.end()
            size = _SCALES[short[2]]
            yield _Printed(str(int(short[1]) * size + int(short[3]) * size // 10 ** len(short[3])))
            continue
        scale = _SCALE.match(plain, at)
        yield _Printed(
            match[0],
            scale=_SCALES[scale[1]] if scale else 1,
            scale_is_sure=not scale or scale_is_sure(scale[1], match[0], plain[scale.end() :]),
            silent=may_be_silent(plain, match, before),
            year_of_date=match.start() in years,
            may_be_year=match.start() in short_years,
            in_row=_may_be_a_row(plain, match),
        )
    for start, end in powers.items():
        yield _Printed(unicodedata.normalize("NFKC", printed[start:end]).strip("-−"), silent=True)


def _inside(at: int, powers: dict[int, int]) -> bool:
    return any(start <= at < end for start, end in powers.items())


def _plain(letter: str) -> str:
    """One ordinary character: digits of any width or font; ½ stays one sign, read as its parts elsewhere."""
    normal = unicodedata.normalize("NFKC", letter)
    return normal if len(normal) == 1 else letter


def _may_be_a_row(plain: str, match: re.Match[str]) -> bool:
    if "," in match[0]:
        return False
    named = re.match(r"[-–.]?[^\W\d_]|[-–]\d", plain[match.end() :]) or re.search(
        r"[^\W\d_][-–.]?$|\d[-–]$|\+$", plain[: match.start()]
    )
    return len(match[0]) > 2 or match[0][0] == "0" or bool(named) or sum(map(str.isdigit, plain)) > 6


def _matches(words: tuple[str, ...], at: int, tokens: list[_Printed], index: int, *, taken: int = 0) -> bool:
    """Whether the rest of the words holds the rest of the numbers, and no others; ``taken``: where the last one ended."""
    if at >= len(words):
        return all(token.silent for token in tokens[index:])
    if index < len(tokens):
        token = tokens[index]
        has_its_word = not token.year_of_date or (taken < at and words[at - 1] == "năm")
        ends = _ends(words, at, token) if has_its_word else set()
        if any(_matches(words, end, tokens, index + 1, taken=end) for end in ends):
            return True
        if token.silent and _matches(words, at, tokens, index + 1, taken=taken):
            return True
        if _joins_next(tokens, index) and _matches(words, at, [_joined(tokens, index), *tokens[index + 2 :]], 0):
            return True
    upcoming = tokens[index] if index < len(tokens) else None
    return _is_no_number(words, at, upcoming) and _matches(words, at + 1, tokens, index, taken=taken)


def _joins_next(tokens: list[_Printed], index: int) -> bool:
    """Groups of three behind blanks: 25 000."""
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return bool(re.fullmatch(r"\d{3}", following)) and tokens[index].text.isdigit()


def _joined(tokens: list[_Printed], index: int) -> _Printed:
    return _Printed(tokens[index].text + tokens[index + 1].text, scale=tokens[index + 1].scale)


def _is_no_number(words: tuple[str, ...], at: int, upcoming: _Printed | None) -> bool:
    """A word that is no numeral here: "năm" is a year too, "không quá" a limit, "phần trăm" a unit."""
    word = words[at]
    if word not in NUMERALS:
        return True
    previous, following = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    if word == "năm":
        is_year = upcoming is not None and (
            upcoming.year_of_date or upcoming.may_be_year or re.fullmatch(r"(?:1\d|20)\d\d", upcoming.text)
        )
        return bool(is_year) or previous in ("mỗi", "trên", "một")
    if word == "không":
        return following == "quá"
    if word in ("trăm", "nghìn"):
        return previous == "phần"
    return word == "nhất" and previous in ("thống", "duy")


def _ends(words: tuple[str, ...], at: int, token: _Printed) -> set[int]:
    """Where the words for a printed number may end."""
    found = set()
    for value in _values(token.text):
        found |= {end for heard, end in numbers(words, at) if heard in _scaled(value, token)}
    row = digit_row(words, at, re.sub(r"\D", "", token.text)) if token.in_row else -1
    if row >= 0 and (token.scale == 1 or not token.scale_is_sure):
        found.add(row)
    parts = re.split(r"[.,]", token.text)
    if len(parts) > 1 and not _THOUSANDS.fullmatch(token.text):
        marks = re.sub(r"\d", "", token.text)
        found |= _part_ends(words, {at}, parts, marks, token.scale)
    return found


def _scaled(value: int, token: _Printed) -> set[int]:
    return {value * token.scale} | (set() if token.scale_is_sure else {value})


_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def _values(text: str) -> Iterator[int]:
    if text.isdigit():
        yield int(text)
    elif _THOUSANDS.fullmatch(text) or re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
        yield int(re.sub(r"\D", "", text))


def _part_ends(words: tuple[str, ...], starts: set[int], parts: list[str], marks: str, scale: int) -> set[int]:
    """Parts between points and commas, each as a number or digit by digit: 8,75; 1.234,56; 4.0; 1.6.2024."""
    if "," in marks and "." in marks:
        parts, marks = ["".join(parts[:-1]), parts[-1]], marks[-1]
    ends = starts
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        begins = (
            {each for end in ends for each in _behind_mark(words, end, marks[position - 1])}
            if position
            else {(end, False) for end in ends}
        )
        ends = {
            end
            for begin, decimal in begins
            for end in _part(words, begin, part, scale=scale if last else 1, decimal=decimal)
        }
    return ends


def _behind_mark(words: tuple[str, ...], at: int, mark: str) -> Iterator[tuple[int, bool]]:
    """(where the next part begins, whether the mark was said as a decimal's).

    A comma is said; a point is said, or is the word between day, month and year, hour and minute, or nothing.
    """
    word = words[at] if at < len(words) else ""
    if word in ("phẩy", "chấm"):
        yield at + 1, True
    elif mark == "." and word in ("tháng", "năm", "giờ"):
        yield at + 1, False
    if mark == ".":
        yield at, False


def _part(words: tuple[str, ...], at: int, part: str, *, scale: int, decimal: bool) -> Iterator[int]:
    """A decimal's zero in front is heard ("không năm"), that of a day or an hour is not."""
    if not (decimal and part[0] == "0" and len(part) > 1):
        yield from (end for heard, end in numbers(words, at) if heard == int(part) * scale)
    row = digit_row(words, at, part)
    if row >= 0:
        yield from _behind_scale(words, row, scale)


def _behind_scale(words: tuple[str, ...], at: int, scale: int) -> Iterator[int]:
    """Where the words of a scale end, if they are all there: nghìn tỷ is both of them."""
    while scale > 1 and at < len(words) and _SCALES.get(words[at], 0) > 1:
        scale, at = scale // _SCALES[words[at]], at + 1
    if scale == 1:
        yield at


_ROMAN_VALUES = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def _roman_value(letters: str) -> int:
    value = 0
    for size, form in _ROMAN_VALUES:
        while letters.startswith(form):
            value, letters = value + size, letters[len(form) :]
    return value if not letters else 0
