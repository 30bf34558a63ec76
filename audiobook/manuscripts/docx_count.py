"""Word's raw XML -> how many words stand in it. Code of its own, by a scan of the bytes, to check the reader by.

What is shown, hidden and deleted in a paragraph are three texts: a word that is half deleted is two.
"""

import html
import re
from collections.abc import Iterator

from audiobook.manuscripts.account import words

_WORD = rb"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = "p|r|t|delText|tab|br|cr|ptab|noBreakHyphen|del|moveFrom|vanish|AlternateContent|Choice|Fallback|drawing|pPr"
_TAG = re.compile(rf"<(/?)[\w.-]*?:?({_NAMES})((?:\s[^<>]*?)?)(/?)>([^<]*)")
_OFF = re.compile(r"val=[\"'](?:0|false|off|none)[\"']")


def words_in_part(data: bytes) -> int:
    """The words of one part (document, notes, comments, headers …)."""
    return sum(words(text) for text in _texts(_decoded(data)))


def _decoded(data: bytes) -> str:
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


class _Paragraph:
    """The three texts of a paragraph, and the state of the run in it."""

    __slots__ = ("deleted", "hidden", "hidden_run", "shown")

    def __init__(self) -> None:
        self.shown, self.hidden, self.deleted = list[str](), list[str](), list[str]()
        self.hidden_run = False

    def texts(self) -> Iterator[str]:
        yield from ("".join(self.shown), "".join(self.hidden), "".join(self.deleted))


class _Scan:
    """Where the scan stands: in which paragraphs, in what was deleted, in which alternatives."""

    def __init__(self) -> None:
        self.open = [_Paragraph()]
        self._deleted = 0
        self._choices: list[bool] = []  # of each open alternative: has its choice something to show
        self._properties = False

    def begins(self, name: str, attributes: str, text: str) -> None:
        """A tag that opens, with the text right behind it."""
        here = self.open[-1]
        if name == "p":
            self.open.append(_Paragraph())
        elif name in ("t", "delText"):
            self._choices = [True] * len(self._choices)
            self._add(html.unescape(text))
        elif name in ("pPr", "r"):
            self._properties, here.hidden_run = name == "pPr", False
        elif name in ("del", "moveFrom"):
            self._deleted += 1
        elif name == "AlternateContent":
            self._choices.append(False)
        else:
            self.stands(name, attributes)

    def stands(self, name: str, attributes: str) -> None:
        """A tag without content."""
        if name == "vanish" and not self._properties and not _OFF.search(attributes):
            self.open[-1].hidden_run = True
        elif name in ("tab", "br", "cr", "ptab") and not self._properties:
            self._add(" ")
        elif name == "noBreakHyphen":
            self._add("-")
        elif name == "drawing":
            self._choices = [True] * len(self._choices)

    def ends(self, name: str) -> Iterator[str]:
        """A tag that closes; a paragraph gives its texts."""
        if name == "p" and len(self.open) > 1:
            yield from self.open.pop().texts()
        elif name == "pPr":
            self._properties = False
        elif name in ("del", "moveFrom"):
            self._deleted -= 1
        elif name == "AlternateContent" and self._choices:
            self._choices.pop()

    def repeats(self, name: str) -> bool:
        """Whether a fallback begins that only repeats its choice."""
        return name == "Fallback" and bool(self._choices) and self._choices[-1]

    def _add(self, text: str) -> None:
        here = self.open[-1]
        (here.deleted if self._deleted else here.hidden if here.hidden_run else here.shown).append(text)


def _texts(xml: str) -> Iterator[str]:
    """Every paragraph's texts; of alternatives the first that has something to show."""
    scan, skipping = _Scan(), 0
    for closing, name, attributes, empty, text in _TAG.findall(xml):
        if skipping:
            skipping += 0 if empty or name != "Fallback" else -1 if closing else 1
        elif closing:
            yield from scan.ends(name)
        elif empty:
            scan.stands(name, attributes)
        elif scan.repeats(name):
            skipping = 1
        else:
            scan.begins(name, attributes, text)
    for paragraph in scan.open:
        yield from paragraph.texts()
