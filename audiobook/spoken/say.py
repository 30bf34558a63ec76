"""A stretch of printed text -> segments of spoken words: clean, one pass of spans, and word by word what none covers.

Doubts have the codes that ``report`` explains.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiobook.model.narration import Segment
from audiobook.spoken.abbreviations import abbreviations, addresses, foreign, list_mark, places, romans
from audiobook.spoken.clean import clean
from audiobook.spoken.codes import codes
from audiobook.spoken.dates import dates, slashed, times
from audiobook.spoken.letters import is_syllable, old_spelling, spelled
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.measures import measures, phones, plain_numbers, ranges
from audiobook.spoken.spans import Span, chosen

RULES = (
    addresses, codes, dates, times, phones, measures, slashed, ranges, romans, places, abbreviations, foreign, plain_numbers,
)  # fmt: skip
_TOKEN = re.compile(r"\s+|[^\W\d_]+(?:['][^\W\d_]+)*|.", re.DOTALL)
_MARKS = {",": ",", ";": ",", ":": ",", ".": ".", "?": "?", "!": "!", "–": ",", "(": ",", ")": ",", "[": ",", "]": ","}
_SILENT = "\"'*_#|•▪●○→<>{}~`^=\\+-/"
_SIGNS = {"&": "và", "%": "phần trăm", "°": "độ", "$": "đô la", "@": "a còng", "§": "mục", "№": "số"}
_WORD = re.compile(r"\w")
_ENDS = re.compile(r"[.?!…\"'”’»)\]]*(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What an editor should look at, by the source's offsets."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """Segments that tile the source, and what is doubtful in them."""

    segments: tuple[Segment, ...]
    doubts: tuple[Doubt, ...]


def say(source: str, lexicon: Lexicon, *, given: Sequence[Segment] = (), mark: bool = False) -> Said:
    """Read a text.

    Args:
        source: printed text, one sentence or less.
        lexicon: what stands above the rules.
        given: ranges whose words are given already (an inline override; a footnote mark, said as nothing).
        mark: whether the text begins a line, where a dash or "a)" is a list mark.
    """
    cleaned = clean(source)
    text, offsets = cleaned.text, cleaned.offsets
    fixed = [_placed(each, offsets) for each in given]
    rules = (lexicon.spans, *((list_mark,) if mark else ()), *RULES)
    pieces: list[tuple[int, int, str]] = []
    doubts: list[Doubt] = []
    at = 0
    for span in [*chosen(text, rules, fixed), Span(start=len(text), end=len(text), spoken="", priority=0)]:
        for start, end, spoken, doubt in _words(text, at, span.start):
            pieces.append((start, end, spoken))
            if doubt:
                doubts.append(Doubt(doubt, offsets[start], offsets[end]))
        if span.start < span.end:
            pieces.append((span.start, span.end, span.spoken))
        if span.doubt:
            doubts.append(Doubt(span.doubt, offsets[span.start], offsets[span.end]))
        at = span.end
    segments = [Segment(start=offsets[a], end=offsets[b], spoken=spoken) for a, b, spoken in pieces]
    return Said(segments=_tidy(segments, len(source)), doubts=tuple(doubts))


def _placed(segment: Segment, offsets: tuple[int, ...]) -> Span:
    start = next(i for i, offset in enumerate(offsets) if offset >= segment.start)
    end = next(i for i, offset in enumerate(offsets) if offset >= segment.end)
    return Span(start=start, end=end, spoken=segment.spoken, priority=1_000_000)


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, spoken, doubt) of every token that no span covers."""
    for match in _TOKEN.finditer(text, start, end):
        token = match[0]
        spoken, doubt = "", ""
        if token[0].isalpha():
            spoken, doubt = _word(token)
        elif token in _SIGNS:
            spoken = _SIGNS[token]
        elif token in _MARKS:
            spoken = _MARKS[token]
            if spoken == "." and not _ENDS.match(text, match.end()):
                spoken = ","  # a forgotten blank, or a number's own point: no sentence ends inside a word
        elif not token.isspace() and token not in _SILENT:
            doubt = "S-UNKNOWN"
        yield match.start(), match.end(), spoken, doubt


def _word(token: str) -> tuple[str, str]:
    lower = token.lower()
    if is_syllable(lower):
        return old_spelling(lower), ""
    vowels = re.search("[aeiouyăâêôơư]", lower)
    if token.isupper() or len(token) < 3 or not vowels:
        return spelled(token), "S-UNKNOWN"
    if all(ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00 for letter in lower):
        return old_spelling(re.sub(r"[^a-zà-ỹđ]", "", lower)), "S-FOREIGN"
    return "", "S-UNKNOWN"


def _tidy(segments: list[Segment], length: int) -> tuple[Segment, ...]:
    """Join what says nothing to its neighbour, keep one mark where several meet, and none at the beginning."""
    joined: list[Segment] = []
    pending = 0  # where a silent beginning began
    for segment in segments:
        spoken = sys.intern(" ".join(segment.spoken.split()))  # a bulletin repeats its words: kept once
        if not _WORD.search(spoken):
            if joined:
                joined[-1] = _longer(joined[-1], segment.end, spoken)
            continue
        joined.append(Segment(start=joined[-1].end if joined else pending, end=segment.end, spoken=spoken))
    if not joined:
        return (Segment(start=0, end=length, spoken=""),) if length else ()
    joined[-1] = Segment(start=joined[-1].start, end=length, spoken=joined[-1].spoken)
    return tuple(joined)


def _longer(segment: Segment, end: int, mark: str) -> Segment:
    words = segment.spoken
    if mark:
        strongest = max((words[-1] if words[-1] in ",.?!" else "", mark[-1]), key=" ,.!?".find)
        words = words.rstrip(",.?!") + strongest
    return Segment(start=segment.start, end=end, spoken=words)
