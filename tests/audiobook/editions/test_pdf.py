"""The pages to print: tagged as PDF/UA-1 asks, word for word the issue's; for weak eyes too."""

import re
import subprocess
import tracemalloc
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from audiobook.editions.figures import with_figures
from audiobook.editions.pdf import LARGE, STANDARD, Layout, designed_pdf, make_pdf
from audiobook.errors import EditionError
from audiobook.manuscripts.read import Details, read
from audiobook.model.issue import Kind, Markup
from audiobook.model.publication import Look

KINDS = ("pdf", "pdf-large")
SAMPLE = Path(__file__).parents[2] / "samples" / "ban-tin" / "ban-tin-so-3.md"


@pytest.fixture(scope="module", params=KINDS)
def pdf(request: pytest.FixtureRequest, file: Callable[[str], Path]) -> pikepdf.Pdf:
    return pikepdf.open(file(request.param))


def elements(node: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    """Every structure element in reading order, with its tag."""
    if not isinstance(node, pikepdf.Dictionary):
        return
    if "/S" in node:
        yield str(node.S), node
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        yield from elements(child)


def tagged(pdf: pikepdf.Pdf, tag: str) -> list[pikepdf.Object]:
    return [node for name, node in elements(pdf.Root.StructTreeRoot) if name == tag]


def words_of(file: Path) -> str:
    run = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    return " ".join(run.stdout.split())


def test_the_pdf_says_that_it_is_accessible(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.Root.Lang) == "vi"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo["/Title"]).startswith("Bản tin Thanh Bình, số 3 (30/03/2023)")
    with pdf.open_metadata() as metadata:
        assert str(metadata["pdfuaid:part"]) == "1"
        assert "Nhà xuất bản Bình Minh" in str(metadata["dc:creator"])


def test_the_large_print_says_so_in_its_title(file: Callable[[str], Path]) -> None:
    with pikepdf.open(file("pdf-large")) as pdf:
        assert str(pdf.docinfo["/Title"]).endswith("bản in chữ to")


def test_the_pdf_is_tagged_with_headings_tables_lists_figures_links_and_notes(pdf: pikepdf.Pdf) -> None:
    names = [name for name, _ in elements(pdf.Root.StructTreeRoot)]
    for name in ("/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/Lbl", "/Figure", "/Link", "/Note", "/TOC", "/P"):
        assert name in names, name


def test_headings_skip_no_level(pdf: pikepdf.Pdf) -> None:
    names = [name for name, _ in elements(pdf.Root.StructTreeRoot)]
    levels = [int(name[2]) for name in names if re.fullmatch(r"/H\d", name)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_figure_has_a_description(pdf: pikepdf.Pdf) -> None:
    descriptions = [str(node.Alt) for node in tagged(pdf, "/Figure")]
    assert "Cây đa" in descriptions
    assert "Mã QR mở trang nghe bài Giữ ấm" in descriptions
    assert all(descriptions)


def test_every_note_has_an_id_of_its_own(pdf: pikepdf.Pdf) -> None:
    """ISO 14289-1, 7.9."""
    names = [str(node.ID) for node in tagged(pdf, "/Note")]
    assert names
    assert len(set(names)) == len(names)


def test_every_link_says_where_it_leads(pdf: pikepdf.Pdf) -> None:
    """ISO 14289-1, 7.18.5."""
    links = [each for page in pdf.pages for each in page.get("/Annots", []) if str(each.Subtype) == "/Link"]
    assert any("so/2023-03/bai-1" in str(each.A.get("/URI", "")) for each in links if "/A" in each)
    assert all(str(each.get("/Contents", "")) for each in links)


def test_a_table_header_names_the_column_that_it_heads(pdf: pikepdf.Pdf) -> None:
    heads = tagged(pdf, "/TH")
    assert heads
    assert all("/Scope" in str(node.A) or "Scope" in repr(dict(node.A)) for node in heads if "/A" in node)


def test_english_words_are_marked_as_english(pdf: pikepdf.Pdf) -> None:
    assert any(b"/Lang(en)" in page.Contents.read_bytes() for page in pdf.pages)


def test_running_heads_page_numbers_and_ornaments_are_no_content(pdf: pikepdf.Pdf) -> None:
    for page in list(pdf.pages)[1:]:
        stream = page.Contents.read_bytes()
        assert stream.count(b"/Artifact") >= 2


def test_all_that_is_drawn_is_either_content_or_artifact(pdf: pikepdf.Pdf) -> None:
    """ISO 14289-1, 7.1: nothing is shown outside of marked content."""
    shows = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "b", "sh"}
    for page in pdf.pages:
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += (name in ("BDC", "BMC")) - (name == "EMC")
            assert depth > 0 or name not in shows


def test_the_pdf_has_bookmarks_and_embeds_its_fonts(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Giữ ấm", "Thông tin xuất bản"]
        assert [item.title for item in outline.root[0].children] == ["Mục nhỏ"]
    fonts = [font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()]
    assert fonts
    assert all("/ToUnicode" in font for font in fonts)
    assert all("/FontFile" in str(list(font.DescendantFonts[0].FontDescriptor.keys())) for font in fonts)


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_of_the_issue_is_on_paper_in_reading_order(file: Callable[[str], Path], kind: str) -> None:
    text = words_of(file(kind))
    assert unicodedata.is_normalized("NFC", text)
    at = text.rindex("Giữ ấm", 0, text.index("Mục nhỏ Câu"))
    for words in (
        "Hoài Hương",
        "Thông báo quan trọng",
        "Mục nhỏ",
        "Câu có chú thích1 và OTP, trang nhà.",
        "1. Một",
        "– Trong một",
        "2. Hai",
        "Phường",
        "3.008",
        "Còn sức thì còn góp.",
        "Tiếng loa đầu ngõ",
        "Đầu làng",
        "12-2023/CXBIPH",
    ):
        at = text.index(words, at) + len(words)
    assert "Ghi chú." in text


def said_by_tags(file: Path) -> str:
    """The text in the order of the tags, as a screen reader gets it; footnotes and running heads apart."""
    run = subprocess.run(["pdfinfo", "-struct-text", file], capture_output=True, check=True)
    parts, note = [""], 0
    for line in run.stdout.decode(errors="replace").splitlines():  # it prints headings' titles as they lie
        indent = len(line) - len(line.lstrip())
        note = note if note and indent > note else 0
        note = note or (indent if line.lstrip().startswith("Note") else 0)
        quoted = re.fullmatch(r'\s*"(.*)"', line)
        if not quoted or note:
            parts.append(" ")
        else:
            parts.append(quoted[1])
    return " ".join("".join(parts).split())


@pytest.mark.parametrize("layout", [STANDARD, LARGE], ids=["standard", "large"])
def test_every_word_of_the_sample_issue_is_told_by_the_tags(tmp_path: Path, desk: Any, layout: Layout) -> None:
    issue = read(SAMPLE, details=Details(publisher="N"), images=tmp_path / "images").issue
    shown = with_figures(issue, source=tmp_path, folder=tmp_path).issue
    file, remarks = make_pdf(shown, bulletin=desk.bulletin, pictures=tmp_path, layout=layout)
    text = said_by_tags(file)
    everything = words_of(file)
    assert not remarks
    for chapter in issue.articles:
        at = text.rindex(f" {chapter.title} ")
        for block in chapter.blocks:
            marks = [mark for mark in block.marks if mark.kind is Markup.FOOTNOTE]
            if block.kind is Kind.NOTE:
                assert " ".join(block.text.split()) in everything
                continue
            whole = "".join(c for n, c in enumerate(block.text) if not any(m.start <= n < m.end for m in marks))
            for cell in block.cells or (None,):
                words = " ".join((block.text[cell.start : cell.end] if cell else whole).split())
                assert words in text[at:], words
                at = text.index(words, at) + (0 if cell else len(words))


def test_large_print_is_large_upright_and_black(file: Callable[[str], Path]) -> None:
    """Nothing under 14 pt, the text itself at 20 pt, nothing slanted, no line broken inside a word."""
    with pikepdf.open(file("pdf-large")) as pdf:
        names = {str(f.BaseFont) for page in pdf.pages for f in page.Resources.get("/Font", {}).values()}
        sizes = [
            float(operands[1])
            for page in pdf.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "Tf"
        ]
    assert not any("Italic" in name for name in names)
    assert min(sizes) >= 12  # the mark of a footnote is raised and smaller; running heads have 14
    assert sizes.count(20.0) > len(sizes) / 4


def test_text_can_never_become_markup_in_the_pdf(tmp_path: Path, desk: Any) -> None:
    issue = desk.everything(title='#panic("x") $a$ *b* @c <d> \\e //f')
    (tmp_path / "images").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "images" / "a.png")
    file, _ = make_pdf(issue, bulletin=desk.bulletin, pictures=tmp_path)
    assert '#panic("x") $a$ *b* @c <d> \\e //f' in words_of(file)


@pytest.mark.parametrize("kind", KINDS)
def test_an_ugly_issue_ends_in_pages_and_remarks(tmp_path: Path, desk: Any, kind: str) -> None:
    result = desk.made(tmp_path, desk.ugly(), kinds=(kind,))
    text = words_of(tmp_path / "editions" / result.editions[0].file)
    assert "giá-trị-59" in text  # no column is cut off
    assert "cột0: giá-trị-0" in text
    codes = {each.code for each in result.remarks}
    assert codes == ({"E-GLYPH", "E-TABLE"} if kind == "pdf" else {"E-GLYPH"})


def test_a_table_that_fits_stays_a_grid_and_a_wide_one_becomes_rows(tmp_path: Path, desk: Any) -> None:
    (tmp_path / "images").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "images" / "a.png")
    file, remarks = make_pdf(desk.everything(), bulletin=desk.bulletin, pictures=tmp_path, layout=LARGE)
    assert not remarks
    assert "Phường Số hộ An Hòa 3.008" in words_of(file)


def test_the_publishers_colour_and_logo_are_on_the_first_page(tmp_path: Path, desk: Any) -> None:
    (tmp_path / "images").mkdir()
    for name in ("images/a.png", "logo.png"):
        Image.new("RGB", (40, 30)).save(tmp_path / name)
    bulletin = replace(desk.bulletin, look=Look(colour="#0b3d78"))
    logo = (tmp_path / "logo.png").read_bytes()
    file, _ = make_pdf(desk.everything(), bulletin=bulletin, pictures=tmp_path, logo=logo)
    subprocess.run(["pdftoppm", "-r", "20", "-png", "-singlefile", file, tmp_path / "a"], check=True)
    with Image.open(tmp_path / "a.png") as page:
        assert page.getpixel((3, 3)) == (0x0B, 0x3D, 0x78)
    with pikepdf.open(file) as pdf:
        assert any("Biểu trưng" in str(node.Alt) for node in tagged(pdf, "/Figure"))


def test_many_chapters_need_no_more_memory_than_few(tmp_path: Path, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What typst reads is written chapter by chapter, and its pages never come back as a value."""
    monkeypatch.setattr(subprocess, "run", lambda command, **rest: subprocess.CompletedProcess(command, 0))
    issue = desk.everything()
    opening, article, closing = issue.chapters
    long = replace(article, blocks=(replace(article.blocks[1], marks=(), sentences=(), text="chữ " * 3_000),))

    def highest(count: int) -> int:
        tracemalloc.start()
        make_pdf(
            replace(issue, chapters=(opening, *[long] * count, closing)), bulletin=desk.bulletin, pictures=tmp_path
        )
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    highest(1)  # what is loaded once
    assert highest(20) < 1.1 * highest(2)


def test_a_pdf_of_the_publishers_own_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n...\n%%EOF\n")
    assert designed_pdf(tmp_path / "a.pdf").startswith(b"%PDF")
    (tmp_path / "b.pdf").write_bytes(b"<html>")
    with pytest.raises(EditionError):
        designed_pdf(tmp_path / "b.pdf")
