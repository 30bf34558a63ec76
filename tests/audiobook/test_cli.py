"""The command line: what an editor types, reads and gets as exit code."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from audiobook import cli, errors
from audiobook.acceptance import Acceptance
from audiobook.commands import console
from audiobook.commands.console import Progress
from audiobook.model.narration import Remark
from audiobook.production import Produced, produce

SAMPLE = Path(__file__).parents[1] / "samples" / "ban-tin"
PUBLISHER = """--title=Bản tin
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
SHORT = """---
title: Bản tin thử
number: 3
date: 2023-03-30
---

# Bài thứ nhất

Xin chào các cụ.

# Bài thứ hai

Chúc các cụ khỏe.
"""


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AUDIOBOOK_BASE_URL", raising=False)

    def run(*arguments: str | Path) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as leaving:
            cli.main([str(each) for each in arguments])
        heard = capsys.readouterr()
        return leaving.value.code, heard.out + heard.err

    return run


def test_numeric_libraries_start_one_thread_unless_something_else_is_set(
    said: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert said("--version")[0] == 0
    assert (os.environ["OPENBLAS_NUM_THREADS"], os.environ["OMP_NUM_THREADS"]) == ("1", "3")


@pytest.fixture
def library(said, tmp_path: Path) -> Path:
    folder = tmp_path / "thu-vien"
    assert said("new", folder, *PUBLISHER)[0] == 0
    return folder


@pytest.fixture
def short(tmp_path: Path) -> Path:
    file = tmp_path / "so3.md"
    file.write_text(SHORT, encoding="utf-8")
    return file


def test_help_is_vietnamese_first_and_english_second(said) -> None:
    status, text = said("--help")
    assert status == 0
    assert text.index("từ bản thảo Word") < text.index("The talking bulletin")
    for command in ("new", "add", "check", "produce", "list", "convert", "say", "voices", "serve", "feed"):
        assert f"\n  {command} " in text


def test_a_library_made_twice_is_refused(said, library: Path) -> None:
    status, text = said("new", library, *PUBLISHER)
    assert status == errors.LibraryExists.exit_code
    assert str(library) in text


def test_an_issue_is_added_checked_produced_and_listed(said, library: Path, short: Path) -> None:
    status, text = said("add", short, "--library", library)
    assert (status, "mã 2023-03" in text) == (0, True)
    status, text = said("check", "2023-03", "--library", library)
    assert status == 0
    assert "1. Bài thứ nhất" in text
    assert "Cả số dài khoảng" in text
    status, text = said("list", "--library", library)
    assert "chưa làm" in text
    status, text = said("produce", "2023-03", "--voice", "tone", "--library", library)
    assert status == 0, text
    assert "Xong số 2023-03: 2 bài" in text
    status, text = said("produce", "2023-03", "--voice", "tone", "--library", library)
    assert "không có gì thay đổi" in text
    status, text = said("list", "--library", library)
    assert "số 3, 30/03/2023" in text
    assert (library / "shelf" / "feed.xml").is_file()


def test_a_damaged_issue_is_listed_as_one_and_hides_no_other(said, library: Path, short: Path) -> None:
    for number in ("3", "4"):
        said("add", short, "--number", number, "--library", library)
    said("produce", "2023-04", "--voice", "tone", "--library", library)
    (library / "shelf" / "2023-03").mkdir()
    (library / "shelf" / "2023-03" / "publication.json").write_text("{", encoding="utf-8")
    status, text = said("list", "--library", library)
    assert status == 0, text
    assert "2023-03  hỏng" in text
    assert "audiobook produce 2023-03" in text
    assert "2023-04  số 4" in text


def test_number_and_date_on_the_command_line_stand_above_the_manuscript(said, library: Path, short: Path) -> None:
    status, text = said("add", short, "--number", "12", "--date", "5/4/2024", "--library", library)
    assert (status, "mã 2024-12" in text) == (0, True)


def test_an_id_that_is_taken_is_refused_and_another_may_be_given(said, library: Path, short: Path) -> None:
    assert said("add", short, "--library", library)[0] == 0
    status, text = said("add", short, "--library", library)
    assert (status, "2023-03" in text) == (errors.IssueExists.exit_code, True)
    assert said("add", short, "--id", "dac-biet", "--library", library)[0] == 0


def _truncated_docx(folder: Path) -> Path:
    file = folder / "cut.docx"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<w:document/>" * 50)
    file.write_bytes(file.read_bytes()[:100])
    return file


def _text(name: str, text: str):
    def write(folder: Path) -> Path:
        file = folder / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda folder: folder / "khong-co.docx", errors.ManuscriptMissing),
        (_text("rong.md", "  \n"), errors.ManuscriptEmpty),
        (_truncated_docx, errors.ManuscriptDamaged),
        (_text("cut.pdf", "%PDF-1.7\n"), errors.ManuscriptDamaged),
        (_text("khong-bai.md", "Chỉ có một dòng chữ, không có tiêu đề nào.\n"), errors.NoChapters),
        (_text("mat-hinh.md", "# Bài\n\n![Cây đa](hinh/mat.png)\n"), errors.PictureMissing),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_bad_manuscript_is_named_with_its_own_exit_code_and_nothing_is_taken_in(
    said, library: Path, tmp_path: Path, make, error: type[errors.AudiobookError]
) -> None:
    file = make(tmp_path)
    status, text = said("add", file, "--number", "3", "--date", "2023-03-30", "--library", library)
    assert status == error.exit_code, text
    assert file.name in text
    assert "Traceback" not in text
    assert list((library / "issues").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("add", "{short}", "--date", "2023-02-30"), errors.BadDate.exit_code, "2023-02-30"),
        (("add", "{short}", "--number", "ba"), errors.BadNumber.exit_code, "ba"),
        (("check", "2023-09"), errors.IssueUnknown.exit_code, "2023-09"),
        (("produce", "../2023-03"), errors.IssueUnknown.exit_code, "../2023-03"),
        (("produse",), 2, "produse"),
        (("produce",), 2, "MÃ-SỐ"),
        (("list", "--libary", "x"), 2, "--library"),
    ],
)
def test_a_bad_word_is_answered_in_vietnamese(
    said, library: Path, short: Path, arguments, status: int, words: str
) -> None:
    given = [str(short) if each == "{short}" else each for each in arguments]
    tail = [] if status == 2 else ["--library", library]
    got, text = said(*given, *tail)
    assert got == status, text
    assert text.startswith("Lỗi: ")
    assert words in text


def test_an_unknown_voice_is_refused_and_the_known_ones_are_named(said, library: Path, short: Path) -> None:
    said("add", short, "--library", library)
    for voice in ("giong-la", "espeak:giong-la"):
        status, text = said("produce", "2023-03", "--voice", voice, "--library", library)
        assert (status, "Lỗi: " in text) == (errors.UnknownVoice.exit_code, True), text


def test_a_bad_setting_is_named_with_its_place(said, library: Path, short: Path) -> None:
    said("add", short, "--library", library)
    file = library / "audiobook.toml"
    file.write_text(file.read_text("utf-8").replace("sentence_ms = 700", "sentence_ms = -5.5"), encoding="utf-8")
    status, text = said("produce", "2023-03", "--voice", "tone", "--library", library)
    assert (status, "pauses.sentence_ms" in text) == (errors.SettingsError.exit_code, True)


def test_a_folder_that_is_a_file_is_no_place_for_a_library(said, tmp_path: Path) -> None:
    (tmp_path / "tep").touch()
    status, text = said("new", tmp_path / "tep" / "con", *PUBLISHER)
    assert (status, "tep" in text) == (errors.NotWritable.exit_code, True)


def test_one_file_is_converted_without_a_library(said, tmp_path: Path, short: Path) -> None:
    out = tmp_path / "ra"
    status, text = said("convert", short, "--out", out, "--editions", "epub,mp3", "--voice", "tone")
    assert status == 0, text
    assert sorted(file.name for file in out.iterdir()) == ["ban-tin-2023-03.epub", "ban-tin-2023-03.mp3"]


def test_what_a_conversion_stops_at_can_be_let_pass(
    said, tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audiobook import conversion

    def doubtful(*arguments, acceptance: Acceptance, **options) -> Produced:
        acceptance.of([Remark(code="S-FACT", place="c01b01s1", text="in 500, đọc 300")])
        return produce(*arguments, acceptance=acceptance, **options)

    monkeypatch.setattr(conversion, "produce", doubtful)
    command = ["convert", short, "--out", tmp_path / "ra", "--editions", "mp3", "--voice", "tone"]
    status, text = said(*command)
    assert (status, "--accept S-FACT@c01b01s1" in text) == (errors.DoubtStands.exit_code, True)
    assert said(*command, "--accept", "S-FACT@c01b01s1")[0] == 0


def test_a_sentence_is_said_into_a_file(said, tmp_path: Path) -> None:
    file = tmp_path / "cau.wav"
    status, text = said("say", "Ngày 20/11 có 03 tập thể.", "--out", file, "--voice", "espeak", "--library", tmp_path)
    assert status == 0, text
    assert "ngày hai mươi tháng mười một có ba tập thể" in text
    assert file.stat().st_size > 40_000


def test_the_voices_are_listed_with_what_produce_calls_them(said) -> None:
    status, text = said("voices")
    assert status == 0
    assert "espeak:" in text


def test_the_sample_in_markdown_is_checked_with_its_pictures(said, library: Path, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "mau")
    assert said("add", tmp_path / "mau" / "ban-tin-so-3.md", "--library", library)[0] == 0
    status, text = said("check", "2023-03", "--library", library)
    assert status == 0
    assert "hình" in text


def test_a_step_that_is_taken_once_more_is_shown_once_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the narration, for the slower rendition; its time left counts from where it began."""
    clock = iter([0, 600, 1000, 1060])
    monkeypatch.setattr(console.time, "monotonic", lambda: next(clock))
    show = Progress()
    for done in (0, 100, 0, 50):
        show("narration", done, 100)
    first, second = capsys.readouterr().err.splitlines()[2:]
    assert first.endswith("0%")
    assert second.endswith("50%, còn khoảng 1 phút 0 giây")


def test_the_time_left_is_that_of_this_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nine tenths were made before: the next hundredth took a minute, so nine more are to come."""
    clock = iter([0, 60])
    monkeypatch.setattr(console.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(console.sys.stderr, "isatty", lambda: True)
    show = Progress()
    show("narration", 90, 100)
    show("narration", 91, 100)
    first, second = capsys.readouterr().err.split("\r")[1:]
    assert "còn" not in first
    assert "91%, còn khoảng 9 phút 0 giây" in second
