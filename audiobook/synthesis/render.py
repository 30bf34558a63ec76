"""Lines -> takes and doubts: use again what is there, say what is missing, hear all of it against its voice."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from audiobook.disk import digest
from audiobook.errors import SpeechFailed, WorkersGone
from audiobook.model.narration import Line, Remark
from audiobook.model.recording import Take
from audiobook.synthesis.cache import Kept, TakeCache
from audiobook.synthesis.engine import EngineSpec
from audiobook.synthesis.executors import Crew, Hire, Patience, perform
from audiobook.synthesis.inspect import REASONS, Norm, faults, heard, norm_of
from audiobook.synthesis.saying import Order, say, start
from audiobook.synthesis.voices import attempts

Progress = Callable[[int, int], None]
_SHOWN = 70  # characters of a sentence in a remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Takes by line id; and a doubt for each line whose take an editor should hear. Its place is the line's id."""

    takes: Mapping[str, Take]
    doubts: tuple[Remark, ...]


def render(
    lines: Sequence[Line],
    *,
    spec: EngineSpec,
    takes: TakeCache,
    hire: Hire,
    progress: Progress,
    retaken: Progress = lambda done, total: None,
    clause_ms: int = 250,
) -> Rendered:
    """Say every line once, the longest first; what the cache holds is not said again.

    Every voice is then judged by itself: what stands out among all of its takes is said again with other seeds, where
    the engine has them, and the best take is kept. What stays doubtful is told.

    Args:
        lines: what is to be said, and by whom.
        spec: the engine.
        takes: the cache.
        hire: who does it: ``executors.local`` or ``cluster.dask``.
        progress: called with characters said and to be said in all.
        retaken: the same, of the doubtful takes that are said again.
        clause_ms: silence between the pieces of a long sentence.

    Raises:
        SpeechFailed: some sentences cannot be said; all others were said and are kept.
        WorkersGone, DiskFull, NotWritable: likewise.
    """
    takes.sweep()
    by_line = {line.id: _order(line, spec, clause_ms) for line in lines}
    orders = {order.key: order for order in by_line.values()}
    kept = {key: take for key in orders if (take := takes.get(key))}
    with ExitStack() as stack:
        desk = _Desk(stack, hire, spec, takes)
        failed = _say_missing(orders, kept, desk, progress)
        if failed:
            raise _all(failed)
        norms = _norms(orders, kept)
        doubtful = [
            replace(orders[key], standing=kept[key], norm=norms[orders[key].voice])
            for key in orders
            if kept[key].attempts < attempts(spec) and _codes(orders[key], kept[key], norms)
        ]
        _say_again(doubtful, kept, desk, retaken)
    doubts = _doubts(((line, by_line[line.id]) for line in lines), kept, norms)
    return Rendered(takes={line: kept[order.key].take for line, order in by_line.items()}, doubts=doubts)


def said_before(lines: Sequence[Line], *, spec: EngineSpec, takes: TakeCache, clause_ms: int = 250) -> Rendered:
    """The takes of what was said before, and the doubts about them; what was not said is left out, nothing is made."""
    by_line = {line.id: _order(line, spec, clause_ms) for line in lines}
    orders = {order.key: order for order in by_line.values()}
    kept = {key: take for key in orders if (take := takes.get(key))}
    norms = _norms(orders, kept)
    there = [(line, order) for line in lines if (order := by_line[line.id]).key in kept]
    doubts = _doubts(there, kept, norms)
    return Rendered(takes={line.id: kept[order.key].take for line, order in there}, doubts=doubts)


def unsaid(lines: Sequence[Line], *, spec: EngineSpec, takes: TakeCache, clause_ms: int = 250) -> tuple[Line, ...]:
    """The lines whose takes are not in the cache: what a production would have to say."""
    return tuple(line for line in lines if takes.get(_order(line, spec, clause_ms).key) is None)


@dataclass(slots=True)
class _Desk:
    """Hands out orders; the crew is hired when there is something to do, and goes home with the stack."""

    stack: ExitStack
    hire: Hire
    spec: EngineSpec
    takes: TakeCache
    patience: Patience = field(default_factory=Patience)
    crew: Crew | None = None

    def make(self, orders: Sequence[Order]) -> Iterator[tuple[Order, Kept | SpeechFailed | None]]:
        if not orders:
            return
        if self.crew is None:
            self.crew = self.stack.enter_context(self.hire(say, start, (self.spec, self.takes)))
        yield from perform(orders, self.crew, size=lambda order: order.length, patience=self.patience)


def _order(line: Line, spec: EngineSpec, clause_ms: int) -> Order:
    inside = (f"{clause_ms} ms",) if len(line.pieces) > 1 else ()
    key = spec.key((*line.pieces, *inside), line.voice)
    return Order(key=key, pieces=line.pieces, voice=line.voice, clause_ms=clause_ms)


def _say_missing(
    orders: Mapping[str, Order], kept: dict[str, Kept], desk: _Desk, progress: Progress
) -> list[SpeechFailed]:
    missing = sorted((o for o in orders.values() if o.key not in kept), key=lambda o: (-o.length, o.key))
    total = sum(order.length for order in orders.values())
    done = total - sum(order.length for order in missing)
    progress(done, total)
    failed = []
    for order, result in desk.make(missing):
        done += order.length
        progress(done, total)
        if isinstance(result, Kept):
            kept[order.key] = _seen_here(desk.takes.here(result, key=order.key, voice=order.voice))
        else:
            failed.append(result or SpeechFailed("máy đọc dừng đột ngột ở câu này.", thing=" ".join(order.pieces)))
    return failed


def _say_again(doubtful: Sequence[Order], kept: dict[str, Kept], desk: _Desk, progress: Progress) -> None:
    """Where no better take comes of it, the one that stands is kept."""
    done, total = 0, sum(order.length for order in doubtful)
    progress(done, total)
    for order, result in desk.make(doubtful):
        done += order.length
        progress(done, total)
        if isinstance(result, Kept):
            kept[order.key] = result


def _seen_here(kept: Kept) -> Kept:
    if not kept.take.file.is_file():
        raise WorkersGone(
            "máy thợ đã đọc, nhưng ở đây không thấy bản thu: các máy phải dùng chung thư mục này, cùng đường dẫn.",
            thing=kept.take.file.parent.parent,
        )
    return kept


def _norms(orders: Mapping[str, Order], kept: Mapping[str, Kept]) -> dict[str, Norm | None]:
    """From every voice's first attempts, so that what was said again in the meantime does not move it."""
    said = [key for key in orders if key in kept]
    return {
        voice: norm_of(heard(orders[key].pieces, kept[key].first) for key in said if orders[key].voice == voice)
        for voice in {orders[key].voice for key in said}
    }


def _codes(order: Order, kept: Kept, norms: Mapping[str, Norm | None]) -> tuple[str, ...]:
    return faults(heard(order.pieces, kept.measures), norms[order.voice])


def _doubts(
    ordered: Iterable[tuple[Line, Order]], kept: Mapping[str, Kept], norms: Mapping[str, Norm | None]
) -> tuple[Remark, ...]:
    judged = ((line, kept[order.key].take, _codes(order, kept[order.key], norms)) for line, order in ordered)
    return tuple(_doubt(line, take, codes) for line, take, codes in judged if codes)


def _doubt(line: Line, take: Take, codes: Sequence[str]) -> Remark:
    said = " ".join(line.pieces)
    shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN].rsplit(' ', 1)[0]} …"
    text = f"{'; '.join(REASONS[code] for code in codes)}: “{shown}”"
    return Remark(code=codes[0], place=line.id, text=text, sound=digest(take.file))


def _all(failed: list[SpeechFailed]) -> SpeechFailed:
    if len(failed) == 1:
        return failed[0]
    sentences = "; ".join(f"{each.thing}: {each.message}" for each in failed[:5])
    return SpeechFailed(
        f"{len(failed)} câu không đọc được: {sentences}", advice="Các câu khác đã đọc xong và được giữ."
    )
