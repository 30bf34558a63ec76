"""A sound file -> its samples as a player decodes them, block after block, and how high they reach."""

import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from audiobook.loudness import PEAK_MARGIN, Samples, true_peak

_BLOCK_S = 10


def decoded(file: Path) -> Iterator[tuple[Samples, int]]:
    """(samples, rate) in blocks of 10 s, at the file's own rate: another one would move its peaks. None if it is no sound."""
    import imageio_ffmpeg

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-threads", "1", "-i", str(file), "-vn"]
    command += ["-ac", "1", "-c:a", "pcm_f32le", "-f", "wav", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout  # noqa: S101  # a pipe was asked for
        rate = _rate(process.stdout)
        while rate and (data := process.stdout.read(rate * _BLOCK_S * 4)):
            yield np.frombuffer(data[: len(data) // 4 * 4], "<f4"), rate


class Peak:
    """The true peak of a sound that comes in blocks, as a factor of full scale."""

    def __init__(self) -> None:
        self.height = 0.0
        self._before = np.zeros(0, np.float32)

    def add(self, block: Samples) -> None:
        """What follows."""
        self.height = max(self.height, true_peak(np.concatenate([self._before, block])))
        self._before = block[-2 * PEAK_MARGIN :]


def high_places(file: Path, *, over: float) -> dict[int, float]:
    """Where a file's true peak is higher than ``over``: hundredth of a second -> how high, as a factor of full scale.

    A hundredth is looked at with its neighbours' edges, so one peak may be told twice.
    """
    found: dict[int, float] = {}
    before, start = np.zeros(0, np.float32), 0
    for block, rate in decoded(file):
        if max(true_peak(block), true_peak(np.concatenate([before, block[: 2 * PEAK_MARGIN]]))) > over:
            found |= _high(np.concatenate([before, block]), rate, start=start - len(before), over=over)
        before, start = block[-2 * PEAK_MARGIN :], start + len(block)
    return found


def _high(samples: Samples, rate: int, *, start: int, over: float) -> dict[int, float]:
    piece = rate // 100
    places = range(start // piece, -(-(start + len(samples)) // piece))
    tops = {place: true_peak(_around(samples, place * piece - start, piece)) for place in places}
    return {place: top for place, top in tops.items() if top > over}


def _around(samples: Samples, first: int, count: int) -> Samples:
    return samples[max(0, first - PEAK_MARGIN) : max(0, first + count + PEAK_MARGIN)]


def _rate(wav: IO[bytes]) -> int:
    """The rate that a WAV's head names; what is read next is its sound. 0 where there is none."""
    if wav.read(12)[8:] != b"WAVE":
        return 0
    rate = 0
    while head := wav.read(8):
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            return rate
        content = wav.read(size)
        if name == b"fmt ":
            rate = struct.unpack_from("<I", content, 4)[0]
    return 0
