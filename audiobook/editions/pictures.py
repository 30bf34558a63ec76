"""A manuscript's picture -> one for every edition: scaled, re-encoded, without the place where it was taken."""

import io
from pathlib import Path

_LONGEST_SIDE = 1600


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
