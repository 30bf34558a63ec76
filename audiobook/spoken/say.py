"""A stretch of printed text -> segments of spoken words: clean, one pass of spans, and word by word what none covers.

Doubts have the codes that ``report`` explains.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from audiobook.foreign_words import said as foreign_word
from audiobook.model.narration import Segment
from audiobook.spoken.abbreviations import abbreviations, guessed
from audiobook.spoken.ages import ages
from audiobook.spoken.arrows import arrows
from audiobook.spoken.bare_numbers import bare_numbers
from audiobook.spoken.clean import clean
from audiobook.spoken.codes import codes
from audiobook.spoken.contacts import addresses, phones
from audiobook.spoken.dashes import dashes
from audiobook.spoken.data_tables import mapping
from audiobook.spoken.dates import dates
from audiobook.spoken.fallback import fallback
from audiobook.spoken.guard import differing
from audiobook.spoken.honorifics import honorifics
from audiobook.spoken.letters import is_syllable, old_spelling, spelled
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.marks import leftovers, list_mark, note_marks
from audiobook.spoken.measures import comparisons, measures
from audiobook.spoken.money import columns, money
from audiobook.spoken.names import letters, models
from audiobook.spoken.numbers import cardinal, digits
from audiobook.spoken.places import places
from audiobook.spoken.prefixes import prefixes
from audiobook.spoken.ranges import ranges
from audiobook.spoken.reckoning import powers, sums
from audiobook.spoken.romans import romans
from audiobook.spoken.round_notes import round_notes
from audiobook.spoken.sides import sides
from audiobook.spoken.slashes import slashes
from audiobook.spoken.spans import Rule, Span, chosen
from audiobook.spoken.times import times
from audiobook.spoken.weekdays import weekdays

_WITH_DIGITS: tuple[Rule, ...] = (
    codes, dates, weekdays, times, phones, ages, measures, money, slashes, dashes, ranges, powers, models, comparisons,
    bare_numbers, round_notes,
)  # fmt: skip
_WITH_CAPITALS: tuple[Rule, ...] = (romans, places, sides, honorifics, letters)
_ALWAYS: tuple[Rule, ...] = (columns, addresses, note_marks, leftovers, abbreviations)
_CODED = re.compile(r"[Đđ]ầu |[Mm]ã |ý hiệu|í hiệu|[Tt]hẻ ")
_DIGIT = re.compile(r"[\d½¼¾⅓⅔⅕⅛²³⁴-⁹]")
_RECKONED = re.compile(r"[+=<>÷×→⇒➔➜➞➝➙⟶⟹↔⇔⇄]|\s-\s")
_CAPITAL_OR_LETTER = re.compile(r"[A-ZĐÔ]|(?<!\w)[a-zđ](?!\w)|(?<!\w)[ivx]+\)")
_TOKEN = re.compile(r"\s+|\d+|[^\W\d_]+(?:['-][^\W\d_]+)*|.", re.DOTALL)
_MARKS = {",": ",", ";": ",", ":": ",", ".": ".", "?": "?", "!": "!", "–": ",", "(": ",", ")": ",", "[": ",", "]": ","}
_SILENT = frozenset("\"'*_#|•▪●○■□◦►➢✓✔→←↔⇒<>{}~`^=\\+-/·­‣")
_SIGNS = {
    "&": "và", "%": "phần trăm", "‰": "phần nghìn", "°": "độ", "$": "đô la", "€": "ơ rô", "@": "a còng", "§": "mục", "№": "số",
    "α": "an pha", "β": "bê ta", "γ": "gam ma", "Δ": "đen ta", "Ω": "ôm", "μ": "muy", "π": "pi", "≈": "xấp xỉ", "≠": "khác",
    "√": "căn", "±": "cộng trừ", "≤": "không quá", "≥": "từ", "©": "", "®": "", "™": "",
}  # fmt: skip
_WORD = re.compile(r"\w")
_ENDS = re.compile(r"[.?!…\"'”’»)\]]*(?:\s|$)")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What an editor should look at, by the source's offsets."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule made of ``source[start:end]``."""

    start: int
    end: int
    spoken: str
    rule: str


@dataclass(frozen=True, slots=True)
class Said:
    """Segments that tile the source, what is doubtful in them, and what was read otherwise than it is written."""

    segments: tuple[Segment, ...]
    doubts: tuple[Doubt, ...]
    readings: tuple[Reading, ...] = ()


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
    rules = (lexicon.spans, *((list_mark,) if mark else ()), *_rules(text))
    pieces: list[tuple[int, int, str]] = []
    doubts: list[Doubt] = [Doubt("S-ENCODING", 0, len(source))] if cleaned.repaired else []
    readings: list[Reading] = []
    at = 0
    for span in [*chosen(text, rules, fixed), Span(start=len(text), end=len(text), spoken="", priority=0, rule="")]:
        for token in _words(text, at, span.start):
            pieces.append((token.start, token.end, token.spoken))
            if token.doubt:
                doubts.append(Doubt(token.doubt, offsets[token.start], offsets[token.end]))
            if token.rule:
                readings.append(Reading(offsets[token.start], offsets[token.end], token.spoken, token.rule))
        if span.start < span.end:
            pieces.append((span.start, span.end, span.spoken))
            readings.append(Reading(offsets[span.start], offsets[span.end], span.spoken, span.rule))
        if span.doubt:
            doubts.append(Doubt(span.doubt, offsets[span.start], offsets[span.end]))
        at = span.end
    segments = _tidy([Segment(start=offsets[a], end=offsets[b], spoken=s) for a, b, s in pieces], len(source))
    doubts += [Doubt(code, start, end) for code, start, end in differing(_without_silent(source, given), segments)]
    return Said(segments=segments, doubts=tuple(doubts), readings=tuple(readings))


def _without_silent(source: str, given: Sequence[Segment]) -> str:
    """The text without what is silent on purpose, such as a footnote's mark."""
    for each in given:
        if not each.spoken:
            source = source[: each.start] + " " * (each.end - each.start) + source[each.end :]
    return source


def _rules(text: str) -> tuple[Rule, ...]:
    """The rules that can find something in a text: most sentences have no digit, and need few."""
    with_digits = _WITH_DIGITS if _DIGIT.search(text) else ()
    reckoned = (sums, arrows) if _RECKONED.search(text) else ()
    capitals = _WITH_CAPITALS if _CAPITAL_OR_LETTER.search(text) else ()
    coded = (prefixes,) if _CODED.search(text) else ()
    return (*with_digits, *reckoned, *capitals, *coded, *_ALWAYS)


def _placed(segment: Segment, offsets: tuple[int, ...]) -> Span:
    start = next(i for i, offset in enumerate(offsets) if offset >= segment.start)
    end = next(i for i, offset in enumerate(offsets) if offset >= segment.end)
    return Span(start=start, end=end, spoken=segment.spoken, priority=1_000_000, rule="given")


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    spoken: str
    doubt: str = ""
    rule: str = ""


def _words(text: str, start: int, end: int) -> Iterator[_Token]:
    """Every token that no span covers."""
    for match in _TOKEN.finditer(text, start, end):
        token = match[0]
        if token[0].isalpha() and token not in _SIGNS:
            yield from _spelled_word(match.start(), token)
        elif token[0].isdecimal():  # no rule took it whole: never to be lost
            said = digits(token) if token[0] == "0" or len(token) > 9 else cardinal(int(token))
            yield _Token(match.start(), match.end(), said, "S-NUMBER", "number")
        elif token.isnumeric():  # ①, ², Ⅳ: a sign for each
            said = " ".join(cardinal(round(unicodedata.numeric(each))) for each in token)
            yield _Token(match.start(), match.end(), said, "S-NUMBER", "number")
        elif token in _SIGNS:
            yield _Token(match.start(), match.end(), _SIGNS[token])
        elif token in _MARKS:
            said = _MARKS[token]
            if said == "." and not _ENDS.match(text, match.end()):
                said = ","  # a forgotten blank, or a number's own point: no sentence ends inside a word
            yield _Token(match.start(), match.end(), said)
        elif token.isspace() or token in _SILENT or _EMOJI.match(token):
            yield _Token(match.start(), match.end(), "")
        else:
            yield _Token(match.start(), match.end(), "", "S-UNKNOWN", "unknown")


_HYPHEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def _spelled_word(start: int, token: str) -> Iterator[_Token]:
    """A word; of words joined by hyphens each by itself, unless the table knows them together."""
    whole = _word(token)
    if whole[2] != "apart":
        yield _Token(start, start + len(token), *whole)
        return
    at = 0
    for part in _HYPHEN.finditer(token):
        yield _Token(start + at, start + part.end(), *_word(part[0]))
        at = part.end()


@lru_cache(maxsize=20_000)
def _word(token: str) -> tuple[str, str, str]:
    """(what is said, doubt, rule)."""
    lower = token.lower()
    foreign = foreign_word(lower)
    if foreign:
        return foreign, "", "foreign"
    if "-" in token:
        return "", "", "apart"
    if is_syllable(lower) and not (token.isupper() and _STOPPED.fullmatch(lower)):
        return sys.intern(old_spelling(lower)), "", ""
    if len(token) > 1 and token in mapping("units") and not token.isupper():
        return mapping("units")[token], "", "measure"
    return _unknown(token, lower)


_VOWEL = "aeiouyà-ýăĩũơưạ-ỹ"
_STOPPED = re.compile(rf"[^{_VOWEL}]*[aeiouy]{{1,2}}(?:c|ch|p|t)")
"""Such a syllable has a tone mark in Vietnamese, so that in capitals without one it is letters: VAC."""
_SAYABLE = re.compile(
    rf"(?:[^{_VOWEL}]{{0,2}}[{_VOWEL}]{{1,3}})+(?:[^{_VOWEL}]|ng|nh|ch|th|sh|ck|nd|nt|st|rt|rd|rk|ss|ll|ts)?"
)


def _is_spelled(lower: str) -> bool:
    """Short capitals that nobody could say as a word: COPD, HĐT."""
    return bool(_STOPPED.fullmatch(lower)) or (len(lower) < 6 and not _SAYABLE.fullmatch(lower))


def _unknown(token: str, lower: str) -> tuple[str, str, str]:
    """A word that is neither Vietnamese nor in a table."""
    if token.isupper() and (made := guessed(token)):
        return made, "S-GUESS", "abbreviation"
    if len(token) == 1 or (token.isupper() and _is_spelled(lower)):
        return spelled(token), "S-UNKNOWN", "unknown"
    if any(ord(letter) > 0x24F and not 0x1E00 <= ord(letter) < 0x1F00 and letter != "'" for letter in lower):
        return "", "S-UNKNOWN", "unknown"
    said, known = fallback(token)
    if known:
        return said, "S-FOREIGN", "foreign"
    if not token.isupper() and len(token) > 2 and re.search("[aeiouyăâêôơưà-ỹ]", lower):
        return old_spelling(re.sub(r"[^a-zà-ỹđăâêôơư]", "", lower)), "S-SPELLING", "spelling"
    return said, "S-UNKNOWN", "unknown"


def _tidy(segments: list[Segment], length: int) -> tuple[Segment, ...]:
    """Join what says nothing to its neighbour, keep one mark where several meet, and none at the beginning."""
    joined: list[Segment] = []
    pending = 0  # where a silent beginning began
    for segment in segments:
        spoken = segment.spoken
        if "  " in spoken or spoken != spoken.strip():
            spoken = " ".join(spoken.split())
        if not _WORD.search(spoken):
            if joined:
                joined[-1] = _longer(joined[-1], segment.end, spoken)
            continue
        # a bulletin repeats its words: kept once
        joined.append(Segment(start=joined[-1].end if joined else pending, end=segment.end, spoken=sys.intern(spoken)))
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
