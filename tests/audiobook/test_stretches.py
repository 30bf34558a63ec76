"""A chapter of several paragraphs is mastered and encoded in stretches: a changed sentence costs its own, and nobody hears it."""

import itertools
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiobook.editions.encode import Encoded, by_chapter, encoded
from audiobook.editions.frames import Mp3, stream
from audiobook.editions.opus import Opus, write_opus
from audiobook.mastering.master import Programme, master
from audiobook.mastering.mix import HIGH, HORNS
from audiobook.mastering.stretches import stretches
from audiobook.model.narration import Narration, Passage, Utterance
from audiobook.model.recording import Recording, Take

RATE = 24_000
PARAGRAPHS = (4, 6, 3)
"""Sentences of 3 s each; the second is long enough to be cut in its middle."""


def take(folder: Path, name: str, seconds: float = 3.0) -> Take:
    time = np.arange(int(seconds * RATE)) / RATE
    noise = np.random.default_rng(len(name) + int(seconds * 10)).standard_normal(len(time))
    voiced = np.sign(np.sin(2 * np.pi * 140 * time)) * (0.5 + 0.5 * np.sin(2 * np.pi * 4 * time)) + 0.05 * noise
    soundfile.write(folder / f"{name}.flac", 0.2 * voiced * np.hanning(len(time)) ** 0.1, RATE, subtype="PCM_16")
    return Take(key=name, voice="thap", folder=folder, samples=len(time), rate=RATE)


def passage(name: str, paragraphs: Sequence[int]) -> Passage:
    said = [
        Utterance(
            id=f"{name}b{block}s{sentence}", source=f"{name}b{block}s{sentence}", part="text", pieces=("x",), segments=(),
            pause_ms=1200 if sentence == count else 700,
        )
        for block, count in enumerate(paragraphs, start=1)
        for sentence in range(1, count + 1)
    ]  # fmt: skip
    return Passage(id=name, title=name, utterances=(*said[:-1], replace(said[-1], pause_ms=2400)))


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    narration = Narration(passages=(passage("c01", PARAGRAPHS), passage("c02", (2,))))
    takes = {each.id: take(tmp_path, each.id) for each in narration.utterances}
    return Programme(narration=narration, takes=takes, levels={"thap": -20.0})


def mastered(programme: Programme, folder: Path) -> Recording:
    ((made,),) = master([programme], folder=folder / "masters", workers=1, progress=lambda done, total: None)
    return made


def encode(recording: Recording, encoding: Mp3 | Opus, folder: Path) -> tuple[Encoded, ...]:
    wanted = [(track, encoding) for track in recording.tracks]
    return encoded(wanted, cache=folder / "encoded", workers=1, progress=lambda done, total: None)


def decoded(file: Path) -> np.ndarray:
    command = ["ffmpeg", "-v", "error", "-i", file, "-ar", str(RATE), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32)


def cuts(wanted: Passage, takes: dict[str, Take]) -> list[str]:
    return [piece.utterances[-1].id for piece in stretches(wanted, takes)]


def test_a_chapter_is_cut_in_and_behind_its_paragraphs_and_its_silence_stays_as_long_as_it_was(
    programme: Programme, tmp_path: Path
) -> None:
    recording = mastered(programme, tmp_path)
    ends = cuts(programme.narration.passages[0], dict(programme.takes))
    assert ends == ["c01b1s4", "c01b2s3", "c01b2s6", "c01b3s3"]
    assert [track.chapter for track in recording.tracks] == ["c01", "c01", "c01", "c01", "c02"]
    assert [cue.id for cue in recording.timeline.chapters] == ["c01", "c02"]
    times = {cue.id: cue for cue in recording.timeline.sentences}
    for before, after in itertools.pairwise(programme.narration.passages[0].utterances):
        silence = times[after.id].start_ms - times[before.id].end_ms
        assert before.pause_ms - 1 <= silence <= before.pause_ms + (120 if before.id in ends else 1)
    assert recording.timeline.chapters[1].start_ms == sum(track.samples for track in recording.tracks[:4]) // 24


@pytest.mark.parametrize("mix", [HIGH, HORNS])
def test_every_mix_is_cut_at_the_same_places(programme: Programme, tmp_path: Path, mix: object) -> None:
    recording = mastered(replace(programme, mixes=(mix,), is_followed=False), tmp_path)
    assert [track.chapter for track in recording.tracks] == ["c01", "c01", "c01", "c01", "c02"]
    assert recording.timeline.chapters[0].end_ms == pytest.approx(
        mastered(programme, tmp_path).timeline.chapters[0].end_ms, abs=0 if mix is HIGH else 360
    )


def test_short_paragraphs_stay_together(programme: Programme) -> None:
    lines = passage("c02", (1, 1, 1, 1))
    takes = {each.id: replace(programme.takes["c01b1s1"], key=each.id) for each in lines.utterances}
    assert cuts(lines, takes) == ["c02b4s1"]


def test_a_longer_paragraph_moves_no_cut_of_the_others(programme: Programme) -> None:
    takes = dict(programme.takes)
    takes |= {f"c01b1s{n}": replace(takes["c01b1s1"], key=f"c01b1s{n}") for n in range(5, 9)}
    before, after = cuts(passage("c01", PARAGRAPHS), takes), cuts(passage("c01", (8, *PARAGRAPHS[1:])), takes)
    assert before == ["c01b1s4", *after[2:]]
    assert after == ["c01b1s3", "c01b1s8", "c01b2s3", "c01b2s6", "c01b3s3"]


@pytest.mark.parametrize(("pause_ms", "ends"), [(599, ["c01b1s6"]), (600, ["c01b1s3", "c01b1s6"])])
def test_a_sentence_is_cut_from_the_next_where_the_pause_has_room_for_a_beginning(
    programme: Programme, pause_ms: int, ends: list[str]
) -> None:
    wanted = passage("c01", (6,))
    takes = {each.id: programme.takes["c01b1s1"] for each in wanted.utterances}
    hurried = tuple(replace(each, pause_ms=min(each.pause_ms, pause_ms)) for each in wanted.utterances)
    assert cuts(replace(wanted, utterances=hurried), takes) == ends


@pytest.mark.parametrize(("seconds", "count"), [(7.99, 1), (8.0, 2)])
def test_a_stretch_is_at_least_eight_seconds_long(programme: Programme, seconds: float, count: int) -> None:
    wanted = passage("c01", (1, 1))
    one = programme.takes["c01b1s1"]
    takes = {each.id: replace(one, samples=round(seconds * one.rate)) for each in wanted.utterances}
    assert len(cuts(wanted, takes)) == count


def test_what_is_said_twice_is_cut_behind_the_first_time_too(programme: Programme) -> None:
    once = passage("c01", (4,))
    assert len(list(stretches(replace(once, utterances=once.utterances * 2), dict(programme.takes)))) == 2


def test_a_passage_that_says_nothing_is_one_stretch() -> None:
    silent = Passage(id="greeting", title="", utterances=())
    assert list(stretches(silent, {})) == [silent]


def test_one_changed_sentence_masters_and_encodes_its_stretch_only(programme: Programme, tmp_path: Path) -> None:
    before = mastered(programme, tmp_path)
    was = {kind.name: encode(before, kind, tmp_path) for kind in (Mp3(), Opus())}
    times = {file: file.stat().st_mtime_ns for file in (tmp_path / "encoded").iterdir()}
    changed = replace(programme, takes={**programme.takes, "c01b2s2": take(tmp_path, "khac", 3.37)})
    after = mastered(changed, tmp_path)
    assert [a == b for a, b in zip(before.tracks, after.tracks, strict=True)] == [True, False, True, True, True]
    for kind in (Mp3(), Opus()):
        now = encode(after, kind, tmp_path)
        assert [a == b for a, b in zip(was[kind.name], now, strict=True)] == [True, False, True, True, True]
    made = {file: file.stat().st_mtime_ns for file in (tmp_path / "encoded").iterdir()}
    assert made.items() >= times.items()
    assert len(made) == len(times) + 2


def test_what_is_encoded_together_is_as_if_it_had_been_encoded_alone(programme: Programme, tmp_path: Path) -> None:
    recording = mastered(programme, tmp_path)
    together = encode(recording, Opus(), tmp_path)
    for track, file in zip(recording.tracks, together, strict=True):
        Opus().write([(track.file, tmp_path / "alone.opus")])
        assert (tmp_path / "alone.opus").read_bytes() == file.file.read_bytes()


def test_the_whole_and_a_chapter_of_several_stretches_are_exact_to_the_sample(
    programme: Programme, tmp_path: Path
) -> None:
    recording = mastered(programme, tmp_path)
    original = np.concatenate([soundfile.read(track.file, dtype="float32")[0] for track in recording.tracks])
    files = encode(recording, Mp3(), tmp_path)
    chapter = by_chapter(recording.tracks, files)["c01"]
    assert len(chapter) == 4
    for tracks, length in ((files, len(original)), (chapter, sum(each.samples for each in chapter))):
        (tmp_path / "a.mp3").write_bytes(b"".join(stream(tracks, Mp3())))
        sound = decoded(tmp_path / "a.mp3")
        assert len(sound) == length
        for start in np.cumsum([0, *[each.samples for each in tracks[:-1]]]):
            piece = slice(start + RATE, start + 3 * RATE)
            match = [float(np.dot(original[piece], np.roll(sound, -shift)[piece])) for shift in range(-40, 41)]
            assert int(np.argmax(match)) == 40


@pytest.mark.parametrize("encoding", [Mp3(), Mp3(kbps=32), Opus()])
def test_stretches_join_in_silence(programme: Programme, tmp_path: Path, encoding: Mp3 | Opus) -> None:
    recording = mastered(programme, tmp_path)
    tracks = encode(recording, encoding, tmp_path)
    if isinstance(encoding, Opus):
        write_opus(tmp_path / "a", tracks, encoding, comments=())
    else:
        (tmp_path / "a").write_bytes(b"".join(stream(tracks, encoding)))
    sound = decoded(tmp_path / "a")
    assert len(sound) == sum(track.samples for track in recording.tracks)
    for join in np.cumsum([track.samples for track in recording.tracks])[:-1]:
        around = sound[join - RATE // 2 : join + RATE // 5]
        assert np.abs(around).max() < 10 ** (-70 / 20)
