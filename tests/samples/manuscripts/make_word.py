"""Write the Word samples anew: python tests/samples/manuscripts/make_word.py. Each file shows one thing."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from word import (  # noqa: E402
    NS,
    bold,
    cell,
    field,
    heading,
    numbered,
    p,
    picture,
    png,
    relation,
    run,
    split,
    table,
    write,
)

LONG = (
    "Sáng 30/3, Ủy ban nhân dân quận tổ chức hội nghị bàn việc chăm sóc người cao tuổi, với sự tham dự của 19 phường."
)
TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam, nh÷ng n¨m th¸ng kh«ng thÓ nµo quªn, ng\xadêi cao tuæi ®\xadîc ch¨m sãc."
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, nhöõng naêm thaùng khoâng theå naøo queân, ngöôøi cao tuoåi ñöôïc chaêm soùc."
SMALL = '<w:sz w:val="20"/>'
TCVN3_FONT = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'
TCVN3_CAPITALS = '<w:b/><w:rFonts w:ascii=".VnTimeH" w:hAnsi=".VnTimeH"/>'
VNI_FONT = '<w:rFonts w:ascii="VNI-Times" w:hAnsi="VNI-Times"/>'
PICTURE = relation("rId10", "image", "media/image1.png")
LISTS = (
    f"<w:numbering {NS}>"
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)
CHART = (
    f"<c:chartSpace {NS}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Số cụ được khám</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    '<c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>Lượt khám</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    '<c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>Quý I</c:v></c:pt><c:pt idx="1"><c:v>Quý II</c:v></c:pt></c:strCache></c:strRef></c:cat>'
    '<c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>1245</c:v></c:pt><c:pt idx="1"><c:v>1380.5</c:v></c:pt></c:numCache></c:numRef></c:val>'
    "</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
)
EMF = b"\x01\x00\x00\x00\x6c\x00\x00\x00" + bytes(120)


def article(title: str = "Một bài") -> str:
    return heading(title) + p(LONG)


def main() -> None:
    for name, made in SAMPLES.items():
        body, options = made if isinstance(made, tuple) else (made, {})
        write(HERE / f"{name}.docx", body, **options)


def with_picture(body: str, *, name: str = "image1.png", data: bytes | None = None) -> tuple[str, dict]:
    made = relation("rId10", "image", f"media/{name}")
    return body, {"relations": made, "parts": {f"word/media/{name}": data or png()}}


def letterhead() -> str:
    left = cell(p("UBND QUẬN THANH BÌNH"), p(bold("PHÒNG VĂN HÓA"), centred=True), p("Số: 15/TB-VH"))
    right = cell(
        p(bold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
        p(bold("Độc lập - Tự do - Hạnh phúc")),
        p("Thanh Bình, ngày 30 tháng 3 năm 2023"),
    )
    return table([left, right])


def signature() -> str:
    left = cell(p(run("Nơi nhận:", "<w:b/><w:i/>")), p("- Như trên;"), p("- Lưu: VT."))
    return table([left, cell(p(bold("TRƯỞNG PHÒNG")), p("(Đã ký)"), p(bold("Nguyễn Thị An")))])


SAMPLES: dict[str, str | tuple[str, dict]] = {
    "styles-of-a-vietnamese-word": p("Bản tin quận", style="Tiu")
    + p("Số tháng 3", style="Tiuphu")
    + article()
    + heading("Mục nhỏ", 2)
    + p(LONG)
    + article("Bài hai"),
    "headings-without-styles": p(bold("BẢN TIN THÁNG 3", size=36), centred=True)
    + p()
    + p(bold("TIN TRONG QUẬN", size=32), centred=True)
    + p(LONG)
    + p(LONG)
    + p(bold("Khám mắt miễn phí"))
    + p(LONG)
    + p(bold("LỊCH SINH HOẠT", size=32), centred=True)
    + p(LONG),
    "headings-by-roman-numbers": p(bold("I. TÌNH HÌNH CHUNG"))
    + p(LONG)
    + p(bold("1. Kinh tế"))
    + p(LONG)
    + p(bold("2. Văn hóa"))
    + p(LONG)
    + p(bold("II. PHƯƠNG HƯỚNG"))
    + p(LONG)
    + p(bold("1. Nhiệm vụ"))
    + p(LONG),
    "heading-typed-in-two-paragraphs": p(bold("THÔNG BÁO"), centred=True)
    + p(bold("Về việc tạm cắt nước ngày 4/4"), centred=True)
    + p(LONG)
    + p()
    + p(bold("LỊCH TIÊM CHỦNG"), centred=True)
    + p(LONG),
    "title-style-for-every-article": p("Bài một", style="Tiu")
    + p(LONG)
    + p("Mục", style="u1")
    + p(LONG)
    + p("Bài hai", style="Tiu")
    + p(LONG),
    "heading-with-a-soft-break": heading("Giữ ấm\nlúc giao mùa") + p(LONG),
    "headings-numbered-by-word": (
        p("Tình hình", style="u1", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        + p(LONG)
        + p("Kinh tế", style="u2", properties='<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>')
        + p(LONG),
        {"parts": {"word/numbering.xml": LISTS}},
    ),
    "no-heading-at-all": p("Thông báo cắt nước") + p(LONG) + p(LONG),
    "run-in-headings": heading("Nghị quyết")
    + p("Thứ nhất, về đất đai: giao phường rà soát 12 thửa đất công trong quý II.")
    + p(bold("Về nhà ở. "), "Sửa 14 căn nhà cho hội viên khó khăn trong năm nay."),
    "tracked-changes": heading("Bài")
    + p(
        "Họp lúc ",
        f'<w:del w:id="1" w:author="A"><w:r><w:delText>7</w:delText></w:r></w:del><w:ins w:id="2" w:author="A">{run("8")}</w:ins>',
        " giờ tại nhà văn hóa.",
    )
    + p(f'<w:moveFrom w:id="3" w:author="A">{run("Câu đã dời đi.")}</w:moveFrom>')
    + p(f'<w:moveTo w:id="4" w:author="A">{run("Câu đã dời đến.")}</w:moveTo>'),
    "comments-header-and-footer": (
        article(),
        {
            "parts": {
                "word/comments.xml": f'<w:comments {NS}><w:comment w:id="0">{p("Xem lại con số này.")}</w:comment></w:comments>',
                "word/header1.xml": f"<w:hdr {NS}>{p('Bản tin quận Thanh Bình')}</w:hdr>",
                "word/footer1.xml": f"<w:ftr {NS}>{p('Trang ', field('PAGE', run('3')))}</w:ftr>",
            }
        },
    ),
    "hidden-text": heading("Bài") + p("Chữ thấy được.", run(" Chữ ẩn của người soạn.", "<w:vanish/>"), " Chữ sau."),
    "text-box-once": heading("Bài")
    + p(
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>{p("Lời trong khung.")}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{p('Lời trong khung.')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        "Chữ quanh khung.",
    ),
    "text-box-of-word-2003": heading("Bài")
    + p(
        f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{p('Lời trong khung cũ.')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    + p(LONG),
    "footnotes-and-endnotes": (
        heading("Bài")
        + p(
            "Câu có chú thích",
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            " và chú thích cuối",
            '<w:r><w:endnoteReference w:id="2"/></w:r>',
            ".",
        ),
        {
            "parts": {
                "word/footnotes.xml": f'<w:footnotes {NS}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2">{p(run("Theo báo cáo quý I.", SMALL))}</w:footnote><w:footnote w:id="3">{p(run("Chú thích bỏ quên.", SMALL))}</w:footnote></w:footnotes>',
                "word/endnotes.xml": f'<w:endnotes {NS}><w:endnote w:id="2">{p(run("Số liệu năm 2022.", SMALL))}</w:endnote></w:endnotes>',
            }
        },
    ),
    "table-with-merged-cells": heading("Bài")
    + table(
        ["Phường", cell("Số hộ", properties='<w:gridSpan w:val="2"/>')],
        [cell("An Hòa", properties='<w:vMerge w:val="restart"/>'), "Nam", "1.204"],
        [cell("", properties="<w:vMerge/>"), "Nữ", "1.804"],
        header=True,
    ),
    "table-for-layout": with_picture(
        heading("Bài")
        + table(
            [cell(p(picture("rId10", "Cụ Bảy"))), cell(p(picture("rId10", "Cụ Mận")))],
            ["Cụ Bảy, 79 tuổi", "Cụ Mận, 81 tuổi"],
        )
    ),
    "table-of-one-cell": heading("Bài") + table([cell(p("Khung nhắn tin: gọi 113 khi có người lạ."))]) + p(LONG),
    "table-inside-a-table": heading("Bài")
    + table([cell(p("Bên trái")), cell(table(["Giờ", "Việc"], ["7h30", "Khám mắt"]), p())]),
    "lists-as-printed": (
        heading("Bài")
        + numbered("Mục lớn", 1)
        + numbered("Mục con", 1, 1)
        + numbered("Điểm", 1, 2)
        + numbered("Mục con nữa", 1, 1)
        + numbered("Mục lớn nữa", 1)
        + numbered("Dấu đầu dòng", 2)
        + numbered("Đếm lại", 3),
        {"parts": {"word/numbering.xml": LISTS}},
    ),
    "list-typed-with-dashes": heading("Bài")
    + p("Hội nghị thống nhất:")
    + p("- Khám sức khỏe miễn phí;")
    + p("+ Tặng 20 suất quà."),
    "picture-with-caption": with_picture(
        heading("Bài") + p(picture("rId10", "Cây đa đầu làng")) + p("Ảnh 1: Cây đa", style="Chuthich") + p(LONG)
    ),
    "picture-with-a-typed-caption": with_picture(
        heading("Bài")
        + p(picture("rId10", "Lớp học"), centred=True)
        + p(run("Một buổi học ở nhà văn hóa", "<w:i/>"), centred=True)
        + p(LONG)
    ),
    "picture-without-alternative-text": with_picture(heading("Bài") + p(picture("rId10")) + p(LONG)),
    "picture-decorative": with_picture(
        heading("Bài")
        + p(picture("rId10", inside='<a:extLst><a:ext><adec:decorative val="1"/></a:ext></a:extLst>'))
        + p(LONG)
    ),
    "picture-linked-from-elsewhere": (
        heading("Bài") + p(picture("rId11", "Ảnh", attribute="link")) + p(LONG),
        {"relations": relation("rId11", "image", "file:///C:/anh.png", outside=True)},
    ),
    "picture-emf-drawing": with_picture(
        heading("Bài") + p(picture("rId10", "Sơ đồ")) + p(LONG), name="image1.emf", data=EMF
    ),
    "picture-of-word-2003": with_picture(
        heading("Bài")
        + p('<w:r><w:pict><v:shape alt="Ảnh cũ"><v:imagedata r:id="rId10"/></v:shape></w:pict></w:r>')
        + p(LONG)
    ),
    "chart": (
        heading("Bài")
        + p(
            '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Chart 1"/><a:graphic><a:graphicData><c:chart r:id="rId12"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )
        + p(LONG),
        {"relations": relation("rId12", "chart", "charts/chart1.xml"), "parts": {"word/charts/chart1.xml": CHART}},
    ),
    "letterhead-and-signature": letterhead()
    + p(bold("THÔNG BÁO"), centred=True)
    + p(bold("Về việc tiêm phòng cúm"), centred=True)
    + p(LONG)
    + p(LONG)
    + signature(),
    "letterhead-typed": p(bold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), centred=True)
    + p(bold("Độc lập - Tự do - Hạnh phúc"), centred=True)
    + p("Thanh Bình, ngày 30 tháng 3 năm 2023")
    + heading("Bài")
    + p(LONG)
    + p(bold("TM. BAN CHẤP HÀNH"))
    + p(bold("CHỦ TỊCH"))
    + p("(Đã ký)")
    + p(bold("Trần Văn Bình")),
    "contents-as-a-field": p(field('TOC \\o "1-2" \\h', run("Bài một\t1")), style="Mucluc1") + article("Bài một"),
    "contents-inserted-by-word": f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{p("Mục lục")}{p("Bài một 1")}</w:sdtContent></w:sdt>'
    + article("Bài một"),
    "contents-typed-with-dots": p(bold("MỤC LỤC"), centred=True)
    + p("Tin trong quận..........3")
    + p("Lịch sinh hoạt..........5")
    + p(bold("TIN TRONG QUẬN"), centred=True)
    + p(LONG)
    + p(bold("LỊCH SINH HOẠT"), centred=True)
    + p(LONG),
    "soft-line-breaks": heading("Bài")
    + p("Câu thứ nhất kết thúc ở đây.\nCâu thứ hai dài hơn một dòng nên người soạn\nđã ngắt tay ở giữa chừng.")
    + p("Sáng nay sương mỏng giăng ngang\nTiếng loa đầu ngõ rộn ràng gọi nhau"),
    "words-split-into-many-runs": heading("Bài") + p(split(LONG)),
    "link-in-a-field": heading("Bài")
    + p("Xem ", field('HYPERLINK "https://thanhbinh.example.vn/lich"', run("lịch khám")), " trên trang quận."),
    "language-of-an-english-keyboard": heading("Bài")
    + p(
        run("Chị em mang theo smartphone đến lớp.", '<w:lang w:val="en-US"/>'),
        run(" Gõ mã ", '<w:lang w:val="en-US"/>'),
        run("password", '<w:lang w:val="en-US"/><w:i/>'),
    ),
    "font-tcvn3": heading("Bài") + p(run(TCVN3, TCVN3_FONT)),
    "font-tcvn3-of-the-style": heading("Bài") + p(TCVN3, style="VnTime"),
    "font-tcvn3-of-capitals": p(run("tin trong quËn", TCVN3_CAPITALS), centred=True)
    + p(run(TCVN3, TCVN3_FONT))
    + p(run("lÞch sinh ho¹t", TCVN3_CAPITALS), centred=True)
    + p(run(TCVN3, TCVN3_FONT)),
    "font-vni": heading("Bài") + p(run(VNI, VNI_FONT)),
    "font-tcvn3-lost": heading("Bài") + p(TCVN3) + p(LONG),
    "font-tcvn3-over-unicode-text": heading("Bài") + p(run(LONG, TCVN3_FONT)),
}


if __name__ == "__main__":
    main()
