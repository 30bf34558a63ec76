"""Items -> the sheet of what will be said, riskiest first, as HTML to read and TSV to fill in; a filled TSV -> corrections.

Each row is one reading, however often it occurs. In the TSV an editor writes "x" into ``duyet`` to approve it as it is, or
other words into ``sua`` to correct it; either becomes an entry of a lexicon, so that it is decided once.
"""

import csv
import html
import io
import os
import shlex
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audiobook.errors import SettingsError
from audiobook.spoken.lexicon import WORDS
from audiobook.spoken.report import Item

_BY_DOUBT = (
    "S-FACT", "S-CHARACTER", "S-UNKNOWN", "S-GUESS", "S-CODE", "S-NOTE", "S-NUMBER", "S-SPELLING", "S-FOREIGN",
)  # fmt: skip
_BY_RULE = {
    "money": "số tiền", "percent": "phần trăm", "phone": "số máy", "date": "ngày tháng", "time": "giờ giấc", "code": "số hiệu",
    "share": "phần của cả", "count": "a trên b", "range": "khoảng", "score": "tỷ số", "number": "số", "measure": "đo lường",
    "roman": "số La Mã", "sign": "dấu", "plate": "biển số", "address": "số nhà", "abbreviation": "viết tắt", "place": "địa danh",
    "letters": "chữ cái", "net": "địa chỉ mạng", "foreign": "tiếng nước ngoài", "spelling": "chính tả", "unknown": "chưa biết",
    "list": "đầu dòng", "note": "chú thích", "lexicon": "từ điển", "given": "ghi sẵn", "guard": "đối chiếu", "name": "tên riêng",
}  # fmt: skip
_COLUMNS = ("nguy_co", "in", "doc", "quy_tac", "so_lan", "cho", "ngu_canh", "duyet", "sua")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One reading, with the first place where it occurs and how often it does. ``risk``: 0 is the riskiest."""

    risk: int
    item: Item
    count: int

    @property
    def rule(self) -> str:
        """The rule as an editor calls it."""
        return _BY_RULE.get(self.item.rule, self.item.rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an editor decided of a printed form."""

    written: str
    spoken: str
    note: str


def rows(items: Iterable[Item]) -> tuple[Row, ...]:
    """The readings, each once, the riskiest first; what is said as a list's mark is left out."""
    found: dict[tuple[str, str, str], list[Item]] = {}
    for item in items:
        if item.printed and (item.doubt or item.rule not in ("list", "note", "dash")):
            found.setdefault((item.printed, item.spoken, item.rule), []).append(item)
    made = [Row(risk=_risk(each[0]), item=each[0], count=len(each)) for each in found.values()]
    return tuple(sorted(made, key=lambda row: (row.risk, -row.count, row.item.printed)))


def _risk(item: Item) -> int:
    if item.doubt in _BY_DOUBT:
        return _BY_DOUBT.index(item.doubt)
    order = list(_BY_RULE)
    return len(_BY_DOUBT) + (order.index(item.rule) if item.rule in order else len(order))


def as_tsv(sheet: Sequence[Row]) -> str:
    """The sheet to be filled in with a spreadsheet program (UTF-8, tabs)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in sheet:
        item = row.item
        context = f"{item.before}[{item.printed}]{item.after}"
        cells = (item.doubt, item.printed, item.spoken, row.rule, row.count, item.place, context, "", "")
        writer.writerow([str(cell).replace("\n", " ").replace("\t", " ") for cell in cells])
    return out.getvalue()


def corrections(text: str, *, file: str) -> tuple[Correction, ...]:
    """What was approved or corrected in a sheet.

    Raises:
        SettingsError: not our sheet, or a correction that is no words; with file and line.
    """
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter="\t"))
    if not lines or tuple(lines[0]) != _COLUMNS:
        raise SettingsError("đây không phải tờ lời đọc do audiobook check làm ra.", thing=file, place="dòng 1")
    found = []
    for number, cells in enumerate(lines[1:], start=2):
        row = dict(zip(_COLUMNS, cells, strict=False))
        approved, corrected = row.get("duyet", "").strip().lower(), " ".join(row.get("sua", "").lower().split())
        if not (approved or corrected):
            continue
        if approved not in ("", "x"):
            raise SettingsError(
                "cột duyet chỉ ghi x; lời đọc sai thì để trống cột ấy và ghi lời đúng vào cột sua.",
                thing=file,
                place=f"dòng {number}: {approved!r}",
            )
        spoken = corrected or row["doc"]
        if not WORDS.fullmatch(spoken):
            raise SettingsError("lời sửa chỉ gồm chữ và dấu , . ? !", thing=file, place=f"dòng {number}: {spoken!r}")
        found.append(Correction(written=row["in"], spoken=spoken, note="đã sửa" if corrected else "đã duyệt"))
    return tuple(found)


def as_html(sheet: Sequence[Row], *, title: str, sounds: dict[str, str], command: Sequence[str]) -> str:
    """The sheet to read: one page, no script. ``sounds``: place -> a clip's file; ``command``: begins each line to copy."""
    body = "\n".join(_line(row, sounds, command) for row in sheet)
    doubtful = sum(bool(row.item.doubt) for row in sheet)
    return _PAGE.format(title=html.escape(title), count=len(sheet), doubtful=doubtful, body=body)


def _line(row: Row, sounds: dict[str, str], command: Sequence[str]) -> str:
    item = row.item
    clip = sounds.get(item.place)
    heard = f'<audio controls preload="none" src="{html.escape(clip)}"></audio>' if clip else ""
    entry = _quoted([*command, item.printed, item.spoken])
    around = f"{html.escape(item.before)}<mark>{html.escape(item.printed)}</mark>{html.escape(item.after)}"
    cells = (
        f"<b>{item.doubt}</b>" if item.doubt else "",
        html.escape(item.printed),
        html.escape(item.spoken) or "<i>im lặng</i>",
        html.escape(row.rule),
        str(row.count),
        f"{around}<br><small>{html.escape(item.place)}</small>{heard}",
        f"<code>{html.escape(entry)}</code>",
    )
    return f"<tr{' class=doubt' if item.doubt else ''}>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _quoted(words: Sequence[str]) -> str:
    """A line for this system's own command window."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


_PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 18px/1.5 system-ui, sans-serif; margin: 1.5rem; color: #111; background: #fff; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #888; padding: .4rem .6rem; text-align: left; vertical-align: top; }}
th {{ background: #eee; position: sticky; top: 0; }}
.doubt {{ background: #fff3d6; }}
mark {{ background: #ffe08a; }}
td:nth-child(3) {{ min-width: 15rem; }}
code {{ font-size: 14px; user-select: all; overflow-wrap: anywhere; }}
</style></head><body>
<h1>{title}</h1>
<p>{count} cách đọc, {doubtful} điều nghi ngờ đứng đầu. Đúng thì bỏ qua. Sai thì chép dòng lệnh ở cột cuối, sửa lời đọc rồi chạy;
hoặc ghi vào cột <b>sua</b> của tệp .tsv bên cạnh rồi chạy audiobook check --apply.</p>
<table><thead><tr><th>Nghi ngờ</th><th>In</th><th>Đọc</th><th>Loại</th><th>Số lần</th><th>Ngữ cảnh</th><th>Sửa</th></tr></thead>
<tbody>
{body}
</tbody></table></body></html>
"""
