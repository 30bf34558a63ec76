"""Timeline -> the podcast namespace's JSON chapters, version 1.2.0."""

import json
from collections.abc import Callable

from audiobook.model.recording import Timeline


def chapters_json(timeline: Timeline, *, address: Callable[[str], str]) -> str:
    """Chapters with start and end in seconds to the millisecond, and ``address`` of each chapter's page."""
    chapters = [
        {
            "startTime": cue.start_ms / 1000,
            "endTime": cue.end_ms / 1000,
            "title": cue.title,
            "url": address(cue.id),
        }
        for cue in timeline.chapters
    ]
    return json.dumps({"version": "1.2.0", "chapters": chapters}, ensure_ascii=False, indent=0)
