"""Lines -> takes, and the doubts about them: where takes are kept, who says them, and who listens."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from audiobook.casting import Studio, calibration
from audiobook.errors import SettingsError
from audiobook.library import Library
from audiobook.model.narration import Line, Remark
from audiobook.model.publication import Accepted
from audiobook.model.recording import Take
from audiobook.processes import cores
from audiobook.settings import Settings
from audiobook.synthesis.cache import TakeCache
from audiobook.synthesis.executors import Hire, local
from audiobook.synthesis.listen import heard_before, listen, recogniser
from audiobook.synthesis.render import render, said_before

Report = Callable[[str, int, int], None]
_KEY = 32  # bytes: a SHA-256
_GIGABYTES = {"vieneu": 1.5}  # of one process with the model in it, as measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrated:
    """The takes of an issue, with those of the calibration sentences, by line id; and what an editor should hear."""

    takes: Mapping[str, Take]
    doubts: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What an editor should hear, and why."""

    remark: Remark
    take: Take


@dataclass(slots=True, kw_only=True)
class Booth:
    """Where lines are said. ``recogniser``: the kind that listens to every take, "" for none; ``model``: its folder.

    ``accepted``: the doubts about takes that were let pass.
    """

    takes: TakeCache
    hire: Hire
    recogniser: str = ""
    model: str = ""
    clause_ms: int = 250
    accepted: tuple[Accepted, ...] = ()
    _said: bytearray = field(default_factory=bytearray)  # keys, in a sixth of their room

    @property
    def said(self) -> Iterator[str]:
        """The keys of all takes that were asked for, in order."""
        keys = {bytes(self._said[at : at + _KEY]) for at in range(0, len(self._said), _KEY)}
        return (key.hex() for key in sorted(keys))

    def saying(
        self, *, report: Report, judge: Callable[[Sequence[Remark]], tuple[Accepted, ...]]
    ) -> Callable[[Studio, Sequence[Line]], Mapping[str, Take]]:
        """A function that says lines, and hands takes on when ``judge`` lets the doubts about them pass."""

        def say(studio: Studio, lines: Sequence[Line]) -> Mapping[str, Take]:
            narrated = self.narrate(lines, studio=studio, report=report)
            for take in narrated.takes.values():
                self._said += bytes.fromhex(take.key)
            self.accepted += judge(narrated.doubts)
            return narrated.takes

        return say

    def narrate(self, lines: Sequence[Line], *, studio: Studio, report: Report) -> Narrated:
        """Say what was not said before, inspect all of it, and listen to it if that is wished.

        What was once heard of a take is known without listening again.

        Raises:
            SpeechFailed: some sentences cannot be said; all others were said and are kept.
            WorkersGone, DiskFull, NotWritable: likewise.
            SettingsError: the recogniser is not on this machine.
        """
        rendered = render(
            (*calibration(lines), *lines),
            spec=studio.spec,
            takes=self.takes,
            hire=self.hire,
            progress=lambda done, total: report("narration", done, total),
            retaken=lambda done, total: report("retakes", done, total),
            clause_ms=self.clause_ms,
        )
        if self.recogniser:
            heard = listen(
                lines,
                rendered.takes,
                by=recogniser(self.recogniser, self.model),
                in_words=_in_words,
                progress=lambda done, total: report("listening", done, total),
            )
        else:
            heard = heard_before(lines, rendered.takes, in_words=_in_words)
        doubts = (*_of(lines, rendered.doubts), *heard)
        return Narrated(takes=rendered.takes, doubts=studio.marked(doubts))

    def doubts(self, lines: Sequence[Line], *, studio: Studio) -> tuple[Doubt, ...]:
        """The doubts about what was said so far, with their takes; nothing is said."""
        known = said_before((*calibration(lines), *lines), spec=studio.spec, takes=self.takes, clause_ms=self.clause_ms)
        there = [line for line in lines if line.id in known.takes]
        found = (*_of(lines, known.doubts), *heard_before(there, known.takes, in_words=_in_words))
        takes = (known.takes[doubt.place] for doubt in found)
        return tuple(Doubt(remark=each, take=take) for each, take in zip(studio.marked(found), takes, strict=True))


def open_booth(
    library: Library, chosen: Settings, studio: Studio, *, cluster: str, listening: bool, tell: Callable[[str], None]
) -> Booth:
    """The booth of a library. ``cluster``: a Dask scheduler's address, "local", or "" for plain processes.

    Raises:
        SettingsError: no such cluster; or there is nothing to listen with.
    """
    if listening and not chosen.listen.recogniser:
        advice = "Đặt [listen] recogniser và model trong audiobook.toml, hoặc bỏ --listen."
        raise SettingsError("chưa đặt máy nghe nào.", thing="listen.recogniser", advice=advice)
    on_a_card = studio.spec.options.get("device") == "cuda"
    workers = chosen.voice.workers or (1 if on_a_card else _workers(studio.spec.name))  # a card is shared badly
    return Booth(
        takes=takes_of(library, chosen),
        hire=_on_many(cluster, tell=tell, workers=workers, graphics_card=on_a_card) if cluster else local(workers),
        recogniser=chosen.listen.recogniser if listening else "",
        model=chosen.listen.model,
        clause_ms=chosen.pauses.inside_ms,
    )


def takes_of(library: Library, chosen: Settings) -> TakeCache:
    """Where a library keeps its takes: in its own cache, or in a folder that it shares."""
    folder = library.folder / chosen.cache.takes if chosen.cache.takes else library.cache / "takes"
    return TakeCache(folder.resolve())


def _on_many(cluster: str, *, tell: Callable[[str], None], workers: int, graphics_card: bool) -> Hire:
    from audiobook.synthesis.cluster import dask  # brings asyncio along, which one machine has no use for

    return dask(cluster, tell=tell, workers=workers, graphics_card=graphics_card)


def _of(lines: Sequence[Line], doubts: Sequence[Remark]) -> tuple[Remark, ...]:
    """Without those about the calibration sentences, which nobody hears."""
    places = {line.id for line in lines}
    return tuple(doubt for doubt in doubts if doubt.place in places)


def _in_words(written: str) -> str:
    from audiobook.spoken.lexicon import Lexicon
    from audiobook.spoken.prepare import speak

    return speak(written, Lexicon())


def _workers(engine: str) -> int:
    """A process for every core, as long as there is memory for the model in each."""
    needed = _GIGABYTES.get(engine)
    if not needed or not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return cores()
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return max(1, min(cores(), int(0.8 * gigabytes / needed)))
