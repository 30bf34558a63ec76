"""Words of the manuscript = words of the issue + what is listed as left out: nothing disappears silently.

A word is what stands between blanks and has a letter or a digit. How many there are in the file is counted by code of
its own (``Source.words``: docx_count.py, html_count.py and the like); here are the other side and the reasons.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audiobook.manuscripts.source import Omission, SourceBlock
from audiobook.model.issue import Block, Issue, Mark, Markup
from audiobook.model.narration import Remark

REASONS = {
    "M-BEFORE": "đứng trước bài đầu tiên",
    "M-LETTERHEAD": "đầu thư",
    "M-SIGNATURE": "chữ ký, nơi nhận",
    "M-CONTENTS": "mục lục",
    "M-RUNNING": "đầu trang, chân trang, số trang",
    "M-DELETED": "đã xóa (theo dõi thay đổi)",
    "M-HIDDEN": "chữ ẩn",
    "M-COMMENT": "lời nhận xét",
    "M-REPEATED": "bản lặp lại của khung chữ",
    "M-NOTE": "chú thích không có chỗ gọi",
    "M-FRAME": "khung trang web, không thuộc bài",
    "M-PICTURE": "hình không lấy được",
    "M-CLIP": "âm thanh, phim trong trang",
    "M-NAMED": "tên tệp âm thanh, phim; lời mô tả được đọc cùng phim",
    "M-DECOR": "hình trang trí",
    "M-TITLE": "tên số báo, ghi ở chỗ khác",
    "M-RETITLED": "tên bài cũ, đã đổi",
    "M-LABEL": "nhãn trước tên tác giả",
    "M-EDITOR": "biên tập viên bỏ",
}
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """``words_in`` in the file; ``words_out`` in the issue, without those that we added; ``left_out`` by reason."""

    words_in: int
    words_out: int
    left_out: tuple[Omission, ...]

    @property
    def missing(self) -> int:
        """How many words are neither in the issue nor listed (less than 0: stand there more often than in the file)."""
        return self.words_in - self.words_out - sum(words(each.text) for each in self.left_out)


def words(text: str) -> int:
    """How many words a text has.

    >>> words("Kế hoạch – 15/KH-UBND , số 3.")
    5
    """
    return sum([each.isalnum() or not _NO_WORD.fullmatch(each) for each in text.split()])


def words_of(block: Block | SourceBlock) -> int:
    """How many words of the manuscript a block holds: its text without the numbers of footnotes, which we wrote."""
    return words(_without_references(block.text, block.marks))


def _without_references(text: str, marks: Sequence[Mark]) -> str:
    for mark in sorted(marks, key=lambda mark: -mark.start):
        if mark.kind is Markup.FOOTNOTE:
            text = text[: mark.start] + text[mark.end :]
    return text


def words_of_issue(issue: Issue) -> int:
    """How many words stand in the articles, their titles and authors."""
    return sum(
        words(chapter.title) + words(chapter.author) + sum(map(words_of, chapter.blocks)) for chapter in issue.chapters
    )


def remarks_of(account: Account) -> tuple[Remark, ...]:
    """One remark for each reason: where it stands, how much it is, how it begins; and one where the sum is wrong."""
    by_code: dict[str, list[Omission]] = {}
    for omission in account.left_out:
        by_code.setdefault(omission.code, []).append(omission)
    told = [Remark(code=code, place=places(group), text=_told(code, group)) for code, group in by_code.items()]
    if account.missing:
        text = f"{abs(account.missing)} chữ của tệp {'không thấy ở đâu' if account.missing > 0 else 'đọc hai lần'}."
        told.append(Remark(code="M-COUNT", place="cả tệp", text=f"{text} Hãy so bản thảo với audiobook check."))
    return tuple(told)


def places(omissions: Iterable[Omission]) -> str:
    """Where they stand: the first and the last place."""
    found = list(dict.fromkeys(each.place for each in omissions if each.place))
    return found[0] if len(found) < 2 else f"{found[0]} … {found[-1]}" if found else ""


def _told(code: str, group: Sequence[Omission]) -> str:
    count = sum(words(each.text) for each in group)
    pictures = sum(each.picture for each in group)
    amount = ", ".join(filter(None, (f"{count} chữ" if count else "", f"{pictures} hình" if pictures else "")))
    begins = unicodedata.normalize("NFC", " ".join(" ".join(each.text for each in group[:5]).split()))[:60]
    return f"không đọc {amount or 'phần này'} ({REASONS[code]})" + (f": {begins!r}" if begins else ".")
