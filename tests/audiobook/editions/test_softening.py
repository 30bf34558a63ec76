"""Sentences of an Opus chapter that are too high when decoded: they alone are encoded again, held lower."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiobook.editions import opus
from audiobook.editions.decoding import decoded, high_places
from audiobook.editions.opus import Opus
from audiobook.editions.softening import Dip, in_track, stretches, write_stretches

RATE, PACKET = 24_000, 480
SPOKEN = [(0.4, 2.2, 0.3), (2.6, 5.8, 0.95), (6.2, 8.0, 0.3), (8.4, 10.0, 0.95), (10.4, 11.6, 0.3)]
"""Sentences with silence around them: from, to (in seconds), how high; a buzz that begins and breaks off at once."""


@pytest.fixture
def chapter(tmp_path: Path) -> Path:
    time = np.arange(12 * RATE) / RATE
    buzz = sum(np.sin(2 * np.pi * 150 * harmonic * time) / harmonic for harmonic in range(1, 11)) / 1.85
    buzz *= 0.7 + 0.3 * np.sin(2 * np.pi * 3 * time)
    loud = sum(((time >= first) & (time < last)) * height for first, last, height in SPOKEN)
    file = tmp_path / "bai.wav"
    soundfile.write(file, loud * buzz, RATE, subtype="PCM_16")
    return file


def heard(file: Path) -> np.ndarray:
    return np.concatenate([block for block, _ in decoded(file)])


def test_a_place_lies_in_the_sentence_between_two_silences(chapter: Path) -> None:
    (found,) = stretches(chapter, [300, 301, 550])
    assert found.start == pytest.approx((2.2 + 2.6) / 2 * 50, abs=1)
    assert found.stop == pytest.approx((5.8 + 6.2) / 2 * 50, abs=1)
    assert [each.start for each in stretches(chapter, [900, 300])] == sorted([found.start, found.stop + 110])


def test_sentences_follow_one_another_from_the_first_packet_to_the_last(chapter: Path) -> None:
    found = stretches(chapter, range(1201))
    assert (found[0].start, found[-1].stop) == (0, 600)
    assert all(before.stop == after.start for before, after in pairwise(found))
    assert len(found) == len(SPOKEN) + 2  # the halves of the first and the last silence are by themselves


def test_a_sound_that_is_never_silent_is_one_sentence(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "lien.wav", np.full(RATE, 0.1), RATE, subtype="PCM_16")
    assert stretches(tmp_path / "lien.wav", [0, 50, 99, 100]) == [range(50)]


def test_a_silence_that_is_too_short_is_not_cut(tmp_path: Path) -> None:
    sound = np.full(RATE, 0.1)
    sound[10 * PACKET : 17 * PACKET] = 0
    soundfile.write(tmp_path / "lien.wav", sound, RATE, subtype="PCM_16")
    assert stretches(tmp_path / "lien.wav", [50]) == [range(50)]
    sound[17 * PACKET : 18 * PACKET] = 0
    soundfile.write(tmp_path / "lien.wav", sound, RATE, subtype="PCM_16")
    assert stretches(tmp_path / "lien.wav", [0, 50]) == [range(14), range(14, 50)]


def test_a_dip_is_heard_where_it_was_asked_for_and_nowhere_else(chapter: Path, tmp_path: Path) -> None:
    where = [range(120, 300), range(410, 510)]
    write_stretches(chapter, tmp_path / "khong.wav", where, [])
    write_stretches(chapter, tmp_path / "co.wav", where, [Dip(at_s=9.0, gain=0.5)])
    plain, dipped = (soundfile.read(tmp_path / name, dtype="float32")[0] for name in ("khong.wav", "co.wav"))
    whole = soundfile.read(chapter, dtype="float32")[0]
    assert len(plain) == 280 * PACKET
    assert np.abs(plain[180 * PACKET :] - whole[410 * PACKET : 510 * PACKET]).max() < 1e-4
    at = 180 * PACKET + 9 * RATE - 410 * PACKET
    changed = np.flatnonzero(plain != dipped)
    assert at - 0.07 * RATE < changed.min() < changed.max() < at + 0.07 * RATE
    assert dipped[at] == pytest.approx(plain[at] / 2, abs=1e-3)


def test_a_place_in_the_sentences_together_is_told_as_one_of_the_chapter() -> None:
    where = [range(120, 300), range(410, 510)]
    assert in_track({0: 0.9, 359: 0.91, 360: 0.92, 561: 0.93}, where) == {240: 0.9, 599: 0.91, 820: 0.92, 1019: 0.93}


def test_only_sentences_that_are_too_high_are_exchanged_and_then_none_is(
    chapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opus, "_CEILING_DBFS", -1.0)
    plain = tmp_path / "thang.opus"
    with monkeypatch.context() as unheard:
        unheard.setattr(opus, "high_places", lambda file, over: {})
        Opus().write([(chapter, plain)])
    high = high_places(plain, over=opus._HIGHEST)
    assert high
    assert all(259 <= place <= 581 or 839 <= place <= 1001 for place in high)
    Opus().write([(chapter, tmp_path / "bai.opus")])
    assert high_places(tmp_path / "bai.opus", over=opus._HIGHEST) == {}
    before, after = heard(plain), heard(tmp_path / "bai.opus")
    assert len(before) == len(after) == 12 * 48_000
    for first, last, height in SPOKEN:
        said = slice(round(first * 48_000), round(last * 48_000))
        assert bool((before[said] == after[said]).all()) == (height < 0.5)
    assert Opus().is_whole(tmp_path / "bai.opus", 12 * RATE)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bai.opus", "bai.wav", "thang.opus"]


def test_what_is_still_too_high_is_held_lower_again(
    chapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[float, float]] = []
    found = iter([{300: 1.4, 900: 0.95}, {60: 0.95}, {}])  # 0.6 s into the first sentence, which begins at 2.4 s

    def noted(sound: Path, target: Path, packets: list[range], dips: list[Dip]) -> None:
        asked.append({round(dip.at_s, 3): dip.gain for dip in dips})
        write_stretches(sound, target, packets, dips)

    monkeypatch.setattr(opus, "write_stretches", noted)
    monkeypatch.setattr(opus, "high_places", lambda file, over: next(found))
    Opus().write([(chapter, tmp_path / "bai.opus")])
    first, second = asked
    assert sorted(first) == [3.005, 9.005]
    assert first[3.005] < first[9.005] < 10 ** (-1 / 20)
    assert second == first | {3.005: pytest.approx(first[3.005] * 0.85 * 10 ** (-1 / 20) / 0.95)}
