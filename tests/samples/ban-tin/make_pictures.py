"""Draw the sample issue's pictures: SVG files beside this script, rendered to PNG by Chromium."""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent / "hinh"
FONT = "font-family='Be Vietnam Pro, DejaVu Sans, sans-serif'"
WARDS = (("An Hòa", 1245), ("Bình Minh", 1102), ("Đông Sơn", 987), ("Tân Lập", 1310))


def chart() -> str:
    bars = []
    for n, (name, count) in enumerate(WARDS):
        x, height = 130 + n * 260, count * 0.34
        top = 620 - height
        bars.append(
            f"<rect x='{x}' y='{top}' width='170' height='{height}' fill='#7a1420'/>"
            f"<text x='{x + 85}' y='{top - 18}' text-anchor='middle' font-size='44' font-weight='bold'>{count:,}</text>"
            f"<text x='{x + 85}' y='680' text-anchor='middle' font-size='42'>{name}</text>".replace(",", ".", 0)
        )
    body = "".join(bars).replace("1,", "1.")
    title = "<text x='600' y='70' text-anchor='middle' font-size='46' font-weight='bold'>Số người cao tuổi ở bốn phường</text>"
    axis = "<line x1='90' y1='620' x2='1130' y2='620' stroke='#1c1c1c' stroke-width='4'/>"
    return svg(1200, 720, f"<rect width='1200' height='720' fill='#fff'/>{title}{body}{axis}")


def person(x: int, y: int, colour: str, hair: str) -> str:
    return (
        f"<path d='M{x - 80},{y + 210} q0,-150 80,-150 q80,0 80,150 z' fill='{colour}'/>"
        f"<circle cx='{x}' cy='{y}' r='58' fill='#f2c9a5'/>"
        f"<path d='M{x - 60},{y - 4} a60,60 0 0 1 120,0 q-60,-46 -120,0 z' fill='{hair}'/>"
        f"<circle cx='{x - 20}' cy='{y + 6}' r='5'/><circle cx='{x + 20}' cy='{y + 6}' r='5'/>"
        f"<path d='M{x - 18},{y + 28} q18,14 36,0' stroke='#1c1c1c' stroke-width='4' fill='none'/>"
    )


def lesson() -> str:
    people = (
        person(300, 300, "#35607d", "#e8e8e8")
        + person(600, 300, "#2c7a4b", "#222")
        + person(900, 300, "#8a5a2b", "#dcdcdc")
    )
    board = (
        "<rect x='340' y='40' width='520' height='110' rx='12' fill='#7a1420'/>"
        "<text x='600' y='112' text-anchor='middle' font-size='48' font-weight='bold' fill='#fff'>Lớp học điện thoại</text>"
    )
    table = "<rect x='100' y='500' width='1000' height='60' rx='14' fill='#b98b5e'/><rect x='100' y='556' width='1000' height='90' fill='#8f6a45'/>"
    phone = "<rect x='430' y='400' width='70' height='118' rx='12' fill='#1c1c1c'/><rect x='438' y='412' width='54' height='90' fill='#bfe3ff'/>"
    arm = "<path d='M545,425 q-30,25 -60,30' stroke='#f2c9a5' stroke-width='26' stroke-linecap='round' fill='none'/>"
    return svg(1200, 700, f"<rect width='1200' height='700' fill='#fbf3e4'/>{board}{people}{table}{phone}{arm}")


def cover() -> str:
    rays = "".join(f"<path d='M700,640 L{x},-20 L{x + 90},-20 z' fill='#8f1f2c'/>" for x in range(-200, 1600, 220))
    horn = (
        "<path d='M560,640 L880,500 L880,800 L560,720 z' fill='#ffd95a'/><rect x='480' y='620' width='90' height='120' rx='16' fill='#fff'/>"
        "<ellipse cx='885' cy='650' rx='46' ry='152' fill='#fff1b8'/>"
        "<path d='M975,560 q60,90 0,180 M1050,510 q100,140 0,280' stroke='#fff' stroke-width='18' fill='none' stroke-linecap='round'/>"
        "<rect x='515' y='740' width='22' height='170' fill='#fff'/>"
    )
    words = (
        "<text x='700' y='230' text-anchor='middle' font-size='92' fill='#ffd95a' font-weight='bold'>BẢN TIN</text>"
        "<text x='700' y='390' text-anchor='middle' font-size='170' fill='#fff' font-weight='bold'>Thanh Bình</text>"
        "<text x='700' y='1080' text-anchor='middle' font-size='150' fill='#ffd95a' font-weight='bold'>Số 3</text>"
        "<text x='700' y='1220' text-anchor='middle' font-size='84' fill='#fff'>Tháng 3 năm 2023</text>"
    )
    frame = "<rect x='60' y='60' width='1280' height='1280' fill='none' stroke='#ffd95a' stroke-width='10'/>"
    return svg(1400, 1400, f"<rect width='1400' height='1400' fill='#7a1420'/>{rays}{horn}{frame}{words}")


def svg(width: int, height: int, body: str) -> str:
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}' {FONT}>{body}</svg>\n"


def main() -> None:
    fonts = Path(__file__).parents[3] / "audiobook" / "editions" / "fonts"
    faces = "".join(
        f"@font-face{{font-family:'Be Vietnam Pro';font-weight:{weight};src:url('{(fonts / name).as_uri()}')}}"
        for weight, name in ((400, "BeVietnamPro-Regular.ttf"), (700, "BeVietnamPro-Bold.ttf"))
    )
    for name, drawn in (("bieu-do-nguoi-cao-tuoi", chart()), ("lop-hoc", lesson()), ("bia", cover())):
        (HERE / f"{name}.svg").write_text(drawn, encoding="utf-8")
        width, height = drawn.split("viewBox='0 0 ")[1].split("'")[0].split()
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.html"
            page.write_text(
                f"<meta charset='utf-8'><style>{faces}body{{margin:0}}svg{{display:block}}</style>{drawn}",
                encoding="utf-8",
            )
            subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files",
                 f"--user-data-dir={folder}/profile", f"--window-size={width},{height}", f"--screenshot={HERE / name}.png", page.as_uri()],
                check=True, capture_output=True,
            )  # fmt: skip
        file = HERE / f"{name}.png"
        with Image.open(file) as picture:
            few = picture.convert("RGB").quantize(96, dither=Image.Dither.NONE)
        few.save(file, optimize=True)


if __name__ == "__main__":
    main()
