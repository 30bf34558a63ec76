"""The studio: produce, convert, say, voices."""

from importlib.metadata import entry_points
from pathlib import Path

import click

from audiobook.commands.console import Progress, in_megabytes, in_words, library_option
from audiobook.commands.desk import parse_date, parse_number

voice_option = click.option(
    "--voice",
    default="",
    metavar="GIỌNG",
    help="auto, vieneu, espeak, hoặc máy:giọng như espeak:nam; mặc định theo audiobook.toml · the voice",
)


pace_option = click.option(
    "--pace",
    type=click.Choice(["slow", "normal"]),
    default=None,
    help="slow: làm thêm một bản đọc chậm, nghỉ lâu hơn; normal: không · a slower rendition too, or none",
)


@click.command(short_help="Làm tất cả các bản của một số · make an issue")
@click.argument("issue_id", metavar="MÃ-SỐ")
@voice_option
@pace_option
@click.option(
    "--accept",
    multiple=True,
    metavar="MÃ@CHỖ",
    help="Cho qua một điều cần xem lại, như S-FACT@c04b02s1; được ghi lại kèm tên người · let a doubt pass",
)
@library_option
def produce(issue_id: str, *, voice: str, pace: str | None, accept: tuple[str, ...], library: Path) -> None:
    """Đọc thành tiếng và làm tất cả các bản: MP3, EPUB, PDF, phụ đề, mã QR. Dừng giữa chừng thì chạy lại để làm tiếp.

    Narrate an issue and make every edition. A run that was stopped goes on where it was.
    """
    from getpass import getuser

    from audiobook import production
    from audiobook.acceptance import Acceptance, wanted
    from audiobook.library import Library

    home = Library.at(library)
    acceptance = Acceptance(by=getuser(), wanted=wanted(accept)) if accept else Acceptance()
    produced = production.produce(
        home, issue_id, voice=voice, pace=pace or "", report=Progress(), acceptance=acceptance
    )
    for hook in entry_points(group="audiobook.shelved"):
        hook.load()(home.shelf)
    publication = produced.publication
    for line in publication.remarks:
        click.echo(f"Lưu ý: {line}")
    for remark in produced.remarks:
        click.echo(f"  [{remark.code}] {remark.place}: {remark.text}")
    if not produced.changed:
        click.echo(f"Số {issue_id} không có gì thay đổi; mọi bản đã có đủ trên giá.")
        return
    length = in_words(publication.timeline.duration_ms / 1000)
    size = in_megabytes(sum(edition.bytes for edition in publication.editions))
    click.echo(
        f"Xong số {issue_id}: {len(publication.issue.articles)} bài, {length}, {len(publication.editions)} tệp, {size}."
    )


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
def convert(
    manuscript: Path, *, out: Path, editions: str, number: str, dated: str, voice: str, pace: str | None
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


@click.group(invoke_without_command=True, short_help="Các giọng đọc · the voices")
@click.pass_context
def voices(ctx: click.Context) -> None:
    """Liệt kê các giọng đọc có thể dùng trên máy này.

    List the voices that can speak on this machine.
    """
    if ctx.invoked_subcommand:
        return
    from audiobook.synthesis.voices import all_voices

    for voice in all_voices():
        about = ", ".join(filter(None, (voice.label, voice.region and f"miền {voice.region}", voice.sex)))
        click.echo(f"{voice.engine}:{voice.name}  {about}")


@voices.command("fetch", short_help="Tải giọng VieNeu về máy · bring the neural voice")
@click.option("--mode", default="v3turbo", type=click.Choice(["v3turbo", "v3nano"]), help="Kiểu giọng · the model")
@click.option("--precision", default="fp32", type=click.Choice(["fp32", "int8"]), help="Độ chính xác · its precision")
def fetch(*, mode: str, precision: str) -> None:
    """Tải trọng số của giọng VieNeu về máy (cần mạng), có báo tiến độ.

    Bring VieNeu's weights to this machine (needs the network).
    """
    from audiobook.synthesis.engines import vieneu

    progress = Progress()
    vieneu.fetch({"mode": mode, "precision": precision}, progress=lambda done, total: progress("fetching", done, total))
    click.echo("Giọng VieNeu đã có trên máy. Dùng: audiobook produce MÃ-SỐ --voice vieneu")
