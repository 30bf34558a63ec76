"""Write the sample issue as Word writes it: styles by name, numbering, footnotes, tables, pictures. Same bytes every time."""

import zipfile
from html import escape
from pathlib import Path

from audiobook.manuscripts.markdown import read_markdown
from audiobook.manuscripts.source import Source, SourceBlock
from audiobook.model.inline import stretches
from audiobook.model.issue import Block, Kind, Markup

HERE = Path(__file__).parent
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    ("Binhthng", "Normal", "", '<w:sz w:val="26"/>'),
    ("Tiu", "Title", "", '<w:b/><w:sz w:val="48"/>'),
    ("Tiuphu", "Subtitle", "", '<w:i/><w:sz w:val="28"/>'),
    (
        "u1",
        "heading 1",
        '<w:keepNext/><w:spacing w:before="360"/><w:outlineLvl w:val="0"/>',
        '<w:b/><w:color w:val="7A1420"/><w:sz w:val="34"/>',
    ),
    ("u2", "heading 2", '<w:keepNext/><w:outlineLvl w:val="1"/>', '<w:b/><w:sz w:val="28"/>'),
    ("Trichdn", "Quote", '<w:ind w:left="567" w:right="567"/>', "<w:i/>"),
    ("Tho", "Thơ", '<w:ind w:left="1134"/>', "<w:i/>"),
    ("Chuthich", "caption", '<w:jc w:val="center"/>', "<w:i/>"),
    ("Quantrong", "Quan trọng", "", '<w:b/><w:color w:val="7A1420"/>'),
    ("Vnbancuochu", "footnote text", "", '<w:sz w:val="20"/>'),
)
PARAGRAPH_STYLES = {Kind.QUOTE: "Trichdn", Kind.VERSE: "Tho"}
EMU = 9525  # of a point on the screen
DEFAULT, OUTSIDE = ' w:default="1"', ' TargetMode="External"'


class Writer:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.relations: list[tuple[str, str, bool]] = []
        self.media: dict[str, bytes] = {}
        self.notes: list[str] = []
        self.lists = 0

    def relation(self, kind: str, target: str, *, outside: bool = False) -> str:
        self.relations.append((kind, target, outside))
        return f"rId{len(self.relations) + 10}"

    def runs(self, block: SourceBlock | Block, start: int = 0, end: int | None = None) -> str:
        plain = Block(id="", kind=block.kind, text=block.text, marks=block.marks)
        out = []
        for stretch in stretches(plain, start=start, end=end, sentences=False):
            for run in stretch.runs:
                marks = {mark.kind: mark.value for mark in run.marks}
                if Markup.FOOTNOTE in marks:
                    out.append(self.reference(marks[Markup.FOOTNOTE]))
                    continue
                properties = "".join(
                    xml for kind, xml in ((Markup.STRONG, "<w:b/>"), (Markup.EMPHASIS, "<w:i/>")) if kind in marks
                )
                if Markup.LANGUAGE in marks:
                    properties += f'<w:lang w:val="{marks[Markup.LANGUAGE]}-US"/>'
                text = "<w:br/>".join(
                    f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in run.text.split("\n")
                )
                xml = f"<w:r><w:rPr>{properties}</w:rPr>{text}</w:r>"
                if Markup.LINK in marks:
                    link = self.relation("hyperlink", marks[Markup.LINK], outside=True)
                    xml = f'<w:hyperlink r:id="{link}">{xml}</w:hyperlink>'
                out.append(xml)
        return "".join(out)

    def reference(self, key: str) -> str:
        note = self.source.notes[key]
        number = len(self.notes) + 1
        self.notes.append(
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="Vnbancuochu"/></w:pPr>'
            f'<w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>{self.runs(note)}</w:p></w:footnote>'
        )
        return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'

    def block(self, block: SourceBlock, previous: SourceBlock | None) -> str:
        if block.kind is Kind.TABLE:
            return self.table(block)
        if block.kind is Kind.FIGURE and block.picture:
            caption = paragraph("Chuthich", self.runs(block)) if block.text else ""
            return paragraph("Binhthng", self.drawing(block)) + caption
        if block.kind is Kind.HEADING:
            return paragraph(f"u{block.level}", self.runs(block))
        if block.kind is Kind.ITEM:
            if previous is None or previous.kind is not Kind.ITEM:
                self.lists += 1
            numbered = block.marker[0].isdigit()
            number = 100 + self.lists if numbered else 1
            properties = f'<w:numPr><w:ilvl w:val="{block.level - 1}"/><w:numId w:val="{number}"/></w:numPr>'
            return paragraph("Binhthng", self.runs(block), properties)
        return paragraph(PARAGRAPH_STYLES.get(block.kind, "Binhthng"), self.runs(block))

    def table(self, block: SourceBlock) -> str:
        rows: dict[int, list[str]] = {}
        heads = set()
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(
                f"<w:tc><w:tcPr/>{paragraph('Binhthng', self.runs(block, cell.start, cell.end))}</w:tc>"
            )
            heads |= {cell.row} if cell.header else set()
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        body = "".join(
            f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if number in heads else ''}{''.join(cells)}</w:tr>"
            for number, cells in rows.items()
        )
        grid = "<w:gridCol/>" * max(len(cells) for cells in rows.values())
        return f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"

    def drawing(self, block: SourceBlock) -> str:
        picture = block.picture
        name = f"image{len(self.media) + 1}.png"
        self.media[name] = picture.data
        target = self.relation("image", f"media/{name}")
        width, height = 560 * EMU, 336 * EMU
        return (
            f'<w:r><w:drawing><wp:inline><wp:extent cx="{width}" cy="{height}"/>'
            f'<wp:docPr id="{len(self.media)}" name="{name}" descr="{escape(picture.alt, quote=True)}"/>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{len(self.media)}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{target}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def document(self) -> str:
        facts = self.source.facts
        body = [paragraph("Tiu", text(facts["title"])), paragraph("Tiuphu", text(facts["summary"]))]
        previous = None
        for block in self.source.blocks:
            body.append(self.block(block, previous))
            if block.important:
                body.append(paragraph("Quantrong", text("Thông báo quan trọng, mời bà con chú ý.")))
            previous = block
        return f"{HEAD}<w:document {NS}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"


def paragraph(style: str, runs: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def styles() -> str:
    made = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"{DEFAULT if name == "Normal" else ""}><w:name w:val="{name}"/>'
        + ("" if name == "Normal" else '<w:basedOn w:val="Binhthng"/>')
        + f"<w:pPr>{paragraph_properties}</w:pPr><w:rPr>{run_properties}</w:rPr></w:style>"
        for key, name, paragraph_properties, run_properties in STYLES
    )
    fonts = (
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/><w:lang w:val="vi-VN"/>'
    )
    return f"{HEAD}<w:styles {NS}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}</w:rPr></w:rPrDefault></w:docDefaults>{made}</w:styles>"


def numbering(lists: int) -> str:
    def levels(form: str, mark: str) -> str:
        return "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{mark.replace("1", str(n + 1))}"/>'
            f'<w:pPr><w:ind w:left="{360 * (n + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
            for n in range(3)
        )

    abstract = f'<w:abstractNum w:abstractNumId="0">{levels("bullet", "–")}</w:abstractNum>'
    abstract += "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{levels("decimal", "%1.")}</w:abstractNum>' for n in range(1, lists + 1)
    )
    numbers = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    numbers += "".join(
        f'<w:num w:numId="{100 + n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, lists + 1)
    )
    return f"{HEAD}<w:numbering {NS}>{abstract}{numbers}</w:numbering>"


def relationships(entries: list[tuple[str, str, str, bool]]) -> str:
    made = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{escape(target, quote=True)}"{OUTSIDE if outside else ""}/>'
        for key, kind, target, outside in entries
    )
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{made}</Relationships>'


def main() -> None:
    writer = Writer(read_markdown(HERE / "ban-tin-so-3.md"))
    document = writer.document()
    fixed = [
        (f"rId{n}", f"{OFFICE}/{name}", f"{name}.xml", False)
        for n, name in enumerate(("styles", "numbering", "footnotes"), 1)
    ]
    own = [
        (f"rId{n + 11}", f"{OFFICE}/{kind}", target, outside)
        for n, (kind, target, outside) in enumerate(writer.relations)
    ]
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{word}.{kind}+xml"/>'
        for part, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("footnotes", "footnotes"),
        )
    )
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(writer.source.facts["title"])}</dc:title></cp:coreProperties>'
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/><Default Extension="xml" ContentType="application/xml"/>'
        f'{types}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": relationships(
            [
                ("rId1", f"{OFFICE}/officeDocument", "word/document.xml", False),
                (
                    "rId2",
                    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                    "docProps/core.xml",
                    False,
                ),
            ]
        ),
        "docProps/core.xml": core,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": relationships(fixed + own),
        "word/styles.xml": styles(),
        "word/numbering.xml": numbering(writer.lists),
        "word/footnotes.xml": f"{HEAD}<w:footnotes {NS}>{''.join(writer.notes)}</w:footnotes>",
        **{f"word/media/{name}": data for name, data in writer.media.items()},
    }
    with zipfile.ZipFile(HERE / "ban-tin-so-3.docx", "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(zipfile.ZipInfo(name, (2023, 3, 30, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
