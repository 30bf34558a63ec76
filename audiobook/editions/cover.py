"""The issue's cover: the publisher's own picture made square, or one that is drawn; large for feeds, small for tags."""

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.disk import digest
from audiobook.editions.fonts import BOLD, REGULAR
from audiobook.editions.pictures import kept_picture
from audiobook.errors import PictureDamaged
from audiobook.model.issue import Issue

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIDE = 1400
CARD = (1200, 630)
_SMALL_SIDE, _SMALL_BYTES = 500, 40_000
_GROUND, _INK, _ACCENT = "#7a1420", "#ffffff", "#ffd95a"


def cover(
    issue: Issue, *, bulletin_title: str, source: Path, colour: str = _GROUND, cache: Path | None = None
) -> bytes:
    """A square JPEG of 1400 to 3000 points, RGB, without metadata (Apple's podcast artwork requirements).

    One that was made before of the same is taken from the ``cache``.
    """
    if issue.cover:
        given = source / issue.cover
        return kept_picture("cover", digest(given), cache, lambda: _jpeg(_given(given), quality=85))
    named = f"{issue.number} {issue.date} {colour} {bulletin_title}"
    return kept_picture("cover", named, cache, lambda: _jpeg(_drawn(issue, bulletin_title, colour), quality=85))


def square(file: Path) -> bytes:
    """A picture of the publisher's own as such a JPEG.

    Raises:
        PictureDamaged: it cannot be opened.
    """
    try:
        return _jpeg(_given(file), quality=85)
    except (OSError, ValueError) as error:
        raise PictureDamaged("không mở được ảnh này.", thing=file, place=str(error)) from error


@lru_cache(maxsize=1)  # every file of an issue carries it
def small_cover(large: bytes) -> bytes:
    """The same picture in at most 40 kB, for a tag that is read before the first sound."""
    from PIL import Image

    with Image.open(io.BytesIO(large)) as image:
        small = image.resize((_SMALL_SIDE, _SMALL_SIDE), Image.Resampling.LANCZOS)
    for quality in range(85, 20, -10):
        data = _jpeg(small, quality=quality)
        if len(data) <= _SMALL_BYTES:
            break
    return data


def card(issue: Issue, *, bulletin_title: str, duration_ms: int, square: bytes, cache: Path | None = None) -> bytes:
    """A JPEG of 1200 × 630 that is read when a link is shared: title, number, length (the Open Graph protocol's size).

    ``square`` is the issue's cover; it is shown where the publisher has a picture of its own. One that was made before of
    the same is taken from the ``cache``.
    """
    minutes = max(1, round(duration_ms / 60_000))
    shown = hashlib.sha256(square).hexdigest() if issue.cover else ""
    named = f"{issue.number} {issue.date} {len(issue.articles)} {minutes} {shown} {bulletin_title}"
    return kept_picture("card", named, cache, lambda: _card(issue, bulletin_title, minutes, square))


def _card(issue: Issue, bulletin_title: str, minutes: int, square: bytes) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", CARD, _GROUND)
    draw = ImageDraw.Draw(image)
    if issue.cover:
        with Image.open(io.BytesIO(square)) as picture:
            image.paste(picture.resize((470, 470), Image.Resampling.LANCZOS), (690, 80))
    else:
        draw.ellipse((770, 145, 1110, 485), fill=_ACCENT)
        draw.polygon(((890, 225), (890, 405), (1040, 315)), fill=_GROUND)
    lines = _lines(bulletin_title)
    size = min(96, int(560 / max(len(line) for line in lines) * 1.75), 250 // len(lines))
    for number, line in enumerate(lines):
        _left(draw, line, 80 + number * int(size * 1.2), size, BOLD, _INK)
    _left(draw, f"Số {issue.number}, tháng {issue.date.month}/{issue.date.year}", 400, 56, BOLD, _ACCENT)
    _left(draw, f"Nghe {minutes} phút, {len(issue.articles)} bài", 490, 48, REGULAR, _INK)
    return _jpeg(image, quality=85)


def _left(draw: "ImageDraw", text: str, y: int, size: int, font: Path, colour: str) -> None:
    from PIL import ImageFont

    draw.text((70, y), text, fill=colour, font=ImageFont.truetype(str(font), size), anchor="la")


def _given(file: Path) -> "Image":
    from PIL import Image, ImageOps

    with Image.open(file) as image:
        picture = ImageOps.exif_transpose(image).convert("RGB")
    side = min(3000, max(SIDE, *picture.size))
    return ImageOps.pad(picture, (side, side), color="white")


def _drawn(issue: Issue, bulletin_title: str, colour: str) -> "Image":
    """Name, number and day on the bulletin's colour, over the waves of its voice."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (SIDE, SIDE), colour)
    draw = ImageDraw.Draw(image)
    wave = Image.blend(image.crop((0, 0, 1, 1)), Image.new("RGB", (1, 1), _INK), 0.18).getpixel((0, 0))
    for reach in range(180, 1300, 180):
        draw.ellipse((SIDE - reach, SIDE - 90 - reach, SIDE + reach, SIDE - 90 + reach), outline=wave, width=8)
    draw.rectangle((0, SIDE - 60, SIDE, SIDE), fill=_ACCENT)
    lines = _lines(bulletin_title)
    size = min(190, int(1150 / max(len(line) for line in lines) * 1.75))
    for number, line in enumerate(lines):
        _placed(draw, line, 150 + number * int(size * 1.2), size, BOLD, _INK)
    _placed(draw, f"Số {issue.number}", 880, 200, BOLD, _ACCENT)
    _placed(draw, f"Tháng {issue.date.month} năm {issue.date.year}", 1130, 90, REGULAR, _INK)
    return image


def _lines(title: str) -> list[str]:
    words, lines = title.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 14 and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [line[:40] for line in lines[:4]]


def _placed(draw: "ImageDraw", text: str, y: int, size: int, font: Path, colour: str) -> None:
    from PIL import ImageFont

    draw.text((110, y), text, fill=colour, font=ImageFont.truetype(str(font), size), anchor="la")


def _jpeg(image: "Image", *, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, subsampling=0)
    return out.getvalue()
