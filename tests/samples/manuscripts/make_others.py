"""Write the other samples anew: python tests/samples/manuscripts/make_others.py. Each file shows one thing.

The PDFs are printed by Chromium and LibreOffice, as people print them; --pdf prints them again (both programs needed).
"""

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from make_word import LONG, TCVN3, VNI  # noqa: E402
from word import png  # noqa: E402

PLAIN = f"BẢN TIN THÁNG 3\n\nTIN TRONG QUẬN\n\n{LONG}\n- Khám mắt miễn phí;\n- Tặng 20 suất quà.\n\nLỊCH SINH HOẠT\n\n{LONG}\n"
MARKDOWN = f"""---
title: Số tháng 3
summary: Vài tin trong quận
---

# Tin trong quận

{LONG}

1. Khám mắt:

   > Mời các cụ đến sớm.

2. Tặng quà[^1].

| Giờ | Việc |
|---|---|
| 7h30 | Khám mắt |

[^1]: 20 suất.

# Lịch sinh hoạt {{.quan-trong}}

Ngày **5/4** họp tổ, xem [trang quận](https://thanhbinh.example.vn).
"""
MENU = "<nav><ul><li><a href='/'>Trang chủ</a></li><li><a href='/tin'>Tin tức</a></li><li><a href='/lh'>Liên hệ</a></li></ul></nav>"
FOOT = "<footer><p>Cơ quan chủ quản: Ủy ban nhân dân quận Thanh Bình</p></footer>"
RELATED = "<div class='related'><h3>Tin liên quan</h3><ul><li><a href='/1'>Bài cũ thứ nhất</a></li><li><a href='/2'>Bài cũ thứ hai</a></li></ul></div>"
PORTAL = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Khám mắt cho người cao tuổi - Cổng thông tin quận</title>
<meta property="og:title" content="Khám mắt cho người cao tuổi"><meta property="article:published_time" content="2023-03-30T08:00:00+07:00">
<meta name="author" content="Lê Thị Hoa"><script>alert("không đọc")</script></head><body onload="alert(1)">
<header><a href="/">Cổng thông tin điện tử</a></header>{MENU}
<div class="content"><h1 class="title-detail">Khám mắt cho người cao tuổi</h1><span class="date">Thứ năm, 30/3/2023, 08:00</span>
<p class="description">{LONG}</p><article class="fck_detail"><p>{LONG}</p>
<figure><img src="trang_files/anh.png" alt="Các cụ chờ khám mắt" onerror="alert(2)"><figcaption>Sáng 30/3 tại Trạm Y tế. Ảnh: Lê Hoa</figcaption></figure>
<h2>Lịch khám</h2><p>Mỗi phường <b>một buổi</b>, từ <a href="javascript:alert(3)">7 giờ</a>.</p><table><tr><th>Phường</th><th>Ngày</th></tr><tr><td>An Hòa</td><td>5/4</td></tr></table>
<p style="display:none">Chữ ẩn của trang.</p><img src="https://quang-cao.example.vn/a.gif" alt="quảng cáo"></article>{RELATED}</div>{FOOT}</body></html>"""
JSON_LD = {
    "@type": "NewsArticle",
    "headline": "Lớp học điện thoại",
    "datePublished": "2023-03-15",
    "author": {"name": "Trần Nam"},
}
NEWS = f"""<html><head><meta charset="utf-8"><script type="application/ld+json">{json.dumps(JSON_LD, ensure_ascii=False)}</script></head><body>
<div id="menu"><a href="/">Trang chủ</a> <a href="/x">Xã hội</a> <a href="/y">Sức khỏe</a></div><h1>Lớp học điện thoại</h1>
<div itemprop="articleBody"><p>{LONG}</p><blockquote>Cứ bấm đi ông, không hỏng đâu.</blockquote><ol start="3"><li>Gọi điện</li><li>Nhắn tin</li></ol></div>
<div class="comments"><p>Bạn đọc: bài hay quá.</p></div></body></html>"""
WORD_HTML = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv=Content-Type content="text/html; charset=windows-1258">
<title>Số tháng 3</title></head><body lang=VI><div class=WordSection1><h1>Tin trong quận<o:p></o:p></h1><p class=MsoNormal>{LONG}</p>
<h1>Lịch sinh hoạt</h1><p class=MsoNormal>{LONG}</p></div></body></html>"""
CONTAINER = '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
XHTML = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title></head><body{0}>{1}</body></html>'
STYLE = "<style>body{font:12pt serif;margin:0}@page{margin:2cm}h1{font-size:20pt}h2{font-size:15pt}p{text-align:justify;margin:.5em 0}</style>"
LOREM = [
    f"Đoạn thứ {n}: {LONG} Sau phần mở đầu, đại biểu nghe báo cáo và thảo luận về lịch khám sức khỏe, việc tặng quà và sửa nhà cho hội viên khó khăn trong năm nay."
    for n in ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám")
]


def epub(name: str, opf: str, documents: dict[str, str | bytes]) -> None:
    with zipfile.ZipFile(HERE / name, "w", zipfile.ZIP_DEFLATED) as package:
        files = {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": opf,
        } | documents
        for file, data in files.items():
            package.writestr(zipfile.ZipInfo(file, (2023, 3, 30, 6, 0, 0)), data)


def book(version: str, manifest: str, spine: str) -> str:
    data = '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Số tháng 3</dc:title><dc:date>2023-03-30</dc:date><dc:description>Vài tin</dc:description></metadata>'
    return f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}">{data}<manifest>{manifest}</manifest><spine>{spine}</spine></package>'


def item(name: str, file: str, kind: str = "application/xhtml+xml", properties: str = "") -> str:
    return (
        f'<item id="{name}" href="{file}" media-type="{kind}"'
        + (f' properties="{properties}"' if properties else "")
        + "/>"
    )


def epubs() -> None:
    nav = XHTML.format(
        "",
        '<nav epub:type="toc"><ol><li><a href="a.xhtml">Tin trong quận</a></li><li><a href="b.xhtml">Lịch sinh hoạt</a></li></ol></nav>',
    )
    first = f'<h1>Tin trong quận</h1><p>{LONG}<a epub:type="noteref" href="#n1">1</a></p><img src="anh.png" alt="Cây đa"/><aside epub:type="footnote" id="n1"><p>Theo báo cáo.</p></aside>'
    spine = '<itemref idref="bia"/><itemref idref="nav"/><itemref idref="a"/><itemref idref="b"/>'
    manifest = (
        item("bia", "bia.xhtml")
        + item("nav", "nav.xhtml", properties="nav")
        + item("a", "a.xhtml")
        + item("b", "b.xhtml")
        + item("p", "anh.png", "image/png", "cover-image")
    )
    epub("epub-3-with-footnote-and-cover.epub", book("3.0", manifest, spine), {
        "OEBPS/bia.xhtml": XHTML.format(' epub:type="cover"', "<p>Bản tin quận</p>"), "OEBPS/nav.xhtml": nav,
        "OEBPS/a.xhtml": XHTML.format("", first), "OEBPS/b.xhtml": XHTML.format("", f"<h1>Lịch sinh hoạt</h1><p>{LONG}</p>"), "OEBPS/anh.png": png(64, 64)})  # fmt: skip
    ncx = '<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Tin trong quận</text></navLabel><content src="a.xhtml"/></navPoint></navMap></ncx>'
    epub("epub-2-titles-from-ncx.epub", book("2.0", item("ncx", "toc.ncx", "application/x-dtbncx+xml") + item("a", "a.xhtml"), '<itemref idref="a"/>'),
        {"OEBPS/toc.ncx": ncx, "OEBPS/a.xhtml": XHTML.format("", f"<p>{LONG}</p><p>{LONG}</p>")})  # fmt: skip


def texts() -> None:
    encoded = {
        "text-utf-8": PLAIN.encode(),
        "text-utf-16": PLAIN.encode("utf-16"),
        "text-windows-1258": _cp1258(PLAIN),
        "text-tcvn3": f"TIN TRONG QUËN\r\n\r\n{TCVN3}\r\n{TCVN3}\r\n".encode("cp1252"),
        "text-vni": f"TIN TRONG QUAÄN\r\n\r\n{VNI}\r\n{VNI}\r\n".encode("cp1252"),
        "text-broken-at-a-margin": (
            "TIN TRONG QUẬN\n\n" + _wrapped(LONG * 2) + "\n\nLỊCH SINH HOẠT\n\n" + _wrapped(LONG)
        ).encode(),
    }
    for name, data in encoded.items():
        (HERE / f"{name}.txt").write_bytes(data)


def _cp1258(text: str) -> bytes:
    """As Windows stores it: vowels whole, tones behind them."""
    import unicodedata

    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            spelt = unicodedata.normalize("NFD", letter)
            tone = next(sign for sign in spelt if sign in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", spelt.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


def _wrapped(text: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, 70))


def folder() -> None:
    home = HERE / "folder-of-articles"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    (home / "issue.toml").write_text('title = "Số tháng 3"\nnumber = 3\ndate = 2023-03-30\n', encoding="utf-8")
    (home / "1 tin trong quan.md").write_text(f"# Tin trong quận\n\n{LONG}\n", encoding="utf-8")
    (home / "2 lich_sinh_hoat.txt").write_text(f"{LONG}\n\n{LONG}\n", encoding="utf-8")
    shutil.copyfile(HERE / "letterhead-and-signature.docx", home / "10 thong bao.docx")


def pages() -> None:
    (HERE / "trang_files").mkdir(exist_ok=True)
    (HERE / "trang_files" / "anh.png").write_bytes(png(64, 48))
    (HERE / "html-portal-with-menus.html").write_text(PORTAL, encoding="utf-8")
    (HERE / "html-json-ld-and-comments.html").write_text(NEWS, encoding="utf-8")
    (HERE / "html-saved-by-word-in-windows-1258.html").write_bytes(_cp1258(WORD_HTML))
    (HERE / "markdown-with-everything.md").write_text(MARKDOWN, encoding="utf-8")


def chromium(name: str, body: str, *extra: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        page = Path(made) / "trang.html"
        page.write_text(
            f'<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><title>Số tháng 3</title>{STYLE}{body}',
            encoding="utf-8",
        )
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--print-to-pdf={HERE / name}.pdf",
            *extra,
            str(page),
        ]
        subprocess.run(command, check=True, capture_output=True)


def libreoffice(source: str, target: str, kind: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        subprocess.run(
            ["soffice", "--headless", "--convert-to", kind, "--outdir", made, str(HERE / source)],
            check=True,
            capture_output=True,
        )
        shutil.copyfile(next(Path(made).iterdir()), HERE / target)


def printed() -> None:
    prose = "".join(f"<p>{text}</p>" for text in LOREM)
    chromium(
        "pdf-two-columns",
        f"<h1>Tin trong quận</h1><div style='columns:2;column-gap:8mm'>{prose}</div>",
        "--no-pdf-header-footer",
    )
    chromium(
        "pdf-running-header-and-page-numbers", f"<h1>Tin trong quận</h1>{prose * 2}<h1>Lịch sinh hoạt</h1>{prose * 2}"
    )
    chromium(
        "pdf-headings-by-their-look",
        f"<h1>TIN TRONG QUẬN</h1>{prose}<h2>Khám mắt miễn phí</h2>{prose}<h1>LỊCH SINH HOẠT</h1>{prose}",
        "--no-pdf-header-footer",
    )
    chromium(
        "pdf-hyphenated",
        "<div style='width:6cm;hyphens:manual'><h1>Tin mới</h1><p>Các cụ học dùng smart&shy;phone, gửi e-mail và vào web&shy;site của quận, xem chương trình mul&shy;ti&shy;me&shy;dia, nghe pod&shy;cast.</p></div>",
        "--no-pdf-header-footer",
    )
    chromium(
        "pdf-scanned",
        "<canvas id=c width=900 height=1200></canvas><script>let x=c.getContext('2d');x.fillStyle='#888';x.fillRect(9,9,800,1100)</script>",
        "--no-pdf-header-footer",
        "--virtual-time-budget=500",
    )
    libreoffice("footnotes-and-endnotes.docx", "pdf-footnotes-by-libreoffice.pdf", "pdf")
    libreoffice(
        "styles-of-a-vietnamese-word.docx",
        "pdf-outline-by-libreoffice.pdf",
        'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}',
    )
    libreoffice("font-tcvn3.docx", "pdf-font-tcvn3.pdf", "pdf")
    libreoffice("table-with-merged-cells.docx", "libreoffice-saved-as-docx.docx", "docx:MS Word 2007 XML")


def main() -> None:
    texts()
    pages()
    epubs()
    folder()
    if "--pdf" in sys.argv:
        printed()


if __name__ == "__main__":
    main()
