"""Issue -> PDF/UA-1: tagged, with bookmarks, alternative texts and table headers; as one prints it, and for weak eyes.

Remark codes: E-GLYPH a sign that no font has; E-TABLE a table too wide for its page.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiobook.addresses import Addresses, chapter_path, issue_path
from audiobook.editions.fonts import printable
from audiobook.editions.gatherings import print_gathered
from audiobook.editions.imprint import imprint_lines
from audiobook.editions.pictures import scaled
from audiobook.editions.print_table import print_table
from audiobook.editions.qr import qr_svg
from audiobook.editions.typeset import Forme, forme
from audiobook.errors import EditionError
from audiobook.model.headings import stepped
from audiobook.model.inline import Run, stretches
from audiobook.model.issue import Block, Chapter, Issue, Kind, Markup, MediaKind
from audiobook.model.narration import Remark
from audiobook.model.publication import Bulletin

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[A-Za-z0-9-]+)?")
_LINK = re.compile(r"(?:https?://|mailto:|tel:)\S+")
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
STEPS = (
    "Mở máy ảnh trên điện thoại.",
    "Đưa máy ảnh vào ô vuông, chờ hiện dòng chữ.",
    "Bấm vào dòng chữ, rồi bấm nút Nghe.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How pages are laid out; ``measure_mm`` is the width of the text, ``dots_per_mm`` what pictures are scaled to."""

    template: str
    size_pt: float
    measure_mm: int
    tallest_mm: int
    dots_per_mm: int = 8
    large: bool = False

    @property
    def characters(self) -> int:
        """About how many stand on a line."""
        return int(self.measure_mm / (self.size_pt * 0.353 * 0.56))


STANDARD = Layout(template="issue.typ", size_pt=11.5, measure_mm=146, tallest_mm=110)
LARGE = Layout(template="large.typ", size_pt=20, measure_mm=174, tallest_mm=150, large=True)


def make_pdf(
    issue: Issue,
    *,
    bulletin: Bulletin,
    pictures: Path,
    layout: Layout = STANDARD,
    logo: bytes = b"",
    cache: Path | None = None,
) -> tuple[Path, tuple[Remark, ...]]:
    """Write the PDF beside the pictures; the file, and remarks on what could not be printed as it is.

    Args:
        issue: with its pictures' files relative to ``pictures``.
        bulletin: for the head, the foot and the imprint.
        pictures: where pictures lie.
        layout: the pages.
        logo: the publisher's, a PNG; or nothing.
        cache: where pictures and codes that were made before are looked for.

    Raises:
        EditionError: typst refused, or took too long.
    """
    target = pictures / Path(layout.template).with_suffix(".pdf")
    with forme(issue.id) as made:
        if logo:
            made.keep("logo.png", logo)
        writer = _Writer(issue, bulletin, layout, pictures, made, cache)
        data = writer.document() | {"logo": "logo.png" if logo else ""}
        print_gathered(made, layout.template, data, chapters=map(writer.chapter, issue.articles), target=target)
    return target, tuple(writer.remarks)


def designed_pdf(file: Path) -> bytes:
    """The publisher's own PDF.

    Raises:
        EditionError: it is none.
    """
    data = file.read_bytes()
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise EditionError("tệp PDF của nhà xuất bản bị hỏng hoặc không phải PDF.", thing=file)
    return data


def issued(issue: Issue) -> str:
    """Number and day, as one says them."""
    day = issue.date
    return f"Số {issue.number} · {_WEEKDAYS[day.weekday()]}, ngày {day.day} tháng {day.month} năm {day.year}"


def code(address: str, alt: str, *, cache: Path | None = None) -> dict[str, str]:
    """A QR code as the templates read it."""
    words = address.split("://", 1)[-1]
    return {"svg": qr_svg(address, cache=cache).decode(), "alt": alt, "address": address, "words": words}


class _Writer:
    """Turns an issue into what the template reads, and notes what cannot be printed as it is."""

    def __init__(
        self, issue: Issue, bulletin: Bulletin, layout: Layout, pictures: Path, made: Forme, cache: Path | None
    ) -> None:
        self.remarks: list[Remark] = []
        self._kept = set[str]()
        self._chapters = self._notes = 0
        self._made, self._cache = made, cache
        self._issue, self._bulletin, self._layout, self._pictures = issue, bulletin, layout, pictures
        self._addresses = Addresses(bulletin.site.base_url)

    def document(self) -> dict[str, Any]:
        issue, publisher = self._issue, self._bulletin.publisher
        name = self._clean(self._bulletin.podcast.title, issue.id)
        dated = f"{issue.date:%d/%m/%Y}"
        title = "" if issue.title.startswith(self._bulletin.podcast.title) else issue.title
        large = ", bản in chữ to" if self._layout.large else ""
        return {
            "large": self._layout.large,
            "size": self._layout.size_pt,
            "colour": self._bulletin.look.colour,
            "bulletin": name,
            "headline": f"{name}, số {issue.number} ({dated}){large}",
            "title": self._clean(title, issue.id),
            "dated": f"Số {issue.number} · {dated}",
            "short": f"Số {issue.number}",
            "issued": issued(issue),
            "date": [issue.date.year, issue.date.month, issue.date.day],
            "summary": self._clean(issue.summary, issue.id),
            "publisher": self._clean(publisher.name, issue.id),
            "owner": self._clean(publisher.supplier or publisher.name, issue.id),
            "licence": self._clean(publisher.licence_number, issue.id),
            "phone": self._clean(publisher.phone, issue.id),
            "language": _language(issue.language) or "vi",
            "qr": code(self._addresses.of(issue_path(issue.id)), "Mã QR mở trang nghe của số này", cache=self._cache),
            "steps": STEPS,
            "imprint_title": "Thông tin xuất bản",
            "imprint": [[label, self._clean(text, issue.id)] for label, text in imprint_lines(issue, self._bulletin)],
        }

    def chapter(self, chapter: Chapter) -> dict[str, Any]:
        notes = {block.id: block for block in chapter.blocks if block.kind is Kind.NOTE}
        title = self._clean(" ".join(chapter.title.split()), chapter.heading_id)
        address = self._addresses.of(chapter_path(self._issue.id, chapter.id))
        qr = code(address, f"Mã QR mở trang nghe bài {title}", cache=self._cache)
        blocks = [block for block in stepped(chapter.blocks) if block.kind is not Kind.NOTE]
        self._chapters += 1
        return {
            "number": self._chapters,
            "notes": self._notes,
            "title": title,
            "author": self._clean(chapter.author, chapter.id),
            "byline": "Tác giả",
            "important": chapter.important,
            "qr": qr,
            "blocks": [self._block(block, notes, qr) for block in blocks],
        }

    def _block(self, block: Block, notes: dict[str, Block], qr: dict[str, str]) -> dict[str, Any]:
        if block.kind is Kind.TABLE and block.cells:
            return self._table(block, notes)
        runs = self._runs(block, 0, len(block.text), notes)
        if block.kind is Kind.FIGURE and block.media:
            return self._figure(block, runs, qr)
        kind = Kind.PARAGRAPH if block.kind in (Kind.TABLE, Kind.FIGURE) else block.kind  # an empty one
        return {
            "kind": str(kind),
            "level": block.level,
            "marker": self._clean(block.marker, block.id),
            "runs": runs,
        }

    def _figure(self, block: Block, runs: list[dict[str, Any]], qr: dict[str, str]) -> dict[str, Any]:
        media = block.media
        assert media  # noqa: S101 (the caller looked)
        alt = self._clean(media.alt or block.text or "Hình", block.id)
        is_clip = media.kind in (MediaKind.AUDIO, MediaKind.VIDEO)
        file, width, height = media.still if is_clip else media.file, media.width, media.height
        made: dict[str, Any] = {"runs": runs, "alt": alt, "file": self._picture(file), "qr": qr}
        if is_clip:
            seen = media.kind is MediaKind.VIDEO
            words = "Quét mã bên cạnh để xem phim này." if seen else "Quét mã bên cạnh để nghe đoạn này."
            said = [self._clean(line, block.id) for line in media.transcript.splitlines() if line.strip()]
            title = "Lời trong phim" if seen else "Lời trong đoạn âm thanh"
            return made | {"kind": "clip", "words": words, "said": said, "said_title": title}
        if not file:
            return made | {"kind": "described"}
        fits = self._layout.tallest_mm * width / height if width and height else self._layout.measure_mm
        return made | {"kind": "image", "width": round(min(self._layout.measure_mm, fits))}

    def _picture(self, file: str) -> str:
        """The picture's name beside the template; scaled to what the page shows of it."""
        if not file:
            return ""
        name = Path(file).name
        if name not in self._kept:
            self._kept.add(name)
            longest = self._layout.measure_mm * self._layout.dots_per_mm
            self._made.keep(name, scaled((self._pictures / file).read_bytes(), longest=longest, cache=self._cache))
        return name

    def _table(self, block: Block, notes: dict[str, Block]) -> dict[str, Any]:
        def runs(start: int, end: int) -> list[dict[str, Any]]:
            return self._runs(block, start, end, notes)

        made = print_table(block, runs, characters=self._layout.characters)
        if made["kind"] == "records" and not self._layout.large:
            self._remark("E-TABLE", block.id, "bảng quá rộng so với trang giấy, được in thành từng hàng một.")
        return made

    def _runs(self, block: Block, start: int, end: int, notes: dict[str, Block]) -> list[dict[str, Any]]:
        return [
            self._run(run, block.id, notes)
            for stretch in stretches(block, start=start, end=end, sentences=False)
            for run in stretch.runs
        ]

    def _run(self, run: Run, place: str, notes: dict[str, Block]) -> dict[str, Any]:
        marks = {mark.kind: mark.value for mark in run.marks}
        made: dict[str, Any] = {"text": self._clean(run.text, place)}
        made |= {name: True for name, kind in (("em", Markup.EMPHASIS), ("strong", Markup.STRONG)) if kind in marks}
        if _LINK.fullmatch(marks.get(Markup.LINK, "")):
            made["link"] = marks[Markup.LINK]
        language = _language(marks.get(Markup.LANGUAGE, ""))
        if language:
            made["lang"] = language
        note = notes.get(marks.get(Markup.FOOTNOTE, ""))
        if note:
            self._notes += 1
            made["note"] = self._runs(note, 0, len(note.text), {})
        return made

    def _clean(self, text: str, place: str) -> str:
        kept, lost = printable(text)
        if lost:
            signs = " ".join(dict.fromkeys(lost))
            self._remark("E-GLYPH", place, f"PDF không in được: {signs} (thay bằng □).")
        return kept

    def _remark(self, code: str, place: str, text: str) -> None:
        self.remarks.append(Remark(code=code, place=place, text=text))


def _language(tag: str) -> str:
    """The language of a BCP 47 tag as typst knows it; "" where it is none."""
    found = _LANGUAGE.fullmatch(tag)
    return found[1] if found else ""
