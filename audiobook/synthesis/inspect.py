"""Speech -> is it sound? What no engine may hand on: nothing, broken numbers, silence, a torn or an endless take."""

import numpy as np

from audiobook.errors import SpeechFailed
from audiobook.synthesis.engine import Speech

_SILENT = 10 ** (-50 / 20)
_SHORTEST_S, _LONGEST_S = 0.03, 1.5  # of one syllable; Vietnamese is spoken at 0.15 to 0.45 s a syllable
_EDGES_S = 2.0


def inspect(speech: Speech, text: str) -> None:
    """Refuse what cannot be the words.

    Raises:
        SpeechFailed: with the reason and the text.
    """
    reason = _fault(speech, syllables=len(text.split()))
    if reason:
        raise SpeechFailed(reason, thing=text)


def _fault(speech: Speech, *, syllables: int) -> str:
    samples = speech.samples
    if not samples.size:
        return "máy đọc không cho tiếng nào."
    if not np.isfinite(samples).all():
        return "máy đọc cho âm thanh hỏng."
    if float(np.abs(samples).max()) < _SILENT:
        return "máy đọc chỉ cho im lặng."
    seconds = samples.size / speech.rate
    if seconds < syllables * _SHORTEST_S:
        return f"đọc quá ngắn: {seconds:.1f} giây cho {syllables} tiếng."
    if seconds > syllables * _LONGEST_S + _EDGES_S:
        return f"đọc quá dài: {seconds:.1f} giây cho {syllables} tiếng."
    return ""
