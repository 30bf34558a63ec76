"""Takes of one voice -> which of them an editor should hear: against what is usual for so many syllables in this voice.

A voice is judged by itself. Its Norm is learned from all of its takes together (the calibration sentences and the issue),
by medians, so that a few bad takes do not move it; where there are few, cautious values stand in.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from audiobook.synthesis.measure import Measures

REASONS = {
    "V-SHORT": "đọc quá ngắn so với câu, có thể mất chữ hoặc bị cắt",
    "V-LONG": "đọc quá dài so với câu, có thể lặp hoặc nói thừa",
    "V-CUT": "tiếng bị cắt ngang hoặc ngắt quãng",
    "V-GAP": "có khoảng lặng dài giữa câu",
    "V-TAIL": "có tiếng lạ sau chữ cuối",
    "V-NOISE": "có tiếng ồn lẫn vào giọng đọc",
    "V-CLICK": "có tiếng lách tách",
    "V-CLIP": "tiếng bị vỡ vì quá to",
    "V-LEVEL": "to nhỏ khác hẳn các câu khác của giọng này",
    "V-OFFSET": "sóng âm bị lệch khỏi mức không",
}
"""Every code of this step, with the words for editors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A take as the inspection sees it: what was to be said, and what was measured."""

    syllables: int
    pauses: int  # commas and the joins of pieces: where silence belongs
    measures: Measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """What is usual in a voice. Seconds = pace · (1, syllables, pauses), spread by ``spread_s`` · √(syllables + 1)."""

    pace: tuple[float, float, float]
    spread_s: float
    level_dbfs: float
    clearness: float
    clearness_spread: float
    gap_s: float
    jump: float
    click: float

    def expected_s(self, take: Heard) -> float:
        """How long so many syllables take in this voice."""
        start, syllable, pause = self.pace
        return start + syllable * take.syllables + pause * take.pauses

    def excess(self, take: Heard) -> float:
        """How much longer than expected (or, negative, shorter) a take is, in spreads."""
        return (take.measures.seconds - self.expected_s(take)) / (self.spread_s * math.sqrt(take.syllables + 1))


_LEARNED = ("seconds", "level_dbfs", "clearness", "gap_s", "jump", "click")
_KNOWN = np.dtype([(name, float) for name in ("syllables", "pauses", *_LEARNED)])
_FEWEST = 6  # takes from which something can be learned
_PACE = (0.1, 0.28, 0.3)  # of slow speech, where a voice's own takes say little
_SHORTEST_S, _LONGEST_S, _EDGES_S = 0.03, 1.5, 2.0  # of any syllable and of any take, of whatever voice
_LIMIT = 3.5  # spreads
_FEW_SYLLABLES = 3
_VOWELS = re.compile(r"(?:[aeiouy][\u0300-\u0323]*)+")


def syllables_of(pieces: Sequence[str]) -> int:
    """Vietnamese writes each syllable as a word; a foreign word has as many as it has groups of vowels.

    >>> syllables_of(["quyển sách nghiêng.", "facebook"])
    6
    """
    return sum(map(_syllables_of_a_word, " ".join(pieces).lower().split()))


@lru_cache(maxsize=20_000)
def _syllables_of_a_word(word: str) -> int:
    return max(1, len(_VOWELS.findall(normalize("NFD", word))))


def heard(pieces: Sequence[str], measures: Measures) -> Heard:
    """A take with the counts that its length depends on."""
    inside = sum(piece.rstrip(",.?! ").count(mark) for piece in pieces for mark in ",.?!")
    return Heard(syllables=syllables_of(pieces), pauses=inside + len(pieces) - 1, measures=measures)


def norm_of(takes: Iterable[Heard]) -> Norm | None:
    """Learn what is usual from a voice's takes; None where they are too few."""
    known = np.fromiter(map(_row, takes), _KNOWN)
    if len(known) < _FEWEST:
        return None
    middle = float(np.median(known["clearness"]))
    pace, spread_s = _pace(known)
    return Norm(
        pace=pace,
        spread_s=spread_s,
        level_dbfs=float(np.median(known["level_dbfs"])),
        clearness=middle,
        clearness_spread=_spread(known["clearness"] - middle),
        gap_s=float(np.percentile(known["gap_s"], 90)),
        click=float(np.percentile(known["click"], 95)),
        jump=float(np.percentile(known["jump"], 90)),
    )


def faults(take: Heard, norm: Norm | None) -> tuple[str, ...]:
    """The codes of what is wrong with a take; none for a sound one. Without a norm only what no voice may do."""
    found = {code: wrong(take.measures) for code, wrong in _ALWAYS.items()}
    if norm is None:
        found |= {
            "V-SHORT": take.measures.seconds < take.syllables * _SHORTEST_S,
            "V-LONG": take.measures.seconds > take.syllables * _LONGEST_S + _EDGES_S,
        }
    else:
        found |= {code: wrong(take, norm) for code, wrong in _AGAINST_NORM.items()}
    return tuple(code for code in REASONS if found.get(code))


def better(one: Heard, other: Heard, norm: Norm | None) -> bool:
    """Whether ``one`` of two takes of the same words is the better: fewer faults, then nearer to the usual length."""

    def rank(take: Heard) -> tuple[int, float]:
        return len(faults(take, norm)), abs(norm.excess(take)) if norm else take.measures.seconds

    return rank(one) < rank(other)


def _row(take: Heard) -> tuple[float, ...]:
    return (take.syllables, take.pauses, *(getattr(take.measures, name) for name in _LEARNED))


def _pace(known: NDArray[np.void]) -> tuple[tuple[float, float, float], float]:
    """Least squares on the half that fits best, twice: a few bad takes are left out. The prior counts as three takes."""
    prior = np.array(_PACE)
    table = np.stack([np.ones(len(known)), known["syllables"], known["pauses"]], axis=1)
    seconds = known["seconds"]
    weight = 1 / np.sqrt(table[:, 1] + 1)
    prior[1] = np.median(seconds / (table[:, 1] + table[:, 2]))
    pace, best = prior, np.ones(len(known), bool)
    for _ in range(3):
        rows = np.vstack([(table * weight[:, None])[best], np.diag([1.0, 3.0, 1.0])])
        values = np.concatenate([(seconds * weight)[best], prior * (1.0, 3.0, 1.0)])
        pace = _least_squares(rows, values)
        off = np.abs((seconds - table @ pace) * weight)
        best = off <= np.quantile(off, 0.9)
    spread = _spread((seconds - table @ pace) * weight)
    return (float(pace[0]), float(pace[1]), float(pace[2])), max(spread, 0.03)


def _least_squares(rows: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The start of a take costs no less than nothing: thousands of long sentences would draw the short ones' below it."""
    pace = np.linalg.lstsq(rows, values, rcond=None)[0].astype(np.float64)
    if pace[0] < 0:
        pace[0], pace[1:] = 0, np.linalg.lstsq(rows[:, 1:], values, rcond=None)[0]
    return pace


def _spread(residuals: NDArray[np.float64]) -> float:
    return float(1.4826 * np.median(np.abs(residuals)))


def _length(take: Heard, norm: Norm) -> float:
    """Over 1 where a take is too long, under -1 where it is too short."""
    expected = norm.expected_s(take)
    limit = max(_LIMIT * norm.spread_s * math.sqrt(take.syllables + 1), 0.1 * expected)
    return (take.measures.seconds - expected) / limit


def _noise_limit(take: Heard, norm: Norm) -> float:
    """A word or two may be all breath and hiss."""
    return max(0.035, 6 * norm.clearness_spread) * (1 if take.syllables > _FEW_SYLLABLES else 3)


_ALWAYS: dict[str, Callable[[Measures], bool]] = {
    "V-CLIP": lambda m: m.clipped > 1e-4,
    "V-OFFSET": lambda m: m.offset > 0.12,
    "V-LEVEL": lambda m: abs(m.half_db) > 11.0 or m.level_dbfs < -50.0,
    "V-GAP": lambda m: m.gap_s > 1.5,
}

_AGAINST_NORM: dict[str, Callable[[Heard, Norm], bool]] = {
    "V-SHORT": lambda take, norm: _length(take, norm) < -1,
    "V-LONG": lambda take, norm: _length(take, norm) > 1,
    "V-CUT": lambda take, norm: take.measures.jump > norm.jump + 0.03,
    "V-GAP": lambda take, norm: take.measures.gap_s > max(0.6, 2 * norm.gap_s),
    "V-TAIL": lambda take, norm: (
        0.1 < take.measures.last_s < take.measures.seconds and take.measures.last_clearness < norm.clearness - 0.2
    ),
    "V-NOISE": lambda take, norm: norm.clearness - take.measures.clearness > _noise_limit(take, norm),
    "V-CLICK": lambda take, norm: take.measures.click > max(14.0, 1.8 * norm.click),
    "V-LEVEL": lambda take, norm: (
        abs(take.measures.half_db) > 11.0 or abs(take.measures.level_dbfs - norm.level_dbfs) > 11.0
    ),
}
