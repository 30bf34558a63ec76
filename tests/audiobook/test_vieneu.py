"""VieNeu's surroundings: a graphics card or none, weights that are damaged or lie elsewhere, texts too short and too long.

No graphics card was ever at hand: what is chosen for one is tested with stubs of torch and of the package's own door.
"""

import importlib.util
import shutil
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import onnx
import onnxruntime
import pytest
import vieneu as package

from audiobook import booth, settings
from audiobook.casting import Cast, Studio
from audiobook.errors import VoiceNotInstalled
from audiobook.library import Library
from audiobook.model.narration import Narration, Passage, Utterance
from audiobook.model.publication import Publisher
from audiobook.synthesis import cluster
from audiobook.synthesis.engine import EngineSpec
from audiobook.synthesis.engines import vieneu, weights
from audiobook.synthesis.engines.company import cut_out, in_company
from audiobook.synthesis.engines.damage import damaged
from audiobook.synthesis.voices import choose, current_version

_weights = importlib.util.spec_from_file_location("tiny_vieneu", Path(__file__).with_name("tiny_vieneu.py"))
tiny_vieneu = importlib.util.module_from_spec(_weights)
_weights.loader.exec_module(tiny_vieneu)

TURBO = f"models--pnnbao-ump--VieNeu-TTS-v3-Turbo/snapshots/{tiny_vieneu.REV}"
NANO = f"models--pnnbao-ump--VieNeu-TTS-v3-Nano/snapshots/{tiny_vieneu.REV}"
CODEC = f"models--OpenMOSS-Team--MOSS-Audio-Tokenizer-Nano-ONNX/snapshots/{tiny_vieneu.REV}"
RATE = 24_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All weights; those for a graphics card are there by name only."""
    folder = tmp_path_factory.mktemp("huggingface")
    tiny_vieneu.turbo(folder)
    tiny_vieneu.nano(folder)
    for repository, names in weights.model_of({"device": "cuda"}).repositories:
        for name in names:
            file = tiny_vieneu.repo(folder, repository) / name
            file.parent.mkdir(exist_ok=True)
            file.touch()
    return folder


@pytest.fixture
def copied(tmp_path: Path, home: Path) -> Path:
    return shutil.copytree(home, tmp_path / "copied")


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)


def spec(home: Path, **options: str | int) -> EngineSpec:
    return choose("vieneu", {"vieneu": {"model_dir": str(home), **options}}, elsewhere=True).spec


def plug_in_a_card(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """As much of torch and its company as is asked; the seeds that torch is given."""
    seeds: list[int] = []
    for name in ("torch", "transformers", "safetensors"):
        module = ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules["torch"].cuda = SimpleNamespace(is_available=lambda: True)
    sys.modules["torch"].manual_seed = seeds.append
    return seeds


def test_the_device_is_the_card_where_the_package_finds_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weights.model_of({}).device == "cpu"
    plug_in_a_card(monkeypatch)
    assert weights.model_of({}).device == "cuda"
    assert weights.model_of({"device": "cpu"}).device == "cpu"


def test_a_torch_that_cannot_be_loaded_is_no_card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As on a Windows machine without its libraries: nobody's voice may fall silent for it."""
    for name in ("torch", "transformers", "safetensors"):
        (tmp_path / f"{name}.py").write_text("raise OSError('WinError 126: c10.dll')")
    monkeypatch.syspath_prepend(tmp_path)
    assert weights.model_of({}).device == "cpu"


def test_the_small_model_runs_on_no_card_whatever_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in_a_card(monkeypatch)
    for device in ("auto", "cuda"):
        model = weights.model_of({"mode": "v3nano", "device": device})
        assert model.device == "cpu"
        assert [repository for repository, _ in weights._files(model)] == ["pnnbao-ump/VieNeu-TTS-v3-Nano"]


def test_the_desk_decides_the_device_and_every_machine_knows_the_take_by_the_same_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {device: spec(home, device=device) for device in ("auto", "cpu", "cuda")}
    keys = {device: each.key(["xin chào."], "Mai Anh") for device, each in here.items()}
    assert keys["auto"] == keys["cpu"] != keys["cuda"]
    with monkeypatch.context() as beside:
        plug_in_a_card(beside)
        there = spec(home)
        assert there.options["device"] == "cuda"
        assert there.key(["xin chào."], "Mai Anh") == keys["cuda"]
        assert current_version(here["auto"]) == here["auto"].version
    assert current_version(there) == there.version


def test_a_desk_without_a_card_may_let_machines_that_have_one_speak(home: Path) -> None:
    options = {"vieneu": {"model_dir": str(home), "device": "cuda"}}
    with pytest.raises(VoiceNotInstalled, match="card đồ họa"):
        choose("vieneu", options)
    spec = choose("vieneu", options, elsewhere=True).spec
    assert choose("auto", options, elsewhere=True).spec == spec
    with pytest.raises(VoiceNotInstalled, match="card đồ họa"):
        spec.open()


def test_missing_weights_for_a_card_are_named_with_the_way_to_bring_them(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in_a_card(monkeypatch)
    with pytest.raises(VoiceNotInstalled, match=r'audiobook voices fetch --device cuda.*USB.*device = "cpu"'):
        choose("vieneu", {})


def test_on_a_card_the_package_is_asked_for_it_and_torch_is_seeded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds, asked = plug_in_a_card(monkeypatch), {}
    spoken = SimpleNamespace(infer=lambda *words, **more: np.ones(RATE, np.float32), sample_rate=RATE)
    monkeypatch.setattr(package, "Vieneu", lambda **more: asked.update(more) or spoken)
    engine = spec(home).open()
    for _ in range(2):
        next(engine.speak(["hôm nay trời rất đẹp."], "Mai Anh"))
    assert (asked["device"], asked["dtype"]) == ("cuda", "bfloat16")
    assert len(seeds) == 2
    assert len(set(seeds)) == 1


@pytest.mark.parametrize(("device", "crew"), [("cuda", (True, 1)), ("cpu", (False, 3))])
def test_only_who_reads_on_a_card_asks_for_workers_with_one_and_shares_it_with_nobody(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: str, crew: tuple[bool, int]
) -> None:
    publisher = Publisher(name="A", licence_number="1", supplier="B", phone="1")
    settings.write_new(tmp_path, publisher=publisher, title="T", description="", base_url="https://a.vn")
    library, asked = Library.at(tmp_path), []
    monkeypatch.setattr(booth, "_workers", lambda engine: 3)
    monkeypatch.setattr(
        cluster, "dask", lambda address, *, tell, workers, graphics_card: asked.append((graphics_card, workers))
    )
    studio = Studio(spec=spec(home, device=device), cast=Cast(parts={"text": "Mai Anh"}), voices=())
    chosen = settings.load(library.settings_file)
    booth.open_booth(library, chosen, studio, cluster="tls://may-chu:8786", listening=False, tell=print)
    assert asked == [crew]


@pytest.mark.parametrize("variable", ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME"])
def test_weights_are_found_where_the_user_keeps_such_things(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    place = home / "hub"
    if variable == "XDG_CACHE_HOME":
        monkeypatch.delenv("HF_HOME")
        place = tmp_path
        shutil.copytree(home, tmp_path / "huggingface")
    monkeypatch.setenv("MY_CACHE", str(place))
    monkeypatch.setenv(variable, "$MY_CACHE")
    (speech,) = choose("vieneu", {"vieneu": {"mode": "v3nano"}}).spec.open().speak(["xin chào các cụ."], "Mai Anh")
    assert len(speech.samples) > 0


def test_a_model_dir_is_not_left_behind_for_a_desk_that_comes_without_one(home: Path) -> None:
    spec(home, mode="v3nano").open()
    assert weights.missing({"mode": "v3nano"})


@pytest.mark.parametrize(
    ("mode", "file"),
    [
        ("v3turbo", f"{TURBO}/onnx_update/vieneu_decode_step.onnx"),
        ("v3turbo", f"{TURBO}/onnx_update/vieneu_v3_heads.npz"),
        ("v3turbo", f"{TURBO}/onnx_update/tokenizer.json"),
        ("v3turbo", f"{CODEC}/moss_audio_tokenizer_decode_full.onnx"),
        ("v3nano", f"{NANO}/config.json"),
        ("v3nano", f"{NANO}/constants.npz"),
    ],
)
@pytest.mark.parametrize("share", [0, 0.5])
def test_weights_that_are_copied_by_half_are_named_with_what_to_do(
    copied: Path, mode: str, file: str, share: float
) -> None:
    broken = copied / "hub" / file
    whole = broken.read_bytes()
    broken.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(VoiceNotInstalled, match="hỏng") as told:
        spec(copied, mode=mode, device="cpu").open()
    assert told.value.thing == str(broken)
    assert f"Xóa thư mục {copied / 'hub' / file.split('/')[0]} rồi" in told.value.advice
    assert "voices fetch" in told.value.advice


def test_a_graphs_data_beside_it_is_named_too(tmp_path: Path) -> None:
    text = '<ir_version: 8, opset_import: ["" : 17]>\ng (float[1,64] x) => (float[1,64] y) { y = MatMul(x, w) }'
    model = onnx.parser.parse_model(text)
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.ones((64, 64), np.float32), "w"))
    graph, data, other = (tmp_path / name for name in ("a.onnx", "a.data", "b.data"))
    onnx.save_model(model, graph, save_as_external_data=True, location=data.name, size_threshold=0)
    other.write_bytes(bytes(64 * 64 * 4))
    data.write_bytes(data.read_bytes()[:1000])
    with pytest.raises(Exception, match="External initializer") as raised:
        onnxruntime.InferenceSession(graph)
    assert damaged([other, graph, data], raised.value) == data


def test_a_checkpoint_that_is_cut_short_is_named_and_a_whole_one_is_not(tmp_path: Path) -> None:
    file, table = tmp_path / "model.safetensors", b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    whole = len(table).to_bytes(8, "little") + table + bytes(8)
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert damaged([file], ValueError("HeaderTooLarge")) == file
    file.write_bytes(whole)
    assert damaged([file], ValueError("HeaderTooLarge")) is None


def test_what_cannot_be_opened_for_another_reason_is_told_without_blaming_the_weights(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**more: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(package, "Vieneu", broken)
    with pytest.raises(VoiceNotInstalled, match="out of memory") as told:
        spec(home, mode="v3nano").open()
    assert "hỏng" not in str(told.value)


def spoken(*seconds: float) -> np.ndarray:
    """Silence, sound, silence, … by turns."""
    parts = [np.zeros(round(each * RATE), np.float32) for each in seconds]
    for sound in parts[1::2]:
        sound[:] = 0.3 * np.sin(np.arange(len(sound)))
    return np.concatenate(parts)


def said_by(home: Path, monkeypatch: pytest.MonkeyPatch, text: str, sound: np.ndarray) -> tuple[list[str], np.ndarray]:
    """What the package was given for a text, and what came of it, where it answers everything with one sound."""
    engine, given = spec(home, mode="v3nano").open(), []
    monkeypatch.setattr(engine._model, "infer", lambda words, **more: given.append(words) or sound)
    (speech,) = engine.speak([text], "Mai Anh")
    return given, speech.samples


@pytest.mark.parametrize(("text", "seconds"), [("vâng.", 0.4), ("vâng ạ.", 0.6), ("đúng vậy không?", 0.9)])
def test_a_text_of_a_syllable_or_two_is_said_in_company_and_cut_out_at_the_pause(
    home: Path, monkeypatch: pytest.MonkeyPatch, text: str, seconds: float
) -> None:
    given, samples = said_by(home, monkeypatch, text, spoken(0.05, seconds, 0.35, 1.8, 0.2))
    assert given == [in_company(text)]
    assert len(samples) / RATE == pytest.approx(0.05 + seconds + 0.15, abs=0.02)
    assert not samples[-round(0.13 * RATE) :].any()


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(spoken(0.05, 2.3, 0.2), id="no pause"),
        pytest.param(spoken(0.05, 0.6, 0.08, 1.8, 0.2), id="no longer than a stop inside a word"),
        pytest.param(spoken(0.05, 1.9, 0.35, 0.5), id="too late for these words"),
        pytest.param(spoken(0.05, 0.05, 0.35, 2.0, 0.2), id="too early for them"),
        pytest.param(spoken(0.5), id="silence"),
    ],
)
def test_where_no_plain_pause_follows_its_words_the_text_is_said_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch, sound: np.ndarray
) -> None:
    given, samples = said_by(home, monkeypatch, "vâng ạ.", sound)
    assert given == [in_company("vâng ạ."), "vâng ạ."]
    assert np.array_equal(samples, sound)


@pytest.mark.parametrize("text", ["hôm nay trời đẹp.", "vâng, thưa bác.", "hôm nay"])
def test_what_is_longer_or_has_a_pause_of_its_own_is_said_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert said_by(home, monkeypatch, text, spoken(0.05, 0.6, 0.35, 1.8, 0.2))[0] == [text]


def test_a_pause_is_found_at_any_rate_and_loudness() -> None:
    quiet = spoken(0.05, 0.6, 0.35, 1.8, 0.2) * np.float32(0.01) + np.float32(1e-6)
    found = cut_out(np.repeat(quiet, 2), 2 * RATE, "vâng ạ.")
    assert len(found) / (2 * RATE) == pytest.approx(0.8, abs=0.02)


def lines_of(pieces: Sequence[str], spec: EngineSpec) -> tuple[str, ...]:
    utterance = Utterance(id="s1", source="s1", part="text", pieces=tuple(pieces), segments=(), pause_ms=700)
    studio = Studio(spec=spec, cast=Cast(parts={"text": "Mai Anh"}), voices=())
    narration = Narration(passages=(Passage(id="c01", title="", utterances=(utterance,)),))
    return studio.lines(narration)[0].pieces


def calls_of(engine: vieneu.VieNeu, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the model behind the package's own cutting is given, as it comes."""
    calls: list[str] = []
    infer = engine._model.engine.infer

    def heard(*words: object, **more: object) -> np.ndarray:
        calls.append(str(words or more))
        return infer(*words, **more)

    monkeypatch.setattr(engine._model.engine, "infer", heard)
    return calls


@pytest.mark.parametrize("mode", ["v3turbo", "v3nano"])
def test_every_piece_is_short_enough_for_the_model_and_said_in_one_go(
    home: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """The package would cut longer ones itself, with pauses of its own; "năm năm" grows by a comma on the way."""
    own = spec(home, mode=mode)
    said = ["ngày năm năm hai không, " * 10 + "hết.", "bà con trong phường cùng dọn vệ sinh " * 6 + "nhé."]
    pieces = lines_of(said, own)
    assert " ".join(pieces) == " ".join(said)
    assert max(map(len, pieces)) <= {"v3turbo": 256, "v3nano": 140}[mode]
    assert max(map(len, pieces)) > 100
    engine = own.open()
    calls = calls_of(engine, monkeypatch)
    assert len(list(engine.speak(pieces, "Mai Anh"))) == len(calls) == len(pieces)


def test_an_engine_that_takes_any_length_gets_the_pieces_as_they_are() -> None:
    assert lines_of(["một hai " * 30 + "ba."], choose("espeak", {}).spec) == ("một hai " * 30 + "ba.",)


def test_a_text_as_long_as_the_model_bears_is_not_cut_by_the_package_even_where_its_words_gain_a_comma(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "ngày năm năm hai không, " * 4 + "cả phường cùng dọn vệ sinh và trồng cây cối."
    assert len(text) <= vieneu.longest({"mode": "v3nano"}) < len(vieneu._fit(text))
    engine = spec(home, mode="v3nano").open()
    calls = calls_of(engine, monkeypatch)
    next(engine.speak([text], "Mai Anh"))
    assert len(calls) == 1
