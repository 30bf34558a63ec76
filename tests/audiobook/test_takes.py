"""Takes: said once, kept, checked, remade when damaged, cleaned up; and heard against their voice."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiobook.disk import digest
from audiobook.errors import DiskFull, SpeechFailed
from audiobook.model.narration import Line
from audiobook.model.recording import Take
from audiobook.synthesis import cache as cache_of_takes
from audiobook.synthesis import saying
from audiobook.synthesis.cache import Kept, TakeCache
from audiobook.synthesis.engine import EngineSpec, Speech
from audiobook.synthesis.executors import local
from audiobook.synthesis.measure import measure
from audiobook.synthesis.render import render, said_before
from audiobook.synthesis.saying import Order
from audiobook.synthesis.voices import choose

KEY, OTHER = "ab" * 32, "cd" * 32
DAY = 24 * 3600
TONE = choose("tone", {}).spec


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(id=f"c01s{n}", voice="thap", pieces=tuple(text.split("|"))) for n, text in enumerate(texts))


def rendered(texts: tuple[str, ...], folder: Path, spec: EngineSpec = TONE, **more: object) -> Mapping[str, Take]:
    wanted = {"hire": local(2), "progress": lambda done, total: None}
    return render(lines(*texts), spec=spec, takes=TakeCache(folder), **(wanted | more)).takes


def sound(seconds: float = 1.0, *, hz: float = 220) -> Speech:
    time_s = np.arange(int(seconds * 24_000)) / 24_000
    return Speech(samples=(0.3 * np.sin(2 * np.pi * hz * time_s)).astype(np.float32), rate=24_000)


def put(cache: TakeCache, key: str, speech: Speech) -> Kept:
    measures = measure(speech)
    assert measures
    return cache.put(key, speech, voice="thap", measures=measures)


def test_a_take_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    made = put(cache, KEY, sound())
    assert cache.get(KEY) == made
    assert made.measures == made.first == measure(sound())
    info = soundfile.info(made.take.file)
    assert (info.format, info.subtype, info.frames) == ("FLAC", "PCM_16", made.take.samples)


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_damaged_take_is_made_again(tmp_path: Path, harm: str) -> None:
    file = next(iter(rendered(("một hai ba.",), tmp_path).values())).file
    whole = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(whole[:60] if harm == "cut" else whole[:-9] + bytes(9))
    rendered(("một hai ba.",), tmp_path)
    assert file.read_bytes() == whole


def test_a_copied_take_is_known_by_its_checksum(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    made = put(cache, KEY, sound())
    os.utime(made.take.file)
    assert cache.get(KEY) == made
    assert made.measures == made.first == measure(sound())


def test_a_take_that_was_measured_by_an_older_program_is_measured_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = TakeCache(tmp_path)
    made = put(cache, KEY, sound())
    monkeypatch.setattr("audiobook.synthesis.cache.MEASURES_VERSION", 99)
    again = cache.get(KEY)
    assert again
    assert again.measures.seconds == made.measures.seconds


def test_nothing_is_said_twice(tmp_path: Path) -> None:
    rendered(("một hai ba.", "bốn năm.", "một hai ba."), tmp_path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.flac")}
    assert len(before) == 2
    rendered(("bốn năm.", "một hai ba.", "sáu."), tmp_path)
    after = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.flac")}
    assert len(after) == 3
    assert before.items() <= after.items()


def test_pieces_of_a_sentence_are_one_take_with_a_pause_between(tmp_path: Path) -> None:
    (take,) = rendered(("một hai ba bốn.|năm sáu bảy tám.",), tmp_path, clause_ms=400).values()
    samples, rate = soundfile.read(take.file)
    quiet = np.abs(samples) < 0.001
    longest = max(len(run) for run in "".join("q" if each else "x" for each in quiet).split("x"))
    assert 0.4 <= longest / rate <= 0.55


def test_progress_goes_from_what_is_there_to_all(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    rendered(("một.", "hai ba."), tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 11)
    assert seen[-1] == (11, 11)


def test_a_full_disk_leaves_no_half_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path))

    monkeypatch.setattr("audiobook.synthesis.cache.os.fsync", full)
    with pytest.raises(DiskFull):
        put(TakeCache(tmp_path), KEY, sound())
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_only_what_nobody_writes_any_more_is_swept(tmp_path: Path) -> None:
    old, young = tmp_path / "ab" / ".tmp-1.flac", tmp_path / "ab" / ".tmp-2.flac"
    old.parent.mkdir()
    for file in (old, young):
        file.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)
    TakeCache(tmp_path).sweep()
    assert (old.exists(), young.exists()) == (False, True)


def used_long_ago(kept: Kept) -> None:
    facts = kept.take.file.with_suffix(".json")
    os.utime(facts, ns=(0, facts.stat().st_mtime_ns))


def days_ago(kept: Kept, days: float) -> None:
    """When it was last used."""
    facts = kept.take.file.with_suffix(".json")
    os.utime(facts, (time.time() - days * DAY,) * 2)


def there(cache: TakeCache, *made: Kept) -> list[bool]:
    """Whether they are there, without using them."""
    return [each.take.file.with_suffix(".json").exists() and each.take.file.exists() for each in made]


def test_clean_up_takes_what_was_not_used_for_longest_and_never_what_is_published(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    published, oldest, old = (put(cache, key, sound()) for key in (KEY, OTHER, "ef" * 32))
    for each in (published, oldest, old):
        used_long_ago(each)
    os.utime(old.take.file.with_suffix(".json"), (DAY, DAY))
    with cache.needing("guid", [KEY]):
        pass
    size = sum(file.stat().st_size for file in tmp_path.glob("??/*"))
    assert cache.clean(limit_bytes=size, published=lambda: ["guid"]) == 0
    assert cache.clean(limit_bytes=size - 1, published=lambda: ["guid"]) == 1
    assert there(cache, published, oldest, old) == [True, False, True]
    assert cache.clean(limit_bytes=0, published=lambda: ["guid"]) == 1
    assert there(cache, published, old) == [True, False]


def test_what_a_production_elsewhere_may_be_at_is_not_cleaned_though_nobody_has_noted_it(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    made, used_again, left = (put(cache, key, sound()) for key in (KEY, OTHER, "ef" * 32))
    days_ago(made, 6)  # by a production of ten hours that is not at its end
    days_ago(used_again, 300)
    days_ago(left, 8)
    cache.get(OTHER)
    assert cache.clean(limit_bytes=0, published=list) == 1
    assert there(cache, made, used_again, left) == [True, True, False]


def test_what_is_used_again_while_a_clean_up_runs_stays(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    one, other = (put(cache, key, sound()) for key in (KEY, OTHER))
    days_ago(one, 9)
    days_ago(other, 8)
    remove = Path.unlink

    def used_meanwhile(file: Path, *, missing_ok: bool = False) -> None:
        cache.get(OTHER)  # on another machine, while the first is removed
        remove(file, missing_ok=missing_ok)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", used_meanwhile)
        assert cache.clean(limit_bytes=0, published=list) == 1
    assert there(cache, one, other) == [False, True]


def test_what_an_issue_was_made_of_is_needed_until_its_revision_stands_on_the_shelf(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    old, new = (put(cache, key, sound()) for key in (KEY, OTHER))
    with cache.needing("guid", [KEY]):
        pass
    used_long_ago(old)
    used_long_ago(new)
    for _ in range(2):
        with pytest.raises(DiskFull), cache.needing("guid", [OTHER]):
            raise DiskFull("the shelf")
    cache.clean(limit_bytes=0, published=lambda: ["guid"])
    assert there(cache, old, new) == [True, True]
    with cache.needing("guid", [OTHER]):
        cache.clean(limit_bytes=0, published=lambda: ["guid"])
        assert there(cache, old, new) == [True, True]
    cache.clean(limit_bytes=0, published=lambda: ["guid"])
    assert there(cache, old, new) == [False, True]


def test_nothing_is_cleaned_where_it_is_not_known_what_a_published_issue_needs(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    used_long_ago(put(cache, KEY, sound()))
    assert cache.clean(limit_bytes=0, published=lambda: ["an issue without a note"]) == 0
    assert cache.get(KEY)


def test_a_take_that_is_used_again_counts_as_used(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    one, other = (put(cache, key, sound()) for key in (KEY, OTHER))
    used_long_ago(one)
    used_long_ago(other)
    cache.get(one.take.key)
    cache.clean(limit_bytes=sum(f.stat().st_size for f in tmp_path.glob("??/*")) - 1, published=list)
    assert (cache.get(KEY) is not None, cache.get(OTHER) is not None) == (True, False)


@pytest.mark.parametrize("may_write", [True, False])
def test_a_take_of_another_user_in_a_shared_folder_serves_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_write: bool
) -> None:
    """Who may write a file may set its times to now, and to nothing else (utimensat(2))."""
    noted = []

    def anothers(file: Path, *times: object, **ns: object) -> None:
        if times or ns or not may_write:
            raise PermissionError(1, "Operation not permitted", str(file))
        noted.append(file)

    cache = TakeCache(tmp_path)
    facts = put(cache, KEY, sound()).take.file.with_suffix(".json")
    monkeypatch.setattr(cache_of_takes, "_USED_AGAIN_S", -1)  # so it is due
    monkeypatch.setattr(os, "utime", anothers)
    assert cache.get(KEY)
    assert noted == [facts] * may_write


def test_two_writers_of_the_same_take_leave_a_whole_one(tmp_path: Path) -> None:
    cache, wrong = TakeCache(tmp_path), []

    def write() -> None:
        for _ in range(30):
            put(cache, KEY, sound(0.3))
            if cache.get(KEY) is None:
                wrong.append("torn")

    writers = [threading.Thread(target=write) for _ in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert cache.get(KEY)
    assert not list(tmp_path.rglob(".tmp-*"))


class Moody:
    """An engine whose first attempts are bad: ``bad`` of them are noise of the wrong length."""

    voices = ()

    def __init__(self, bad: int) -> None:
        self.bad, self.asked = bad, list[int]()

    def speak(self, texts: Sequence[str], voice: str, *, attempt: int = 0) -> Iterator[Speech]:
        self.asked.append(attempt)
        for text in texts:
            seconds = 0.06 * len(text.split())
            yield sound(seconds + 30 if attempt < self.bad else seconds)


@pytest.mark.parametrize(("bad", "attempts"), [(0, 1), (2, 3), (9, 4)])
def test_a_bad_take_is_said_again_up_to_three_times(tmp_path: Path, bad: int, attempts: int) -> None:
    engine = Moody(bad)
    order = Order(key=KEY, pieces=("một hai ba bốn.",), voice="thap", clause_ms=250)
    kept = saying._kept(order, engine, TakeCache(tmp_path), 4)
    assert engine.asked == list(range(attempts))
    assert kept.attempts == attempts
    assert (kept.measures.seconds > 20) == (bad == 9)


def test_what_was_kept_since_it_was_ordered_is_not_said_again(tmp_path: Path) -> None:
    """By another issue's production, or by a worker that died before it could tell."""
    cache, engine = TakeCache(tmp_path), Moody(0)
    made = put(cache, KEY, sound())
    order = Order(key=KEY, pieces=("một hai ba bốn.",), voice="thap", clause_ms=250)
    assert saying._kept(order, engine, cache, 4) == made
    assert engine.asked == []


class Clerk:
    """A crew that writes down what it is given, and does it at once."""

    width, tries, losses = 2, 1, ()

    def __init__(self) -> None:
        self.given = list[Order]()

    def submit(self, task: Order, *, limit_s: float) -> Future[tuple[Kept | SpeechFailed, float]]:
        self.given.append(task)
        done = Future[tuple[Kept | SpeechFailed, float]]()
        done.set_result(saying.say(task))
        return done


def test_the_longest_sentences_are_handed_out_first(tmp_path: Path) -> None:
    clerk, counts = Clerk(), (3, 40, 1, 17, 25, 8, 12)

    @contextmanager
    def hire(work: object, start: Callable[..., None], start_with: tuple[object, ...]) -> Iterator[Clerk]:
        start(*start_with)
        yield clerk

    rendered(tuple(" ".join(["một"] * count) + "." for count in counts), tmp_path, hire=hire)
    said = [len(order.pieces[0].split()) for order in clerk.given]
    assert said == sorted(counts, reverse=True)


def test_what_stands_out_among_the_takes_of_a_voice_is_told_with_its_place(tmp_path: Path) -> None:
    texts = tuple(" ".join(["một"] * n) + "." for n in range(2, 16))
    takes = rendered(texts, tmp_path)
    cache = TakeCache(tmp_path)
    victim = takes["c01s7"]
    put(cache, victim.key, sound(8))
    found = render(lines(*texts), spec=TONE, takes=cache, hire=local(2), progress=lambda done, total: None)
    assert [(doubt.code, doubt.place) for doubt in found.doubts] == [("V-LONG", "c01s7")]
    assert "một một một" in found.doubts[0].text
    assert found.doubts[0].sound == digest(victim.file)
    again = said_before(lines(*texts, "chưa đọc."), spec=TONE, takes=cache)
    assert again.doubts == found.doubts
    assert len(again.takes) == len(texts)


def test_how_far_the_doubtful_takes_are_said_again_is_told(tmp_path: Path) -> None:
    spec, texts = choose("espeak", {}).spec, ("xin chào các cụ.", "hôm nay trời đẹp.")
    asked = tuple(Line(id=f"s{n}", voice="bac", pieces=(text,)) for n, text in enumerate(texts))
    cache, seen = TakeCache(tmp_path), list[tuple[int, int]]()
    for text in texts:
        put(cache, spec.key((text,), "bac"), sound(30))
    render(
        asked,
        spec=spec,
        takes=cache,
        hire=local(1),
        progress=lambda done, total: None,
        retaken=lambda done, total: seen.append((done, total)),
    )
    total = sum(map(len, texts))
    assert [seen[0], *seen[2:]] == [(0, total), (total, total)]
    assert 0 < seen[1][0] < total


def test_a_sentence_that_cannot_be_said_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    with pytest.raises(SpeechFailed, match="không cho tiếng"):
        rendered(("một hai.", "", "ba bốn."), tmp_path)
    assert len(list(tmp_path.rglob("*.flac"))) == 2
