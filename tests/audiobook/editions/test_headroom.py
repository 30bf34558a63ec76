"""Room for what Opus adds to a peak: lower peaks, the same loudness, and single moments lower still where that was not enough."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiobook.editions import opus
from audiobook.editions.decoding import high_places
from audiobook.editions.headroom import Dip, with_headroom
from audiobook.editions.opus import Opus
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


def test_blocks_are_joined_as_if_there_were_none(track: Path, tmp_path: Path) -> None:
    with_headroom(track, tmp_path / "thap.wav", ceiling_dbfs=-4)
    before, after = (soundfile.read(tmp_path / name, dtype="float32")[0] for name in ("bai.wav", "thap.wav"))
    soft = np.abs(before) < 0.26  # nothing is limited there but beside a burst: its gain is the whole track's
    gain = np.median(after[soft & (np.abs(before) > 0.2)] / before[soft & (np.abs(before) > 0.2)])
    at_once = limited(before * np.float32(gain), RATE, ceiling_dbfs=-4)
    assert np.abs(after - at_once).max() < 1e-3


def test_a_dip_is_heard_where_it_was_asked_for_and_nowhere_else(track: Path, tmp_path: Path) -> None:
    with_headroom(track, tmp_path / "khong.wav", ceiling_dbfs=-4)
    with_headroom(track, tmp_path / "co.wav", ceiling_dbfs=-4, dips=[Dip(at_s=10.0, gain=0.5)])  # on a block's edge
    plain, dipped = (soundfile.read(tmp_path / name, dtype="float32")[0] for name in ("khong.wav", "co.wav"))
    changed = np.flatnonzero(plain != dipped) / RATE
    assert 9.93 < changed.min() < changed.max() < 10.07
    assert dipped[10 * RATE] == pytest.approx(plain[10 * RATE] / 2, abs=1e-4)


def test_where_the_decoded_sound_is_too_high_that_moment_is_held_lower_until_it_is_not(
    track: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[Dip]] = []
    found = iter([{1001: 1.4, 2002: 0.95}, {1001: 0.95}, {}])

    def noted(sound: Path, target: Path, *, ceiling_dbfs: float, louder_lu: float, dips: list[Dip]) -> None:
        asked.append(dips)
        with_headroom(sound, target, ceiling_dbfs=ceiling_dbfs, louder_lu=louder_lu, dips=dips)

    monkeypatch.setattr(opus, "with_headroom", noted)
    monkeypatch.setattr(opus, "high_places", lambda file, over: next(found))
    Opus().write(track, tmp_path / "bai.opus")
    gains = [{round(dip.at_s, 3): dip.gain for dip in dips} for dips in asked]
    assert [sorted(each) for each in gains] == [[], [10.015, 20.025], [10.015, 20.025]]
    assert gains[1][10.015] < gains[1][20.025] < 10 ** (-1 / 20)
    assert gains[2][10.015] < gains[1][10.015]
    assert gains[2][20.025] == gains[1][20.025]
    assert [file.name for file in tmp_path.glob("*.wav")] == ["bai.wav"]


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
