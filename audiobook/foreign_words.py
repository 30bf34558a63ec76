"""Foreign words that a bulletin has -> what is said for them, and how a voice of Vietnamese spelling must be given them.

A bilingual voice says "facebook" well as it is written; one that knows Vietnamese letters alone needs "phây búc". What is
said is decided once, for every engine; the second is such an engine's own business.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, tuple[str, str]]:
    lines = files("audiobook").joinpath("foreign_words.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return {row[0]: ((row[1:2] or [""])[0] or row[0], (row[2:3] or [""])[0]) for row in rows}


def said(word: str) -> str:
    """What is said for a foreign word of the table; "" where it is none.

    >>> said("Facebook"), said("H'Mông"), said("lkj")
    ('facebook', 'mông', '')
    """
    return _table().get(word.lower(), ("", ""))[0]


@cache
def _respelled() -> dict[str, str]:
    return {words: respelling for words, respelling in _table().values() if respelling}


def respelled(words: str) -> str:
    """Spoken words for a voice that reads by Vietnamese spelling alone.

    >>> respelled("mở facebook, gọi zalo.")
    'mở phây búc, gọi da lô.'
    """
    return _WORD.sub(lambda found: _respelled().get(found[0], found[0]), words)


@cache
def respelling_version() -> str:
    """A few letters that change whenever a respelling does: part of the name of what such a voice says."""
    return hashlib.sha256(repr(sorted(_respelled().items())).encode()).hexdigest()[:8]


_WORD = re.compile(r"[^\W\d_]+")
