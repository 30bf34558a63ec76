"""An order -> a take, in a worker: said, measured, said again with another seed where it is bad, and kept."""

import threading
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiobook.errors import SpeechFailed, VoiceNotInstalled
from audiobook.synthesis.cache import Kept, TakeCache
from audiobook.synthesis.engine import Engine, EngineSpec, Speech
from audiobook.synthesis.inspect import Norm, better, faults, heard
from audiobook.synthesis.measure import measure
from audiobook.synthesis.voices import attempts, current_version

_PIECE_EDGE_S = 0.03  # of what an engine leaves silent around a piece inside a take
_QUIET = 10 ** (-50 / 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One take to be made; or, with the take that stands and the norm of its voice, one to be made better."""

    key: str
    pieces: tuple[str, ...]
    voice: str
    clause_ms: int
    standing: Kept | None = None
    norm: Norm | None = None

    @property
    def length(self) -> int:
        """Characters to be said."""
        return sum(map(len, self.pieces))


@dataclass(slots=True)
class _Worker:
    """What a worker process is set up with; the engine is opened at the first order, so that its errors reach the desk."""

    spec: EngineSpec
    takes: TakeCache
    engine: Engine | None = None

    def ready(self) -> Engine:
        if self.engine is None:
            if current_version(self.spec) != self.spec.version:
                raise VoiceNotInstalled(
                    f"máy thợ có {current_version(self.spec)!r}, cần {self.spec.version!r}.",
                    thing=self.spec.name,
                    advice="Cài cùng một bản và cùng trọng số trên mọi máy.",
                )
            self.engine = self.spec.open()
        return self.engine


_worker: _Worker | None = None
_alone = threading.Lock()  # Dask may give a worker several threads; an engine serves one


def start(spec: EngineSpec, takes: TakeCache) -> None:
    """Once in each worker."""
    global _worker
    if _worker is None or (_worker.spec, _worker.takes) != (spec, takes):
        _worker = _Worker(spec, takes)


def say(order: Order) -> tuple[Kept | SpeechFailed, float]:
    """Make a take and keep it; what came of it, and the seconds that it took."""
    if _worker is None:
        raise RuntimeError("a worker was not started")
    with _alone:
        began = time.monotonic()
        try:
            result: Kept | SpeechFailed = _kept(order, _worker.ready(), _worker.takes, attempts(_worker.spec))
        except SpeechFailed as failure:
            result = failure
        return result, time.monotonic() - began


def _kept(order: Order, engine: Engine, takes: TakeCache, allowed: int) -> Kept:
    """Say it until a take is sound or no attempt is left; the best is kept, with what the first attempt was like.

    What another has kept in the meantime is not said again: another issue's production, or a worker that died right after.
    """
    standing = order.standing
    if standing is None and (made_meanwhile := takes.get(order.key)):
        return made_meanwhile
    best, first, made = (standing.measures, standing.first, standing.attempts) if standing else (None, None, 0)
    speech: Speech | None = None
    while made < allowed:
        said = _joined(list(engine.speak(order.pieces, order.voice, attempt=made)), order.clause_ms)
        made += 1
        measures = measure(said)
        if measures is None:
            continue
        first = first or measures
        take = heard(order.pieces, measures)
        if best is None or better(take, heard(order.pieces, best), order.norm):
            best, speech = measures, said
        if not faults(take, order.norm):
            break
    if best and speech:
        return takes.put(order.key, speech, voice=order.voice, measures=best, first=first, attempts=made)
    if standing:
        return takes.note(standing, attempts=made)
    raise SpeechFailed("máy đọc không cho tiếng nào.", thing=" ".join(order.pieces))


def _joined(speeches: list[Speech], clause_ms: int) -> Speech:
    """The pieces of a sentence as one take: their inner edges trimmed, the clause pause between them."""
    if len(speeches) == 1:
        return speeches[0]
    rate = speeches[0].rate
    silence = np.zeros(rate * clause_ms // 1000, np.float32)
    parts = [speeches[0].samples]
    for speech in speeches[1:]:
        parts[-1] = _without_tail(parts[-1], rate)
        parts += [silence, _without_tail(speech.samples[::-1], rate)[::-1]]
    return Speech(samples=np.concatenate(parts), rate=rate)


def _without_tail(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    return samples[: loud[-1] + 1 + int(_PIECE_EDGE_S * rate)] if loud.size else samples
