"""A picture of a manuscript is decoded once to know that it is whole; then it is known by its bytes."""

import io
from pathlib import Path

import pytest
from PIL import Image

from audiobook.manuscripts import pictures
from audiobook.manuscripts.pictures import Unshowable, keep
from audiobook.manuscripts.source import Picture
from audiobook.model.issue import Media


def drawn(form: str, colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, form)
    return out.getvalue()


def kept(data: bytes, folder: Path) -> Media:
    picture = Picture(data=data, name="hinh", alt="Lá cờ")
    return keep(picture, 1, folder=folder / "images", thing=Path("a.md"), place="c01", checked_before=folder / "seen")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_is_decoded_once_and_shown_the_same_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    first = kept(drawn(form), tmp_path)
    shown = (tmp_path / first.file).read_bytes()
    monkeypatch.setattr(pictures, "_checked", None)
    assert kept(drawn(form), tmp_path) == first
    assert (tmp_path / first.file).read_bytes() == shown
    assert (first.width, first.height) == Image.open(tmp_path / first.file).size == (40, 30)
    assert first.media_type == f"image/{'png' if form in ('BMP', 'TIFF') else form.lower()}"


def test_another_picture_is_looked_at_itself(tmp_path: Path) -> None:
    whole = drawn("PNG")
    kept(whole, tmp_path)
    for _ in range(2):  # what is refused is refused again
        with pytest.raises(Unshowable):
            kept(whole[: len(whole) // 2], tmp_path)


def test_a_picture_that_cannot_be_turned_into_a_png_is_refused_not_stumbled_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (4, 4)).save(out, "TIFF")

    def failing(image: Image.Image, mode: str) -> Image.Image:
        raise ValueError(f"conversion from {image.mode} to {mode} not supported")

    monkeypatch.setattr(Image.Image, "convert", failing)
    with pytest.raises(Unshowable):
        kept(out.getvalue(), tmp_path)


def test_what_is_kept_counts_for_this_code_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(drawn("PNG"), tmp_path)
    monkeypatch.setattr(pictures, "digest", lambda file: "another")
    monkeypatch.setattr(pictures, "_checked", lambda picture, *, thing, place: ("PNG", 1, 1))
    assert kept(drawn("PNG"), tmp_path).width == 1
