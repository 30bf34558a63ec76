"""Room for what Opus adds to a peak: lower peaks, the same loudness; and where a decoded sound is still too high."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiobook.editions.decoding import high_places
from audiobook.editions.headroom import with_headroom
from audiobook.loudness import hop_powers, integrated_lufs, limited

RATE = 24_000


@pytest.fixture
def track(tmp_path: Path) -> Path:
    """25 s, longer than two blocks: a buzz with bursts that reach -2 dBFS."""
    time = np.arange(25 * RATE) / RATE
    bursts = 0.25 + 0.55 * ((4 * (time - 0.001)) % 1 < 0.1)  # one begins a millisecond behind each block's edge
    file = tmp_path / "bai.wav"
    soundfile.write(file, 0.99 * bursts * np.sign(np.sin(2 * np.pi * 150 * time)), RATE, subtype="PCM_16")
    return file


def loudness(samples: np.ndarray) -> float:
    return integrated_lufs([hop_powers(samples.astype(np.float32), RATE)])


def test_peaks_are_lower_and_the_loudness_is_the_same(track: Path, tmp_path: Path) -> None:
    with_headroom(track, tmp_path / "thap.wav", ceiling_dbfs=-4)
    before, after = (soundfile.read(tmp_path / name)[0] for name in ("bai.wav", "thap.wav"))
    assert len(after) == len(before)
    assert 20 * np.log10(np.abs(before).max()) > -2.1
    assert 20 * np.log10(np.abs(after).max()) <= -3.999
    assert abs(loudness(after) - loudness(before)) < 0.15


def test_what_is_made_louder_is_so_by_what_was_asked_for(track: Path, tmp_path: Path) -> None:
    for added in (0.0, 0.5):
        with_headroom(track, tmp_path / f"{added}.wav", ceiling_dbfs=-4, louder_lu=added)
    plain, louder = (loudness(soundfile.read(tmp_path / f"{added}.wav")[0]) for added in (0.0, 0.5))
    assert 0.4 < louder - plain < 0.6


def test_silence_stays_silence(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "lang.wav", np.zeros(RATE), RATE, subtype="PCM_16")
    with_headroom(tmp_path / "lang.wav", tmp_path / "thap.wav", ceiling_dbfs=-4)
    assert not soundfile.read(tmp_path / "thap.wav")[0].any()


def test_blocks_are_joined_as_if_there_were_none(track: Path, tmp_path: Path) -> None:
    with_headroom(track, tmp_path / "thap.wav", ceiling_dbfs=-4)
    before, after = (soundfile.read(tmp_path / name, dtype="float32")[0] for name in ("bai.wav", "thap.wav"))
    soft = np.abs(before) < 0.26  # nothing is limited there but beside a burst: its gain is the whole track's
    gain = np.median(after[soft & (np.abs(before) > 0.2)] / before[soft & (np.abs(before) > 0.2)])
    at_once = limited(before * np.float32(gain), RATE, ceiling_dbfs=-4)
    assert np.abs(after - at_once).max() < 1e-3


def test_a_peak_that_is_too_high_is_found_in_its_hundredth_of_a_second(tmp_path: Path) -> None:
    sound = np.zeros(25 * RATE, np.float32)
    for second in (3.005, 9.99997, 21.115):  # the second lies at the edge of a block
        sound[round(second * RATE)] = 0.95
    soundfile.write(tmp_path / "cao.wav", sound, RATE, subtype="FLOAT")
    found = high_places(tmp_path / "cao.wav", over=0.9)
    assert {300, 999, 2111} <= set(found) <= {299, 300, 301, 998, 999, 1000, 2111}
    assert all(0.94 < height < 0.96 for height in found.values())
    assert high_places(tmp_path / "cao.wav", over=0.96) == {}


def test_the_peak_of_a_file_is_looked_for_between_its_samples_too(tmp_path: Path) -> None:
    file = tmp_path / "cao.wav"
    at = np.arange(25 * RATE)
    soundfile.write(file, 0.5 * np.sin(2 * np.pi * at / 4 + np.pi / 4), RATE, subtype="PCM_16")  # samples at 0.35
    assert not high_places(file, over=0.51)
    assert all(abs(height - 0.5) < 0.01 for height in high_places(file, over=0.49).values())


def test_a_peak_between_the_last_sample_of_a_block_and_the_first_of_the_next_is_found(tmp_path: Path) -> None:
    file, at = tmp_path / "cao.wav", np.arange(25 * RATE)
    burst = np.abs(at - 10 * RATE) <= 10
    soundfile.write(file, 0.5 * burst * np.sin(2 * np.pi * at / 4 + np.pi / 4), RATE, subtype="PCM_16")
    found = high_places(file, over=0.45)
    assert found
    assert set(found) <= {999, 1000}
