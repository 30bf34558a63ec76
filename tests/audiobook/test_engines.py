"""Every engine behind one contract; VieNeu's real loading and inference code, on tiny weights, with its traps."""

import importlib.util
import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiobook.errors import SpeechFailed, UnknownVoice, VoiceNotInstalled
from audiobook.mastering.stretch import stretched
from audiobook.synthesis.engine import EngineSpec
from audiobook.synthesis.engines import espeak, vieneu, weights
from audiobook.synthesis.voices import Choice, choose, engine_voices, find_voice, slowed

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
DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
NUMBERS = [*DIGITS, "mười", "mươi", "mốt", "lăm", "linh", "trăm", "nghìn", "triệu", "tỷ"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("huggingface")
    tiny_vieneu.turbo(folder)
    tiny_vieneu.nano(folder)
    return folder


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=ENGINES)
def choice(request: pytest.FixtureRequest, home: Path) -> Choice:
    name, options = ENGINES[request.param]
    return choose(name, {name: options | ({"model_dir": str(home)} if name == "vieneu" else {})})


def tiny(home: Path, **options: str | int) -> EngineSpec:
    return choose("vieneu", {"vieneu": {"model_dir": str(home), **options}}).spec


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
    assert np.array_equal(first.samples, again.samples)


def test_another_attempt_is_another_sound_where_the_engine_samples(choice: Choice) -> None:
    engine, voice = choice.spec.open(), engine_voices(choice.spec)[0].name
    (first,), (second,), (again,) = (engine.speak([LONG], voice, attempt=n) for n in (0, 1, 1))
    if choice.spec.name != "tone":
        assert first.samples.shape != second.samples.shape or not np.array_equal(first.samples, second.samples)
        assert np.array_equal(second.samples, again.samples)


def test_every_engine_takes_nothing_but_words_and_stops(choice: Choice) -> None:
    engine, voice = choice.spec.open(), engine_voices(choice.spec)[0].name
    (speech,) = engine.speak(["bài thứ hai, câu lạc bộ, có phải không? đúng!"], voice)
    assert len(speech.samples) / speech.rate > 0.5


def test_a_neural_voice_differs_with_its_seed_and_its_key_too(home: Path) -> None:
    one, other = tiny(home, seed=1), tiny(home, seed=2)
    said = [next(spec.open().speak([LONG], "Mai Anh")).samples for spec in (one, other)]
    assert said[0].shape != said[1].shape or not np.array_equal(*said)
    assert one.key([LONG], "Mai Anh") != other.key([LONG], "Mai Anh")


def normalized(text: str) -> list[str]:
    """What VieNeu's own chain makes of a text before it turns it into phonemes."""
    from vieneu_utils.phonemize_text import normalize_to_chunks_v3_with_gaps

    chunks, _ = normalize_to_chunks_v3_with_gaps(vieneu._fit(text))
    return re.findall(r"\w+", " ".join(chunks))


@pytest.mark.parametrize("first", NUMBERS)
def test_no_word_of_a_number_is_lost_in_vieneus_own_normalizer(first: str) -> None:
    for second, third in itertools.product(NUMBERS, repeat=2):
        said = f"số {first} {second} {third} nhé."
        assert normalized(said) == said.rstrip(".").split(), said


def test_phone_numbers_and_dates_full_of_fives_survive_vieneus_own_normalizer() -> None:
    for digits in itertools.product(["không", "năm", "ba"], repeat=5):
        said = f"gọi số {' '.join(digits)}, ngày năm tháng năm năm hai nghìn không trăm hai mươi lăm."
        assert normalized(said) == re.findall(r"\w+", said), said


@pytest.mark.parametrize(
    "text", ["[cười] xin chào.", "<|emotion_1|> xin chào.", "giá 5 000 đ/kg", "xin chào [thở dài]"]
)
def test_brackets_and_tags_never_reach_the_neural_voice(home: Path, text: str) -> None:
    with pytest.raises(SpeechFailed):
        next(tiny(home).open().speak([text], "Mai Anh"))


def test_leading_stops_do_not_reach_the_neural_voice_and_stops_alone_are_refused(home: Path) -> None:
    engine = tiny(home).open()
    (led,), (plain,) = engine.speak([". , xin chào."], "Mai Anh"), engine.speak(["xin chào."], "Mai Anh")
    assert np.array_equal(led.samples, plain.samples)
    with pytest.raises(SpeechFailed):
        next(engine.speak([", . ?"], "Mai Anh"))


def test_the_watermark_is_left_as_the_package_has_it(home: Path) -> None:
    engine = tiny(home).open()
    seen = []
    engine._model._apply_watermark = lambda samples: seen.append(len(samples)) or samples
    next(engine.speak([SHORT], "Mai Anh"))
    assert seen


def test_precision_and_weights_are_part_of_the_key_and_where_they_lie_is_not(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "usb"
    tiny_vieneu.turbo(other)
    base = tiny(home).key([SHORT], "Mai Anh")
    assert tiny(other).key([SHORT], "Mai Anh") == base
    assert tiny(home, precision="int8").key([SHORT], "Mai Anh") != base
    (other / "hub/models--pnnbao-ump--VieNeu-TTS-v3-Turbo/refs/main").write_text("0" * 40)
    snapshots = other / "hub/models--pnnbao-ump--VieNeu-TTS-v3-Turbo/snapshots"
    (snapshots / tiny_vieneu.REV).rename(snapshots / ("0" * 40))
    assert tiny(other).key([SHORT], "Mai Anh") != base


def test_an_error_of_the_model_is_a_sentence_that_cannot_be_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So it is told with its text, and the others are said."""

    def broken(*words: object, **more: object) -> None:
        raise RuntimeError("ONNXRuntimeError: shape mismatch")

    engine = tiny(home).open()
    monkeypatch.setattr(engine._model, "infer", broken)
    with pytest.raises(SpeechFailed, match=r"xin chào.*shape mismatch"):
        next(engine.speak([SHORT], engine.voices[0].name))


def test_what_turns_words_into_sounds_is_part_of_a_takes_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tiny(home).version
    monkeypatch.setattr(vieneu, "package_version", lambda name: "9.9" if name == "sea-g2p" else "3.8.3")
    assert tiny(home).version != before


def test_a_model_dir_may_lie_in_ones_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home.parent))
    monkeypatch.setenv("USERPROFILE", str(home.parent))
    assert not vieneu.missing({"model_dir": f"~/{home.name}"})


def test_a_model_dir_may_be_the_cache_itself(home: Path) -> None:
    assert choose("vieneu", {"vieneu": {"model_dir": str(home / "hub")}}).spec.version == tiny(home).version


@pytest.mark.parametrize("options", [{"mode": "v9"}, {"precision": "int4"}, {"device": "tpu"}])
def test_a_mode_precision_or_device_that_there_is_not_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(UnknownVoice, match="Có:"):
        weights.model_of(options)


def test_a_graphics_card_that_is_not_there_is_said() -> None:
    assert "card đồ họa" in weights.missing({"device": "cuda"})
    assert weights.model_of({"device": "auto"}).device == "cpu"


def test_without_weights_auto_is_the_embedded_voice_and_says_that_it_stands_in() -> None:
    choice = choose("auto", {})
    assert (choice.spec.name, choice.stands_in) == ("espeak", True)


def test_with_weights_auto_is_the_neural_voice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(home))
    assert (choose("auto", {}).spec.name, choose("auto", {}).stands_in) == ("vieneu", False)


def test_missing_weights_are_named_with_the_way_to_bring_them() -> None:
    with pytest.raises(VoiceNotInstalled, match=r"audiobook voices fetch.*USB"):
        choose("vieneu", {})


def test_fetching_without_network_says_so() -> None:
    with pytest.raises(VoiceNotInstalled, match="mạng"):
        weights.fetch({}, progress=lambda done, total: None)


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


def test_an_engine_with_a_speed_of_its_own_speaks_slower(choice: Choice) -> None:
    options = slowed(choice.spec, 0.8)
    has_speed = choice.spec.name == "espeak" or choice.spec.options.get("mode") == "v3nano"
    assert (options is not None) == has_speed
    if options:
        slow = replace(choice.spec, options=options)
        voice = engine_voices(slow)[0].name
        usual_s, slow_s = (len(next(spec.open().speak([LONG], voice)).samples) for spec in (choice.spec, slow))
        assert 1.15 < slow_s / usual_s < 1.4
        assert slow.key([LONG], voice) != choice.spec.key([LONG], voice)


@pytest.mark.parametrize("mode", ["v3turbo", "v3nano"])
def test_the_engines_voices_tell_region_and_sex(mode: str) -> None:
    described: Iterator[tuple[str, str]] = ((voice.region, voice.sex) for voice in vieneu.voices({"mode": mode}))
    regions, sexes = zip(*described, strict=True)
    assert set(regions) >= {"bắc", "nam"}
    assert set(sexes) == {"nam", "nữ"}


def test_another_attempt_of_the_embedded_voice_sounds_another_way() -> None:
    engine = espeak.open_engine(choose("espeak", {}).spec.options)
    text = ["việc thứ ba, nếu đã lỡ chuyển tiền, gọi ngay tổng đài ngân hàng."]
    said = {next(iter(engine.speak(text, "bac", attempt=n))).samples.tobytes() for n in range(espeak.ATTEMPTS)}
    assert len(said) == espeak.ATTEMPTS


def test_the_embedded_voice_says_the_same_in_every_process() -> None:
    """All three voices; here after others, and after a stretch by the sonic that lies in the same library."""
    stretched(np.zeros(24_000, np.float32), 24_000, speed=0.8)
    heard = [next(espeak.Espeak(rate=130).speak([LONG], voice.name)).samples.tobytes() for voice in espeak.voices({})]
    alone = [
        subprocess.run([sys.executable, "-c", SAY_ALONE, voice.name, LONG], capture_output=True, check=True).stdout
        for voice in espeak.voices({})
    ]
    assert heard == alone


SAY_ALONE = """
import sys
from audiobook.synthesis.engines.espeak import Espeak
sys.stdout.buffer.write(next(Espeak(rate=130).speak([sys.argv[2]], sys.argv[1])).samples.tobytes())
"""
