"""Takes -> Recording: every stretch of every chapter assembled and levelled, and the time of every sentence in the whole."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

from audiobook.disk import digest, sweep
from audiobook.errors import EditionError
from audiobook.loudness import integrated_lufs
from audiobook.mastering.assemble import TARGET_LUFS, Order, assemble, assembled, is_whole
from audiobook.mastering.level import level
from audiobook.mastering.mix import EARS, Mix
from audiobook.mastering.speech import trimmed_take
from audiobook.mastering.stretches import stretches
from audiobook.model.narration import Narration
from audiobook.model.recording import HUMAN, Cue, Recording, Take, Timeline, Track
from audiobook.processes import side_by_side
from audiobook.room import kept

CALIBRATION_TEXTS = (
    "kính chào quý vị và các bạn, sau đây là bản tin của chúng tôi.",
    "trời hôm nay nhiều mây, có lúc có mưa rào và dông, gió nhẹ.",
    "các cụ nhớ mặc áo ấm khi ra khỏi nhà vào buổi sáng sớm.",
    "hội người cao tuổi phường họp vào lúc tám giờ ba mươi phút.",
    "bà con trong tổ dân phố đã đóng góp hai mươi lăm triệu đồng.",
    "đường vào nhà văn hóa đã được sửa sang, sạch sẽ và sáng sủa.",
)
"""Said once with each voice; their loudness sets its gain for ever, so that one changed sentence never moves another."""

PAUSES_LU = 0.35  # blocks that lie half in a pause pass the gate and weigh on an issue's loudness, as measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What is to be mastered, and for whom.

    ``takes`` by utterance id; ``levels``: voice -> its loudness in LUFS; ``opening`` and ``closing``: sounds before the
    first and behind the last chapter (``Path("chime")`` is built in); ``speed`` and ``people_speed`` below 1 draw the speech out;
    ``is_followed``: whether anybody follows it sentence by sentence in its first mix, else only chapters have times.
    """

    narration: Narration
    takes: Mapping[str, Take]
    levels: Mapping[str, float]
    mixes: tuple[Mix, ...] = (EARS,)
    opening: Path | None = None
    closing: Path | None = None
    speed: float = 1.0
    people_speed: float = 1.0
    is_followed: bool = True


def measure_level(takes: Sequence[Take]) -> float:
    """The loudness of a voice in LUFS, from its calibration takes without the silence around them."""
    sounds = [trimmed_take(take) for take in takes]
    return level(lambda: sounds, wanted_lufs=TARGET_LUFS + PAUSES_LU)


def known_level(takes: Sequence[Take], *, cache: Path) -> float:
    """The same, measured once and kept, until the takes' sound or what measures it is another."""
    here = Path(__file__)
    measured_by = (here.with_name("level.py"), here.with_name("speech.py"), here.parent.with_name("loudness.py"))
    parts = [f"{TARGET_LUFS + PAUSES_LU}", *map(digest, (*measured_by, *(take.file for take in takes)))]
    name = hashlib.sha256(" ".join(parts).encode()).hexdigest()
    return float(kept(cache / f"{name}.lufs", lambda: repr(measure_level(takes)).encode()))


def master(
    programmes: Sequence[Programme],
    *,
    folder: Path,
    workers: int,
    progress: Callable[[int, int], None],
) -> tuple[tuple[Recording, ...], ...]:
    """Assemble every track of every programme that is not there already, and add up the times; a recording for each mix.

    Args:
        programmes: what is wanted; their tracks share the processes.
        folder: where tracks are kept, under the hash of all that makes them.
        workers: processes.
        progress: called with tracks done and tracks in all.

    Raises:
        DiskFull, NotWritable: finished tracks are kept.
        EditionError: a process was ended from outside; likewise.
    """
    sweep(folder.glob(".tmp-*"))
    wanted = [_tracks(programme, folder) for programme in programmes]
    every = {key for of_one in wanted for mix in of_one for _, key in mix}
    missing = {key for key in every if not is_whole(key, folder)}
    done = len(every) - len(missing)
    progress(done, len(every))
    made = side_by_side(assemble, _missing(programmes, folder, missing), min(workers, len(missing)))
    try:
        for count in made:
            done += count
            progress(done, len(every))
    except BrokenProcessPool as error:
        raise EditionError(
            "việc ghép âm thanh bị dừng đột ngột (máy hết bộ nhớ?).",
            thing=folder,
            advice="Chạy lại để làm tiếp; các bài đã ghép xong được giữ.",
        ) from error
    return tuple(
        tuple(_recording(programme, mix, tracks, folder) for mix, tracks in zip(programme.mixes, of_one, strict=True))
        for programme, of_one in zip(programmes, wanted, strict=True)
    )


def _tracks(programme: Programme, folder: Path) -> list[list[tuple[str, str]]]:
    """Passage id and key of every track, for each mix."""
    found = list[list[tuple[str, str]]]([] for _ in programme.mixes)
    for order in _orders(programme, folder):
        for mix, tracks in zip(programme.mixes, found, strict=True):
            tracks.append((order.passage.id, order.key(mix)))
    return found


def _missing(programmes: Sequence[Programme], folder: Path, missing: Set[str]) -> Iterator[Order]:
    """Each once, and not before it is wanted: the orders of ten hours together are large."""
    left = set(missing)
    for programme in programmes:
        for order in _orders(programme, folder):
            keys = {order.key(mix): mix for mix in order.mixes}
            if wanted := keys.keys() & left:
                left -= wanted
                yield replace(order, mixes=tuple(mix for key, mix in keys.items() if key in wanted))


def _orders(programme: Programme, folder: Path) -> Iterator[Order]:
    gains_db = {
        voice: TARGET_LUFS
        - level
        + (0 if voice.startswith(HUMAN) else PAUSES_LU)  # a person's pauses were measured too
        for voice, level in programme.levels.items()
    }
    pieces = [piece for passage in programme.narration.passages for piece in stretches(passage, programme.takes)]
    for number, piece in enumerate(pieces, start=1):
        yield Order(
            passage=piece,
            takes={utterance.id: programme.takes[utterance.id] for utterance in piece.utterances},
            gains_db=gains_db,
            mixes=programme.mixes,
            speed=programme.speed,
            people_speed=programme.people_speed,
            opening=programme.opening if number == 1 else None,
            closing=programme.closing if number == len(pieces) else None,
            folder=folder,
        )


def _recording(programme: Programme, mix: Mix, wanted: Sequence[tuple[str, str]], folder: Path) -> Recording:
    """What is known of each track is read from beside it, one at a time: of ten hours it is megabytes.

    ``wanted``: passage id and key of each track.
    """
    is_followed = programme.is_followed and mix is programme.mixes[0]
    tracks, chapters, sentences = list[Track](), list[Cue](), list[Cue]()
    hops, peak, end = bytearray(), 1e-6, 0

    def ms(samples: int) -> int:
        return round(samples * 1000 / mix.rate)

    by_passage = groupby(wanted, key=itemgetter(0))
    for passage, (_, of_one) in zip(programme.narration.passages, by_passage, strict=True):
        began = end
        for _, key in of_one:
            part, start = assembled(key, folder), end
            tracks.append(Track(chapter=passage.id, key=key, folder=folder, samples=part.samples, sha256=part.sha256))
            sentences += [
                Cue(id=sentence, title="", start_ms=ms(start + first), end_ms=ms(start + last))
                for sentence, first, last in (part.sentences if is_followed else ())
            ]
            hops += part.hops
            peak, end = max(peak, part.peak), start + part.samples
        chapters.append(Cue(id=passage.id, title=passage.title, start_ms=ms(began), end_ms=ms(end)))
    return Recording(
        rate=mix.rate,
        tracks=tuple(tracks),
        timeline=Timeline(chapters=tuple(chapters), sentences=tuple(sentences)),
        loudness_lufs=integrated_lufs([np.frombuffer(hops, "<f4")]),
        true_peak_dbtp=float(20 * np.log10(peak)),
    )
