"""The studio: produce, doubts, voices."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook.commands.console import Progress, in_megabytes, in_words, library_option
from audiobook.errors import AudiobookError, StorageError

if TYPE_CHECKING:
    from audiobook.acceptance import Acceptance
    from audiobook.library import Shelf
    from audiobook.production import Produced
    from audiobook.settings import VoiceSettings

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


accept_option = click.option(
    "--accept",
    multiple=True,
    metavar="MÃ@CHỖ",
    help="Cho qua một điều cần xem lại, như S-FACT@c04b02s1; được ghi lại kèm tên người · let a doubt pass",
)


def acceptance_of(accept: tuple[str, ...]) -> "Acceptance":
    """What stands behind ``--accept``, with who says so."""
    from getpass import getuser

    from audiobook.acceptance import Acceptance, wanted

    return Acceptance(by=getuser(), wanted=wanted(accept)) if accept else Acceptance()


@click.command(short_help="Làm tất cả các bản của một số · make an issue")
@click.argument("issue_id", metavar="MÃ-SỐ", default="")
@click.option("--all", "every", is_flag=True, help="Mọi số trong thư viện · every issue")
@voice_option
@pace_option
@accept_option
@click.option(
    "--cluster",
    default="",
    metavar="ĐỊA-CHỈ",
    help="Nhờ nhiều máy cùng đọc (Dask): local, tcp://máy:cổng hoặc tls://máy:cổng · a Dask scheduler",
)
@click.option(
    "--listen", "listening", is_flag=True, help="Máy nghe lại từng câu (xem [listen]) · a recogniser hears every take"
)
@click.option("--announce", is_flag=True, help="Làm thêm một mục đọc lời đính chính · say what was corrected, too")
@click.option(
    "--announce-words", default="", metavar="LỜI", help="Lời đính chính tự soạn, như khi máy đọc sai · in own words"
)
@library_option
def produce(
    issue_id: str,
    *,
    every: bool,
    voice: str,
    pace: str | None,
    accept: tuple[str, ...],
    cluster: str,
    listening: bool,
    announce: bool,
    announce_words: str,
    library: Path,
) -> None:
    """Đọc thành tiếng và làm tất cả các bản: MP3, EPUB, PDF, phụ đề, mã QR. Dừng giữa chừng thì chạy lại để làm tiếp.

    Narrate an issue and make every edition. A run that was stopped goes on where it was.
    """
    from audiobook import production
    from audiobook.library import Library

    if bool(issue_id) == every:
        raise click.UsageError("Cần đúng một trong hai: MÃ-SỐ, hoặc --all.")
    if every and (announce or announce_words):
        raise click.UsageError("Đính chính từng số một, không dùng với --all.")
    home = Library.at(library)
    acceptance = acceptance_of(accept)
    said_by = production.SaidBy(cluster=cluster, listening=listening, tell=_tell)
    failed: list[AudiobookError] = []
    withdrawn = home.withdrawn_ids() if every else frozenset()
    for each in home.issue_ids() if every else (issue_id,):
        if each in withdrawn:
            click.echo(f"Số {each} đã thu hồi, bỏ qua. Muốn phát hành lại: audiobook produce {each}")
            continue
        try:
            produced = production.produce(
                home, each, voice=voice, pace=pace or "", report=Progress(), acceptance=acceptance, said_by=said_by
            )
        except AudiobookError as error:
            if not every or isinstance(error, StorageError):
                raise
            click.echo(f"Lỗi ở số {each}: {error}", err=True)
            failed.append(error)
            continue
        lines = tuple(_told(each, produced))
        del produced  # of ten hours it is megabytes, and a feed is now made
        _shelved(home.shelf)
        for line in lines:
            click.echo(line)
    if failed:
        click.echo(f"{len(failed)} số chưa làm được, xem ở trên; các số khác đã xong.", err=True)
        raise failed[0]
    if announce or announce_words:
        from audiobook.announcement import announce as say_it

        told = say_it(
            home,
            issue_id,
            words=announce_words,
            voice=voice,
            report=Progress(),
            acceptance=acceptance,
            said_by=said_by,
        )
        _shelved(home.shelf)
        length = in_words(told.timeline.duration_ms / 1000)
        click.echo(f"Đã có lời đính chính {told.issue.id}, {length}; ứng dụng podcast sẽ báo như một mục mới.")


def _shelved(shelf: "Shelf") -> None:
    """Let those know that make something of the shelf."""
    for hook in entry_points(group="audiobook.shelved"):
        hook.load()(shelf)


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _told(issue_id: str, produced: "Produced") -> Iterator[str]:
    publication = produced.publication
    yield from (f"Lưu ý: {line}" for line in publication.remarks)
    yield from (f"  [{remark.code}] {remark.place}: {remark.text}" for remark in produced.remarks)
    if not produced.changed:
        yield f"Số {issue_id} không có gì thay đổi; mọi bản đã có đủ trên giá."
        return
    for revision in publication.revisions[-1:]:
        if revision.number == publication.revision:
            yield f"Đã sửa {len(revision.changes)} chỗ so với bản đã phát hành; lời giới thiệu của số này có ghi lại."
    length = in_words(publication.timeline.duration_ms / 1000)
    size = in_megabytes(sum(edition.bytes for edition in publication.editions))
    articles, files = len(publication.issue.articles), len(publication.editions)
    yield f"Xong số {issue_id}: {articles} bài, {length}, {files} tệp, {size}."


@click.command(short_help="Nghe những câu đọc đáng ngờ · hear doubtful takes")
@click.argument("issue_id", metavar="MÃ-SỐ")
@click.option("--list", "only_list", is_flag=True, help="Chỉ liệt kê, không phát tiếng · do not play")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="THƯ-MỤC",
    help="Ghi từng câu ra tệp để nghe sau · write them as files",
)
@voice_option
@click.option(
    "--announce-words",
    "words",
    default="",
    metavar="LỜI",
    help="Lời đính chính tự soạn, đúng như khi produce · the correction's own words",
)
@library_option
def doubts(issue_id: str, *, only_list: bool, out: Path | None, voice: str, words: str, library: Path) -> None:
    """Liệt kê và phát từng câu mà máy thấy đọc đáng ngờ, kèm chỗ và lý do. Câu nào nghe thấy đúng thì cho qua bằng --accept.

    List and play every take that seems wrong, with its place and reason.
    """
    from audiobook import listening, proofs
    from audiobook.errors import writing
    from audiobook.library import Library

    found = proofs.doubtful(Library.at(library), issue_id, voice=voice, words=words)
    if not found:
        click.echo("Không có câu nào đáng ngờ trong những câu đã đọc.")
    if out:
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
    for number, doubt in enumerate(found, start=1):
        remark = doubt.remark
        click.echo(f"{number}. [{remark.code}] {remark.place}: {remark.text}")
        sound = listening.take_sound(doubt.take)
        if out:
            listening.save(sound, out / f"{number:03d}-{remark.place}.wav")
        elif not only_list and not listening.play(sound):
            click.echo("Máy này không có chương trình phát tiếng; dùng --out THƯ-MỤC để ghi ra tệp.", err=True)
            only_list = True
    if found:
        first = found[0].remark
        click.echo(f"Nghe thấy đúng thì: audiobook produce {issue_id} --accept {first.code}@{first.place} …")


@click.group(invoke_without_command=True, short_help="Các giọng đọc · the voices")
@library_option
@click.pass_context
def voices(ctx: click.Context, *, library: Path) -> None:
    """Liệt kê các giọng đọc có thể dùng trên máy này, với miền và giới.

    List the voices that can speak on this machine.
    """
    if ctx.invoked_subcommand:
        return
    from audiobook.casting import engine_options
    from audiobook.synthesis.voices import all_voices, why_missing

    options = engine_options(_voice_settings(library))
    for voice in all_voices(options):
        about = ", ".join(filter(None, (voice.label, voice.region and f"miền {voice.region}", voice.sex)))
        click.echo(f"{voice.engine}:{voice.name}  {about}")
    if reason := why_missing("vieneu", options):
        click.echo(f"Giọng VieNeu chưa dùng được: {reason}", err=True)


@voices.command("fetch", short_help="Tải giọng VieNeu về máy · bring the neural voice")
@click.option("--mode", default="", type=click.Choice(["", "v3turbo", "v3nano"]), help="Kiểu giọng · the model")
@click.option("--precision", default="", type=click.Choice(["", "fp32", "int8"]), help="Độ chính xác · its precision")
@click.option(
    "--device",
    default="",
    type=click.Choice(["", "cpu", "cuda"]),
    help="Cho máy nào: cuda là card đồ họa · for which machine",
)
@click.option("--model-dir", default="", metavar="THƯ-MỤC", help="Để vào đây, ví dụ một USB · into this folder")
@library_option
def fetch(*, mode: str, precision: str, device: str, model_dir: str, library: Path) -> None:
    """Tải trọng số của giọng VieNeu về máy (cần mạng), có báo tiến độ; kiểu giọng theo audiobook.toml nếu không nói khác.

    Bring VieNeu's weights to this machine (needs the network).
    """
    from audiobook.casting import engine_options
    from audiobook.synthesis.engines import weights

    said = {"mode": mode, "precision": precision, "device": device, "model_dir": model_dir}
    options = {**engine_options(_voice_settings(library))["vieneu"], **{k: v for k, v in said.items() if v}}
    progress = Progress()
    weights.fetch(options, progress=lambda done, total: progress("fetching", done, total))
    click.echo("Giọng VieNeu đã có trên máy. Dùng: audiobook produce MÃ-SỐ --voice vieneu")


def _voice_settings(library: Path) -> "VoiceSettings":
    """Those of the library; the built-in ones where there is none."""
    from audiobook import settings

    file = library / "audiobook.toml"
    return settings.load(file).voice if file.is_file() else settings.VoiceSettings()
