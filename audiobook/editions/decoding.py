"""A sound file -> its samples as a player decodes them, block after block, and how high they reach."""

import struct
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import IO

import numpy as np

from audiobook.loudness import PEAK_MARGIN, Samples, peaks_over, true_peak

BLOCK_S = 10


def decoded(file: Path) -> Generator[tuple[Samples, int]]:
    """(samples, rate) in blocks of 10 s, at the file's own rate: another one would move its peaks. None if it is no sound."""
    import imageio_ffmpeg

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-threads", "1", "-i", str(file), "-vn"]
    command += ["-ac", "1", "-c:a", "pcm_f32le", "-f", "wav", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout  # noqa: S101  # a pipe was asked for
        rate = _rate(process.stdout)
        while rate and (data := process.stdout.read(rate * BLOCK_S * 4)):
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

    For sound that holds nothing above a quarter of its rate, as what was encoded from half of it.
    """
    found: dict[int, float] = {}
    before, start = np.zeros(0, np.float32), 0
    for block, rate in decoded(file):
        samples = np.concatenate([before, block])
        for sample, height in peaks_over(samples, over):
            place = (start - len(before) + sample) // (rate // 100)
            found[place] = max(height, found.get(place, 0.0))
        before, start = samples[-2 * PEAK_MARGIN :], start + len(block)
    return found


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
