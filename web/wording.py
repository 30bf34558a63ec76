"""Words, numbers and dates of a page, in Vietnamese as people say them, or in English.

The Vietnamese words stand where they are used and are their own keys; ``words/en.tsv`` says each in English.
"""

import functools
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """Vietnamese -> another language, as ``words/<language>.tsv`` says; nothing for Vietnamese itself."""
    if language == "vi":
        return {}
    lines = (files("web") / "words" / f"{language}.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language: "vi" or "en"."""

    language: str = "vi"

    def __call__(self, vietnamese: str, **values: Any) -> str:
        """The words for these, with ``{name}`` filled in; a word that the catalogue lacks stays Vietnamese.

        >>> Words("en")("Bài {number} trên {count}", number=4, count=12)
        'Article 4 of 12'

        Where another language says one of a thing otherwise than several, its catalogue has a line for one.

        >>> Words("en")("{count} bài", count=1), Words("en")("{count} bài", count=12)
        ('1 article', '12 articles')
        """
        known = catalogue(self.language)
        one = known.get(vietnamese.replace("{count}", "1")) if values.get("count") == 1 else None
        said = one or known.get(vietnamese, vietnamese)
        return said.format(**values) if values else said

    def length(self, duration_ms: int) -> str:
        """A length as one says it, without seconds where it is long.

        >>> Words().length(1_271_000), Words().length(45_000), Words().length(3_900_000), Words("en").length(60_000)
        ('21 phút', '45 giây', '1 giờ 5 phút', '1 minute')
        """
        seconds = round(duration_ms / 1000)
        if seconds < 60:
            return self._count(seconds, "giây")
        hours, minutes = divmod(round(seconds / 60), 60)
        return " ".join(([self._count(hours, "giờ")] if hours else []) + [self._count(minutes, "phút")])

    def exact_length(self, duration_ms: int) -> str:
        """A length to the second.

        >>> Words().exact_length(83_000), Words("en").exact_length(83_000)
        ('1 phút 23 giây', '1 minute 23 seconds')
        """
        minutes, seconds = divmod(round(duration_ms / 1000), 60)
        return " ".join(([self._count(minutes, "phút")] if minutes else []) + [self._count(seconds, "giây")])

    def size(self, count: int) -> str:
        """A file's size.

        >>> Words().size(13_400_000), Words("en").size(13_400_000), Words().size(57_240)
        ('13,4 MB', '13.4 MB', '57 KB')
        """
        if count < 1_000_000:
            return f"{max(1, round(count / 1000))} KB"
        megabytes = f"{count / 1e6:.1f} MB"
        return megabytes if self.language == "en" else megabytes.replace(".", ",")

    def in_full(self, day: date) -> str:
        """A date.

        >>> Words().in_full(date(2023, 3, 30)), Words("en").in_full(date(2023, 3, 30))
        ('30 tháng 3 năm 2023', '30 March 2023')
        """
        if self.language == "en":
            return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        return f"{day.day} tháng {day.month} năm {day.year}"

    def issue_name(self, number: int, day: date) -> str:
        """An issue as one asks for it.

        >>> Words().issue_name(3, date(2023, 3, 30)), Words("en").issue_name(3, date(2023, 3, 30))
        ('Bản tin số 3, tháng 3 năm 2023', 'Bulletin No. 3, March 2023')
        """
        if self.language == "en":
            return f"Bulletin No. {number}, {MONTHS[day.month - 1]} {day.year}"
        return f"Bản tin số {number}, tháng {day.month} năm {day.year}"

    def _count(self, count: int, unit: str) -> str:
        if self.language == "vi":
            return f"{count} {unit}"
        word = self(unit)
        return f"{count} {word}" if count != 1 else f"{count} {word.removesuffix('s')}"


def N_(vietnamese: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark words that are translated later, so that the catalogue's check finds them."""
    return vietnamese
