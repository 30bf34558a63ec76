"""A block -> the sentences in it and what is said for each; tables row by row, figures by their description."""

from collections.abc import Sequence
from dataclasses import dataclass

from audiobook.model.issue import Block, Cell, Kind, Markup, MediaKind, Sentence
from audiobook.model.narration import Segment, Tables
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.say import Doubt, Reading, Said, say
from audiobook.spoken.sentences import sentences
from audiobook.spoken.words import Words, filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of a block and its reading; offsets are the block's."""

    sentence: Sentence
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What reading needs: the lexicon and the words beside the text."""

    lexicon: Lexicon
    words: Words
    tables: Tables

    def announced(self, template: str, values: dict[str, str], *, place: str) -> tuple[Segment, ...]:
        """A template as words without a place in the text."""
        text = " ".join(filled(template, values, place=f"words.{place}"))
        return _unprinted(say(text, self.lexicon))


def _unprinted(said: Said) -> tuple[Segment, ...]:
    """The words without a place in the text."""
    return tuple(Segment(start=0, end=0, spoken=each.spoken) for each in said.segments if each.spoken)


def lines(block: Block, given: Sequence[Segment], voice: Voice) -> tuple[Line, ...]:
    """The sentences of a block in reading order."""
    if block.kind is Kind.TABLE:
        return _table(block, given, voice)
    if block.kind is Kind.FIGURE:
        return _figure(block, given, voice)
    silent = tuple(
        Segment(start=mark.start, end=mark.end, spoken="") for mark in block.marks if mark.kind is Markup.FOOTNOTE
    )
    ranges = sentences(block.text, lines=block.kind is Kind.VERSE)
    found = []
    for number, (start, end) in enumerate(ranges, start=1):
        said = _part(block.text, start, end, (*given, *silent), voice, mark=number == 1)
        if number == 1:
            said = Said((*_before(block, voice), *said.segments), said.doubts, said.readings)
        found.append(Line(sentence=_sentence(block, number, start, end), said=said))
    return tuple(found)


def _before(block: Block, voice: Voice) -> tuple[Segment, ...]:
    """What is said before a block's first words: a note's announcement, an item's number."""
    if block.kind is Kind.NOTE:
        return voice.announced(voice.words.note, {"marker": block.marker or "thêm"}, place="note")
    if block.kind is Kind.ITEM and any(character.isalnum() for character in block.marker):
        marker = f"{block.marker.strip('().')}) x"
        spoken = say(marker, voice.lexicon, mark=True).segments[0].spoken
        return (Segment(start=0, end=0, spoken=spoken),)
    return ()


def _part(text: str, start: int, end: int, given: Sequence[Segment], voice: Voice, *, mark: bool = False) -> Said:
    """Read ``text[start:end]``; offsets of the result are the whole text's."""
    inside = [
        Segment(start=each.start - start, end=each.end - start, spoken=each.spoken)
        for each in given
        if start <= each.start and each.end <= end
    ]
    said = say(text[start:end], voice.lexicon, given=inside, mark=mark)
    return Said(
        tuple(Segment(start=s.start + start, end=s.end + start, spoken=s.spoken) for s in said.segments),
        tuple(Doubt(d.code, d.start + start, d.end + start) for d in said.doubts),
        tuple(Reading(r.start + start, r.end + start, r.spoken, r.rule) for r in said.readings),
    )


def _figure(block: Block, given: Sequence[Segment], voice: Voice) -> tuple[Line, ...]:
    alt = block.media.alt if block.media else ""
    described = _unprinted(say(alt, voice.lexicon))
    caption = _part(block.text, 0, len(block.text), given, voice)
    announcement = _announcement(block, voice)
    caption_segments = _stopped(caption.segments) if described else caption.segments
    whole = Said((*announcement, *caption_segments, *described), caption.doubts, caption.readings)
    if not (block.text or described):
        return ()
    return (Line(sentence=_sentence(block, 1, 0, len(block.text)), said=whole),)


def _announcement(block: Block, voice: Voice) -> tuple[Segment, ...]:
    """What kind of figure comes."""
    words = {
        MediaKind.CHART: voice.words.chart,
        MediaKind.VIDEO: voice.words.video,
        MediaKind.AUDIO: voice.words.audio,
    }
    kind = block.media.kind if block.media else MediaKind.IMAGE
    return voice.announced(words.get(kind, voice.words.figure), {}, place=str(kind))


def _table(block: Block, given: Sequence[Segment], voice: Voice) -> tuple[Line, ...]:
    rows: dict[int, list[Cell]] = {}
    for cell in block.cells:
        rows.setdefault(cell.row, []).append(cell)
    body = {n: cells for n, cells in rows.items() if not all(cell.header for cell in cells)}
    columns = max((cell.column + cell.columns for cell in block.cells), default=0)
    values = {"rows": str(len(body)), "columns": str(columns)}
    if len(body) > voice.tables.rows or columns > voice.tables.columns:
        announcement = voice.announced(voice.words.large_table, values, place="large_table")
        return (Line(sentence=_sentence(block, 1, 0, len(block.text)), said=Said(announcement, ())),)
    heads = {n: cells for n, cells in rows.items() if n not in body}
    found = []
    for number, (row, cells) in enumerate(sorted(rows.items()), start=1):
        start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
        if row in heads:
            announcement = voice.announced(voice.words.table, values, place="table") if number == 1 else ()
            said = _headers(block, cells, given, voice, announcement)
        else:
            said = _row(block, cells, _headings(heads), given, voice)
        found.append(Line(sentence=_sentence(block, number, start, end), said=said))
    return tuple(found)


def _headings(heads: dict[int, list[Cell]]) -> dict[int, Cell]:
    """Column -> the lowest header cell above it."""
    return {
        column: cell
        for _, cells in sorted(heads.items())
        for cell in cells
        for column in range(cell.column, cell.column + cell.columns)
    }


def _headers(
    block: Block, cells: Sequence[Cell], given: Sequence[Segment], voice: Voice, announcement: tuple[Segment, ...]
) -> Said:
    parts = [_part(block.text, cell.start, cell.end, given, voice) for cell in cells]
    return _together((*announcement, *(each for said in parts for each in _stopped(said.segments))), parts)


def _together(segments: Sequence[Segment], parts: Sequence[Said]) -> Said:
    """These words, with all that is doubtful and all that was read in the parts."""
    doubts = tuple(doubt for said in parts for doubt in said.doubts)
    return Said(tuple(segments), doubts, tuple(reading for said in parts for reading in said.readings))


def _row(
    block: Block, cells: Sequence[Cell], headings: dict[int, Cell], given: Sequence[Segment], voice: Voice
) -> Said:
    """The row's own name first, then each value behind its column's heading."""
    segments, parts = list[Segment](), list[Said]()
    for position, cell in enumerate(sorted(cells, key=lambda each: each.column)):
        said = _part(block.text, cell.start, cell.end, given, voice)
        if not any(each.spoken for each in said.segments):
            continue
        heading = headings.get(cell.column)
        if position and heading:
            named = _stopped(_part(block.text, heading.start, heading.end, given, voice).segments, mark="")
            segments += () if _says(said.segments, named) else named  # "giờ bảy giờ ba mươi" says it twice
        segments += _stopped(said.segments)
        parts.append(said)
    return _together(segments, parts)


def _says(value: Sequence[Segment], heading: Sequence[Segment]) -> bool:
    words = " ".join(each.spoken for each in value).split()
    return all(word in words for each in heading for word in each.spoken.split())


def _stopped(segments: Sequence[Segment], *, mark: str = ",") -> tuple[Segment, ...]:
    """The same words, the last one followed by a breath."""
    spoken = [each for each in segments if each.spoken]
    if not spoken:
        return ()
    last = spoken[-1]
    words = last.spoken.rstrip(",.?!") + mark
    return (*spoken[:-1], Segment(start=last.start, end=last.end, spoken=words))


def _sentence(block: Block, number: int, start: int, end: int) -> Sentence:
    return Sentence(id=f"{block.id}s{number}", start=start, end=end)
