"""Sound in an editor's hands: measure, usb."""

from pathlib import Path

import click

from audiobook.commands.console import Progress, in_megabytes, in_words, library_option


@click.command(short_help="Chép gói loa vào USB · loudspeaker pack to a stick")
@click.argument("stick", type=click.Path(path_type=Path), metavar="USB")
@click.argument("issue_id", metavar="[MÃ-SỐ]", default="")
@click.option("--slot", type=click.IntRange(5, 120), default=None, metavar="PHÚT", help="Một buổi dài nhất · longest")
@click.option("--session", type=click.IntRange(1), default=None, metavar="BUỔI", help="Chỉ buổi này · only this one")
@click.option(
    "--start", "starts", multiple=True, metavar="GIỜ", help="Giờ bắt đầu, như 05:30; lặp lại cho buổi sau · when"
)
@library_option
def usb(
    stick: Path, issue_id: str, *, slot: int | None, session: int | None, starts: tuple[str, ...], library: Path
) -> None:
    """Chép gói loa phát thanh của một số (mặc định: số mới nhất) vào USB, đúng thứ tự, rồi đọc lại để kiểm tra.

    Write the loudspeaker pack of an issue (the newest by default) to a USB stick, in playing order, and read it back.
    """
    from audiobook.editions.running_sheet import Sheet
    from audiobook.errors import IssueUnknown, SettingsError
    from audiobook.library import Library
    from audiobook.model.loudspeaker import CLOCK_TIME
    from audiobook.sessions import only, plan
    from audiobook.stick import copy_to_stick

    for each in starts:
        if not CLOCK_TIME.fullmatch(each):
            raise SettingsError("giờ phát viết như 05:30.", thing="--start", place=each)
    shelf = Library.at(library).shelf
    shelved = shelf.publications()
    if not issue_id and not shelved:
        raise IssueUnknown("trên giá chưa có số nào.", thing=library, advice="Chạy trước: audiobook produce MÃ-SỐ")
    publication = shelf.publication(issue_id) if issue_id else shelved[0]
    bulletin = shelf.bulletin()
    wanted = plan(publication.loudspeaker_pieces, slot or bulletin.loudspeaker.slot_minutes)
    if session:
        if session > len(wanted.sessions):
            raise SettingsError(f"chỉ có {len(wanted.sessions)} buổi.", thing="--session", place=str(session))
        wanted = only(wanted, session)
    start_times = starts or bulletin.loudspeaker.start_times
    sheet = Sheet(issue=publication.issue, bulletin=bulletin, plan=wanted, start_times=start_times)
    copied = copy_to_stick(stick, sheet, shelf=shelf, publication=publication, report=Progress())
    for planned in wanted.sessions:
        click.echo(
            f"Buổi {planned.number}: {planned.items[0].file} đến {planned.items[-1].file}, {in_words(planned.duration_ms / 1000)}"
        )
    if sheet.left_out:
        click.echo(f"Không có trên USB ({len(sheet.left_out)} bài): {'; '.join(sheet.left_out)}")
    if copied.others:
        click.echo(f"Trên USB còn tệp khác, máy phát có thể phát lẫn vào: {', '.join(copied.others[:10])}")
    click.echo(
        f"Đã chép và đọc lại {len(copied.files)} tệp, {in_megabytes(copied.bytes)}. Rút USB an toàn rồi mang đi."
    )


@click.command(short_help="Đo âm thanh, vẽ thành hình · measure sound")
@click.argument("what", metavar="TỆP-HOẶC-MÃ-SỐ")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="TỆP.png",
    help="Nơi ghi hình; mặc định cạnh tệp, hoặc ở thư mục này · the picture",
)
@library_option
def measure(what: str, *, out: Path | None, library: Path) -> None:
    """Đo một tệp âm thanh, hoặc bản MP3 của một số: độ to, đỉnh, im lặng, tiếng nền, mốc bài; và vẽ thành hình để xem.

    Measure a sound file, or an issue's MP3: loudness, true peak, range, silence, noise floor, chapters; and draw it.
    """
    from audiobook.editions import measure as measuring
    from audiobook.editions.sound_picture import sound_picture
    from audiobook.errors import EditionError, IssueUnknown, writing
    from audiobook.library import Library

    file, timeline, target = Path(what), None, None
    if not file.is_file():
        if file.suffix:
            raise EditionError("không có tệp này.", thing=what)
        shelf = Library.at(library).shelf
        publication = shelf.publication(what)
        edition = publication.edition("mp3")
        if edition is None:
            raise IssueUnknown("số này chưa có bản MP3.", thing=what)
        file, timeline, target = shelf.file(publication, edition), publication.timeline, -16.0
    measured = measuring.measure(file, timeline=timeline)
    for line in measuring.report_lines(measured, target_lufs=target):
        click.echo(line)
    picture = out or (Path(f"{what}-do.png") if timeline else file.with_name(f"{file.stem}-do.png"))
    with writing(picture):
        picture.write_bytes(sound_picture(measured, title=what if timeline else file.name))
    click.echo(f"Hình: {picture}")
