"""Letters with digits, and letters alone, as names -> words: A320, 5G, B52, QL1A, F0, e174, COVID-19, vitamin C."""

import re
from collections.abc import Iterator

from audiobook.foreign_words import said
from audiobook.spoken.abbreviations import is_shouted
from audiobook.spoken.cues import before
from audiobook.spoken.data_tables import mapping, table
from audiobook.spoken.letters import is_syllable, spelled
from audiobook.spoken.numbers import cardinal, digits, roman
from audiobook.spoken.spans import Span, words_before
from audiobook.spoken.stops import ends_with_letter

UNIT, MODEL, LETTERS = 54, 45, 44

_MODEL = re.compile(
    r"(?<![\w./-])(?=[^\s]*\d)(?=[^\s]*[^\W\d_])((?:[^\W\d_]{1,12}|\d{1,4})(?:[-.]?(?:[^\W\d_]{1,6}|\d{1,4})){1,5})(?![\w/]|[.,-]\d)"
)
_PART = re.compile(r"[^\W\d_]+|\d+|[-.]")
_ROAD = re.compile(r"(?<![\w.])(?P<road>QL|TL|HL|ĐT|ĐH|CT)\.?\s?(?P<number>\d{1,4})(?P<letter>[A-ZĐ])?(?![\w/]|[.,]\d)")
_PLANE = re.compile(r"(?<![\w./-])F-?(?P<number>\d{3})(?P<letter>[A-Z])?(?![\w/]|[.,]\d)")
_UNIT = re.compile(r"(?<![\w./-])(?P<unit>[abcdefAEDFBC])(?P<number>\d{1,3})(?![\w/]|[.,]\d)")
_LETTER = re.compile(r"(?<![\w.&'-])([A-ZĐa-zđ])(?![\w&'-]|\.\w)")
_INITIALS = re.compile(r"(?<![\w.])((?:[A-ZĐ]\.){1,4})(?=\s?[A-ZĐ]\w|\s?$|[\s,;)])")
_BLOOD = re.compile(r"(?<!\w)(AB|[ABO]|Rh)(?:\s?Rh)?(\s?)([+-]|\([+-]\))(?!\w)")
_OF_BLOOD = re.compile(r"(?:máu|nhóm|rh)\s(?:\w+\s)?$", re.IGNORECASE)
_BEHIND_A_LETTER = re.compile(r"(?<=\b[A-ZĐ])\s-\s(?=\w)")
_NIGHTS = re.compile(r"(?<!\w)(\d{1,2})N(\d{1,2})Đ(?!\w)")
_SHARP = re.compile(r"(?<!\w)C(\+\+|#)(?!\w)")
_KNOWN = re.compile(r"(?<![\w&])[A-ZĐ]{1,6}(?![\w&])")
_ILL = re.compile(r"cách ly|nhiễm|covid|dịch|xét nghiệm|dương tính|tiếp xúc|F0", re.IGNORECASE)
_UNITS = {"a": "tiểu đội", "b": "trung đội", "c": "đại đội", "d": "tiểu đoàn", "e": "trung đoàn", "f": "sư đoàn"}
_ROADS = {"QL": "quốc lộ", "TL": "tỉnh lộ", "HL": "hương lộ", "ĐT": "đường tỉnh", "ĐH": "đường huyện", "CT": "cao tốc"}


def models(text: str) -> Iterator[Span]:
    """Names of letters and digits."""
    for match in _ROAD.finditer(text):
        if match["road"] not in ("ĐT", "ĐH", "CT") or re.search(
            r"(?:đường|tuyến|trên|cao tốc|tỉnh lộ)\s$", text[: match.start()].lower()
        ):
            letter = f" {spelled(match['letter'])}" if match["letter"] else ""
            yield _span(match, f"{_ROADS[match['road']]} {cardinal(int(match['number']))}{letter}", UNIT + 2)
    for match in _NIGHTS.finditer(text):
        yield _span(match, f"{cardinal(int(match[1]))} ngày {cardinal(int(match[2]))} đêm", UNIT)
    yield from _units(text)
    for match in _MODEL.finditer(text):
        mixed = re.search(r"\d", match[1]) and any(each.isalpha() for each in match[1])
        spoken = (
            mapping("models").get(match[1]) or mapping("units").get(match[1]) or (_model(match[1]) if mixed else "")
        )
        if spoken:
            yield _span(match, spoken, MODEL)


def _units(text: str) -> Iterator[Span]:
    """e174 is a regiment to veterans, where several stand together or a soldier's word stands before."""
    found = [match for match in _UNIT.finditer(text) if int(match["number"])]
    several = len([each for each in found if each["unit"].islower()]) > 1
    for match in _PLANE.finditer(text):
        if before(words_before(text, match.start()), "plane_before"):
            letter = f" {spelled(match['letter'])}" if match["letter"] else ""
            yield _span(match, f"{spelled('F')} {digits(match['number'])}{letter}", UNIT + 1)
    for match in found:
        if _ILL.search(text) and int(match["number"]) < 4:
            continue  # F1 of who was near the ill
        big = match["unit"] in "Ff" and len(match["number"]) == 3
        if big or (several and match["unit"].islower()) or before(words_before(text, match.start()), "soldier_before"):
            yield _span(match, f"{_UNITS[match['unit'].lower()]} {cardinal(int(match['number']))}", UNIT)


def _model(text: str) -> str:
    words = []
    for part in _PART.findall(text):
        if part.isdecimal():
            words.append(
                digits(part)
                if (part[0] == "0" and len(part) > 1) or (len(part) > 3 and int(part) % 100)
                else cardinal(int(part))
            )
        elif part not in "-.":
            words.append(_letters(part) if part.isalpha() else "")
        elif part == "." and words:
            words.append("chấm")
    return " ".join(words) if all(words) else ""


_GROUPS = {
    "KV": "khu vực",
    "QK": "quân khu",
    "TDP": "tổ dân phố",
    "KP": "khu phố",
    "PN": "phòng ngủ",
    "QĐ": "quân đoàn",
}


def _letters(part: str) -> str:
    if part in _GROUPS:
        return _GROUPS[part]
    known = said(part)
    if known:
        return known
    if part.isupper() and len(part) > 1 and roman(part) and len(part) < 4 and set(part) <= set("IVX"):
        return cardinal(roman(part))
    if not part.isupper() and part[0].isupper() and is_syllable(part.lower()):
        return part.lower()
    if part.isupper() or len(part) < 3:
        return spelled(part)
    return (
        part.lower() if part[:1].isupper() and re.search("[aeiouy]", part) else spelled(part) if len(part) < 5 else ""
    )


def letters(text: str) -> Iterator[Span]:
    """Single letters, initials of people, initialisms that are said by letters."""
    for match in _INITIALS.finditer(text):
        ends = ends_with_letter(text, match.end(1) - 2) if len(match[1]) == 2 else not text[match.end() :].strip()
        yield Span(
            start=match.start(), end=match.end() - ends, spoken=spelled(match[1]), priority=LETTERS + 1, rule="letters"
        )
    for match in _SHARP.finditer(text):
        yield _span(match, "xê thăng" if match[1] == "#" else "xê cộng cộng", UNIT)
    for match in _BLOOD.finditer(text):
        plain = not match[2] and "+" in match[3]  # "hạng A+"; "ông A - bà B" is no blood
        if plain or match[1] == "Rh" or _OF_BLOOD.search(text[: match.start()]):
            yield _span(match, f"{spelled(match[1])} {'cộng' if '+' in match[3] else 'trừ'}", UNIT)
    for match in _BEHIND_A_LETTER.finditer(text):  # "Nguyễn Văn A - Bí thư": a pause keeps the letter a name
        yield Span.of(match, ",", priority=LETTERS - 30, rule="dash")
    known, shouted = {row[0]: row[-1] for row in table("letters")}, is_shouted(text)
    for match in _KNOWN.finditer(text):
        if match[0] in known and len(match[0]) > 1 and not (shouted and is_syllable(match[0].lower())):
            named = known[match[0]]  # the letters, or what newsreaders make of them
            yield _span(match, spelled(named) if named == match[0] else named, LETTERS)
    for match in _LETTER.finditer(text):
        left = words_before(text, match.start())
        if before(left, "letter_before") or (
            match[1].isupper() and match.end() < len(text) and text[match.end() : match.end() + 1] in ",.;)"
        ):
            yield _span(match, spelled(match[1]), LETTERS)


def _span(match: re.Match[str], spoken: str, priority: int) -> Span:
    return Span.of(match, spoken, priority=priority, rule="letters")
