"""Posters and the pages to leaf through: what a passer-by scans leads where it should."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from audiobook.editions import typeset
from audiobook.editions.leaves import leaves
from audiobook.editions.make import Made
from audiobook.editions.poster import bulletin_poster, issue_poster, make_poster
from audiobook.errors import EditionError

POSTERS = {
    "poster-a4": "https://bantin.example.vn/so/2023-03",
    "poster-a5": "https://bantin.example.vn/so/2023-03",
    "poster-bulletin-a4": "https://bantin.example.vn/",
    "poster-bulletin-a5": "https://bantin.example.vn/",
}
A4, A5 = (595, 842), (420, 595)


def drawn(file: Path, page: int = 1, dpi: int = 100) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-png", file]
    return Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))


def words_of(file: Path) -> str:
    run = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    return " ".join(run.stdout.split())


@pytest.mark.parametrize("kind", POSTERS)
def test_a_poster_is_one_sheet_whose_code_leads_to_the_sound(file: Callable[[str], Path], kind: str) -> None:
    with pikepdf.open(file(kind)) as pdf:
        assert len(pdf.pages) == 1
        width, height = (round(float(side)) for side in pdf.pages[0].mediabox[2:])
    assert (width, height) == (A5 if kind.endswith("a5") else A4)
    assert [code.text for code in zxingcpp.read_barcodes(drawn(file(kind), dpi=60))] == [POSTERS[kind]]
    text = words_of(file(kind))
    for words in ("Bản tin Thanh Bình", "024 0000 1234", "Mở máy ảnh", "Đưa máy ảnh", "Bấm vào", POSTERS[kind][8:]):
        assert words in text


def test_an_issues_poster_names_what_is_in_it(tmp_path: Path, desk: Any) -> None:
    issue = desk.everything()
    article = issue.articles[0]
    many = tuple(replace(article, id=f"c{n:02d}", title=f"Bài thứ {n}") for n in range(1, 10))
    poster = issue_poster(replace(issue, chapters=(issue.chapters[0], *many, issue.chapters[-1])), desk.bulletin)
    assert poster.titles == tuple(f"Bài thứ {n}" for n in range(1, 7))
    made = make_poster(poster, bulletin=desk.bulletin, address="https://bantin.example.vn/a", paper="a4", logo=b"")
    (tmp_path / "a.pdf").write_bytes(made)
    assert "và 3 bài nữa" in words_of(tmp_path / "a.pdf")


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_long_names_and_titles_stay_on_one_sheet_above_the_telephone(tmp_path: Path, desk: Any, paper: str) -> None:
    issue = desk.everything(title="Một đầu đề dài như người ta hay viết ở cơ quan " * 5)
    long = replace(issue, chapters=(issue.chapters[0], *([issue.articles[0]] * 9), issue.chapters[-1]))
    podcast = replace(
        desk.bulletin.podcast, title="Bản tin sinh hoạt của Hội Người cao tuổi và Hội Cựu chiến binh quận"
    )
    bulletin = replace(desk.bulletin, podcast=podcast)
    for poster in (issue_poster(long, bulletin), bulletin_poster(bulletin)):
        made = make_poster(
            poster, bulletin=bulletin, address="https://bantin.example.vn/so/2023-03", paper=paper, logo=b""
        )
        (tmp_path / "a.pdf").write_bytes(made)
        with pikepdf.open(tmp_path / "a.pdf") as pdf:
            assert len(pdf.pages) == 1
        found = subprocess.run(["pdftotext", "-bbox", tmp_path / "a.pdf", "-"], capture_output=True, text=True).stdout
        words = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', found)
        telephone = min(float(top) for top, _, word in words if word == "Cần")
        above = [float(bottom) for top, bottom, word in words if float(top) < telephone]
        assert max(above) <= telephone, poster.subject


@pytest.mark.parametrize("kind", ["pdf", "pdf-large"])
def test_the_code_beside_an_article_opens_that_article(file: Callable[[str], Path], kind: str) -> None:
    with pikepdf.open(file(kind)) as pdf:
        pages = range(1, len(pdf.pages) + 1)
    read = {code.text for page in pages for code in zxingcpp.read_barcodes(drawn(file(kind), page, dpi=150))}
    assert read == {"https://bantin.example.vn/so/2023-03", "https://bantin.example.vn/so/2023-03/bai-1"}


def test_each_page_is_a_picture_that_knows_its_article(whole: Made, workplace: Path) -> None:
    pages = [each for each in whole.editions if each.kind == "page-image"]
    assert [each.chapter for each in pages][:2] == ["", "c01"]
    with pikepdf.open(next(workplace / "editions" / e.file for e in whole.editions if e.kind == "pdf")) as pdf:
        assert len(pages) == len(pdf.pages)
    for each in pages:
        with Image.open(workplace / "editions" / each.file) as picture:
            assert (picture.format, picture.width) == ("WEBP", 1240)


def test_a_pdf_that_cannot_be_drawn_is_an_error_and_no_crash(desk: Any, tmp_path: Path) -> None:
    with pytest.raises(EditionError):
        leaves(b"%PDF-1.7 nothing %%EOF", desk.everything(), folder=tmp_path, cache=tmp_path / "cache")


def test_a_page_that_did_not_change_is_not_drawn_anew(whole: Made, workplace: Path, tmp_path: Path, desk: Any) -> None:
    pdf = next(workplace / "editions" / each.file for each in whole.editions if each.kind == "pdf")
    cache = tmp_path / "cache"
    first = [leaf.picture.read_bytes() for leaf in leaves(pdf, desk.everything(), folder=tmp_path, cache=cache)]
    assert len(list(cache.iterdir())) == len(first)
    for kept in cache.iterdir():
        kept.write_bytes(b"as it was")
    again = [leaf.picture.read_bytes() for leaf in leaves(pdf, desk.everything(), folder=tmp_path, cache=cache)]
    assert again == [b"as it was"] * len(first)


def test_a_poster_that_was_set_before_of_the_same_is_taken_from_the_cache(
    tmp_path: Path, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()
    monkeypatch.setattr(typeset, "_set", lambda template, *told: asked.append(template) or str(len(asked)).encode())

    def made(**changed: str) -> bytes:
        told = {"address": "https://bantin.example.vn/a", "paper": "a4", **changed}
        return make_poster(
            bulletin_poster(desk.bulletin), bulletin=desk.bulletin, logo=b"", cache=tmp_path / "c", **told
        )

    assert [made(), made(), made(paper="a5"), made(), made(address="https://bantin.example.vn/b")] == [
        b"1",
        b"1",
        b"2",
        b"1",
        b"3",
    ]
    shutil.copytree(typeset._TEMPLATES, tmp_path / "templates")
    monkeypatch.setattr(typeset, "_TEMPLATES", tmp_path / "templates")
    assert made() == b"1"
    (tmp_path / "templates" / "parts.typ").write_text("// other rules")
    assert made() == b"4"
