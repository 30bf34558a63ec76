"""What begins a telephone or a card number -> digit by digit, letter by letter: "đầu số +224, +231", "mã thẻ đầu HT, CB"."""

import re
from collections.abc import Iterator

from audiobook.spoken.letters import spelled
from audiobook.spoken.numbers import digits
from audiobook.spoken.spans import Span

PRIORITY = 76
"""Above a telephone and a measure: +84 and +224 in a row are no amounts."""

_LINK = r"(?:, hoặc |, | và | hoặc | hay |; |\s?/\s?)"
_DIALLED = re.compile(
    rf"(?i:đầu số|mã vùng|mã quốc gia|mã nước)(?:\s[^\W\d_]+){{0,4}}:?\s(?P<all>\+\d{{1,4}}(?:{_LINK}\+\d{{1,4}})*)"
    r"(?![\w.]|[ -]\d|,\d)"
)
_SHORT = re.compile(
    rf"(?i:đầu số)(?:\slà|\snhư)?:?\s(?P<all>(?:0\d{{1,3}}|1[89]00)(?:{_LINK}(?:0\d{{1,3}}|1[89]00))*)(?![\w.]|[ -]\d|,\d)"
)
_NUMBER = re.compile(r"(\+?)(\d+)")
_CODES = rf"(?P<all>[A-ZĐ]{{2}}(?:{_LINK}[A-ZĐ]{{2}})*)(?![\w&/-])"
_LEAD = r"(?:\s(?:BHYT|thẻ|đầu|đối tượng|quyền lợi|chữ|có|là|gồm|bắt đầu bằng|như|trên thẻ))*(?:\slà)?:?\s"
_LETTERED = re.compile(
    r"(?<!\w)(?i:mã thẻ|mã đối tượng|mã quyền lợi|đầu mã|đầu thẻ|thẻ(?: BHYT| bảo hiểm y tế)? (?:mã|đầu|chữ)|ký hiệu|kí hiệu)"
    rf"{_LEAD}{_CODES}"
)
_SEVERAL = re.compile(
    rf"(?<!\w)[Mm]ã(?:\s(?:là|đầu|gồm|chữ))*:?\s(?P<all>[A-ZĐ]{{2}}(?:{_LINK}[A-ZĐ]{{2}})+)(?![\w&/-])"
)
_CODE = re.compile(r"[A-ZĐ]{2}")


def prefixes(text: str) -> Iterator[Span]:
    """Each number or code of such a list by itself. One code behind "mã" alone may be a word: mã KH is mã khách hàng."""
    for pattern in (_DIALLED, _SHORT):
        for match in pattern.finditer(text):
            for each in _NUMBER.finditer(text, *match.span("all")):
                said = f"{'cộng ' if each[1] else ''}{digits(each[2])}"
                yield Span.of(each, said, priority=PRIORITY, rule="phone")
    for pattern in (_LETTERED, _SEVERAL):
        for match in pattern.finditer(text):
            for each in _CODE.finditer(text, *match.span("all")):
                yield Span.of(each, spelled(each[0]), priority=PRIORITY, rule="letters")
