"""The one pass: rules propose spans over the printed text, the best are kept, and nothing is ever read twice.

A rule looks at the text with what stands left and right, and proposes; it never changes the text. Spans are chosen by
priority, then length, then place. What no span covers is read word by word.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+|\d+")
_STOP = re.compile(r"[.;:!?()\"]|,(?!\d)")

Rule = Callable[[str], Iterable["Span"]]
"""Text -> proposals; offsets are those of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """``text[start:end]`` is said as ``spoken`` by a rule; ``doubt`` is a remark's code where an editor should look."""

    start: int
    end: int
    spoken: str
    priority: int
    rule: str  # what an editor's sheet calls it: one of audiobook.spoken.report.RULES
    doubt: str = ""

    @classmethod
    def of(cls, match: re.Match[str], spoken: str, *, priority: int, rule: str, doubt: str = "") -> "Span":
        """All that a pattern found, as one span."""
        return cls(start=match.start(), end=match.end(), spoken=spoken, priority=priority, rule=rule, doubt=doubt)


def chosen(text: str, rules: Iterable[Rule], given: Iterable[Span] = ()) -> tuple[Span, ...]:
    """The spans that win, in order of place; they never overlap."""
    proposed = [*given, *(span for rule in rules for span in rule(text))]
    proposed.sort(key=lambda span: (-span.priority, span.start - span.end, span.start))
    taken = bytearray(len(text))
    kept = []
    for span in proposed:
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.start))


def words_before(text: str, at: int, *, count: int = 3) -> str:
    """The last few words before a place, lower case.

    >>> words_before("kỷ niệm ngày 20/10", 13)
    'kỷ niệm ngày'
    """
    return " ".join(_WORD.findall(text[max(0, at - 16 * count) : at].lower())[-count:])


def words_after(text: str, at: int, *, count: int = 3) -> str:
    """The next few words behind a place, lower case, as far as no sentence mark stands between."""
    piece = _STOP.split(text[at : at + 16 * count], maxsplit=1)[0]
    return " ".join(_WORD.findall(piece.lower())[:count])
