"""A sound file -> what can be measured of it: loudness, peaks, silence, noise, and whether chapters stand where they should.

What one cannot hear in an office can be looked at; so measured figures and a picture stand for ears. The file is decoded as a
player would, in blocks, so its length does not matter. Sources: ITU-R BS.1770-4, EBU R 128, EBU Tech 3342.
"""

import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np

from audiobook.errors import EditionError
from audiobook.loudness import (
    PEAK_MARGIN,
    Samples,
    hop_powers,
    integrated_lufs,
    loudness_range_lu,
    short_term_lufs,
    true_peak,
)
from audiobook.model.recording import Cue, Timeline

_BLOCK_S = 10
_QUIET_DBFS = -60.0  # a hop below it is silence
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
    """What was measured. ``peaks``: the highest sample of each 10 ms; ``short_term``: LUFS of 3 s, each 100 ms."""

    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float
    range_lu: float
    silence_share: float
    longest_silence_ms: int
    noise_floor_dbfs: float
    peaks: Samples
    short_term: np.ndarray
    chapters: tuple[Cue, ...]
    expected_ms: int = 0  # by the timeline; 0 where there is none
    misplaced: tuple[Misplaced, ...] = ()


def measure(file: Path, *, timeline: Timeline | None = None) -> Measurement:
    """Decode and measure a file; against a timeline where there is one.

    Raises:
        EditionError: no sound could be decoded.
    """
    hops, peaks, powers = [np.zeros(0)], [np.zeros(0, np.float32)], [np.zeros(0)]
    highest, samples, rate, before = 0.0, 0, 0, np.zeros(0, np.float32)
    for block, rate in _decoded(file):
        samples, ten_ms = samples + len(block), rate // 100
        hops.append(hop_powers(block, rate))
        highest = max(highest, true_peak(np.concatenate([before, block])))
        before = block[-2 * PEAK_MARGIN :]
        tens = block[: len(block) // ten_ms * ten_ms].reshape(-1, ten_ms)
        peaks.append(np.abs(tens).max(axis=1))
        powers.append(np.einsum("ij,ij->i", tens, tens, dtype=np.float64) / ten_ms)
    if not samples:
        raise EditionError("không giải mã được âm thanh.", thing=file)
    every, heights = np.concatenate(hops), np.concatenate(peaks)
    quiet = heights < 10 ** (_QUIET_DBFS / 20)
    chapters = timeline.chapters if timeline else tuple(_tagged(file))
    return Measurement(
        duration_ms=round(samples * 1000 / rate),
        loudness_lufs=integrated_lufs([every]),
        true_peak_dbtp=_decibels(highest),
        range_lu=loudness_range_lu(every),
        silence_share=float(quiet.mean()) if len(quiet) else 0.0,
        longest_silence_ms=_longest(quiet) * 10,
        noise_floor_dbfs=_noise_floor(np.concatenate(powers)),
        peaks=heights,
        short_term=short_term_lufs(every),
        chapters=tuple(chapters),
        expected_ms=timeline.duration_ms if timeline else 0,
        misplaced=tuple(_misplaced(heights, timeline)) if timeline else (),
    )


def _decoded(file: Path) -> Iterator[tuple[Samples, int]]:
    """(samples, rate) at the file's own rate: another one would move its peaks."""
    import imageio_ffmpeg

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(file), "-vn"]
    command += ["-ac", "1", "-c:a", "pcm_f32le", "-f", "wav", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout  # noqa: S101  # a pipe was asked for
        rate = _rate(process.stdout)
        while rate and (data := process.stdout.read(rate * _BLOCK_S * 4)):
            yield np.frombuffer(data[: len(data) // 4 * 4], "<f4"), rate


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


def _misplaced(peaks: Samples, timeline: Timeline) -> Iterator[Misplaced]:
    """Where something is heard that the timeline says is silence: between sentences, and before each chapter's end."""
    gaps = [
        (after.id, before.end_ms, after.start_ms)
        for before, after in pairwise(timeline.sentences)
        if after.start_ms - before.end_ms >= 200 and not _has_more(timeline.chapters, before, after)
    ]
    gaps += [(cue.id, cue.end_ms - 1200, cue.end_ms) for cue in timeline.chapters]
    for name, start_ms, end_ms in gaps:
        window = peaks[(start_ms + _EDGE_MS) // 10 + 1 : (end_ms - _EDGE_MS) // 10]
        if len(window) and window.max() > 10 ** (_SPEECH_DBFS / 20):
            yield Misplaced(id=name, at_ms=start_ms, peak_dbfs=_decibels(float(window.max())))


def _has_more(chapters: Sequence[Cue], before: Cue, after: Cue) -> bool:
    """Whether something that belongs to no sentence may be said between the two: an announcement, a jingle."""
    return any(before.end_ms <= cue.start_ms <= after.start_ms for cue in chapters) or before.id.endswith("h")


def _noise_floor(powers: np.ndarray) -> float:
    """The loudness of the softest twentieth, which lies in the pauses, in dBFS; -120 where they are digital silence."""
    return float(10 * np.log10(max(1e-12, np.percentile(powers, 5)))) if len(powers) else -120.0


def _longest(quiet: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


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
        lines.append(f"Mốc bài và câu sai: {len(measured.misplaced)} trên {len(measured.chapters)} bài")
        lines += [
            f"  {each.id}, {each.at_ms / 1000:.2f} giây: {_number(each.peak_dbfs)} dBFS" for each in measured.misplaced
        ]
    elif measured.chapters:
        lines.append(f"Bài trong thẻ: {len(measured.chapters)}")
    return lines


def _number(value: float) -> str:
    """One decimal, as Vietnamese writes it.

    >>> _number(-16.04), _number(0.5)
    ('−16,0', '0,5')
    """
    return f"{value:.1f}".replace(".", ",").replace("-", "−")
