"""Takes -> doubts: a speech recogniser writes down what it hears, and that is compared with what should be said.

Optional (``produce --listen``): it needs vosk or faster-whisper with a Vietnamese model in a folder on this machine, and
time. What was heard is kept beside the take, so that nothing is listened to twice.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import soundfile
from numpy.typing import NDArray

from audiobook.disk import digest
from audiobook.errors import SettingsError, writing
from audiobook.model.narration import Line, Remark
from audiobook.model.recording import Take

CODE = "V-HEARD"
_RATE = 16_000  # what both recognisers were trained on
_DIFFERENT = 0.34  # share of syllables: a recogniser errs too, by a tenth and more on clean read speech
_WORD = re.compile(r"\w+")


class Recogniser(Protocol):
    """Something that writes down speech. ``name`` tells kind and model, so that another one listens anew."""

    @property
    def name(self) -> str:
        """Kind and model."""
        ...

    def hear(self, samples: NDArray[np.float32]) -> str:
        """The words in mono samples at 16 kHz."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    sha256: str
    recogniser: str
    words: str


InWords = Callable[[str], str]
"""What was written down -> how it is said: some recognisers write numbers as figures."""


def listen(
    lines: Sequence[Line],
    takes: Mapping[str, Take],
    *,
    by: Recogniser,
    in_words: InWords,
    progress: Callable[[int, int], None],
) -> tuple[Remark, ...]:
    """A doubt for every line of which other words are heard than were to be said.

    Raises:
        DiskFull, NotWritable: what was heard so far is kept.
    """
    doubts: list[Remark] = []
    for done, line in enumerate(lines):
        progress(done, len(lines))
        doubts += _doubt(line, _heard(takes[line.id], by), in_words)
    progress(len(lines), len(lines))
    return tuple(doubts)


def heard_before(lines: Sequence[Line], takes: Mapping[str, Take], *, in_words: InWords) -> tuple[Remark, ...]:
    """The doubts of takes that were listened to, by whatever recogniser was there; the others are left out."""
    noted = ((line, _noted(takes[line.id])) for line in lines)
    return tuple(doubt for line, note in noted if note for doubt in _doubt(line, note, in_words))


def difference(said: str, heard: str) -> float:
    """The share of syllables that differ, 0 to 1; case, stops and tones do not count, which recognisers mix up.

    >>> difference("Kính chào các cụ.", "kinh chao cac cu"), difference("kính chào các cụ", "")
    (0.0, 1.0)
    """
    one, other = _syllables(said), _syllables(heard)
    matching = sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    return round(1 - matching / max(len(one), len(other), 1), 3)


def recogniser(kind: str, model: str) -> Recogniser:
    """A recogniser that is installed here.

    Raises:
        SettingsError: no such kind, its package is missing, or its model is not in the folder.
    """
    if kind not in _KINDS:
        advice = f"Có: {', '.join(_KINDS)}; đặt ở [listen] recogniser trong audiobook.toml."
        raise SettingsError("không có máy nghe này.", thing="listen.recogniser", place=repr(kind), advice=advice)
    if not Path(model).is_dir():
        advice = "Đặt [listen] model là thư mục có mô hình tiếng Việt."
        raise SettingsError("không thấy mô hình nghe.", thing="listen.model", place=repr(model), advice=advice)
    try:
        return _KINDS[kind](model)
    except ImportError as error:
        raise SettingsError("chưa cài máy nghe này.", thing=kind, advice=f"Cài bằng: pip install {kind}") from error


class _Vosk:
    def __init__(self, model: str) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self.name = f"vosk {Path(model).name}"
        self._make = vosk.KaldiRecognizer
        self._model = vosk.Model(model_path=model)

    def hear(self, samples: NDArray[np.float32]) -> str:
        hearing = self._make(self._model, _RATE)
        hearing.AcceptWaveform((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        return str(msgspec.json.decode(hearing.FinalResult())["text"])


class _Whisper:
    def __init__(self, model: str) -> None:
        from faster_whisper import WhisperModel

        self.name = f"faster-whisper {Path(model).name}"
        self._model = WhisperModel(model, local_files_only=True)

    def hear(self, samples: NDArray[np.float32]) -> str:
        segments, _ = self._model.transcribe(samples, language="vi", condition_on_previous_text=False)
        return " ".join(segment.text.strip() for segment in segments)


_KINDS: dict[str, Callable[[str], Recogniser]] = {"vosk": _Vosk, "faster-whisper": _Whisper}


def _doubt(line: Line, note: _Note, in_words: InWords) -> tuple[Remark, ...]:
    said = " ".join(line.pieces)
    if any(difference(said, write(note.words)) <= _DIFFERENT for write in (str, in_words)):
        return ()
    return (Remark(code=CODE, place=line.id, text=f"máy nghe lại thấy khác: “{note.words}”", sound=note.sha256),)


def _heard(take: Take, by: Recogniser) -> _Note:
    note = _noted(take)
    if note and note.recogniser == by.name:
        return note
    samples, rate = soundfile.read(take.file, dtype="float32")
    note = _Note(sha256=digest(take.file), recogniser=by.name, words=by.hear(_resampled(samples, rate)))
    file = _note_file(take)
    with writing(file):
        file.write_bytes(msgspec.json.encode(note))
    return note


def _noted(take: Take) -> _Note | None:
    try:
        note = msgspec.json.decode(_note_file(take).read_bytes(), type=_Note)
    except (OSError, msgspec.MsgspecError):
        return None
    return note if note.sha256 == digest(take.file) else None


def _note_file(take: Take) -> Path:
    return take.file.with_suffix(".heard")


def _resampled(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    import soxr

    out: NDArray[np.float32] = soxr.resample(samples, rate, _RATE)
    return out


def _syllables(text: str) -> list[str]:
    flat = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return _WORD.findall("".join(each for each in flat if not unicodedata.combining(each)))
