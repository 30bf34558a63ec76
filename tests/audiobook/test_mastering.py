"""Takes -> a levelled track and exact times; then MP3, tags, subtitles. Everything is decoded and measured."""

import datetime
import itertools
import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3

from audiobook.disk import digest
from audiobook.editions.chapters import chapters_json
from audiobook.editions.encode import encoded
from audiobook.editions.frames import Mp3, stream
from audiobook.editions.id3 import Tag, tag
from audiobook.editions.job import Job, Masters
from audiobook.editions.mp3 import ISSUE, issue_mp3
from audiobook.editions.texts import sentence_texts
from audiobook.editions.transcripts import podcast_json, subrip, webvtt
from audiobook.errors import EditionError, SettingsError
from audiobook.loudness import hop_powers, integrated_lufs, limited, true_peak
from audiobook.mastering import master as mastering
from audiobook.mastering.clips import CHIME, clip
from audiobook.mastering.master import Programme, known_level, master, measure_level
from audiobook.mastering.mix import EARS, HIGH, HORNS
from audiobook.model.issue import Block, Chapter, Issue, Kind, Sentence
from audiobook.model.narration import Narration, Passage, Utterance
from audiobook.model.publication import Bulletin, Podcast, Publisher, Site
from audiobook.model.recording import Cue, Recording, Take, Timeline

RATE = 24_000
BULLETIN = Bulletin(
    publisher=Publisher(name="Nhà xuất bản", licence_number="12", supplier="Trung tâm"),
    podcast=Podcast(guid="g", title="Bản tin", description=""),
    site=Site(base_url="https://bantin.example.vn"),
)


def speechlike(seconds: float, rate: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    voiced = np.sign(np.sin(2 * np.pi * 140 * time)) * (
        0.5 + 0.5 * np.sin(2 * np.pi * 4 * time)
    ) + 0.05 * rng.standard_normal(len(time))
    return (0.2 * voiced * np.hanning(len(time)) ** 0.1).astype(np.float32)


def take(folder: Path, name: str, seconds: float, *, rate: int = 22_050, edge_s: float = 0.2) -> Take:
    edge = np.zeros(int(edge_s * rate), np.float32)
    samples = np.concatenate([edge, speechlike(seconds, rate, len(name)), edge])
    file = folder / f"{name}.flac"
    soundfile.write(file, samples, rate, subtype="PCM_16")
    return Take(key=name, voice="thap", folder=folder, samples=len(samples), rate=rate)


def narration(shape: dict[str, list[str]], pause_ms: int = 700) -> Narration:
    return Narration(
        passages=tuple(
            Passage(
                id=chapter,
                title=f"Bài {chapter}",
                utterances=tuple(
                    Utterance(
                        id=name,
                        source=name,
                        part="text",
                        pieces=("x",),
                        segments=(),
                        pause_ms=2400 if name == names[-1] else pause_ms,
                    )
                    for name in names
                ),
            )
            for chapter, names in shape.items()
        )
    )


SHAPE = {"c01": ["c01h", "c01b01s1", "c01b01s2"], "c02": ["c02h", "c02b01s1"]}


@pytest.fixture
def takes(tmp_path: Path) -> dict[str, Take]:
    names = itertools.chain.from_iterable(SHAPE.values())
    return {name: take(tmp_path, name, 1.5 + 0.37 * n) for n, name in enumerate(names)}


def mastered(takes: dict[str, Take], folder: Path, **more: object) -> Recording:
    wanted = {"narration": narration(SHAPE), "takes": takes, "levels": {"thap": measure_level(tuple(takes.values()))}}
    ((made,),) = master(
        [Programme(**(wanted | more))], folder=folder / "masters", workers=2, progress=lambda done, total: None
    )
    return made


@pytest.mark.parametrize("rate", [22_050, 24_000, 48_000])
def test_a_take_that_several_masters_are_made_of_sounds_as_if_each_were_alone(tmp_path: Path, rate: int) -> None:
    takes = {
        name: take(tmp_path, name, 1.5, rate=rate, edge_s=0) for name in itertools.chain.from_iterable(SHAPE.values())
    }
    wanted = Programme(narration=narration(SHAPE), takes=takes, levels={"thap": -20.0}, mixes=(EARS, HIGH, HORNS))
    (together,) = master([wanted], folder=tmp_path / "masters", workers=1, progress=lambda done, total: None)
    for mix, recording in zip(wanted.mixes, together, strict=True):
        alone = [replace(wanted, mixes=(mix,))]
        ((expected,),) = master(alone, folder=tmp_path / mix.name, workers=1, progress=lambda done, total: None)
        assert [track.sha256 for track in recording.tracks] == [track.sha256 for track in expected.tracks]


def pcm(recording: Recording) -> np.ndarray:
    return np.concatenate([soundfile.read(track.file, dtype="float32")[0] for track in recording.tracks])


def job(recording: Recording, folder: Path) -> Job:
    (folder / "editions").mkdir(exist_ok=True)
    return Job(
        issue=issue(), recording=recording, masters=Masters(), pieces=(), plans=(), logo=b"", lexicon={}, bulletin=BULLETIN, voices=(), source=folder,
        folder=folder / "editions", cache=folder / "encoded", cover=b"", progress=lambda done, total: None,
    )  # fmt: skip


def mp3(recording: Recording, folder: Path) -> Path:
    return issue_mp3(job(recording, folder), recording, ISSUE, cover=b"", name="so.mp3")


def decoded(file: Path) -> np.ndarray:
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", file, "-f", "f32le", "-"], capture_output=True, check=True
    ).stdout
    return np.frombuffer(raw, np.float32)


def issue(texts: dict[str, str] | None = None) -> Issue:
    chapters = tuple(
        Chapter(
            id=chapter,
            title=f"Bài {chapter}",
            blocks=tuple(
                Block(
                    id=name[:-2],
                    kind=Kind.PARAGRAPH,
                    text=(texts or {}).get(name, f"Câu {name}."),
                    sentences=(Sentence(id=name, start=0, end=len((texts or {}).get(name, f"Câu {name}."))),),
                )
                for name in names
                if "s" in name
            ),
        )
        for chapter, names in SHAPE.items()
    )
    return Issue(
        id="2023-03", title="Số 3", number=3, date=datetime.date(2023, 3, 30), publisher="N", chapters=chapters
    )


def test_loudness_agrees_with_ffmpegs_meter(tmp_path: Path) -> None:
    sound = speechlike(20, 48_000, 1)
    soundfile.write(tmp_path / "a.wav", sound, 48_000, subtype="FLOAT")
    log = subprocess.run(
        ["ffmpeg", "-hide_banner", "-i", tmp_path / "a.wav", "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
    ).stderr
    summary = log[log.rindex("Summary:") :]
    assert abs(integrated_lufs([hop_powers(sound, 48_000)]) - float(re.search(r"I:\s+(-[\d.]+)", summary)[1])) < 0.2
    assert abs(20 * np.log10(true_peak(sound)) - float(re.search(r"Peak:\s+(-?[\d.]+)", summary)[1])) < 0.3


@given(st.floats(0.5, 20), st.integers(0, 99))
def test_the_limiter_never_overshoots(gain: float, seed: int) -> None:
    held = limited(speechlike(0.3, RATE, seed) * np.float32(gain), RATE, ceiling_dbfs=-2)
    assert np.abs(held).max() <= 10 ** (-2 / 20) + 1e-6


def test_sentences_stand_where_the_timeline_says(takes: dict[str, Take], tmp_path: Path) -> None:
    recording = mastered(takes, tmp_path)
    sound = pcm(recording)
    cues = recording.timeline.sentences
    assert [cue.id for cue in cues] == [name for names in SHAPE.values() for name in names]
    for before, after in itertools.pairwise(cues):
        assert np.abs(sound[before.end_ms * 24 + 24 : after.start_ms * 24 - 24]).max() == 0
    for cue in cues:
        loud = np.flatnonzero(np.abs(sound[cue.start_ms * 24 : cue.end_ms * 24]) > 0.02)
        assert loud[0] <= 60 * 24
        assert (cue.end_ms - cue.start_ms) * 24 - loud[-1] <= 110 * 24


def test_the_pause_after_a_sentence_is_as_long_as_was_decided(takes: dict[str, Take], tmp_path: Path) -> None:
    cues = mastered(takes, tmp_path).timeline.sentences
    assert abs(cues[1].start_ms - cues[0].end_ms - 700) <= 1


def test_chapters_tile_the_whole_in_frames_of_24_ms(takes: dict[str, Take], tmp_path: Path) -> None:
    recording = mastered(takes, tmp_path)
    first, second = recording.timeline.chapters
    assert (first.start_ms, first.end_ms) == (0, second.start_ms)
    assert first.end_ms % 24 == second.end_ms % 24 == 0
    assert second.end_ms * 24 == len(pcm(recording))


def test_the_master_is_as_loud_as_planned_whatever_the_voice(tmp_path: Path) -> None:
    for factor, name in ((1.0, "a"), (0.2, "b")):
        folder = tmp_path / name
        folder.mkdir()
        takes = {n: take(folder, n, 6) for names in SHAPE.values() for n in names}
        for each in takes.values():
            samples, rate = soundfile.read(each.file, dtype="float32")
            soundfile.write(each.file, samples * factor, rate, subtype="PCM_16")
        assert abs(mastered(takes, folder).loudness_lufs + 16) < 1


def test_how_loud_a_voice_is_is_measured_once_for_the_same_sound(
    takes: dict[str, Take], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, cache = tuple(takes.values()), tmp_path / "levels"
    measured = measure_level(said)
    assert known_level(said, cache=cache) == measured
    monkeypatch.setattr(mastering, "measure_level", lambda takes: 1.0)
    assert known_level(said, cache=cache) == measured
    sound, rate = soundfile.read(said[0].file)
    soundfile.write(said[0].file, sound / 2, rate, subtype="PCM_16")  # said again, under the same key
    assert known_level(said, cache=cache) == 1.0


@pytest.mark.parametrize("name", ["level.py", "speech.py", "loudness.py"])
def test_how_loud_a_voice_is_is_measured_again_by_other_code(
    takes: dict[str, Take], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    said, cache = tuple(takes.values()), tmp_path / "levels"
    known_level(said, cache=cache)
    monkeypatch.setattr(mastering, "measure_level", lambda takes: 1.0)
    monkeypatch.setattr(mastering, "digest", lambda file: "another" if file.name == name else digest(file))
    assert known_level(said, cache=cache) == 1.0


def test_one_changed_sentence_masters_its_chapter_only(takes: dict[str, Take], tmp_path: Path) -> None:
    level = {"thap": -20.0}
    before = mastered(takes, tmp_path, levels=level)
    times = {track.file: track.file.stat().st_mtime_ns for track in before.tracks}
    after = mastered(takes | {"c02b01s1": take(tmp_path, "khac", 2.2)}, tmp_path, levels=level)
    assert after.tracks[0] == before.tracks[0]
    assert after.tracks[0].file.stat().st_mtime_ns == times[before.tracks[0].file]
    assert after.tracks[1].key != before.tracks[1].key


def test_one_changed_sentence_encodes_its_chapter_only(takes: dict[str, Take], tmp_path: Path) -> None:
    level = {"thap": -20.0}
    mp3(mastered(takes, tmp_path, levels=level), tmp_path)
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "encoded").iterdir()}
    mp3(mastered(takes | {"c02b01s1": take(tmp_path, "khac", 2.2)}, tmp_path, levels=level), tmp_path)
    after = {file: file.stat().st_mtime_ns for file in (tmp_path / "encoded").iterdir()}
    assert after.items() >= before.items()
    assert len(after) == len(before) + 1


def test_a_damaged_track_is_made_again(takes: dict[str, Take], tmp_path: Path) -> None:
    track = mastered(takes, tmp_path).tracks[0]
    whole = track.file.read_bytes()
    track.file.write_bytes(whole[:-100])
    mastered(takes, tmp_path)
    assert track.file.read_bytes() == whole


def test_the_chime_comes_first_and_softer_than_the_voice(takes: dict[str, Take], tmp_path: Path) -> None:
    plain, opened = mastered(takes, tmp_path), mastered(takes, tmp_path, opening=CHIME)
    moved = opened.timeline.sentences[0].start_ms - plain.timeline.sentences[0].start_ms
    assert 1500 < moved < 3500
    chime = clip(CHIME, rate=RATE, target_lufs=-16)
    assert integrated_lufs([hop_powers(chime, RATE)]) < -17
    assert np.abs(chime[-RATE // 2 :]).max() == 0


def test_a_jingle_of_any_format_is_taken_and_what_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "a.wav", speechlike(2, 44_100, 3), 44_100)
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "a.wav", tmp_path / "a.mp3"], check=True)
    soundfile.write(tmp_path / "b.wav", speechlike(2, 44_100, 3), 44_100, subtype="FLOAT")  # as Audacity exports it
    monkeypatch.setenv("PATH", str(tmp_path))  # where there is no ffprobe, as on an editor's machine
    for name in ("a.wav", "a.mp3", "b.wav"):
        assert 2 < len(clip(tmp_path / name, rate=RATE, target_lufs=-16)) / RATE < 3.2
    (tmp_path / "b.mp3").write_bytes(b"khong phai am thanh")
    with pytest.raises(SettingsError):
        clip(tmp_path / "b.mp3", rate=RATE, target_lufs=-16)


def test_the_mp3_is_exact_to_the_sample(takes: dict[str, Take], tmp_path: Path) -> None:
    recording = mastered(takes, tmp_path)
    sound, original = decoded(mp3(recording, tmp_path)), pcm(recording)
    assert len(sound) == len(original)
    for track_start in (0, recording.tracks[0].samples):
        piece = slice(track_start + RATE, track_start + 2 * RATE)
        shifts = range(-40, 41)
        match = [float(np.dot(original[piece], np.roll(sound, -shift)[piece])) for shift in shifts]
        assert shifts[int(np.argmax(match))] == 0


def test_the_decoded_mp3_stays_under_the_peak_limit(takes: dict[str, Take], tmp_path: Path) -> None:
    assert 20 * np.log10(true_peak(decoded(mp3(mastered(takes, tmp_path), tmp_path)))) <= -1


def test_chapters_join_in_digital_silence(takes: dict[str, Take], tmp_path: Path) -> None:
    recording = mastered(takes, tmp_path)
    sound, join = decoded(mp3(recording, tmp_path)), recording.tracks[0].samples
    assert np.abs(sound[join - RATE : join + 2000]).max() < 10 ** (-75 / 20)


def test_an_unchanged_chapter_is_never_encoded_again(takes: dict[str, Take], tmp_path: Path) -> None:
    recording = mastered(takes, tmp_path)
    first = mp3(recording, tmp_path).read_bytes()
    frames = {file: file.stat().st_mtime_ns for file in (tmp_path / "encoded").iterdir()}
    assert mp3(recording, tmp_path).read_bytes() == first
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "encoded").iterdir()} == frames


def test_a_stream_is_made_of_constant_frames(takes: dict[str, Take], tmp_path: Path) -> None:
    recording = mastered(takes, tmp_path)
    wanted = [(track, Mp3()) for track in recording.tracks]
    chapters = encoded(wanted, cache=tmp_path / "e", workers=1, progress=lambda d, t: None)
    whole = b"".join(stream(chapters, Mp3()))
    body = sum(each.file.stat().st_size for each in chapters)
    assert body == sum(track.samples for track in recording.tracks) // 576 * 192
    assert len(whole) > body


def test_two_hundred_chapters_and_long_titles_are_all_kept_in_order(tmp_path: Path) -> None:
    cues = [
        Cue(id=f"c{n:02d}", title=f"{n} " + "Nghị quyết " * 27, start_ms=n * 3000, end_ms=n * 3000 + 3000)
        for n in range(1, 301)
    ]
    cues = [Cue(id="c00", title="Mở đầu", start_ms=0, end_ms=3000), *cues]
    data = tag(Tag(title="Số 3", album="Bản tin", publisher="N", date=datetime.date(2023, 3, 30), chapters=tuple(cues)))
    file = tmp_path / "a.mp3"
    file.write_bytes(data)
    chapters = ID3(file, translate=False).getall("CHAP")
    titles = {each.start_time: each.sub_frames["TIT2"].text[0] for each in chapters}
    assert [titles[cue.start_ms] for cue in cues] == [cue.title for cue in cues]
    stored = [data.index(f"ch{n:03d}\0".encode(), data.index(b"CHAP")) for n in range(301)]
    assert stored == sorted(stored)
    tables = ID3(file, translate=False).getall("CTOC")
    assert max(len(table.child_element_ids) for table in tables) <= 255
    assert sum(len(table.child_element_ids) for table in tables if table.element_id != "toc") == 301


TIMELINE = Timeline(
    chapters=(
        Cue(id="c01", title="Bài c01", start_ms=0, end_ms=9000),
        Cue(id="c02", title="Bài c02", start_ms=9000, end_ms=20_000),
    ),
    sentences=tuple(
        Cue(id=name, title="", start_ms=n * 4000, end_ms=n * 4000 + 3000)
        for n, name in enumerate(itertools.chain(*SHAPE.values()))
    ),
)


@given(st.text(max_size=300))
def test_no_text_can_break_out_of_a_subtitle(text: str) -> None:
    made = "".join(webvtt(sentence_texts(issue({"c01b01s1": text or "x"})), TIMELINE, language="vi"))
    assert max(map(len, made.splitlines())) <= 65
    assert made.count(" --> ") == len(re.findall(r"(?m)^\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}$", made))
    assert "<" not in made


def test_a_long_sentence_shares_its_time_among_its_captions() -> None:
    long = " ".join(["phường"] * 60)
    segments = json.loads("".join(podcast_json(sentence_texts(issue({"c01b01s1": long})), TIMELINE)))["segments"]
    mine = [each for each in segments if "phường" in each["body"]]
    assert (mine[0]["startTime"], mine[-1]["endTime"]) == (4.0, 7.0)
    assert all(a["endTime"] == b["startTime"] for a, b in itertools.pairwise(mine))
    assert " ".join(each["body"] for each in mine) == long


def test_a_colon_never_looks_like_a_speaker_in_srt() -> None:
    assert "Kể: rằng" not in "".join(subrip(sentence_texts(issue({"c01b01s1": "Kể: rằng thế."})), TIMELINE))


def test_chapters_in_json_are_those_of_the_timeline() -> None:
    made = json.loads(chapters_json(TIMELINE, address=lambda chapter: f"https://a.vn/{chapter}"))
    assert made["version"] == "1.2.0"
    assert [(c["startTime"], c["title"], c["url"]) for c in made["chapters"]] == [
        (0.0, "Bài c01", "https://a.vn/c01"),
        (9.0, "Bài c02", "https://a.vn/c02"),
    ]


class Deadly:
    """What brings down the process that unpacks it, as the system does for want of memory."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.abort, ()


def test_who_is_killed_while_mastering_is_told_of_and_what_was_done_is_kept(
    takes: dict[str, Take], tmp_path: Path
) -> None:
    first, second = narration(SHAPE).passages
    ill = replace(second, utterances=tuple(replace(each, part=Deadly()) for each in second.utterances))
    mastered(takes, tmp_path, narration=Narration(passages=(first,)))
    with pytest.raises(EditionError, match="dừng đột ngột"):
        mastered(
            takes,
            tmp_path,
            narration=Narration(passages=(first, ill, replace(ill, id="c03", utterances=ill.utterances[:1]))),
        )
    assert len(list((tmp_path / "masters").glob("*.wav"))) == 1
