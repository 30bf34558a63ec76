"""The editions to hear, decoded and measured: exact to the sample, silent at the joins, as loud as planned, well tagged."""

import datetime
import io
import itertools
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
import eyed3
import numpy as np
import pytest
import soundfile
import taglib
from mutagen.id3 import ID3
from mutagen.oggopus import OggOpus
from PIL import Image

from audiobook.disk import digest
from audiobook.editions import sounds
from audiobook.editions.encode import encoded
from audiobook.editions.frames import Mp3, stream
from audiobook.editions.id3 import Lyrics, Tag, tag
from audiobook.editions.job import Job, Masters
from audiobook.editions.opus import Opus
from audiobook.errors import EditionError
from audiobook.loudness import hop_powers, integrated_lufs, true_peak
from audiobook.mastering.master import Programme, master, measure_level
from audiobook.mastering.mix import EARS, HIGH
from audiobook.model.issue import Block, Chapter, Issue, Kind, Sentence
from audiobook.model.narration import Narration, Passage, Utterance
from audiobook.model.publication import Bulletin, Podcast, Publisher, Site
from audiobook.model.recording import Cue, Recording, Take, Track

SHAPE = {"c01": ["c01h", "c01b01s1", "c01b01s2"], "c02": ["c02h", "c02b01s1"], "c03": ["c03h"]}
DAY = datetime.date(2023, 3, 30)
HALF_A_MS = 12  # samples: Opus's speech mode filters, and its filters have a delay of their own
BULLETIN = Bulletin(
    publisher=Publisher(name="Nhà xuất bản", licence_number="12", supplier="Trung tâm"),
    podcast=Podcast(guid="g", title="Bản tin", description=""),
    site=Site(base_url="https://bantin.example.vn"),
)


def speechlike(seconds: float, rate: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * time)
    voiced = np.sign(np.sin(2 * np.pi * 140 * time)) * syllables + 0.05 * rng.standard_normal(len(time))
    return (0.2 * voiced * np.hanning(len(time)) ** 0.1).astype(np.float32)


def spoken(folder: Path, name: str, seconds: float, *, rate: int = 48_000) -> Take:
    edge = np.zeros(rate // 5, np.float32)
    samples = np.concatenate([edge, speechlike(seconds, rate, len(name)), edge])
    file = folder / f"{name}.flac"
    soundfile.write(file, samples, rate, subtype="PCM_16")
    return Take(key=name, voice="thap", folder=folder, samples=len(samples), rate=rate)


def told(names: list[str]) -> tuple[Utterance, ...]:
    return tuple(
        Utterance(
            id=each, source=each, part="text", pieces=("x",), segments=(), pause_ms=2400 if each == names[-1] else 700
        )
        for each in names
    )


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("phong-thu")


@pytest.fixture(scope="module")
def programme(studio: Path) -> Programme:
    takes = {name: spoken(studio, name, 2.5 + 0.37 * n) for n, name in enumerate(itertools.chain(*SHAPE.values()))}
    narration = Narration(passages=tuple(Passage(id=c, title=f"Bài {c}", utterances=told(n)) for c, n in SHAPE.items()))
    return Programme(narration=narration, takes=takes, levels={"thap": measure_level(tuple(takes.values()))})


@pytest.fixture(scope="module")
def recordings(studio: Path, programme: Programme) -> tuple[Recording, Recording]:
    """For ears, and at 48 kHz."""
    ((ears, high),) = master(
        [replace(programme, mixes=(EARS, HIGH))],
        folder=studio / "masters",
        workers=2,
        progress=lambda done, total: None,
    )
    return ears, high


def issue() -> Issue:
    chapters = tuple(
        Chapter(
            id=chapter,
            title=f"Bài {chapter}",
            blocks=tuple(
                Block(id=name[:-2], kind=Kind.PARAGRAPH, text=f"Câu {name}.", sentences=(Sentence(id=name, start=0, end=5 + len(name)),))
                for name in names if "s" in name
            ),
        )
        for chapter, names in SHAPE.items()
    )  # fmt: skip
    return Issue(id="2023-03", title="Số 3", number=3, date=DAY, publisher="N", chapters=chapters)


@pytest.fixture(scope="module")
def job(studio: Path, recordings: tuple[Recording, Recording]) -> Job:
    (studio / "editions").mkdir()
    cover = io.BytesIO()
    Image.new("RGB", (600, 600), "navy").save(cover, "JPEG")
    ears, high = recordings
    return Job(
        issue=issue(), recording=ears, masters=Masters(high=high), pieces=(), plans=(), logo=b"", lexicon={}, bulletin=BULLETIN, voices=(), source=studio,
        folder=studio / "editions", cache=studio / "encoded", cover=cover.getvalue(), progress=lambda done, total: None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(job: Job) -> dict[str, Path]:
    makers = {"mp3": sounds.issue, "mp3-low": sounds.low, "mp3-high": sounds.high, "opus-low": sounds.opus}
    made = {}
    for kind, maker in makers.items():
        file = maker(job).products[0].data
        assert isinstance(file, Path)
        made[kind] = file.rename(file.with_name(kind + file.suffix))
    return made


def by_ffmpeg(file: Path) -> tuple[np.ndarray, int]:
    rate = 48_000 if file.suffix == ".opus" else soundfile.info(file).samplerate
    command = ["ffmpeg", "-v", "error", "-i", file, "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32), rate


def by_mpg123(file: Path) -> tuple[np.ndarray, int]:
    """libsndfile reads MP3 by libmpg123 (and Opus by libopus)."""
    sound, rate = soundfile.read(file, dtype="float32")
    return sound, rate


def by_pyav(file: Path) -> tuple[np.ndarray, int]:
    with av.open(str(file)) as opened:
        frames = [frame.to_ndarray().reshape(-1) for frame in opened.decode(audio=0)]
        sound = np.concatenate(frames)
        rate = opened.streams.audio[0].rate
    return sound.astype(np.float32), rate


@pytest.mark.parametrize("decode", [by_ffmpeg, by_mpg123, by_pyav], ids=lambda each: each.__name__)
@pytest.mark.parametrize("kind", ["mp3", "mp3-low", "mp3-high", "opus-low"])
def test_an_edition_is_exact_to_the_sample_in_three_decoders(
    files: dict[str, Path], recordings: tuple[Recording, Recording], kind: str, decode: Callable
) -> None:
    sound, rate = decode(files[kind])
    ears, _ = recordings
    original = np.concatenate([soundfile.read(track.file, dtype="float32")[0] for track in ears.tracks])
    step = rate // ears.rate
    assert len(sound) == len(original) * step
    start = 0
    for track in ears.tracks:
        piece = slice(start + 7_000, start + 43_000)
        shifts = range(-40, 41)
        match = [
            float(np.dot(original[piece], sound[piece.start * step + s : piece.stop * step + s : step])) for s in shifts
        ]
        assert abs(shifts[int(np.argmax(match))]) <= (HALF_A_MS if kind == "opus-low" else 0)
        start += track.samples


@pytest.mark.parametrize("kind", ["mp3", "mp3-low", "mp3-high", "opus-low"])
def test_every_edition_is_silent_at_the_joins_and_keeps_to_the_peak(
    files: dict[str, Path], recordings: tuple[Recording, Recording], kind: str
) -> None:
    sound, rate = by_ffmpeg(files[kind])
    assert 20 * np.log10(true_peak(sound)) <= -1
    for cue in recordings[0].timeline.chapters[:-1]:
        join = cue.end_ms * rate // 1000
        assert np.abs(sound[join - rate : join + rate // 10]).max() < 10 ** (-70 / 20)


@pytest.mark.parametrize("kind", ["mp3", "mp3-low", "mp3-high", "opus-low"])
def test_every_edition_is_as_loud_as_the_master(files: dict[str, Path], job: Job, kind: str) -> None:
    sound, rate = by_ffmpeg(files[kind])
    assert abs(integrated_lufs([hop_powers(sound, rate)]) - job.recording.loudness_lufs) < 0.6


def test_the_better_edition_has_the_same_times_and_the_sound_above_twelve_kilohertz(
    recordings: tuple[Recording, Recording], programme: Programme, tmp_path: Path
) -> None:
    ears, high = recordings
    assert high.timeline.chapters == ears.timeline.chapters
    alone = [replace(programme, mixes=(HIGH,))]
    ((followed,),) = master(alone, folder=tmp_path / "masters", workers=1, progress=lambda done, total: None)
    assert followed.timeline == ears.timeline
    assert [each.samples for each in high.tracks] == [2 * each.samples for each in ears.tracks]
    sound, rate = soundfile.read(high.tracks[0].file)
    spectrum = np.abs(np.fft.rfft(sound))
    above = spectrum[int(13_000 * len(sound) / rate) :]
    assert above.max() > spectrum.max() / 10_000


def test_what_was_encoded_is_kept_and_a_damaged_one_is_made_again(job: Job) -> None:
    for encoding in (Mp3(), Opus()):
        wanted = [(track, encoding) for track in job.recording.tracks]
        first = encoded(wanted, cache=job.cache, workers=2, progress=lambda done, total: None)
        whole, stamps = first[1].file.read_bytes(), [each.file.stat().st_mtime_ns for each in first]
        first[1].file.write_bytes(whole[:-700])
        again = encoded(wanted, cache=job.cache, workers=2, progress=lambda done, total: None)
        assert again[1].file.read_bytes() == whole
        assert [each.file.stat().st_mtime_ns == stamp for each, stamp in zip(again, stamps, strict=True)] == [
            True,
            False,
            True,
        ]


def test_at_44_kilohertz_frames_of_two_sizes_are_joined_too(tmp_path: Path) -> None:
    tracks = []
    for number in range(3):
        samples = np.zeros(1152 * (90 + number), np.float32)
        samples[9000:70_100] = speechlike(61_100.5 / 44_100, 44_100, number)
        file = tmp_path / f"{number}.wav"
        soundfile.write(file, samples, 44_100, subtype="PCM_16")
        tracks.append(
            Track(chapter=str(number), key=str(number), folder=tmp_path, samples=len(samples), sha256=digest(file))
        )
    encoding = Mp3(rate=44_100, kbps=96)
    chapters = encoded([(t, encoding) for t in tracks], cache=tmp_path / "e", workers=1, progress=lambda d, t: None)
    (tmp_path / "a.mp3").write_bytes(b"".join(stream(chapters, encoding)))
    original = np.concatenate([soundfile.read(track.file, dtype="float32")[0] for track in tracks])
    for decode in (by_ffmpeg, by_mpg123, by_pyav):
        sound, rate = decode(tmp_path / "a.mp3")
        assert (rate, len(sound)) == (44_100, len(original))
        for start in np.cumsum([0, *[t.samples for t in tracks[:-1]]]):
            piece = slice(start + 12_000, start + 60_000)
            match = [float(np.dot(original[piece], np.roll(sound, -shift)[piece])) for shift in range(-9, 10)]
            assert int(np.argmax(match)) == 9


def test_an_article_of_its_own_carries_its_words_with_their_times(job: Job) -> None:
    products = sounds.articles(job).products
    assert [each.chapter for each in products] == list(SHAPE)
    tags = ID3(products[0].data, translate=False)
    assert tags["TIT2"].text == ["Bài c01"]
    assert tags["TRCK"].text == ["1/3"]
    assert tags.getall("USLT")[0].text == "Bài c01\nCâu c01b01s1.\nCâu c01b01s2."
    (timed,) = tags.getall("SYLT")
    said = [cue for cue in job.recording.timeline.sentences if cue.id.startswith("c01")]
    assert timed.text == [
        (text, cue.start_ms) for text, cue in zip(tags.getall("USLT")[0].text.split("\n"), said, strict=True)
    ]
    assert str(tags["WOAS"]) == "https://bantin.example.vn/so/2023-03/bai-1"
    second = ID3(products[1].data, translate=False).getall("SYLT")[0].text
    assert second[0][1] < 1000


def test_the_opus_file_names_its_chapters(files: dict[str, Path], job: Job) -> None:
    comments = OggOpus(files["opus-low"])
    assert comments["title"] == ["Bản tin, số 3 (30/03/2023)"]
    assert comments["chapter001name"] == ["Bài c02"]
    start = job.recording.timeline.chapters[1].start_ms
    assert comments["chapter001"] == [f"00:00:{start // 1000:02d}.{start % 1000:03d}"]
    probed = probe(files["opus-low"])
    assert [round(float(each["start_time"]) * 1000) for each in probed] == [
        cue.start_ms for cue in job.recording.timeline.chapters
    ]


def probe(file: Path) -> list[dict]:
    command = ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", file]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["chapters"]


def picture(side: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()


HARD = {
    "two hundred chapters": (200, "Bài {n}", b""),
    "titles of three hundred characters": (30, "{n} " + "Nghị quyết " * 27, b""),
    "a picture in every chapter": (60, "Bài {n} có hình", picture(160)),
    "all of it": (200, "{n} " + "Nghị quyết " * 27, picture(160)),
}


@pytest.mark.parametrize("case", HARD)
def test_no_program_loses_a_chapter(case: str, tmp_path: Path, files: dict[str, Path]) -> None:
    count, title, shown = HARD[case]
    cues = tuple(
        Cue(id=f"c{n:02d}", title=title.format(n=n).strip()[:300], start_ms=n * 3000, end_ms=n * 3000 + 3000)
        for n in range(count)
    )
    wanted = Tag(
        title="Số 3 “đặc biệt” – Ộ", album="Bản tin", publisher="Nhà xuất bản Bình Minh", date=DAY, track="3",
        comment="Giấy phép số 12", address="https://a.vn/so/2023-03", chapters=cues, duration_ms=count * 3000,
        chapter_addresses={cue.id: f"https://a.vn/{cue.id}" for cue in cues},
        chapter_pictures={cue.id: shown for cue in cues} if shown else {}, cover=picture(200),
    )  # fmt: skip
    file = tmp_path / "a.mp3"
    file.write_bytes(tag(wanted) + files["mp3"].read_bytes()[len(_tag_of(files["mp3"])) :])
    expected = [(cue.start_ms, cue.end_ms, cue.title) for cue in cues]

    frames = sorted(ID3(file, translate=False).getall("CHAP"), key=lambda each: each.element_id)
    assert [(f.start_time, f.end_time, f.sub_frames["TIT2"].text[0]) for f in frames] == expected
    assert [str(f.sub_frames["WXXX:"]) for f in frames] == [f"https://a.vn/{cue.id}" for cue in cues]
    assert [bool(f.sub_frames.getall("APIC")) for f in frames] == [bool(shown)] * count

    probed = probe(file)
    assert [
        (round(float(c["start_time"]) * 1000), round(float(c["end_time"]) * 1000), c["tags"]["title"]) for c in probed
    ] == expected

    loaded = eyed3.load(file).tag
    (table,) = [each for each in loaded.table_of_contents if each.toplevel]
    named = [loaded.chapters[element] for element in table.child_ids]
    assert [(c.times.start, c.times.end, c.title) for c in named] == expected

    with taglib.File(file) as texts:
        assert texts.tags["TITLE"] == [wanted.title]
        assert texts.tags["ALBUM"] == ["Bản tin"]
        assert texts.tags["DATE"] == ["2023-03-30"]
        assert texts.tags["COMMENT"] == ["Giấy phép số 12"]


def _tag_of(file: Path) -> bytes:
    head = file.read_bytes()[:10]
    size = sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    return file.read_bytes()[: 10 + size]


def test_the_tag_of_a_streamed_file_is_small(files: dict[str, Path]) -> None:
    assert len(_tag_of(files["mp3"])) < 64_000


def test_lyrics_and_chapters_may_stand_together() -> None:
    data = tag(Tag(title="a", album="b", publisher="c", date=DAY, lyrics=(Lyrics("Xin chào", 240),)))
    assert data[:5] == b"ID3\x03\x00"
    assert data.index(b"TIT2") < data.index(b"USLT") < data.index(b"SYLT")


def test_chapters_stand_behind_their_contents_and_before_the_cover() -> None:
    """Players read a tag from its beginning; one that waits for chapters may not wait for pictures."""
    cues = tuple(Cue(id=f"c{n}", title=f"Bài {n}", start_ms=n * 1000, end_ms=(n + 1) * 1000) for n in range(3))
    made = tag(
        Tag(title="a", album="b", publisher="c", date=DAY, comment="d", cover=b"\xff\xd8", chapters=cues),
    )
    names, at = list[str](), 10
    while at < len(made):
        names.append(made[at : at + 4].decode())
        at += 10 + int.from_bytes(made[at + 4 : at + 8], "big")
    assert names[0] == "TIT2"
    assert names[names.index("CTOC") :] == ["CTOC", "CHAP", "CHAP", "CHAP", "COMM", "APIC"]


def test_a_track_that_decayed_is_noticed_when_it_is_read_and_made_again_the_next_time(tmp_path: Path) -> None:
    takes = {name: spoken(tmp_path, name, 2) for name in SHAPE["c02"]}
    narration = Narration(passages=(Passage(id="c02", title="Bài", utterances=told(SHAPE["c02"])),))
    programme = Programme(narration=narration, takes=takes, levels={"thap": -20})

    def made() -> Track:
        return master([programme], folder=tmp_path / "m", workers=1, progress=lambda done, total: None)[0][0].tracks[0]

    def kept(track: Track) -> bool:
        return encoded([(track, Mp3())], cache=tmp_path / "e", workers=1, progress=lambda d, t: None)[0].file.is_file()

    file = made().file
    whole = file.read_bytes()
    file.write_bytes(whole[:90_000] + bytes([whole[90_000] ^ 1]) + whole[90_001:])
    decayed = made()
    for _ in ("noticed", "taken away by another process"):
        with pytest.raises(EditionError, match="hỏng") as caught:
            kept(decayed)
        assert (caught.value.place, list((tmp_path / "e").glob("*"))) == ("c02", [])
    assert kept(made())
    assert file.read_bytes() == whole


@dataclass(frozen=True)
class Killed:
    """An encoder that dies like one that the system kills for want of memory; the first chapter is done before."""

    name: str = "killed"
    rate: int = 1  # a track of its own for each process

    def write(self, files: Sequence[tuple[Path, Path]]) -> None:
        for sound, target in files:
            if soundfile.info(sound).frames < 200_000:
                time.sleep(0.5)
                os.kill(os.getpid(), signal.SIGKILL)
            target.write_bytes(b"whole")

    def is_whole(self, file: Path, samples: int) -> bool:
        return file.read_bytes() == b"whole"


def test_an_encoder_that_is_killed_is_told_and_what_was_done_is_kept(job: Job, tmp_path: Path) -> None:
    wanted = [(track, Killed()) for track in job.recording.tracks]
    with pytest.raises(EditionError, match="đột ngột"):
        encoded(wanted, cache=tmp_path, workers=2, progress=lambda done, total: None)
    kept = list(tmp_path.glob("*.encoded"))
    assert kept
    assert all(file.read_bytes() == b"whole" for file in kept)


def test_an_opus_encoder_that_stops_leaves_nothing_half(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\nkill -9 $$\n")
    broken.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(broken))
    with pytest.raises(EditionError, match="Opus"):
        encoded([(job.recording.tracks[0], Opus())], cache=tmp_path / "e", workers=1, progress=lambda done, total: None)
    assert list((tmp_path / "e").iterdir()) == []
