"""$ audiobook serve, export, publish. Light at import: what is heavy is loaded when a command runs."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook.commands.console import Progress, library_option

if TYPE_CHECKING:
    from audiobook.library import Shelf


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
@click.argument("target", default="", metavar="[ĐÍCH]")
@library_option
@click.option("--endpoint", default="", help="Địa chỉ kho S3 · the S3 endpoint")
@click.option("--region", default="", help="Vùng của kho · its region")
@click.option("--path-style", is_flag=True, help="Tên kho nằm trong đường dẫn · path-style addresses")
@click.option("--dry-run", is_flag=True, help="Chỉ nói sẽ làm gì · only tell what would be done")
@click.option("--prune", is_flag=True, help="Xóa những gì đã hết hạn giữ · delete what nothing names any more")
@click.option("--withdraw", default="", metavar="MÃ-SỐ", help="Thu hồi một số ngay · take an issue back at once")
@click.option("--force", is_flag=True, help="Xóa dù rất nhiều · delete even very much")
@click.option("--yes", is_flag=True, help="Không hỏi lại · ask nothing")
@click.option(
    "--check/--no-check", default=None, help="Sau cùng xem lại qua địa chỉ công khai · fetch it as people will"
)
def publish(target: str, *, library: Path, endpoint: str, region: str, path_style: bool, dry_run: bool, prune: bool,
            withdraw: str, force: bool, yes: bool, check: bool | None) -> None:  # fmt: skip
    """Đưa cả trang nghe lên thư mục và kho S3 ghi trong audiobook.toml, hoặc lên ĐÍCH (một thư mục, hoặc s3://kho/…).

    Âm thanh đi trước, nguồn podcast đi sau cùng; dừng giữa chừng thì chạy lại để làm tiếp.

    Publish the site where audiobook.toml says, or to a folder or s3://bucket/prefix. Sound goes first, the feed last;
    a run that was stopped goes on where it was.
    """
    from audiobook import settings
    from audiobook.library import Library
    from web.release import Wish, rehearse, release

    home = Library.at(library)
    chosen = settings.load(home.settings_file).publish
    chosen = replace(
        chosen,
        endpoint=endpoint or chosen.endpoint,
        region=region or chosen.region,
        path_style=path_style or chosen.path_style,
    )
    wish = Wish(places=chosen, target=target, prune=prune, withdraw=withdraw, force=force,
                check=not target if check is None else check)  # fmt: skip
    if withdraw and not (dry_run or yes):
        click.confirm(f"Thu hồi số {withdraw} khỏi trang nghe, nguồn podcast và mọi kho?", abort=True)
    with home.publishing():
        if dry_run:
            rehearse(home, wish, tell=click.echo)
            return
        release(home, wish, tell=click.echo, report=Progress())


@click.command(short_help="Đối chiếu từng tệp · check every file")
@click.argument("target", default="", metavar="[ĐÍCH]")
@library_option
@click.option("--quick", is_flag=True, help="Nơi phát hành: chỉ xem danh sách, không đọc · only what a listing tells")
@click.option("--mend", is_flag=True, help="Gỡ tệp hỏng để làm lại, gửi lại · take damaged files away")
def verify(target: str, *, library: Path, quick: bool, mend: bool) -> None:
    """Đối chiếu mọi tệp trên giá, trong thư mục và kho đã phát hành với mã kiểm của nó.

    Check every file on the shelf and wherever it is published (or at [ĐÍCH]) against its checksum.
    """
    from audiobook.library import Library
    from web.inspection import verify as look

    look(Library.at(library), target, quick=quick, mend=mend, tell=click.echo, report=Progress())


def ready_shelf(library: Path) -> "Shelf":
    """The library's shelf, with the bulletin's data and the feed as the settings are now.

    Raises:
        NoLibrary, SettingsError: from the library.
        NothingToServe: no issue stands on the shelf.
    """
    from audiobook.errors import NothingToServe
    from audiobook.library import Library
    from web.release import refresh

    home = Library.at(library)
    if not home.shelf.publications():
        raise NothingToServe(
            "thư viện chưa có số nào đã làm xong.", thing=library, advice="Chạy trước: audiobook produce MÃ-SỐ"
        )
    refresh(home)
    return home.shelf
