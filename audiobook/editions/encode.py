"""A track -> its MP3 frames, kept; tracks' frames join byte by byte into one stream, exact to the sample.

At 24 kHz (and 48 kHz) an MP3 frame lasts 24 ms and constant-bit-rate frames have one size, so a chapter that is whole
frames long and ends in silence can be encoded alone, and time = frame * 24 ms. Sources: ISO/IEC 11172-3 and 13818-3; the
Info tag after LAME's own (lame/libmp3lame/VbrTag.c).
"""

import hashlib
import multiprocessing
import os
import struct
import wave
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from audiobook.errors import writing
from audiobook.model.recording import Track

_ENCODER = "lame 7 +0.45 dB 1"
"""Quality and gain; part of the cache's key. LAME scales its input by 0.95, which the gain makes good."""

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
class Encoding:
    """Mono, constant bit rate."""

    rate: int = 24_000
    kbps: int = 64

    @property
    def frame_samples(self) -> int:
        """Samples in a frame."""
        return 1152 if self.rate >= 32_000 else 576

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame; one size only where the rate divides evenly (not at 44.1 kHz)."""
        return self.frame_samples // 8 * self.kbps * 1000 // self.rate


def encoded_tracks(
    tracks: Sequence[Track],
    encoding: Encoding,
    *,
    cache: Path,
    workers: int,
    progress: Callable[[int, int], None],
) -> tuple[Path, ...]:
    """The frames of each track as a file; only those are encoded that the cache does not hold.

    Raises:
        DiskFull, NotWritable: finished ones are kept.
    """
    files = [cache / f"{_key(track, encoding)}.frames" for track in tracks]
    whole = [track.samples // encoding.frame_samples * encoding.frame_bytes for track in tracks]
    missing = [
        (track, file)
        for track, file, size in zip(tracks, files, whole, strict=True)
        if not (file.is_file() and file.stat().st_size == size)
    ]
    progress(len(tracks) - len(missing), len(tracks))
    if len(missing) == 1:
        _encode(*missing[0], encoding)
    elif missing:
        with ProcessPoolExecutor(min(workers, len(missing)), multiprocessing.get_context("spawn")) as pool:
            jobs = [pool.submit(_encode, track, file, encoding) for track, file in missing]
            for done, job in enumerate(as_completed(jobs), start=len(tracks) - len(missing) + 1):
                job.result()
                progress(done, len(tracks))
    return tuple(files)


def stream(files: Sequence[Path], encoding: Encoding) -> Iterator[bytes]:
    """One MP3 stream of several tracks' frames: Info frame, frames, silent tail. A decoder starts at sample 0."""
    frames = sum(file.stat().st_size for file in files) // encoding.frame_bytes
    with files[0].open("rb") as first:
        header = first.read(4)
    yield _info_frame(header, encoding, frames=frames + _TAIL_FRAMES, samples=frames * encoding.frame_samples)
    for file in files:
        with file.open("rb") as frames_of_one:
            while block := frames_of_one.read(_BLOCK_FRAMES * encoding.frame_bytes):
                yield block
    yield _frames(iter([bytes(2 * _TAIL_FRAMES * encoding.frame_samples)]), encoding)


def _key(track: Track, encoding: Encoding) -> str:
    return hashlib.sha256(f"{track.key} {encoding.rate} {encoding.kbps} {_ENCODER}".encode()).hexdigest()


def _encode(track: Track, file: Path, encoding: Encoding) -> None:
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        coming = file.with_name(f".tmp-{os.getpid()}-{file.name[:16]}")
        try:
            with wave.open(str(track.file), "rb") as sound:
                coming.write_bytes(_frames(_blocks(sound, encoding), encoding))
            coming.replace(file)
        finally:
            coming.unlink(missing_ok=True)


def _blocks(sound: wave.Wave_read, encoding: Encoding) -> Iterator[bytes]:
    import numpy as np

    while block := sound.readframes(_BLOCK_FRAMES * encoding.frame_samples):
        samples = np.frombuffer(block, "<i2").astype(np.float32) * np.float32(_GAIN)
        yield np.clip(np.round(samples), -32768, 32767).astype("<i2").tobytes()


def _frames(pcm: Iterator[bytes], encoding: Encoding) -> bytes:
    """Whole frames for PCM that is whole frames long; the encoder's flush holds only the closing silence and is dropped."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(encoding.rate)
    encoder.set_out_sample_rate(encoding.rate)
    encoder.set_bit_rate(encoding.kbps)
    encoder.set_quality(_QUALITY)
    out, samples = bytearray(), 0
    for block in pcm:
        samples += len(block) // 2
        out += encoder.encode(block)
    out += encoder.flush()
    return bytes(out[: samples // encoding.frame_samples * encoding.frame_bytes])


def _info_frame(header: bytes, encoding: Encoding, *, frames: int, samples: int) -> bytes:
    low = encoding.rate < 32_000
    side = 9 if low else 17
    table = _BITRATES["mpeg2" if low else "mpeg1"]
    needed = 4 + side + 120 + 36
    sizes = [encoding.frame_samples // 8 * kbps * 1000 // encoding.rate for kbps in table]
    index = next(i for i, size in enumerate(sizes) if size >= needed)
    own = bytes([header[0], header[1], index << 4 | header[2] & 0x0C, header[3]])
    total = sizes[index] + frames * encoding.frame_bytes
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
