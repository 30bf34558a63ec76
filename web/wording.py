"""Numbers and dates -> the words of a page."""

from datetime import date


def length(duration_ms: int) -> str:
    """A length as one says it, without seconds where it is long.

    >>> length(1_271_000), length(45_000), length(3_900_000)
    ('21 phút', '45 giây', '1 giờ 5 phút')
    """
    seconds = round(duration_ms / 1000)
    if seconds < 60:
        return f"{seconds} giây"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} giờ {minutes} phút" if hours else f"{minutes} phút"


def exact_length(duration_ms: int) -> str:
    """A length to the second.

    >>> exact_length(83_000)
    '1 phút 23 giây'
    """
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    return f"{minutes} phút {seconds} giây" if minutes else f"{seconds} giây"


def size(count: int) -> str:
    """A file's size.

    >>> size(13_400_000), size(57_240)
    ('13,4 MB', '57 KB')
    """
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1e6:.1f} MB".replace(".", ",")


def in_full(day: date) -> str:
    """A date.

    >>> in_full(date(2023, 3, 30))
    '30 tháng 3 năm 2023'
    """
    return f"{day.day} tháng {day.month} năm {day.year}"
