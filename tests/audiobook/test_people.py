"""A person's recording instead of the machine: levelled, placed, followed, announced; and a slower rendition."""

import errno
import subprocess
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3

from audiobook import disk, errors
from audiobook.library import Library, Shelf
from audiobook.loudness import hop_powers, integrated_lufs
from audiobook.mastering.assemble import TARGET_LUFS
from audiobook.mastering.human import HumanChapter, cuts, human_chapter
from audiobook.mastering.mix import EARS
from audiobook.mastering.speech import levelled, treated
from audiobook.mastering.stretch import stretched
from audiobook.model.narration import Passage, Utterance
from audiobook.model.publication import Publication
from audiobook.production import produce

RATE = 44_100
KINDS = ("mp3", "mp3-slow", "mp3-article", "vtt")
PUBLISHER = """--title=Bản tin
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
MANUSCRIPT = """---
number: 3
date: 2023-03-30
---

# Bài thứ nhất

Xin chào các cụ trong tổ dân phố.

# Bài của người đọc

Câu ngắn thôi. Câu thứ hai này thì dài hơn câu trước rất nhiều, kể chuyện ngày xưa ở đơn vị cũ. Câu cuối cùng.

# Bài thứ ba

Chúc các cụ khỏe.
"""
SPOKEN_S = (1.0, 5.0, 1.2)  # what the person said, sentence by sentence, with pauses between
PAUSE_S = 0.8
Run = Callable[..., subprocess.CompletedProcess[str]]


def voice(seconds: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    return 0.03 * np.sin(2 * np.pi * 180 * time) * (
        1 + 0.5 * np.sin(2 * np.pi * 5 * time)
    ) + 0.0005 * rng.standard_normal(len(time))


def recording(file: Path) -> Path:
    """Quiet, in stereo, with noise in its pauses, as an old phone would give it."""
    pause = 0.0002 * np.random.default_rng(9).standard_normal(int(PAUSE_S * RATE))
    parts = [pause]
    for number, seconds in enumerate(SPOKEN_S):
        parts += [voice(seconds, number), pause]
    sound = np.concatenate(parts)
    wav = file.with_suffix(".wav")
    soundfile.write(wav, np.stack([sound, sound], 1), RATE)
    if file != wav:
        subprocess.run(["ffmpeg", "-v", "error", "-i", wav, file], check=True)
        wav.unlink()
    return file


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, audiobook: Run) -> Path:
    desk = tmp_path_factory.mktemp("ban-viet")
    (desk / "so3.md").write_text(MANUSCRIPT, "utf-8")
    recording(desk / "02.mp3")
    recording(desk / "ket.wav")
    recording(desk / "09.ogg")
    folder = desk / "thu-vien"
    assert audiobook("new", folder, *PUBLISHER).returncode == 0
    added = audiobook("add", desk / "so3.md", library=folder)
    assert added.returncode == 0, added.stderr
    return folder


def made(library: Path, **wanted: str) -> tuple[Publication, tuple]:
    produced = produce(Library.at(library), "2023-03", report=lambda *_: None, voice="tone", kinds=KINDS, **wanted)
    return produced.publication, produced.remarks


@pytest.fixture(scope="module")
def publication(library: Path) -> Publication:
    return made(library, pace="slow")[0]


def heard(library: Path, publication: Publication, kind: str, chapter: str = "") -> tuple[np.ndarray, Path]:
    edition = publication.edition(kind, chapter)
    assert edition, kind
    file = Shelf(library / "shelf").file(publication, edition)
    return soundfile.read(file, dtype="float32")[0], file


def test_the_recording_comes_in_with_the_manuscript_and_is_shown(library: Path, audiobook: Run) -> None:
    assert (library / "issues" / "2023-03" / "02.mp3").is_file()
    assert not (library / "issues" / "2023-03" / "09.ogg").exists()  # there is no ninth article
    checked = audiobook("check", "2023-03", library=library).stdout
    assert "GIỌNG NGƯỜI ĐỌC (02.mp3)" in checked
    assert "Lời kết · GIỌNG NGƯỜI ĐỌC (ket.wav)" in checked


@pytest.mark.parametrize("place", ["c02b", "closingb"])
def test_a_person_is_as_loud_as_the_machine(library: Path, publication: Publication, place: str) -> None:
    sound, _ = heard(library, publication, "mp3")
    cues = [cue for cue in publication.timeline.sentences if cue.id.startswith(place)]
    said = sound[cues[0].start_ms * 24 : cues[-1].end_ms * 24]
    assert abs(integrated_lufs([hop_powers(said, 24_000)]) + 16) < 0.5


def test_a_person_with_sharp_peaks_is_as_loud_too(tmp_path: Path) -> None:
    """What the limiter takes from them is given back."""
    time = np.arange(10 * RATE) / RATE
    sharp = 0.05 * np.sin(2 * np.pi * 180 * time)
    sharp[:: RATE // 20] = 0.7
    made = human(tmp_path, sharp)
    (take,) = made.takes.values()
    said = treated(*levelled(take, gain_db=TARGET_LUFS - made.level_lufs, speed=1, is_whole=True), EARS, is_faded=False)
    assert integrated_lufs([hop_powers(said, 24_000)]) == pytest.approx(-16, abs=0.5)


def test_a_full_disk_while_a_recording_is_cut_does_not_stop_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(disk.os, "fsync", full)
        with pytest.raises(errors.DiskFull):
            human(tmp_path, voice(5, 1))
    first = human(tmp_path, voice(5, 1))
    assert human(tmp_path, voice(5, 1)) == first


def human(folder: Path, sound: np.ndarray) -> HumanChapter:
    soundfile.write(folder / "01.wav", sound, RATE)
    title, announcement, sentence = (
        Utterance(id=name, source=None, part="text", pieces=("xin chào",), segments=(), pause_ms=700)
        for name in ("tua", "bao", "cau")
    )
    passage = Passage(id="c01", title="", utterances=(title, sentence))
    return human_chapter(passage, announcement, folder / "01.wav", cache=folder)


def test_each_sentence_is_where_the_person_says_it(publication: Publication) -> None:
    cues = [cue for cue in publication.timeline.sentences if cue.id.startswith("c02b")]
    lengths = [cue.end_ms - cue.start_ms for cue in cues]
    for length, seconds in zip(lengths, SPOKEN_S, strict=True):
        assert abs(length - 1000 * (seconds + PAUSE_S)) < 750
    assert all(one.end_ms == other.start_ms for one, other in pairwise(cues))


def test_nothing_of_what_the_person_said_is_lost(library: Path, publication: Publication) -> None:
    sound, _ = heard(library, publication, "mp3")
    cues = [cue for cue in publication.timeline.sentences if cue.id.startswith("c02b")]
    total = sum(cue.end_ms - cue.start_ms for cue in cues)
    assert abs(total - 1000 * (sum(SPOKEN_S) + 2 * PAUSE_S)) < 500
    said = sound[cues[0].start_ms * 24 : cues[-1].end_ms * 24]
    loud = np.abs(said[: len(said) // 240 * 240]).reshape(-1, 240).max(axis=1) > 0.02
    assert abs(loud.sum() * 10 - 1000 * sum(SPOKEN_S)) < 200


def test_it_is_announced_and_tagged_as_a_persons_voice(library: Path, publication: Publication) -> None:
    chapter = publication.issue.articles[1]
    assert chapter.human_voice
    assert not publication.issue.articles[0].human_voice
    assert [each.id for each in publication.issue.chapters if each.human_voice] == ["c02", "closing"]
    assert [each.is_human for each in publication.voices] == [False, True]
    title = next(cue for cue in publication.timeline.sentences if cue.id == "c02h")
    first = next(cue for cue in publication.timeline.sentences if cue.id.startswith("c02b"))
    assert first.start_ms - title.end_ms > 1500  # the announcement lies between
    _, file = heard(library, publication, "mp3")
    chapters = {each.sub_frames["TIT2"].text[0]: each for each in ID3(file).getall("CHAP")}
    assert chapters["Bài của người đọc"].sub_frames["TIT3"].text == ["giọng người đọc"]
    assert "TIT3" not in chapters["Bài thứ nhất"].sub_frames
    _, alone = heard(library, publication, "mp3-article", "c02")
    assert "người thật đọc" in str(ID3(alone).getall("COMM")[0])
    assert "nhân tạo" not in str(ID3(alone).getall("COMM")[0])


def test_the_slower_rendition_is_slower_and_its_chapters_are_right(library: Path, publication: Publication) -> None:
    usual, _ = heard(library, publication, "mp3")
    slow, file = heard(library, publication, "mp3-slow")
    assert 1.22 < len(slow) / len(usual) < 1.45
    ends = sorted(each.end_time for each in ID3(file).getall("CHAP"))
    assert ends[-1] == len(slow) // 24
    for end in ends:
        assert np.abs(slow[(end - 1200) * 24 : end * 24]).max() < 10 ** (-60 / 20)


def test_an_engine_that_can_speak_slower_does_so_itself(library: Path, publication: Publication) -> None:
    """Not the same takes drawn out: it says each sentence once more, longer."""
    with_voice = partial(produce, Library.at(library), "2023-03", report=lambda *_: None, voice="espeak")
    usual = with_voice(kinds=("mp3",), pace="normal").publication
    takes = {file.stem for file in (library / "cache" / "takes").glob("??/*.flac")}
    made = with_voice(kinds=("mp3", "mp3-slow"), pace="slow").publication
    again = [file for file in (library / "cache" / "takes").glob("??/*.flac") if file.stem not in takes]
    said = [line for chapter in made.issue.chapters for block in chapter.blocks for line in block.sentences]
    assert len(again) >= len(said)
    slow, _ = heard(library, made, "mp3-slow")
    assert 1.22 < len(slow) / 24 / usual.timeline.duration_ms < 1.45
    assert integrated_lufs([hop_powers(slow, 24_000)]) == pytest.approx(-16, abs=0.5)


def test_a_slower_rendition_stays_until_it_is_asked_away(library: Path, publication: Publication) -> None:
    manuscript = library / "issues" / "2023-03" / "manuscript.md"
    manuscript.write_text(MANUSCRIPT.replace("khỏe", "mạnh khỏe"), "utf-8")
    assert made(library)[0].edition("mp3-slow")
    assert made(library, pace="normal")[0].edition("mp3-slow") is None
    assert made(library)[0].edition("mp3-slow") is None


def test_a_recording_without_an_article_is_named(library: Path, publication: Publication) -> None:
    stray = library / "issues" / "2023-03" / "07.wav"
    recording(stray)
    assert [(each.code, each.place) for each in made(library)[1] if each.code == "A-RECORDING"] == [
        ("A-RECORDING", "07.wav")
    ]
    stray.unlink()


@pytest.mark.parametrize("content", [b"khong phai am thanh", b""])
def test_what_is_no_recording_is_named_and_nothing_is_lost(
    library: Path, publication: Publication, content: bytes
) -> None:
    bad = library / "issues" / "2023-03" / "03.mp3"
    bad.write_bytes(content)
    before = Shelf(library / "shelf").publication("2023-03")
    with pytest.raises(errors.SettingsError, match=r"03\.mp3"):
        made(library)
    assert Shelf(library / "shelf").publication("2023-03") == before
    bad.unlink()


def test_a_recording_without_pauses_is_cut_by_its_words() -> None:
    assert cuts(np.ones(100), (10, 10, 20), level_lufs=0) == [0, 25, 50, 100]


def test_drawn_out_speech_is_longer_at_the_same_pitch() -> None:
    rate = 24_000
    tone = (0.3 * np.sin(2 * np.pi * 200 * np.arange(rate * 2) / rate)).astype(np.float32)
    slow = stretched(tone, rate, speed=0.8)
    assert abs(len(slow) / len(tone) - 1.25) < 0.02
    peak = np.argmax(np.abs(np.fft.rfft(slow[rate // 2 : rate // 2 + rate])))
    assert abs(int(peak) - 200) <= 2
