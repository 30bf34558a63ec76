"""Revisions -> what a page says of them: what was written before, what is right now, and where."""

from typing import Any

from audiobook.addresses import chapter_path
from audiobook.model.issue import Chapter
from audiobook.model.publication import Change, Publication
from feeds.wording import VIETNAM
from web.view import View

_MOST_SHOWN = 10  # of one revision; an issue that was written anew is not told sentence by sentence


def corrections(publication: Publication, view: View, chapter: Chapter | None = None) -> list[dict[str, Any]]:
    """The newest revision first; of one chapter only, where it is given."""
    found = []
    for revision in reversed(publication.revisions):
        changes = [each for each in revision.changes if chapter is None or each.chapter == chapter.id]
        if changes:
            shown = [_change(publication, each, view, is_named=chapter is None) for each in changes[:_MOST_SHOWN]]
            day = view.words.in_full(revision.made.astimezone(VIETNAM).date())
            found.append({"date": day, "changes": shown, "more": max(0, len(changes) - _MOST_SHOWN)})
    return found


def _change(publication: Publication, change: Change, view: View, *, is_named: bool) -> dict[str, str]:
    is_there = any(chapter.id == change.chapter for chapter in publication.issue.chapters)
    return {
        "title": change.title if is_named else "",
        "href": view.to(chapter_path(publication.issue.id, change.chapter)) if is_named and is_there else "",
        "before": change.before,
        "after": change.after,
    }
