"""Markdown and Word manuscripts, each feature in a small file; the sample issue reads alike from both."""

import datetime
import gc
import subprocess
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from weakref import WeakSet

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imageio_ffmpeg import get_ffmpeg_exe
from lxml import html
from markdown_it.tree import SyntaxTreeNode
from PIL import Image

from audiobook import errors
from audiobook.manuscripts.html_facts import facts_of
from audiobook.manuscripts.read import Details, Reading, companions, read
from audiobook.model.issue import Block, Kind, Markup

SAMPLE = Path(__file__).parents[1] / "samples" / "ban-tin"
DETAILS = Details(number=3, date=datetime.date(2023, 3, 30), publisher="Nhà xuất bản")
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
STYLES = (
    f'<w:styles {NS}><w:style w:styleId="u1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Bai"><w:name w:val="Tít bài"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:styleId="Tho"><w:name w:val="Thơ"/></w:style><w:style w:styleId="ml1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="qt"><w:name w:val="Quan trọng"/></w:style></w:styles>'
)
NUMBERING = (
    f'<w:numbering {NS}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="%1)"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def markdown(folder: Path, text: str) -> Reading:
    file = folder / "so.md"
    file.write_text(text, encoding="utf-8")
    return read(file, details=DETAILS, images=folder / "images")


def word(folder: Path, body: str, **parts: str) -> Reading:
    file = folder / "so.docx"
    heading = '<w:p><w:pPr><w:pStyle w:val="u1"/></w:pPr><w:r><w:t>Bài</w:t></w:r></w:p>'
    files = {
        "word/document.xml": f"<w:document {NS}><w:body>{heading}{body}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
    } | {f"word/{name}.xml": xml for name, xml in parts.items()}
    with zipfile.ZipFile(file, "w") as package:
        for name, text in files.items():
            package.writestr(name, text)
    return read(file, details=DETAILS, images=folder / "images")


def paragraph(runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def blocks(reading: Reading) -> list[Block]:
    return [block for chapter in reading.issue.chapters for block in chapter.blocks]


def test_the_sample_issue_reads_alike_from_markdown_and_from_word(tmp_path: Path) -> None:
    one = read(SAMPLE / "ban-tin-so-3.md", details=DETAILS, images=tmp_path / "one" / "images").issue
    other = read(SAMPLE / "ban-tin-so-3.docx", details=DETAILS, images=tmp_path / "other" / "images").issue
    assert len(one.chapters) == 12
    for left, right in zip(one.chapters, other.chapters, strict=True):
        if left.important:
            # in Word the style "Quan trọng" is a line of its own
            assert right.important
            assert [b.text for b in right.blocks[1:]] == [b.text for b in left.blocks]
        else:
            assert left == right
    assert (one.title, one.summary) == (other.title, other.summary)


def test_facts_of_the_front_matter_count_where_the_editor_is_silent(tmp_path: Path) -> None:
    (tmp_path / "so.md").write_text(
        "---\ntitle: Số Tết\nnumber: 7\ndate: 2024-02-01\n---\n# Bài\n\nChữ.", encoding="utf-8"
    )
    issue = read(tmp_path / "so.md", details=Details(), images=tmp_path / "images").issue
    assert (issue.id, issue.title, issue.number) == ("2024-07", "Số Tết", 7)


@pytest.mark.parametrize(("line", "error"), [("date: 2024-02-31", errors.BadDate), ("number: bảy", errors.BadNumber)])
def test_a_bad_fact_is_named_with_its_file(tmp_path: Path, line: str, error: type[errors.AudiobookError]) -> None:
    facts = {"number": "number: 7", "date": "date: 2024-02-01"} | {line.split(":")[0]: line}
    (tmp_path / "so.md").write_text("---\n" + "\n".join(facts.values()) + "\n---\n# Bài\n\nChữ.", encoding="utf-8")
    with pytest.raises(error) as refusal:
        read(tmp_path / "so.md", details=Details(), images=tmp_path / "images")
    assert "so.md" in str(refusal.value)


def test_a_single_heading_above_all_others_is_the_issues_title(tmp_path: Path) -> None:
    issue = markdown(tmp_path, "# Bản tin\n\n## Một\n\nChữ.\n\n## Hai\n\nChữ.\n\n### Nhỏ\n\nChữ.").issue
    assert issue.title == "Bản tin"
    assert [chapter.title for chapter in issue.chapters] == ["Một", "Hai"]
    assert issue.chapters[1].blocks[1].level == 2


def test_a_heading_never_skips_a_level(tmp_path: Path) -> None:
    found = blocks(markdown(tmp_path, "# Bài\n\n##### Sâu\n\nChữ."))
    assert found[0].level == 2


def test_text_before_the_first_article_is_remarked(tmp_path: Path) -> None:
    remarks = markdown(tmp_path, "UBND QUẬN\n\n# Bài\n\nChữ.").remarks
    assert [(each.code, each.place) for each in remarks] == [("M-BEFORE", "dòng 1")]


def test_inline_marks_are_ranges_over_the_plain_text(tmp_path: Path) -> None:
    block = blocks(markdown(tmp_path, "# Bài\n\nMột **hai** [ba](https://a.vn) *bốn*  \nnăm [OTP]{lang=en}."))[0]
    assert block.text == "Một hai ba bốn\nnăm OTP."
    marked = {mark.kind: block.text[mark.start : mark.end] for mark in block.marks}
    assert marked == {Markup.STRONG: "hai", Markup.LINK: "ba", Markup.EMPHASIS: "bốn", Markup.LANGUAGE: "OTP"}


def test_a_footnote_stands_behind_what_refers_to_it(tmp_path: Path) -> None:
    first, note, second = blocks(markdown(tmp_path, "# Bài\n\nMột[^a].\n\nHai.\n\n[^a]: Ghi chú *nhỏ*."))
    assert (note.kind, note.text, note.marker) == (Kind.NOTE, "Ghi chú nhỏ.", "1")
    assert first.marks[0].value == note.id
    assert second.text == "Hai."


def test_a_poem_keeps_its_lines_and_stanzas(tmp_path: Path) -> None:
    found = blocks(markdown(tmp_path, "# Thơ\n\n```tho\nMột\nhai\n\nba\n```"))
    assert [(each.kind, each.text) for each in found] == [(Kind.VERSE, "Một\nhai"), (Kind.VERSE, "ba")]


def test_an_important_notice_is_marked(tmp_path: Path) -> None:
    chapter = markdown(tmp_path, "# Cắt nước {.quan-trong}\n\nChữ.").issue.chapters[0]
    assert (chapter.title, chapter.important) == ("Cắt nước", True)


def test_a_picture_comes_with_its_words_and_one_without_is_remarked(tmp_path: Path) -> None:
    Image.new("RGB", (8, 6)).save(tmp_path / "a.png")
    reading = markdown(tmp_path, '# Bài\n\n![Cây đa](a.png "Đầu làng")\n\n![](a.png)')
    figure, bare = blocks(reading)
    assert (figure.text, figure.media.alt, figure.media.width) == ("Đầu làng", "Cây đa", 8)
    assert (tmp_path / figure.media.file).is_file()
    assert bare.media.alt == ""
    assert [each.code for each in reading.remarks] == ["M-ALT"]
    assert [str(path) for path in companions(tmp_path / "so.md")] == ["a.png"]


@pytest.mark.parametrize("name", ["../ngoai.png", "/etc/passwd", "C:/a.png", "%2e%2e/ngoai.png"])
def test_a_picture_outside_the_manuscripts_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "trong").mkdir()
    Image.new("RGB", (8, 6)).save(tmp_path / "ngoai.png")
    with pytest.raises(errors.PictureMissing) as refusal:
        markdown(tmp_path / "trong", f"# Bài\n\n![x]({name})")
    assert "dòng 3" in str(refusal.value)


def test_a_broken_picture_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"khong phai hinh")
    found = markdown(tmp_path, '# Bài\n\n![Sơ đồ họ Lê](a.png "Chú thích")\n\nXin chào.')
    assert [block.text for block in blocks(found)] == ["Chú thích", "Xin chào."]
    told = [each for each in found.remarks if each.code == "M-PICTURE"]
    assert {each.place for each in told} == {"dòng 3"}
    assert "'a.png' không phải ảnh" in told[0].text
    assert "Sơ đồ họ Lê" in told[0].text


def test_a_broken_cover_is_told_and_one_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "bia.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    found = markdown(tmp_path, "---\ncover: bia.png\n---\n\n# Bài\n\nXin chào.")
    assert found.issue.cover == ""
    assert "cover" in {each.place for each in found.remarks if each.code == "M-PICTURE"}


def test_a_line_in_word_that_names_a_sound_beside_it_is_that_sound(tmp_path: Path) -> None:
    sound = ["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "libmp3lame", tmp_path / "bai-hat.mp3"]
    subprocess.run([get_ffmpeg_exe(), "-v", "error", *sound], check=True)
    (tmp_path / "bai-hat.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nCâu hát.\n", encoding="utf-8")
    texts = ("Mời nghe.", "Bai-hat.mp3: Bài hát của câu lạc bộ", "Nghe bai-hat.mp3 rồi thì về.", "khong-co.mp3: x")
    found = word(tmp_path, "".join(paragraph(run(text)) for text in texts))
    assert companions(tmp_path / "so.docx") == (PurePosixPath("bai-hat.mp3"), PurePosixPath("bai-hat.vtt"))
    assert [block.text for block in blocks(found)] == ["Mời nghe.", "", *texts[2:]]
    (song,) = [block.media for block in blocks(found) if block.media]
    assert (song.media_type, song.alt, song.transcript) == ("audio/mpeg", "Bài hát của câu lạc bộ", "Câu hát.")
    assert found.account.missing == 0
    assert [each.code for each in found.account.left_out] == ["M-NAMED"]


def test_of_a_long_markdown_file_one_block_is_a_tree_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree's nodes hold one another: those of a whole file would stay until garbage is collected."""
    alive, most = WeakSet[SyntaxTreeNode](), 0

    class Counted(SyntaxTreeNode):
        def __init__(self, *given: Any, **named: Any) -> None:
            nonlocal most
            super().__init__(*given, **named)
            alive.add(self)
            if len(alive) > 50:
                gc.collect()
            most = max(most, len(alive))

    monkeypatch.setattr("markdown_it.tree.SyntaxTreeNode", Counted)
    reading = markdown(tmp_path, "# Bài\n\n" + "Một câu *nhấn*.\n\n" * 100)
    assert len(reading.issue.chapters[0].blocks) == 100
    assert 0 < most <= 60


@given(text=st.text(min_size=1, max_size=80))
def test_any_text_in_markdown_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("bat-ky")
    (folder / "so.md").write_bytes(b"# B\n\n" + text.encode("utf-8", "surrogatepass"))
    try:
        reading = read(folder / "so.md", details=DETAILS, images=folder / "images")
    except errors.AudiobookError:
        return
    assert all(unicodedata.is_normalized("NFC", block.text) for block in blocks(reading))


def test_word_styles_are_told_by_name_and_outline_never_by_id(tmp_path: Path) -> None:
    body = paragraph(run("Một"), "") + paragraph(run("Bài hai"), '<w:pStyle w:val="Bai"/>') + paragraph(run("Hai"))
    assert [chapter.title for chapter in word(tmp_path, body).issue.chapters] == ["Bài", "Bài hai"]


def test_what_was_deleted_is_gone_and_what_was_inserted_stays(tmp_path: Path) -> None:
    deleted = "<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>"
    block = blocks(
        word(tmp_path, paragraph(run("Giữ ") + deleted + f"<w:ins>{run('mới')}</w:ins>" + run(" ẩn", "<w:vanish/>")))
    )[0]
    assert block.text == "Giữ mới"


def test_split_runs_are_one_word_and_bold_is_a_mark(tmp_path: Path) -> None:
    block = blocks(word(tmp_path, paragraph(run("Ng", "<w:b/>") + run("hị", "<w:b/>") + run(" quyết"))))[0]
    assert block.text == "Nghị quyết"
    assert [(m.kind, block.text[m.start : m.end]) for m in block.marks] == [(Markup.STRONG, "Nghị")]


def test_list_numbers_are_written_as_word_prints_them(tmp_path: Path) -> None:
    item = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr>'
    found = blocks(word(tmp_path, paragraph(run("Một"), item) + paragraph(run("Hai"), item)))
    assert [(each.kind, each.marker) for each in found] == [(Kind.ITEM, "a)"), (Kind.ITEM, "b)")]


def test_a_contents_list_is_no_text(tmp_path: Path) -> None:
    body = paragraph(run("Bài ..... 3"), '<w:pStyle w:val="ml1"/>') + paragraph(run("Chữ"))
    assert [each.text for each in blocks(word(tmp_path, body))] == ["Chữ"]


def test_text_of_an_alternative_is_read_once(tmp_path: Path) -> None:
    box = f"<mc:AlternateContent><mc:Choice>{run('một')}</mc:Choice><mc:Fallback>{run('một')}</mc:Fallback></mc:AlternateContent>"
    assert blocks(word(tmp_path, paragraph(box)))[0].text == "một"


def test_a_table_keeps_its_header_row_and_merged_cells(tmp_path: Path) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text))}</w:tc>"

    rows = "<w:tr><w:trPr><w:tblHeader/></w:trPr>" + cell("Tên") + cell("Số", '<w:gridSpan w:val="2"/>') + "</w:tr>"
    rows += "<w:tr>" + cell("A", '<w:vMerge w:val="restart"/>') + cell("1") + cell("2") + "</w:tr>"
    rows += "<w:tr>" + cell("", "<w:vMerge/>") + cell("3") + cell("4") + "</w:tr>"
    block = blocks(word(tmp_path, f"<w:tbl>{rows}</w:tbl>"))[0]
    assert block.text == "Tên\tSố\nA\t1\t2\n3\t4"
    told = [(block.text[c.start : c.end], c.row, c.column, c.rows, c.columns, c.header) for c in block.cells]
    assert told[:3] == [("Tên", 0, 0, 1, 1, True), ("Số", 0, 1, 1, 2, True), ("A", 1, 0, 2, 1, False)]
    assert told[-1] == ("4", 2, 2, 1, 1, False)


def test_a_footnote_of_word_is_a_note(tmp_path: Path) -> None:
    notes = f'<w:footnotes {NS}><w:footnote w:id="2">{paragraph(run("Ghi chú."))}</w:footnote></w:footnotes>'
    body = paragraph(run("Chữ") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    first, note = blocks(word(tmp_path, body, footnotes=notes))
    assert (first.text, note.kind, note.text) == ("Chữ1", Kind.NOTE, "Ghi chú.")


def test_a_doctype_in_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises((errors.ManuscriptHostile, errors.ManuscriptDamaged)):
        word(tmp_path, paragraph(run("Chữ")), styles=f'<!DOCTYPE x [<!ENTITY a "b">]><w:styles {NS}>&a;</w:styles>')


def test_a_name_that_leaves_the_package_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("word/document.xml", f"<w:document {NS}/>")
        package.writestr("../../thoat.txt", "x")
    with pytest.raises(errors.ManuscriptHostile):
        read(tmp_path / "a.docx", details=DETAILS, images=tmp_path / "images")


def test_a_part_that_swells_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bom.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 70_000_000)
    with pytest.raises(errors.ManuscriptHostile):
        read(tmp_path / "bom.docx", details=DETAILS, images=tmp_path / "images")


def test_an_old_word_file_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(errors.ManuscriptKind, match=r"\.docx"):
        read(tmp_path / "a.docx", details=DETAILS, images=tmp_path / "images")


def test_the_editors_details_stand_above_the_manuscripts(tmp_path: Path) -> None:
    (tmp_path / "so.md").write_text("---\nnumber: 7\ndate: 2024-02-01\n---\n# Bài\n\nChữ.", encoding="utf-8")
    issue = read(tmp_path / "so.md", details=replace(DETAILS, id="rieng"), images=tmp_path / "images").issue
    assert (issue.id, issue.number) == ("rieng", 3)


@pytest.mark.parametrize(
    ("page", "author"),
    [
        ('<p class="author">Tác giả: Lê Thị B</p><p>Chữ.</p>', "Lê Thị B"),
        ('<meta name="author" content="Trần Văn A"><p class="author">Ban biên tập</p>', "Trần Văn A"),
        ("<p class='authority'>Cơ quan</p>", ""),
    ],
)
def test_who_wrote_it_is_found_in_the_page_where_its_head_does_not_say(page: str, author: str) -> None:
    assert facts_of(html.fromstring(f"<html><body><h1>Bài</h1>{page}</body></html>")).author == author
