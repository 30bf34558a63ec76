"""Source + an editor's decisions -> the plan of the issue: its articles, their headings, what is left out."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audiobook.errors import NoChapters
from audiobook.manuscripts.asides import set_aside
from audiobook.manuscripts.decisions import FIRST, Decision, key, matched
from audiobook.manuscripts.headings import found, run_in
from audiobook.manuscripts.source import Omission, Source, SourceBlock
from audiobook.manuscripts.text import cut, one_line
from audiobook.model.issue import Kind
from audiobook.model.narration import Remark

_SURE = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line of the outline that an editor is shown. ``level`` 1: an article; 0: no heading (left out, or offered)."""

    block: SourceBlock
    title: str
    level: int
    left_out: str = ""  # the reason's code
    offered: bool = False  # it may be a heading, if the editor wants it


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A heading and what stands under it; headings inside carry their level below the article's (2 to 6)."""

    heading: SourceBlock
    title: str
    body: tuple[SourceBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What the issue will be made of."""

    title: SourceBlock | None  # a heading that stands alone above all others
    articles: tuple[Article, ...]
    parts: tuple[Part, ...]
    omissions: tuple[Omission, ...]
    remarks: tuple[Remark, ...]


def outline(source: Source, decisions: Sequence[Decision] = (), *, file: Path) -> Outline:
    """Decide which headings begin an article, and what is no part of any.

    Every article begins at a heading of the shallowest level that is used for articles; a single heading above all
    others is the issue's title; what stands before the first article, and what was set aside, is left out. A file
    without any heading is one article. What the editor decided stands above all of this.

    Raises:
        NoChapters: no article is left.
    """
    blocks = found(set_aside(source.blocks))
    decided, lost = matched(decisions, blocks)
    title_at, levelled = _levelled(blocks, decided)
    sorting = _Sorting(title_at=title_at)
    for n, block in levelled:
        sorting.take(n, _weighed(block, decided.get(n)), decided.get(n))
    articles = _ordered(_articles(sorting.kept))
    if not articles:
        raise NoChapters(
            "không thấy bài nào.",
            thing=file,
            advice="Đặt kiểu Heading 1 cho tiêu đề mỗi bài (Word) hoặc dấu # ở đầu dòng (Markdown).",
        )
    return Outline(
        title=blocks[title_at] if title_at is not None else None,
        articles=tuple(article for article, _ in articles),
        parts=_in_order(sorting.parts, [article for article, _ in articles]),
        omissions=tuple(sorting.omissions),
        remarks=(*_doubts(sorting.parts), *_lost(lost)),
    )


@dataclass(slots=True, kw_only=True)
class _Sorting:
    """What is kept and what is left out, as the blocks pass by."""

    title_at: int | None
    kept: list[tuple[SourceBlock, Decision | None]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    _leaving: int = 0  # the level of a heading that the editor leaves out, with all that stands under it

    def take(self, n: int, block: SourceBlock, decision: Decision | None) -> None:
        """Keep a block, or leave it out with its reason."""
        heading = block.kind is Kind.HEADING and not block.aside
        if heading and block.level <= self._leaving:
            self._leaving = 0
        under = bool(self._leaving)
        reason = "M-EDITOR" if under else self._reason(n, block, decision, heading=heading)
        if reason == "M-EDITOR" and heading and not under:
            self._leaving = block.level
        if reason and reason != "M-TITLE":
            self.omissions.append(Omission(code=reason, place=block.place, text=block.text, picture=block.shows))
        elif not reason:
            self.kept.append((block, decision))
        if not under:
            self.parts += _shown(block, decision, reason)

    def _reason(self, n: int, block: SourceBlock, decision: Decision | None, *, heading: bool) -> str:
        """Why a block is left out; "" where it is not."""
        if decision and decision.read is False:
            return "M-EDITOR"
        if n == self.title_at:
            return "M-TITLE"
        if block.aside and not (decision and decision.read):
            return block.aside
        begins = heading and block.level == 1
        return "M-BEFORE" if not self.kept and not begins and (block.text or block.shows) else ""


def _levelled(
    blocks: Sequence[SourceBlock], decided: dict[int, Decision]
) -> tuple[int | None, list[tuple[int, SourceBlock]]]:
    """Every block with its level below the article's: 1 an article, 2 to 6 a heading inside, 0 no heading."""
    article_level, title_at = _article_level(blocks)
    if title_at in decided and decided[title_at].level is not None:
        title_at = None
    levelled = []
    for n, block in enumerate(blocks):
        decision = decided.get(n)
        if decision and decision.level is not None:
            levelled += [(n, each) for each in _by_decision(block, decision.level)]
        elif block.kind is Kind.HEADING:
            levelled.append((n, replace(block, level=min(6, max(1, block.level - article_level + 1)))))
        else:
            levelled.append((n, block if block.kind is Kind.ITEM else replace(block, level=0)))
    if not any(each.kind is Kind.HEADING and each.level == 1 for _, each in levelled):
        return title_at, _as_one(levelled)
    return title_at, levelled


def _by_decision(block: SourceBlock, level: int) -> list[SourceBlock]:
    """A paragraph as the heading that the editor wants it to be (a run-in heading is cut off); or a heading as none."""
    if level == 0:
        return [replace(block, kind=Kind.PARAGRAPH, level=0, aside="")]
    heading = replace(block, kind=Kind.HEADING, level=level, confidence=100, evidence="biên tập viên", aside="")
    end = run_in(block)
    if not end:
        return [heading]
    rest = block.text[end:]
    start = end + len(rest) - len(rest.lstrip())
    return [
        replace(heading, text=block.text[:end].rstrip(), marks=cut(block.marks, 0, len(block.text[:end].rstrip()))),
        replace(block, level=0, text=block.text[start:], marks=cut(block.marks, start, len(block.text))),
    ]


def _as_one(levelled: list[tuple[int, SourceBlock]]) -> list[tuple[int, SourceBlock]]:
    """No heading at all: the file is one article, its first short line the title."""
    for at, (n, block) in enumerate(levelled):
        if block.aside or block.kind in (Kind.TABLE, Kind.FIGURE) or not block.text:
            continue
        short = len(block.text) <= 120 and any(each.text and not each.aside for _, each in levelled[at + 1 :])
        if short:
            levelled[at] = (n, replace(block, kind=Kind.HEADING, level=1, confidence=30, evidence="dòng đầu"))
        break
    return levelled


def _article_level(blocks: Sequence[SourceBlock]) -> tuple[int, int | None]:
    """The level of articles' headings, and where the issue's own title stands."""
    headings = [(n, block) for n, block in enumerate(blocks) if block.kind is Kind.HEADING and not block.aside]
    if not headings:
        return 1, None
    counts = Counter(block.level for _, block in headings)
    first, block = headings[0]
    shallowest = min(counts)
    deeper = [level for level in counts if level > shallowest]
    if counts[shallowest] == 1 and block.level == shallowest and deeper and counts[min(deeper)] > 1:
        return min(deeper), first
    return shallowest, None


def _shown(block: SourceBlock, decision: Decision | None, reason: str) -> list[Part]:
    """Headings, what is left out and what may be a heading are shown; ordinary paragraphs are not."""
    title = (decision.title if decision else "") or one_line(block.text)
    if reason:
        return [Part(block=block, title=title, level=0, left_out=reason)]
    if block.kind is Kind.HEADING:
        return [Part(block=block, title=title, level=block.level)]
    end = run_in(block)
    return [Part(block=block, title=one_line(block.text[:end]), level=0, offered=True)] if end else []


def _in_order(parts: Sequence[Part], articles: Sequence[Article]) -> tuple[Part, ...]:
    """The parts in the order of the articles that they belong to; of a contents list only the first line is shown."""
    groups: list[list[Part]] = [[]]
    for part in parts:
        if part.level == 1:
            groups.append([])
        repeated = groups[-1] and part.left_out == groups[-1][-1].left_out == "M-CONTENTS"
        groups[-1] += [] if repeated else [part]
    places = {id(article.heading): n for n, article in enumerate(articles)}
    ordered = sorted(groups[1:], key=lambda group: places[id(group[0].block)])
    return tuple(part for group in (groups[0], *ordered) for part in group)


def _articles(kept: Sequence[tuple[SourceBlock, Decision | None]]) -> list[tuple[Article, Decision | None]]:
    starts = [n for n, (block, _) in enumerate(kept) if block.kind is Kind.HEADING and block.level == 1]
    made = []
    for start, end in itertools.pairwise([*starts, len(kept)]):
        heading, decision = kept[start]
        title = (decision.title if decision else "") or _titled(heading)
        body = tuple(_renamed(block, own) for block, own in kept[start + 1 : end])
        if decision and decision.important is False:
            body = tuple(replace(block, important=False) for block in body)
        made.append((Article(heading=heading, title=title, body=body), decision))
    return made


def _weighed(block: SourceBlock, decision: Decision | None) -> SourceBlock:
    """A heading or paragraph as important as the editor says; where nothing was said, as the manuscript does."""
    if decision is None or decision.important is None:
        return block
    return replace(block, important=decision.important)


def _titled(heading: SourceBlock) -> str:
    """A heading as it is printed: with the number that Word writes before it."""
    return one_line(f"{heading.marker} {heading.text}" if heading.marker.strip("–•- ") else heading.text)


def _renamed(block: SourceBlock, decision: Decision | None) -> SourceBlock:
    if block.kind is not Kind.HEADING:
        return block
    if not (decision and decision.title):
        return block
    return replace(block, text=decision.title, marks=(), printed=block.text)


def _ordered(articles: list[tuple[Article, Decision | None]]) -> list[tuple[Article, Decision | None]]:
    """Each article that shall stand behind another is moved there, in the order of the manuscript."""
    ordered = list(articles)
    for each in articles:
        after = each[1].after if each[1] else ""
        if not after:
            continue
        rest = [other for other in ordered if other is not each]
        ahead = next((n for n, (other, _) in enumerate(rest) if key(other.heading.text) == key(after)), None)
        if after == FIRST:
            ordered = [each, *rest]
        elif ahead is not None:
            ordered = [*rest[: ahead + 1], each, *rest[ahead + 1 :]]
    return ordered


def _doubts(parts: Sequence[Part]) -> list[Remark]:
    """Headings that were told by their look, and paragraphs that may begin with one."""
    told = []
    for part in parts:
        block = part.block
        if part.level and block.confidence < 100:
            sure = f"{block.confidence}% ({block.evidence})"
            doubt = "" if block.confidence >= _SURE else " Hãy xem lại."
            text = f"xem là {'bài' if part.level == 1 else 'mục'} {part.title[:60]!r}, chắc {sure}.{doubt}"
            told.append(Remark(code="M-HEADING", place=block.place, text=text))
        elif part.offered:
            told.append(Remark(code="M-RUNIN", place=block.place, text=f"có thể là tiêu đề mục: {part.title[:60]!r}."))
    return told


def _lost(decisions: Sequence[Decision]) -> list[Remark]:
    return [
        Remark(code="M-DECISION", place="outline.toml", text=f"không còn đoạn nào bắt đầu bằng {each.text[:60]!r}.")
        for each in decisions
    ]
