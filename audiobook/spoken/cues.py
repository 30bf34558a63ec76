"""What stands around a place in the text -> whether a cue of data/cues.tsv is there."""

import re
from functools import cache

from audiobook.spoken.data_tables import table


@cache
def forms(cue: str) -> tuple[str, ...]:
    """The forms of a cue, as the table has them."""
    return tuple(form for name, words in table("cues") if name == cue for form in words.split("|"))


def before(words: str, cue: str) -> bool:
    """Whether the cue ends these words (lower case, as ``words_before`` gives them)."""
    return _ending(cue).search(words) is not None


def after(words: str, cue: str) -> bool:
    """Whether the cue begins these words (lower case, as ``words_after`` gives them)."""
    return _beginning(cue).match(words) is not None


@cache
def _ending(cue: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s)(?:{_alternatives(cue)})$")


@cache
def _beginning(cue: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_alternatives(cue)})(?!\w)")


@cache
def _alternatives(cue: str) -> str:
    rows = [words for name, words in table("cues") if name == cue]
    if not rows:
        raise KeyError(cue)
    return "|".join(rows)
