"""Takes -> Recording: every chapter assembled and levelled, and the time of every sentence in the whole."""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiobook.mastering.assemble import RATE, TARGET_LUFS, Assembled, assemble, kept, track_key, trimmed_take
from audiobook.mastering.loudness import hop_powers, integrated_lufs
from audiobook.model.narration import Narration, Passage
from audiobook.model.recording import Cue, Recording, Take, Timeline, Track

CALIBRATION_TEXTS = (
    "kính chào quý vị và các bạn, sau đây là bản tin của chúng tôi.",
    "trời hôm nay nhiều mây, có lúc có mưa rào và dông, gió nhẹ.",
    "các cụ nhớ mặc áo ấm khi ra khỏi nhà vào buổi sáng sớm.",
    "hội người cao tuổi phường họp vào lúc tám giờ ba mươi phút.",
    "bà con trong tổ dân phố đã đóng góp hai mươi lăm triệu đồng.",
    "đường vào nhà văn hóa đã được sửa sang, sạch sẽ và sáng sủa.",
)
"""Said once with each voice; their loudness sets its gain for ever, so that one changed sentence never moves another."""

_PAUSES_LU = 1.0  # blocks that lie half in a pause pass the gate and weigh on an issue's loudness, as measured


def measure_level(takes: Sequence[Take]) -> float:
    """The loudness of a voice in LUFS, from its calibration takes without the silence around them."""
    hops = []
    for take in takes:
        samples, rate = trimmed_take(take)
        hops.append(hop_powers(samples, rate))
    return integrated_lufs(hops)


def master(
    narration: Narration,
    takes: Mapping[str, Take],
    *,
    levels: Mapping[str, float],
    opening_sound: Path | None,
    folder: Path,
    workers: int,
    progress: Callable[[int, int], None],
) -> Recording:
    """Assemble every chapter that is not there already, and add up the times.

    Args:
        narration: what was said.
        takes: by utterance id.
        levels: voice -> its loudness in LUFS.
        opening_sound: before the first chapter; ``Path("chime")`` is the built-in one.
        folder: where tracks are kept, under the hash of all that makes them.
        workers: processes.
        progress: called with chapters done and chapters in all.

    Raises:
        DiskFull, NotWritable: finished chapters are kept.
    """
    gains_db = {voice: TARGET_LUFS + _PAUSES_LU - level for voice, level in levels.items()}
    orders = tuple(_orders(narration, takes, gains_db, opening_sound, folder))
    done = {order.key: made for order in orders if (made := kept(order.key, folder))}
    missing = [order for order in orders if order.key not in done]
    progress(len(orders) - len(missing), len(orders))
    for made in _assembled(missing, workers):
        done[made.key] = made
        progress(len(orders) - len(missing) + sum(order.key in done for order in missing), len(orders))
    parts = [done[order.key] for order in orders]
    peak = max(part.peak for part in parts)
    return Recording(
        rate=RATE,
        tracks=tuple(
            Track(id=order.passage.id, key=order.key, file=folder / f"{order.key}.wav", samples=part.samples)
            for order, part in zip(orders, parts, strict=True)
        ),
        timeline=_timeline(narration, parts),
        loudness_lufs=integrated_lufs(np.frombuffer(part.hops, "<f4") for part in parts),
        true_peak_dbtp=float(20 * np.log10(max(peak, 1e-6))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    passage: Passage
    takes: Mapping[str, Take]
    gains_db: Mapping[str, float]
    opening: Path | None
    key: str
    folder: Path


def _orders(
    narration: Narration,
    takes: Mapping[str, Take],
    gains_db: Mapping[str, float],
    opening_sound: Path | None,
    folder: Path,
) -> Iterator[_Order]:
    for number, passage in enumerate(narration.passages):
        own = {utterance.id: takes[utterance.id] for utterance in passage.utterances}
        opening = opening_sound if number == 0 else None
        key = track_key(passage, own, gains_db=gains_db, opening=opening)
        yield _Order(passage=passage, takes=own, gains_db=gains_db, opening=opening, key=key, folder=folder)


def _assembled(orders: Sequence[_Order], workers: int) -> Iterator[Assembled]:
    if len(orders) <= 1:
        yield from map(_assemble, orders)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(orders)), context) as pool:
        try:
            for future in as_completed([pool.submit(_assemble, order) for order in orders]):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _assemble(order: _Order) -> Assembled:
    return assemble(
        order.passage,
        order.takes,
        gains_db=order.gains_db,
        opening=order.opening,
        key=order.key,
        folder=order.folder,
    )


def _timeline(narration: Narration, parts: Sequence[Assembled]) -> Timeline:
    chapters, sentences = list[Cue](), list[Cue]()
    start = 0
    for passage, part in zip(narration.passages, parts, strict=True):
        end = start + part.samples
        chapters.append(Cue(id=passage.id, title=passage.title, start_ms=_ms(start), end_ms=_ms(end)))
        sentences += [
            Cue(id=sentence, title="", start_ms=_ms(start + first), end_ms=_ms(start + last))
            for sentence, first, last in part.sentences
        ]
        start = end
    return Timeline(chapters=tuple(chapters), sentences=tuple(sentences))


def _ms(samples: int) -> int:
    return round(samples * 1000 / RATE)
