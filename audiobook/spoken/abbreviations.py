"""Abbreviations, titles, Roman numerals, foreign words, addresses on the net -> words."""

import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.data_tables import mapping, table
from audiobook.spoken.letters import is_syllable, spelled
from audiobook.spoken.numbers import cardinal, digits, ordinal, roman
from audiobook.spoken.spans import Span, words_after, words_before

_ROMAN = re.compile(r"(?<![\w/.-])([IVXLC]{1,7})(?![^\W\d]|\d|/(?!(?:19|20)\d\d)|\.\w)")
_ROMAN_BEFORE = re.compile(
    r"(?:đại hội|khóa|khoá|thế kỷ|lần thứ|thứ|quý|chương|mục|phần|kỳ|tập|hạng|cấp|loại|độ|giai đoạn|phụ lục|đợt|vòng|nhóm"
    r"|bậc|đảng|xứ|quân khu|trung ương|toàn quốc)$"
)
_NET = re.compile(
    r"(?<![\w@.])(?:https?://)?(?:[A-Za-z0-9_-]+\.)+(?:vn|com|org|net|gov|edu|info)(?:/[\w./-]*)?(?![\w])"
)
_MAIL = re.compile(r"(?<![\w.])[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}")
_LIST_MARK = re.compile(
    r"\s*(?:(?P<silent>[-–+*•▪●○]+)\s+|(?P<letter>[a-zđ])[.)]\s+|(?P<roman>[IVX]{1,5})[.)]\s+|(?P<number>\d{1,2})[.)]\s+)"
)
_NET_WORDS = {
    "gov": "gờ o vê",
    "vn": "vê nờ",
    "com": "com",
    "www": "vê kép vê kép vê kép",
    "org": "o rờ gờ",
    "edu": "e đu",
}
_PLACE_MARK = re.compile(
    r"(?<![\w.])(?P<mark>P|Q|H|X|TP|TX|TT)(?P<dot>\.)?\s?(?=(?P<next>\d{1,3}\b|[A-ZĐÂĂÔƠƯÁ][^\W\d]))"
)
_PLACES = {"P": "phường", "Q": "quận", "H": "huyện", "X": "xã", "TP": "thành phố", "TX": "thị xã", "TT": "thị trấn"}


def list_mark(text: str) -> Iterator[Span]:
    """What a line begins with: dashes and bullets are silent, letters and numbers are said."""
    match = _LIST_MARK.match(text)
    if not match:
        return
    said = ""
    if match["letter"]:
        said = f"{spelled(match['letter'])},"
    elif match["roman"]:
        said = f"{cardinal(roman(match['roman']))}," if roman(match["roman"]) else spelled(match["roman"])
    elif match["number"]:
        said = f"{cardinal(int(match['number']))},"
    yield Span(start=0, end=match.end(), spoken=said, priority=96)


@cache
def _known() -> tuple[re.Pattern[str], dict[str, list[tuple[str, re.Pattern[str], re.Pattern[str]]]]]:
    entries: dict[str, list[tuple[str, re.Pattern[str], re.Pattern[str]]]] = {}
    for written, spoken, *around in table("abbreviations"):
        left, right = [*around, "", ""][:2]
        entries.setdefault(written, []).append((spoken, re.compile(left), re.compile(right)))
    forms = "|".join(re.escape(each) for each in sorted(entries, key=len, reverse=True))
    return re.compile(rf"(?<![\w&])(?:{forms})(?![^\W_]|\d)"), entries


def abbreviations(text: str) -> Iterator[Span]:
    """Abbreviations of the table, by what stands around them."""
    pattern, entries = _known()
    for match in pattern.finditer(text):
        for spoken, left, right in entries[match[0]]:
            before = words_before(text, match.start())
            after = words_after(text, match.end())
            if left.search(before) and right.match(after):
                yield Span(start=match.start(), end=match.end(), spoken=spoken, priority=50)
                break


def places(text: str) -> Iterator[Span]:
    """P. Q. H. X. TP TX TT before a name or a number."""
    for match in _PLACE_MARK.finditer(text):
        follows = match["next"]
        if not match["dot"] and not (match["mark"] in ("TP", "TX", "TT") or follows[0].isdigit()):
            continue
        if match["mark"] in ("TT", "X") and follows[0].isdigit():
            continue
        yield Span(start=match.start(), end=match.end(), spoken=_PLACES[match["mark"]], priority=52)


def romans(text: str) -> Iterator[Span]:
    """Roman numerals: with a word before them that is counted so, or long enough to be nothing else."""
    for match in _ROMAN.finditer(text):
        value = roman(match[1])
        before = words_before(text, match.start())
        cued = bool(_ROMAN_BEFORE.search(before))
        if not value or not (cued or (len(match[1]) >= 3 and match[1] not in ("CCI", "MIX"))):
            continue
        spoken = ordinal(value) if before.endswith("thứ") else cardinal(value)
        yield Span(start=match.start(), end=match.end(), spoken=spoken, priority=55)


def addresses(text: str) -> Iterator[Span]:
    """Web and mail addresses, dot by dot."""
    for pattern in (_MAIL, _NET):
        for match in pattern.finditer(text):
            yield Span(start=match.start(), end=match.end(), spoken=_address(match[0]), priority=90)


def _address(text: str) -> str:
    words = []
    for part in re.findall(r"[A-Za-zÀ-ỹ]+|\d+|[@./_-]", text.split("://")[-1].rstrip("/")):
        if part in "@./_-":
            words.append({"@": "a còng", ".": "chấm", "/": "gạch chéo", "_": "gạch dưới", "-": "gạch ngang"}[part])
        elif part.isdigit():
            words.append(digits(part))
        else:
            words.append(_NET_WORDS.get(part.lower()) or mapping("foreign").get(part.lower()) or _name(part.lower()))
    return " ".join(words)


def _name(word: str) -> str:
    pronounceable = is_syllable(word) or (len(word) > 3 and re.search("[aeiouy]", word))
    return word if pronounceable else spelled(word)


@cache
def _foreign() -> re.Pattern[str]:
    forms = "|".join(re.escape(each) for each in sorted(mapping("foreign"), key=len, reverse=True))
    return re.compile(rf"(?<![\w])(?:{forms})(?![^\W_])", re.IGNORECASE)


def foreign(text: str) -> Iterator[Span]:
    """Foreign words of the table."""
    for match in _foreign().finditer(text):
        yield Span(start=match.start(), end=match.end(), spoken=mapping("foreign")[match[0].lower()], priority=48)
