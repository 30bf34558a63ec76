"""Publication -> what the player's script needs, as JSON that cannot leave the element that it stands in."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from audiobook.addresses import issue_path, media_path
from audiobook.model.issue import Chapter
from audiobook.model.publication import Publication
from web.links import Linker


def player_data(
    publication: Publication, *, name: str, link: Linker, chapter: Chapter | None = None, has_text: bool = True
) -> Markup:
    """The timeline in ms: of the whole issue, or of one chapter; without sentences where the page has no text.

    ``chapters`` are [id, title, start], ``sentences`` [id, start, end].
    """
    timeline, cover = publication.timeline, publication.edition("cover")
    chapters = [cue for cue in timeline.chapters if chapter is None or cue.id == chapter.id]
    first, last = (chapters[0].start_ms, chapters[-1].end_ms) if chapters else (0, 0)
    sentences = [cue for cue in timeline.sentences if has_text and first <= cue.start_ms < last]
    return _data_block(
        {
            "id": publication.issue.id,
            "title": name,
            "publisher": publication.issue.publisher,
            "page": link(issue_path(publication.issue.id)),
            "cover": link(media_path(cover)) if cover else "",
            "last": last,
            "chapters": [[cue.id, cue.title, cue.start_ms] for cue in chapters],
            "sentences": [[cue.id, cue.start_ms, cue.end_ms] for cue in sentences],
        }
    )


def _data_block(data: Mapping[str, Any]) -> Markup:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "&<>\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 (no sign is left that could end the element)
