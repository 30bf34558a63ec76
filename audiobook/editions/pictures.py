"""A manuscript's picture -> one for every edition: scaled, re-encoded, without the place where it was taken."""

import hashlib
import io
import warnings
from collections.abc import Callable
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.disk import digest
from audiobook.editions.fonts import BOLD, REGULAR
from audiobook.errors import PictureDamaged

if TYPE_CHECKING:
    from PIL.Image import Image

from audiobook.model.issue import Issue, MediaKind
from audiobook.room import kept

_LONGEST_SIDE = 1600
_SHOWN = (MediaKind.IMAGE, MediaKind.CHART)
_TAG_SIDES = (500, 320, 240, 160)
_LOGO_SIDE = 600
_JPEG_QUALITY, _LIGHT_QUALITY = 82, 60


def edition_picture(file: Path, *, cache: Path | None = None) -> tuple[bytes, str, int, int]:
    """(data, suffix, width, height): PNG where the picture was drawn, else JPEG; at most 1600 points on a side.

    One that was made before of the same is taken from the ``cache``.

    Raises:
        OSError, ValueError, SyntaxError: Pillow's, for a file that is no picture or a broken one.
    """
    from PIL import Image

    data = kept_picture("edition", digest(file), cache, lambda: _made(file))
    with Image.open(io.BytesIO(data)) as made:
        return data, "png" if made.format == "PNG" else "jpg", made.width, made.height


def _made(file: Path) -> bytes:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the readers have looked at the size
        with Image.open(file) as opened:
            drawn = opened.format in ("PNG", "GIF")
            opened.draft("RGB", (_LONGEST_SIDE * 2, _LONGEST_SIDE * 2))  # a JPEG is never held whole
            picture = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if drawn and _is_transparent(picture) else "RGB")
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _encoded(picture, drawn=drawn)


def scaled(data: bytes, *, longest: int, light: bool = False, cache: Path | None = None) -> bytes:
    """An edition's picture made smaller for another edition, in its own format; ``light`` for slow lines."""
    sha256 = hashlib.sha256(data).hexdigest()
    return kept_picture(f"{longest} {light}", sha256, cache, lambda: _scaled(data, longest=longest, light=light))


def kept_picture(way: str, of: str, cache: Path | None, make: Callable[[], bytes]) -> bytes:
    """What is made in this way ``of`` something, which it names wholly; from the cache where it was made before."""
    if cache is None:
        return make()
    name = hashlib.sha256(f"{_drawn_by()} {way} {of}".encode()).hexdigest()
    return kept(cache / f"{name}.picture", make)


@lru_cache(maxsize=1)
def _drawn_by() -> str:
    """What may make a picture otherwise: our own code, the fonts, Pillow, qrcode. Nobody has to think of raising a number."""
    ours = (Path(__file__).with_name(name) for name in ("pictures.py", "cover.py", "qr.py"))
    digests = [digest(file) for file in (*ours, REGULAR, BOLD)]
    return " ".join([version("pillow"), version("qrcode"), *digests])


def _scaled(data: bytes, *, longest: int, light: bool) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        drawn = opened.format == "PNG"
        if max(opened.size) <= longest and not light:
            return data
        opened.load()  # whole: a draft of it would look otherwise
        opened.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        return _encoded(opened, drawn=drawn, light=light)


def logo_png(file: Path) -> bytes:
    """The publisher's logo as a PNG of at most 600 points on a side.

    Raises:
        PictureDamaged: it cannot be opened.
    """
    from PIL import Image

    try:
        with Image.open(file) as opened:
            picture = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureDamaged("không mở được biểu trưng này.", thing=file, advice="Cần tệp PNG hoặc JPEG.") from error
    picture.thumbnail((_LOGO_SIDE, _LOGO_SIDE), Image.Resampling.LANCZOS)
    return _encoded(picture, drawn=True)


def _is_transparent(picture: "Image") -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _encoded(picture: "Image", *, drawn: bool, light: bool = False) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    if drawn:
        kept = picture.quantize(64, dither=Image.Dither.NONE) if light and picture.mode == "RGB" else picture
        kept.save(out, "PNG", optimize=True)
    else:
        quality = _LIGHT_QUALITY if light else _JPEG_QUALITY
        picture.convert("RGB").save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def chapter_pictures(issue: Issue, *, folder: Path, most_bytes: int, cache: Path) -> dict[str, bytes]:
    """Chapter id -> its first picture as a small JPEG for a tag; together they keep to ``most_bytes`` as far as they can.

    ``folder`` holds the editions' pictures. None is ever left out: where there are too many, each is as small as may be.
    """
    first = {
        chapter.id: next((b.media for b in chapter.blocks if b.media and b.media.file and b.media.kind in _SHOWN), None)
        for chapter in issue.chapters
    }
    shown = {chapter_id: folder / media.file for chapter_id, media in first.items() if media}
    share = most_bytes // max(1, len(shown))
    small = {file: _small(file, most_bytes=share, cache=cache) for file in dict.fromkeys(shown.values())}
    return {chapter_id: small[file] for chapter_id, file in shown.items()}


def _small(file: Path, *, most_bytes: int, cache: Path) -> bytes:
    """In the first of the sizes that keeps to so many bytes, or the least."""
    sha256, data = digest(file), b""
    for side in _TAG_SIDES:
        data = kept_picture(f"tag {side}", sha256, cache, partial(_thumbnail, file, side))
        if len(data) <= most_bytes:
            break
    return data


def _thumbnail(file: Path, side: int) -> bytes:
    from PIL import Image

    with Image.open(file) as opened:
        opened.load()
        opened.thumbnail((side, side), Image.Resampling.LANCZOS)
        picture = Image.new("RGB", opened.size, "white")
        picture.paste(opened.convert("RGB"), mask=opened.getchannel("A") if "A" in opened.getbands() else None)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=75, optimize=True)
    return out.getvalue()
