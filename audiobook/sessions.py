"""Pieces and the length of a session -> a plan: whole articles, in order, a greeting before and a sign-off behind them.

An operator has one session before a meeting, so important notices come first. Articles are never cut and never shuffled
otherwise: the next that does not fit begins the next session.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audiobook.letters import bare
from audiobook.model.issue import Issue
from audiobook.model.loudspeaker import (
    GREETING,
    SIGN_OFF,
    SLOTS_MINUTES,
    ItemKind,
    Piece,
    Session,
    SessionItem,
    SessionPlan,
)
from audiobook.model.recording import Recording

_TITLES = {GREETING: (ItemKind.GREETING, "Chào mừng"), SIGN_OFF: (ItemKind.SIGN_OFF, "Kết thúc")}
_MINUTE_MS = 60_000


def pieces_of(issue: Issue, horns: Recording) -> tuple[Piece, ...]:
    """The horn master's tracks as pieces: greeting, important articles, the others, sign-off."""
    articles = {chapter.id: chapter for chapter in issue.articles}
    found = []
    for cue in horns.timeline.chapters:
        length = cue.end_ms - cue.start_ms
        if article := articles.get(cue.id):
            times = 2 if article.important else 1
            piece = Piece(kind=ItemKind.ARTICLE, title=article.title, duration_ms=length, chapter=cue.id, times=times)
        else:
            kind, title = _TITLES[cue.id]
            piece = Piece(kind=kind, title=title, duration_ms=length)
        found.append(piece)
    places = {ItemKind.GREETING: 0, ItemKind.ARTICLE: 1, ItemKind.SIGN_OFF: 2}
    return tuple(sorted(found, key=lambda piece: (places[piece.kind], piece.times == 1)))


def plans_of(pieces: Sequence[Piece], slot_minutes: int) -> tuple[SessionPlan, ...]:
    """A plan for the bulletin's own length, then for the others that every issue is planned for."""
    others = (slot for slot in SLOTS_MINUTES if slot != slot_minutes)
    return tuple(plan(pieces, slot) for slot in (slot_minutes, *others))


def plan(pieces: Sequence[Piece], slot_minutes: int) -> SessionPlan:
    """Lay the articles into sessions of at most so many minutes; one that is longer than a whole session is left out.

    >>> def piece(kind: ItemKind, minutes: int, chapter: str = "") -> Piece:
    ...     return Piece(kind=kind, title="", duration_ms=minutes * 60_000, chapter=chapter)
    >>> articles = [piece(ItemKind.ARTICLE, minutes, f"c{minutes}") for minutes in (6, 5, 20, 7)]
    >>> made = plan([piece(ItemKind.GREETING, 1), *articles, piece(ItemKind.SIGN_OFF, 1)], 15)
    >>> [[item.piece.chapter for item in session.items] for session in made.sessions], made.left_out
    ([['', 'c6', 'c5', ''], ['', 'c7', '']], ('c20',))
    """
    greeting = [piece for piece in pieces if piece.kind is ItemKind.GREETING]
    sign_off = [piece for piece in pieces if piece.kind is ItemKind.SIGN_OFF]
    articles = [piece for piece in pieces if piece.kind is ItemKind.ARTICLE]
    room_ms = slot_minutes * _MINUTE_MS - sum(piece.duration_ms for piece in (*greeting, *sign_off))
    left_out = tuple(piece.chapter for piece in articles if piece.duration_ms > room_ms)
    groups = list(_grouped([piece for piece in articles if piece.chapter not in left_out], room_ms))
    ordered = [(*greeting, *group, *sign_off) for group in groups]
    digits = 3 if sum(map(len, ordered)) > 99 else 2
    sessions, count = [], 0
    for number, group in enumerate(ordered, start=1):
        sessions.append(Session(number=number, items=tuple(_items(group, first=count + 1, digits=digits))))
        count += len(group)
    return SessionPlan(slot_minutes=slot_minutes, sessions=tuple(sessions), left_out=left_out)


def only(made: SessionPlan, number: int) -> SessionPlan:
    """One session of a plan by itself, its files numbered from 1; the other articles count as left out."""
    kept = [session for session in made.sessions if session.number == number]
    others = [item.piece.chapter for each in made.sessions if each not in kept for item in each.items]
    again = [
        replace(each, number=1, items=tuple(_items([i.piece for i in each.items], first=1, digits=2))) for each in kept
    ]
    return replace(made, sessions=tuple(again), left_out=(*made.left_out, *filter(None, others)))


def _grouped(articles: Sequence[Piece], room_ms: int) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    for piece in articles:
        if group and sum(each.duration_ms for each in group) + piece.duration_ms > room_ms:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _items(group: Sequence[Piece], *, first: int, digits: int) -> Iterator[SessionItem]:
    start_ms = 0
    for number, piece in enumerate(group, start=first):
        name = f"{number:0{digits}d}{_letters(piece.title)[: 8 - digits]}.MP3"
        yield SessionItem(piece=piece, file=name, start_ms=start_ms, end_ms=start_ms + piece.duration_ms)
        start_ms += piece.duration_ms


def _letters(title: str) -> str:
    """A title as the oldest players show it.

    >>> _letters("Đường dây nóng: 1900")
    'DUONGDAYNONG1900'
    """
    return re.sub(r"[^A-Z0-9]", "", bare(title).upper())
