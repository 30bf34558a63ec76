"""Sound in an editor's hands: usb."""

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
