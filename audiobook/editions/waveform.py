"""What is heard of a sound -> its outline, its silence and its noise, in as much memory for ten hours as for a minute."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiobook.editions.hearing import SOFTEST_DBFS, STEP_DB, Heard
from audiobook.loudness import Samples

_QUIET_DBFS = -60.0  # 10 ms below it are silence
_COLUMNS = 8192  # more than any picture is wide; then two become one
_SOFT_SHARE = 0.05  # the softest twentieth lies in the pauses


@dataclass(slots=True)
class Gap:
    """A stretch that should be silent: 10 ms pieces ``first`` to ``last`` (exclusive); what is heard there at most."""

    id: str
    start_ms: int
    first: int
    last: int
    highest: float = 0.0


class Waveform:
    """What is seen of a sound by its 10 ms pieces.

    >>> from audiobook.editions.hearing import of
    >>> seen = Waveform()
    >>> seen.add(of(np.repeat(np.float32([0.5, 0, 0]), 240), 24_000))
    >>> seen.peaks.tolist(), seen.longest_silence_ms, round(seen.silence_share, 2)
    ([0.5, 0.0, 0.0], 20, 0.67)
    """

    def __init__(self, gaps: Iterable[Gap] = (), *, audible: float = 0.0) -> None:
        """``gaps``: in the order of their beginnings; those are kept in which something is higher than ``audible``."""
        self._gaps, self._audible = iter(gaps), audible
        self._coming = next(self._gaps, None)
        self._open, self._heard = list[Gap](), list[Gap]()
        self._count = self._quiet = self._run = self._longest = 0
        self._levels = np.zeros(round(-SOFTEST_DBFS / STEP_DB) + 1, np.int64)
        self._peaks, self._middles = Columns(np.max), Columns(np.mean)

    def add(self, heard: Heard) -> None:
        """What follows."""
        heights = np.frombuffer(heard.heights, "<f4")
        self._hear_gaps(heights)
        self._hear_silence(heights < 10 ** (_QUIET_DBFS / 20))
        self._levels += np.bincount(np.frombuffer(heard.levels, "<u2"), minlength=len(self._levels))
        self._peaks.add(heights)
        self._middles.add(heights)
        self._count += len(heights)

    @property
    def peaks(self) -> Samples:
        """The highest sample of each column, shape (n,); columns are as many 10 ms as make at most 8192 of them."""
        return self._peaks.values

    @property
    def middles(self) -> Samples:
        """The mean of the highest samples of a column's 10 ms pieces, shape (n,)."""
        return self._middles.values

    @property
    def unsilent(self) -> list[Gap]:
        """The gaps in which something was heard, in order."""
        still = [gap for gap in self._open if gap.highest > self._audible]
        return sorted([*self._heard, *still], key=lambda gap: gap.first)

    @property
    def silence_share(self) -> float:
        """How much of it is silence."""
        return self._quiet / self._count if self._count else 0.0

    @property
    def longest_silence_ms(self) -> int:
        """The longest silence."""
        return max(self._longest, self._run) * 10

    @property
    def noise_floor_dbfs(self) -> float:
        """The level of the softest twentieth, to a tenth of a decibel; -120 where the pauses are digital silence."""
        place = int(np.searchsorted(np.cumsum(self._levels), self._count * _SOFT_SHARE, side="right"))
        return SOFTEST_DBFS + place * STEP_DB if self._count else SOFTEST_DBFS

    def _hear_gaps(self, heights: Samples) -> None:
        start, end = self._count, self._count + len(heights)
        while self._coming and self._coming.first < end:
            self._open.append(self._coming)
            self._coming = next(self._gaps, None)
        for gap in self._open:
            heard = heights[max(0, gap.first - start) : max(0, gap.last - start)]
            gap.highest = max(gap.highest, float(heard.max(initial=0)))
        self._heard += [gap for gap in self._open if gap.last <= end and gap.highest > self._audible]
        self._open = [gap for gap in self._open if gap.last > end]

    def _hear_silence(self, quiet: NDArray[np.bool_]) -> None:
        self._quiet += int(quiet.sum())
        edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
        runs = list(zip(edges[::2], edges[1::2], strict=True))
        if not runs or runs[0][0] > 0:
            self._longest, self._run = max(self._longest, self._run), 0
        for start, end in runs:
            length = int(end - start) + (self._run if start == 0 else 0)
            self._longest = max(self._longest, length)
            self._run = length if end == len(quiet) else 0


class Columns:
    """The summary of as many values as make at most 8192 columns: whenever they are full, two become one."""

    def __init__(self, summary: Callable[..., Samples]) -> None:
        self.values = np.zeros(0, np.float32)
        self._summary, self._width = summary, 1
        self._rest = np.zeros(0, np.float32)

    def add(self, values: Samples) -> None:
        """What follows."""
        self._rest = np.concatenate([self._rest, values])
        while count := min(len(self._rest) // self._width, _COLUMNS - len(self.values)):
            taken, self._rest = np.split(self._rest, [count * self._width])
            self.values = np.concatenate([self.values, self._summary(taken.reshape(count, -1), axis=1)])
            if len(self.values) == _COLUMNS:
                self.values = self._summary(self.values.reshape(-1, 2), axis=1)
                self._width *= 2
