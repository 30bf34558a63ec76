"""Files that would do harm, made as small as they come: name -> (how to write it, the errors that may refuse it)."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from audiobook import errors

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BODY = f"<w:document {W}><w:body><w:p><w:r><w:t>Chữ</w:t></w:r></w:p><w:p><w:r><w:t>Thêm chữ</w:t></w:r></w:p></w:body></w:document>"
HOSTILE, DAMAGED, KIND = errors.ManuscriptHostile, errors.ManuscriptDamaged, errors.ManuscriptKind


def package(parts: dict[str, bytes | str], *, links: tuple[str, ...] = ()) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name in links:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            file.writestr(info, data)
    return made.getvalue()


def word(document: bytes | str = BODY, **parts: bytes | str) -> bytes:
    return package({"word/document.xml": document} | {name.replace("__", "/"): data for name, data in parts.items()})


def swollen(unit: bytes, count: int, head: bytes, tail: bytes) -> bytes:
    """A part that unpacks to count times unit, written without ever holding it."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        part.write(head)
        many = unit * (1_000_000 // len(unit))
        for _ in range(count * len(unit) // len(many)):
            part.write(many)
        part.write(tail)
    return made.getvalue()


def lying() -> bytes:
    """A bomb whose directory says that it is a thousand bytes."""
    data = bytearray(swollen(b" ", 300_000_000, b"<a>", b"</a>"))
    central = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 1000)
    return bytes(data)


def picture(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    )


def with_picture(data: bytes) -> bytes:
    drawing = (
        f'<w:document {W} xmlns:r="{R}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><w:body>'
        '<w:p><w:r><w:t>Bài</w:t></w:r></w:p><w:p><w:r><w:drawing><a:blip r:embed="r1"/></w:drawing><w:t>Chữ</w:t></w:r></w:p></w:body></w:document>'
    )
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{R}/image" Target="media/a.png"/></Relationships>'
    return word(drawing, **{"word/_rels/document.xml.rels": rels, "word/media/a.png": data})


def pdf(stream: bytes, filters: str = "/FlateDecode") -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>",
        f"<</Length {len(stream)}/Filter{filters}>>\nstream\n".encode() + stream + b"\nendstream",
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{at:010d} 00000 n \n" for at in offsets)
    return (
        out
        + f"xref\n0 5\n0000000000 65535 f \n{table}trailer<</Size 5/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()
    )


@cache  # the two bombs of zeros share what takes seconds to pack
def deflated(unit: bytes, times: int) -> bytes:
    packer, out = zlib.compressobj(9), b""
    for _ in range(times):
        out += packer.compress(unit)
    return out + packer.flush()


def epub(page: str, opf: str = "") -> bytes:
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    book = (
        opf
        or '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    return package(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "b.opf": book, "a.xhtml": page}
    )


EMPTY = b"<w:p/>"
DOCUMENT_HEAD = f"<w:document {W}><w:body>".encode()
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

FILES: dict[str, tuple[Callable[[], bytes], tuple[type[errors.AudiobookError], ...]]] = {
    "zip-bomb.docx": (lambda: swollen(b" ", 300_000_000, b"<a>", b"</a>"), (HOSTILE,)),
    "zip-bomb-that-lies.docx": (lying, (HOSTILE, DAMAGED)),
    "millions-of-empty-paragraphs.docx": (
        lambda: swollen(EMPTY, 4_000_000, DOCUMENT_HEAD, b"</w:body></w:document>"),
        (HOSTILE,),
    ),
    "billion-laughs.docx": (lambda: word(f"{LAUGHS}<w:document {W}>&c;</w:document>"), (HOSTILE,)),
    "entity-from-outside.docx": (lambda: word(f"{OUTSIDE}<w:document {W}>&x;</w:document>"), (HOSTILE,)),
    "doctype-in-styles.docx": (lambda: word(**{"word/styles.xml": f"<!DOCTYPE x><w:styles {W}/>"}), (HOSTILE,)),
    "entity-in-utf-16.docx": (
        lambda: word(
            f'<?xml version="1.0" encoding="utf-16"?>{OUTSIDE}<w:document {W}>&x;</w:document>'.encode("utf-16")
        ),
        (HOSTILE, DAMAGED),
    ),
    "deep-nesting.docx": (
        lambda: word(f"<w:document {W}><w:body>" + "<w:sdt>" * 50_000 + "</w:sdt>" * 50_000 + "</w:body></w:document>"),
        (HOSTILE, DAMAGED),
    ),
    "path-that-climbs.docx": (lambda: word(**{"../../thoat.txt": "x"}), (HOSTILE,)),
    "path-of-windows.docx": (lambda: word(**{"..\\..\\thoat.txt": "x"}), (HOSTILE,)),
    "path-absolute.docx": (lambda: word(**{"/etc/cron.d/x": "x"}), (HOSTILE,)),
    "path-with-a-drive.docx": (lambda: word(**{"C:/x.txt": "x"}), (HOSTILE,)),
    "symlink.docx": (
        lambda: package({"word/document.xml": BODY, "word/media/a.png": "/etc/passwd"}, links=("word/media/a.png",)),
        (HOSTILE,),
    ),
    "too-many-parts.docx": (
        lambda: package({"word/document.xml": BODY} | {f"a/{n}": "" for n in range(6_000)}),
        (HOSTILE,),
    ),
    "picture-bomb.docx": (lambda: with_picture(picture(60_000, 60_000)), (errors.PictureDamaged,)),
    "truncated.docx": (lambda: word()[:150], (DAMAGED,)),
    "half-of-a-part.docx": (lambda: word(BODY[: len(BODY) // 2]), (DAMAGED,)),
    "random-bytes.docx": (lambda: bytes((n * 197 + n // 251) % 256 for n in range(5_000)), (KIND, DAMAGED)),
    "old-word-or-locked.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), (KIND,)),
    "excel.docx": (lambda: package({"_rels/.rels": "", "xl/workbook.xml": ""}), (KIND,)),
    "opendocument.docx": (lambda: package({"content.xml": "<a/>"}), (KIND,)),
    "rtf.doc": (lambda: b"{\\rtf1 xin chao}", (KIND,)),
    "picture.docx": (lambda: picture(8, 8), (KIND,)),
    "program.docx": (lambda: b"MZ" + bytes(200), (KIND,)),
    "empty.docx": (lambda: b"", (errors.ManuscriptEmpty,)),
    "zeros.txt": (lambda: bytes(3_000), (errors.ManuscriptEmpty, KIND)),
    "bomb.pdf": (lambda: pdf(deflated(b"BT " * 100_000, 2_000)), (HOSTILE,)),
    "bomb-in-a-bomb.pdf": (
        lambda: pdf(zlib.compress(deflated(bytes(1_000_000), 900)), "[/FlateDecode/FlateDecode]"),
        (HOSTILE, DAMAGED, KIND),
    ),
    "bomb-in-hexadecimal.pdf": (
        lambda: pdf(deflated(bytes(1_000_000), 900).hex().encode() + b">", "[/ASCIIHexDecode/FlateDecode]"),
        (HOSTILE, DAMAGED, KIND),
    ),
    "truncated.pdf": (lambda: pdf(deflated(b"q Q ", 10))[:120], (DAMAGED, KIND)),
    "without-any-text.pdf": (lambda: pdf(deflated(b"q Q ", 10)), (KIND,)),
    "deep-nesting.html": (lambda: b"<html><body>" + b"<div>" * 100_000 + b"x", (HOSTILE,)),
    "millions-of-tags.html": (lambda: b"<html><body>" + b"<p>" * 3_000_000, (HOSTILE,)),
    "only-a-script.html": (lambda: b"<html><body><script>alert(1)</script></body></html>", (errors.ManuscriptEmpty,)),
    "billion-laughs.epub": (lambda: epub(f"{LAUGHS}<html>&c;</html>"), (HOSTILE,)),
    "path-that-climbs.epub": (lambda: package({"META-INF/container.xml": "<a/>", "../x": ""}), (HOSTILE,)),
    "without-a-book.epub": (lambda: package({"META-INF/container.xml": "<a/>"}), (DAMAGED,)),
    "locked.epub": (
        lambda: package(
            {
                "META-INF/container.xml": "<a/>",
                "META-INF/encryption.xml": '<e><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></e>',
            }
        ),
        (KIND,),
    ),
    "twenty-megabytes.txt": (lambda: b"chu " * 5_100_000, (HOSTILE,)),
    "no-encoding-makes-sense.txt": (lambda: bytes(range(128, 256)) * 40, (DAMAGED, KIND)),
}


def write(name: str, folder: Path) -> Path:
    file = folder / name
    file.write_bytes(content(name))
    return file


@cache  # a bomb takes seconds to pack, and several tests want it
def content(name: str) -> bytes:
    return FILES[name][0]()
