"""A measurement -> a picture of the sound: waveform, loudness over time, chapters; for who cannot hear it now."""

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiobook.editions.fonts import BOLD, REGULAR
from audiobook.editions.measure import Measurement

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_WIDTH, _HEIGHT = 1800, 760
_LEFT, _RIGHT, _TOP, _MIDDLE, _BOTTOM = 110, 1770, 130, 430, 690
_LOUDEST, _SOFTEST = 0.0, -40.0  # LUFS, of the lower half
_INK, _PEAK, _WAVE, _LINE, _CHAPTER, _TARGET = "#1c1c1c", "#e3b8bd", "#7a1420", "#0b4a8f", "#9a9a9a", "#2e7d32"
_GRID, _WRONG = "#e4e4e4", "#d50000"
_TARGET_LUFS = -16.0


def sound_picture(measured: Measurement, *, title: str) -> bytes:
    """A PNG of 1800 x 760 points."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    _headline(draw, measured, title)
    _waveform(draw, measured)
    _loudness(draw, measured)
    _chapters(draw, measured)
    _clock(draw, measured)
    out = io.BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _palette() -> "Image":
    """Our colours, and what lies between each and the white around it, where letters and lines are smooth.

    Nothing that is nearer to white than a step of 8: Pillow could take it for the white.
    """
    from PIL import Image, ImageColor

    colours = [ImageColor.getrgb(each)[:3] for each in (_INK, _PEAK, _WAVE, _LINE, _CHAPTER, _TARGET, _WRONG)]
    blends = [255 - (255 - part) * share // 4 for colour in colours for share in (4, 3, 2, 1) for part in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*blends, *ImageColor.getrgb(_GRID)[:3], 255, 255, 255])
    return palette


def _headline(draw: "ImageDraw", measured: Measurement, title: str) -> None:
    figures = (
        f"{measured.loudness_lufs:.1f} LUFS · đỉnh {measured.true_peak_dbtp:.1f} dBTP · chênh {measured.range_lu:.1f} LU · "
        f"im lặng {measured.silence_share:.0%} · tiếng nền {measured.noise_floor_dbfs:.0f} dBFS"
    )
    _write(draw, (_LEFT, 20), title[:90], size=32, bold=True)
    _write(draw, (_LEFT, 64), figures.replace("-", "−"), size=26)


def _waveform(draw: "ImageDraw", measured: Measurement) -> None:
    middle, half = (_TOP + _MIDDLE) // 2, (_MIDDLE - _TOP) // 2 - 6
    for values, summary, colour in ((measured.peaks, np.maximum, _PEAK), (measured.middles, np.add, _WAVE)):
        for column, height in enumerate(_columns(values, summary, empty=0.0)):
            x = _LEFT + column
            draw.line([(x, middle - height * half), (x, middle + height * half)], fill=colour)
    for level, name in ((10 ** (-1 / 20), "−1 dB"), (0.5, "−6 dB")):
        for side in (-1, 1):
            draw.line([(_LEFT, middle + side * level * half), (_RIGHT, middle + side * level * half)], fill=_CHAPTER)
        _write(draw, (14, middle - level * half - 10), name, size=18)


def _loudness(draw: "ImageDraw", measured: Measurement) -> None:
    for lufs in range(-40, 1, 10):
        draw.line([(_LEFT, _y(lufs)), (_RIGHT, _y(lufs))], fill=_GRID)
        _write(draw, (14, _y(lufs) - 10), f"{lufs} LUFS".replace("-", "−"), size=18)
    draw.line([(_LEFT, _y(_TARGET_LUFS)), (_RIGHT, _y(_TARGET_LUFS))], fill=_TARGET, width=2)
    values = _columns(measured.short_term, np.add, empty=_SOFTEST)
    points = [(_LEFT + column, _y(value)) for column, value in enumerate(values)]
    draw.line(points, fill=_LINE, width=3)


def _chapters(draw: "ImageDraw", measured: Measurement) -> None:
    free_from = 0.0
    for number, cue in enumerate(measured.chapters, start=1):
        x = _x(cue.start_ms, measured)
        draw.line([(x, _TOP - 8), (x, _BOTTOM)], fill=_CHAPTER)
        if x >= free_from:
            _write(draw, (x + 4, _TOP - 28), str(number), size=20, bold=True)
            free_from = x + 30
    for each in measured.misplaced:
        x = _x(each.at_ms, measured)
        draw.polygon([(x, _MIDDLE), (x - 8, _MIDDLE + 16), (x + 8, _MIDDLE + 16)], fill=_WRONG)


def _clock(draw: "ImageDraw", measured: Measurement) -> None:
    minutes = measured.duration_ms / 60_000
    step = next((each for each in (0.25, 0.5, 1, 2, 5, 10, 20, 30, 60) if minutes / each <= 12), 120)
    at = 0.0
    while at <= minutes:
        x = _x(at * 60_000, measured)
        draw.line([(x, _BOTTOM), (x, _BOTTOM + 8)], fill=_INK)
        _write(draw, (x - 16, _BOTTOM + 14), f"{int(at)}:{round(at % 1 * 60):02d}", size=20)
        at += step


def _columns(values: np.ndarray, summary: np.ufunc, *, empty: float) -> list[float]:
    """One value for each column of the picture: the greatest (``np.maximum``) or the mean (``np.add``) of what falls in it."""
    count = _RIGHT - _LEFT
    if not len(values):
        return [empty] * count
    edges = np.linspace(0, len(values), count + 1).astype(int)
    found: np.ndarray = summary.reduceat(values, edges[:-1])  # one value where nothing falls in it
    if summary is np.add:
        found = found / np.maximum(np.diff(edges), 1)
    return list(map(float, found))


def _x(time_ms: float, measured: Measurement) -> float:
    return _LEFT + (_RIGHT - _LEFT) * time_ms / max(1, measured.duration_ms)


def _y(lufs: float) -> float:
    held = min(_LOUDEST, max(_SOFTEST, lufs))
    return _MIDDLE + 20 + (_BOTTOM - _MIDDLE - 20) * (_LOUDEST - held) / (_LOUDEST - _SOFTEST)


def _write(draw: "ImageDraw", at: tuple[float, float], text: str, *, size: int, bold: bool = False) -> None:
    draw.text(at, text, fill=_INK, font=_font(BOLD if bold else REGULAR, size))


@lru_cache(maxsize=16)
def _font(file: Path, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(file), size)
