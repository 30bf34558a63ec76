"""Engines behind one contract, takes kept and checked, workers that may die."""

import importlib.util
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiobook.errors import DiskFull, SpeechFailed, UnknownVoice, VoiceNotInstalled
from audiobook.model.narration import Line
from audiobook.synthesis.cache import TakeCache
from audiobook.synthesis.engine import EngineSpec, Speech
from audiobook.synthesis.engines import espeak, vieneu
from audiobook.synthesis.executors import perform
from audiobook.synthesis.inspect import inspect
from audiobook.synthesis.render import render
from audiobook.synthesis.voices import Choice, choose, engine_voices, find_voice

_weights = importlib.util.spec_from_file_location("tiny_vieneu", Path(__file__).with_name("tiny_vieneu.py"))
tiny_vieneu = importlib.util.module_from_spec(_weights)
_weights.loader.exec_module(tiny_vieneu)

ENGINES = {
    "espeak": ("espeak", {}),
    "tone": ("tone", {}),
    "vieneu v3turbo fp32": ("vieneu", {}),
    "vieneu v3turbo int8": ("vieneu", {"precision": "int8"}),
    "vieneu v3nano": ("vieneu", {"mode": "v3nano"}),
}
SHORT, LONG = "xin chào.", "xin chào quý vị và các bạn, sau đây là bản tin của phường an hòa hôm nay."


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("huggingface")
    tiny_vieneu.turbo(home)
    tiny_vieneu.nano(home)
    return home


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(params=ENGINES)
def choice(request: pytest.FixtureRequest, weights: Path) -> Choice:
    name, options = ENGINES[request.param]
    return choose(name, {name: options | ({"model_dir": str(weights)} if name == "vieneu" else {})})


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(id=f"c01s{n}", voice="thap", pieces=tuple(text.split("|"))) for n, text in enumerate(texts))


def rendered(texts: tuple[str, ...], cache: Path, spec: EngineSpec | None = None, **more: object) -> dict:
    wanted = {
        "spec": spec or choose("tone", {}).spec,
        "workers": 2,
        "progress": lambda done, total: None,
    }
    return render(lines(*texts), cache=cache, **(wanted | more))


def test_an_engine_says_each_text_in_order_as_mono_float_within_full_scale(choice: Choice) -> None:
    engine, voice = choice.spec.open(), engine_voices(choice.spec)[0].name
    short, long = engine.speak([SHORT, LONG], voice)
    for speech in (short, long):
        assert speech.samples.dtype == np.float32
        assert speech.samples.ndim == 1
        assert np.isfinite(speech.samples).all()
        assert 0.01 < np.abs(speech.samples).max() <= 1
    assert len(long.samples) / long.rate > 2 * len(short.samples) / short.rate


def test_an_engine_has_voices_and_refuses_others_by_name(choice: Choice) -> None:
    voices = engine_voices(choice.spec)
    assert [voice.name for voice in choice.spec.open().voices] == [voice.name for voice in voices]
    with pytest.raises(UnknownVoice) as refusal:
        next(choice.spec.open().speak([SHORT], "giọng lạ"))
    assert voices[0].name in str(refusal.value)


def test_the_same_text_sounds_the_same_whatever_was_said_before(choice: Choice) -> None:
    engine, voice = choice.spec.open(), engine_voices(choice.spec)[0].name
    first, _, again = engine.speak([SHORT, LONG, SHORT], voice)
    if choice.spec.name == "espeak":  # its samples depend on its history, by up to 19 ms
        assert abs(len(first.samples) - len(again.samples)) / first.rate < 0.02
    else:
        assert np.array_equal(first.samples, again.samples)


def test_a_neural_voice_differs_with_its_seed(weights: Path) -> None:
    def said(seed: int) -> np.ndarray:
        spec = choose("vieneu", {"vieneu": {"model_dir": str(weights), "seed": seed}}).spec
        return next(spec.open().speak([LONG], "Mai Anh")).samples

    one, other = said(1), said(2)
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_five_five_before_a_number_survives_vieneus_own_normalizer() -> None:
    from sea_g2p import Normalizer

    normal = Normalizer()
    said = "ngày ba tháng năm năm hai nghìn không trăm hai mươi ba."
    guarded = vieneu._FIVE_FIVE.sub("năm, ", said)
    assert normal.normalize(guarded).replace(",", "").split().count("năm") == 2


def test_brackets_never_reach_the_neural_voice(weights: Path) -> None:
    engine = choose("vieneu", {"vieneu": {"model_dir": str(weights)}}).spec.open()
    with pytest.raises(SpeechFailed):
        next(engine.speak(["[cười] xin chào."], "Mai Anh"))


def test_without_weights_auto_is_the_embedded_voice_and_says_that_it_stands_in() -> None:
    choice = choose("auto", {})
    assert (choice.spec.name, choice.stands_in) == ("espeak", True)


def test_with_weights_auto_is_the_neural_voice(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(weights))
    assert (choose("auto", {}).spec.name, choose("auto", {}).stands_in) == ("vieneu", False)


def test_missing_weights_are_named_with_the_way_to_bring_them() -> None:
    with pytest.raises(VoiceNotInstalled, match=r"audiobook voices fetch.*USB"):
        choose("vieneu", {})


def test_fetching_without_network_says_so() -> None:
    with pytest.raises(VoiceNotInstalled, match="mạng"):
        vieneu.fetch({}, progress=lambda done, total: None)


def test_all_that_makes_the_sound_makes_the_key() -> None:
    base = EngineSpec(name="a", version="1", options={"rate": 130})
    others = [
        EngineSpec(name="b", version="1", options={"rate": 130}).key(["x"], "v"),
        EngineSpec(name="a", version="2", options={"rate": 130}).key(["x"], "v"),
        EngineSpec(name="a", version="1", options={"rate": 140}).key(["x"], "v"),
        base.key(["y"], "v"),
        base.key(["x"], "w"),
        base.key(["x", ""], "v"),
    ]
    assert len({base.key(["x"], "v"), *others}) == 7


def test_a_take_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    cache = TakeCache(tmp_path)
    made = cache.put("ab" * 32, Speech(samples=np.linspace(-1, 1, 500, dtype=np.float32), rate=22050), voice="thap")
    assert cache.get("ab" * 32) == made
    assert len(soundfile.read(made.file)[0]) == made.samples == 500


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

    monkeypatch.setattr(soundfile, "write", full)
    with pytest.raises(DiskFull):
        TakeCache(tmp_path).put("ab" * 32, Speech(samples=np.zeros(9, np.float32), rate=22050), voice="thap")
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def _nothing() -> None:
    pass


def _dies_on_seven(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


def _dies_once(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return marker.name


def test_a_task_that_kills_its_worker_is_given_up_and_the_rest_goes_on() -> None:
    done = dict(perform(range(12), _dies_on_seven, workers=2, start=_nothing, start_with=()))
    assert done == {number: number * 2 for number in range(12)} | {7: None}


def test_a_worker_that_dies_once_loses_nothing(tmp_path: Path) -> None:
    markers = [tmp_path / f"{number}" for number in range(4)]
    for marker in markers[1:]:
        marker.touch()
    done = dict(perform(markers, _dies_once, workers=2, start=_nothing, start_with=()))
    assert done == {marker: marker.name for marker in markers}


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.zeros(0), "không cho tiếng"),
        (np.zeros(22050), "im lặng"),
        (np.full(22050, np.nan), "hỏng"),
        (np.full(60, 0.5), "quá ngắn"),
        (np.full(22050 * 20, 0.5), "quá dài"),
    ],
)
def test_a_take_that_cannot_be_the_words_is_refused(samples: np.ndarray, words: str) -> None:
    with pytest.raises(SpeechFailed, match=words):
        inspect(Speech(samples=samples.astype(np.float32), rate=22050), "xin chào các cụ")


def test_espeak_finds_its_data_however_deep_the_program_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("sau" * 30) / ("hon" * 20)
    deep.mkdir(parents=True)
    (deep / "phontab").write_bytes(b"x")
    monkeypatch.setattr(espeak.tempfile, "gettempdir", lambda: str(tmp_path))
    short = espeak._short_path(deep)
    assert len(str(short)) < len(str(deep))
    assert (short / "phontab").read_bytes() == b"x"


def test_a_voice_is_found_by_its_name() -> None:
    assert find_voice(espeak.voices({}), "nam").region == "nam"


def test_the_engines_voices_tell_region_and_sex() -> None:
    described: Iterator[tuple[str, str]] = ((voice.region, voice.sex) for voice in vieneu.voices({}))
    assert {region for region, _ in described} >= {"bắc", "trung", "nam"}
