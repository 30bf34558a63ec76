"""An address -> its QR code as SVG and as PNG with the address in words below, for eyes that cannot scan."""

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from audiobook.editions.fonts import REGULAR
from audiobook.editions.pictures import kept_picture

_BOX, _BORDER = 16, 4  # points a module; the quiet zone that ISO/IEC 18004 asks for


@lru_cache(maxsize=64)  # an article's stands in both layouts
def qr_svg(address: str, *, cache: Path | None = None) -> bytes:
    """The code as one SVG path, dark on white; one that was drawn before is taken from the ``cache``."""
    return kept_picture("qr", address, cache, lambda: _svg(address))


def _svg(address: str) -> bytes:
    matrix = _code(address).get_matrix()
    size = len(matrix)
    path = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" role="img">'
        f'<title>Mã QR</title><path fill="#fff" d="M0,0h{size}v{size}h-{size}z"/><path fill="#000" d="{path}"/></svg>\n'
    ).encode()


def qr_png(address: str) -> bytes:
    """The code with the address printed below."""
    from PIL import Image, ImageDraw, ImageFont

    code = _code(address).make_image(fill_color="black", back_color="white").get_image().convert("L")
    size = 40
    words = address.split("://", 1)[-1]
    while ImageFont.truetype(str(REGULAR), size).getlength(words) > code.width - 2 * _BOX and size > 12:
        size -= 2
    page = Image.new("L", (code.width, code.height + size + _BOX), 255)
    page.paste(code, (0, 0))
    ImageDraw.Draw(page).text(
        (code.width / 2, code.height - _BOX), words, fill=0, font=ImageFont.truetype(str(REGULAR), size), anchor="ma"
    )
    out = io.BytesIO()
    page.save(out, "PNG", optimize=True)
    return out.getvalue()


def _code(address: str) -> Any:
    import qrcode
    from qrcode.constants import ERROR_CORRECT_Q

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, box_size=_BOX, border=_BORDER)  # Q: paper gets dirty
    code.add_data(address)
    code.make(fit=True)
    return code
