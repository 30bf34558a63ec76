"""PDF -> its pages as pictures, to leaf through on the site; and which article stands on which page.

The pages are drawn in a process of their own, so that no PDF of a publisher's can hold or crash the production.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from audiobook.errors import EditionError
from audiobook.model.issue import Issue
from audiobook.processes import environment

MOST_PAGES = 120
SECONDS = 180
_DRAW = """
import hashlib, json, os, pathlib, shutil, sys, PIL, pypdfium2
file, folder, cache, wide, most = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), *map(int, sys.argv[4:])
pdf = pypdfium2.PdfDocument(file)
entries = [(entry.get_title(), entry.get_dest().get_index()) for entry in pdf.get_toc(max_depth=1) if entry.get_dest()]
for number in range(min(len(pdf), most)):
    page = pdf[number]
    drawn = page.render(scale=wide / page.get_width(), rev_byteorder=True)
    named = hashlib.sha256(f"webp 80 2 {PIL.__version__} {drawn.width} {drawn.height} {drawn.mode}".encode())
    named.update(drawn.buffer)
    kept = cache / (named.hexdigest() + ".webp")
    if kept.is_file():
        os.utime(kept)
    else:
        coming = cache / f".tmp-{os.getpid()}-{kept.name}"
        drawn.to_pil().save(coming, "WEBP", quality=80, method=2)
        coming.replace(kept)
    shutil.copyfile(kept, folder / f"leaf-{number:04d}.webp")
json.dump({"pages": len(pdf), "entries": entries}, sys.stdout)
"""
_WIDE = 1240  # an A4 page at 150 points an inch: small print can be read when it is made larger


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page: its picture (WebP), and the article that begins on it, or else goes on; "" where nobody knows."""

    picture: Path
    chapter: str


def leaves(pdf: bytes | Path, issue: Issue, *, folder: Path, cache: Path) -> tuple[Leaf, ...]:
    """The first 120 pages, drawn into ``folder``; a page that was drawn before is taken from the cache.

    Raises:
        EditionError: no PDF that can be drawn, or it takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="audiobook-leaves-") as own:
        file = pdf if isinstance(pdf, Path) else Path(own) / "a.pdf"
        if isinstance(pdf, bytes):
            file.write_bytes(pdf)
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-c", _DRAW, *map(str, (file, folder, cache, _WIDE, MOST_PAGES))]
        try:
            done = subprocess.run(command, env=environment(), capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise EditionError("vẽ các trang quá lâu.", thing=issue.id, place="page-image") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace")[-300:]
        raise EditionError(f"không vẽ được các trang: {said}", thing=issue.id, place="page-image")
    pictures = sorted(folder.glob("leaf-*.webp"))
    chapters = _chapters(json.loads(done.stdout)["entries"], issue, pages=len(pictures))
    return tuple(Leaf(picture=picture, chapter=chapter) for picture, chapter in zip(pictures, chapters, strict=True))


def _chapters(entries: list[tuple[str, int]], issue: Issue, *, pages: int) -> list[str]:
    """The article of each page, told by the PDF's own bookmarks."""
    named = {" ".join(chapter.title.split()): chapter.id for chapter in issue.articles}
    begins: dict[int, str] = {}
    for title, page in entries:
        begins.setdefault(page, named.get(" ".join(title.split()), ""))
    found, now = [], ""
    for page in range(pages):
        now = begins.get(page, now)
        found.append(now)
    return found
