"""Sounds that are no takes -> samples: a jingle of any format, or the built-in chime. Small things, so pydub serves."""

import io
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import SettingsError
from audiobook.loudness import Samples, hop_powers, integrated_lufs

if TYPE_CHECKING:
    from pydub import AudioSegment

CHIME = Path("chime")
"""Stands for the built-in chime where a file is expected."""

_LONGEST_S = 30
_QUIETER_LU = 4.0  # than the voice: it opens, it does not wake
_TONES_HZ = (660, 523)


def clip(file: Path, *, rate: int, target_lufs: float) -> Samples:
    """A jingle before the first word or behind the last, mono at ``rate``, levelled below the voice, faded at both ends.

    Raises:
        SettingsError: not a sound, or longer than half a minute.
    """
    from pydub import AudioSegment

    segment = _chime(rate) if file == CHIME else _decoded(file)
    if segment.duration_seconds > _LONGEST_S:
        raise SettingsError(f"đoạn nhạc hiệu dài quá {_LONGEST_S} giây.", thing=file)
    segment = segment.set_channels(1).set_frame_rate(rate).set_sample_width(2).fade_in(10).fade_out(200)
    silence = AudioSegment.silent(duration=700, frame_rate=rate)
    samples = np.frombuffer((segment + silence).raw_data, "<i2").astype(np.float32) / np.float32(32768)
    loudness = integrated_lufs([hop_powers(samples, rate)])
    gain = 10 ** ((target_lufs - _QUIETER_LU - loudness) / 20)
    return samples * np.float32(min(gain, 0.8 / max(1e-6, float(np.abs(samples).max(initial=0)))))


def _decoded(file: Path) -> "AudioSegment":
    import imageio_ffmpeg
    from pydub import AudioSegment
    from pydub.exceptions import CouldntDecodeError

    converter = AudioSegment.converter
    AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()
    try:
        # pydub asks ffprobe, which imageio-ffmpeg does not bring, for all but plain WAV: ffmpeg decodes to it, also what
        # editors of sound export as WAV of 32-bit floats
        return AudioSegment.from_wav(io.BytesIO(_as_wav(AudioSegment.converter, file)))
    except (CouldntDecodeError, OSError, EOFError, ValueError) as error:
        raise SettingsError("không mở được âm thanh này.", thing=file, advice="Dùng WAV hoặc MP3.") from error
    finally:
        AudioSegment.converter = converter


def _as_wav(ffmpeg: str, file: Path) -> bytes:
    command = [ffmpeg, "-v", "error", "-nostdin", "-i", str(file), "-t", str(_LONGEST_S + 1)]
    done = subprocess.run([*command, "-c:a", "pcm_s16le", "-f", "wav", "-"], capture_output=True, check=False)
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace"))
    return done.stdout


def _chime(rate: int) -> "AudioSegment":
    """Two soft strokes, high then low, each dying away."""
    from pydub.generators import Sine

    high, low = (
        Sine(tone, sample_rate=rate).to_audio_segment(duration=900, volume=-12).fade_in(15).fade_out(850)
        for tone in _TONES_HZ
    )
    return high.append(low, crossfade=300)
