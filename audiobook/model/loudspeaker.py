"""What is played over a loudspeaker, in which order and for how long: an issue's articles laid into sessions.

The pack, the session files, the schedule and the loudspeaker page all follow the same plan; times are integers in ms of
the session's own sound.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

SLOTS_MINUTES = (15, 20, 30)
"""Lengths for which every issue is planned: 15 is the longest that Hanoi has allowed wards since 2021."""


CLOCK_TIME = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]")

GREETING, AGAIN, SIGN_OFF = "loa-chao", "loa-nhac-lai", "loa-ket"
"""Ids of the passages that only loudspeakers say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """How the bulletin is played over loudspeakers: from where, how long a session may be, and when they begin."""

    place: str = ""  # said in the greeting: "tổ dân phố số 3, phường An Hòa"
    slot_minutes: int = 15  # the longest session; the pack and the session files keep to it
    start_times: tuple[str, ...] = ("17:00",)  # of the first, second … session of a day: "HH:MM"


class ItemKind(StrEnum):
    """What an item of a session is."""

    GREETING = "greeting"  # the chime, then who speaks, from where, and what follows
    ARTICLE = "article"
    SIGN_OFF = "sign-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What the horn master has a sound for: a greeting, an article, a sign-off; ``times`` is how often it is said."""

    kind: ItemKind
    title: str
    duration_ms: int
    chapter: str = ""  # the article's id
    times: int = 1  # an important notice is said twice within its own sound


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionItem:
    """A piece in its place: from ``start_ms`` to ``end_ms`` of the session's sound."""

    piece: Piece
    file: str  # its name in the pack of this plan, as the oldest players read it: "01CHAO.MP3"
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is played in one go: a greeting, whole articles, a sign-off."""

    number: int  # from 1
    items: tuple[SessionItem, ...]

    @property
    def duration_ms(self) -> int:
        """Its length."""
        return self.items[-1].end_ms if self.items else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """An issue in sessions of at most ``slot_minutes``.

    ``left_out`` are the ids of articles that are longer than a whole session. The session files (editions of the kind
    "loudspeaker-mp3") are made for one plan, the first of ``Publication.loudspeaker``: ``part`` names it.
    """

    slot_minutes: int
    sessions: tuple[Session, ...]
    left_out: tuple[str, ...] = ()

    def part(self, session: Session) -> str:
        """``Edition.part`` of a session's file.

        >>> SessionPlan(slot_minutes=15, sessions=()).part(Session(number=2, items=()))
        '15-2'
        """
        return f"{self.slot_minutes}-{session.number}"
