"""README's tables are made from the program, so that they can't lie; `make golden` writes them anew."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from audiobook import errors
from audiobook.cli import audiobook
from audiobook.spoken import report

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def _help() -> str:
    text = CliRunner().invoke(audiobook, ["--help"], prog_name="audiobook", terminal_width=110).output
    return "```\n" + text.strip() + "\n```"


def _settings() -> str:
    return "```toml\n" + (ROOT / "audiobook" / "new_library" / "audiobook.toml").read_text("utf-8").strip() + "\n```"


def _errors() -> str:
    return "```\n" + (errors.__doc__ or "").strip() + "\n```"


def _remarks() -> str:
    return "```\n" + (report.__doc__ or "").partition("\n\n")[2].strip() + "\n```"


MADE = {"remarks": _remarks, "help": _help, "settings": _settings, "errors": _errors}


@pytest.mark.parametrize("name", MADE)
def test_the_readme_tells_what_the_program_does(name: str, request: pytest.FixtureRequest) -> None:
    part = re.compile(rf"(<!-- {name}: begin[^\n]*-->\n).*?(<!-- {name}: end -->)", re.DOTALL)
    text = README.read_text("utf-8")
    wanted = part.sub(lambda found: found[1] + MADE[name]() + "\n" + found[2], text)
    if request.config.getoption("--save-golden"):
        README.write_text(wanted, encoding="utf-8")
    assert README.read_text("utf-8") == wanted


def test_the_version_is_in_the_changelog() -> None:
    from audiobook import __version__

    assert f"## {__version__} " in (ROOT / "CHANGELOG.md").read_text("utf-8")
