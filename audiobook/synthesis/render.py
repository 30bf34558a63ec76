"""Narration -> takes: use again what is there, say what is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiobook.errors import SpeechFailed
from audiobook.model.narration import Line
from audiobook.model.recording import Take
from audiobook.synthesis.cache import TakeCache
from audiobook.synthesis.engine import Engine, EngineSpec, Speech
from audiobook.synthesis.executors import perform
from audiobook.synthesis.inspect import inspect

_PIECE_EDGE_S = 0.03  # of what an engine leaves silent around a piece inside a take
_QUIET = 10 ** (-50 / 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """One take to be made."""

    key: str
    pieces: tuple[str, ...]
    voice: str
    clause_ms: int

    @property
    def length(self) -> int:
        return sum(map(len, self.pieces))


def render(
    lines: Sequence[Line],
    *,
    spec: EngineSpec,
    cache: Path,
    workers: int,
    progress: Callable[[int, int], None],
    clause_ms: int = 250,
) -> dict[str, Take]:
    """Say every line once, in processes of their own, the longest first; what the cache holds is not said again.

    Args:
        lines: what is to be said, and by whom.
        spec: the engine.
        cache: the library's cache; takes lie in its folder ``takes``.
        workers: processes.
        progress: called with characters said and to be said in all.
        clause_ms: silence between the pieces of a long sentence.

    Returns:
        Takes by line id.

    Raises:
        SpeechFailed: some sentences cannot be said; all others were said and are kept.
        DiskFull, NotWritable: likewise.
    """
    takes = TakeCache(cache / "takes")
    takes.sweep()
    orders = {line.id: _order(line, spec, clause_ms) for line in lines}
    different = {order.key: order for order in orders.values()}
    made = {key: take for key in different if (take := takes.get(key))}
    missing = sorted((o for o in different.values() if o.key not in made), key=lambda o: (-o.length, o.key))
    total = sum(order.length for order in different.values())
    done = total - sum(order.length for order in missing)
    progress(done, total)
    failed: list[SpeechFailed] = []
    for order, result in perform(missing, _say, workers=workers, start=_open, start_with=(spec, takes)):
        done += order.length
        progress(done, total)
        if isinstance(result, Take):
            made[order.key] = result
        else:
            failed.append(result or SpeechFailed("máy đọc dừng đột ngột ở câu này.", thing=" ".join(order.pieces)))
    if failed:
        raise _all(failed)
    return {line_id: made[order.key] for line_id, order in orders.items()}


def unsaid(lines: Sequence[Line], *, spec: EngineSpec, cache: Path, clause_ms: int = 250) -> tuple[Line, ...]:
    """The lines whose takes are not in the cache: what a production would have to say."""
    takes = TakeCache(cache / "takes")
    return tuple(line for line in lines if takes.get(_order(line, spec, clause_ms).key) is None)


def _order(line: Line, spec: EngineSpec, clause_ms: int) -> _Order:
    inside = (f"{clause_ms} ms",) if len(line.pieces) > 1 else ()
    key = spec.key((*line.pieces, *inside), line.voice)
    return _Order(key=key, pieces=line.pieces, voice=line.voice, clause_ms=clause_ms)


def _all(failed: list[SpeechFailed]) -> SpeechFailed:
    if len(failed) == 1:
        return failed[0]
    sentences = "; ".join(f"{each.thing}: {each.message}" for each in failed[:5])
    return SpeechFailed(
        f"{len(failed)} câu không đọc được: {sentences}", advice="Các câu khác đã đọc xong và được giữ."
    )


_engine: Engine | None = None
_takes: TakeCache | None = None


def _open(spec: EngineSpec, takes: TakeCache) -> None:
    """Once in a worker: the engine is opened, and stays."""
    global _engine, _takes
    _engine, _takes = spec.open(), takes


def _say(order: _Order) -> Take | SpeechFailed:
    if _engine is None or _takes is None:
        raise RuntimeError("a worker was not started by perform()")
    try:
        speeches = list(_engine.speak(order.pieces, order.voice))
        for speech, text in zip(speeches, order.pieces, strict=True):
            inspect(speech, text)
    except SpeechFailed as failure:
        return failure
    return _takes.put(order.key, _joined(speeches, order.clause_ms), voice=order.voice)


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


def _without_tail(samples: np.ndarray, rate: int) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    return samples[: loud[-1] + 1 + int(_PIECE_EDGE_S * rate)] if loud.size else samples
