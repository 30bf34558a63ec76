"""Trying out, without a library or with one: convert, say."""

from pathlib import Path

import click

from audiobook.commands.console import Progress, in_megabytes, library_option
from audiobook.commands.desk import parse_date, parse_number
from audiobook.commands.studio import accept_option, acceptance_of, pace_option, voice_option


@click.command(short_help="Một tệp vào, một thư mục đủ các bản ra · one file in, editions out")
@click.argument("manuscript", type=click.Path(path_type=Path), metavar="BẢN-THẢO")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="THƯ-MỤC",
    help="Nơi để các bản · the folder",
)
@click.option("--editions", default="", metavar="LOẠI", help="Chỉ những loại này, như epub,pdf,mp3 · only these")
@click.option("--number", type=str, default="", help="Số của bản tin, nếu bản thảo không ghi · the issue's number")
@click.option(
    "--date", "dated", type=str, default="", metavar="NGÀY", help="Ngày ra, nếu bản thảo không ghi · its date"
)
@voice_option
@pace_option
@accept_option
def convert(
    manuscript: Path,
    *,
    out: Path,
    editions: str,
    number: str,
    dated: str,
    voice: str,
    pace: str | None,
    accept: tuple[str, ...],
) -> None:
    """Làm thử nhanh nhất: một bản thảo vào, một thư mục có đủ các bản ra, không cần thư viện.

    The quickest way to see what one gets: no library needed.
    """
    from audiobook import conversion

    made = conversion.convert(
        manuscript,
        out,
        kinds=tuple(filter(None, editions.split(","))),
        number=parse_number(number),
        dated=parse_date(dated),
        voice=voice,
        pace=pace or "",
        acceptance=acceptance_of(accept),
        report=Progress(),
    )
    for file in made:
        click.echo(f"{file}  {in_megabytes(file.stat().st_size)}")


@click.command(short_help="Nghe thử một câu · hear one sentence")
@click.argument("text", metavar="CÂU")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="TỆP",
    help="Ghi ra tệp (wav, mp3, ogg…) · write a file",
)
@voice_option
@library_option
def say(text: str, *, out: Path | None, voice: str, library: Path) -> None:
    """Nghe một câu như máy sẽ đọc: in lời nói ra màn hình và phát tiếng.

    Hear one sentence as it will be read; its spoken form is printed too.
    """
    from audiobook import listening

    spoken, sound = listening.say(text, library=library, voice=voice)
    click.echo(spoken)
    if out:
        listening.save(sound, out)
        click.echo(f"Đã ghi {out}")
    elif not listening.play(sound):
        fallback = Path("nghe-thu.wav")
        listening.save(sound, fallback)
        click.echo(f"Máy này không có chương trình phát tiếng; đã ghi ra {fallback}")
