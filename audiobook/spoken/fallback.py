"""A token that no rule knows -> words: sea-g2p's normalizer on that token alone; letter names where it knows nothing.

sea-g2p is loaded at the first such token, so that an issue without any needs it not.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from audiobook.spoken.letters import is_syllable, old_spelling, spelled

if TYPE_CHECKING:
    from sea_g2p import G2P, Normalizer

_TAG = re.compile(r"</?en>")
_WORD = re.compile(r"[a-zà-ỹđ]+")


@cache
def fallback(token: str) -> tuple[str, bool]:
    """(what is said, whether it is a word that sea-g2p's dictionary has).

    >>> fallback("Messi"), fallback("xkzw")
    (('messi', True), ('ích ca dét vê kép', False))
    """
    normalizer, dictionary = _opened()
    words = _TAG.sub("", str(normalizer.normalize(token))).lower().replace("'", "").split()
    if words and all(_WORD.fullmatch(word) and _pronounceable(word, dictionary) for word in words):
        return " ".join(old_spelling(word) for word in words), True
    return spelled(token), False


def _pronounceable(word: str, dictionary: "G2P") -> bool:
    """Whether the dictionary knows the word: what it does not know it spells, in several words."""
    return is_syllable(word) or (len(word) > 2 and " " not in str(dictionary.convert(word)).strip())


@cache
def _opened() -> tuple["Normalizer", "G2P"]:
    from sea_g2p import G2P, Normalizer

    return Normalizer(), G2P()
