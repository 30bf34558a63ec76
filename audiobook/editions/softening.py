"""A track in packets of 20 ms that is too high here and there when decoded -> the sentences to encode again, held lower.

Where a sound is silent for long enough, one encoder's packets may follow another's: so a sentence between two silences is
exchanged alone, not its whole track encoded once more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from audiobook.editions.headroom import written_again
from audiobook.loudness import Samples

_PACKETS_A_SECOND = 50
_PLACES_A_PACKET = 2  # hundredths of a second
_SILENT = 8  # packets: a codec has forgotten by half of it what it said before, and needs as long to be ready again
_DIP_S = 0.06  # from a dip's middle to its edge: it is over before one hears that it was there


@dataclass(frozen=True, slots=True, kw_only=True)
class Dip:
    """A moment that is held lower than the rest: its middle in seconds, and the gain there."""

    at_s: float
    gain: float


def stretches(sound: Path, places: Iterable[int]) -> list[range]:
    """The packets of a WAV from silence to silence around each place (a hundredth of a second), in order, none twice."""
    cuts = _cuts(sound)
    after = np.searchsorted(cuts, [place // _PLACES_A_PACKET for place in places], side="right")
    return [range(int(cuts[end - 1]), int(cuts[end])) for end in np.unique(np.minimum(after, len(cuts) - 1))]


def write_stretches(sound: Path, target: Path, packets: Sequence[range], dips: Sequence[Dip]) -> None:
    """Write these packets' samples of a WAV (mono, 16 bit) one after the other into another, its dips held lower.

    Raises:
        OSError: from the disk.
    """
    with written_again(sound, target) as (source, write):
        length = source.samplerate // _PACKETS_A_SECOND
        for each in packets:
            source.seek(each.start * length)
            samples = source.read(len(each) * length, dtype="float32")
            write(_dipped(samples, source.samplerate, start=each.start * length, dips=dips))


def in_track(found: Mapping[int, float], packets: Sequence[range]) -> dict[int, float]:
    """What was found at places of such a file, at its places in the track."""
    places = [
        packet * _PLACES_A_PACKET + half for each in packets for packet in each for half in range(_PLACES_A_PACKET)
    ]
    return {places[min(place, len(places) - 1)]: height for place, height in found.items()}


def exchanged(packets: Iterable[bytes], new: Iterator[bytes], where: Sequence[range]) -> Iterator[bytes]:
    """A track's packets, with those of the stretches in place of its own."""
    newer = {number for each in where for number in each}
    for number, packet in enumerate(packets):
        yield next(new) if number in newer else packet


def _dipped(samples: Samples, rate: int, *, start: int, dips: Sequence[Dip]) -> Samples:
    """What begins at sample ``start``, its gain going down to each dip and up again as a raised cosine."""
    held, wide = samples.copy(), round(_DIP_S * rate)
    for dip in dips:
        first = round(dip.at_s * rate) - wide - start
        here = np.arange(max(0, first), min(len(samples), first + 2 * wide))
        if here.size:
            held[here] *= 1 - (1 - dip.gain) * np.sin(np.pi * (here - first) / (2 * wide)) ** 2
    return held


def _cuts(sound: Path) -> NDArray[np.intp]:
    """Packets before which a WAV may be cut: in the middle of each silence that is long enough; its begin and its end."""
    silent = np.concatenate([[False], *_silent(sound), [False]])
    edges = np.flatnonzero(np.diff(silent))
    first, behind = edges[::2], edges[1::2]
    middles = ((first + behind) // 2)[behind - first >= _SILENT]
    return np.unique(np.concatenate([[0], middles, [len(silent) - 2]]))


def _silent(sound: Path) -> Iterator[NDArray[np.bool_]]:
    """Whether each packet has no sound at all, of so many packets at a time."""
    with soundfile.SoundFile(sound) as source:
        length = source.samplerate // _PACKETS_A_SECOND
        for block in source.blocks(length * 1000, dtype="int16"):
            yield ~block.reshape(-1, length).any(axis=1)
