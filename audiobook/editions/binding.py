"""PDFs that were set apart -> one: its pages, tags, bookmarks and links as if it had been set in one go (ISO 32000-1, 14.7).

The first file opens the book: its headings, on leaves of their own at the end, stand for the chapters of the others. Links to
them are led to the chapters, and the leaves taken out.
"""

import hashlib
import io
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pikepdf
from pikepdf.models.metadata import XmpDocument

from audiobook.disk import digest


def surveyed(files: Sequence[Path]) -> list[tuple[int, list[int]]]:
    """Of each file, how many pages it has, and on which of them, counted from 0, each of its outermost bookmarks stands."""
    return list(map(_surveyed, files))


def bind(files: Sequence[Path], target: Path) -> None:
    """Write one PDF; what typst writes is taken for granted. The same files give the same bytes.

    Raises:
        OSError: from the disk.
    """
    with pikepdf.open(files[0]) as book:
        stand_ins = [_place(item.Dest) for item in _bookmarks(book.Root.Outlines)]
        _take_out(book, headings=len(stand_ins))
        bookmarks = list[pikepdf.Object]()
        for number, file in enumerate(files[1:], start=1):
            bookmarks += _append(book, file, prefix=f"{number:04d} ")
        _lead(book, {place: item.Dest for place, item in zip(stand_ins, bookmarks, strict=True)})
        _chain(bookmarks, book.Root.Outlines)
        _describe(book, files)
        bound = io.BytesIO()  # a disk that is full would end the process: qpdf lets no error of its writer through
        book.save(bound, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    target.write_bytes(bound.getbuffer())


def _surveyed(file: Path) -> tuple[int, list[int]]:
    with pikepdf.open(file) as pdf:
        numbers = _numbers(pdf)
        return len(pdf.pages), [numbers[str(item.Dest[0].objgen)] for item in _bookmarks(pdf.Root.Outlines)]


def _bookmarks(outlines: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The outermost ones."""
    item = outlines.get("/First")
    while item is not None:
        yield item
        item = item.get("/Next")


def _place(dest: pikepdf.Object) -> str:
    """A page, and how high on it."""
    return f"{dest[0].objgen} {dest[3]}"


def _take_out(book: pikepdf.Pdf, *, headings: int) -> None:
    """The pages from that of the first bookmark on, with the tags of so many headings, which is all that they hold."""
    first = _numbers(book)[str(book.Root.Outlines.First.Dest[0].objgen)]
    tags = book.Root.StructTreeRoot
    document = tags.K[0]
    document.K = pikepdf.Array(list(document.K)[:-headings])
    gone = {int(page.obj.StructParents) for page in book.pages[first:]}  # each holds a heading
    kept = [pair for pair in _pairs(tags.ParentTree.Nums) if int(pair[0]) not in gone]
    tags.ParentTree.Nums = pikepdf.Array([each for pair in kept for each in pair])
    del book.pages[first:]


def _numbers(pdf: pikepdf.Pdf) -> dict[str, int]:
    return {str(page.objgen): number for number, page in enumerate(pdf.pages)}


def _rename(pdf: pikepdf.Pdf, prefix: str) -> None:
    """Names of notes and table cells are counted from one in every file: they get a prefix, and stay in order (7.9.6)."""
    for element in pdf.objects:
        if not isinstance(element, pikepdf.Dictionary) or element.get("/Type") != pikepdf.Name.StructElem:
            continue
        if "/ID" in element:
            element.ID = pikepdf.String(prefix + str(element.ID))
        for attributes in element.get("/A", []):
            if "/Headers" in attributes:
                attributes.Headers = pikepdf.Array(pikepdf.String(prefix + str(each)) for each in attributes.Headers)
    names = pdf.Root.StructTreeRoot.get("/IDTree")
    if names is not None:
        names.Names = pikepdf.Array(
            each for name, element in _pairs(names.Names) for each in (pikepdf.String(prefix + str(name)), element)
        )


def _append(book: pikepdf.Pdf, file: Path, *, prefix: str) -> list[pikepdf.Object]:
    """Pages and tags; returns the bookmarks, which are not yet among the book's.

    The file is let go, not closed: what its streams hold is read when the book is written.
    """
    other = pikepdf.open(file)
    _rename(other, prefix)
    tags, before = book.Root.StructTreeRoot, len(book.pages)
    first_key = int(tags.ParentTreeNextKey)
    book.pages.extend(other.pages)
    for page in book.pages[before:]:
        if "/StructParents" in page.obj:  # not where there is nothing to read
            page.obj.StructParents += first_key
        for annotation in page.obj.get("/Annots", []):
            annotation.StructParent += first_key
    theirs = book.copy_foreign(other.Root.StructTreeRoot)
    document = tags.K[0]
    for element in theirs.K[0].K:
        element.P = document
        document.K.append(element)
    for key, element in _pairs(theirs.ParentTree.Nums):
        tags.ParentTree.Nums.append(first_key + int(key))
        tags.ParentTree.Nums.append(element)
    tags.ParentTreeNextKey = first_key + int(theirs.ParentTreeNextKey)
    if "/IDTree" in theirs:
        if "/IDTree" not in tags:
            tags.IDTree = pikepdf.Dictionary(Names=pikepdf.Array())
        tags.IDTree.Names.extend(theirs.IDTree.Names)
    return list(_bookmarks(book.copy_foreign(other.Root.Outlines)))


def _lead(book: pikepdf.Pdf, places: Mapping[str, pikepdf.Object]) -> None:
    """Links to a heading that was taken out lead to what it stood for."""
    for page in book.pages:
        for annotation in page.obj.get("/Annots", []):
            place = _place(annotation.Dest) if "/Dest" in annotation else ""
            if place in places:
                annotation.Dest = places[place]


def _chain(items: Sequence[pikepdf.Object], outlines: pikepdf.Object) -> None:
    for before, item in pairwise(items):
        before.Next, item.Prev = item, before
    for item in items:
        item.Parent = outlines
    outlines.First, outlines.Last, outlines.Count = items[0], items[-1], len(items)


def _describe(book: pikepdf.Pdf, files: Sequence[Path]) -> None:
    """How many pages, and a name that changes with any of them; typst knew of the first file only."""
    known = hashlib.sha256()
    for file in files:
        known.update(bytes.fromhex(digest(file)))
    XmpDocument.register_xml_namespace("http://ns.adobe.com/xap/1.0/t/pg/", "xmpTPg")
    with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as described:
        described["xmpTPg:NPages"] = str(len(book.pages))
        described["xmpMM:InstanceID"] = b64encode(known.digest()[:16]).decode()


def _pairs(flat: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """Of a tree's leaf: key and value, key and value."""
    each = iter(flat)
    return zip(each, each, strict=True)
