"""lexicon.toml -> Lexicon: what an editor wants said for what is printed; an issue's entries stand above the library's.

[[entry]]
written = "CLB"
spoken = "câu lạc bộ"
case = true          # only with these capitals (the default where it has any)
left = "hội"         # only behind these words (a regular expression)
right = "phường"     # only before these
note = "…"           # for people
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiobook.errors import SettingsError
from audiobook.spoken.abbreviations import is_repeated
from audiobook.spoken.codes import codes
from audiobook.spoken.spans import Span, words_after, words_before

WORDS = re.compile(r"[^\W\d_]+(?:[ ,.?!]+[^\W\d_]+)*")
"""What may be given to a voice: words, with marks between them."""

_KEYS = {"written": str, "spoken": str, "case": bool, "left": str, "right": str, "note": str}
_PRIORITY = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a lexicon."""

    written: str
    pattern: re.Pattern[str]
    spoken: str
    left: re.Pattern[str]
    right: re.Pattern[str]
    note: str = ""

    @property
    def is_particular(self) -> bool:
        """Whether it looks at what stands around."""
        return bool(self.left.pattern or self.right.pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Entries by strength, the strongest first."""

    entries: tuple[Entry, ...] = ()

    def spans(self, text: str) -> Iterator[Span]:
        """What the entries propose for a text."""
        for strength, entry in enumerate(reversed(self.entries)):
            for match in entry.pattern.finditer(text):
                before, after = words_before(text, match.start()), words_after(text, match.end())
                if entry.left.search(before) and entry.right.match(after) and not _is_of_a_code(entry, match, text):
                    priority = _PRIORITY * 1000 + strength
                    yield Span.of(match, entry.spoken, priority=priority, rule="lexicon")
                    if is_repeated(text, match.start(), match.end(), entry.spoken):
                        start, end = match.start() - 1, match.end() + 1
                        yield Span(start=start, end=end, spoken="", priority=priority + 1, rule="lexicon")


def _is_of_a_code(entry: Entry, match: re.Match[str], text: str) -> bool:
    """Whether the word is a part of a paper's number (12/QĐ-UBND), which is read as a whole.

    An entry with a stroke, a dash or a digit of its own is meant for the number.
    """
    beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    if not set("/-") & set(beside) or not entry.written.isalpha():
        return False
    return any(code.start <= match.start() and match.end() <= code.end for code in codes(text))


def load(*files: Path) -> Lexicon:
    """Read lexicons, the weakest first; later ones stand above earlier ones.

    Raises:
        SettingsError: not TOML, or an entry that is none; with file and entry.
    """
    entries: list[Entry] = []
    for (
        file
    ) in files:  # in a file the last word counts, but one that looks at its neighbours stands above one that does not
        latest_first = list(reversed(_entries(file)))
        own = sorted(latest_first, key=lambda entry: not entry.is_particular)
        entries = [*own, *entries]
    return Lexicon(entries=tuple(entries))


def literal(written: str, spoken: str) -> Entry:
    """An entry for these very letters wherever they stand."""
    return _entry({"written": written, "spoken": spoken}, Path("lexicon.toml"), 1)


def entry_lines(*, written: str, spoken: str, left: str = "", right: str = "", note: str = "") -> str:
    r"""An entry as it is written at the end of a lexicon's file.

    Raises:
        SettingsError: an entry that is none.

    >>> print(entry_lines(written="CLB", spoken="câu lạc bộ"), end="")
    <BLANKLINE>
    [[entry]]
    written = "CLB"
    spoken = "câu lạc bộ"
    """
    given = {"written": written, "spoken": spoken, "left": left, "right": right, "note": note}
    table = {key: value for key, value in given.items() if value}
    _entry(table, Path("lexicon.toml"), 1)
    return "\n[[entry]]\n" + "".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items()
    )


def _entries(file: Path) -> list[Entry]:
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError("không đọc được từ điển đọc.", thing=file, place=str(error)) from error
    unknown = set(tables) - {"entry"}
    if unknown or not isinstance(tables.get("entry", []), list):
        raise SettingsError("từ điển chỉ gồm các mục [[entry]].", thing=file, place=", ".join(sorted(unknown)))
    return [_entry(table, file, number) for number, table in enumerate(tables.get("entry", []), start=1)]


def _entry(table: Mapping[str, Any], file: Path, number: int) -> Entry:
    place = f"mục {number} ({table.get('written', '?')})"
    for key, value in table.items():
        if key not in _KEYS or not isinstance(value, _KEYS[key]):
            raise SettingsError(
                f"{key!r} không hợp lệ.", thing=file, place=place, advice=f"Có thể dùng: {', '.join(_KEYS)}."
            )
    written, spoken = (unicodedata.normalize("NFC", str(table.get(key, ""))).strip() for key in ("written", "spoken"))
    if not written or not WORDS.fullmatch(spoken):
        raise SettingsError("cần written (chữ in) và spoken (chỉ gồm chữ và dấu , . ? !).", thing=file, place=place)
    flags = 0 if table.get("case", written != written.lower()) else re.IGNORECASE
    try:
        return Entry(
            written=written,
            note=str(table.get("note", "")),
            pattern=re.compile(rf"(?<!\w){re.escape(written)}(?!\w)", flags),
            spoken=spoken.lower(),
            left=re.compile(rf"(?:{table['left']})$" if table.get("left") else ""),
            right=re.compile(table.get("right", "")),
        )
    except re.error as error:
        raise SettingsError("left hoặc right không phải biểu thức hợp lệ.", thing=file, place=place) from error
