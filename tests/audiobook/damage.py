"""Clean takes -> takes damaged on purpose, each kind as it happens to synthesised or stored speech; random within bounds."""

from collections.abc import Callable

import numpy as np

Random = np.random.Generator


def _inside(sound: np.ndarray, rate: int, chance: Random, *, margin_s: float = 0.1) -> int:
    """A loud place inside the speech."""
    loud = np.flatnonzero(np.abs(sound) > 0.3 * np.abs(sound).max())
    margin = min(int(margin_s * rate), len(sound) // 4)
    inside = loud[(loud > loud[0] + margin) & (loud < loud[-1] - margin)]
    return int(chance.choice(inside if inside.size else loud))


def _rms(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(sound[np.abs(sound) > 0.05 * np.abs(sound).max()] ** 2)))


def silent(sound, rate, chance):
    return sound * 0


def nearly_silent(sound, rate, chance):
    return sound * 10 ** (-chance.uniform(45, 70) / 20)


def too_quiet(sound, rate, chance):
    return sound * 10 ** (-chance.uniform(15, 30) / 20)


def clipped(sound, rate, chance):
    return np.clip(sound * 10 ** (chance.uniform(10, 24) / 20), -1, 1)


def end_cut(sound, rate, chance):
    return sound[: int(len(sound) * chance.uniform(0.35, 0.75))]


def start_cut(sound, rate, chance):
    return sound[int(len(sound) * chance.uniform(0.25, 0.65)) :]


def only_a_scrap(sound, rate, chance):
    return sound[: int(len(sound) * chance.uniform(0.05, 0.3)) + rate // 20]


def long_silence_inside(sound, rate, chance):
    at = _inside(sound, rate, chance)
    return np.concatenate([sound[:at], np.zeros(int(rate * chance.uniform(0.7, 3))), sound[at:]])


def dropout(sound, rate, chance):
    at = _inside(sound, rate, chance, margin_s=0.2)
    out = sound.copy()
    out[at : at + int(rate * chance.uniform(0.08, 0.3))] = 0
    return out


def words_repeated(sound, rate, chance):
    length = int(len(sound) * chance.uniform(0.3, 0.7))
    at = int(chance.integers(0, len(sound) - length))
    return np.concatenate([sound[: at + length], sound[at:]])


def stutter(sound, rate, chance):
    at, length = _inside(sound, rate, chance), int(rate * chance.uniform(0.06, 0.15))
    times = int(max(6, 0.4 * len(sound) / length) * chance.uniform(1, 2))
    return np.concatenate([sound[: at + length], *[sound[at : at + length]] * times, sound[at + length :]])


def babble_at_the_end(sound, rate, chance):
    length = int(len(sound) * chance.uniform(0.35, 1)) + rate // 3
    more = np.resize(sound[::-1], length)
    return np.concatenate([sound, np.zeros(int(rate * chance.uniform(0, 0.3))), more])


def noise_after_the_end(sound, rate, chance):
    burst = chance.standard_normal(int(rate * chance.uniform(0.2, 1))) * _rms(sound)
    burst *= 10 ** (-chance.uniform(3, 20) / 20)
    return np.concatenate([sound, np.zeros(int(rate * chance.uniform(0.08, 0.4))), burst])


def noise_throughout(sound, rate, chance):
    return sound + chance.standard_normal(len(sound)) * _rms(sound) * 10 ** (-chance.uniform(0, 12) / 20)


def noise_instead(sound, rate, chance):
    return chance.standard_normal(len(sound)) * chance.uniform(0.05, 0.3)


def clicks(sound, rate, chance):
    out = sound.copy()
    places = chance.integers(rate // 20, max(rate // 20 + 1, len(out) - rate // 20), size=chance.integers(1, 6))
    out[np.minimum(places, len(out) - 1)] += chance.choice([-1, 1], size=len(places)) * chance.uniform(0.6, 1.2)
    return np.clip(out, -1, 1)


def offset(sound, rate, chance):
    return sound * 0.5 + chance.choice([-1, 1]) * chance.uniform(0.06, 0.4)


def too_fast(sound, rate, chance):
    places = np.arange(0, len(sound) - 1, chance.uniform(1.7, 2.5))
    return np.interp(places, np.arange(len(sound)), sound)


def too_slow(sound, rate, chance):
    places = np.arange(0, len(sound) - 1, chance.uniform(0.35, 0.6))
    return np.interp(places, np.arange(len(sound)), sound)


def half_faint(sound, rate, chance):
    out = sound.copy()
    half = int(len(sound) * chance.uniform(0.45, 0.55))
    out[half:] *= 10 ** (-chance.uniform(14, 35) / 20)
    return out


def broken_numbers(sound, rate, chance):
    out = sound.copy()
    out[chance.integers(0, len(out))] = chance.choice([np.nan, np.inf])
    return out


def empty(sound, rate, chance):
    return sound[:0]


KINDS: dict[str, Callable[[np.ndarray, int, Random], np.ndarray]] = {
    each.__name__.replace("_", " "): each
    for each in (
        silent, nearly_silent, too_quiet, clipped, end_cut, start_cut, only_a_scrap, long_silence_inside, dropout,
        words_repeated, stutter, babble_at_the_end, noise_after_the_end, noise_throughout, noise_instead, clicks,
        offset, too_fast, too_slow, half_faint, broken_numbers, empty,
    )
}  # fmt: skip


def damaged(sound: np.ndarray, rate: int, kind: str, chance: Random) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return KINDS[kind](sound, rate, chance).astype(np.float32)
