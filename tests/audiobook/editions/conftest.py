"""Issues made by hand: one that has everything, one that is ugly; and the editions of the first, made once."""

import datetime
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from audiobook.disk import digest
from audiobook.editions.make import Made, make
from audiobook.model.issue import Block, Cell, Chapter, Issue, Kind, Mark, Markup, Media, MediaKind, Role, Sentence
from audiobook.model.publication import KINDS, Bulletin, Podcast, Publisher, Site
from audiobook.model.recording import Cue, Recording, Timeline, Track, Voice

BULLETIN = Bulletin(
    publisher=Publisher(
        name="Nhà xuất bản Bình Minh", licence_number="12-2023/CXBIPH", supplier="Trung tâm", phone="024 0000 1234"
    ),
    podcast=Podcast(guid="2f3c9a52-6f52-5b0c-9c9d-6a4f0b1de001", title="Bản tin Thanh Bình", description="…"),
    site=Site(base_url="https://bantin.example.vn"),
)
VOICES = (Voice(engine="espeak", name="bac", label="espeak-ng, giọng Bắc"),)


def told(block: Block) -> Block:
    if block.kind is Kind.TABLE:
        rows, start = [], 0
        for number, row in enumerate(block.text.split("\n"), 1):
            rows.append(Sentence(id=f"{block.id}s{number}", start=start, end=start + len(row)))
            start += len(row) + 1
        return replace(block, sentences=tuple(rows))
    return replace(block, sentences=(Sentence(id=f"{block.id}s1", start=0, end=len(block.text)),))


def table(block_id: str) -> Block:
    cells = tuple(
        Cell(start=a, end=b, row=r, column=c, header=r == 0)
        for a, b, r, c in ((0, 6, 0, 0), (7, 12, 0, 1), (13, 19, 1, 0), (20, 25, 1, 1))
    )
    return Block(id=block_id, kind=Kind.TABLE, text="Phường\tSố hộ\nAn Hòa\t3.008", cells=cells)


def everything(title: str = "Giữ ấm", more: tuple[Block, ...] = ()) -> Issue:
    def block(number: int, kind: Kind, text: str, **rest: object) -> Block:
        return Block(id=f"c01b{number:02d}", kind=kind, text=text, **rest)

    blocks = (
        block(1, Kind.HEADING, "Mục nhỏ", level=2),
        block(
            2,
            Kind.PARAGRAPH,
            "Câu có chú thích1 và OTP, trang nhà.",
            marks=(
                Mark(start=4, end=6, kind=Markup.STRONG),
                Mark(start=16, end=17, kind=Markup.FOOTNOTE, value="c01b03"),
                Mark(start=21, end=24, kind=Markup.LANGUAGE, value="en"),
                Mark(start=26, end=35, kind=Markup.LINK, value="https://a.vn/?a=1&b=2"),
            ),
        ),
        block(3, Kind.NOTE, "Ghi chú.", marker="1"),
        block(4, Kind.ITEM, "Một", marker="1.", level=1),
        block(5, Kind.ITEM, "Trong một", marker="–", level=2),
        block(6, Kind.ITEM, "Hai", marker="2.", level=1),
        table("c01b07"),
        block(8, Kind.QUOTE, "Còn sức thì còn góp."),
        block(9, Kind.VERSE, "Sáng nay sương mỏng\nTiếng loa đầu ngõ"),
        block(
            10,
            Kind.FIGURE,
            "Đầu làng",
            media=Media(
                kind=MediaKind.IMAGE, file="images/a.png", media_type="image/png", alt="Cây đa", width=40, height=30
            ),
        ),
        *more,
    )
    article = Chapter(id="c01", title=title, blocks=tuple(map(told, blocks)), important=True, author="Hoài Hương")
    opening = Chapter(
        id="opening",
        title="Mở đầu",
        role=Role.OPENING,
        blocks=(told(Block(id="openingb01", kind=Kind.PARAGRAPH, text="Bản tin số 3.")),),
    )
    closing = Chapter(
        id="closing",
        title="Lời kết",
        role=Role.CLOSING,
        blocks=(told(Block(id="closingb01", kind=Kind.PARAGRAPH, text="Xin cảm ơn.")),),
    )
    return Issue(
        id="2023-03", title="Số tháng 3", number=3, date=datetime.date(2023, 3, 30), publisher="N", chapters=(opening, article, closing),
        summary="Tóm tắt & lời dẫn", licence="CC BY 4.0",
    )  # fmt: skip


def recorded(issue: Issue, folder: Path) -> Recording:
    tracks, chapters, sentences, start = [], [], [], 0
    for chapter in issue.chapters:
        ids = [chapter.heading_id, *(s.id for block in chapter.blocks for s in block.sentences)]
        samples = 576 * (len(ids) * 21 + 60)
        key = f"{chapter.id}{samples}"
        file = folder / f"{key}.wav"
        with wave.open(str(file), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(24_000)
            out.writeframes(bytes(samples * 2))
        tracks.append(Track(chapter=chapter.id, key=key, folder=folder, samples=samples, sha256=digest(file)))
        end = start + samples // 24
        chapters.append(Cue(id=chapter.id, title=chapter.title, start_ms=start, end_ms=end))
        sentences += [
            Cue(id=each, title="", start_ms=start + 240 + n * 504, end_ms=start + 640 + n * 504)
            for n, each in enumerate(ids)
        ]
        start = end
    timeline = Timeline(chapters=tuple(chapters), sentences=tuple(sentences))
    return Recording(rate=24_000, tracks=tuple(tracks), timeline=timeline, loudness_lufs=-16, true_peak_dbtp=-2)


def made(folder: Path, issue: Issue, kinds: tuple[str, ...] = KINDS, **rest: Any) -> Made:
    (folder / "images").mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), "navy").save(folder / "images" / "a.png")
    return make(
        issue, recorded(issue, folder), bulletin=BULLETIN, voices=VOICES, source=folder, folder=folder / "editions", cache=folder / "cache",
        kinds=kinds, progress=lambda done, total: None, **rest,
    )  # fmt: skip


def wide_table(block_id: str, columns: int) -> Block:
    """A table that no page can hold."""
    rows = [[f"cột{n}" for n in range(columns)], [f"giá-trị-{n}" for n in range(columns)]]
    text = "\n".join("\t".join(row) for row in rows)
    cells, at = [], 0
    for r, row in enumerate(rows):
        for c, word in enumerate(row):
            cells.append(Cell(start=at, end=at + len(word), row=r, column=c, header=r == 0))
            at += len(word) + 1
    return Block(id=block_id, kind=Kind.TABLE, text=text, cells=tuple(cells))


def ugly() -> Issue:
    """What manuscripts bring that no format likes."""
    hostile = "]]> --> <script>alert(1)</script> \x0b x"
    bad_marks = (
        Mark(start=0, end=3, kind=Markup.LANGUAGE, value="không phải ngôn ngữ"),
        Mark(start=4, end=7, kind=Markup.LINK, value="javascript:alert(1)"),
        Mark(start=8, end=16, kind=Markup.FOOTNOTE, value="c01b99"),
    )
    nameless = Media(kind=MediaKind.IMAGE, file="images/a.png", media_type="image/png", alt="")
    chart = replace(nameless, kind=MediaKind.CHART, alt="Số hộ", table=(("", "Hộ"), ("An Hà & An Bình", "<980>")))
    blocks = (
        Block(id="c01b11", kind=Kind.HEADING, text="Sâu", level=6),
        Block(id="c01b12", kind=Kind.PARAGRAPH, text=hostile, marks=bad_marks),
        Block(id="c01b13", kind=Kind.ITEM, text="bắt đầu ở mức 3", marker="–", level=3),
        Block(id="c01b14", kind=Kind.FIGURE, text="", media=nameless),
        Block(id="c01b15", kind=Kind.NOTE, text="Chú thích không ai gọi.", marker="7"),
        Block(id="c01b19", kind=Kind.FIGURE, text="", media=chart),
        wide_table("c01b16", 60),
        Block(id="c01b17", kind=Kind.PARAGRAPH, text="dài" * 400),
        Block(id="c01b18", kind=Kind.TABLE, text="bảng rỗng"),
    )
    return everything(
        title='<b>"Ngoặc" & \U0001f600 \uf0b7 \u0001 漢字</b> ' + "dài " * 70, more=tuple(map(told, blocks))
    )


class Desk:
    """What the tests of editions work with."""

    bulletin = BULLETIN
    everything = staticmethod(everything)
    told = staticmethod(told)
    table = staticmethod(table)
    made = staticmethod(made)
    ugly = staticmethod(ugly)


@pytest.fixture(scope="session")
def desk() -> type[Desk]:
    return Desk


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ban")


@pytest.fixture(scope="session")
def whole(workplace: Path) -> Made:
    return made(workplace, everything(), lexicon={"UBND": "ủy ban nhân dân"})


@pytest.fixture(scope="session")
def file(whole: Made, workplace: Path) -> Callable[[str], Path]:
    """The finished file of a kind."""

    def found(kind: str) -> Path:
        return workplace / "editions" / next(each.file for each in whole.editions if each.kind == kind)

    return found
