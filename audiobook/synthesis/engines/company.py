"""A text of a syllable or two -> the same said before other words, and cut out again at the pause between.

Alone it leaves a neural voice without a context: VieNeu's own makers measured that up to six of a hundred go on into words
of their own. The cut is made only where the pause is plain; who finds none says the text alone.
"""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

_FEW = 3  # words: beyond them nothing was seen to babble (vieneu_utils.core_utils.BABBLE_MAX_SYLLABLES)
_OTHER_WORDS = (
    "xin mời các bác cùng nghe tiếp nhé."  # without a stop inside, whose pause could be taken for the one sought
)
_FRAMES_PER_SECOND = 100
_BELOW_DB = -40.0  # of the loudest frame
_PAUSE_S = 0.12  # longer than the closure of any stop inside a word
_SHORTEST_S, _LONGEST_S, _SLOW_START_S = 0.08, 0.4, 0.4  # of a syllable; and once
_KEPT_S = 0.15  # of the pause, as silence at the end


def needs_company(text: str) -> bool:
    """Whether it is so short, with one stop at its end and none inside.

    >>> [needs_company(text) for text in ("vâng ạ.", "vâng, thưa bác.", "hôm nay trời đẹp.", "hôm nay")]
    [True, False, False, False]
    """
    return len(text.split()) <= _FEW and text[-1] in ",.?!" and not set(",.?!") & set(text[:-1])


def in_company(text: str) -> str:
    """What is to be said instead."""
    return f"{text} {_OTHER_WORDS}"


def cut_out(samples: Samples, rate: int, text: str) -> Samples | None:
    """The text alone, of what was said in company; None where no plain pause stands where its words must have ended."""
    hop = rate // _FRAMES_PER_SECOND
    frames = samples[: samples.size // hop * hop].reshape(-1, hop)
    power = np.square(frames).mean(axis=1)
    loud = np.flatnonzero(power > power.max(initial=0) * 10 ** (_BELOW_DB / 10))
    lengths = np.diff(loud)  # 1 where sound follows on sound
    spoken_s = (loud[:-1] - loud[:1]) / _FRAMES_PER_SECOND
    count = len(text.split())
    in_time = (spoken_s >= count * _SHORTEST_S) & (spoken_s <= count * _LONGEST_S + _SLOW_START_S)
    plain = np.flatnonzero(in_time & (lengths > _PAUSE_S * _FRAMES_PER_SECOND))
    if not plain.size:
        return None
    longest = plain[np.argmax(lengths[plain])]
    silent = min(int(lengths[longest]) - 1, round(_KEPT_S * _FRAMES_PER_SECOND))
    return samples[: (int(loud[longest]) + 1 + silent) * hop]
