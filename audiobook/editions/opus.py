"""A track -> Ogg Opus; tracks' packets join into one stream, exact to the sample, without encoding anything again.

A packet is 20 ms; a track is whole packets long and begins and ends in silence, so one encoder's packets may follow
another's. Sources: RFC 6716, RFC 7845 (Ogg Opus); chapters as Xiph's Vorbis comment chapter extension.
"""

import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import soundfile

from audiobook.editions.decoding import high_places
from audiobook.editions.encode import Encoded
from audiobook.editions.headroom import with_headroom
from audiobook.editions.ogg import PACKET, bundled, lay, packets
from audiobook.editions.softening import Dip, exchanged, in_track, stretches, write_stretches
from audiobook.errors import EditionError
from audiobook.model.recording import Cue

_COMPLEXITY = "8"  # PESQ 3.82 against 3.56 at 5, for a quarter more time; 10 is no better
_CEILING_DBFS = -3.5
_TAKEN_LU = 0.35  # by the codec from speech
_HIGHEST = 10 ** (-1 / 20)
_PLACE = 480  # samples at 48 kHz: a hundredth of a second
_LOWER = 0.85  # than what would do, as what a codec adds to a peak does not shrink with it
_HEAD = "32"  # bytes that are read to know a WAV; looking into its sound takes a third of opening an encoder
_VENDOR = b"ban-tin-noi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opus:
    """Mono speech, from a WAV at ``rate``; by ffmpeg's libopus, in the mode that is made for voices."""

    rate: int = 24_000
    kbps: int = 24

    @property
    def name(self) -> str:
        """For the cache."""
        return f"opus {self.rate} {self.kbps} voip {_COMPLEXITY} constrained 7"

    def write(self, files: Sequence[tuple[Path, Path]]) -> None:
        """Encode WAVs so that no peak of what is decoded is over -1 dBTP.

        At this rate the codec adds up to 3 dB to a peak, and once an hour more, where a voice begins or breaks off. Room
        is made for the first; the results are decoded, and the sentences that are still too high are encoded again, lower
        for a tenth of a second.

        Raises:
            EditionError: ffmpeg refused.
        """
        held = [(target.with_name(f"{target.name}.wav"), target) for _, target in files]
        try:
            for (sound, _), (lower, _) in zip(files, held, strict=True):
                with_headroom(sound, lower, ceiling_dbfs=_CEILING_DBFS, louder_lu=_TAKEN_LU)
            self._encode(held)
            for sound, target, high in self._high_tracks(held):
                self._soften(sound, target, high)
        finally:
            for lower, _ in held:
                lower.unlink(missing_ok=True)

    def _high_tracks(self, files: Sequence[tuple[Path, Path]]) -> Iterator[tuple[Path, Path, dict[int, float]]]:
        """Those of the files that are too high somewhere, and where; all are decoded together."""
        places, first = self._high_places(files), 0
        for sound, target in files:
            behind = first + self._length(sound) // _PLACE
            if high := {place - first: height for place, height in places.items() if first <= place < behind}:
                yield sound, target, high
            first = behind

    def _soften(self, sound: Path, target: Path, high: dict[int, float]) -> None:
        """Encode the sentences around high places again, each place lower each time, and exchange their packets.

        That ends: a place that is found again is a seventh lower, down to silence.
        """
        part, new, whole = (target.with_name(f"{target.name}.{end}") for end in ("part.wav", "part", "whole"))
        where, gains = stretches(sound, high), dict[int, float]()
        try:
            while high:
                gains |= {place: gains.get(place, 1) * _LOWER * _HIGHEST / height for place, height in high.items()}
                dips = [Dip(at_s=(place + 0.5) / 100, gain=gain) for place, gain in gains.items()]
                write_stretches(sound, part, where, dips)
                self._encode([(part, new)])
                high = in_track(self._high_places([(part, new)]), where)
            (head, tags), old = _opened(target)
            _, newer = _opened(new)
            lay(whole, head, tags, exchanged(old, newer, where), samples=self._length(sound))
            whole.replace(target)
        finally:
            for file in (part, new, whole):
                file.unlink(missing_ok=True)

    def _high_places(self, files: Sequence[tuple[Path, Path]]) -> dict[int, float]:
        """Where what WAVs were encoded to is too high, one behind the other."""
        large = files[0][1].with_name(f"{files[0][1].name}.large")
        tracks = [Encoded(target, self._length(sound) * self.rate // 48_000) for sound, target in files]
        try:
            (head, tags), _ = _opened(files[0][1])
            total = sum(self._length(sound) for sound, _ in files)
            lay(large, head, tags, bundled(_sound(tracks, self)), samples=total)
            return high_places(large, over=_HIGHEST)
        finally:
            large.unlink(missing_ok=True)

    def _length(self, sound: Path) -> int:
        """A WAV's, in samples at 48 kHz."""
        return int(soundfile.info(sound).frames) * 48_000 // self.rate

    def _encode(self, files: Sequence[tuple[Path, Path]]) -> None:
        """One program for all of them, an encoder for each; each is as if it had been encoded alone.

        Each file's clock begins when the one before has ended, so that the program takes one encoder after the other: all of
        them in turn, packet by packet, would cost a twentieth more.
        """
        import imageio_ffmpeg

        codec = ["-c:a", "libopus", "-b:a", f"{self.kbps}k", "-vbr", "constrained", "-application", "voip"]
        codec += ["-compression_level", _COMPLEXITY, "-frame_duration", "20", "-fflags", "+bitexact", "-f", "opus"]
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"]
        seconds = [-(-self._length(sound) // 48_000) for sound, _ in files]
        begins = [0, *accumulate(seconds[:-1])]
        for (sound, _), began in zip(files, begins, strict=True):
            command += ["-itsoffset", str(began), "-threads", "1", "-f", "wav", "-probesize", _HEAD, "-i", str(sound)]
        for number, ((_, target), began) in enumerate(zip(files, begins, strict=True)):
            command += ["-map", f"{number}:a", *codec, "-output_ts_offset", str(-began), str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            if "No space left" in done.stderr:
                raise OSError(28, "ffmpeg could not write", str(files[0][1]))
            raise EditionError(f"không mã hóa được Opus: {done.stderr[-300:].strip()}", thing=files[0][0])

    def is_whole(self, file: Path, samples: int) -> bool:
        """Whether it is as long as it should be."""
        from mutagen import MutagenError
        from mutagen.oggopus import OggOpus

        try:
            info: Any = OggOpus(file).info
        except MutagenError:
            return False
        return bool(abs(info.length - samples / self.rate) < 0.001)


def write_opus(target: Path, tracks: Sequence[Encoded], encoding: Opus, *, comments: Sequence[tuple[str, str]]) -> None:
    """Lay the tracks' packets one after the other into one Ogg Opus file with these comments."""
    (head, _), _ = _opened(tracks[0].file)
    total = sum(each.samples for each in tracks) * 48_000 // encoding.rate
    lay(target, head, _tags(comments), _sound(tracks, encoding), samples=total)


def chapter_comments(cues: Sequence[Cue]) -> Iterator[tuple[str, str]]:
    """The chapters as comments: CHAPTER000=00:00:00.000, CHAPTER000NAME=the title."""
    for number, cue in enumerate(cues):
        hours, rest = divmod(cue.start_ms, 3_600_000)
        minutes, rest = divmod(rest, 60_000)
        yield f"CHAPTER{number:03d}", f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
        yield f"CHAPTER{number:03d}NAME", cue.title


def _sound(tracks: Sequence[Encoded], encoding: Opus) -> Iterator[bytes]:
    """Each track's own packets; what the encoder adds behind them is kept of the last one only."""
    for number, each in enumerate(tracks, start=1):
        count = each.samples * 48_000 // encoding.rate // PACKET
        _, sound = _opened(each.file)
        for position, packet in enumerate(sound):
            if position < count or number == len(tracks):
                yield packet


def _opened(file: Path) -> tuple[tuple[bytes, bytes], Iterator[bytes]]:
    """A file's head and comments, and the packets of its sound."""
    every = packets(file)
    return (next(every), next(every)), every


def _tags(comments: Sequence[tuple[str, str]]) -> bytes:
    """The comment packet of RFC 7845, 5.2."""
    entries = [f"{name}={value}".encode() for name, value in comments if value]
    body = b"".join(struct.pack("<I", len(each)) + each for each in entries)
    return b"OpusTags" + struct.pack("<I", len(_VENDOR)) + _VENDOR + struct.pack("<I", len(entries)) + body
