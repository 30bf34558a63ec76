"""A question as people type it -> the sentences that answer it, the best first; typing errors are forgiven."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from web.search.folding import accented, without_telex, words
from web.search.index import Index, Line

LONGEST = 12  # words of a question
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_LINES = 240  # sentences that are looked at for a page of answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``asked`` are the folded words that were looked for in the end; ``corrected`` says that they were changed."""

    asked: tuple[str, ...]
    lines: tuple[Line, ...]
    corrected: bool = False


def ask(index: Index, question: str) -> Answer:
    """Exact diacritics first, then the phrase without them, then all words in any order, then with errors mended."""
    wanted = words(question)[:LONGEST]
    if not wanted:
        return Answer(asked=(), lines=())
    lines = _gathered(index, [*_as_written(question), *_folded(wanted)])
    if lines:
        return Answer(asked=tuple(wanted), lines=lines)
    mended = _mended(index, wanted)
    if mended == wanted:
        return Answer(asked=tuple(wanted), lines=())
    return Answer(asked=tuple(mended), lines=_gathered(index, _folded(mended)), corrected=True)


def _as_written(question: str) -> list[str]:
    """The question with its diacritics, where it has any."""
    folded = unicodedata.normalize("NFC", question).lower()
    if folded.isascii():
        return []
    written = accented(question)[:LONGEST]
    return [f"written : {_phrase(written)}", f"written : {_all(written)}"]


def _folded(wanted: list[str]) -> list[str]:
    """The last word may be unfinished, as people stop typing early."""
    rest = [_quoted(word) for word in wanted[:-1]]
    begun = [*rest, f'"{wanted[-1]}" *'] if len(wanted[-1]) > 1 else []
    near = f"folded : NEAR({' '.join(map(_quoted, wanted))}, {len(wanted) - 1})"
    questions = [f"folded : {_phrase(wanted)}", near, f"folded : {_all(wanted)}"]
    return [*questions, f"folded : ({' AND '.join(begun)})"] if begun else questions


def _phrase(some: list[str]) -> str:
    return f'"{" ".join(some)}"'


def _all(some: list[str]) -> str:
    return f"({' AND '.join(map(_quoted, some))})"


def _quoted(word: str) -> str:
    return f'"{word}"'


def _gathered(index: Index, questions: list[str]) -> tuple[Line, ...]:
    found: dict[tuple[str, str], Line] = {}
    for question in questions:
        for line in index.matching(question, limit=_LINES):
            found.setdefault((line.issue, line.sentence), line)
        if len(found) >= _LINES:
            break
    return tuple(found.values())


def _mended(index: Index, wanted: list[str]) -> list[str]:
    """Each unknown word by the likeliest known one; a word that nothing is like stays."""
    known = index.frequencies(wanted)
    return [each for word in wanted for each in ([word] if word in known else _likeliest(index, word))]


def _likeliest(index: Index, word: str) -> list[str]:
    plain = without_telex(word)
    if plain != word and plain in index.frequencies([plain]):
        return [plain]
    near = index.frequencies(one_error_away(word)) if len(word) > 2 else {}
    if near:
        return [max(near, key=lambda each: (near[each], each))]
    counts = index.frequencies(half for pair in _halves(word) for half in pair)
    whole = [
        (min(counts[left], counts[right]), left, right) for left, right in _halves(word) if {left, right} <= set(counts)
    ]
    return list(max(whole)[1:]) if whole else [word]


def _halves(word: str) -> list[tuple[str, str]]:
    """Where a space may have been left out."""
    return [(word[:at], word[at:]) for at in range(2, len(word) - 1)]


def one_error_away(word: str) -> set[str]:
    """Every word that one letter too many, too few, another, or exchanged would have made this of (Norvig's way).

    >>> {"nghi", "nghin", "ngih"} <= one_error_away("nghii") | one_error_away("nghi")
    True
    """
    return set(_errors(word))


def _errors(word: str) -> Iterator[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for left, right in cuts:
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        for letter in _LETTERS:
            yield left + letter + right
            if right:
                yield left + letter + right[1:]
