"""A sound file -> what can be measured of it: loudness, peaks, silence, noise, and whether chapters stand where they should.

What one cannot hear in an office can be looked at; so measured figures and a picture stand for ears. The file is decoded as a
player would, in blocks, so its length does not matter. Sources: ITU-R BS.1770-4, EBU R 128, EBU Tech 3342.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise, zip_longest
from pathlib import Path

import numpy as np

from audiobook.editions.hearing import Heard, hear
from audiobook.editions.waveform import Columns, Gap, Waveform
from audiobook.errors import EditionError
from audiobook.loudness import HOPS_A_SECOND, Samples, integrated_lufs, loudness_range_lu, short_term_lufs
from audiobook.model.recording import Cue, Timeline

_SPEECH_DBFS = -50.0  # no word is softer
_EDGE_MS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """A gap between two sentences, or a chapter's end, that is not silent where the timeline says so."""

    id: str
    at_ms: int
    peak_dbfs: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What was measured; ``peaks`` and ``middles`` as a Waveform gives them, ``short_term`` in LUFS of 3 s each.

    Each of the three has as many columns as are needed, 8192 at most, over the whole length.
    """

    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float
    range_lu: float
    silence_share: float
    longest_silence_ms: int
    noise_floor_dbfs: float
    peaks: Samples
    middles: Samples
    short_term: np.ndarray
    chapters: tuple[Cue, ...]
    expected_ms: int = 0  # by the timeline; 0 where there is none
    misplaced: tuple[Misplaced, ...] = ()
    mistagged: tuple[str, ...] = ()  # ids of chapters that the file's own tag puts elsewhere, or leaves out


def measure(file: Path, *, timeline: Timeline | None = None) -> Measurement:
    """Decode and measure a file; against a timeline where there is one.

    Raises:
        EditionError: no sound could be decoded.
    """
    return measurement(hear(file), thing=file, chapters=tuple(_tagged(file)), timeline=timeline)


def measurement(
    stretches: Iterable[Heard], *, thing: Path, chapters: tuple[Cue, ...] = (), timeline: Timeline | None = None
) -> Measurement:
    """What the stretches of a sound measure together.

    Args:
        stretches: one after the other.
        thing: what an error names.
        chapters: as the file's own tag names them, if it does.
        timeline: what it is held against.

    Raises:
        EditionError: there is no sound.
    """
    every, seen = bytearray(), Waveform(_gaps(timeline) if timeline else (), audible=10 ** (_SPEECH_DBFS / 20))
    peak, samples, rate = 0.0, 0, 0
    for heard in stretches:
        # a track that is no whole number of them long ends in silence
        before = samples * HOPS_A_SECOND // heard.rate - len(every) // 4
        every += bytes(4 * before) + heard.hops
        samples, rate, peak = samples + heard.samples, heard.rate, max(peak, heard.peak)
        seen.add(heard)
    if not samples:
        raise EditionError("không giải mã được âm thanh.", thing=thing)
    hops = np.frombuffer(every, "<f4")
    loudness_lufs = integrated_lufs([hops])
    short_term, columns = short_term_lufs(hops), Columns(np.mean)
    columns.add(short_term)
    return Measurement(
        duration_ms=round(samples * 1000 / rate),
        loudness_lufs=loudness_lufs,
        true_peak_dbtp=_decibels(peak),
        range_lu=loudness_range_lu(short_term),
        silence_share=seen.silence_share,
        longest_silence_ms=seen.longest_silence_ms,
        noise_floor_dbfs=seen.noise_floor_dbfs,
        peaks=seen.peaks,
        middles=seen.middles,
        short_term=columns.values,
        chapters=timeline.chapters if timeline else chapters,
        expected_ms=timeline.duration_ms if timeline else 0,
        misplaced=tuple(
            Misplaced(id=gap.id, at_ms=gap.start_ms, peak_dbfs=_decibels(gap.highest)) for gap in seen.unsilent
        ),
        mistagged=tuple(_mistagged(timeline.chapters, chapters)) if timeline and chapters else (),
    )


def _mistagged(wanted: Sequence[Cue], tagged: Sequence[Cue]) -> Iterator[str]:
    for cue, told in zip_longest(wanted, tagged):
        if not (cue and told and (cue.start_ms, cue.end_ms) == (told.start_ms, told.end_ms)):
            yield (cue or told).id


def _tagged(file: Path) -> Iterator[Cue]:
    """The chapters that the file's own tag names."""
    from mutagen import MutagenError
    from mutagen.id3 import ID3

    try:
        frames = ID3(file, translate=False).getall("CHAP")
    except MutagenError:
        return
    for frame in sorted(frames, key=lambda each: each.start_time):
        title = frame.sub_frames.get("TIT2")
        yield Cue(id=frame.element_id, title=str(title or ""), start_ms=frame.start_time, end_ms=frame.end_time)


def _gaps(timeline: Timeline) -> Iterable[Gap]:
    """Where the timeline says that nothing is heard: between sentences, and before each chapter's end."""
    between = (
        _gap(after.id, before.end_ms, after.start_ms)
        for before, after in pairwise(timeline.sentences)
        if after.start_ms - before.end_ms >= 200 and not _has_more(timeline.chapters, before, after)
    )
    ends = (_gap(cue.id, cue.end_ms - 1200, cue.end_ms) for cue in timeline.chapters)
    return merge(between, ends, key=lambda gap: gap.first)


def _gap(name: str, start_ms: int, end_ms: int) -> Gap:
    return Gap(name, start_ms, (start_ms + _EDGE_MS) // 10 + 1, (end_ms - _EDGE_MS) // 10)


def _has_more(chapters: Sequence[Cue], before: Cue, after: Cue) -> bool:
    """Whether something that belongs to no sentence may be said between the two: an announcement, a jingle."""
    return any(before.end_ms <= cue.start_ms <= after.start_ms for cue in chapters) or before.id.endswith("h")


def _decibels(height: float) -> float:
    return float(20 * np.log10(max(height, 1e-6)))


def report_lines(measured: Measurement, *, target_lufs: float | None = None) -> list[str]:
    """What an editor reads, in Vietnamese; what is out of bounds is marked."""
    minutes, seconds = divmod(round(measured.duration_ms / 1000), 60)
    loud = measured.loudness_lufs
    off = target_lufs is not None and abs(loud - target_lufs) > 0.5
    lines = [
        f"Độ dài: {minutes} phút {seconds} giây ({measured.duration_ms} ms)",
        f"Độ to: {_number(loud)} LUFS" + (f"  ← cần {_number(target_lufs or 0)} ± 0,5" if off else ""),
        f"Đỉnh: {_number(measured.true_peak_dbtp)} dBTP" + ("  ← cao quá −1" if measured.true_peak_dbtp > -1 else ""),
        f"Chênh to nhỏ: {_number(measured.range_lu)} LU",
        f"Im lặng: {measured.silence_share:.0%}, lâu nhất {_number(measured.longest_silence_ms / 1000)} giây",
        f"Tiếng nền: {_number(measured.noise_floor_dbfs)} dBFS",
    ]
    if measured.expected_ms:
        shift = measured.duration_ms - measured.expected_ms
        lines.append(f"So với mốc thời gian: lệch {shift} ms" + ("  ← lệch" if abs(shift) > 1 else ""))
        wrong = "  ← có tiếng ở chỗ phải im" if measured.misplaced else ""
        lines.append(f"Mốc bài và câu sai: {len(measured.misplaced)} trên {len(measured.chapters)} bài{wrong}")
        lines += [
            f"  {each.id}, {each.at_ms / 1000:.2f} giây: {_number(each.peak_dbfs)} dBFS" for each in measured.misplaced
        ]
        if measured.mistagged:
            lines.append(f"Mốc bài trong thẻ: {', '.join(measured.mistagged)}  ← khác mốc thời gian")
    elif measured.chapters:
        lines.append(f"Bài trong thẻ: {len(measured.chapters)}")
    return lines


def _number(value: float) -> str:
    """One decimal, as Vietnamese writes it.

    >>> _number(-16.04), _number(0.5)
    ('−16,0', '0,5')
    """
    return f"{value:.1f}".replace(".", ",").replace("-", "−")
