"""Takes on disk: said once, kept under the hash of all that made their sound, checked whenever they are used again.

<folder>/<2 hex>/<key>.flac   the sound, 16 bit, at the engine's own rate
<folder>/<2 hex>/<key>.json   its checksum, samples and rate; written last, so a take without it does not count
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import soundfile

from audiobook.errors import writing
from audiobook.model.recording import Take
from audiobook.synthesis.engine import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    sha256: str
    voice: str
    samples: int
    rate: int


@dataclass(frozen=True, slots=True)
class TakeCache:
    """The folder of takes."""

    folder: Path

    def get(self, key: str) -> Take | None:
        """The take of a key, or None where there is none that is whole."""
        sound, facts_file = self._files(key)
        try:
            facts = msgspec.json.decode(facts_file.read_bytes(), type=_Facts)
            whole = hashlib.sha256(sound.read_bytes()).hexdigest() == facts.sha256
        except (OSError, msgspec.MsgspecError):
            return None
        return Take(key=key, voice=facts.voice, file=sound, samples=facts.samples, rate=facts.rate) if whole else None

    def put(self, key: str, speech: Speech, *, voice: str) -> Take:
        """Keep a take.

        Raises:
            DiskFull, NotWritable: nothing half is left behind.
        """
        sound, facts_file = self._files(key)
        pcm = np.round(np.clip(speech.samples, -1, 1) * 32767).astype(np.int16)
        with writing(self.folder):
            sound.parent.mkdir(parents=True, exist_ok=True)
            coming = sound.with_name(f".tmp-{os.getpid()}-{key[:16]}.flac")
            try:
                try:
                    # level 0: a third of the time for a tenth more room
                    soundfile.write(coming, pcm, speech.rate, subtype="PCM_16", compression_level=0.0)
                except soundfile.LibsndfileError as error:
                    raise OSError(28, "libsndfile could not write", str(coming)) from error
                digest = hashlib.sha256(coming.read_bytes()).hexdigest()
                coming.replace(sound)
                facts = _Facts(sha256=digest, voice=voice, samples=len(pcm), rate=speech.rate)
                coming.write_bytes(msgspec.json.encode(facts))
                coming.replace(facts_file)
            finally:
                coming.unlink(missing_ok=True)
        return Take(key=key, voice=voice, file=sound, samples=len(pcm), rate=speech.rate)

    def sweep(self) -> None:
        """Remove what killed runs left half written."""
        for left in self.folder.glob("*/.tmp-*"):
            left.unlink(missing_ok=True)

    def _files(self, key: str) -> tuple[Path, Path]:
        stem = self.folder / key[:2] / key
        return stem.with_suffix(".flac"), stem.with_suffix(".json")
