"""A long issue is set in parts and bound: nobody can tell it from one that was set in one go, but by the memory it takes."""

import errno
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from audiobook.editions import gatherings
from audiobook.editions.leaves import leaves
from audiobook.editions.pdf import LARGE, STANDARD, Layout, make_pdf
from audiobook.errors import EditionError
from audiobook.model.issue import Issue

CHAPTERS = 5


@dataclass(frozen=True, slots=True)
class Both:
    """The same issue as one PDF in one go, and bound from three gatherings."""

    issue: Issue
    whole: Path
    bound: Path

    @property
    def is_large(self) -> bool:
        return self.bound.name == "large.pdf"


@pytest.fixture(scope="module", params=[STANDARD, LARGE], ids=["standard", "large"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, desk: Any) -> Both:
    folder = tmp_path_factory.mktemp("pdf")
    (folder / "images").mkdir()
    Image.new("RGB", (40, 30)).save(folder / "images" / "a.png")
    issue = long(desk.everything())
    whole = printed(issue, folder, request.param, desk).rename(folder / "whole.pdf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gatherings, "LARGEST", 30_000)  # two chapters, with their codes
        bound = printed(issue, folder, request.param, desk)
    return Both(issue, whole, bound)


def long(issue: Issue) -> Issue:
    opening, article, closing = issue.chapters
    several = (
        replace(article, id=f"c{n:02d}", title=f"Bài thứ {n}, tựa dài hơn một dòng " * (1 + n // 5))
        for n in range(1, CHAPTERS + 1)
    )
    return replace(issue, chapters=(opening, *several, closing))


def printed(issue: Issue, folder: Path, layout: Layout, desk: Any) -> Path:
    return make_pdf(issue, bulletin=desk.bulletin, pictures=folder, layout=layout)[0]


def words_of(file: Path) -> list[str]:
    """Of each page, the words as they stand on it."""
    run = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    return [" ".join(page.split()) for page in run.stdout.split("\f")]


def told(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, ...]]:
    """What reads by the tags is told: each element, how deep, on which page, with its marked content or its link."""
    numbers = {str(page.objgen): number for number, page in enumerate(pdf.pages)}

    def walk(node: pikepdf.Object, depth: int) -> Iterator[tuple[Any, ...]]:
        page = numbers[str(node.Pg.objgen)] if "/Pg" in node else None
        yield depth, str(node.S), str(node.get("/Alt", "")), str(node.get("/T", "")), page
        for child in node.get("/K", []):
            if isinstance(child, int):
                yield depth, child
            elif "/Obj" in child:
                yield depth, numbers[str(child.Pg.objgen)], leads_to(child.Obj, numbers)
            else:
                assert child.P.objgen == node.objgen
                yield from walk(child, depth + 1)

    yield from walk(pdf.Root.StructTreeRoot.K[0], 0)


def leads_to(annotation: pikepdf.Object, numbers: dict[str, int]) -> tuple[Any, ...]:
    said = str(annotation.get("/Contents", ""))
    if "/A" in annotation:
        return said, str(annotation.A.URI)
    return said, numbers[str(annotation.Dest[0].objgen)], *annotation.Dest[2:]


def test_it_reads_as_if_it_had_been_set_in_one_go(both: Both) -> None:
    with pikepdf.open(both.bound) as bound, pikepdf.open(both.whole) as whole:
        if both.is_large:  # every chapter begins on a page of its own, so that nothing moves
            assert list(told(bound)) == list(told(whole))
            assert words_of(both.bound) == words_of(both.whole)
            return
        ours, theirs = parts_of(content_of(bound)), parts_of(content_of(whole))
        assert ours.chapters == theirs.chapters
        assert ours.contents == theirs.contents
        assert ours.head == theirs.head
        invitation, *code = theirs.card[
            :4
        ]  # above long contents the code stands left of the words, beside short ones below
        assert ours.card == [*code, invitation, *theirs.card[4:]]


@dataclass(frozen=True)
class Parts:
    head: list[tuple[str, str, str]]
    card: list[tuple[str, str, str]]
    contents: list[tuple[str, str, str]]
    chapters: list[tuple[str, str, str]]


def parts_of(content: list[tuple[str, str, str]]) -> Parts:
    start = content.index(("/H1", "", "Trong số này"))
    first = next(at for at in range(start + 1, len(content)) if content[at][0] == "/H1")
    last = max(at for at in range(first) if content[at][0] == "/TOCI")
    end = next((at for at in range(last, first) if content[at][0] == "/P"), first)
    once = [each for each, _ in groupby(content[start:end])]  # a link over two lines is told as two
    head = content[: content.index(("/P", "", "")) + 4]
    return Parts(head, content[len(head) : start] + content[end:first], once, content[first:])


def content_of(pdf: pikepdf.Pdf) -> list[tuple[str, str, str]]:
    """Its elements but for what is only there where something is broken over two pages."""
    elements = (each[1:4] for each in told(pdf) if len(each) == 5)
    return [each for each in elements if each[0] not in ("/Div", "/Span")]


def test_every_page_tells_its_number_and_every_chapter_the_page_that_the_contents_say(both: Both) -> None:
    pages = words_of(both.bound)
    with pikepdf.open(both.bound) as pdf, pdf.open_outline() as outline:
        count = len(pdf.pages)
        begins = [pdf.pages.index(pikepdf.Page(item.destination[0])) + 1 for item in outline.root]
        titles = [item.title for item in outline.root]
        assert int(pdf.Root.Outlines.Count) == len(titles)
    assert titles == [*(chapter.title.strip() for chapter in both.issue.articles), "Thông tin xuất bản"]
    if both.is_large:
        assert [re.search(r"Trang (\d+) / (\d+)$", page)[0] for page in pages[:count]] == [
            f"Trang {number} / {count}" for number in range(1, count + 1)
        ]
    else:
        assert [page.rsplit(" ", 1)[-1] for page in pages[:count]] == list(map(str, range(1, count + 1)))
        for number, begin in enumerate(begins[:-1], start=1):
            assert re.search(rf"\b{number} Bài thứ {number},", pages[begin - 1])
    contents = " ".join(pages[: begins[0] - 1])
    for title, begin in zip(titles, begins, strict=True):
        assert title.split(",")[0] in pages[begin - 1]
        first_line = re.escape(title.split(" tựa")[0])
        assert re.search(rf"{first_line}\D*?\b{begin}\b", contents), (title, begin)


def test_notes_are_counted_through(both: Both) -> None:
    marks = re.findall(r"(\d+) ?Ghi chú\.", " ".join(words_of(both.bound)))
    assert marks == [str(number) for number in range(1, CHAPTERS + 1)]


def test_every_key_of_pages_and_links_leads_to_their_tags(both: Both) -> None:
    with pikepdf.open(both.bound) as pdf:
        tags = pdf.Root.StructTreeRoot
        keys = [int(key) for key in list(tags.ParentTree.Nums)[::2]]
        holders = [page.obj for page in pdf.pages]
        links = [annotation for page in pdf.pages for annotation in page.obj.get("/Annots", [])]
        wanted = [*(int(page.StructParents) for page in holders), *(int(link.StructParent) for link in links)]
        assert sorted(wanted) == sorted(set(wanted)) == sorted(keys)
        assert max(keys) < int(tags.ParentTreeNextKey)
        parents = dict(zip(keys, list(tags.ParentTree.Nums)[1::2], strict=True))
        for page in holders:
            assert {element.get("/Pg", page).objgen for element in parents[int(page.StructParents)]} == {page.objgen}
        for link in links:
            (own,) = [
                child for child in parents[int(link.StructParent)].K if not isinstance(child, int) and "/Obj" in child
            ]
            assert own.Obj.objgen == link.objgen


def test_no_name_stands_twice_and_cells_name_headers_that_are_there(both: Both) -> None:
    with pikepdf.open(both.bound) as pdf:
        elements = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/ID" in each]
        names = [bytes(each.ID) for each in elements]
        headers = [
            bytes(name)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == pikepdf.Name.StructElem
            for attributes in each.get("/A", [])
            for name in attributes.get("/Headers", [])
        ]
        listed = list(pdf.Root.StructTreeRoot.IDTree.Names)
        assert len(names) == len(set(names)) >= 3 * CHAPTERS  # a note and two column heads in each
        assert set(headers) <= set(names)
        assert len(headers) >= 2 * CHAPTERS
        assert [bytes(name) for name in listed[::2]] == sorted(names)
        assert [bytes(element.ID) for element in listed[1::2]] == sorted(names)


def test_nothing_of_the_leaves_that_were_taken_out_is_left(both: Both) -> None:
    with pikepdf.open(both.bound) as pdf:
        pages = {page.objgen for page in pdf.pages}
        dictionaries = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        assert {each.objgen for each in dictionaries if each.get("/Type") == pikepdf.Name.Page} == pages
        assert not pdf.check_pdf_syntax()
        described = pdf.Root.Metadata.read_bytes().decode()
        assert f"NPages>{len(pages)}<" in described
        assert "<pdfuaid:part>1<" in described


def test_it_can_be_leafed_through_by_its_bookmarks(both: Both, tmp_path: Path) -> None:
    found = leaves(both.bound, both.issue, folder=tmp_path, cache=tmp_path / "cache")
    assert list(dict.fromkeys(leaf.chapter for leaf in found)) == [
        "",
        *(chapter.id for chapter in both.issue.articles if chapter.id in {leaf.chapter for leaf in found}),
    ]
    assert {leaf.chapter for leaf in found} >= {"c01", "c05"}


def test_the_same_issue_gives_the_same_bytes_and_another_one_another_name(
    tmp_path: Path, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "images").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "images" / "a.png")
    monkeypatch.setattr(gatherings, "LARGEST", 30_000)
    issue = long(desk.everything())
    once = printed(issue, tmp_path, LARGE, desk).read_bytes()
    assert printed(issue, tmp_path, LARGE, desk).read_bytes() == once
    *others, last, closing = issue.chapters
    blocks = tuple(replace(block, text=block.text.replace("Đầu làng", "Cuối làng")) for block in last.blocks)
    changed = printed(replace(issue, chapters=(*others, replace(last, blocks=blocks), closing)), tmp_path, LARGE, desk)
    assert name_of(changed.read_bytes()) != name_of(once)


def name_of(pdf: bytes) -> bytes:
    return re.search(rb"InstanceID>([^<]+)<", pdf)[1]


def test_who_binds_and_is_brought_down_is_told_of(tmp_path: Path, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "images").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "images" / "a.png")
    monkeypatch.setattr(gatherings, "LARGEST", 30_000)

    def broken(*_: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(gatherings, "apart", broken)
    with pytest.raises(EditionError, match="dừng đột ngột"):
        printed(long(desk.everything()), tmp_path, LARGE, desk)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("largest", [30_000, 10**9], ids=["bound", "whole"])
def test_a_full_disk_is_told_of_as_one(
    tmp_path: Path, desk: Any, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    (tmp_path / "images").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "images" / "a.png")
    monkeypatch.setattr(gatherings, "LARGEST", largest)
    (tmp_path / "large.pdf").symlink_to("/dev/full")
    with pytest.raises(OSError, match=rf"Errno {errno.ENOSPC}"):
        printed(long(desk.everything()), tmp_path, LARGE, desk)
