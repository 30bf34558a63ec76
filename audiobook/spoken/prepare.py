"""Issue -> (the issue with its sentences, its opening and its closing; the Narration; remarks). The only segmenter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audiobook.model.issue import Block, Chapter, Issue, Kind, Role
from audiobook.model.narration import Narration, Passage, Pauses, Remark, Segment, Segments, Tables, Utterance
from audiobook.model.publication import Bulletin
from audiobook.spoken.blocks import Line, Voice
from audiobook.spoken.definitions import definitions, with_definitions
from audiobook.spoken.identity import keep_ids, keep_sentence_ids
from audiobook.spoken.inline import parted
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.memory import Memory, ReadChapter, read_chapter
from audiobook.spoken.pieces import pieces
from audiobook.spoken.report import STOPPING, Item, items_of, remark_of_definition, remarks_of
from audiobook.spoken.say import Said, say
from audiobook.spoken.words import Words, facts, filled

_TABLES = Tables()
_PARTS = {Kind.HEADING: "heading", Kind.QUOTE: "quote", Kind.VERSE: "verse"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What will be said, and of what.

    ``faults`` are the doubts that must not be published unless accepted; ``items``, if they were
    wanted, what an editor's sheet lists.
    """

    issue: Issue
    narration: Narration
    remarks: tuple[Remark, ...]
    faults: tuple[Remark, ...] = ()
    items: tuple[Item, ...] = ()


def prepare(
    issue: Issue,
    *,
    bulletin: Bulletin,
    words: Words,
    pauses: Pauses,
    lexicon: Lexicon,
    previous: Issue | None = None,
    tables: Tables = _TABLES,
    with_items: bool = False,
    memory: Memory | None = None,
) -> Prepared:
    """Decide every word that will be said.

    Args:
        issue: as written, ids by position.
        bulletin: who publishes; named in the opening.
        words: what is said beside the articles.
        pauses: silence by the boundary that follows.
        lexicon: the editor's own readings.
        previous: the issue as it was published before; ids of what stayed are kept.
        tables: the largest that are read row by row.
        with_items: list what the sheet shows, which takes more room than the issue itself.
        memory: what was decided before; without it everything is decided anew.

    Raises:
        SettingsError: a template that cannot be filled.
    """
    values = facts(issue, bulletin)
    written = keep_ids(issue, previous)
    defined = definitions(written)
    chapters = (_opening(written, words, values), *written.chapters, _closing(words, values))
    count = len(issue.articles)
    notes = _Notes(
        before={block.id: block for chapter in previous.articles for block in chapter.blocks} if previous else {},
        items=[] if with_items else None,
    )
    notes.remarks.extend(remark_of_definition(each) for each in defined)
    told: list[tuple[Chapter, Passage]] = []
    index = 0
    for chapter in chapters:
        index += chapter.role is Role.ARTICLE
        own = with_definitions(lexicon, defined, article=chapter.id)
        voice = Voice(lexicon=own, words=words, tables=tables)
        told.append(
            _chapter(
                chapter,
                memory.read(chapter, voice) if memory else read_chapter(chapter, voice),
                pauses,
                announced=_announced(chapter, voice, index=index, count=count),
                author=_author(chapter, voice),
                notes=notes,
            )
        )
    return Prepared(
        issue=replace(written, chapters=tuple(chapter for chapter, _ in told)),
        narration=Narration(passages=tuple(passage for _, passage in told)),
        remarks=tuple(remark for remark in notes.remarks if remark.code not in STOPPING),
        faults=tuple(remark for remark in notes.remarks if remark.code in STOPPING),
        items=tuple(notes.items or ()),
    )


@dataclass(frozen=True, slots=True)
class _Notes:
    """What is found while reading, for the editor; ``before``: the blocks of the previous edition by their ids."""

    before: Mapping[str, Block] = field(default_factory=dict)
    items: list[Item] | None = None
    remarks: list[Remark] = field(default_factory=list)

    def renamed(self, block: Block, found: Sequence[Line]) -> tuple[Line, ...]:
        """The lines with the ids that their sentences had before."""
        kept = keep_sentence_ids(block, [line.sentence for line in found], self.before.get(block.id))
        return tuple(replace(line, sentence=sentence) for line, sentence in zip(found, kept, strict=True))

    def take(self, said: Said, text: str, *, place: str) -> None:
        self.remarks.extend(remarks_of(said, text, place=place))
        if self.items is not None:
            self.items.extend(items_of(said, text, place=place))


def speak(text: str, lexicon: Lexicon) -> str:
    """One line as it will be said.

    >>> speak("Ngày 20/11 có 03 tập thể.", Lexicon())
    'ngày hai mươi tháng mười một có ba tập thể.'
    """
    printed, given, _ = parted(text)
    said = say(printed, lexicon, given=given, mark=True)
    return " ".join(each.spoken for each in said.segments if each.spoken).rstrip(",")


def _opening(issue: Issue, words: Words, values: dict[str, str]) -> Chapter:
    said = filled(words.opening, values, place="words.opening")
    blocks = [Block(id=f"openingb{n:02d}", kind=Kind.PARAGRAPH, text=text) for n, text in enumerate(said, start=1)]
    for number, article in enumerate(issue.articles, start=1):
        title = parted(article.title)[0]
        blocks.append(
            Block(id=f"openingb{len(blocks) + 1:02d}", kind=Kind.ITEM, text=title, marker=f"{number}.", level=1)
        )
    return Chapter(id="opening", title=words.opening_title, role=Role.OPENING, blocks=tuple(blocks))


def _closing(words: Words, values: dict[str, str]) -> Chapter:
    said = filled(words.closing, values, place="words.closing")
    blocks = tuple(Block(id=f"closingb{n:02d}", kind=Kind.PARAGRAPH, text=text) for n, text in enumerate(said, start=1))
    return Chapter(id="closing", title=words.closing_title, role=Role.CLOSING, blocks=blocks)


def _announced(chapter: Chapter, voice: Voice, *, index: int, count: int) -> tuple[Segment, ...]:
    if chapter.role is not Role.ARTICLE:
        return ()
    return voice.announced(voice.words.article, {"index": str(index), "count": str(count)}, place="article")


def _author(chapter: Chapter, voice: Voice) -> tuple[Segment, ...]:
    if not chapter.author:
        return ()
    return voice.announced(voice.words.author, {"author": chapter.author}, place="author")


def _chapter(
    chapter: Chapter,
    read: ReadChapter,
    pauses: Pauses,
    *,
    announced: tuple[Segment, ...],
    author: tuple[Segment, ...],
    notes: _Notes,
) -> tuple[Chapter, Passage]:
    said = Said((*announced, *_ended(read.heading.segments), *author), read.heading.doubts)
    utterances = [_utterance(chapter.heading_id, said, pauses, part="heading", pause_ms=pauses.heading_ms)]
    notes.take(read.heading, read.title, place=chapter.heading_id)
    blocks = []
    for block in read.blocks:
        printed, found = block.printed, notes.renamed(block.printed, block.lines)
        blocks.append(replace(printed, sentences=tuple(line.sentence for line in found)))
        utterances += _utterances(printed, found, pauses)
        for line in found:
            notes.take(line.said, printed.text, place=line.sentence.id)
        if block.described and printed.media:  # said with the caption, printed nowhere
            notes.take(block.described, printed.media.alt, place=printed.id)
    last = replace(utterances[-1], pause_ms=max(pauses.chapter_ms, utterances[-1].pause_ms))
    passage = Passage(id=chapter.id, title=read.title, utterances=(*utterances[:-1], last))
    return replace(chapter, title=read.title, blocks=tuple(blocks)), passage


def _utterances(block: Block, found: Sequence[Line], pauses: Pauses) -> Iterator[Utterance]:
    spoken = [line for line in found if any(each.spoken for each in line.said.segments)]
    for position, line in enumerate(spoken):
        last = position == len(spoken) - 1
        pause_ms = _after(block, pauses) if last else _between(block, pauses)
        yield _utterance(line.sentence.id, line.said, pauses, part=_PARTS.get(block.kind, "text"), pause_ms=pause_ms)


def _after(block: Block, pauses: Pauses) -> int:
    if block.kind is Kind.HEADING:
        return pauses.heading_ms
    return pauses.item_ms if block.kind is Kind.ITEM else pauses.paragraph_ms


def _between(block: Block, pauses: Pauses) -> int:
    return pauses.line_ms if block.kind is Kind.VERSE else pauses.sentence_ms


def _utterance(sentence_id: str, said: Said, pauses: Pauses, *, part: str, pause_ms: int) -> Utterance:
    segments = _ended(said.segments)
    return Utterance(
        id=sentence_id,
        source=sentence_id,
        part=part,
        pieces=pieces(segments, at_commas=pauses.comma_ms > 0),
        segments=Segments.of(segments),
        pause_ms=pause_ms,
    )


def _ended(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same words with a full stop at the end of what is said."""
    last = max((n for n, each in enumerate(segments) if each.spoken), default=-1)
    if last < 0:
        return tuple(segments)
    words = segments[last].spoken
    ended = words if words[-1] in ".?!" else words.rstrip(",") + "."
    return (*segments[:last], replace(segments[last], spoken=ended), *segments[last + 1 :])
