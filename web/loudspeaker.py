"""Publication -> the page of who plays it over a loudspeaker: the sessions as they were planned at production."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from audiobook.addresses import issue_path, media_path
from audiobook.model.loudspeaker import ItemKind, SessionPlan
from audiobook.model.publication import Publication
from web.editions import file_name
from web.player import data_block
from web.view import View
from web.wording import N_

_PAPERS = (
    ("loudspeaker-pack", N_("Tải gói loa để chép vào USB")),
    ("loudspeaker-sheet-pdf", N_("Tải tờ chương trình để in")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A piece of a session: from ``start_ms`` to ``end_ms`` of its sound."""

    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """What is played in one go, with the sound that holds it."""

    name: str
    sound: str
    articles: int
    pieces: tuple[Heard, ...]

    @property
    def duration_ms(self) -> int:
        """Its length."""
        return self.pieces[-1].end_ms if self.pieces else 0


def shown(publication: Publication, start_time: str, view: View) -> dict[str, Any]:
    """The sessions for the page, and as data for its script; the whole issue stands last.

    ``start_time``: "HH:MM", when the running sheet lets the first begin.
    """
    words, plan = view.words, publication.loudspeaker[0] if publication.loudspeaker else None
    sittings = [*(_planned(publication, plan, view) if plan else ()), *_whole(publication, view)]
    titles = {chapter.id: chapter.title for chapter in publication.issue.chapters}
    name = words.issue_name(publication.issue.number, publication.issue.date)
    return {
        "name": name,
        "number": publication.issue.number,
        "start_time": start_time,
        "issue_path": issue_path(publication.issue.id),
        "sessions": [
            {
                "name": each.name,
                "sound": each.sound,
                "length": words.length(each.duration_ms),
                "count": each.articles,
                "pieces": [
                    {"title": piece.title, "length": words.exact_length(piece.end_ms - piece.start_ms)}
                    for piece in each.pieces
                ],
            }
            for each in sittings
        ],
        "left_out": ", ".join(titles.get(each, each) for each in plan.left_out) if plan else "",
        "papers": _papers(publication, view, name=name),
        "data": _data(publication, sittings),
    }


def _planned(publication: Publication, plan: SessionPlan, view: View) -> list[Sitting]:
    sounds = {edition.part: edition for edition in publication.editions if edition.kind == "loudspeaker-mp3"}
    return [
        Sitting(
            name=view.words("Buổi {number}", number=session.number),
            sound=view.link(media_path(sounds[plan.part(session)])),
            articles=sum(item.piece.kind is ItemKind.ARTICLE for item in session.items),
            pieces=tuple(
                Heard(title=item.piece.title, start_ms=item.start_ms, end_ms=item.end_ms) for item in session.items
            ),
        )
        for session in plan.sessions
        if plan.part(session) in sounds
    ]


def _whole(publication: Publication, view: View) -> list[Sitting]:
    edition = publication.edition("mp3")
    if edition is None:
        return []
    cues = publication.timeline.chapters
    return [
        Sitting(
            name=view.words("Cả số, không chia buổi"),
            sound=view.link(media_path(edition)),
            articles=len(publication.issue.articles),
            pieces=tuple(Heard(title=cue.title, start_ms=cue.start_ms, end_ms=cue.end_ms) for cue in cues),
        )
    ]


def _papers(publication: Publication, view: View, *, name: str) -> list[dict[str, str]]:
    found = []
    for kind, purpose in _PAPERS:
        if edition := publication.edition(kind):
            said = {"purpose": view.words(purpose), "size": view.words.size(edition.bytes)}
            found.append(said | {"href": view.link(media_path(edition)), "name": file_name(edition, name, "loa")})
    return found


def _data(publication: Publication, sittings: Sequence[Sitting]) -> Any:
    return data_block(
        {
            "id": publication.issue.id,
            "sessions": [
                {
                    "name": each.name,
                    "sound": each.sound,
                    "items": [[piece.title, piece.start_ms, piece.end_ms] for piece in each.pieces],
                }
                for each in sittings
            ],
        }
    )
