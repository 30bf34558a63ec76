"""Ages by a letter -> words: "cụ Lan, 92T", "bà Hoa 85t", "từ 80t trở lên", "trẻ 18 - 24th"; 5T of rice are tonnes."""

import re
from collections.abc import Iterator

from audiobook.spoken.cues import after
from audiobook.spoken.numbers import cardinal
from audiobook.spoken.spans import Span, words_after

AGE = 73

_AGE = re.compile(r"(?<![\w.,/-])(?P<first>\d{1,3})(?:[tT]?\s?[-–]\s?(?P<last>\d{1,3}))?\s?(?P<unit>t|T|th)(?![\w./])")
_NAME = r"[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ]\w*"
_MORE = "ông|bà|em|trên|dưới|từ|đủ|khoảng|hơn|gần|trai|gái|nay|mới|đã|được|tròn|vừa|cao tuổi|bệnh|dân|thọ"  # cụ bà, người từ
_SOMEBODY = re.compile(
    rf"(?:(?<!\w)(?:(?P<elder>(?i:cụ|ông|bà|bác|thọ|già|nct|ôb))"
    rf"|(?i:anh|chị|em|bé|cháu|cô|chú|mẹ|bố|trẻ|người|con|nam|nữ|tuổi|diện|lứa))(?:\s(?:{_MORE}))*(?:\s{_NAME}){{0,5}}"
    rf"\s?[,(:–-]?\s?|{_NAME}(?:\s{_NAME})+(?:,\s|\s\(|\s[-–]\s))$"
)
_AND_OLDER = re.compile(
    r"\s(?:trở lên|trở xuống|đổ lên|tuổi)(?!\w)|\s?[:–-]\s\d{1,4}\s(?:cụ|người|hội viên|ông|bà)(?!\w)"
)
_LISTED = re.compile(r"\s?(?:,|;|và|hoặc|đến)\s")
_OLDEST, _ELDER = 120, 40
"""Years: what is more is no age; and who is called cụ or bà is not five, so that "bà Tư 5T" may be a gift."""


def ages(text: str) -> Iterator[Span]:
    """Every number whose letter stands for years or months of somebody's age."""
    told = -1  # where the last one came to: "bé 3t, 4t"
    for match in _AGE.finditer(text):
        listed = told >= 0 and _LISTED.fullmatch(text, told, match.start())
        if not (listed or _is_age(match, text)):
            continue
        told = match.end()
        to = f" đến {cardinal(int(match['last']))}" if match["last"] else ""
        unit = "tháng" if match["unit"] == "th" else "tuổi"
        yield Span.of(match, f"{cardinal(int(match['first']))}{to} {unit}", priority=AGE, rule="measure")


def _is_age(match: re.Match[str], text: str) -> bool:
    years = int(match["last"] or match["first"])
    if years > _OLDEST or after(words_after(text, match.end()), "tonnes_after"):
        return False
    if match["unit"] != "th" and _AND_OLDER.match(text, match.end()):
        return True
    somebody = _SOMEBODY.search(text, max(0, match.start() - 60), match.start())
    return somebody is not None and not (somebody["elder"] and years < _ELDER)
