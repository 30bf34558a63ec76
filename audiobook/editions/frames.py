"""A track -> its MP3 frames; tracks' frames join byte by byte into one stream, exact to the sample.

A track that is whole frames long and ends in silence can be encoded alone. At 24 and 48 kHz a frame lasts 24 ms and
constant-bit-rate frames have one size, so time = byte; at 44.1 kHz sizes differ by a padding byte and frames are counted.
Sources: ISO/IEC 11172-3 and 13818-3; the Info tag after LAME's own (lame/libmp3lame/VbrTag.c).
"""

import struct
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiobook.editions.encode import Encoded

_ENCODER = "lame 7 +0.45 dB 2"
"""Quality and gain. LAME scales its input by 0.95, which the gain makes good."""

_QUALITY = 7
_GAIN = 10 ** (0.45 / 20)
_LAME_DELAY = 576
_TAIL_FRAMES = 3  # silence behind the end pushes the last sound out of any decoder
_BLOCK_FRAMES = 500
_BITRATES = {
    "mpeg1": (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    "mpeg2": (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mp3:
    """Mono, constant bit rate, from a WAV of the same rate."""

    rate: int = 24_000
    kbps: int = 64

    @property
    def name(self) -> str:
        """For the cache."""
        return f"mp3 {self.rate} {self.kbps} {_ENCODER}"

    @property
    def frame_samples(self) -> int:
        """Samples in a frame."""
        return 1152 if self.rate >= 32_000 else 576

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame that has no padding byte."""
        return self.frame_samples // 8 * self.kbps * 1000 // self.rate

    @property
    def is_exact(self) -> bool:
        """Whether the bit rate is a whole number of bytes a frame, so that all frames have one size."""
        return self.frame_samples // 8 * self.kbps * 1000 % self.rate == 0

    def write(self, files: Sequence[tuple[Path, Path]]) -> None:
        """Encode WAVs of whole frames."""
        for sound, target in files:
            with wave.open(str(sound), "rb") as opened, target.open("wb") as out:
                out.writelines(_frames(_blocks(opened, self), self))

    def is_whole(self, file: Path, samples: int) -> bool:
        """Whether its size is right; an encoder keeps to the bit rate by adding a byte to some frames."""
        exact = samples / 8 * self.kbps * 1000 / self.rate
        return abs(file.stat().st_size - exact) <= 2


def stream(tracks: Sequence[Encoded], encoding: Mp3) -> Iterator[bytes]:
    """One MP3 stream of several tracks: Info frame, frames, silent tail. A decoder starts at sample 0."""
    samples = sum(each.samples for each in tracks)
    with tracks[0].file.open("rb") as first:
        header = first.read(4)
    tail = b"".join(_frames(iter([bytes(2 * _TAIL_FRAMES * encoding.frame_samples)]), encoding))
    size = sum(each.file.stat().st_size for each in tracks) + len(tail)
    yield _info_frame(header, encoding, samples=samples, size=size)
    for each in tracks:
        with each.file.open("rb") as frames_of_one:
            while block := frames_of_one.read(_BLOCK_FRAMES * encoding.frame_bytes):
                yield block
    yield tail


def _blocks(sound: wave.Wave_read, encoding: Mp3) -> Iterator[bytes]:
    import numpy as np

    while block := sound.readframes(_BLOCK_FRAMES * encoding.frame_samples):
        samples = np.frombuffer(block, "<i2") * np.float32(_GAIN)
        np.clip(np.rint(samples, out=samples), -32768, 32767, out=samples)
        yield samples.astype("<i2").tobytes()


def _frames(pcm: Iterator[bytes], encoding: Mp3) -> Iterator[bytes]:
    """Whole frames for PCM that is whole frames long; the encoder's flush holds only the closing silence and is dropped."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(encoding.rate)
    encoder.set_out_sample_rate(encoding.rate)
    encoder.set_bit_rate(encoding.kbps)
    encoder.set_quality(_QUALITY)
    frames, begun = 0, b""
    for block in pcm:
        frames += len(block) // 2 // encoding.frame_samples
        coming = begun + encoder.encode(block)
        count, end = _whole(coming, encoding, most=frames)
        frames, begun = frames - count, coming[end:]
        yield coming[:end]
    rest = begun + encoder.flush()
    yield rest[: _whole(rest, encoding, most=frames)[1]]


def _whole(stream: bytes, encoding: Mp3, *, most: int) -> tuple[int, int]:
    """How many frames are whole at the beginning, no more than ``most``, and where they end."""
    if encoding.is_exact:
        count = min(most, len(stream) // encoding.frame_bytes)
        return count, count * encoding.frame_bytes
    count = end = 0
    while count < most and end + 2 < len(stream):
        size = encoding.frame_bytes + _padding(stream[end + 2])
        if end + size > len(stream):
            break
        count, end = count + 1, end + size
    return count, end


def _padding(third_byte: int) -> int:
    """The byte that some frames have more."""
    return third_byte >> 1 & 1


def _info_frame(header: bytes, encoding: Mp3, *, samples: int, size: int) -> bytes:
    low = encoding.rate < 32_000
    side = 9 if low else 17
    needed = 4 + side + 120 + 36
    sizes = [
        encoding.frame_samples // 8 * kbps * 1000 // encoding.rate for kbps in _BITRATES["mpeg2" if low else "mpeg1"]
    ]
    index = next(i for i, each in enumerate(sizes) if each >= needed)
    own = bytes([header[0], header[1], index << 4 | header[2] & 0x0C, header[3]])
    frames = samples // encoding.frame_samples + _TAIL_FRAMES
    total = sizes[index] + size
    padding = frames * encoding.frame_samples - samples - _LAME_DELAY
    body = own + bytes(side) + b"Info" + struct.pack(">III", 0xF, frames, total)
    body += bytes(i * 256 // 100 for i in range(100)) + struct.pack(">I", 50)
    body += b"LAME3.100" + bytes([1, 0]) + bytes(8) + bytes([0, min(255, encoding.kbps)])
    body += struct.pack(">I", _LAME_DELAY << 12 | padding)[1:] + bytes(4) + struct.pack(">I", total) + bytes(2)
    body += struct.pack(">H", _crc16(body))
    return body + bytes(sizes[index] - len(body))


def _crc16(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
