"""The fragment that web page, EPUB and transcript share."""

import itertools
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.model.issue import Block, Cell, Chapter, Kind, Mark, Markup, Media, MediaKind, Sentence
from audiobook.xhtml import chapter_xhtml


def xhtml(*blocks: Block) -> str:
    chapter = Chapter(id="c01", title="Bài", blocks=blocks)
    return chapter_xhtml(chapter, picture_address=lambda media: f"hinh/{media.file}")


def tree(*blocks: Block) -> ElementTree.Element:
    return ElementTree.fromstring(f"<div>{xhtml(*blocks)}</div>")


def paragraph(text: str, *marks: Mark, sentences: tuple[tuple[int, int], ...] = ()) -> Block:
    told = tuple(Sentence(id=f"c01b01s{n}", start=a, end=b) for n, (a, b) in enumerate(sentences, 1))
    return Block(id="c01b01", kind=Kind.PARAGRAPH, text=text, marks=marks, sentences=told)


def test_each_sentence_carries_its_id() -> None:
    found = tree(paragraph("Một. Hai.", sentences=((0, 4), (5, 9)))).findall(".//span[@class='s']")
    assert [(each.get("id"), each.text) for each in found] == [("c01b01s1", "Một."), ("c01b01s2", "Hai.")]


def test_a_mark_across_two_sentences_is_cut_in_two() -> None:
    text = xhtml(paragraph("Một. Hai.", Mark(start=2, end=7, kind=Markup.STRONG), sentences=((0, 5), (5, 9))))
    assert '<span class="s" id="c01b01s1">Mộ<strong>t. </strong></span>' in text
    assert '<span class="s" id="c01b01s2"><strong>Ha</strong>i.</span>' in text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//x.vn", 'https://x.vn/" onclick="x', "/etc"]
)
def test_a_link_that_could_do_harm_is_only_text(address: str) -> None:
    assert "<a" not in xhtml(paragraph("đây", Mark(start=0, end=3, kind=Markup.LINK, value=address)))


def test_markup_in_the_text_stays_text() -> None:
    assert "<script" not in xhtml(paragraph('<script>alert("x")</script>'))


def test_a_table_has_headers_with_scope_and_rows_with_ids() -> None:
    block = Block(
        id="c01b01",
        kind=Kind.TABLE,
        text="Phường\tHộ\nAn Hòa\t3.008",
        cells=(
            Cell(start=0, end=6, row=0, column=0, header=True),
            Cell(start=7, end=9, row=0, column=1, header=True),
            Cell(start=10, end=16, row=1, column=0, header=True),
            Cell(start=17, end=22, row=1, column=1),
        ),
        sentences=(Sentence(id="c01b01s1", start=10, end=22),),
    )
    table = tree(block)
    assert [(th.get("scope"), th.text) for th in table.iter("th")] == [
        ("col", "Phường"),
        ("col", "Hộ"),
        ("row", "An Hòa"),
    ]
    assert table.find(".//tbody/tr").get("id") == "c01b01s1"
    assert table.find(".//td").text == "3.008"


def test_lists_nest_and_keep_their_printed_numbers() -> None:
    items = [("1.", 1, "Một"), ("–", 2, "a"), ("–", 2, "b"), ("3.", 1, "Ba")]
    blocks = [
        Block(id=f"c01b0{n}", kind=Kind.ITEM, text=text, marker=marker, level=level)
        for n, (marker, level, text) in enumerate(items, 1)
    ]
    found = tree(*blocks)
    assert [each.get("value") for each in found.findall("./ol/li")] == ["1", "3"]
    assert [each.text for each in found.findall("./ol/li/ul/li")] == ["a", "b"]


def test_a_note_and_its_mark_point_at_each_other() -> None:
    mark = Mark(start=3, end=4, kind=Markup.FOOTNOTE, value="c01b02")
    note = Block(id="c01b02", kind=Kind.NOTE, text="Ghi chú.", marker="1")
    found = tree(paragraph("Chữ1", mark), note)
    reference, back = found.find(".//a[@role='doc-noteref']"), found.find(".//a[@role='doc-backlink']")
    assert reference.get("href") == "#c01b02"
    assert back.get("href") == f"#{reference.get('id')}"


def test_a_figure_has_its_words_and_without_caption_its_sentence() -> None:
    media = Media(kind=MediaKind.IMAGE, file="a.png", media_type="image/png", alt='Cây "đa"', width=4, height=3)
    sentence = (Sentence(id="c01b01s1", start=0, end=0),)
    found = tree(Block(id="c01b01", kind=Kind.FIGURE, text="", media=media, sentences=sentence))
    assert found.find("figure").get("id") == "c01b01s1"
    assert found.find(".//img").attrib == {"src": "hinh/a.png", "alt": 'Cây "đa"', "width": "4", "height": "3"}


def test_a_mark_of_a_note_that_is_not_there_leads_nowhere() -> None:
    mark = Mark(start=3, end=4, kind=Markup.FOOTNOTE, value="c01b99")
    stray = Block(id="c01b02", kind=Kind.NOTE, text="Không ai gọi.", marker="7")
    found = tree(paragraph("Chữ1", mark), stray)
    assert found.find(".//sup").text == "1"
    assert not list(found.iter("a"))


def test_a_note_that_is_called_twice_leads_back_to_the_first_place() -> None:
    marks = (Mark(start=n, end=n + 1, kind=Markup.FOOTNOTE, value="c01b02") for n in (3, 8))
    found = tree(paragraph("Chữ1 chữ1", *marks), Block(id="c01b02", kind=Kind.NOTE, text="Ghi chú.", marker="1"))
    assert [each.get("id") for each in found.findall(".//a[@role='doc-noteref']")] == ["ref-c01b02", None]


def test_headings_skip_no_level() -> None:
    deep, next_one = (
        Block(id=f"c01b0{n}", kind=Kind.HEADING, text="Mục", level=level) for n, level in ((1, 6), (2, 2))
    )
    assert [each.tag for each in tree(deep, next_one)] == ["h3", "h3"]  # under the chapter's h2


def test_a_language_that_is_none_is_left_out() -> None:
    text = xhtml(paragraph("chữ", Mark(start=0, end=3, kind=Markup.LANGUAGE, value="không phải")))
    assert "lang" not in text


def test_a_film_has_its_subtitles_its_still_picture_its_words_and_a_way_to_keep_it() -> None:
    film = Media(
        kind=MediaKind.VIDEO, file="a.mp4", media_type="video/mp4", alt="Lớp học", still="a.jpg", captions="a.vtt",
        transcript="Chào các cụ.\nXin mời.",
    )  # fmt: skip
    found = tree(Block(id="c01b01", kind=Kind.FIGURE, text="Phim", media=film))
    video = found.find(".//video")
    assert (video.get("src"), video.get("poster"), video.get("aria-label")) == ("hinh/a.mp4", "hinh/a.jpg", "Lớp học")
    assert video.find("track").get("src") == "hinh/a.vtt"
    assert video.find("a").get("href") == "hinh/a.mp4"
    assert "".join(found.find(".//details/p").itertext()) == "Chào các cụ.Xin mời."


def test_a_chart_has_its_numbers_as_a_table_beneath_it() -> None:
    table = (("", "Năm 2022", "Năm <2023>"), ("An Hà", "1.250", "1.310"), ("An Bình", "–", "980"))
    media = Media(kind=MediaKind.CHART, file="a.png", media_type="image/png", alt="Số hộ", table=table)
    found = tree(Block(id="c01b01", kind=Kind.FIGURE, text="Số hộ", media=media)).find(".//details")
    assert found.find("summary").text == "Số liệu của biểu đồ"
    rows = [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]
    assert rows == [list(row) for row in table]
    assert [cell.get("scope") for cell in found.iter("th")] == ["col", "col", "row", "row"]


def test_a_figure_whose_file_is_not_to_be_had_stands_as_its_description() -> None:
    media = Media(kind=MediaKind.IMAGE, file="a.png", media_type="image/png", alt="Cây đa")
    chapter = Chapter(id="c01", title="Bài", blocks=(Block(id="c01b01", kind=Kind.FIGURE, text="Làng", media=media),))
    figure = ElementTree.fromstring(chapter_xhtml(chapter, picture_address=lambda media: ""))
    assert [each.tag for each in figure] == ["p", "figcaption"]
    assert figure.find("p").text == "Cây đa"


def test_a_table_that_is_one_sentence_names_it_once() -> None:
    cells = tuple(Cell(start=a, end=a + 1, row=a // 2, column=0) for a in (0, 2))
    sentence = (Sentence(id="c01b01s1", start=0, end=3),)
    found = tree(Block(id="c01b01", kind=Kind.TABLE, text="a\nb", cells=cells, sentences=sentence))
    assert [row.get("id") for row in found.iter("tr")] == ["c01b01s1", None]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


@given(
    text=st.text(min_size=1, max_size=60),
    ranges=st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(list(Markup)), st.text(max_size=9))
    ),
    cuts=st.lists(st.integers(0, 60), max_size=4),
)
def test_any_text_under_any_marks_is_well_formed_and_whole(text, ranges, cuts) -> None:
    marks = [
        Mark(start=a, end=min(b, len(text)), kind=kind, value=value) for a, b, kind, value in ranges if a < len(text)
    ]
    edges = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    block = paragraph(text, *marks, sentences=tuple(itertools.pairwise(edges)))
    wanted = "".join(
        c for c in text.replace("\n", "").replace("\r", "") if c == "\t" or unicodedata.category(c) not in ("Cc", "Cs")
    )
    wanted = wanted.replace("\ufffe", "").replace("\uffff", "").replace("\x85", "")
    as_xml = "".join(tree(block).itertext()).replace("\n", "").replace("\x85", "")
    as_html = _Text()
    as_html.feed(xhtml(block))
    as_html.close()
    assert as_xml == wanted
    assert as_html.text.replace("\n", "").replace("\r", "").replace("\x85", "") == wanted
