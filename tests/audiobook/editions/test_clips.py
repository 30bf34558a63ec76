"""Sounds and films of an issue: from the manuscript's folder to web page, book and paper."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from audiobook.editions.figures import with_figures
from audiobook.errors import ClipUnusable
from audiobook.library import Shelf
from audiobook.manuscripts.read import Details, Reading, companions, read
from audiobook.model.issue import Media, MediaKind

PLACE = "+21.0285+105.8542/"
CAPTIONS = """WEBVTT

1
00:00:00.000 --> 00:00:01.000
<v Cô giáo>Chào các cụ &amp; các bà.

00:01.000 --> 00:02.000
Xin mời ngồi.
"""
TEXT = """---
title: Số có phim
number: 7
date: 2024-07-01
---

# Lớp học

Mời xem phim.

![Các cụ ngồi quanh bàn](phim/lop.mp4 "Lớp học buổi tối")

![Bài hát của câu lạc bộ](phim/hat.mp3)
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


def film(file: Path, *codecs: str, picture: str = "testsrc=size=320x180:rate=10:duration=2") -> Path:
    command = [
        get_ffmpeg_exe(),
        "-y",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        picture,
        "-f",
        "lavfi",
        "-i",
        "sine=duration=2",
    ]
    subprocess.run([*command, *codecs, "-metadata", f"location={PLACE}", file], check=True)
    return file


WEB = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")


@pytest.fixture(scope="module")
def desk_with_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ban-thao")
    (folder / "phim").mkdir()
    film(folder / "phim" / "lop.mp4", *WEB)
    film(folder / "phim" / "hat.mp3", "-vn", "-c:a", "libmp3lame")
    (folder / "phim" / "lop.vtt").write_text(CAPTIONS, encoding="utf-8")
    (folder / "so-7.md").write_text(TEXT, encoding="utf-8")
    return folder


def reading(file: Path, images: Path) -> Reading:
    return read(file, details=Details(), images=images)


def medias(found: Reading) -> list[Media]:
    return [block.media for chapter in found.issue.chapters for block in chapter.blocks if block.media]


def test_a_film_is_taken_with_its_subtitles_its_words_and_a_picture_of_itself(
    desk_with_clips: Path, tmp_path: Path
) -> None:
    found = reading(desk_with_clips / "so-7.md", tmp_path / "images")
    lesson, song = medias(found)
    assert (lesson.kind, lesson.media_type, lesson.width, lesson.height) == (MediaKind.VIDEO, "video/mp4", 320, 180)
    assert lesson.transcript == "Chào các cụ & các bà.\nXin mời ngồi."
    assert (song.kind, song.media_type, song.still) == (MediaKind.AUDIO, "audio/mpeg", "")
    for file in (lesson.file, lesson.still, lesson.captions, song.file):
        assert (tmp_path / file).is_file()
    with Image.open(tmp_path / lesson.still) as still:
        assert still.size == (320, 180)
    assert [each.code for each in found.remarks] == ["M-CAPTIONS"]


def test_what_lies_beside_a_film_is_brought_in_with_it(desk_with_clips: Path) -> None:
    named = companions(desk_with_clips / "so-7.md")
    assert named == tuple(map(PurePosixPath, ("phim/lop.mp4", "phim/hat.mp3", "phim/lop.vtt")))


@pytest.mark.parametrize(
    ("name", "codecs"),
    [
        ("a.avi", ("-c:v", "mpeg4", "-c:a", "mp3")),
        ("a.mp4", ("-c:v", "libx265", "-c:a", "aac")),
        ("a.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv444p", "-c:a", "aac")),
        ("a.mkv", WEB),
        ("a.flac", ("-vn",)),
    ],
)
def test_another_format_is_refused_with_the_command_that_converts_it(
    tmp_path: Path, name: str, codecs: tuple[str, ...]
) -> None:
    film(tmp_path / name, *codecs)
    (tmp_path / "a.md").write_text(TEXT.replace("phim/lop.mp4", name).replace("![Bài", "[Bài"), encoding="utf-8")
    with pytest.raises(ClipUnusable) as refusal:
        reading(tmp_path / "a.md", tmp_path / "images")
    assert refusal.value.exit_code == 19
    assert refusal.value.place == "dòng 11"
    command = re.search(r"ffmpeg (-i .*?)(?:;|$)", refusal.value.advice)[1]
    assert "libx264" in command


def test_the_command_that_is_advised_makes_a_film_that_is_taken(tmp_path: Path) -> None:
    film(tmp_path / "a.avi", "-c:v", "mpeg4", "-c:a", "mp3")
    (tmp_path / "a.md").write_text(TEXT.replace("phim/lop.mp4", "a.avi").replace("![Bài", "[Bài"), encoding="utf-8")
    with pytest.raises(ClipUnusable) as refusal:
        reading(tmp_path / "a.md", tmp_path / "images")
    arguments = re.search(r'ffmpeg -i "a.avi" (.*?) "(a-web.mp4)"', refusal.value.advice)
    converted = [get_ffmpeg_exe(), "-v", "error", "-i", "a.avi", *arguments[1].split(), arguments[2]]
    subprocess.run(converted, check=True, cwd=tmp_path)
    (tmp_path / "a.md").write_text(TEXT.replace("phim/lop.mp4", "a-web.mp4").replace("![Bài", "[Bài"), encoding="utf-8")
    assert medias(reading(tmp_path / "a.md", tmp_path / "images"))[0].kind is MediaKind.VIDEO


def test_a_film_that_names_other_files_reads_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("bí mật")
    (tmp_path / "a.mp4").write_text(f"#EXTM3U\n#EXTINF:1,\nfile:{tmp_path}/secret.txt\n")
    (tmp_path / "a.md").write_text(TEXT.replace("phim/lop.mp4", "a.mp4").replace("![Bài", "[Bài"), encoding="utf-8")
    found = reading(tmp_path / "a.md", tmp_path / "images")
    assert medias(found) == []
    assert "'a.mp4' không phải" in next(each.text for each in found.remarks if each.code == "M-PICTURE")
    assert not [each for each in (tmp_path / "images").glob("*") if "bí mật" in each.read_text(errors="replace")]


@pytest.mark.parametrize("damage", ["cut", "zeros"])
def test_a_broken_film_is_refused(desk_with_clips: Path, tmp_path: Path, damage: str) -> None:
    whole = (desk_with_clips / "phim" / "lop.mp4").read_bytes()
    broken = whole[:40] if damage == "cut" else whole[:16] + bytes(len(whole) - 16)
    (tmp_path / "a.mp4").write_bytes(broken)
    (tmp_path / "a.md").write_text(TEXT.replace("phim/lop.mp4", "a.mp4").replace("![Bài", "[Bài"), encoding="utf-8")
    with pytest.raises(ClipUnusable):
        reading(tmp_path / "a.md", tmp_path / "images")


@pytest.fixture(scope="module")
def shelf(desk_with_clips: Path, tmp_path_factory: pytest.TempPathFactory, audiobook: Run) -> Shelf:
    library = tmp_path_factory.mktemp("thu-vien") / "a"
    made = audiobook("new", library, "--title=Bản tin", "--publisher=NXB", "--base-url=https://bantin.example.vn",
                     "--licence-number=1", "--supplier=TT", "--phone=1")  # fmt: skip
    assert made.returncode == 0, made.stderr
    for step in (["add", desk_with_clips / "so-7.md"], ["produce", "2024-07", "--voice", "tone"]):
        done = audiobook(*step, library=library)
        assert done.returncode == 0, done.stderr
    return Shelf(library / "shelf")


def test_the_film_is_shelved_as_it_is_but_does_not_say_where_it_was_taken(shelf: Shelf, desk_with_clips: Path) -> None:
    publication = shelf.publication("2024-07")
    kinds = [each.kind for each in publication.editions if each.kind in ("clip", "captions", "picture")]
    assert kinds == ["picture", "clip", "clip", "captions"]
    clip = shelf.file(publication, publication.edition("clip"))
    assert b"loci" in (desk_with_clips / "phim" / "lop.mp4").read_bytes()  # the box that says it
    assert b"loci" not in clip.read_bytes()
    assert clip.read_bytes().index(b"moov") < clip.read_bytes().index(b"mdat")  # begins before it is all there

    def frames(file: Path) -> bytes:
        command = [get_ffmpeg_exe(), "-v", "error", "-i", file, "-map", "0:v", "-f", "framemd5", "-"]
        return subprocess.run(command, capture_output=True, check=True).stdout

    assert frames(clip) == frames(desk_with_clips / "phim" / "lop.mp4")


def test_the_film_is_in_the_book_with_its_words_and_only_its_picture_in_the_light_one(shelf: Shelf) -> None:
    publication = shelf.publication("2024-07")
    with zipfile.ZipFile(shelf.file(publication, publication.edition("epub"))) as book:
        page = book.read("EPUB/c01.xhtml").decode()
        for element in ("video", "track", "audio"):
            source = re.search(rf'<{element} [^>]*src="([^"]+)"', page)[1]
            assert f"EPUB/{source}" in book.namelist()
        assert "Xin mời ngồi." in page
    with zipfile.ZipFile(shelf.file(publication, publication.edition("epub-light"))) as book:
        page = book.read("EPUB/c01.xhtml").decode()
        assert "<video" not in page
        assert "<audio" not in page
        assert "Bài hát của câu lạc bộ" in page
        assert "Xin mời ngồi." in page
        assert not [name for name in book.namelist() if name.endswith((".mp4", ".mp3", ".vtt"))]


def test_paper_shows_the_films_picture_its_description_a_code_and_its_words(shelf: Shelf) -> None:
    publication = shelf.publication("2024-07")
    for kind in ("pdf", "pdf-large"):
        file = shelf.file(publication, publication.edition(kind))
        text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
        flat = " ".join(text.split())
        shown = ("Các cụ ngồi quanh bàn", "Lớp học buổi tối", "xem phim này", "nghe đoạn này", "Lời trong phim:")
        for words in (*shown, "Chào các cụ & các bà.", "Xin mời ngồi."):
            assert words in flat


def test_the_voice_announces_the_film_and_describes_it(shelf: Shelf) -> None:
    publication = shelf.publication("2024-07")
    captions = shelf.file(publication, publication.edition("vtt")).read_text("utf-8")
    assert "Phim: Lớp học buổi tối. Các cụ ngồi quanh bàn" in " ".join(captions.split())


def test_a_picture_that_breaks_after_it_was_read_leaves_its_description(tmp_path: Path, desk: Any) -> None:
    issue = desk.everything()
    (tmp_path / "images").mkdir()
    shutil.copyfile(__file__, tmp_path / "images" / "a.png")
    shown = with_figures(issue, source=tmp_path, folder=tmp_path)
    assert [each.code for each in shown.remarks] == ["E-PICTURE"]
    assert [block.media.file for block in shown.issue.articles[0].blocks if block.media] == [""]
