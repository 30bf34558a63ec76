"""What a line begins with, and marks inside it -> silence or words: dashes, bullets, a), 1.2., [2], (*)."""

import re
from collections.abc import Iterator

from audiobook.spoken.letters import spelled
from audiobook.spoken.numbers import cardinal, roman
from audiobook.spoken.spans import Span

LIST, NOTE = 96, 97

_LIST_MARK = re.compile(
    r"\s*(?:(?P<silent>(?:[-–+*•▪●○■□◦‣►➢✓✔→·]|>(?!\s*\d)|o(?=\s[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ])|[\uf000-\uf0ff])+)\s+|(?P<silent2>[-–+*•]+)(?=[^\W\d_]|0\d\s)"
    r"|(?P<letter>[a-zA-ZđĐ])(?:[)]|(?<![PQHXTĐIV])\.(?=\s\S))\s*(?=\S)|(?P<roman>(?!X\.\s[A-ZĐ][^\W\dA-Z])[IVX]{1,5})(?:[.)]|/?-|\s?[-–/])\s+(?=\S)|(?P<parts>[IVX]{1,5}(?:\.\d{1,2})+)[.)]?\s+(?=\S)"
    r"|(?P<steps>\d{1,2}(?:\.\d{1,2})+)\.?\)?\s+(?=[^\W\d_])|(?P<paren>\(\d{1,2}\)|\([a-z]\))\s*|(?P<number>\d{1,2})(?:[.)]|\s?/)\s+(?=\S))"
)
_NOTE = re.compile(r"\s?(?:\[\d{1,3}\]|\(\*+\)|(?<=[^\W\d_])\*{1,3}(?!\w)|[¹²³⁴⁵⁶⁷⁸⁹]+(?=[\s.,;:)]|$))")


def list_mark(text: str) -> Iterator[Span]:
    """What a line begins with: dashes and bullets are silent, letters and numbers are said."""
    match = _LIST_MARK.match(text)
    if match:
        yield Span(start=0, end=match.end(), spoken=_said(match), priority=LIST, rule="list")


def _said(match: re.Match[str]) -> str:
    if match["letter"]:
        return f"{spelled(match['letter'])},"
    if match["roman"]:
        return f"{cardinal(roman(match['roman'])) if roman(match['roman']) else spelled(match['roman'])},"
    if match["number"]:
        return f"{cardinal(int(match['number']))},"
    if match["parts"]:
        first, *others = match["parts"].split(".")
        return " ".join([cardinal(roman(first)), *(cardinal(int(each)) for each in others)]) + ","
    if match["steps"]:
        return " chấm ".join(cardinal(int(each)) for each in match["steps"].split(".")) + ","
    if match["paren"]:
        inside = match["paren"][1:-1]
        return f"{cardinal(int(inside)) if inside.isdigit() else spelled(inside)},"
    return ""


def note_marks(text: str) -> Iterator[Span]:
    """Marks of footnotes: silent."""
    for match in _NOTE.finditer(text):
        if match.start() and not _is_power(text, match):
            yield Span(start=match.start(), end=match.end(), spoken="", priority=NOTE, rule="note")


def leftovers(text: str) -> Iterator[Span]:
    """What other programs leave in a text: entities of HTML, smileys; and the stars of a hotel."""
    for match in _LEFT.finditer(text):
        if match["test"] and _IS_BLOOD.search(text[: match.start()]):
            continue
        if match["test"]:
            said = "dương tính" if "+" in match["test"] else "âm tính"
            said = "" if text[: match.start()].rstrip().endswith("tính") else said
            yield Span.of(match, said, priority=NOTE, rule="note")
            continue
        said = "và" if match["and"] else "sao" if match["star"] else "inch" if match["inch"] else ""
        yield Span.of(match, said, priority=NOTE, rule="note")


_IS_BLOOD = re.compile(r"(?:máu|Rh|AB|O)\s?(?:[ABO]{1,2}\s?)?$")
_LEFT = re.compile(
    r"(?P<and>&amp;)|(?<=[\w])\s?(?P<test>\((?:\+{1,3}|[-–])\))|&(?:nbsp|quot|lt|gt|#\d{1,5});|(?<=\s)[:;]-?[)(DP](?!\w)|(?<=\d)\s?(?P<star>[★☆⭐])"
    r"|(?<=màn hình \d,\d)(?P<inch>\")"
)


def _is_power(text: str, match: re.Match[str]) -> bool:
    """x², m³ and 10⁶ are powers; "dân số²" is a note."""
    if match[0][0] not in "¹²³⁴⁵⁶⁷⁸⁹":
        return False
    before = re.search(r"(\d\s?)?([^\W\d_]*)$", text[: match.start()])
    return before is not None and (bool(before[1]) or len(before[2]) <= 2)
