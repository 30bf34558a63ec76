"""The editor's desk: new, list."""

import re
from datetime import date, datetime
from pathlib import Path

import click

from audiobook.commands.console import in_words, library_option
from audiobook.errors import BadDate, BadNumber, LibraryExists, ShelfDamaged
from audiobook.model.narration import Remark

_DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y")


@click.command(short_help="Tạo thư viện mới · make a library")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="THƯ-MỤC")
@click.option("--title", prompt="Tên bản tin", help="Tên bản tin · the bulletin's name")
@click.option("--publisher", prompt="Nhà xuất bản", help="Nhà xuất bản · the publisher")
@click.option(
    "--licence-number", prompt="Giấy phép xuất bản số", help="Số giấy phép xuất bản · publishing licence number"
)
@click.option("--supplier", prompt="Đơn vị cung ứng", help="Đơn vị cung ứng · supplying unit")
@click.option("--distributor", default="", help="Đơn vị phát hành · distributing unit")
@click.option("--address", default="", help="Địa chỉ liên hệ · postal address")
@click.option("--phone", prompt="Điện thoại liên hệ", help="Điện thoại liên hệ · telephone")
@click.option("--email", default="", help="Thư điện tử liên hệ · e-mail")
@click.option(
    "--base-url", prompt="Địa chỉ trang nghe", help="Địa chỉ công khai của trang nghe · public address of the site"
)
@click.option("--description", default="", help="Vài lời giới thiệu · a short description")
def new(
    folder: Path,
    *,
    title: str,
    publisher: str,
    licence_number: str,
    supplier: str,
    distributor: str,
    address: str,
    phone: str,
    email: str,
    base_url: str,
    description: str,
) -> None:
    """Tạo một thư viện mới với audiobook.toml và lexicon.toml có lời giải thích.

    Make a new library with a commented audiobook.toml and lexicon.toml.
    """
    from audiobook import settings
    from audiobook.errors import writing
    from audiobook.model.publication import Publisher

    if (folder / "audiobook.toml").exists():
        raise LibraryExists("ở đây đã có một thư viện.", thing=folder, advice="Chọn thư mục khác.")
    settings.check_base_url(base_url, thing="--base-url")
    with writing(folder):
        for name in ("issues", "shelf"):
            (folder / name).mkdir(parents=True, exist_ok=True)
    settings.write_new(
        folder,
        publisher=Publisher(
            name=publisher,
            licence_number=licence_number,
            supplier=supplier,
            distributor=distributor,
            address=address,
            phone=phone,
            email=email,
        ),
        title=title,
        description=description or f"{title}, đọc bằng giọng nhân tạo cho người cao tuổi và người khiếm thị.",
        base_url=base_url,
    )
    click.echo(
        f"Đã tạo thư viện ở {folder}. Bước tiếp: audiobook add BẢN-THẢO.docx --library {folder} --number … --date …"
    )


@click.command("list", short_help="Các số trong thư viện · the issues")
@library_option
def list_issues(*, library: Path) -> None:
    """Liệt kê các số trong thư viện.

    List the issues of the library.
    """
    from audiobook.library import Library

    home = Library.at(library)
    ids = home.issue_ids()
    if not ids:
        click.echo("Thư viện chưa có số nào. Thêm bằng: audiobook add BẢN-THẢO.docx")
    for issue_id in ids:
        if issue_id in home.withdrawn_ids():
            click.echo(f"{issue_id}  đã thu hồi (muốn phát hành lại: audiobook produce {issue_id})")
            continue
        if not home.shelf.has(issue_id):
            click.echo(f"{issue_id}  chưa làm (audiobook produce {issue_id})")
            continue
        try:
            made = home.shelf.publication(issue_id)
        except ShelfDamaged as error:  # one damaged issue hides no other
            click.echo(f"{issue_id}  hỏng: {error.message} (làm lại: audiobook produce {issue_id})")
            continue
        length = in_words(made.timeline.duration_ms / 1000)
        voices = ", ".join(voice.label for voice in made.voices)
        click.echo(
            f"{issue_id}  số {made.issue.number}, {made.issue.date:%d/%m/%Y}  {made.issue.title}  {length}  {voices}"
        )


def parse_date(text: str) -> date | None:
    """A date as editors write it; None for nothing.

    Raises:
        BadDate: no such day.

    >>> parse_date("30/3/2023"), parse_date("5.12.2026"), parse_date("ngày 5 tháng 12 năm 2026")
    (datetime.date(2023, 3, 30), datetime.date(2026, 12, 5), datetime.date(2026, 12, 5))
    """
    if not text:
        return None
    plain = re.sub(r"^ngày\s+|\s", "", text.strip().lower()).replace("tháng", "/").replace("năm", "/")
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(re.sub(r"[./]", "-", plain), form).date()
        except ValueError:
            continue
    raise BadDate(
        "không phải một ngày có thật, hoặc viết cách khác.",
        thing="--date",
        place=text,
        advice="Viết như 2023-03-30 hoặc 30/3/2023.",
    )


def parse_number(text: str) -> int | None:
    """An issue's number; None for nothing.

    Raises:
        BadNumber: not a number from 1 to 9999.
    """
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 9999:
        return int(text)
    raise BadNumber("số của bản tin là một số từ 1 đến 9999.", thing="--number", place=text)


def show_remarks(remarks: tuple[Remark, ...]) -> None:
    """What an editor should look at, with codes and places."""
    if remarks:
        click.echo(f"{len(remarks)} điều cần xem lại:")
    for remark in remarks:
        click.echo(f"  [{remark.code}] {remark.place}: {remark.text}")
