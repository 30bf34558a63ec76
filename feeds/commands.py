"""The commands `audiobook feed …`, and what happens to the feed when the shelf changes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from audiobook.library import Shelf


def after_shelving(shelf: "Shelf") -> None:
    """Keep the feed in step with the shelf (entry-point group ``audiobook.shelved``)."""
    from feeds.rss import write as write_feed

    write_feed(shelf)


_library = click.option(
    "--library",
    "-l",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    metavar="THƯ-MỤC",
    help="Thư viện (mặc định: thư mục này). · The library's folder.",
)


@click.group(no_args_is_help=True, short_help="Nguồn podcast · the podcast feed")
def feed() -> None:
    """Nguồn podcast: làm lại và kiểm tra.

    The podcast feed: write it, check it.
    """


@feed.command()
@_library
def write(folder: Path) -> None:
    """Làm lại feed.xml từ giá sách. · Write feed.xml from the shelf."""
    from audiobook.library import Library
    from feeds.rss import write as write_feed

    click.echo(f"Đã ghi {write_feed(Library.at(folder).shelf)}")


@feed.command()
@_library
def check(folder: Path) -> None:
    """Kiểm tra feed.xml trước khi phát hành. · Check feed.xml before publication.

    Kết thúc bằng mã 1 nếu có lỗi. · Ends with 1 where something is wrong.
    """
    from audiobook.library import Library
    from feeds.check import refuse_faults

    items = refuse_faults(Library.at(folder).shelf)
    click.echo(f"Nguồn podcast tốt: {items} số, không có lỗi.")
