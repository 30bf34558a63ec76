"""Packets of Opus, bundled so that they are decoded in half of the time: the same sound, bit by bit."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiobook.editions.decoding import decoded
from audiobook.editions.ogg import bundled, lay, packets
from audiobook.editions.opus import Opus

RATE = 24_000


@pytest.fixture(params=[24, 128])
def encoded(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Noise that comes and goes: at 128 kbps many packets are longer than 251 bytes, whose length takes two."""
    time = np.arange(3 * RATE) / RATE
    noise = np.random.default_rng(1).normal(scale=0.2, size=time.size) * (np.sin(2 * np.pi * 0.7 * time) > 0)
    soundfile.write(tmp_path / "nhieu.wav", np.clip(noise, -1, 1), RATE, subtype="PCM_16")
    Opus(kbps=request.param).write([(tmp_path / "nhieu.wav", tmp_path / "nhieu.opus")])
    return tmp_path / "nhieu.opus"


def heard(file: Path) -> np.ndarray:
    return np.concatenate([block for block, _ in decoded(file)])


def test_bundled_packets_are_the_same_sound_in_a_sixth_as_many(encoded: Path) -> None:
    head, tags, *sound = packets(encoded)
    large = encoded.with_name("lon.opus")
    lay(large, head, tags, bundled(sound), samples=3 * 48_000)
    np.testing.assert_array_equal(heard(large), heard(encoded))
    assert soundfile.info(large).frames == 3 * RATE
    assert len(list(islice(packets(large), 2, None))) < len(sound) / 5


def test_packets_are_bundled_only_with_their_like() -> None:
    silk, celt, pair = b"\x48a", b"\xb8bb", b"\x49cc"  # another mode; two frames in one already
    assert list(bundled([silk, silk, celt, pair, silk])) == [b"\x4b\x82\x01aa", celt, pair, silk]
    assert list(bundled([])) == []


def test_no_packet_is_longer_than_120_ms() -> None:
    assert list(bundled([b"\x48a"] * 7)) == [b"\x4b\x86" + b"\x01" * 5 + b"a" * 6, b"\x48a"]
