"""Template + data + pictures -> pages by typst: a PDF/UA-1, or what would be printed as pictures; the same bytes every time.

Text goes in as data, never as markup. Typst refuses to write a file that is not conforming. It compiles in a process of its
own, in a folder of its own, so that no manuscript can hold or crash the production or read what it should not. Data and
pages pass through files, a chapter at a time: pages of ten hours as values would be the production's largest.
"""

import errno
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from audiobook.editions.fonts import FOLDER
from audiobook.errors import EditionError
from audiobook.processes import environment
from audiobook.room import kept

SECONDS = 120
_TEMPLATES = Path(str(files("audiobook.editions"))) / "templates"
_COMPILE = """
import sys, typst
source, target, fonts, root = sys.argv[1:]
data = typst.compile(
    source, root=root, font_paths=[fonts], ignore_system_fonts=True, pdf_standards=["ua-1"],
    sys_inputs={"d": sys.stdin.buffer.read().decode("utf-8")},
)
with open(target, "wb") as out:
    out.write(data)
"""


@dataclass(frozen=True, slots=True)
class Forme:
    """The folder in which one document is set: its templates and pictures; ``thing`` is what is made, for messages."""

    folder: Path
    thing: str

    def keep(self, picture: str, content: bytes) -> None:
        """Lay a picture in, under the name that the data give it."""
        (self.folder / picture).write_bytes(content)

    def print(self, template: str, data: Mapping[str, Any], *, chapters: Iterable[str] = (), target: Path) -> None:
        """Write a PDF/UA-1.

        Args:
            template: the name of a file of editions/templates.
            data: what it reads; characters that no font has must be gone (``audiobook.editions.fonts.printable``).
            chapters: what it finds in the data as ``chapters``, each as JSON and written before the next is asked for.
            target: the file.

        Raises:
            EditionError: typst refused, or took too long.
        """
        told = self.folder / "data.json"
        with told.open("w", encoding="utf-8") as out:
            out.writelines(_document(data, chapters))
        command = [sys.executable, "-c", _COMPILE, *map(str, (self.folder / template, target, FOLDER, self.folder))]
        try:
            with told.open("rb") as given:
                done = subprocess.run(
                    command, stdin=given, env=environment(), capture_output=True, timeout=SECONDS, check=False
                )
        except subprocess.TimeoutExpired as error:
            raise EditionError("làm PDF quá lâu.", thing=self.thing, place=template) from error
        if done.returncode:
            said = done.stderr.decode(errors="replace")[-600:]
            if "No space left" in said:
                raise OSError(errno.ENOSPC, "typst could not write", str(target))
            raise EditionError(f"không làm được PDF: {said}", thing=self.thing, place=template)


@contextmanager
def forme(thing: str) -> Iterator[Forme]:
    """Where a document is set; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="audiobook-pdf-") as folder:
        for file in _TEMPLATES.glob("*.typ"):
            (Path(folder) / file.name).write_bytes(file.read_bytes())
        yield Forme(Path(folder), thing)


def typeset(
    template: str, data: Mapping[str, Any], *, pictures: Mapping[str, bytes], thing: str, cache: Path | None = None
) -> bytes:
    """A document of a few pages, as ``Forme.print`` would write it; ``pictures``: the files that ``data`` names.

    One that was set before from the same, by the same templates, fonts and typst, is taken from the ``cache``.

    Raises:
        EditionError: typst refused, or took too long.
    """
    if cache is None:
        return _set(template, data, pictures, thing)
    name = _name(template, data, pictures)
    return kept(cache / f"{name}.set", lambda: _set(template, data, pictures, thing))


def _name(template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(json.dumps([version("typst"), template, data], sort_keys=True).encode())
    beside = {file.name: file.read_bytes() for folder in (_TEMPLATES, FOLDER) for file in sorted(folder.iterdir())}
    for name, content in sorted({**beside, **pictures}.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _set(template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], thing: str) -> bytes:
    with forme(thing) as made:
        for name, content in pictures.items():
            made.keep(name, content)
        target = made.folder / "a.pdf"
        made.print(template, data, target=target)
        return target.read_bytes()


def _document(data: Mapping[str, Any], chapters: Iterable[str]) -> Iterator[str]:
    """The data as JSON, with the chapters.

    >>> "".join(_document({"a": 1}, ['{"b": 2}', "{}"]))
    '{"a": 1, "chapters": [{"b": 2},{}]}'
    """
    yield json.dumps({**data, "chapters": []}, ensure_ascii=False).removesuffix("]}")
    for number, chapter in enumerate(chapters):
        yield ("," if number else "") + chapter
    yield "]}"
