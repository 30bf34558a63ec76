"""A sentence -> its spoken words and its sound, for an editor's own ears."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import settings
from audiobook.casting import choose_studio
from audiobook.errors import SettingsError, writing
from audiobook.settings import VoiceSettings
from audiobook.spoken.lexicon import load
from audiobook.spoken.prepare import speak

if TYPE_CHECKING:
    from audiobook.model.recording import Take
    from audiobook.synthesis.engine import Speech

_PLAYERS = (("afplay",), ("paplay",), ("aplay", "-q"), ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"))


def say(text: str, *, library: Path, voice: str) -> tuple[str, "Speech"]:
    """The spoken form of a text, and its sound; by the library's settings and lexicon where there is one.

    Raises:
        VoiceError: nobody can say it.
    """
    from audiobook.synthesis.engine import Speech

    file = library / "audiobook.toml"
    chosen = settings.load(file).voice if file.is_file() else VoiceSettings()
    studio = choose_studio(chosen, voice=voice)
    lexicon_file = library / "lexicon.toml"
    spoken = speak(text, load(*([lexicon_file] if lexicon_file.is_file() else [])))
    if not spoken:
        raise SettingsError("câu này không có gì để đọc.", thing=text)
    speech: Speech = next(iter(studio.spec.open().speak([spoken], studio.cast.parts["text"])))
    return spoken, speech


def take_sound(take: "Take") -> "Speech":
    """A kept take's sound."""
    import soundfile

    from audiobook.synthesis.engine import Speech

    samples, rate = soundfile.read(take.file, dtype="float32")
    return Speech(samples=samples, rate=rate)


def save(sound: "Speech", file: Path) -> None:
    """Write a sound file; its suffix names the format (wav, mp3, ogg, flac, m4a).

    Raises:
        SettingsError: a format that cannot be written.
    """
    import imageio_ffmpeg
    import numpy as np
    from pydub import AudioSegment
    from pydub.exceptions import CouldntEncodeError

    samples = (np.clip(sound.samples, -1, 1) * 32767).astype("<i2").tobytes()
    segment = AudioSegment(samples, frame_rate=sound.rate, sample_width=2, channels=1)
    segment.converter = imageio_ffmpeg.get_ffmpeg_exe()
    form = {"m4a": "ipod"}.get(file.suffix.lstrip("."), file.suffix.lstrip(".") or "wav")
    with writing(file):
        try:
            segment.export(file, format=form).close()
        except CouldntEncodeError as error:
            file.unlink(missing_ok=True)
            raise SettingsError(
                "không ghi được định dạng này.", thing=file, advice="Dùng .wav, .mp3, .ogg hoặc .flac."
            ) from error


def play(sound: "Speech") -> bool:
    """Play it through this machine's own player; False where it has none that works."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cau.wav"
        save(sound, file)
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(file), winsound.SND_FILENAME)
            return True
        for player in _PLAYERS:
            if shutil.which(player[0]) and subprocess.run([*player, file], capture_output=True).returncode == 0:
                return True
    return False
