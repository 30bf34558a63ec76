"""(P) and (T) of eyes, ears and limbs -> phải, trái; "mắt P 8/10", "MP 8/10, MT 9/10"; P. of a ward is none."""

import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.cues import forms
from audiobook.spoken.spans import Span

PRIORITY = 56

_SIDE = re.compile(
    r"\((?P<paren>P|T)\)|(?<![\w./-])(?P<eye>MP|MT)(?=\s?[:=]?\s?[-+]?\d)"
    r"|(?<=\s)(?P<bare>P|T)(?=[,;.]|\s?$|\s?[:=]?\s?[-+]?\d{1,2}[/,.]\d)"
)
_BOTH = re.compile(r"\(P\).*\(T\)|\(T\).*\(P\)|(?<!\w)MP(?!\w).*(?<!\w)MT(?!\w)")
_TOLD = re.compile(r"\s?[:=]?\s?[-+]?\d")
_OTHER = re.compile(r"(?<!\w)[PT]\)?\s?[:=]?\s?[-+\d/,.]+\s?(?:[,;]|và)\s$")
_SAID = {"P": "phải", "T": "trái", "MP": "mắt phải", "MT": "mắt trái"}


def sides(text: str) -> Iterator[Span]:
    """Every letter that tells the right from the left."""
    for match in _SIDE.finditer(text):
        letters = match["paren"] or match["eye"] or match["bare"]
        if _is_side(match, text):
            yield Span.of(match, _SAID[letters], priority=PRIORITY, rule="letters")


def _is_side(match: re.Match[str], text: str) -> bool:
    """In brackets and of eyes it may stand far from the word; alone it stands right behind it."""
    organ = _organ().search(text, max(0, match.start() - 48), match.start())
    if match["bare"]:
        return organ is not None and (len(organ["behind"].split()) < 2 or bool(_OTHER.search(text[: match.start()])))
    return organ is not None or bool(_BOTH.search(text) and _TOLD.match(text, match.end()))


@cache
def _organ() -> re.Pattern[str]:
    """The last one before a place."""
    named = "|".join(forms("sided"))
    return re.compile(rf"(?<!\w)(?:{named})(?P<behind>(?!\w)(?:(?!(?<!\w)(?:{named})(?!\w))[^.;!?])*)$", re.IGNORECASE)
