"""A person's recording of a chapter -> takes, one a sentence: so it is levelled, placed and followed like any other.

Where a sentence ends is not known; it is looked for near where it should be by its share of the words, in the longest pause
there. The recording is cut in the middle of that pause and nothing of it is lost: pauses are the reader's own.
"""

import hashlib
import io
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

from audiobook.disk import digest, store
from audiobook.errors import SettingsError, writing
from audiobook.loudness import HOPS_A_SECOND, Samples, hop_powers, integrated_lufs
from audiobook.mastering.assemble import TARGET_LUFS
from audiobook.mastering.level import level
from audiobook.model.narration import Passage, Utterance
from audiobook.model.recording import HUMAN, Take

RATE = 24_000
_LONGEST_S = 3600
_SHORTEST_S = 0.5
_EDGE_HOPS = 2  # of silence that stays before and behind the voice
_QUIET_DB = -35.0  # below the recording's own loudness: a pause
_NEAR = 0.6  # of a sentence's length: how far from its place its end is looked for
_VERSION = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanChapter:
    """A chapter read by a person: the passage with its sentences as they are heard, their takes, its level."""

    passage: Passage
    takes: dict[str, Take]
    voice: str
    level_lufs: float


def human_chapter(passage: Passage, announcement: Utterance, file: Path, *, cache: Path) -> HumanChapter:
    """Lay a recording in the place of a passage's sentences; its title and the announcement stay the machine's.

    Args:
        passage: the chapter as the machine would say it; its first utterance is the title.
        announcement: says that a person reads.
        file: any format that ffmpeg reads, an hour at most.
        cache: where the pieces are kept, under the hash of the file and of where it is cut.

    Raises:
        SettingsError: not a sound, silent, or too long.
        DiskFull, NotWritable: from the disk.
    """
    title, *written = passage.utterances
    sentences = written or [replace(title, id=f"{title.id} {HUMAN}", source=None)]
    lengths = [max(1, len(each.spoken)) for each in sentences]
    name = hashlib.sha256(f"{_VERSION} {digest(file)} {lengths}".encode()).hexdigest()[:32]
    voice = f"{HUMAN} {name}"
    folder = cache / "human" / name
    with writing(folder):
        files, level_lufs = _kept(folder, len(lengths)) or _cut(file, lengths, folder)
    takes = {
        each.id: Take(key=piece.stem, voice=voice, folder=folder, samples=soundfile.info(piece).frames, rate=RATE)
        for each, piece in zip(sentences, files, strict=True)
    }
    heard = [replace(each, pause_ms=0) for each in sentences[:-1]]
    last = [replace(each, pause_ms=each.pause_ms) for each in sentences[-1:]]
    return HumanChapter(
        passage=replace(passage, utterances=(title, announcement, *heard, *last)),
        takes=takes,
        voice=voice,
        level_lufs=level_lufs,
    )


def _pieces(folder: Path, count: int) -> list[Path]:
    return [folder / f"{folder.name}-{n:05d}.flac" for n in range(count)]


def _kept(folder: Path, count: int) -> tuple[list[Path], float] | None:
    """The pieces of an earlier run; the level is written last, so without it they do not count."""
    told, files = folder / "level", _pieces(folder, count)
    if not (told.is_file() and all(file.is_file() for file in files)):
        return None
    return files, float(told.read_text())


def _cut(file: Path, lengths: Sequence[int], folder: Path) -> tuple[list[Path], float]:
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / ".tmp-whole.wav"
    try:
        _decode(file, whole)
        hops = _hops(whole)
        loudness = integrated_lufs([hops])
        if soundfile.info(whole).frames < _SHORTEST_S * RATE or loudness < -60:
            raise SettingsError("bản ghi giọng người đọc không có tiếng.", thing=file)
        if len(hops) < 2 * len(lengths):
            raise SettingsError("bản ghi giọng người đọc quá ngắn so với bài này.", thing=file)
        ends = cuts(hops, lengths, level_lufs=loudness)
        files = _pieces(folder, len(lengths))
        with soundfile.SoundFile(whole) as sound:
            for target, (start, stop) in zip(files, pairwise(ends), strict=True):
                sound.seek(start * RATE // HOPS_A_SECOND)
                flac = io.BytesIO()  # not into the file: what libsndfile raises there is no OSError
                soundfile.write(
                    flac, sound.read((stop - start) * RATE // HOPS_A_SECOND, dtype="int16"), RATE, format="FLAC"
                )
                target.write_bytes(flac.getbuffer())
        level_lufs = level(lambda: _blocks(whole), wanted_lufs=TARGET_LUFS)
        store(folder / "level", repr(level_lufs).encode())
    finally:
        whole.unlink(missing_ok=True)
    return files, level_lufs


def cuts(hops: np.ndarray, lengths: Sequence[int], *, level_lufs: float) -> list[int]:
    """Where each sentence begins, and where the last ends, in hops of 100 ms.

    >>> voice, pause = [1.0] * 20, [0.0] * 6
    >>> cuts(np.array([*pause, *voice, *pause, *voice, *voice, *pause]), (10, 20), level_lufs=0)
    [4, 29, 74]
    """
    loud = np.flatnonzero(hops > 10 ** ((level_lufs + _QUIET_DB) / 10))
    first, last = max(0, int(loud[0]) - _EDGE_HOPS), min(len(hops), int(loud[-1]) + 1 + _EDGE_HOPS)
    quiet = hops <= 10 ** ((level_lufs + _QUIET_DB) / 10)
    found = [first]
    for position in range(1, len(lengths)):
        left = sum(lengths[position - 1 :])
        expected = found[-1] + (last - found[-1]) * lengths[position - 1] / left
        reach = max(3.0, _NEAR * (expected - found[-1]))
        low, high = (
            max(found[-1] + 1, int(expected - reach)),
            min(last - (len(lengths) - position), int(expected + reach)),
        )
        found.append(_middle_of_pause(quiet, low, high, expected))
    return [*found, max(last, found[-1] + 1)]


def _middle_of_pause(quiet: np.ndarray, low: int, high: int, expected: float) -> int:
    """The middle of the longest pause between two places, the nearer of two alike; else the expected place itself."""
    best, run = (0, 0.0, round(expected)), 0
    for place in range(low, high + 1):
        if place < high and quiet[place]:
            run += 1
        elif run:
            middle = place - (run + 1) // 2
            best = max(best, (run, -abs(middle - expected), middle))
            run = 0
    return min(max(best[2], low), max(low, high))


def _hops(file: Path) -> np.ndarray:
    return np.concatenate([np.zeros(0), *(hop_powers(block, rate) for block, rate in _blocks(file))])


def _blocks(file: Path) -> Iterator[tuple[Samples, int]]:
    return ((block, RATE) for block in soundfile.blocks(file, blocksize=RATE * 10, dtype="float32"))


def _decode(file: Path, target: Path) -> None:
    """Any format -> mono WAV at ``RATE`` on the disk: an hour would not fit into the memory that we allow ourselves."""
    import imageio_ffmpeg

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", "-i", str(file), "-vn"]
    command += ["-t", str(_LONGEST_S + 1), "-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No space left" in done.stderr:
        raise OSError(28, "ffmpeg could not write", str(target))
    if done.returncode:
        raise SettingsError(
            "không mở được bản ghi giọng người đọc.",
            thing=file,
            place=done.stderr.strip()[-200:],
            advice="Dùng MP3 hoặc WAV.",
        )
    if soundfile.info(target).duration > _LONGEST_S:
        raise SettingsError("bản ghi giọng người đọc dài quá một giờ.", thing=file)
