"""What an editor looks at before the sound: the sheet, its corrections, the lexicon's commands, and what will change."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from audiobook.cli import audiobook
from audiobook.errors import DoubtStands, SettingsError
from audiobook.spoken.lexicon import Lexicon, entry_lines, load
from audiobook.spoken.prepare import speak
from audiobook.spoken.report import Item
from audiobook.spoken.sheet import as_html, as_tsv, corrections, rows

PUBLISHER = (
    "--title",
    "Bản tin",
    "--publisher",
    "NXB",
    "--licence-number",
    "1",
    "--supplier",
    "TT",
    "--phone",
    "024 0000 1234",
)
TEXT = "# Bài một\n\nTổ dân phố số 7 thu 1.250.000 đồng, họp XKZW lúc 8h.\n\nÔng Lê Văn Bình ủng hộ 500.000đ.\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder, manuscript = tmp_path / "thu-vien", tmp_path / "so.md"
    manuscript.write_text(TEXT, encoding="utf-8")
    run("new", folder, *PUBLISHER, "--base-url", "https://bantin.example.vn")
    run("add", manuscript, "--number", "3", "--date", "2023-03-30", "--library", folder)
    return folder


def run(*words: str | Path, lines: str = "") -> str:
    result = CliRunner().invoke(audiobook, [str(word) for word in words], input=lines, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def sheet(library: Path) -> list[dict[str, str]]:
    text = (library / "cache/check/2023-03/loi-doc.tsv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def test_the_sheet_lists_every_reading_once_with_the_doubtful_first(library: Path) -> None:
    said = run("check", "2023-03", "--library", library)
    assert "Tờ lời đọc" in said
    listed = sheet(library)
    assert (listed[0]["nguy_co"], listed[0]["in"]) == ("S-UNKNOWN", "XKZW")
    by_printed = {row["in"]: row for row in listed}
    assert by_printed["1.250.000 đồng"]["doc"] == "một triệu hai trăm năm mươi nghìn đồng"
    assert by_printed["1.250.000 đồng"]["quy_tac"] == "số tiền"
    assert by_printed["Ông Lê Văn Bình"]["quy_tac"] == "tên riêng"
    assert len(listed) == len(by_printed)


def test_the_page_shows_what_is_hostile_as_text() -> None:
    item = Item(
        place="c01b01s1",
        printed="<b>5</b>",
        spoken="năm",
        rule="number",
        before="<script>",
        after="&",
        doubt="S-NUMBER",
    )
    page = as_html(rows([item]), title="<i>", sounds={}, command=["audiobook"])
    assert "<script>" not in page
    assert "&lt;b&gt;5&lt;/b&gt;" in page


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig"])
def test_the_sheet_is_read_as_excel_saves_it(library: Path, coding: str) -> None:
    run("check", "2023-03", "--library", library)
    listed = sheet(library)
    listed[0]["sua"] = "ích ca dét"
    filled = library / "da-xem.txt"
    with filled.open("w", encoding=coding, newline="") as stream:
        writer = csv.DictWriter(stream, listed[0].keys(), delimiter="\t")
        writer.writeheader()
        writer.writerows(listed)
    assert "Đã ghi 1 mục" in run("check", "2023-03", "--apply", filled, "--library", library)


def test_only_an_x_approves(library: Path) -> None:
    run("check", "2023-03", "--library", library)
    listed = sheet(library)
    listed[0]["duyet"] = "sai"
    text = "\n".join("\t".join(row.values()) for row in [dict(zip(listed[0], listed[0], strict=True)), *listed])
    with pytest.raises(SettingsError) as refusal:
        corrections(text, file="da-xem.tsv")
    assert "dòng 2" in str(refusal.value)
    assert "chỉ ghi x" in str(refusal.value)


def test_what_is_corrected_in_the_sheet_is_said_from_then_on_and_what_is_approved_is_no_doubt_any_more(
    library: Path,
) -> None:
    run("check", "2023-03", "--library", library)
    listed = sheet(library)
    listed[0]["sua"] = "ích ca dét"
    listed[1]["duyet"] = "x"
    filled = library / "da-xem.tsv"
    with filled.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, listed[0].keys(), delimiter="\t")
        writer.writeheader()
        writer.writerows(listed)
    said = run("check", "2023-03", "--apply", filled, "--library", library)
    assert "Đã ghi 2 mục" in said
    assert "S-UNKNOWN" not in said
    assert speak("họp XKZW", load(library / "lexicon.toml")) == "họp ích ca dét"
    assert "Đã ghi 0 mục" in run("check", "2023-03", "--apply", filled, "--library", library)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a\tb\n", "dòng 1"), ("{head}\n\tA\ta\tr\t1\tp\tc\t\tsố 5\n", "dòng 2"), ("", "dòng 1")],
)
def test_a_sheet_that_cannot_be_taken_is_refused_with_its_line(text: str, said: str) -> None:
    head = as_tsv([]).strip()
    with pytest.raises(SettingsError, match=said):
        corrections(text.replace("{head}", head), file="to.tsv")


def test_doubtful_sentences_can_be_heard_beside_the_sheet(library: Path) -> None:
    run("check", "2023-03", "--sound", "--voice", "tone", "--library", library)
    page = (library / "cache/check/2023-03/loi-doc.html").read_text("utf-8")
    (clip,) = (library / "cache/check/2023-03").glob("c01*.mp3")
    assert f'src="{clip.name}"' in page
    assert clip.stat().st_size > 1000


def test_an_entry_is_added_listed_and_tried(library: Path) -> None:
    run("lexicon", "add", "CLBTT", "câu lạc bộ thơ", "--note", "quận", "--library", library)
    assert "CLBTT\tcâu lạc bộ thơ\tquận" in run("lexicon", "list", "--library", library)
    tried = run("lexicon", "test", "CLBTT họp 8h", "--library", library)
    assert tried.splitlines() == [
        "câu lạc bộ thơ họp tám giờ",
        "  CLBTT → câu lạc bộ thơ  [lexicon]",
        "  8h → tám giờ  [time]",
    ]


def test_the_last_word_counts_but_an_entry_that_looks_at_its_neighbours_stands_above(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.toml"
    entries = (("NS", "nhạc sĩ", "ông"), ("NS", "ngân sách", ""), ("NS", "ngân sách nhà nước", ""))
    file.write_text("".join(entry_lines(written=w, spoken=s, left=left) for w, s, left in entries), encoding="utf-8")
    assert speak("ông NS, NS", load(file)) == "ông nhạc sĩ, ngân sách nhà nước"


def test_what_will_be_said_otherwise_is_shown_with_the_sound_that_it_costs(library: Path) -> None:
    assert "Chưa biết lần trước" in run("diff", "2023-03", "--voice", "tone", "--library", library)
    run("produce", "2023-03", "--voice", "tone", "--library", library)
    same = run("diff", "2023-03", "--voice", "tone", "--library", library)
    assert "Không câu nào đọc khác" in same
    assert "đọc lại 0 câu" in same
    run("lexicon", "add", "XKZW", "xưởng", "--library", library)
    changed = run("diff", "2023-03", "--voice", "tone", "--library", library)
    assert "+ tổ dân phố số bảy thu một triệu hai trăm năm mươi nghìn đồng, họp xưởng lúc tám giờ." in changed
    assert "đọc lại 1 câu" in changed


def test_lines_in_are_spoken_lines_out_one_for_one() -> None:
    assert run("spoken", lines="03 tập thể\n\nngày 3/5\n").split("\n") == ["ba tập thể", "", "ngày ba tháng năm", ""]


def test_a_librarys_lexicon_is_asked_only_where_it_is_named(library: Path) -> None:
    run("lexicon", "add", "XKZW", "xưởng", "--library", library)
    assert run("spoken", "--library", library, lines="XKZW\n") == "xưởng\n"
    assert run("spoken", lines="XKZW\n") != "xưởng\n"


def test_a_reading_that_says_another_amount_stops_production_until_an_editor_lets_it_pass(library: Path) -> None:
    run("lexicon", "add", "500.000đ", "ba trăm nghìn đồng", "--library", library)
    with pytest.raises(DoubtStands) as refusal:
        run("produce", "2023-03", "--voice", "tone", "--library", library)
    assert "c01b02s1" in str(refusal.value)
    run("produce", "2023-03", "--voice", "tone", "--accept", "S-FACT@c01b02s1", "--library", library)
    published = (library / "shelf/2023-03/publication.json").read_text("utf-8")
    assert '"code": "S-FACT"' in published


def test_an_empty_lexicon_changes_nothing() -> None:
    assert speak("họp 8h", Lexicon()) == "họp tám giờ"
