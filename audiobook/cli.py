"""$ audiobook …: one command for everything; feeds and web add theirs by the entry-point group audiobook.commands."""

import sys
import traceback
from importlib.metadata import entry_points
from pathlib import Path

import click

from audiobook import __version__
from audiobook.commands.console import explain
from audiobook.commands.desk import list_issues, new
from audiobook.commands.keeping import backup, restore
from audiobook.commands.manuscript import add, outline
from audiobook.commands.reading import check, diff, lexicon, spoken
from audiobook.commands.sound import measure, usb
from audiobook.commands.studio import doubts, produce, voices
from audiobook.commands.trial import convert, say
from audiobook.errors import AudiobookError, writing
from audiobook.threads import one_thread_each

INTERRUPTED = 130
WRONG_WORDS = 2
UNEXPECTED = 1

_HELP = """Bản tin nói: từ bản thảo Word thành sách nói, podcast, trang nghe, EPUB và PDF.

The talking bulletin: a Word manuscript becomes chaptered audio, a podcast, a player, EPUB and PDF.
"""


class _Commands(click.Group):
    """The library's own commands, and those that feeds and web bring; theirs are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Ours in the order of an editor's work, then the others by name."""
        return [*self.commands, *sorted(entry_points(group="audiobook.commands").names - self.commands.keys())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name in self.commands:
            return self.commands[cmd_name]
        found = tuple(entry_points(group="audiobook.commands", name=cmd_name))
        return found[0].load() if found else None


@click.group(
    cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "--version", prog_name="audiobook", help="Số phiên bản · the version")
def audiobook() -> None:
    """The group; each command does its own work."""


for _command in (
    new,
    add,
    outline,
    check,
    lexicon,
    diff,
    produce,
    doubts,
    list_issues,
    convert,
    say,
    spoken,
    voices,
    measure,
    usb,
    backup,
    restore,
):
    audiobook.add_command(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every error leaves with its own exit code and a sentence that says what to do."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows console may be set to another
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    one_thread_each()
    try:
        with writing(Path.cwd()):
            audiobook.main(arguments, prog_name="audiobook", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.UsageError as error:
        click.echo(explain(error), err=True)
        return WRONG_WORDS
    except AudiobookError as error:
        click.echo(f"Lỗi: {error}", err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nĐã dừng. Những gì đã làm vẫn còn; chạy lại lệnh này để làm tiếp.", err=True)
        return INTERRUPTED
    except Exception:
        click.echo(f"Lỗi ngoài dự tính; xin gửi đoạn sau cho người làm phần mềm.\n{traceback.format_exc()}", err=True)
        return UNEXPECTED
    return 0
