"""A picture of a manuscript -> a checked file of the issue, under a safe name."""

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.disk import digest
from audiobook.errors import PictureDamaged, writing
from audiobook.manuscripts.source import Picture
from audiobook.model.issue import Media
from audiobook.room import kept

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MOST_BYTES = 40_000_000
_MOST_PIXELS = 50_000_000
_MOST_PIXELS_OF_A_PHOTO = 120_000_000  # a JPEG is decoded at a fraction of its size, so today's cameras are welcome
_FRACTION = (1600, 1600)
_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_CONVERTED = ("BMP", "TIFF")
_DRAWINGS = {
    b"\xd7\xcd\xc6\x9a": "WMF", b"\x01\x00\x09\x00": "WMF", b"\x01\x00\x00\x00": "EMF", b"<svg": "SVG", b"<?xml": "SVG",
}  # fmt: skip


class Unshowable(Exception):
    """Nothing that a browser or a PDF shows: a drawing in another format, a broken file; the words say what to do."""


def keep(
    picture: Picture, number: int, *, folder: Path, thing: Path, place: str, checked_before: Path | None = None
) -> Media:
    """Check a picture by its content and lay it into ``folder``.

    ``checked_before``: where it is kept what pictures were found to be; a photo that did not change is not decoded again.

    Raises:
        PictureDamaged: too large, so that opening it could do harm.
        Unshowable: a drawing (EMF, WMF, SVG), or no whole picture.
    """
    form, width, height = _known(picture, checked_before, thing=thing, place=place)
    data = picture.data
    if form in _CONVERTED:
        form, data = "PNG", _as_png(picture)
    name = f"hinh-{number:02d}.{hashlib.sha256(data).hexdigest()[:8]}.{_SUFFIXES[form]}"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return Media(
        kind=picture.kind,
        file=f"{folder.name}/{name}",
        media_type=f"image/{form.lower()}",
        alt=picture.alt,
        width=width,
        height=height,
        table=picture.table,
    )


def _known(picture: Picture, before: Path | None, *, thing: Path, place: str) -> tuple[str, int, int]:
    """As ``_checked``; what these bytes were found to be before, by this code and this Pillow, is taken from there."""
    if before is None:
        return _checked(picture, thing=thing, place=place)
    checked_by = f"{version('pillow')} {digest(Path(__file__))} {hashlib.sha256(picture.data).hexdigest()}"
    file = before / f"{hashlib.sha256(checked_by.encode()).hexdigest()}.seen"
    found = kept(file, lambda: "{} {} {}".format(*_checked(picture, thing=thing, place=place)).encode())
    form, width, height = found.decode().split()
    return form, int(width), int(height)


def _checked(picture: Picture, *, thing: Path, place: str) -> tuple[str, int, int]:
    """Its format, and its width and height in pixels."""
    from PIL import Image

    def refused(reason: str) -> PictureDamaged:
        return PictureDamaged(
            f"hình {picture.name!r}: {reason}", thing=thing, place=place, advice="Lưu lại thành PNG hoặc JPEG."
        )

    if len(picture.data) > MOST_BYTES:
        raise refused("lớn quá 40 MB.")
    drawing = next((name for magic, name in _DRAWINGS.items() if picture.data.lstrip()[:5].startswith(magic)), "")
    if drawing:
        raise Unshowable(f"hình {picture.name!r} là bản vẽ {drawing}, không hiện được: lưu lại thành PNG rồi chèn lại.")
    try:
        with _opened(picture, (*_SUFFIXES, *_CONVERTED)) as image:
            form, (width, height) = str(image.format), image.size
            most = _MOST_PIXELS_OF_A_PHOTO if form == "JPEG" else _MOST_PIXELS
            if width * height > most:
                raise refused(f"rộng quá {most // 1_000_000} triệu điểm ảnh.")
            image.draft("RGB", _FRACTION)  # of a JPEG; others have no such thing
            image.load()
            return form, width, height
    except Image.DecompressionBombError as error:
        raise refused("rộng quá.") from error


def _as_png(picture: Picture) -> bytes:
    """One that was found whole, as a PNG."""
    written = io.BytesIO()
    with _opened(picture, _CONVERTED) as image:
        (image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else image.convert("RGB")).save(written, "PNG")
    return written.getvalue()


@contextmanager
def _opened(picture: Picture, forms: tuple[str, ...]) -> Iterator["ImageFile"]:
    """What cannot be done with it in the block is a picture that cannot be shown."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sizes are checked by us, before decoding; odd metadata is no matter
            with Image.open(io.BytesIO(picture.data), formats=forms) as image:
                yield image
    except (OSError, SyntaxError, ValueError, TypeError) as error:
        raise Unshowable(
            f"hình {picture.name!r} không phải ảnh PNG, JPEG, GIF, WebP còn nguyên: lưu lại thành PNG rồi chèn lại."
        ) from error
