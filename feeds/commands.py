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
    """Nguồn podcast: làm lại, kiểm tra, chuyển sang địa chỉ khác.

    The podcast feed: write it, check it, move it to another address.
    """


@feed.command()
@_library
def write(folder: Path) -> None:
    """Làm lại feed.xml từ giá sách. · Write feed.xml from the shelf."""
    from audiobook.library import Library
    from feeds.rss import write as write_feed
    from feeds.stored import FILE

    shelf = Library.at(folder).shelf
    (shelf.folder / FILE).unlink(missing_ok=True)  # whoever asks for it does not trust what is there
    click.echo(f"Đã ghi {write_feed(shelf)}")


@feed.command()
@_library
@click.argument("url", default="", metavar="[ĐỊA-CHỈ]")
def check(folder: Path, *, url: str) -> None:
    """Kiểm tra các nguồn trước khi phát hành; hoặc nguồn đang ở ĐỊA-CHỈ. · Check before publication, or what is public.

    Kết thúc bằng mã 56 nếu có lỗi. · Ends with 56 where something is wrong.
    """
    from audiobook.library import Library
    from feeds.check import refuse_faults, refuse_public_faults

    if url:
        shelf = Library.at(folder).shelf if (folder / "audiobook.toml").is_file() else None
        items = refuse_public_faults(url, shelf)
    else:
        items = refuse_faults(Library.at(folder).shelf)
    click.echo(f"Nguồn podcast tốt: {items} số, không có lỗi.")


@feed.command()
@_library
@click.argument("new_url", default="", metavar="[ĐỊA-CHỈ-MỚI]")
@click.option("--done", is_flag=True, help="Đã chuyển xong, thôi báo địa chỉ mới · the move is over")
def move(folder: Path, *, new_url: str, done: bool) -> None:
    """Chuyển bản tin sang địa chỉ mới mà không mất người nghe. · Move to another address and lose no listener.

    Sửa audiobook.toml, ghi địa chỉ mới vào nguồn podcast; máy chủ chuyển tiếp (301) ai còn hỏi ở địa chỉ cũ.
    Ít nhất bốn tuần sau, khi ứng dụng đã theo sang: audiobook feed move --done.
    """
    from audiobook.library import Library
    from feeds.move import move as move_to
    from feeds.move import settle

    if bool(new_url) == done:
        raise click.UsageError("Cần một trong hai: ĐỊA-CHỈ-MỚI hoặc --done.")
    library = Library.at(folder)
    site = settle(library) if done else move_to(library, new_url)
    if done:
        click.echo(f"Nguồn podcast ở {site.base_url}/feed.xml thôi báo chuyển; địa chỉ cũ vẫn được chuyển tiếp.")
        return
    click.echo(f"Bản tin nay ở {site.base_url}. Địa chỉ cũ được giữ để chuyển tiếp: {', '.join(site.previous_urls)}")
    click.echo("Mã QR và thẻ trong tệp âm thanh còn ghi địa chỉ cũ; audiobook produce MÃ-SỐ làm lại chúng.")


@feed.command()
@_library
def ping(folder: Path) -> None:
    """Báo trung tâm WebSub rằng nguồn vừa đổi (podcast.hub). · Tell the WebSub hub that the feeds changed."""
    from audiobook.library import Library
    from feeds.websub import ping as tell

    count = tell(Library.at(folder).shelf)
    click.echo(f"Đã báo {count} nguồn." if count else "Chưa đặt podcast.hub, không báo ai.")
