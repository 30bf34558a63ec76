"""Blocks without heading styles -> the same blocks, those that look like headings made headings, with a confidence.

Offices print a title in capitals, bold, in the middle, short and without a full stop, often with "Phần", "Chương",
"Mục", "I.", "1." before it. Each sign has a weight; the sum becomes a percentage that the editor is shown.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audiobook.manuscripts.source import Look, SourceBlock
from audiobook.manuscripts.text import moved
from audiobook.model.issue import Kind, Markup

_LONGEST, _MOST_WORDS = 160, 28
_ENOUGH = 4.0
_NUMBERED = (
    (re.compile(r"(?:phần|chương|bài)\s+(?:thứ\s+\S+|[IVXLC]+|\d+)\b", re.IGNORECASE), 4.0, "Phần, Chương, Bài"),
    (re.compile(r"(?:mục|điều|chuyên mục|chuyên đề)\s+(?:[IVXLC]+|\d+)\b", re.IGNORECASE), 3.0, "Mục, Điều"),
    (re.compile(r"[IVXLC]{1,6}\s*[./)–-]\s*\S"), 2.5, "số La Mã"),
    (re.compile(r"\d{1,2}\s*[.)]\s*\D"), 0.75, "đánh số"),
)
_ENDS = tuple(".;,")
_SUBTITLE = re.compile(r"(?:về việc|v/v|về\s)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    at: int
    score: float
    evidence: str
    rank: tuple[float, ...]  # smaller: stands higher


def found(blocks: Sequence[SourceBlock]) -> tuple[SourceBlock, ...]:
    """The blocks with headings where they look like it; those that have headings by style are left as they are."""
    if any(block.kind is Kind.HEADING for block in blocks):
        return tuple(blocks)
    usual = _usual_size(blocks)
    candidates = [each for n in range(len(blocks)) if (each := _candidate(blocks, n, usual))]
    levels = {rank: level for level, rank in enumerate(sorted({each.rank for each in candidates}), start=1)}
    made = list(blocks)
    for each in candidates:
        made[each.at] = replace(
            blocks[each.at],
            kind=Kind.HEADING,
            level=min(levels[each.rank], 6),
            marks=tuple(mark for mark in blocks[each.at].marks if mark.kind is not Markup.STRONG),
            confidence=_percent(each.score),
            evidence=each.evidence,
        )
    return _joined(made)


def _usual_size(blocks: Sequence[SourceBlock]) -> float:
    """The size in which most of the text is printed."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        if block.look and block.look.size_pt:
            sizes[block.look.size_pt] += len(block.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _candidate(blocks: Sequence[SourceBlock], at: int, usual: float) -> _Candidate | None:
    block = blocks[at]
    text = block.text.replace("\n", " ").strip()
    if block.kind not in (Kind.PARAGRAPH, Kind.ITEM) or block.look is None or block.aside or not _short(text):
        return None
    following = next((each for each in blocks[at + 1 : at + 4] if each.text or each.shows), None)
    if following is None:
        return None  # nothing stands under it
    score, evidence = _score(text, block.look, usual, numbered=bool(block.marker) and block.marker[-1:] in ".)")
    if len(following.text) > len(text) or following.kind in (Kind.FIGURE, Kind.TABLE):
        score += 0.75
    if block.look.bold and following.look and not following.look.bold:
        score += 0.75
    if score < _ENOUGH:
        return None
    return _Candidate(at=at, score=score, evidence=", ".join(evidence), rank=_rank(block, text, block.look))


def _short(text: str) -> bool:
    return 2 <= len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS and bool(_LETTERS.search(text))


def _score(text: str, look: Look, usual: float, *, numbered: bool) -> tuple[float, list[str]]:
    signs: list[tuple[bool, float, str]] = [
        (look.bold, 2.0, "in đậm"),
        (is_capitals(text), 2.0, "chữ hoa"),
        (look.centred, 1.25, "căn giữa"),
        (bool(usual) and look.size_pt > usual * 1.1, 2.0, "chữ lớn"),
        (look.apart, 0.5, "đứng riêng"),
        (look.italic and not look.bold, -1.5, ""),
        (numbered, 0.75, "đánh số"),
        (not text.endswith(_ENDS), 0.75, ""),
        (text.endswith("."), -2.0, ""),
        (text.endswith((";", ",")), -3.0, ""),
        (len(text) > 90, -0.75, ""),
    ]
    pattern = next(((weight, name) for form, weight, name in _NUMBERED if form.match(text)), None)
    if pattern:
        signs.append((True, *pattern))
    return sum(weight for said, weight, _ in signs if said), [name for said, _, name in signs if said and name]


def is_capitals(text: str) -> bool:
    """Whether a line is printed in capitals (a few small letters, as in "và", do not count)."""
    letters = _LETTERS.findall(text)
    return len(letters) >= 3 and sum(letter.isupper() for letter in letters) >= 0.9 * len(letters)


def _rank(block: SourceBlock, text: str, look: Look) -> tuple[float, ...]:
    """Headings that look alike have one level: by size, then by numbering, then capitals, then the middle."""
    numbering = next((n for n, (form, _, _) in enumerate(_NUMBERED) if form.match(text)), 1.5)
    if block.marker and block.marker[-1:] in ".)":
        numbering = 2 if re.match(r"[IVXLC]+[.)]", block.marker) else 3
    return (-round(look.size_pt), numbering if numbering != 1.5 else 1.5, not is_capitals(text), not look.centred)


def _percent(score: float) -> int:
    """A score as a percentage: 60 where it is just enough, near 100 where every sign is there."""
    return min(99, round(60 + (score - _ENOUGH) * 12))


def _joined(blocks: Sequence[SourceBlock]) -> tuple[SourceBlock, ...]:
    """A title that was typed as two paragraphs is one: the same level, or a second line "Về việc …"."""
    joined: list[SourceBlock] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and last.kind is Kind.HEADING and block.kind in (Kind.HEADING, Kind.PARAGRAPH) and _go_on(last, block):
            text = f"{last.text} {block.text}"
            marks = (*last.marks, *moved(block.marks, len(last.text) + 1))
            joined[-1] = replace(last, text=text, marks=marks)
            continue
        joined.append(block)
    return tuple(joined)


def _go_on(last: SourceBlock, block: SourceBlock) -> bool:
    """Whether a block is the second line of the title before it."""
    if len(last.text) + len(block.text) > _LONGEST or block.marker or block.look is None or block.look.apart:
        return False
    if _SUBTITLE.match(block.text) and (block.look.centred or block.look.bold):
        return True
    alike = block.kind is Kind.HEADING and block.level == last.level
    return (
        alike
        and not any(form.match(block.text) for form, _, _ in _NUMBERED)
        and not last.text.endswith((".", "?", "!"))
    )


_RUN_IN = re.compile(
    r"(?:Thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)|Một là|Hai là|Ba là|Bốn là|Năm là)\b[^:.\n]{0,120}[:.]\s"
)


def run_in(block: SourceBlock) -> int:
    """Where a heading ends that runs into its paragraph ("Thứ nhất, về đất đai: …"); 0 where there is none.

    It is offered to the editor and never made without asking.
    """
    if block.kind is not Kind.PARAGRAPH or len(block.text) < 30:
        return 0
    said = _RUN_IN.match(block.text)
    if said:
        return said.end()
    strong = [mark.end for mark in block.marks if mark.kind is Markup.STRONG and mark.start == 0]
    end = max(strong, default=0)
    short = 8 <= end <= 120 and len(block.text) > end + 20
    return end if short and block.text[:end].rstrip().endswith((".", ":")) else 0
