"""Each sample shows one thing; what is understood of it is a golden outline, and no word of it is lost."""

import datetime
from pathlib import Path

import pytest

from audiobook import errors
from audiobook.manuscripts.read import Details, Reading, read

SAMPLES = Path(__file__).parents[1] / "samples" / "manuscripts"
GOLDEN = Path(__file__).parents[1] / "golden" / "manuscripts"
DETAILS = Details(number=3, date=datetime.date(2023, 3, 30))
REFUSED = {"pdf-scanned.pdf": (errors.ManuscriptKind, "ocrmypdf -l vie")}
KINDS = {".docx", ".pdf", ".html", ".epub", ".md", ".txt"}
FILES = sorted(each for each in SAMPLES.iterdir() if each.suffix in KINDS or each.name == "folder-of-articles")


def told(reading: Reading) -> str:
    """All that was understood, in lines that can be reviewed."""
    issue = reading.issue
    lines = [f"{issue.title} | {issue.summary} | {issue.date} | {issue.cover and 'có bìa'}"]
    for chapter in issue.chapters:
        lines.append(f"# {chapter.title}{' | ' + chapter.author if chapter.author else ''}{' !' * chapter.important}")
        for block in chapter.blocks:
            shape = " ".join(filter(None, (block.kind.value, str(block.level or ""), block.marker)))
            marks = "; ".join(f"{m.kind.value} {block.text[m.start : m.end]!r} {m.value}".strip() for m in block.marks)
            cells = " ".join(
                f"{c.row}.{c.column}" + ("h" if c.header else "") + f"x{c.rows}.{c.columns}" for c in block.cells
            )
            media = f"{block.media.kind.value} {block.media.alt!r}" if block.media else ""
            media += " / ".join(" | ".join(row) for row in block.media.table) if block.media else ""
            lines.append(f"  {shape}: " + " | ".join(filter(None, (repr(block.text), marks, cells, media))))
    lines += [f"[{part.left_out or 'mục?'}] {part.block.place}" for part in reading.parts if not part.level]
    lines += [f"{each.code} {each.place}: {each.text}" for each in reading.remarks]
    account = reading.account
    return "\n".join([*lines, f"{account.words_in} = {account.words_out} + {account.words_in - account.words_out}", ""])


def test_there_are_at_least_forty_samples() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("file", [each for each in FILES if each.name not in REFUSED], ids=lambda file: file.name)
def test_what_is_understood_of_a_sample(file: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    reading = read(file, details=DETAILS, images=tmp_path / "images")
    golden = GOLDEN / f"{file.name}.txt"
    if request.config.getoption("--save-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(told(reading), encoding="utf-8")
    assert told(reading) == golden.read_text("utf-8")
    assert reading.account.missing == 0


@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_that_cannot_be_read_says_what_to_do(name: str, tmp_path: Path) -> None:
    error, advice = REFUSED[name]
    with pytest.raises(error, match=advice):
        read(SAMPLES / name, details=DETAILS, images=tmp_path / "images")


def test_the_word_samples_are_what_their_generator_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SAMPLES))
    import make_word

    monkeypatch.setattr(make_word, "HERE", tmp_path)
    make_word.main()
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert len(made) >= 40
    assert all((SAMPLES / name).read_bytes() == data for name, data in made.items())
