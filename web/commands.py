"""$ audiobook serve, export, publish. Light at import: what is heavy is loaded when a command runs."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from audiobook.library import Shelf

library_option = click.option(
    "--library",
    "-l",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="THƯ-MỤC",
    help="Thư mục thư viện (mặc định: thư mục này) · the library's folder",
)


@click.command(short_help="Mở trang nghe · serve the site")
@library_option
@click.option(
    "--host", default="127.0.0.1", metavar="MÁY", help="Địa chỉ lắng nghe; 0.0.0.0 cho cả mạng · where to listen"
)
@click.option("--port", default=8000, type=click.IntRange(1, 65535), metavar="CỔNG", help="Cổng · the port")
def serve(*, library: Path, host: str, port: int) -> None:
    """Mở trang nghe và nguồn podcast trên máy này; dừng bằng Ctrl-C.

    Serve the site and the feed from this machine; Ctrl-C ends it.
    """
    from audiobook import settings
    from audiobook.library import Library
    from web.server import listen

    shelf = ready_shelf(library)
    serving = settings.load(Library.at(library).settings_file).serve
    listen(shelf, host=host, port=port, serving=serving, ready=click.echo)


@click.command(short_help="Xuất trang nghe thành tệp · write the site as files")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="THƯ-MỤC")
@library_option
def export(folder: Path, *, library: Path) -> None:
    """Xuất cả trang nghe thành tệp tĩnh, cho máy chủ web, kho S3 hoặc USB.

    Write the whole site as static files, for any web server, S3 store or USB stick.
    """
    from web.export import export as write

    count = write(ready_shelf(library), folder)
    click.echo(f"Đã xuất {count} tệp vào {folder}. Mở {folder / 'index.html'} để xem.")


@click.command(short_help="Đưa trang nghe lên kho · publish the site")
@click.argument("target", metavar="ĐÍCH")
@library_option
@click.option("--endpoint", default="", help="Địa chỉ kho S3 · the S3 endpoint")
@click.option("--region", default="", help="Vùng của kho · its region")
@click.option("--path-style", is_flag=True, help="Tên kho nằm trong đường dẫn · path-style addresses")
@click.option("--prune", is_flag=True, help="Xóa những gì không còn dùng · delete what is no longer there")
@click.option("--dry-run", is_flag=True, help="Chỉ nói sẽ làm gì · only tell what would be done")
def publish(
    target: str, *, library: Path, endpoint: str, region: str, path_style: bool, prune: bool, dry_run: bool
) -> None:
    """Đưa cả trang nghe vào một thư mục hoặc kho S3 (s3://kho/thư-mục); nguồn podcast đi sau cùng.

    Publish the site to a folder or an S3 bucket (s3://bucket/prefix); the feed goes last.
    """
    import tempfile

    from web.downloads import download_names
    from web.export import export as write
    from web.publish import publish as send
    from web.storage import open_storage

    shelf = ready_shelf(library)
    storage = open_storage(target, endpoint=endpoint, region=region, path_style=path_style)
    # In the library, so that sound is linked there and not copied.
    with tempfile.TemporaryDirectory(dir=library, prefix=".tmp-site-") as folder:
        site = Path(folder) / "site"
        write(shelf, site, linked=True)
        report = send(site, storage, prune=prune, dry_run=dry_run, names=download_names(shelf))
    done = "Sẽ gửi" if dry_run else "Đã gửi"
    click.echo(
        f"{done} {len(report.puts)} tệp ({report.bytes / 1e6:.1f} MB), xóa {len(report.deletes)}, giữ {report.unchanged}."
    )


def ready_shelf(library: Path) -> "Shelf":
    """The library's shelf, with the bulletin's data and the feed as the settings are now.

    Raises:
        NoLibrary, SettingsError: from the library.
        NothingToServe: no issue stands on the shelf.
    """
    from audiobook import settings
    from audiobook.errors import NothingToServe
    from audiobook.library import Library
    from feeds.rss import write

    home = Library.at(library)
    shelf = home.shelf
    chosen = settings.load(home.settings_file)
    if not shelf.publications():
        raise NothingToServe(
            "thư viện chưa có số nào đã làm xong.", thing=library, advice="Chạy trước: audiobook produce MÃ-SỐ"
        )
    shelf.keep_bulletin(
        replace(chosen.bulletin, cover=shelf.bulletin().cover)
    )  # the picture is production's to lay there
    write(shelf)
    return shelf
