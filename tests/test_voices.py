"""Voices as an editor uses them: a cast, doubtful takes heard and accepted, every issue at once, weights fetched."""

import http.server
import importlib.util
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiobook import errors
from audiobook.library import Shelf
from audiobook.synthesis.cache import TakeCache
from audiobook.synthesis.engine import Speech
from audiobook.synthesis.measure import measure

PUBLISHER = """--title=Bản tin
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
TEXT = """---
number: {number}
date: 2023-03-30
---

# Bài thứ nhất

Xin chào các cụ. Hôm nay trời đẹp. Mời các cụ ra đình nghe hát.

# Trang thơ

Quê hương là chùm khế ngọt. Cho con trèo hái mỗi ngày.
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, audiobook: Run) -> Path:
    """A library with two issues, to be copied."""
    folder = tmp_path_factory.mktemp("added")
    library = folder / "thu-vien"
    assert audiobook("new", library, *PUBLISHER).returncode == 0
    for number in (3, 4):
        file = folder / f"so{number}.md"
        file.write_text(TEXT.format(number=number), encoding="utf-8")
        assert audiobook("add", file, library=library).returncode == 0
    return library


@pytest.fixture
def library(tmp_path: Path, added: Path) -> Path:
    return shutil.copytree(added, tmp_path / "thu-vien")


def set_up(library: Path, lines: str) -> None:
    file = library / "audiobook.toml"
    file.write_text(f"{file.read_text('utf-8')}\n{lines}\n", encoding="utf-8")


def voices_of(library: Path, issue: str = "2023-03") -> set[str]:
    return {voice.name for voice in Shelf(library / "shelf").publication(issue).voices}


def spoil(library: Path, words: str, sound: Speech) -> str:
    """Put another sound in the place of a take, as the best of all attempts; the line's id."""
    from audiobook import script, settings
    from audiobook.casting import choose_studio
    from audiobook.library import Library
    from audiobook.synthesis.voices import attempts

    home = Library.at(library)
    chosen = settings.load(home.settings_file)
    studio = choose_studio(chosen.voice, voice="espeak")
    _, prepared = script.understand(home, "2023-03", chosen=chosen, images=library / "images")
    (line,) = [line for line in studio.lines(prepared.narration) if words in " ".join(line.pieces)]
    measures = measure(sound)
    assert measures
    key = studio.spec.key(line.pieces, line.voice)
    takes = TakeCache((library / "cache" / "takes").resolve())
    takes.put(key, sound, voice=line.voice, measures=measures, attempts=attempts(studio.spec))
    return line.id


def test_a_doubtful_take_stops_publication_until_it_is_heard_and_accepted(
    library: Path, tmp_path: Path, audiobook: Run
) -> None:
    produce = ("produce", "2023-03", "--voice", "espeak")
    long = 0.2 * np.sin(2 * np.pi * 200 * np.arange(22_050 * 9) / 22_050).astype(np.float32)
    place = spoil(library, "hôm nay trời đẹp", Speech(samples=long, rate=22_050))
    stopped = audiobook(*produce, library=library)
    assert stopped.returncode == errors.DoubtStands.exit_code, stopped.stderr
    assert f"[V-LONG] {place}" in stopped.stderr
    assert "hôm nay trời đẹp" in stopped.stderr
    assert not Shelf(library / "shelf").has("2023-03")
    heard = audiobook("doubts", "2023-03", "--voice", "espeak", "--out", tmp_path / "nghe", library=library)
    assert f"[V-LONG] {place}" in heard.stdout
    (file,) = (tmp_path / "nghe").iterdir()
    assert soundfile.info(file).duration == pytest.approx(9, abs=0.01)
    passed = audiobook(*produce, "--accept", f"V-LONG@{place}", library=library)
    assert passed.returncode == 0, passed.stderr
    (accepted,) = Shelf(library / "shelf").publication("2023-03").accepted
    assert (accepted.code, accepted.place) == ("V-LONG", place)
    assert accepted.by


def test_where_all_is_well_there_is_nothing_to_hear(library: Path, audiobook: Run) -> None:
    assert audiobook("produce", "2023-03", "--voice", "espeak", library=library).returncode == 0
    heard = audiobook("doubts", "2023-03", "--voice", "espeak", "--list", library=library)
    assert (heard.returncode, "Không có câu nào đáng ngờ" in heard.stdout) == (0, True)


def test_a_cast_gives_parts_and_chapters_voices_of_their_own(library: Path, audiobook: Run) -> None:
    set_up(library, '[voice.espeak.cast]\nheading = "trung"\n[voice.espeak.chapters."Trang thơ"]\ntext = "nam"')
    assert audiobook("produce", "2023-03", "--voice", "espeak", library=library).returncode == 0
    assert voices_of(library) == {"bac", "trung", "nam"}


def test_a_part_that_there_is_not_is_refused_with_its_place(library: Path, audiobook: Run) -> None:
    set_up(library, '[voice.espeak.chapters.c02]\nheadng = "trung"')
    refused = audiobook("produce", "2023-03", "--voice", "espeak", library=library)
    assert refused.returncode == errors.SettingsError.exit_code
    assert "voice.espeak.chapters.c02.headng" in refused.stderr


def test_all_issues_are_made_and_one_that_fails_does_not_stop_the_others(library: Path, audiobook: Run) -> None:
    (library / "issues" / "2023-03" / "manuscript.md").write_text("", encoding="utf-8")
    made = audiobook("produce", "--all", "--voice", "tone", library=library)
    assert made.returncode == errors.ManuscriptEmpty.exit_code, made.stderr
    assert "2023-03" in made.stderr
    assert "Xong số 2023-04" in made.stdout
    assert audiobook("produce", library=library).returncode == 2


def test_issues_share_what_is_said_alike(library: Path, audiobook: Run) -> None:
    assert audiobook("produce", "2023-03", "--voice", "tone", library=library).returncode == 0
    before = set(library.glob("cache/takes/??/*.flac"))
    assert audiobook("produce", "2023-04", "--voice", "tone", library=library).returncode == 0
    new = set(library.glob("cache/takes/??/*.flac")) - before
    assert len(new) < len(before) / 2
    for note in library.glob("cache/takes/needed/*.txt"):
        needed = note.read_text("ascii").split()
        assert needed == sorted(set(needed))
        assert {f"{key}.flac" for key in needed} <= {file.name for file in before | new}
    assert len(list(library.glob("cache/takes/needed/*.txt"))) == 2


def test_a_shared_folder_of_takes_is_used_by_another_library(library: Path, tmp_path: Path, audiobook: Run) -> None:
    shared = tmp_path / "chung"
    set_up(library, "")
    settings = library / "audiobook.toml"
    settings.write_text(settings.read_text("utf-8").replace('takes = ""', f'takes = "{shared}"'), encoding="utf-8")
    assert audiobook("produce", "2023-03", "--voice", "tone", library=library).returncode == 0
    assert len(list(shared.glob("??/*.flac"))) > 5
    assert not (library / "cache" / "takes").exists()


def test_two_productions_of_the_same_issue_do_not_meet(library: Path, audiobook: Run) -> None:
    set_up(library, "[voice.tone.options]\nseconds = 0.3")
    program = Path(sys.executable).with_name("audiobook")
    command = [program, "produce", "2023-03", "--voice", "tone", "--library", library]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(library.glob("cache/takes/??/*.flac")):
        assert first.poll() is None
        time.sleep(0.05)
    second = audiobook("produce", "2023-03", "--voice", "tone", library=library)
    assert second.returncode == errors.IssueBusy.exit_code
    assert "cửa sổ khác" in second.stderr
    assert first.wait(timeout=120) == 0
    shelf = Shelf(library / "shelf")
    assert shelf.is_whole(shelf.publication("2023-03"))


def test_the_voices_are_listed_with_region_and_what_is_missing(library: Path, tmp_path: Path, audiobook: Run) -> None:
    set_up(library, f'[voice.vieneu.options]\nmodel_dir = "{tmp_path}/usb"')
    listed = audiobook("voices", library=library)
    assert "espeak:nam" in listed.stdout
    assert "miền nam" in listed.stdout
    assert f"{tmp_path}/usb/hub" in listed.stderr


def test_a_desk_without_a_graphics_card_lists_the_doubts_of_those_who_have_one(
    library: Path, tmp_path: Path, audiobook: Run
) -> None:
    from audiobook.synthesis.engines import weights

    set_up(library, f'[voice.vieneu.options]\ndevice = "cuda"\nmodel_dir = "{tmp_path}/usb"')
    for file in weights.files({"device": "cuda", "model_dir": f"{tmp_path}/usb"}):
        named = file.parents[-len(tmp_path.parts) - 3] / "refs" / "main"
        named.parent.mkdir(parents=True, exist_ok=True)
        named.write_text("none", encoding="utf-8")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    heard = audiobook("doubts", "2023-03", "--voice", "vieneu", "--list", library=library)
    assert (heard.returncode, "Không có câu nào đáng ngờ" in heard.stdout) == (0, True), heard.stderr
    refused = audiobook("produce", "2023-03", "--voice", "vieneu", library=library)
    assert (refused.returncode, "card đồ họa" in refused.stderr) == (errors.VoiceNotInstalled.exit_code, True)


@pytest.mark.parametrize(("cluster", "elsewhere"), [("", False), ("local", False), ("tls://may-chu:8786", True)])
def test_only_a_cluster_of_other_machines_speaks_elsewhere(
    library: Path, monkeypatch: pytest.MonkeyPatch, cluster: str, elsewhere: bool
) -> None:
    from audiobook import production
    from audiobook.library import Library

    asked: list[bool] = []

    def choose(settings: object, *, voice: str, elsewhere: bool) -> None:
        asked.append(elsewhere)
        raise errors.VoiceNotInstalled("đủ rồi.")

    monkeypatch.setattr(production, "choose_studio", choose)
    said_by = production.SaidBy(cluster=cluster)
    with pytest.raises(errors.VoiceNotInstalled):
        production.produce(Library.at(library), "2023-03", report=lambda *_: None, said_by=said_by)
    assert asked == [elsewhere]


class _Hub(http.server.BaseHTTPRequestHandler):
    """As much of a model hub as a download asks for."""

    files: dict[str, Path]

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, *, with_body: bool) -> None:
        repository, _, name = self.path.lstrip("/").partition("/resolve/main/")
        file = self.files.get(f"{repository}/{name}")
        if not file:
            self.send_error(404)
            return
        data = file.read_bytes()
        self.send_response(200)
        self.send_header("X-Repo-Commit", "1" * 40)
        self.send_header("ETag", f'"{len(data)}-{file.name}"')
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if with_body:
            self.wfile.write(data)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    spec = importlib.util.spec_from_file_location("tiny", Path(__file__).parent / "audiobook" / "tiny_vieneu.py")
    assert spec
    assert spec.loader
    tiny = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tiny)
    tiny.nano(tmp_path / "kho")
    root = next((tmp_path / "kho").glob("hub/models--*/snapshots/*"))
    _Hub.files = {f"pnnbao-ump/VieNeu-TTS-v3-Nano/{file.name}": file for file in root.iterdir()}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("more", [(), ("--device", "cuda")], ids=["", "for a card, which the model has not"])
def test_weights_are_fetched_with_progress_into_a_folder_that_can_be_carried(
    tmp_path: Path, audiobook: Run, hub: str, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    fetched = audiobook("voices", "fetch", "--mode", "v3nano", "--model-dir", tmp_path / "usb", *more)
    assert fetched.returncode == 0, fetched.stderr
    assert "Tải giọng về: 100%" in fetched.stderr
    from audiobook.synthesis.voices import choose

    spec = choose("vieneu", {"vieneu": {"mode": "v3nano", "model_dir": str(tmp_path / "usb")}}).spec
    (speech,) = spec.open().speak(["xin chào các cụ."], "Mai Anh")
    assert len(speech.samples) / speech.rate > 0.3
