"""A whole production when things go wrong, and with each engine: what was made stays, and the same input is the same bytes."""

import hashlib
import importlib.util
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
import soundfile
from PIL import Image

from audiobook import errors
from audiobook.library import Library, Shelf
from audiobook.production import produce
from audiobook.synthesis.cache import TakeCache

SAMPLE = Path(__file__).parent / "samples" / "ban-tin" / "ban-tin-so-3.docx"
PUBLISHER = """--title=Bản tin
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
SHORT = "---\nnumber: 3\ndate: 2023-03-30\n---\n\n# Bài thứ nhất\n\nXin chào các cụ.\n\n# Bài thứ hai\n\nChúc các cụ khỏe.\n"
AUDIOBOOK = Path(sys.executable).with_name("audiobook")
TINY_VIENEU = Path(__file__).parent / "audiobook" / "tiny_vieneu.py"

Run = Callable[..., subprocess.CompletedProcess[str]]


def make_library(folder: Path, audiobook: Run, manuscript: Path) -> Path:
    assert audiobook("new", folder, *PUBLISHER).returncode == 0
    added = audiobook("add", manuscript, "--number", "3", "--date", "2023-03-30", library=folder)
    assert added.returncode == 0, added.stderr
    return folder


@pytest.fixture
def short(tmp_path: Path) -> Path:
    file = tmp_path / "so3.md"
    file.write_text(SHORT, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, audiobook: Run) -> Path:
    """A library with the short manuscript, to be copied."""
    folder = tmp_path_factory.mktemp("added")
    (folder / "so3.md").write_text(SHORT, encoding="utf-8")
    return make_library(folder / "thu-vien", audiobook, folder / "so3.md")


@pytest.fixture
def library(tmp_path: Path, added: Path) -> Path:
    return shutil.copytree(added, tmp_path / "thu-vien")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 16 MB."""
    folder = tmp_path / "dia"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", folder):
        pytest.skip("only root on Linux may mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def mount(*arguments: str | Path) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True).returncode


def shelved(library: Path) -> dict[str, str]:
    """The hash of every edition."""
    publication = Shelf(library / "shelf").publication("2023-03")
    return {f"{edition.kind} {edition.chapter}": edition.sha256 for edition in publication.editions}


def engines(library: Path) -> set[str]:
    return {voice.engine for voice in Shelf(library / "shelf").publication("2023-03").voices}


def test_a_full_disk_is_said_and_after_it_the_work_goes_on(small_disk: Path, tmp_path: Path, audiobook: Run) -> None:
    library = make_library(small_disk / "thu-vien", audiobook, SAMPLE)
    stopped = audiobook("produce", "2023-03", "--voice", "tone", library=library)
    assert stopped.returncode == errors.DiskFull.exit_code == 74, stopped.stderr
    assert "đĩa" in stopped.stderr.lower()
    assert not Shelf(library / "shelf").has("2023-03")
    assert not list(library.rglob("*.tmp"))
    takes = {file: file.stat().st_mtime_ns for file in library.glob("cache/takes/*/*.json")}
    assert takes
    assert mount("-o", "remount,size=200m", small_disk) == 0
    done = audiobook("produce", "2023-03", "--voice", "tone", library=library)
    assert done.returncode == 0, done.stderr
    assert {file: file.stat().st_mtime_ns for file in takes} == takes


def test_a_disk_that_fills_up_later_leaves_what_is_published_whole(
    small_disk: Path, audiobook: Run, short: Path
) -> None:
    library = make_library(small_disk / "thu-vien", audiobook, short)
    assert audiobook("produce", "2023-03", "--voice", "tone", library=library).returncode == 0
    before, shelf = shelved(library), Shelf(library / "shelf")
    (library / "issues" / "2023-03" / "manuscript.md").write_text(SHORT.replace("chào", "kính chào"), "utf-8")
    with (small_disk / "ballast").open("wb", buffering=0) as ballast, pytest.raises(OSError, match="No space left"):
        while True:
            ballast.write(b"\0" * 4096)
    stopped = audiobook("produce", "2023-03", "--voice", "tone", library=library)
    assert stopped.returncode == errors.DiskFull.exit_code, stopped.stderr
    assert shelved(library) == before
    assert shelf.is_whole(shelf.publication("2023-03"))


def test_a_revision_that_never_came_to_the_shelf_leaves_the_takes_of_what_stands_there(
    library: Path, audiobook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise errors.DiskFull("đĩa đầy.")

    assert audiobook("produce", "2023-03", "--voice", "tone", library=library).returncode == 0
    published = finished(library).keys()
    (library / "issues" / "2023-03" / "manuscript.md").write_text(SHORT.replace("chào", "kính chào"), "utf-8")
    monkeypatch.setattr(Shelf, "put", full)
    with pytest.raises(errors.DiskFull):
        produce(Library(library), "2023-03", voice="tone", report=lambda step, done, total: None)
    assert finished(library).keys() > published
    for facts in finished(library):
        os.utime(facts, (0, 0))
    (guid,) = (each.guid for each in Shelf(library / "shelf").publications())
    TakeCache(library / "cache" / "takes").clean(limit_bytes=0, published=lambda: [guid])
    assert finished(library).keys() >= published


def test_a_disk_that_may_not_be_written_to_is_named(small_disk: Path, audiobook: Run, short: Path) -> None:
    library = make_library(small_disk / "thu-vien", audiobook, short)
    assert mount("-o", "remount,ro", small_disk) == 0
    refused = audiobook("produce", "2023-03", "--voice", "tone", library=library)
    assert refused.returncode == errors.NotWritable.exit_code, refused.stderr
    assert str(library) in refused.stderr


def test_the_same_manuscript_is_the_same_bytes_in_another_place(library: Path, tmp_path: Path, audiobook: Run) -> None:
    other = tmp_path / "noi-khac"
    shutil.copytree(library, other)
    for each in (library, other):
        made = audiobook("produce", "2023-03", "--voice", "tone", library=each)
        assert made.returncode == 0, made.stderr
    assert shelved(library) == shelved(other)


def test_the_publishers_own_pdf_is_published_as_it_is_beside_the_accessible_one(library: Path, audiobook: Run) -> None:
    own = library / "issues" / "2023-03" / "thiet-ke.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(own)
    assert audiobook("produce", "2023-03", "--voice", "tone", library=library).returncode == 0
    shelf = Shelf(library / "shelf")
    publication = shelf.publication("2023-03")
    edition = publication.edition("pdf-designed")
    assert edition
    assert shelf.file(publication, edition).read_bytes() == own.read_bytes()
    assert publication.edition("pdf")


def test_a_damaged_pdf_of_the_publishers_own_is_refused(library: Path, audiobook: Run) -> None:
    (library / "issues" / "2023-03" / "thiet-ke.pdf").write_bytes(b"%PDF-1.7 cut off")
    refused = audiobook("produce", "2023-03", "--voice", "tone", library=library)
    assert refused.returncode == errors.EditionError.exit_code
    assert "thiet-ke.pdf" in refused.stderr
    assert not Shelf(library / "shelf").has("2023-03")


def test_the_bulletins_own_picture_goes_into_the_feed(library: Path, audiobook: Run) -> None:
    Image.new("RGB", (900, 600), "#123456").save(library / "bia.png")
    settings = library / "audiobook.toml"
    settings.write_text(settings.read_text("utf-8").replace('cover = ""', 'cover = "bia.png"'), "utf-8")
    assert audiobook("produce", "2023-03", "--voice", "tone", library=library).returncode == 0
    shelf = Shelf(library / "shelf")
    picture = shelf.folder / shelf.bulletin().cover
    with Image.open(picture) as image:
        assert (image.format, image.size) == ("JPEG", (1400, 1400))
    digest = hashlib.sha256(picture.read_bytes()).hexdigest()
    assert f'm/{digest}.jpg"' in (shelf.folder / "feed.xml").read_text("utf-8")


@pytest.mark.parametrize("cover", ["khong-co.png", "audiobook.toml"])
def test_a_picture_that_is_none_is_refused(library: Path, audiobook: Run, cover: str) -> None:
    settings = library / "audiobook.toml"
    settings.write_text(settings.read_text("utf-8").replace('cover = ""', f'cover = "{cover}"'), "utf-8")
    refused = audiobook("produce", "2023-03", "--voice", "tone", library=library)
    assert refused.returncode in (errors.SettingsError.exit_code, errors.PictureDamaged.exit_code)
    assert cover in refused.stderr


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """VieNeu's tiny stand-in weights are on this machine."""
    spec = importlib.util.spec_from_file_location("tiny_vieneu", TINY_VIENEU)
    assert spec
    assert spec.loader
    tiny_vieneu = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tiny_vieneu)
    tiny_vieneu.turbo(tmp_path / "hf")
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def test_vieneu_reads_a_whole_issue_where_its_weights_are(library: Path, audiobook: Run, weights: None) -> None:
    made = audiobook("produce", "2023-03", library=library)
    assert made.returncode == 0, made.stderr
    shelf = Shelf(library / "shelf")
    publication = shelf.publication("2023-03")
    edition = publication.edition("mp3")
    assert edition
    assert (engines(library), publication.remarks) == ({"vieneu"}, ())
    assert soundfile.info(shelf.file(publication, edition)).duration > 5


def test_without_its_weights_the_embedded_voice_stands_in_and_says_so(
    library: Path, tmp_path: Path, audiobook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    made = audiobook("produce", "2023-03", library=library)
    assert made.returncode == 0, made.stderr
    (remark,) = Shelf(library / "shelf").publication("2023-03").remarks
    assert engines(library) == {"espeak"}
    assert "giọng nhúng sẵn" in remark
    assert "giọng nhúng sẵn" in made.stdout + made.stderr


def test_another_voice_says_everything_anew_and_nothing_is_mixed(library: Path, audiobook: Run, weights: None) -> None:
    assert audiobook("produce", "2023-03", "--voice", "espeak", library=library).returncode == 0
    embedded = shelved(library)["mp3 "]
    assert audiobook("produce", "2023-03", "--voice", "vieneu", library=library).returncode == 0
    assert engines(library) == {"vieneu"}
    assert shelved(library)["mp3 "] != embedded


def test_the_word_for_vieneu_without_weights_is_how_to_get_them(
    library: Path, tmp_path: Path, audiobook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    refused = audiobook("produce", "2023-03", "--voice", "vieneu", library=library)
    assert refused.returncode == errors.VoiceNotInstalled.exit_code
    assert "audiobook voices fetch" in refused.stderr


def test_weights_that_are_damaged_are_named_with_what_to_do(
    library: Path, tmp_path: Path, audiobook: Run, weights: None
) -> None:
    (file,) = tmp_path.glob("hf/**/onnx_update/vieneu_prefill.onnx")
    file.write_bytes(file.read_bytes()[:100])
    refused = audiobook("produce", "2023-03", "--voice", "vieneu", library=library)
    assert refused.returncode == errors.VoiceNotInstalled.exit_code, refused.stderr
    assert f"{file}: tệp trọng số bị hỏng" in refused.stderr
    assert "audiobook voices fetch" in refused.stderr


def test_what_a_killed_run_left_half_written_is_removed_once_it_is_old(library: Path, audiobook: Run) -> None:
    old, young = ([library / "cache" / name / f".tmp-1-{age}.wav" for name in ("masters", "encoded")] for age in "ab")
    for file in (*old, *young):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"half")
    for file in old:
        os.utime(file, (0, 0))
    assert audiobook("produce", "2023-03", "--voice", "tone", library=library).returncode == 0
    assert [file.exists() for file in (*old, *young)] == [False, False, True, True]


def test_chapters_that_no_issue_has_used_for_long_make_room(library: Path, audiobook: Run) -> None:
    settings = library / "audiobook.toml"
    settings.write_text(settings.read_text("utf-8").replace("chapters_gb = 10", "chapters_gb = 0"), "utf-8")
    masters = library / "cache" / "masters"
    masters.mkdir(parents=True)
    for name in ("cu.wav", "cu.json"):
        (masters / name).write_bytes(b"x")
        os.utime(masters / name, (0, 0))
    assert audiobook("produce", "2023-03", "--voice", "tone", library=library).returncode == 0
    assert {file.suffix for file in masters.iterdir()} == {".wav", ".json"}
    assert not list(masters.glob("cu.*"))


def test_ctrl_c_ends_it_in_words_and_what_was_said_is_not_said_again(library: Path) -> None:
    """As a terminal does it: the signal goes to the program and to all of its workers; first to Dask's, then to ours."""
    long = "".join(f"Đây là câu thứ {n} của bài, đọc cho các cụ nghe thật chậm rãi.\n\n" for n in range(1, 301))
    (library / "issues" / "2023-03" / "manuscript.md").write_text(f"{SHORT}\n{long}", "utf-8")
    before = dict[Path, Made]()
    for cluster in (["--cluster", "local"], []):
        run = subprocess.Popen(
            [AUDIOBOOK, "produce", "2023-03", "--voice", "espeak", *cluster, "--library", library],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        while len(finished(library)) < len(before) + 30:
            assert run.poll() is None, run.communicate()[0]
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGINT)
        told, _ = run.communicate(timeout=20)
        assert run.returncode == 130
        assert "Đã dừng. Những gì đã làm vẫn còn" in told
        assert "Traceback" not in told
        assert ("Bảng theo dõi" in told) == bool(cluster)
        assert is_gone(run.pid)
        before = only_better(before, finished(library))


@pytest.mark.long
@pytest.mark.parametrize(("voice", "longest_s"), [("tone", 4.0), ("espeak", 12.0), ("vieneu", 12.0)])
def test_a_run_killed_at_many_moments_ends_with_the_same_bytes_and_says_nothing_twice(
    tmp_path: Path, audiobook: Run, weights: None, voice: str, longest_s: float
) -> None:
    """With VieNeu's tiny weights, which are noise, some takes are doubtful and have to be accepted."""
    library = make_library(tmp_path / "thu-vien", audiobook, SAMPLE)
    undisturbed = tmp_path / "yen"
    shutil.copytree(library, undisturbed)
    produce = ["produce", "2023-03", "--voice", voice]
    told = audiobook(*produce, library=undisturbed).stderr
    produce += re.findall(r"--accept(?= )|(?<=--accept )\S+", told)
    assert audiobook(*produce, library=undisturbed).returncode == 0
    chance, takes = random.Random(3), dict[Path, Made]()
    for _ in range(25):
        run = subprocess.Popen(
            [AUDIOBOOK, *produce, "--library", library],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        time.sleep(chance.uniform(0.3, longest_s))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        shelf = Shelf(library / "shelf")
        assert not shelf.has("2023-03") or shelf.is_whole(shelf.publication("2023-03"))
        takes = only_better(takes, finished(library))
    assert audiobook(*produce, library=library).returncode == 0
    only_better(takes, finished(library))
    assert shelved(library) == shelved(undisturbed)


def is_gone(group: int) -> bool:
    """Whether within ten seconds no process of it is left."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


Made = tuple[int, int]


def finished(library: Path) -> dict[Path, Made]:
    """Each finished take: how many attempts were made at it, and when the one that stands was written."""
    facts = library.glob("cache/takes/*/*.json")
    return {
        file: (json.loads(file.read_text())["attempts"], file.with_suffix(".flac").stat().st_mtime_ns) for file in facts
    }


def only_better(before: dict[Path, Made], after: dict[Path, Made]) -> dict[Path, Made]:
    """What was finished is there, and was written again only by a further attempt at a doubtful one."""
    assert before.keys() <= after.keys()
    assert [file for file, made in before.items() if after[file] != made and after[file][0] <= made[0]] == []
    return after
