"""What a master is made for: its rate, what its tracks are whole multiples of, and whether horns will play it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """One way to master the same takes. ``frame``: every track is a whole number of so many samples."""

    name: str
    rate: int
    frame: int
    is_measured: bool = True  # loudness and peak are kept beside each track
    is_for_horns: bool = False

    def samples(self, ms: float) -> int:
        """A length in ms as samples."""
        return round(self.rate * ms / 1000)


EARS = Mix(name="ears", rate=24_000, frame=2880)
"""24 kHz; 120 ms is five MP3 frames and six Opus packets, so that chapters of both can be joined."""

HIGH = Mix(name="high", rate=48_000, frame=5760, is_measured=False)
"""The same sound at twice the rate: every time is that of EARS."""

HORNS = Mix(name="horns", rate=44_100, frame=1152, is_measured=False, is_for_horns=True)
"""44.1 kHz, the rate that the oldest USB players read; a frame is an MP3 frame."""
