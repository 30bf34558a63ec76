"""Spoil the samples in many ways and read them: every case is read, or refused in words. Deterministic by seed.

python tests/audiobook/fuzz_manuscripts.py KIND COUNT [SEED]
"""

import copy
import datetime
import io
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from audiobook.errors import AudiobookError
from audiobook.manuscripts.pdf import _Reader
from audiobook.manuscripts.pdf_printed import Bookmark, Page, Word
from audiobook.manuscripts.read import Details, read

SAMPLES = Path(__file__).parents[1] / "samples" / "manuscripts"
DETAILS = Details(number=3, date=datetime.date(2023, 3, 30))
MOST_SECONDS = 2.0
TAG = re.compile(rb"<[^<>]{1,400}>")
VALUE = re.compile(rb'"[^"<>]{0,200}"')
ODD = [b"", b"-1", b"0", b"99999999999999999999", b"1e9", b"\xff\xfe", b"\x00", b"&", b"&#0;", b"&#x110000;", b"<", b">", b"]]>", b"../../x", b"%s%n", b"\xc2\xad", "\u202e\ufdd0".encode(), b"A" * 3_000]  # fmt: skip

VALUES = ["", "-1", "0", "99999999999", "true", "../../x", "rId999", "x" * 300, "ⅷ", "\u00ad", "heading 1", "9"]


def bytes_spoilt(data: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, a piece cut out, doubled or moved, or the end missing."""
    spoilt = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        if not spoilt:
            return b""
        at = dice.randrange(len(spoilt))
        length = min(dice.choice((1, 2, 8, 64, 400)), len(spoilt) - at)
        match dice.randrange(6):
            case 0:
                spoilt[at] = dice.randrange(256)
            case 1:
                del spoilt[at : at + length]
            case 2:
                spoilt[at:at] = spoilt[at : at + length] * dice.choice((1, 2, 50))
            case 3:
                spoilt[at : at + length] = dice.choice(ODD)
            case 4:
                spoilt[at:at] = dice.randbytes(length)
            case 5:
                del spoilt[dice.randrange(len(spoilt)) :]
    return bytes(spoilt)


def markup_spoilt(data: bytes, dice: random.Random) -> bytes:
    """Tags dropped, doubled, swapped or wrapped, values made odd: still markup, but of another shape."""
    for _ in range(dice.randint(1, 5)):
        tags = list(TAG.finditer(data))
        if not tags:
            return data
        one, other = dice.choice(tags), dice.choice(tags)
        match dice.randrange(6):
            case 0:
                data = data[: one.start()] + data[one.end() :]
            case 1:
                data = data[: one.end()] + one[0] + data[one.end() :]
            case 2:
                data = data[: one.start()] + other[0] + data[one.end() :]
            case 3:
                first, last = sorted((one.start(), other.end()))
                data = data[:last] + data[first:last] + data[last:]
            case 4:
                values = list(VALUE.finditer(data))
                if values:
                    at = dice.choice(values)
                    data = data[: at.start() + 1] + dice.choice(ODD) + data[at.end() - 1 :]
            case 5:
                first, last = sorted((one.start(), other.end()))
                data = data[:first] + data[last:]
    return data


def tree_spoilt(data: bytes, dice: random.Random) -> bytes:
    """The same on the parsed tree, so that it stays well-formed: elements moved, doubled, dropped, renamed, emptied."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return data
    for _ in range(dice.randint(1, 8)):
        nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
        if not nodes:
            break
        one, other = dice.choice(nodes), dice.choice(nodes)
        one.attrib.update(other.attrib if dice.random() < 0.1 else {})
        match dice.randrange(6):
            case 0 if one.getparent() is not None:
                one.getparent().remove(one)
            case 1:
                other.append(copy.deepcopy(one))
            case 2 if one not in list(other.iterancestors()) and one is not other:
                other.append(one)
            case 3:
                one.tag = other.tag
            case 4 if one.attrib:
                one.set(dice.choice(list(one.attrib)), dice.choice(VALUES))
            case 5:
                one.text = dice.choice((*VALUES, "Cộng hòa", "Nơi nhận:", "1. Tình hình", "MỤC LỤC", "a" * 2_000))
    return etree.tostring(root)


def package_spoilt(data: bytes, dice: random.Random) -> bytes:
    """One part of a package spoilt inside a whole zip; or the zip itself."""
    if dice.random() < 0.1:
        return bytes_spoilt(data, dice)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        names = old.namelist()
        victim = dice.choice(
            [name for name in names if name.endswith((".xml", ".rels", ".xhtml", ".opf", ".ncx"))] or names
        )
        for name in names:
            part = old.read(name)
            if name == victim:
                part = dice.choice((tree_spoilt, tree_spoilt, tree_spoilt, markup_spoilt, bytes_spoilt))(part, dice)
            new.writestr(name, part)
    return made.getvalue()


Spoil = Callable[[bytes, random.Random], bytes]
KINDS: dict[str, tuple[str, tuple[Spoil, ...]]] = {
    "docx": ("*.docx", (package_spoilt,)),
    "epub": ("*.epub", (package_spoilt,)),
    "html": ("*.html", (markup_spoilt, bytes_spoilt)),
    "markdown": ("*.md", (bytes_spoilt,)),
    "text": ("*.txt", (bytes_spoilt,)),
    "pdf": ("*.pdf", (bytes_spoilt,)),
}


def printed_at_random(dice: random.Random) -> None:
    """Words anywhere on pages, as no program would print them, through the layout and all that follows."""
    reader = _Reader(Path("x.pdf"))
    for number in range(1, dice.randint(1, 4) + 1):
        reader.take(Page(number, 600.0, 800.0, list(_words(dice)), dice.randrange(3)))
    reader.source([Bookmark("Tin trong quận", dice.randint(1, 6), dice.randint(0, 5))], dice.choice(("", "Tin")))


def _words(dice: random.Random) -> Iterator[Word]:
    texts = [
        "Tin",
        "trong",
        "quận",
        "-",
        "–",
        "1",
        "12.",
        "smart-",
        "phone",
        "1Theo",
        "x\x02",
        "\ufffe",
        "Một.",
        "(1)",
        "\xad",
        "A" * 300,
        "ⅷ",
    ]
    for _ in range(dice.choice((0, 1, 5, 60, 300))):
        x, y, size = dice.uniform(-50, 700), dice.uniform(-50, 900), dice.choice((0.5, 8.0, 12.0, 12.0, 30.0))
        if dice.random() < 0.6:
            x, y = round(x, -1), round(y / 14) * 14.0
        yield Word(
            dice.choice(texts),
            x,
            y,
            x + dice.uniform(0, 60),
            y + size,
            size,
            dice.random() < 0.2,
            dice.random() < 0.2,
            dice.choice(("", "", "1")),
        )


def fuzz(kind: str, count: int, seed: int, folder: Path) -> Counter[str]:
    """Run so many cases; how each ended by name.

    Raises:
        AssertionError: a case that ended otherwise than in a reading or a refusal, or took too long; with its number.
    """
    ended: Counter[str] = Counter()
    pattern, spoilers = KINDS.get(kind, ("", ()))
    seeds = [(file.suffix, file.read_bytes()) for file in sorted(SAMPLES.glob(pattern))] if pattern else []
    for number in range(count):
        dice = random.Random(f"{kind} {seed} {number}")
        began = time.process_time()
        try:
            if kind == "layout":
                printed_at_random(dice)
            else:
                suffix, data = dice.choice(seeds)
                file = folder / f"a{suffix}"
                file.write_bytes(dice.choice(spoilers)(data, dice))
                reading = read(file, details=DETAILS, images=folder / "images")
                ended["M-COUNT"] += reading.account.missing != 0
            ended["read"] += 1
        except AudiobookError as error:
            ended[type(error).__name__] += 1
        except Exception as error:
            raise AssertionError(f"{kind}, seed {seed}, case {number}:\n{traceback.format_exc()}") from error
        taken = time.process_time() - began
        assert taken < MOST_SECONDS, f"{kind}, seed {seed}, case {number}: {taken:.1f} s of CPU"
    return ended


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(
            sys.argv[1:],
            dict(fuzz(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1, Path(made))),
        )
