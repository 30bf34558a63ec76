"""The manuscript: add (a file, several, a folder, an address), outline."""

import tempfile
from pathlib import Path

import click

from audiobook.commands.console import library_option
from audiobook.commands.desk import parse_date, parse_number, show_remarks
from audiobook.manuscripts.account import REASONS, Account, places, words
from audiobook.manuscripts.account import remarks_of as accounted
from audiobook.manuscripts.outline import Part
from audiobook.model.narration import Remark


@click.command(short_help="Thêm bản thảo một số · add a manuscript")
@click.argument("manuscripts", nargs=-1, required=True, metavar="BẢN-THẢO…")
@click.option("--number", type=str, default="", help="Số của bản tin · the issue's number")
@click.option(
    "--date", "dated", type=str, default="", metavar="NGÀY", help="Ngày ra, như 2023-03-30 hoặc 30/3/2023 · its date"
)
@click.option("--id", "issue_id", default="", help="Mã số; mặc định năm-số, như 2023-03 · its id")
@click.option("--title", default="", help="Tên riêng của số này · its own title")
@click.option("--fetch", "fetches", is_flag=True, help="Cho phép lấy địa chỉ http(s) về · allow fetching an address")
@click.option(
    "--revise", "revises", is_flag=True, help="Bản thảo mới của số đã có · a new version of an issue's manuscript"
)
@library_option
def add(
    manuscripts: tuple[str, ...],
    *,
    number: str,
    dated: str,
    issue_id: str,
    title: str,
    fetches: bool,
    revises: bool,
    library: Path,
) -> None:
    """Thêm bản thảo của một số vào thư viện, và nói máy hiểu gì.

    Nhận Word (.docx), PDF có chữ, trang web đã lưu (.html), EPUB, Markdown (.md), chữ thuần (.txt), một thư mục hoặc nhiều
    tệp (mỗi tệp một bài, theo thứ tự), hoặc địa chỉ http(s) cùng với --fetch.

    Add the manuscript of an issue to the library: Word, PDF, HTML, EPUB, Markdown, plain text, a folder or several files.
    """
    from audiobook.intake import bring_in, gathered
    from audiobook.library import Library

    home = Library.at(library)
    with tempfile.TemporaryDirectory(prefix="audiobook-") as folder:
        reading = bring_in(
            home,
            gathered(manuscripts, fetches=fetches, folder=Path(folder)),
            issue_id=issue_id,
            number=parse_number(number),
            dated=parse_date(dated),
            title=title,
            revises=revises,
        )
    issue = reading.issue
    done = "Đã thay bản thảo của" if revises else "Đã thêm"
    click.echo(f"{done} số {issue.number}, ngày {issue.date:%d/%m/%Y}, mã {issue.id}: {len(issue.chapters)} bài.")
    _show_outline(reading.parts)
    _show_account(reading.account)
    shown = (*(each for each in accounted(reading.account) if each.code != "M-COUNT"), *_outlined(reading.remarks))
    show_remarks(tuple(each for each in reading.remarks if each not in shown))
    click.echo(f"Sửa dàn bài: audiobook outline {issue.id} --library {library}")
    click.echo(f"Bước tiếp: audiobook check {issue.id} --library {library}")


@click.command(short_help="Xem và sửa dàn bài · see and change the outline")
@click.argument("issue_id", metavar="MÃ-SỐ")
@click.option(
    "--set",
    "wanted",
    multiple=True,
    metavar="PHẦN.MỤC=GIÁ-TRỊ",
    help="Như 3.title=…, 3.level=2, 3.read=no, 3.important=yes, 5.after=2 (0: đứng đầu) · change a part",
)
@library_option
def outline(issue_id: str, *, wanted: tuple[str, ...], library: Path) -> None:
    """Xem máy chia bài thế nào; đổi tên bài, thứ tự, cấp tiêu đề, phần không đọc.

    Các quyết định ghi vào outline.toml cạnh bản thảo (sửa tay cũng được) và còn nguyên khi có bản thảo mới.

    See the outline; change titles, order, levels and what is left out. Decisions are kept in outline.toml.
    """
    from audiobook.intake import decide, read_again
    from audiobook.library import Library

    home = Library.at(library)
    with tempfile.TemporaryDirectory(prefix="audiobook-") as folder:
        images = Path(folder) / "images"
        reading = decide(home, issue_id, wanted, images=images) if wanted else read_again(home, issue_id, images=images)
    click.echo(f"{reading.issue.title}: {len(reading.issue.chapters)} bài.")
    _show_outline(reading.parts)
    _show_account(reading.account)
    show_remarks(tuple(each for each in reading.remarks if each.code in ("M-DECISION", "M-COUNT")))
    if not wanted:
        click.echo('Ví dụ sửa: --set 2.level=2   --set "3.title=Tên mới"   --set 4.read=no   --set 5.after=0')


def _outlined(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """What the outline's own lines say already."""
    return tuple(each for each in remarks if each.code in ("M-HEADING", "M-RUNIN"))


def _show_outline(parts: tuple[Part, ...]) -> None:
    """One line for each part: its number for --set, what it is, how sure that is, and where it stands."""
    for number, part in enumerate(parts, start=1):
        block, title = part.block, part.title[:70] + ("…" if len(part.title) > 70 else "")
        if part.left_out:
            kind, title = "không đọc", f"{title or '(hình)'} ({REASONS[part.left_out]})"
        elif part.offered:
            kind, title = "mục?", f"{title} (có thể là tiêu đề; muốn vậy: --set {number}.level=2)"
        else:
            kind = "BÀI" if part.level == 1 else "  " * (part.level - 2) + "mục"
        sure = f", chắc {block.confidence}%: {block.evidence}" if part.level and block.confidence < 100 else ""
        click.echo(f"{number:>4}  {kind:<10} {title}  [{block.place}{sure}]")


def _show_account(account: Account) -> None:
    """Where every word went."""
    by_code: dict[str, list[int]] = {}
    for each in account.left_out:
        by_code.setdefault(each.code, []).append(words(each.text))
    left = account.words_in - account.words_out - account.missing
    click.echo(f"Chữ trong bản thảo: {account.words_in}; vào số báo: {account.words_out}; không đọc: {left}.")
    for code, counts in by_code.items():
        group = [each for each in account.left_out if each.code == code]
        pictures = sum(each.picture for each in group)
        amount = ", ".join(
            filter(None, (f"{sum(counts)} chữ" if sum(counts) else "", f"{pictures} hình" if pictures else ""))
        )
        click.echo(f"  – {REASONS[code]}: {amount or 'không có chữ'} ({places(group)})")
