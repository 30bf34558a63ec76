"""An issue -> what it says itself that its abbreviations stand for: "Phục vụ hành chính công (PVHCC)".

Only where the letters are the initials of the words before them, three or more; where two places differ, nobody is
believed. What an editor wrote in a lexicon stands above it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audiobook.model.issue import Issue
from audiobook.spoken.abbreviations import alone, is_known
from audiobook.spoken.letters import is_syllable, old_spelling
from audiobook.spoken.lexicon import Lexicon, literal

_DEFINED = re.compile(
    r"(?:\(|[,;]\s)(?:sau đây |dưới đây |từ đây )?(?:xin )?(?:(?:được )?(?:viết|gọi|gọi là viết) tắt(?: là|:)? ?)?[\"“”']?"
    r"(?P<letters>[A-ZĐƯ]{3,12})[\"“”']?(?=\)|[,;.]|$)"
)
_TOLD = re.compile(r"(?:viết|gọi) tắt")
_WORD = re.compile(r"[^\W\d_]+")
_NO_INITIAL = frozenset(("và", "của", "các", "cho", "về", "trong", "với", "những"))
"""Words that abbreviations pass over: Kế hoạch và Đầu tư is KHĐT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a manuscript says that its letters stand for; ``place``: the block that says so.

    ``article``: letters that other papers use otherwise (BTC: bộ tài chính) mean this in their own article only.
    """

    written: str
    spoken: str
    place: str
    article: str = ""


def definitions(issue: Issue) -> tuple[Definition, ...]:
    """The definitions that the rules do not know already, each once."""
    found: dict[tuple[str, str], Definition] = {}
    doubtful = set()
    for each in _told(issue):
        key = (each.written, each.article)
        if found.setdefault(key, each).spoken != each.spoken:
            doubtful.add(key)
    return tuple(
        each for key, each in found.items() if key not in doubtful and alone().get(each.written) != each.spoken
    )


def with_definitions(lexicon: Lexicon, found: Iterable[Definition], *, article: str) -> Lexicon:
    """The same lexicon with what is defined for an article below all that an editor wrote."""
    own = (literal(each.written, each.spoken) for each in found if each.article in ("", article))
    return Lexicon(entries=(*lexicon.entries, *own))


def _told(issue: Issue) -> Iterator[Definition]:
    for chapter in issue.chapters:
        for place, text in ((chapter.heading_id, chapter.title), *((block.id, block.text) for block in chapter.blocks)):
            for match in _DEFINED.finditer(text):
                if match[0][0] == "(" or _TOLD.search(match[0]):
                    letters = match["letters"]
                    spoken = _words_for(letters, text[max(0, match.start() - 120) : match.start()])
                    if spoken:
                        article = chapter.id if is_known(letters) else ""
                        yield Definition(written=letters, spoken=spoken, place=place, article=article)


def _words_for(letters: str, before: str) -> str:
    """The last words whose initials are the letters; "" where they are not.

    >>> _words_for("PVHCC", "Trung tâm Phục vụ hành chính công "), _words_for("XYZ", "Phục vụ hành chính công ")
    ('phục vụ hành chính công', '')
    """
    words: list[str] = []
    left = _initials(letters)
    at = len(before.rstrip())
    for match in reversed(list(_WORD.finditer(before))):
        if before[match.end() : at].strip(" ,-–&") or not left or not is_syllable(match[0]):
            break
        word, at = match[0].lower(), match.start()
        if _initials(word[0]) == left[-1]:
            left = left[:-1]
        elif word not in _NO_INITIAL:
            break
        words.insert(0, old_spelling(word))
    return "" if left or not words else " ".join(words)


def _initials(text: str) -> str:
    """Letters without the marks of tones and vowels: Ủ and Ư are U, Đ stays."""
    return "".join(each for each in unicodedata.normalize("NFD", text.upper()) if each.isalpha())
