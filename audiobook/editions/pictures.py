"""A manuscript's picture -> one for every edition: scaled, re-encoded, without the place where it was taken."""

import io
from pathlib import Path

from audiobook.model.issue import Issue, MediaKind

_LONGEST_SIDE = 1600
_SHOWN = (MediaKind.IMAGE, MediaKind.CHART)
_TAG_SIDES = (500, 320, 240, 160)


def edition_picture(file: Path) -> tuple[bytes, str, int, int]:
    """(data, suffix, width, height): PNG where there is transparency or few colours, else JPEG."""
    from PIL import Image, ImageOps

    with Image.open(file) as opened:
        form = opened.format
        image = ImageOps.exif_transpose(opened)
        drawn = form in ("PNG", "GIF")
        picture = image.convert(
            "RGBA" if (drawn and "A" in image.getbands()) or "transparency" in image.info else "RGB"
        )
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if drawn:
        picture.save(out, "PNG", optimize=True)
    else:
        picture.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), "png" if drawn else "jpg", picture.width, picture.height


def chapter_pictures(issue: Issue, *, folder: Path, most_bytes: int) -> dict[str, bytes]:
    """Chapter id -> its first picture as a small JPEG for a tag; together they keep to ``most_bytes`` as far as they can.

    ``folder`` holds the editions' pictures. None is ever left out: where there are too many, each is as small as may be.
    """
    first = {
        chapter.id: next((b.media for b in chapter.blocks if b.media and b.media.kind in _SHOWN), None)
        for chapter in issue.chapters
    }
    shown = {chapter_id: folder / media.file for chapter_id, media in first.items() if media}
    share = most_bytes // max(1, len(shown))
    return {chapter_id: _small(file, most_bytes=share) for chapter_id, file in shown.items()}


def _small(file: Path, *, most_bytes: int) -> bytes:
    from PIL import Image

    with Image.open(file) as opened:
        picture = Image.new("RGB", opened.size, "white")
        mask = opened.convert("RGBA").getchannel("A") if "A" in opened.getbands() else None
        picture.paste(opened.convert("RGB"), mask=mask)
    for side in _TAG_SIDES:
        out = io.BytesIO()
        scaled = picture.copy()
        scaled.thumbnail((side, side), Image.Resampling.LANCZOS)
        scaled.save(out, "JPEG", quality=75, optimize=True)
        if out.tell() <= most_bytes:
            break
    return out.getvalue()
