"""Fonts, QR codes, covers and the pictures of an issue."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from audiobook.editions import cover as covers
from audiobook.editions import figures, pictures, qr
from audiobook.editions.cover import card, cover, small_cover
from audiobook.editions.fonts import printable
from audiobook.editions.pictures import edition_picture, scaled
from audiobook.editions.qr import qr_png, qr_svg
from audiobook.errors import PictureDamaged
from audiobook.manuscripts.pictures import keep
from audiobook.manuscripts.source import Picture
from audiobook.model.issue import Block, Chapter, Issue, Kind, Media, MediaKind


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
def test_a_cover_is_a_square_jpeg_as_podcast_apps_want_it(
    tmp_path: Path, desk: Any, size: tuple[int, int] | None
) -> None:
    issue = desk.everything()
    if size:
        Image.new("RGBA", size, "red").save(tmp_path / "bia.png")
        issue = replace(issue, cover="bia.png")
    data = cover(issue, bulletin_title="Bản tin Thanh Bình", source=tmp_path)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size[0] == image.size[1]
        assert 1400 <= image.size[0] <= 3000
        assert (image.format, image.mode) == ("JPEG", "RGB")
    assert len(small_cover(data)) <= 40_000


@pytest.mark.parametrize("own", [False, True])
def test_the_card_of_a_shared_link_has_the_size_that_readers_of_links_want(
    tmp_path: Path, desk: Any, own: bool
) -> None:
    issue = replace(desk.everything(), cover="bia.png" if own else "")
    Image.new("RGB", (900, 600), "#00ff00").save(tmp_path / "bia.png")
    square = cover(issue, bulletin_title="Bản tin Thanh Bình", source=tmp_path)
    made = [card(issue, bulletin_title="Bản tin Thanh Bình", duration_ms=60_000, square=square) for _ in range(2)]
    assert made[0] == made[1]
    assert len(made[0]) < 300_000
    with Image.open(io.BytesIO(made[0])) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1200, 630))
        assert (image.getpixel((925, 315))[1] > 200) == own  # the publisher's own picture is shown


def test_a_photograph_loses_the_place_where_it_was_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (21.0, 2.0, 0.0)}
    Image.new("RGB", (3000, 2000), "green").save(tmp_path / "a.jpg", exif=exif)
    data, suffix, width, height = edition_picture(tmp_path / "a.jpg")
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()
    assert (suffix, width, height) == ("jpg", 1600, 1067)


def test_a_photograph_of_fifty_million_points_is_taken_and_made_small(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    Image.new("L", (8_192, 6_200), 90).save(photo)
    picture = Picture(name="a.jpg", data=photo.read_bytes(), alt="Hội trường")
    media = keep(picture, 1, folder=tmp_path / "images", thing=photo, place="dòng 3")
    assert (media.width, media.height) == (8_192, 6_200)
    data, _, width, height = edition_picture(tmp_path / media.file)
    assert (width, height) == (1600, 1211)
    assert len(data) < 100_000


def test_a_drawing_of_too_many_points_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    Image.new("1", (8_192, 6_200)).save(tmp_path / "a.png")
    picture = Picture(name="a.png", data=(tmp_path / "a.png").read_bytes(), alt="")
    with pytest.raises(PictureDamaged, match="50 triệu"):
        keep(picture, 1, folder=tmp_path / "images", thing=tmp_path, place="")


def test_a_picture_that_is_shown_again_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made").mkdir()
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.png")
    made: list[Path] = []

    def noted(file: Path, **cache: object) -> tuple[bytes, str, int, int]:
        made.append(file)
        return edition_picture(file)

    monkeypatch.setattr(figures, "edition_picture", noted)
    medias = (Media(kind=MediaKind.IMAGE, file="a.png", media_type="image/png", alt=f"Hình {n}") for n in (1, 2))
    blocks = tuple(Block(id=f"b{media.alt[-1]}", kind=Kind.FIGURE, text="", media=media) for media in medias)
    chapter = Chapter(id="c01", title="Bài", blocks=blocks)
    shown = figures.with_figures(
        Issue(id="so", title="Số", number=1, date=date(2023, 3, 30), publisher="N", chapters=(chapter,)),
        source=tmp_path,
        folder=tmp_path / "made",
    )
    first, again = (block.media for block in shown.issue.chapters[0].blocks)
    assert (again.file, again.width, again.height) == (first.file, 40, 30)
    assert [first.alt, again.alt] == ["Hình 1", "Hình 2"]
    assert len(made) == len(shown.editions) == 1


def test_a_picture_that_was_made_for_the_last_production_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, cache, asked = tmp_path / "a.jpg", tmp_path / "cache", list[str]()
    for name in ("_made", "_scaled"):
        make = getattr(pictures, name)
        monkeypatch.setattr(pictures, name, lambda *a, n=name, m=make, **k: asked.append(n) or m(*a, **k))
    found = []
    for colour in ("green", "green", "red"):
        Image.new("RGB", (300, 200), colour).save(photo)
        data, *size = edition_picture(photo, cache=cache)
        found.append(
            [data, size, scaled(data, longest=100, cache=cache), scaled(data, longest=100, light=True, cache=cache)]
        )
    assert asked == ["_made", "_scaled", "_scaled"] * 2  # nothing for the second time, all for another picture
    assert found[0] == found[1]
    assert found[0][1] == ["jpg", 300, 200]
    assert len({data for _, _, *data in found for data in data}) == 4
    assert edition_picture(photo) == edition_picture(photo, cache=cache)


@pytest.mark.parametrize("own", [True, False])
def test_a_cover_is_drawn_again_only_when_something_on_it_changed(
    tmp_path: Path, desk: Any, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    Image.new("RGB", (1500, 1500), "green").save(tmp_path / "bia.png")
    issue, asked = replace(desk.everything(), cover="bia.png" if own else ""), list[str]()
    for name in ("_drawn", "_given", "_card"):
        make = getattr(covers, name)
        monkeypatch.setattr(covers, name, lambda *a, n=name, m=make: asked.append(n) or m(*a))

    def made(issue: Issue, minutes: int = 20) -> tuple[bytes, bytes]:
        told = {"bulletin_title": "Bản tin", "cache": tmp_path / "cache"}
        square = cover(issue, source=tmp_path, **told)
        return square, card(issue, duration_ms=minutes * 60_000, square=square, **told)

    first = made(issue)
    assert made(replace(issue, title="Một tên khác")) == first
    assert asked == ["_given" if own else "_drawn", "_card"]
    assert made(issue, minutes=21)[0] == first[0]
    assert made(replace(issue, number=99))[1] != first[1]
    assert asked == ["_given" if own else "_drawn", "_card", "_card", *([] if own else ["_drawn"]), "_card"]
    Image.new("RGB", (1500, 1500), "red").save(tmp_path / "bia.png")
    assert (made(issue) == first) is not own


def test_a_code_is_kept_by_its_address_and_by_the_program_that_drew_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, draw = list[str](), qr._svg
    monkeypatch.setattr(qr, "_svg", lambda address: asked.append(address) or draw(address))

    def drawn(address: str) -> bytes:
        qr_svg.cache_clear()  # what is known within one production
        return qr_svg(address, cache=tmp_path)

    assert drawn("https://a.vn/1") == drawn("https://a.vn/1") != drawn("https://a.vn/2")
    assert asked == ["https://a.vn/1", "https://a.vn/2"]
    monkeypatch.setattr(pictures, "_drawn_by", lambda: "another version")
    assert drawn("https://a.vn/1") == draw("https://a.vn/1")
    assert asked == ["https://a.vn/1", "https://a.vn/2", "https://a.vn/1"]
