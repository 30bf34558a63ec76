"""Small Word files with the habits of Word's own XML: runs split by spelling, style ids without diacritics, rsids."""

import struct
import zipfile
import zlib
from html import escape
from pathlib import Path

NS = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "v": "urn:schemas-microsoft-com:vml",
        "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
    }.items()
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTENT_TYPES = (
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in {
            "document": "document.main",
            "styles": "styles",
            "footnotes": "footnotes",
            "endnotes": "endnotes",
        }.items()
    )
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/><w:sz w:val="28"/>'
    '<w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Binhthng"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 1"/><w:basedOn w:val="Binhthng"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="u2"><w:name w:val="heading 2"/><w:basedOn w:val="Binhthng"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
    "<w:rPr><w:b/></w:rPr></w:style>"
    '<w:style w:type="paragraph" w:styleId="Tiu"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Tiuphu"><w:name w:val="Subtitle"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mucluc1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Chuthich"><w:name w:val="caption"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="oancuaDanhsach"><w:name w:val="List Paragraph"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="VnTime"><w:name w:val="VnTime"/><w:rPr><w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/></w:rPr></w:style>'
)


def run(text: str, properties: str = "") -> str:
    """A run; a line feed in it is a soft line break."""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{properties}</w:rPr>{lines}</w:r>"


def split(text: str, properties: str = "") -> str:
    """The same as many runs, as Word leaves it after corrections."""
    return "".join(
        run(text[n : n + 5], properties) + '<w:proofErr w:type="spellStart"/>' for n in range(0, len(text), 5)
    )


def p(*runs: str, style: str = "", properties: str = "", centred: bool = False) -> str:
    """A paragraph of runs, or of plain texts."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    middle = '<w:jc w:val="center"/>' if centred else ""
    inside = "".join(each if each.startswith("<") else run(each) for each in runs)
    return f'<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"><w:pPr>{named}{properties}{middle}</w:pPr>{inside}</w:p>'


def bold(text: str, *, size: int = 0) -> str:
    return run(text, "<w:b/><w:bCs/>" + (f'<w:sz w:val="{size}"/>' if size else ""))


def heading(text: str, level: int = 1) -> str:
    return p(text, style=f"u{level}")


def numbered(text: str, number_id: int, level: int = 0) -> str:
    return p(
        text,
        style="oancuaDanhsach",
        properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>',
    )


def cell(*paragraphs: str, properties: str = "") -> str:
    inside = "".join(each if each.startswith("<") else p(each) for each in paragraphs)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def table(*rows: list[str], header: bool = False) -> str:
    head = "<w:trPr><w:tblHeader/></w:trPr>"
    made = "".join(
        f"<w:tr>{head if header and n == 0 else ''}{''.join(c if c.startswith('<') else cell(c) for c in row)}</w:tr>"
        for n, row in enumerate(rows)
    )
    return f"<w:tbl><w:tblPr/>{made}</w:tbl>"


def picture(relation: str, alt: str = "", *, inside: str = "", attribute: str = "embed") -> str:
    about = f'<wp:docPr id="1" name="Picture 1" descr="{escape(alt)}">{inside}</wp:docPr>'
    blip = f'<a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:{attribute}="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
    return f"<w:r><w:drawing><wp:inline>{about}{blip}</wp:inline></w:drawing></w:r>"


def field(instruction: str, result: str) -> str:
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f'{begin}<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>{separate}{result}{end}'


def png(width: int = 24, height: int = 16) -> bytes:
    """A grey picture, by hand, so that its bytes never change."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x88" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def write(file: Path, body: str, *, relations: str = "", parts: dict[str, str | bytes] | None = None) -> None:
    """A package with the same bytes each time."""
    rels = f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    for name in ("styles", "footnotes", "endnotes", "numbering"):
        relations += (
            relation(f"rId_{name}", name, f"{name}.xml")
            if name == "styles" or f"word/{name}.xml" in (parts or {})
            else ""
        )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{CONTENT_TYPES}</Types>',
        "_rels/.rels": f'{rels}<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"{HEAD}<w:document {NS}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/styles.xml": f"{HEAD}<w:styles {NS}>{STYLES}</w:styles>",
        "word/_rels/document.xml.rels": f"{rels}{relations}</Relationships>",
    } | {name: HEAD + each if isinstance(each, str) else each for name, each in (parts or {}).items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(zipfile.ZipInfo(name, (2023, 3, 30, 6, 0, 0)), data)


def relation(name: str, kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{escape(target)}"{mode}/>'
