"""Time, CPU seconds and peak memory of reading 300 pages of Word and of PDF; and of refusing the heaviest hostile files.

    python tests/bench/manuscripts.py

Each run is a process of its own; CPU and memory include the child that opens a PDF. The floor beside them is the start of
the same Python with the same imports.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).parents[1]
PAGES = 300
SENTENCE = (
    "Sáng nay, Ủy ban nhân dân quận tổ chức hội nghị bàn việc chăm sóc người cao tuổi, với sự tham dự của 19 phường. "
)
MEASURED = """
import datetime, json, resource, sys
from pathlib import Path
from audiobook.errors import AudiobookError
from audiobook.manuscripts.read import Details, read
chapters = words = 0
if sys.argv[1:]:
    try:
        made = read(Path(sys.argv[1]), details=Details(number=3, date=datetime.date(2023, 3, 30)), images=Path(sys.argv[1] + "-hinh"))
        chapters, words = len(made.issue.chapters), made.account.words_in
        assert made.account.missing == 0
    except AudiobookError as error:
        chapters = type(error).__name__
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
cpu = sum(each.ru_utime + each.ru_stime for each in used)
own = Path("/proc/self/status")  # getrusage counts what the parent had when it forked; this does not
peak = int(own.read_text().split("VmHWM:")[1].split()[0]) if own.exists() else used[0].ru_maxrss
print(json.dumps({"cpu": cpu, "mb": max(peak, used[1].ru_maxrss) / 1024, "chapters": chapters, "words": words}))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        show("Python and the imports", measure())
        show(f"Word, {PAGES} pages", measure(word(folder / "dai.docx")))
        show(f"PDF, {PAGES} pages", measure(pdf(folder / "dai.pdf")))
        hostile = loaded(TESTS / "audiobook" / "hostile.py")
        for name in hostile.FILES:
            if "bomb" in name or "millions" in name or "deep" in name:
                show(name, measure(hostile.write(name, folder)))


def word(file: Path) -> Path:
    """Four paragraphs of six runs a page, an article every five pages, a table every ten, a list on each."""
    sys.path.insert(0, str(TESTS / "samples" / "manuscripts"))
    words = loaded(TESTS / "samples" / "manuscripts" / "word.py")
    body = []
    for page in range(PAGES):
        if page % 5 == 0:
            body.append(words.heading(f"Bài số {page // 5 + 1}"))
        paragraph = [words.run(SENTENCE, "<w:b/>" if n == 2 else '<w:lang w:val="en-US"/>') for n in range(6)]
        body += [words.p(*paragraph) for _ in range(4)]
        body += [words.p("- Khám mắt miễn phí cho các cụ;")] * 3
        if page % 10 == 0:
            body.append(words.table(*[["Phường", "Số hộ", "Số cụ"]] * 20))
    words.write(file, "".join(body))
    return file


def pdf(file: Path) -> Path:
    """The same text laid out by typst, with its outline, running header and page numbers."""
    import typst

    font = TESTS.parent / "audiobook" / "editions" / "fonts"
    text = [
        '#set page("a4", header: [Bản tin quận], numbering: "1")',
        '#set text(font: "Be Vietnam Pro", size: 12pt)',
        "#set par(justify: true)",
    ]
    for page in range(PAGES):
        text += [f"= Bài số {page // 5 + 1}"] if page % 5 == 0 else []
        text += [SENTENCE * 6 + "\n"] * 4 + ["#pagebreak(weak: true)"]
    source = file.with_suffix(".typ")
    source.write_text("\n".join(text), encoding="utf-8")
    typst.compile(str(source), output=str(file), font_paths=[str(font)], ignore_system_fonts=True)
    return file


def loaded(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(*arguments: Path) -> dict[str, float]:
    began = time.perf_counter()
    run = subprocess.run([sys.executable, "-c", MEASURED, *arguments], capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(run.stdout)
    return figures | {"wall": time.perf_counter() - began}


def show(name: str, figures: dict[str, float]) -> None:
    said = (
        f"{figures['chapters']} articles, {figures['words']} words" if figures["words"] else figures["chapters"] or ""
    )
    print(
        f"{name:<36} wall {figures['wall']:6.2f} s   CPU {figures['cpu']:5.2f} s   peak {figures['mb']:4.0f} MB   {said}",
        flush=True,
    )


if __name__ == "__main__":
    main()
