"""A fault of a feed, and how elements are read for it."""

from dataclasses import dataclass
from typing import Any

from feeds.podcasting import NAMESPACES

CHANNEL = "kênh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, and where: ``place`` is an issue's id, an item's guid, or "kênh" for the channel."""

    code: str
    place: str
    text: str


def text_of(parent: Any, name: str) -> str:
    """The words of a child, "" where there is none."""
    return (parent.findtext(name, default="", namespaces=NAMESPACES) or "").strip()
