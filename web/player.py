"""Publication -> what the player's script needs, as JSON that cannot leave the element that it stands in."""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from audiobook.addresses import issue_path, media_path
from audiobook.model.issue import Chapter
from audiobook.model.publication import Publication
from web.assets import SCRIPTS, asset
from web.view import View
from web.wording import Words

_SPOKEN = re.compile(r"\bt\('([^']+)'")


def player_data(
    publication: Publication, *, name: str, view: View, chapter: Chapter | None = None, has_text: bool = True
) -> Markup:
    """The timeline in ms: of the whole issue, or of one chapter; without sentences where the page has no text.

    ``chapters`` are [id, title, start, number among the articles or 0], ``sentences`` [id, start, end].
    """
    timeline, cover = publication.timeline, publication.edition("cover")
    numbers = {chapter.id: number for number, chapter in enumerate(publication.issue.articles, 1)}
    chapters = [cue for cue in timeline.chapters if chapter is None or cue.id == chapter.id]
    first, last = (chapters[0].start_ms, chapters[-1].end_ms) if chapters else (0, 0)
    sentences = [cue for cue in timeline.sentences if has_text and first <= cue.start_ms < last]
    return data_block(
        {
            "id": publication.issue.id,
            "title": name,
            "publisher": publication.issue.publisher,
            "page": view.to(issue_path(publication.issue.id)),
            "cover": view.link(media_path(cover)) if cover else "",
            "last": last,
            "whole": timeline.duration_ms,
            "chapters": [[cue.id, cue.title, cue.start_ms, numbers.get(cue.id, 0)] for cue in chapters],
            "sentences": [[cue.id, cue.start_ms, cue.end_ms] for cue in sentences],
        }
    )


def script_words(words: Words) -> Markup:
    """What the scripts say, in another language; nothing where it is their own."""
    return Markup() if words.language == "vi" else data_block({each: words(each) for each in spoken_by_scripts()})


@functools.cache
def spoken_by_scripts() -> tuple[str, ...]:
    """Every word that a script shows: each stands there as ``t('…')``."""
    return tuple(sorted({each for name in SCRIPTS for each in _SPOKEN.findall(asset(name).decode())}))


def data_block(data: Mapping[str, Any]) -> Markup:
    """JSON for a script element of its own."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "&<>\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 (no sign is left that could end the element)
