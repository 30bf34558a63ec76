"""What a command shows while it works, and what click's errors mean in Vietnamese."""

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import click

STEPS = {
    "narration": "Đọc thành tiếng",
    "retakes": "Đọc lại những câu đáng ngờ",
    "listening": "Nghe lại",
    "mastering": "Chỉnh âm thanh",
    "editions": "Làm các bản nghe và đọc",
    "copying": "Chép vào USB",
    "fetching": "Tải giọng về",
    "publishing": "Đưa lên",
    "shelf": "Đọc lại giá",
    "published": "Đọc lại nơi phát hành",
    "backup": "Sao lưu",
    "restore": "Phục hồi",
}

library_option = click.option(
    "--library",
    "-l",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="THƯ-MỤC",
    help="Thư mục thư viện (mặc định: thư mục này) · the library's folder",
)


@dataclass(slots=True)
class Progress:
    """A line that tells the step, how far it is, and how long it will take; on a terminal it is written over."""

    started: dict[str, tuple[float, int]] = field(default_factory=dict)  # when, and what was made before
    shown: dict[str, int] = field(default_factory=dict)

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` is made."""
        if total <= 0:
            return
        now, percent = time.monotonic(), 100 * done // total
        if percent < self.shown.get(step, 0):  # the step is taken once more, as for the slower rendition
            del self.started[step], self.shown[step]
        began, before = self.started.setdefault(step, (now, done))
        on_terminal = sys.stderr.isatty()
        if percent == self.shown.get(step) or not (
            on_terminal or done == total or percent >= self.shown.get(step, -10) + 10
        ):
            return
        self.shown[step] = percent
        left = (now - began) * (total - done) / (done - before) if done > before else 0.0
        rest = f", còn khoảng {in_words(left)}" if before < done < total and now - began > 1 else ""
        line = f"{STEPS.get(step, step)}: {percent}%{rest}"
        if on_terminal:
            click.echo(f"\r{line:<70}", nl=done == total, err=True)
        else:
            click.echo(line, err=True)


def in_words(seconds: float) -> str:
    """A length of time as one says it.

    >>> in_words(42), in_words(61), in_words(3700)
    ('42 giây', '1 phút 1 giây', '1 giờ 1 phút')
    """
    whole = max(1, round(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    if hours:
        return f"{hours} giờ {minutes} phút"
    return f"{minutes} phút {rest} giây" if minutes else f"{rest} giây"


def in_megabytes(count: int) -> str:
    """A file's size as one says it.

    >>> in_megabytes(13_400_000)
    '13,4 MB'
    """
    return f"{count / 1e6:.1f} MB".replace(".", ",")


def explain(error: click.UsageError) -> str:
    """A mistake on the command line, in Vietnamese."""
    hint = f"Xem: {error.ctx.command_path} --help" if error.ctx else "Xem: audiobook --help"
    return f"Lỗi: {_what_is_wrong(error)} {hint}"


def _what_is_wrong(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f" Có phải {error.possibilities[0]}?" if error.possibilities else ""
        return f"không có lựa chọn {error.option_name}.{near}"
    if isinstance(error, click.BadParameter) and error.param and error.ctx:
        name = error.param.get_error_hint(error.ctx)
        missing = isinstance(error, click.MissingParameter)
        return f"thiếu {name}." if missing else f"giá trị không hợp lệ cho {name}: {error.message}"
    if isinstance(error, click.BadArgumentUsage | click.BadOptionUsage):
        return error.message
    if error.message.startswith("No such command"):
        return f"không có lệnh {error.message.split(maxsplit=3)[-1].split('.')[0]}."
    if not error.message or isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.ctx.get_help() if error.ctx else ""
    return error.message
