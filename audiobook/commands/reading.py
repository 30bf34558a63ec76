"""How a text will be read, before it is: check, lexicon, diff, spoken."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook.commands.console import in_words, library_option
from audiobook.commands.desk import show_remarks

if TYPE_CHECKING:
    from audiobook.model.narration import Narration
    from audiobook.spoken.prepare import Prepared

_SHOWN = 40

voice_option = click.option("--voice", default="", metavar="GIỌNG", help="Như của produce · as for produce")


@click.command(short_help="Xem máy hiểu và sẽ đọc thế nào · what will be said")
@click.argument("issue_id", metavar="MÃ-SỐ")
@click.option(
    "--sound", is_flag=True, help="Kèm tiếng đọc của từng câu đáng ngờ · with the sound of doubtful sentences"
)
@click.option(
    "--apply",
    "filled",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    metavar="TỆP.tsv",
    help="Đưa những gì đã duyệt, đã sửa trong tờ lời đọc vào từ điển · take a filled sheet into the lexicon",
)
@click.option("--this-issue", is_flag=True, help="Chỉ cho số này (với --apply) · for this issue only")
@voice_option
@library_option
def check(issue_id: str, *, sound: bool, filled: Path | None, this_issue: bool, voice: str, library: Path) -> None:
    """Xem máy hiểu bản thảo thế nào và sẽ đọc thế nào; làm tờ lời đọc (HTML và TSV) để duyệt. Chưa đọc cả số.

    Show what was understood and what will be said; make the sheet (HTML and TSV) to go through. The issue is not narrated.
    """
    from audiobook import proofs
    from audiobook.library import Library

    home = Library.at(library)
    if filled:
        lexicon_file = home.issue_folder(issue_id) / "lexicon.toml" if this_issue else home.lexicon_file
        count = proofs.apply_sheet(filled, lexicon=lexicon_file)
        click.echo(f"Đã ghi {count} mục vào {lexicon_file}.")
    sheet = proofs.make_sheet(home, issue_id, with_sound=sound, voice=voice)
    _show_issue(sheet.prepared, home.issue_folder(issue_id))
    show_remarks(sheet.remarks)
    doubtful = sum(bool(row.item.doubt) for row in sheet.rows)
    click.echo(f"Tờ lời đọc: {sheet.page} ({len(sheet.rows)} cách đọc, {doubtful} điều nghi ngờ đứng đầu)")
    click.echo(f"Duyệt trong {sheet.table.name} rồi: audiobook check {issue_id} --apply {sheet.table}")


def _show_issue(prepared: "Prepared", folder: Path) -> None:
    from audiobook.people import recorded
    from audiobook.production import estimated_seconds

    issue = prepared.issue
    click.echo(f"{issue.title} — số {issue.number}, ngày {issue.date:%d/%m/%Y}: {len(issue.articles)} bài.")
    passages = {passage.id: passage for passage in prepared.narration.passages}
    people = {chapter_id: f" · GIỌNG NGƯỜI ĐỌC ({file.name})" for chapter_id, file in recorded(issue, folder).items()}
    for position, chapter in enumerate(issue.articles, start=1):
        pictures = [block.media for block in chapter.blocks if block.media]
        length = in_words(estimated_seconds(passages[chapter.id].utterances))
        important = " · QUAN TRỌNG" if chapter.important else ""
        person = people.pop(chapter.id, "")
        click.echo(f"{position:>3}. {chapter.title} (khoảng {length}, {len(pictures)} hình){important}{person}")
        for media in pictures:
            click.echo(f"       hình {media.file}: {media.alt or 'CHƯA CÓ LỜI MÔ TẢ'}")
    for chapter in issue.chapters:
        if chapter.id in people:  # the opening or the closing
            click.echo(f"     {chapter.title}{people[chapter.id]}")
    click.echo(f"Cả số dài khoảng {in_words(_length(prepared.narration))}.")


def _length(narration: "Narration") -> float:
    from audiobook.production import estimated_seconds

    return estimated_seconds(narration.utterances)


@click.command(short_help="Lần này sẽ đọc khác lần trước chỗ nào · what will change")
@click.argument("issue_id", metavar="MÃ-SỐ")
@voice_option
@library_option
def diff(issue_id: str, *, voice: str, library: Path) -> None:
    """Xem nếu làm lại thì câu nào đọc khác lần trước, và phải đọc lại bao nhiêu.

    Show what will be said differently since the last production, and how much sound has to be made again.
    """
    from audiobook import proofs
    from audiobook.library import Library

    found = proofs.differences(Library.at(library), issue_id, voice=voice)
    if not found.known:
        click.echo("Chưa biết lần trước đã đọc gì (số này chưa làm, hoặc cache đã xóa).")
    for change in found.changes[:_SHOWN] if found.known else ():
        click.echo(f"{change.place}")
        if change.before:
            click.echo(f"  - {change.before}")
        if change.after:
            click.echo(f"  + {change.after}")
    if len(found.changes) > _SHOWN and found.known:
        click.echo(f"… và {len(found.changes) - _SHOWN} câu nữa.")
    if found.known and not found.changes:
        click.echo("Không câu nào đọc khác.")
    click.echo(f"Phải đọc lại {found.sentences} câu, khoảng {in_words(found.seconds)} tiếng.")


@click.group(short_help="Từ điển đọc · the lexicon")
def lexicon() -> None:
    """Từ điển đọc của thư viện và của từng số: thêm, xem, thử.

    The lexicon of the library and of each issue: add, list, test.
    """


issue_option = click.option(
    "--issue", "issue_id", default="", metavar="MÃ-SỐ", help="Chỉ cho một số · for one issue only"
)


@lexicon.command("add", short_help="Thêm một mục · add an entry")
@click.argument("written", metavar="CHỮ-IN")
@click.argument("spoken_form", metavar="LỜI-ĐỌC")
@click.option("--left", default="", metavar="MẪU", help="Chỉ khi đứng sau những chữ này · only behind these words")
@click.option("--right", default="", metavar="MẪU", help="Chỉ khi đứng trước những chữ này · only before these words")
@click.option("--note", default="", help="Ghi chú cho người · a note for people")
@issue_option
@library_option
def add_entry(
    written: str, spoken_form: str, *, left: str, right: str, note: str, issue_id: str, library: Path
) -> None:
    """Thêm một mục; mục ghi sau đứng trên mục ghi trước.

    Add an entry; a later one stands above an earlier one.
    """
    from audiobook import proofs
    from audiobook.spoken.lexicon import entry_lines

    file = _lexicon_file(library, issue_id)
    proofs.append(file, entry_lines(written=written, spoken=spoken_form, left=left, right=right, note=note))
    click.echo(f"{written} → {spoken_form}  ({file})")


@lexicon.command("list", short_help="Xem các mục · show the entries")
@issue_option
@library_option
def list_entries(*, issue_id: str, library: Path) -> None:
    """Xem các mục của thư viện (và của một số), mục mạnh nhất trước.

    Show the entries of the library (and of an issue), the strongest first.
    """
    from audiobook.spoken.lexicon import load

    files = [file for file in _lexicon_files(library, issue_id) if file.is_file()]
    entries = load(*files).entries
    for entry in entries:
        around = " ".join(
            filter(
                None,
                (
                    entry.left.pattern and f"sau {entry.left.pattern}",
                    entry.right.pattern and f"trước {entry.right.pattern}",
                ),
            )
        )
        click.echo("\t".join(filter(None, (entry.written, entry.spoken, around, entry.note))))
    click.echo(f"{len(entries)} mục.")


@lexicon.command("test", short_help="Thử một câu · try a sentence")
@click.argument("text", metavar="CÂU")
@issue_option
@library_option
def try_text(text: str, *, issue_id: str, library: Path) -> None:
    """Xem một câu sẽ đọc thế nào, từng chỗ theo quy tắc nào.

    Show how a sentence will be said, and by which rule each piece of it.
    """
    from audiobook.spoken.lexicon import load
    from audiobook.spoken.prepare import speak
    from audiobook.spoken.say import say

    known = load(*(file for file in _lexicon_files(library, issue_id) if file.is_file()))
    click.echo(speak(text, known))
    for reading in say(text, known, mark=True).readings:
        click.echo(f"  {text[reading.start : reading.end].strip()} → {reading.spoken or '(im lặng)'}  [{reading.rule}]")


@click.command(short_help="Mỗi dòng vào, một dòng lời đọc ra · lines in, spoken lines out")
@click.option(
    "--library",
    "-l",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    metavar="THƯ-MỤC",
    help="Dùng cả từ điển của thư viện này · with this library's lexicon",
)
def spoken(*, library: Path | None) -> None:
    """Đọc từng dòng ở đầu vào chuẩn, in lời đọc của nó (chỉ gồm chữ và , . ? !) ra đầu ra chuẩn.

    Map standard input to standard output, one spoken form a line, for other programs.
    """
    from audiobook.spoken.lexicon import Lexicon, load
    from audiobook.spoken.prepare import speak

    known = load(_lexicon_file(library, "")) if library else Lexicon()
    for line in sys.stdin:
        click.echo(speak(line.rstrip("\r\n"), known))


def _lexicon_file(library: Path, issue_id: str) -> Path:
    return _lexicon_files(library, issue_id)[-1]


def _lexicon_files(library: Path, issue_id: str) -> tuple[Path, ...]:
    """The library's lexicon and, where an issue is named, the issue's above it.

    Raises:
        NoLibrary, IssueUnknown: there is none.
    """
    from audiobook.library import Library

    home = Library.at(library)
    own = (home.issue_folder(issue_id) / "lexicon.toml",) if issue_id else ()
    return (home.lexicon_file, *own)
