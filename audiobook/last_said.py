"""What was said of an issue at its last production, sentence by sentence: kept in the cache, to be compared with."""

from pathlib import Path

import msgspec

from audiobook.library import Library, store
from audiobook.model.narration import Narration


def encoded(narration: Narration) -> bytes:
    """Sentence ids and spoken words as JSON."""
    return msgspec.json.encode({utterance.id: utterance.spoken for utterance in narration.utterances})


def keep(library: Library, issue_id: str, said: Path) -> None:
    """Store what was said, a file of ``encoded``."""
    store(_file(library, issue_id), said.read_bytes())


def kept(library: Library, issue_id: str) -> dict[str, str]:
    """Sentence id -> what was said; empty where nothing is known."""
    try:
        return msgspec.json.decode(_file(library, issue_id).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}


def _file(library: Library, issue_id: str) -> Path:
    return library.cache / "said" / f"{issue_id}.json"
