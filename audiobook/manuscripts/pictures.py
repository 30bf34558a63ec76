"""A picture of a manuscript -> a checked file of the issue, under a safe name."""

import hashlib
import io
import warnings
from pathlib import Path
from typing import Any

from audiobook.errors import PictureDamaged, writing
from audiobook.manuscripts.source import Picture
from audiobook.model.issue import Media

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


def keep(picture: Picture, number: int, *, folder: Path, thing: Path, place: str) -> Media:
    """Check a picture by its content and lay it into ``folder``.

    Raises:
        PictureDamaged: too large, so that opening it could do harm.
        Unshowable: a drawing (EMF, WMF, SVG), or no whole picture.
    """
    form, size, data = _checked(picture, thing=thing, place=place)
    name = f"hinh-{number:02d}.{hashlib.sha256(data).hexdigest()[:8]}.{_SUFFIXES[form]}"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return Media(
        kind=picture.kind,
        file=f"{folder.name}/{name}",
        media_type=f"image/{form.lower()}",
        alt=picture.alt,
        width=size[0],
        height=size[1],
        table=picture.table,
    )


def _checked(picture: Picture, *, thing: Path, place: str) -> tuple[str, tuple[int, int], bytes]:
    """Its format, size in pixels, and bytes (of another format: written anew as PNG)."""
    from PIL import Image, UnidentifiedImageError

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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sizes are checked by us, before decoding; odd metadata is no matter
            with Image.open(io.BytesIO(picture.data), formats=[*_SUFFIXES, *_CONVERTED]) as image:
                form, size = str(image.format), image.size
                most = _MOST_PIXELS_OF_A_PHOTO if form == "JPEG" else _MOST_PIXELS
                if image.width * image.height > most:
                    raise refused(f"rộng quá {most // 1_000_000} triệu điểm ảnh.")
                image.draft("RGB", _FRACTION)  # of a JPEG; others have no such thing
                image.load()
                return (form, size, picture.data) if form in _SUFFIXES else ("PNG", size, _as_png(image))
    except Image.DecompressionBombError as error:
        raise refused("rộng quá.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError) as error:
        raise Unshowable(
            f"hình {picture.name!r} không phải ảnh PNG, JPEG, GIF, WebP còn nguyên: lưu lại thành PNG rồi chèn lại."
        ) from error


def _as_png(image: Any) -> bytes:
    written = io.BytesIO()
    (image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else image.convert("RGB")).save(written, "PNG")
    return written.getvalue()
