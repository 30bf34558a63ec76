"""Takes on disk: said once, kept under the hash of all that made their sound, checked whenever they are used again.

<folder>/<2 hex>/<key>.flac    the sound, 16 bit, at the engine's own rate
<folder>/<2 hex>/<key>.json    its checksum and what was measured of it; written last: a take without it does not count
<folder>/needed/<guid>.txt     the keys that a published issue is made of, which no clean-up takes

Issues, libraries and machines may share the folder: files come under another name, are synced and renamed, and the same key
is the same sound whoever made it. When a take was last used is kept as the access time of its .json.
"""

import hashlib
import io
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import soundfile

from audiobook.disk import digest, sweep
from audiobook.errors import writing
from audiobook.model.recording import Take
from audiobook.synthesis.engine import Speech
from audiobook.synthesis.measure import MEASURES_VERSION, Measures, measure

_USED_AGAIN_S = 3600  # an access time is moved at most once an hour
_IN_USE_S = 7 * 24 * 3600  # no production takes longer, here or elsewhere; what it needs it notes at its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A take and what is known of it; ``attempts`` were made in all."""

    take: Take
    packed: bytes
    packed_first: bytes
    attempts: int

    @classmethod
    def of(cls, take: Take, measures: Measures, *, first: Measures | None, attempts: int) -> "Kept":
        """Pack the measures: thousands of takes are judged together, and as objects theirs are the largest part."""
        packed = measures.packed
        return cls(take=take, packed=packed, packed_first=first.packed if first else packed, attempts=attempts)

    @property
    def measures(self) -> Measures:
        """Of the attempt that was kept."""
        return Measures.unpacked(self.packed)

    @property
    def first(self) -> Measures:
        """Of the first attempt."""
        return Measures.unpacked(self.packed_first)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    sha256: str
    voice: str
    samples: int
    rate: int
    attempts: int
    version: int
    measures: Measures
    first: Measures | None = None  # where it is not the one that was kept


@dataclass(frozen=True, slots=True)
class TakeCache:
    """The folder of takes."""

    folder: Path

    def get(self, key: str) -> Kept | None:
        """The take of a key, or None where there is none that is whole."""
        sound, facts_file = self._files(key)
        try:
            facts = msgspec.json.decode(facts_file.read_bytes(), type=_Facts)
            if digest(sound) != facts.sha256:  # also where size and time are as they were: disks decay in silence
                return None
            _used(facts_file)
        except (OSError, msgspec.MsgspecError):
            return None
        take = Take(
            key=key, voice=facts.voice, folder=_drawer(self.folder, key), samples=facts.samples, rate=facts.rate
        )
        if facts.version != MEASURES_VERSION:
            return self._measured_anew(take, attempts=facts.attempts)
        return Kept.of(take, facts.measures, first=facts.first, attempts=facts.attempts)

    def put(
        self,
        key: str,
        speech: Speech,
        *,
        voice: str,
        measures: Measures,
        first: Measures | None = None,
        attempts: int = 1,
    ) -> Kept:
        """Keep a take; ``first`` is what was measured of the first attempt, if this is another.

        Raises:
            DiskFull, NotWritable: nothing half is left behind.
        """
        sound, facts_file = self._files(key)
        scaled = np.clip(speech.samples, -1, 1)
        scaled *= np.float32(32767)
        pcm = np.rint(scaled, out=scaled).astype(np.int16)
        with writing(self.folder):
            sound.parent.mkdir(parents=True, exist_ok=True)
            coming = sound.with_name(f".tmp-{uuid.uuid4().hex}.flac")
            try:
                sha256 = _write(coming, pcm, speech.rate)
                coming.replace(sound)
                facts = _Facts(
                    sha256=sha256,
                    voice=voice,
                    samples=len(pcm),
                    rate=speech.rate,
                    attempts=attempts,
                    version=MEASURES_VERSION,
                    measures=measures,
                    first=None if first == measures else first,
                )
                coming.write_bytes(msgspec.json.encode(facts))
                coming.replace(facts_file)
            finally:
                coming.unlink(missing_ok=True)
        take = Take(key=key, voice=voice, folder=_drawer(self.folder, key), samples=len(pcm), rate=speech.rate)
        return Kept.of(take, measures, first=first, attempts=attempts)

    def note(self, kept: Kept, *, attempts: int) -> Kept:
        """Note that more attempts were made, none of them better.

        Raises:
            DiskFull, NotWritable: the note of before stays.
        """
        facts_file = self._files(kept.take.key)[1]
        with writing(self.folder):
            facts = msgspec.json.decode(facts_file.read_bytes(), type=_Facts)
            coming = facts_file.with_name(f".tmp-{uuid.uuid4().hex}")
            coming.write_bytes(msgspec.json.encode(replace(facts, attempts=attempts)))
            coming.replace(facts_file)
        return replace(kept, attempts=attempts)

    def here(self, kept: Kept, *, key: str, voice: str) -> Kept:
        """What another process kept, with this one's own objects: what thousands of takes share is there once."""
        return replace(kept, take=replace(kept.take, key=key, voice=voice, folder=_drawer(self.folder, key)))

    @contextmanager
    def needing(self, guid: str, keys: Iterable[str]) -> Iterator[None]:
        """Note that an issue is made of these takes, and publish it in the block: no clean-up removes them.

        Until the block ends well, the takes of the issue's last publication are needed too: that one still stands.

        Raises:
            DiskFull, NotWritable: the note of before stays.
        """
        note, coming = self._note(guid), sorted(keys)
        before = note.read_text("ascii").split() if note.is_file() else []
        _write_note(note, sorted({*before, *coming}))
        yield
        _write_note(note, coming)

    def clean(self, *, limit_bytes: int, published: Callable[[], Iterable[str]]) -> int:
        """Remove the takes that were not used for the longest time until the folder is small enough; returns how many.

        Nothing that a note names is removed, nor what was used within a week: a production that still runs may be made
        of it. Where an issue of ``published()`` has no note, nothing is known of what it needs, and nothing is removed.
        """
        excess = sum(size for _, size, _ in self._entries()) - limit_bytes
        if excess <= 0 or not all(self._note(guid).is_file() for guid in published()):
            return 0
        needed = {key for note in self.folder.glob("needed/*.txt") for key in note.read_text("ascii").split()}
        removed = 0
        for _, size, facts_file in sorted(self._entries()):
            if excess <= 0:
                break
            if facts_file.stem in needed or _may_be_in_use(facts_file):
                continue
            for file in (facts_file, facts_file.with_suffix(".flac"), facts_file.with_suffix(".heard")):
                file.unlink(missing_ok=True)
            excess -= size
            removed += 1
        return removed

    def sweep(self) -> None:
        """Remove what killed runs left half written, once it is old enough to be nobody's work."""
        sweep(self.folder.glob("*/.tmp-*"))

    def _entries(self) -> Iterator[tuple[int, int, Path]]:
        for facts_file in self.folder.glob("??/*.json"):
            try:
                stat = facts_file.stat()
                yield stat.st_atime_ns, stat.st_size + facts_file.with_suffix(".flac").stat().st_size, facts_file
            except FileNotFoundError:
                continue  # another machine has just removed it

    def _measured_anew(self, take: Take, *, attempts: int) -> Kept | None:
        samples, rate = soundfile.read(take.file, dtype="float32")
        measures = measure(Speech(samples=samples, rate=rate))
        if measures is None:
            return None
        return Kept.of(take, measures, first=None, attempts=attempts)

    def _files(self, key: str) -> tuple[Path, Path]:
        beside = _drawer(self.folder, key)
        return beside / f"{key}.flac", beside / f"{key}.json"

    def _note(self, guid: str) -> Path:
        return self.folder / "needed" / f"{guid}.txt"


def _drawer(folder: Path, key: str) -> Path:
    return _drawer_named(folder, key[:2])


@lru_cache(maxsize=1024)
def _drawer_named(folder: Path, name: str) -> Path:
    """One object for all takes that lie in it."""
    return folder / name


def _write(file: Path, pcm: "np.ndarray[tuple[int], np.dtype[np.int16]]", rate: int) -> str:
    """Write and sync a FLAC; returns its SHA-256."""
    flac = io.BytesIO()
    # level 0: a third of the time for a tenth more room
    soundfile.write(flac, pcm, rate, format="FLAC", subtype="PCM_16", compression_level=0.0)
    with file.open("wb") as stream:
        stream.write(flac.getbuffer())
        stream.flush()
        os.fsync(stream.fileno())
    return hashlib.sha256(flac.getbuffer()).hexdigest()


def _write_note(note: Path, keys: Iterable[str]) -> None:
    with writing(note):
        note.parent.mkdir(parents=True, exist_ok=True)
        coming = note.with_name(f".tmp-{uuid.uuid4().hex}")
        with coming.open("w", encoding="ascii", newline="\n") as out:
            out.writelines(f"{key}\n" for key in keys)
        coming.replace(note)


def _used(facts_file: Path) -> None:
    if time.time() - facts_file.stat().st_atime > _USED_AGAIN_S:
        with suppress(OSError):  # a disk that is only read; a folder that is shared for reading: it is no worse
            os.utime(facts_file)  # to this very moment: that is allowed to all who may write, not to its owner only


def _may_be_in_use(facts_file: Path) -> bool:
    """Looked at in the last moment: another machine may have come back to it since the clean-up began."""
    try:
        return time.time() - facts_file.stat().st_atime < _IN_USE_S
    except FileNotFoundError:
        return False  # another clean-up was here
