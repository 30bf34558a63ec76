"""What the numbers, times and colours of audiobook.toml may be; a refusal names the key, in words for an editor."""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from audiobook.errors import SettingsError
from audiobook.model.loudspeaker import CLOCK_TIME, Broadcast
from audiobook.model.narration import Pauses

_SHORTEST_CHAPTER_MS = 1200  # some apps jump a second early


def check_least(found: Mapping[str, tuple[float, float]], file: Path) -> None:
    """Refuse what is too small; ``found``: key -> its value, and the least that it may be."""
    for place, (value, least) in found.items():
        if value < least:
            raise SettingsError(f"không được nhỏ hơn {least:g}.", thing=file, place=f"{place} = {value:g}")


def check_pauses(pauses: Pauses, file: Path) -> None:
    """Refuse a silence that is too short."""
    least = {each.name: _SHORTEST_CHAPTER_MS if each.name == "chapter_ms" else 0 for each in fields(pauses)}
    check_least({f"pauses.{name}": (getattr(pauses, name), shortest) for name, shortest in least.items()}, file)


def check_broadcast(broadcast: Broadcast, file: Path) -> None:
    """Refuse a length of session or a time that is none."""
    if not 5 <= broadcast.slot_minutes <= 120:
        raise SettingsError(
            "một buổi phát dài từ 5 đến 120 phút.",
            thing=file,
            place=f"loudspeaker.slot_minutes = {broadcast.slot_minutes}",
        )
    for each in broadcast.start_times:
        if not CLOCK_TIME.fullmatch(each):
            raise SettingsError("giờ phát viết như 05:30.", thing=file, place=f"loudspeaker.start_times: {each!r}")


def contrast_with_white(colour: str) -> float:
    """How well white stands on a colour "#rrggbb", from 1 to 21 (WCAG 2.2, contrast ratio).

    >>> round(contrast_with_white("#7a1420"), 1)
    10.8
    """
    levels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def check_colour(colour: str, *, file: Path) -> None:
    """Refuse a colour on which white is hard to read."""
    advice = 'Chọn màu đậm, viết dạng "#7a1420" (đỏ sẫm), "#0b3d78" (xanh dương) hoặc "#14532d" (xanh lá).'
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise SettingsError(f"không phải mã màu: {colour!r}.", thing=file, place="look.colour", advice=advice)
    if contrast_with_white(colour) < 7:
        raise SettingsError(
            f"màu {colour} nhạt quá, mắt kém không đọc được.", thing=file, place="look.colour", advice=advice
        )
