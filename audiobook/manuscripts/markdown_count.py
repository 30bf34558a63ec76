"""Raw Markdown -> how many words of it are text. Code of its own, by stripping the signs, to check the reader by."""

import html
import re

from audiobook.manuscripts.account import words

_STRIPPED = (
    (r"\A﻿?---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", ""),  # front matter
    (r"(?m)^[ \t]*(?:```|~~~).*$", ""),  # a fence and its name
    (r"(?m)^\[\^[^\]\n]+\]:", ""),  # the head of a footnote
    (r"\[\^[^\]\n]+\]", ""),
    (r"(?m)^[ ]{0,3}\[[^\]\n]+\]:[ \t]*\S+.*$", ""),  # where a reference link goes
    (r"(?m)^[ \t]*!\[[^\]\n]*\]\([^()\n\"]*(?:\([^()\n]*\)[^()\n\"]*)*(?:\"([^\"\n]*)\")?\)[ \t]*$", r"\1"),
    (r"!\[([^\]\n]*)\]\([^)\n]*\)", r"\1"),  # a picture in a sentence: its words
    (r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)", "]"),  # a link's address
    (r"([\])`])\{[^{}|\n]*\}", r"\1"),  # attributes
    (r"(?m)\{\.quan-trong\}[ \t]*$", ""),
    (r"(?m)^[ \t>]*(?:[-*+][ \t]+)*\d{1,9}[.)](?=[ \t])", ""),  # a list's number
    (r"(?m)^[ \t]*\|?.*\|.*$", lambda line: line[0].replace("|", " ") if "{" not in line[0] else line[0]),  # a table's row
    (r"\\(?=[!-/:-@\[-`{-~])|[*`]|(?<!\w)_+|_+(?!\w)|(?m:^#{1,6}\s)", ""),
)  # fmt: skip


def words_in_markdown(text: str) -> int:
    """The words of a Markdown text, without its signs, addresses and list numbers."""
    for pattern, instead in _STRIPPED:
        text = re.sub(pattern, instead, text, flags=re.DOTALL if pattern.startswith(r"\A") else 0)
    return words(html.unescape(text))
