"""Numbers that no other rule knows -> words; versions and addresses of machines; long rows of digits one by one."""

import re
from collections.abc import Iterator

from audiobook.spoken.measures import SIGN, SIGNS
from audiobook.spoken.numbers import NUMBER, cardinal, digits, number
from audiobook.spoken.spans import Span

PLAIN = 40

_THOUSANDS = r"(?!(?:\.\d{3})+(?![.\d]))"
_VERSION = re.compile(
    rf"(?<![\w.,/-])(?P<v>[vV])?(?P<first>\d{{1,3}})(?P<rest>{_THOUSANDS}(?:\.\d{{1,3}}){{2,5}}|\.\d{{1,2}})(?![\w/]|[.,]\d)"
)
_LENS = re.compile(r"(?:(?<=[\s(:])|^)([-+])(\d{1,2})\.(\d\d)(?![\w/]|[.,]\d)")
_SPACED = re.compile(r"(?<![\w.,/+-])(?!1[89]00)[1-9]\d{0,2}(?: \d{3})+(?![\w/]|[.,]\d)")
_PLAIN = re.compile(rf"(?P<sign>{SIGN}\s?)?(?P<number>{NUMBER})")


def bare_numbers(text: str) -> Iterator[Span]:
    """Every number."""
    for match in _VERSION.finditer(text):
        parts = [match["first"], *match["rest"][1:].split(".")]
        said = " chấm ".join(_parts(parts))
        doubt = "S-NUMBER" if len(parts) == 2 and len(parts[1]) > 1 else ""  # 12.00: a version, or a slip
        yield Span.of(match, f"vê {said}" if match["v"] else said, priority=PLAIN + 2, rule="number", doubt=doubt)
    for match in _LENS.finditer(text):  # as opticians print it: -3.00, +1.50
        said = f"{SIGNS[match[1]]} {number(f'{match[2]},{match[3]}')}"
        yield Span.of(match, said, priority=PLAIN + 3, rule="number")
    for match in _SPACED.finditer(text):
        said = cardinal(int(match[0].replace(" ", "")))
        yield Span.of(match, said, priority=PLAIN + 2, rule="number", doubt="S-NUMBER")
    for match in _PLAIN.finditer(text):
        spoken, doubt = _plain(match["number"])
        start = match.start("number")
        yield Span(start=start, end=match.end(), spoken=spoken, priority=PLAIN - 1, rule="number", doubt=doubt)
        if _is_signed(match, text):
            spoken, start = f"{SIGNS[match['sign'].strip()]} {spoken}", match.start()
        yield Span(start=start, end=match.end(), spoken=spoken, priority=PLAIN, rule="number", doubt=doubt)


def _parts(parts: list[str]) -> Iterator[str]:
    """A decimal in English style and an address of a machine digit by digit; a version part by part."""
    machine = len(parts) == 4 and all(int(each) < 256 for each in parts)
    for position, each in enumerate(parts):
        one_by_one = machine or (position and (each[0] == "0" or len(parts) == 2))
        yield digits(each) if one_by_one else cardinal(int(each))


def _is_signed(match: re.Match[str], text: str) -> bool:
    """A dash with a blank behind it is a dash, and so is one inside a word."""
    sign = match["sign"] or ""
    alone = match.start() == 0 or text[match.start() - 1] in " (:;,"
    return bool(sign) and alone and (sign == sign.strip() or sign.strip() not in "-–+")


def _plain(text: str) -> tuple[str, str]:
    """(words, doubt)."""
    whole, comma, part = text.partition(",")
    if "." not in whole and (whole.startswith("000") or (whole.startswith("00") and len(whole) > 3) or len(whole) > 9):
        return digits(text), "S-NUMBER"
    if "." not in whole and whole.startswith("0") and len(whole) > 3:
        return digits(text), ""
    odd = comma and len(part) == 3 and len(whole) <= 3 and whole != "0"  # 1,500 may be meant in the English way
    return number(text), "S-NUMBER" if odd else ""
