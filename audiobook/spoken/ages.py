"""Ages by a letter -> words: "cụ Lan, 92T", "bà Hoa 85t", "từ 80t trở lên", "trẻ 18 - 24th"; 5T of rice are tonnes."""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import after
from audiobook.spoken.numbers import cardinal
from audiobook.spoken.spans import Span, words_after

AGE = 73

_AGE = re.compile(
    r"(?<![\w.,/-])(?P<first>\d{1,3})(?:(?P<dash>\s?[-–]\s?)(?P<last>\d{1,3}))?\s?(?P<unit>t|T|th)(?![\w./]|\s?[-–]\s?\d)"
)
_NAME = r"[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ]\w*"
_SOMEBODY = re.compile(
    rf"(?:(?<!\w)(?i:cụ|ông|bà|anh|chị|em|bé|cháu|bác|cô|chú|mẹ|bố|trẻ|người|con|nam|nữ|thọ|tuổi|già|nct|ôb)"
    rf"(?:\s(?:ông|bà|em|trên|dưới|từ|đủ|khoảng|hơn|gần|trai|gái|nay|mới|đã|được|cao tuổi|bệnh|dân|thọ))*(?:\s{_NAME}){{0,5}}"
    rf"\s?[,(:–-]?\s?|{_NAME}(?:\s{_NAME})+(?:,\s|\s\(|\s[-–]\s))$"
)
_AND_OLDER = re.compile(r"\s(?:trở lên|trở xuống|đổ lên|tuổi)(?!\w)")
_OLDEST = 120
"""Years; what is more is no age."""


def ages(text: str) -> Iterator[Span]:
    """Every number whose letter stands for years or months of somebody's age."""
    for match in _AGE.finditer(text):
        last = match["last"] or match["first"]
        if after(words_after(text, match.end()), "tonnes_after"):
            continue
        told = _SOMEBODY.search(text, max(0, match.start() - 60), match.start())
        if int(last) <= _OLDEST and (told or (match["unit"] != "th" and _AND_OLDER.match(text, match.end()))):
            to = f" đến {cardinal(int(last))}" if match["last"] else ""
            unit = "tháng" if match["unit"] == "th" else "tuổi"
            yield Span.of(match, f"{cardinal(int(match['first']))}{to} {unit}", priority=AGE, rule="measure")
