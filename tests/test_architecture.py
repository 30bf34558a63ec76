"""The house rules that import-linter cannot see."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(file for folder in ("audiobook", "feeds", "web") for file in (ROOT / folder).rglob("*.py"))
HEAVY = {
    "numpy",
    "scipy",
    "PIL",
    "lxml",
    "boto3",
    "flask",
    "feedgen",
    "typst",
    "pydub",
    "mutagen",
    "soundfile",
    "vieneu",
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def test_help_needs_no_heavy_library() -> None:
    program = (
        "import sys, audiobook.cli as cli\ntry: cli.main(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "Bản tin nói" in said
    assert not HEAVY & set(said.splitlines()[-1].split())


def test_the_imports_keep_to_their_floors() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_file_is_named_for_what_it_is_and_says_what_it_does(file: Path) -> None:
    assert file.stem not in VAGUE
    text = file.read_text("utf-8")
    assert text.startswith('"""')
    assert len(text.splitlines()) <= 300


def test_the_program_does_not_know_where_it_was_made() -> None:
    named = [file for file in SOURCES if "../shared" in file.read_text("utf-8")]
    assert not named
