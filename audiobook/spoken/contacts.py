"""Telephones, hotlines, accounts, number plates -> every digit by itself; web and mail addresses, handles, part by part."""

import re
from collections.abc import Iterator

from audiobook.foreign_words import said as foreign_word
from audiobook.spoken.cues import after, before
from audiobook.spoken.data_tables import mapping
from audiobook.spoken.letters import is_syllable, spelled
from audiobook.spoken.numbers import cardinal, digits
from audiobook.spoken.spans import Span, words_after, words_before
from audiobook.spoken.units import SCALES

NET, PLATE, PHONE, CALL = 90, 86, 75, 74

_R = r"(?!\w|/\d{1,3}(?!\d)|[.,-]\d)"
_PHONE = re.compile(
    rf"(?<![\w.,+-])(?<!\d/\d)(?:\(?\+84\)?|\(?0\d{{1,4}}\)?)(?:[ .\-]{{0,2}}\(?\d{{1,5}}\)?){{2,5}}{_R}"
)
_SOLID = re.compile(r"(?<![\w.,+-])0\d{9,10}(?!\w|[.,]\d)")
_HOTLINE = re.compile(rf"(?<![\w.,/-])1[89]00(?:[ .\-]?\d{{2,4}}){{1,3}}{_R}")
_CARD = re.compile(r"(?<![\w.,/-])\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{3})?(?![\w/-]|[.,]\d)")
_PAIR = re.compile(r"(?<![\w.,+-])(?P<first>0(?:[ .]?\d){8,10})\s?[-–]\s?(?P<last>0(?:[ .]?\d){8,10})(?![\w/]|[.,-]\d)")
_AFTER_WORD = re.compile(r"(?<![\w.,/-])\d[\d .\-]{1,18}\d(?![\w/]|[.,]\d)")
_SHORT = 5  # digits of the longest numbers to which people send and call that could be amounts
_AMOUNT = re.compile(
    rf"\s?(?:{SCALES}|đồng|đ|VNĐ|VND|USD|tr|k|cụ|cháu|em|ông bà|bà con|hộ|ca|cuộc|lần|tin|phút|lượt)(?!\w)"
)
_EMERGENCY = re.compile(
    r"(?<![\w.,/-])11[1-9](?:(?:, | và | hoặc | hay | - |, hoặc |; |\s?/\s?)11[1-9])*(?![\w/%]|[.,]\d)"
)
_AFTER_A_CALL = re.compile(r"\d{3}(?:,|;|\shoặc|\svà)\s$")
_HELP = re.compile(r"[Cc]ông an|[Cc]ấp cứu|[Cc]ứu hỏa|[Hh]otline|[Gg]ọi|[Đđ]iện thoại|ĐT")
_WHOSE = re.compile(
    r"\s?\((?:[Cc]ông an|[Cc]ứu|[Cc]ấp cứu|[Cc]ảnh sát|[Cc]hữa cháy|[Pp]hòng cháy|PCCC|CA|[Bb]ảo vệ|[Tt]ìm kiếm)"
)
_PLATE = re.compile(r"(?<![\w.])(\d{2})\s?[-]?\s?([A-ZĐ]{1,2}\d?)\s?[-–. ]\s?(\d{3}\.?\d{2}|\d{4})(?!\w|\.\w)")
_NET = re.compile(
    r"(?<![\w@.])(?:(?P<scheme>https?)://)?(?:[A-Za-z0-9_-]+\.)+(?:vn|com|org|net|gov|edu|info|io|me|tv|asia|app|dev|int|eu|uk|us|jp|fr|de|cn|pdf|docx?|xlsx?|pptx?|jpg|png|mp3|mp4|zip|rar|html|apk|exe)"
    r"(?:/[\w./?=&%#~+-]*[\w/])?(?!\w)"
)
_MAIL = re.compile(r"(?<![\w.])[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}")
_HANDLE = re.compile(r"(?<![\w.])([@#])([\w.]*\w)")
_PARTS = re.compile(r"[^\W\d_]+|\d+|\W|_")
_MARKS = {
    "@": "a còng", ".": "chấm", "/": "gạch chéo", "_": "gạch dưới", "-": "gạch ngang", "?": "hỏi chấm", "=": "bằng", "&": "và",
    "#": "thăng", "%": "phần trăm", "+": "cộng", ":": "hai chấm", "~": "ngã",
}  # fmt: skip
_NET_WORDS = {
    "gov": "gờ o vê",
    "vn": "vê nờ",
    "com": "com",
    "org": "o rờ gờ",
    "edu": "e đu",
    "www": "vê kép vê kép vê kép",
}


def phones(text: str) -> Iterator[Span]:
    """Telephone numbers, hotlines, account numbers, number plates: every digit by itself."""
    yield from _whole_numbers(text)
    for match in _EMERGENCY.finditer(text):
        if _is_for_help(match, text):
            said = ", ".join(re.split(r"\s?[-;/,]\s?", re.sub(r"\d+", lambda each: digits(each[0]), match[0])))
            yield _span(match, said, CALL, "phone")
    for match in _AFTER_WORD.finditer(text):
        left = words_before(text, match.start(), count=4)
        cued = before(left, "digits_before") or before(left.removesuffix(" số"), "digits_before")
        if cued and _is_row(match[0], left) and not _is_counted(match, text):
            yield _span(match, _grouped(match[0]), CALL, "phone")
    for match in _PLATE.finditer(text):
        yield _span(match, _plate(match), PLATE, "plate")


def _whole_numbers(text: str) -> Iterator[Span]:
    """What is a telephone's or a card's number by its look alone."""
    for pattern in (_PHONE, _SOLID, _HOTLINE):
        for match in pattern.finditer(text):
            if 8 <= sum(map(str.isdigit, match[0])) <= 13 and match[0].count("(") == match[0].count(")"):
                plus = "cộng " if "+" in match[0] else ""
                yield _span(match, plus + _grouped(match[0]), PHONE, "phone")
    for match in _CARD.finditer(text):
        yield _span(match, _grouped(match[0]), PHONE, "phone")
    for match in _PAIR.finditer(text):  # two numbers: a pause between them, not one long row
        yield _span(match, f"{_grouped(match['first'])}, {_grouped(match['last'])}", PHONE, "phone")


def _is_for_help(match: re.Match[str], text: str) -> bool:
    """Gọi 113, "công an 113", "114 (cứu hỏa)"; "công an 113 người" counts."""
    left, right = words_before(text, match.start()), words_after(text, match.end())
    if before(left, "call_before") or _WHOSE.match(text, match.end()):
        return True
    cued = before(left, "help_before") or (_AFTER_A_CALL.search(text[: match.start()]) and _HELP.search(text))
    return bool(cued) and not after(right, "count_after") and not after(right, "things_after")


def _is_row(text: str, left: str) -> bool:
    """A row of digits and no amount: long, or begun with a zero, or in groups; not grouped by threes with dots."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text) or re.search(r"\s[-–]\s", text):
        return text.startswith("0") or (len(text) == 10 and before(left, "phone_before"))
    return sum(map(str.isdigit, text)) >= 3


def _is_counted(match: re.Match[str], text: str) -> bool:
    """Gửi 500 triệu, thưởng nóng 300 nghìn, gọi 200 người: what stands behind says that a short number is an amount."""
    if len(match[0]) > _SHORT or match[0][0] == "0":
        return False
    right = words_after(text, match.end())
    return bool(_AMOUNT.match(text, match.end()) or after(right, "people_after") or after(right, "things_after"))


def _plate(match: re.Match[str]) -> str:
    series = match[2]
    letters = spelled(series.rstrip("0123456789"))
    number = digits(series[-1]) if series[-1].isdigit() else ""
    return " ".join(filter(None, (digits(match[1]), letters, number, digits(match[3]))))


def _grouped(text: str) -> str:
    """Digits one by one, with a breath where the number is printed in groups."""
    groups = [digits(group) for group in re.split(r"[^\d]+", text) if group]
    return ", ".join(groups) if len(groups) <= 4 else " ".join(groups)


def addresses(text: str) -> Iterator[Span]:
    """Web and mail addresses, dot by dot; handles and hashtags."""
    for pattern in (_MAIL, _NET):
        for match in pattern.finditer(text):
            yield _span(match, _address(match[0]), NET, "net")
    for match in _HANDLE.finditer(text):
        if match[1] == "#" and match[2].isdigit():
            yield _span(match, f"số {cardinal(int(match[2]))}", NET - 1, "net")
        else:
            yield _span(match, _address(match[0]), NET - 1, "net")


def _address(text: str) -> str:
    scheme, slashes, rest = text.rpartition("://")
    words = [f"{spelled(scheme)}, hai chấm, gạch chéo, gạch chéo"] if slashes and not rest else []
    for part in _PARTS.findall(rest.rstrip("/")):
        if part in _MARKS:
            words.append(_MARKS[part])
        elif part.isdigit():
            words.append(digits(part) if len(part) > 2 or part[0] == "0" else cardinal(int(part)))
        elif part[0].isalpha():
            words.append(_NET_WORDS.get(part.lower()) or _name(part.lower()))
    return " ".join(words)


def _name(word: str) -> str:
    cut = _cut(word)
    if len(cut) == 1:
        return cut.pop()
    known = foreign_word(word)
    pronounceable = known or is_syllable(word) or (len(word) > 3 and re.search("[aeiouy]", word))
    return word if pronounceable else spelled(word)


def _cut(word: str) -> set[str]:
    """What a name says that is put together of words of the table: hoinguoicaotuoi."""
    found = set()
    for at in range(2, len(word) - 1):
        head, tail = mapping("addresses").get(word[:at]), word[at:]
        if head:
            whole = mapping("addresses").get(tail)
            found |= {f"{head} {rest}" for rest in ({whole} if whole else set()) | _cut(tail)}
    return found


def _span(match: re.Match[str], spoken: str, priority: int, rule: str) -> Span:
    return Span.of(match, spoken, priority=priority, rule=rule)
