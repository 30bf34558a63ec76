"""What loudspeakers play: the horn master measured, the pack opened, the stick written, pulled out and read back."""

import errno
import io
import json
import os
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pikepdf
import pytest
import soundfile
from mutagen.mp3 import MP3, BitrateMode

from audiobook import cli, errors, stick
from audiobook.editions import loudspeaker
from audiobook.library import Library, Shelf
from audiobook.loudness import hop_powers, integrated_lufs, true_peak
from audiobook.mastering.mix import EARS, HORNS
from audiobook.mastering.speech import treated
from audiobook.model.loudspeaker import ItemKind
from audiobook.model.publication import LOUDSPEAKER_KINDS, Publication
from audiobook.production import produce
from audiobook.sessions import plan

PUBLISHER = """--title=Bản tin Thanh Bình
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
SENTENCES = " ".join(["Các cụ nhớ giữ ấm khi trời trở lạnh về sáng."] * 100)
MANUSCRIPT = f"""---
number: 3
date: 2023-03-30
---

# Giữ ấm lúc giao mùa

{SENTENCES}

# Đường hoa

{SENTENCES}

# Thông báo: cắt nước {{.quan-trong}}

Tạm cắt nước từ 22h00.

# Bài dài nhất

{SENTENCES} {SENTENCES}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loa") / "thu-vien"
    run("new", folder, *PUBLISHER)
    settings = folder / "audiobook.toml"
    text = settings.read_text("utf-8").replace('place = ""', 'place = "tổ dân phố số 3"')
    text = text.replace("slot_minutes = 15", "slot_minutes = 5").replace('["17:00"]', '["05:30", "17:00"]')
    settings.write_text(text, "utf-8")
    (folder / "so3.md").write_text(MANUSCRIPT, "utf-8")
    run("add", folder / "so3.md", "--library", folder)
    produce(Library.at(folder), "2023-03", report=lambda *_: None, voice="tone", kinds=("mp3", *LOUDSPEAKER_KINDS))
    return folder


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(each) for each in arguments])
    return leaving.value.code


@pytest.fixture(scope="module")
def publication(library: Path) -> Publication:
    return Shelf(library / "shelf").publication("2023-03")


def shelved(library: Path, publication: Publication, kind: str) -> Path:
    return Shelf(library / "shelf").file(publication, next(each for each in publication.editions if each.kind == kind))


@pytest.fixture(scope="module")
def pack(library: Path, publication: Publication) -> zipfile.ZipFile:
    return zipfile.ZipFile(shelved(library, publication, "loudspeaker-pack"))


def test_a_pack_without_a_greeting_has_all_the_rest(library: Path, tmp_path: Path) -> None:
    mute = shutil.copytree(library, tmp_path / "thu-vien")
    settings = mute / "audiobook.toml"
    with settings.open("a", encoding="utf-8") as out:
        out.write('\n[words]\nloudspeaker_greeting = ""\n')
    made = produce(Library.at(mute), "2023-03", report=lambda *_: None, voice="tone", kinds=("loudspeaker-pack",))
    greeting, *rest = made.publication.loudspeaker_pieces
    assert (greeting.kind, len(rest)) == (ItemKind.GREETING, 5)


def band(sound: np.ndarray, rate: int, low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    at = np.fft.rfftfreq(len(sound), 1 / rate)
    return 10 * np.log10(power[(at >= low) & (at < high)].mean() + 1e-20)


def test_horns_get_what_they_can_play_and_no_more() -> None:
    noise = (0.1 * np.random.default_rng(3).standard_normal(EARS.rate * 10)).astype(np.float32)
    sound = treated(noise, EARS.rate, HORNS)
    assert len(sound) == 10 * HORNS.rate
    middle = band(sound, HORNS.rate, 1000, 2000)
    assert band(sound, HORNS.rate, 130, 160) < middle - 10  # 12 dB an octave below 300 Hz
    assert band(sound, HORNS.rate, 10_500, 11_500) < middle - 9
    assert band(sound, HORNS.rate, 2600, 3400) > middle + 1.5
    assert 20 * np.log10(true_peak(sound)) <= -1


def test_soft_words_come_near_to_loud_ones_and_all_of_it_is_louder() -> None:
    rng = np.random.default_rng(4)
    time = np.arange(EARS.rate * 4) / EARS.rate
    voice = np.sign(np.sin(2 * np.pi * 140 * time)) * np.sin(np.pi * 4 * time) ** 2 + 0.1 * rng.standard_normal(
        len(time)
    )
    loud, soft = (voice * factor for factor in (0.2, 0.05))
    before = [integrated_lufs([hop_powers(each.astype(np.float32), EARS.rate)]) for each in (loud, soft)]
    made = [treated(each.astype(np.float32), EARS.rate, HORNS) for each in (loud, soft)]
    after = [integrated_lufs([hop_powers(each, HORNS.rate)]) for each in made]
    assert before[0] - before[1] > 11
    assert after[0] - after[1] < 6
    assert after[0] > before[0] + 2


def test_important_ones_come_first_are_said_twice_and_a_long_article_is_left_out(publication: Publication) -> None:
    plan = publication.loudspeaker[0]
    assert plan.slot_minutes == 5
    assert [made.slot_minutes for made in publication.loudspeaker] == [5, 15, 20, 30]
    first = plan.sessions[0].items
    assert [first[0].piece.kind, first[-1].piece.kind] == [ItemKind.GREETING, ItemKind.SIGN_OFF]
    assert (first[1].piece.title, first[1].piece.times) == ("Thông báo: cắt nước", 2)
    assert all(session.duration_ms <= 5 * 60_000 for session in plan.sessions)
    titles = {chapter.id: chapter.title for chapter in publication.issue.chapters}
    assert [titles[each] for each in plan.left_out] == ["Bài dài nhất"]
    said = [item.piece.chapter for session in plan.sessions for item in session.items if item.piece.chapter]
    assert sorted([*said, *plan.left_out]) == sorted(chapter.id for chapter in publication.issue.articles)
    assert not publication.loudspeaker[2].left_out


def test_the_pack_is_what_the_oldest_players_read(pack: zipfile.ZipFile, publication: Publication) -> None:
    plan = publication.loudspeaker[0]
    planned = [item.file for session in plan.sessions for item in session.items]
    names = pack.namelist()
    assert names[: len(planned)] == planned
    assert names[len(planned) :] == ["PLAY.M3U", "LICHPHAT.TXT", "LICHPHAT.PDF", "HUONGDAN.PDF", "BAIDAI/01.MP3"]
    assert planned == sorted(planned)
    assert all(re.fullmatch(r"\d\d[A-Z0-9]{1,6}\.MP3", name) for name in planned)
    assert pack.read("PLAY.M3U") == ("#EXTM3U\r\n" + "".join(f"{name}\r\n" for name in planned)).encode()
    stamps = [entry.date_time for entry in pack.infolist()]
    assert stamps == sorted(set(stamps))
    assert {entry.compress_type for entry in pack.infolist()} == {zipfile.ZIP_STORED}
    for name in planned:
        data = pack.read(name)
        sound = MP3(io.BytesIO(data))
        assert (sound.info.sample_rate, sound.info.channels, sound.info.bitrate) == (44_100, 1, 96_000)
        assert sound.info.bitrate_mode in (BitrateMode.CBR, BitrateMode.UNKNOWN)
        assert sound.tags.version[:2] == (2, 3)
        assert sound.tags.size < 4096
        assert str(sound.tags["TIT2"]).isascii()
        assert not sound.tags.getall("APIC")


def test_every_file_is_as_long_as_the_plan_says_and_a_notice_is_heard_twice(
    pack: zipfile.ZipFile, publication: Publication
) -> None:
    for item in publication.loudspeaker[0].sessions[0].items:
        sound, rate = soundfile.read(io.BytesIO(pack.read(item.file)), dtype="float32")
        assert abs(len(sound) / rate * 1000 - (item.end_ms - item.start_ms)) < 60  # a decoder's own delay
        if item.piece.times == 2:
            loud = np.abs(sound) > 0.05
            starts = np.flatnonzero(loud & ~np.concatenate([[False] * rate, loud])[: len(loud)])
            groups = 1 + int((np.diff(np.flatnonzero(loud)) > rate * 0.4).sum())
            assert groups == 5, starts  # title, words, "once more", title, words


def test_the_sheet_tells_clock_file_title_and_length(pack: zipfile.ZipFile, publication: Publication) -> None:
    text = pack.read("LICHPHAT.TXT").decode("utf-8-sig")
    assert "Nơi phát: tổ dân phố số 3" in text
    assert "Buổi 1, bắt đầu 05:30" in text
    assert "Buổi 2, bắt đầu 17:00" in text
    assert "05:30:00  01CHAOMU.MP3" in text
    assert "QUAN TRỌNG: Thông báo: cắt nước (đọc hai" in text
    assert "Bài dài nhất" in text
    assert text.count("\r\n") == text.count("\n")
    with pikepdf.open(io.BytesIO(pack.read("LICHPHAT.PDF"))) as sheet:
        assert [round(float(each)) for each in sheet.pages[0].mediabox[2:]] == [595, 842]  # A4
    with pikepdf.open(io.BytesIO(pack.read("HUONGDAN.PDF"))) as instruction:
        assert len(instruction.pages) == 1


def test_a_session_is_one_file_with_its_items_as_chapters(library: Path, publication: Publication) -> None:
    file = shelved(library, publication, "loudspeaker-mp3")
    session = publication.loudspeaker[0].sessions[0]
    sound, rate = soundfile.read(file, dtype="float32")
    assert abs(len(sound) / rate * 1000 - session.duration_ms) < 10
    chapters = MP3(file).tags.getall("CHAP")
    assert [c.sub_frames["TIT2"].text[0] for c in sorted(chapters, key=lambda c: c.start_time)] == [
        item.piece.title for item in session.items
    ]
    for item in session.items:
        start = item.start_ms * rate // 1000
        assert np.abs(sound[start : start + rate // 5]).max() < 10 ** (-60 / 20)


def test_the_schedule_names_fixed_addresses_and_times(library: Path, publication: Publication) -> None:
    made = json.loads(shelved(library, publication, "loudspeaker-schedule").read_text("utf-8"))
    assert [each["start"] for each in made["sessions"]] == ["05:30", "17:00"][: len(made["sessions"])]
    assert made["sessions"][0]["url"] == "http://127.0.0.1:8000/loa/moi-nhat/buoi-1.mp3"
    assert made["sessions"][0]["items"][1]["times"] == 2


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def sounds(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("[0-9]*.MP3"))


def test_a_stick_gets_the_pack_and_keeps_what_others_put_there(
    usb: Path, library: Path, pack: zipfile.ZipFile, capsys: pytest.CaptureFixture[str]
) -> None:
    (usb / "nhac.mp3").write_bytes(b"x")
    assert run("usb", usb, "--library", library) == 0
    said = capsys.readouterr().out
    for name in pack.namelist():
        if not name.startswith("BAIDAI/"):
            assert (usb / name).read_bytes() == pack.read(name), name
    assert "nhac.mp3" in said
    assert "Bài dài nhất" in said
    stamps = [(usb / name).stat().st_mtime for name in sounds(usb)]
    assert stamps == sorted(set(stamps))


def test_another_length_says_what_is_left_out_and_takes_the_old_sessions_away(
    usb: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("usb", usb, "--library", library) == 0
    before = sounds(usb)
    capsys.readouterr()
    assert run("usb", usb, "2023-03", "--slot", "30", "--start", "07:15", "--library", library) == 0
    assert "Không có trên USB" not in capsys.readouterr().out
    assert sounds(usb) != before
    assert "07:15:00  01CHAOMU.MP3" in (usb / "LICHPHAT.TXT").read_text("utf-8-sig")
    assert len((usb / "PLAY.M3U").read_bytes().split(b"\r\n")) - 2 == len(sounds(usb))
    assert run("usb", usb, "--session", "1", "--library", library) == 0
    assert "Đường hoa" in capsys.readouterr().out
    assert run("usb", usb, "--session", "9", "--library", library) == errors.SettingsError.exit_code


def test_anothers_file_of_the_same_name_is_never_covered(usb: Path, library: Path) -> None:
    (usb / "01CHAOMU.MP3").write_bytes(b"cua nguoi khac")
    assert run("usb", usb, "--library", library) == errors.NotWritable.exit_code
    assert [file.name for file in usb.iterdir()] == ["01CHAOMU.MP3"]


def test_a_stick_that_is_too_small_is_told_before_anything_is_touched(
    usb: Path, library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("usb", usb, "--library", library) == 0
    before = sounds(usb)
    monkeypatch.setattr(stick.shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(10**6, 10**6, 0))
    assert run("usb", usb, "--slot", "30", "--library", library) == errors.DiskFull.exit_code
    assert "MB" in capsys.readouterr().err
    assert sounds(usb) == before


def test_a_stick_pulled_out_is_told_and_the_next_run_makes_it_whole(
    usb: Path, library: Path, pack: zipfile.ZipFile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    true_fsync, left = os.fsync, iter(range(3))

    def pulled(handle: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.EIO, "Input/output error")
        true_fsync(handle)

    with monkeypatch.context() as broken:
        broken.setattr(stick.os, "fsync", pulled)
        assert run("usb", usb, "--library", library) == errors.StickFaulty.exit_code
    assert "rút ra" in capsys.readouterr().err
    assert not (usb / "PLAY.M3U").exists()
    assert run("usb", usb, "--library", library) == 0
    assert [(usb / name).read_bytes() == pack.read(name) for name in sounds(usb)] == [True] * len(sounds(usb))


def test_a_stick_pulled_out_at_its_first_file_is_made_whole_too(
    usb: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(stick.os, "fsync", pulled)
        assert run("usb", usb, "--library", library) == errors.StickFaulty.exit_code
    for left in (b"", b"\0" * 512, (usb / "LICHPHAT.TXT").read_bytes()[:9]):  # what FAT may keep of it
        (usb / "LICHPHAT.TXT").write_bytes(left)
        assert run("usb", usb, "--library", library) == 0
        for file in usb.iterdir():
            file.unlink()


def test_anothers_sheet_of_the_same_name_is_never_covered(usb: Path, library: Path) -> None:
    (usb / "LICHPHAT.TXT").write_bytes("Lịch phát của phường".encode())
    assert run("usb", usb, "--library", library) == errors.NotWritable.exit_code
    assert (usb / "LICHPHAT.TXT").read_bytes() == "Lịch phát của phường".encode()


def test_an_issue_whose_articles_are_all_too_long_goes_to_a_stick_in_a_longer_session(
    usb: Path, library: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "thu-vien"
    shutil.copytree(library, folder)
    head, long = MANUSCRIPT[: MANUSCRIPT.index("# Giữ ấm")], MANUSCRIPT[MANUSCRIPT.index("# Bài dài nhất") :]
    (folder / "issues" / "2023-03" / "manuscript.md").write_text(head + long, "utf-8")
    produce(Library.at(folder), "2023-03", report=lambda *_: None, voice="tone", kinds=("mp3", *LOUDSPEAKER_KINDS))
    assert not Shelf(folder / "shelf").publication("2023-03").loudspeaker[0].sessions
    assert run("usb", usb, "--slot", "30", "--library", folder) == 0
    assert sounds(usb) == ["01CHAOMU.MP3", "02BAIDAI.MP3", "03KETTHU.MP3"]
    assert soundfile.info(usb / "02BAIDAI.MP3").duration > 4.5 * 60


def test_a_stick_that_gives_back_something_else_is_told(
    usb: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worn_out() -> None:
        with (usb / "02THONGB.MP3").open("rb+") as file:
            file.seek(5000)
            file.write(b"\0")

    monkeypatch.setattr(stick, "_sync", worn_out)
    assert run("usb", usb, "--library", library) == errors.StickFaulty.exit_code


def test_a_stick_that_is_not_there_is_told(library: Path, tmp_path: Path) -> None:
    assert run("usb", tmp_path / "khong-co", "--library", library) == errors.NotWritable.exit_code


def test_a_pack_that_old_players_cannot_read_is_left_out_and_told(publication: Publication, tmp_path: Path) -> None:
    article = next(piece for piece in publication.loudspeaker_pieces if piece.kind is ItemKind.ARTICLE)
    long = plan([replace(article, duration_ms=600_000, chapter=f"c{number:03}") for number in range(260)], 15)
    job = SimpleNamespace(plans=(long,), issue=publication.issue)
    made = loudspeaker.pack(job)
    assert made.products == ()
    (remark,) = made.remarks
    without = replace(
        publication,
        loudspeaker=(long,),
        editions=tuple(e for e in publication.editions if e.kind != "loudspeaker-pack"),
    )
    with pytest.raises(errors.IssueUnknown, match="264 tệp"), stick._pieces(Shelf(tmp_path), without):
        pass
    assert remark.code == "A-PACK"
    assert "264 tệp" in remark.text
