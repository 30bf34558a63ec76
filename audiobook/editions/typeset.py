"""Template + data + pictures -> pages by typst: a PDF/UA-1, or what would be printed as pictures; the same bytes every time.

Text goes in as data, never as markup. Typst refuses to write a file that is not conforming. It compiles in a process of its
own, in a folder of its own, so that no manuscript can hold or crash the production or read what it should not.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from audiobook.editions.fonts import FOLDER
from audiobook.errors import EditionError

SECONDS = 120
_TEMPLATES = Path(str(files("audiobook.editions"))) / "templates"
_COMPILE = """
import sys, typst
source, fonts, root = sys.argv[1:]
data = typst.compile(
    source, root=root, font_paths=[fonts], ignore_system_fonts=True, pdf_standards=["ua-1"],
    sys_inputs={"d": sys.stdin.buffer.read().decode("utf-8")},
)
sys.stdout.buffer.write(data)
"""


def typeset(template: str, data: Mapping[str, Any], *, pictures: Mapping[str, bytes], thing: str) -> bytes:
    """A PDF/UA-1.

    Args:
        template: the name of a file of editions/templates.
        data: what it reads; characters that no font has must be gone (``audiobook.editions.fonts.printable``).
        pictures: the files that ``data`` names.
        thing: what is made, for messages.

    Raises:
        EditionError: typst refused, or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="audiobook-pdf-") as folder:
        root = Path(folder)
        for file in _TEMPLATES.glob("*.typ"):
            (root / file.name).write_bytes(file.read_bytes())
        for name, content in pictures.items():
            (root / name).write_bytes(content)
        try:
            done = subprocess.run(
                [sys.executable, "-c", _COMPILE, str(root / template), str(FOLDER), folder],
                input=json.dumps(data, ensure_ascii=False).encode(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise EditionError("làm PDF quá lâu.", thing=thing, place=template) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace")[-600:]
        raise EditionError(f"không làm được PDF: {said}", thing=thing, place=template)
    return done.stdout
