"""Keeping a library: backup, restore."""

from datetime import date
from pathlib import Path

import click

from audiobook.commands.console import Progress, in_megabytes, library_option


@click.command(short_help="Sao lưu thư viện vào một tệp · one archive")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False, metavar="[TỆP.zip]")
@library_option
def backup(file: Path | None, *, library: Path) -> None:
    """Sao lưu cả thư viện (cài đặt, bản thảo, giá sách) vào một tệp .zip mở được bằng máy nào cũng được.

    Put the whole library (settings, manuscripts, shelf) into one .zip file, with its checksums.
    """
    from audiobook.archive import backup as write
    from audiobook.library import Library

    target = file or Path(f"sao-luu-{date.today():%Y-%m-%d}.zip")
    progress = Progress()
    packed = write(Library.at(library), target, report=lambda done, total: progress("backup", done, total))
    size = in_megabytes(target.stat().st_size)
    click.echo(f"Đã sao lưu {packed.files} tệp vào {target} ({size}). Hãy chép sang máy khác.")
    for name in packed.damaged:
        click.echo(f"Lưu ý: {name} đã hỏng từ trước khi sao lưu. Xem: audiobook verify", err=True)


@click.command(short_help="Phục hồi thư viện từ bản sao lưu · and back")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP.zip")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="THƯ-MỤC")
def restore(file: Path, folder: Path) -> None:
    """Phục hồi thư viện vào một thư mục mới; từng tệp được đối chiếu trước, không ghi đè gì.

    Restore a library into a new folder; every file is checked, nothing is written over.
    """
    from audiobook.archive import restore as unpack

    progress = Progress()
    count = unpack(file, folder, report=lambda done, total: progress("restore", done, total))
    click.echo(f"Đã phục hồi {count} tệp vào {folder}; tệp nào cũng đúng như lúc sao lưu.")
