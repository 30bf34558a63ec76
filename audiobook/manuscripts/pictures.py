"""A picture of a manuscript -> a checked file of the issue, under a safe name."""

import hashlib
import io
import warnings
from pathlib import Path

from audiobook.errors import PictureDamaged, writing
from audiobook.manuscripts.source import Picture
from audiobook.model.issue import Media, MediaKind

MOST_BYTES = 40_000_000
_MOST_PIXELS = 50_000_000
_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}


def keep(picture: Picture, number: int, *, folder: Path, thing: Path, place: str) -> Media:
    """Check a picture by its content and lay it into ``folder``.

    Raises:
        PictureDamaged: no picture, a format that is not taken, broken, or too large.
    """
    from PIL import Image, UnidentifiedImageError

    def refused(reason: str) -> PictureDamaged:
        return PictureDamaged(
            f"hình {picture.name!r}: {reason}", thing=thing, place=place, advice="Lưu lại thành PNG hoặc JPEG."
        )

    if len(picture.data) > MOST_BYTES:
        raise refused("lớn quá 40 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # sizes are checked by us, before decoding
            with Image.open(io.BytesIO(picture.data), formats=list(_SUFFIXES)) as image:
                width, height = image.size
                if width * height > _MOST_PIXELS:
                    raise refused("rộng quá 50 triệu điểm ảnh.")
                image.load()
                form = str(image.format)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise refused("không phải ảnh PNG, JPEG, GIF, WebP còn nguyên.") from error
    name = f"hinh-{number:02d}.{hashlib.sha256(picture.data).hexdigest()[:8]}.{_SUFFIXES[form]}"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture.data)
    return Media(
        kind=MediaKind.IMAGE,
        file=f"{folder.name}/{name}",
        media_type=f"image/{form.lower()}",
        alt=picture.alt,
        width=width,
        height=height,
    )
