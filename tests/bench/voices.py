"""What reading aloud costs, against the least that it can cost, measured in one run: CPU seconds, peak memory, ratios.

    python tests/bench/voices.py [floor] [long] [vieneu] [cluster] [inspection]      (without a word: all but long)

floor       an issue of one hour with espeak: takes, cache, inspection, mastering and its MP3, against raw synthesis of the
            same words in one process and one MP3 encode at the issue's 24 kHz; the same with the listening master alone; then
            unchanged, and after one changed word
long        the same with ten hours in 200 chapters, and its memory against that of one hour
vieneu      the pipeline with VieNeu (tiny weights) against calling the package alone
cluster     Dask on this machine against plain processes, with an engine that takes 200 ms for a sentence
inspection  damaged takes that are noticed, and clean ones that are doubted; seeds apart from those used for tuning

Every production is a process of its own; CPU and memory include the workers that it starts.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from types import ModuleType

from audiobook.threads import one_thread_each

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests" / "audiobook"
SAMPLE = ROOT / "tests" / "samples" / "ban-tin" / "ban-tin-so-3.md"
PUBLISHER = """--title=Bản tin
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()

FLOOR = """
import hashlib, io, json, sys, time
from pathlib import Path
import lameenc, numpy as np, soundfile, soxr
from audiobook.synthesis.voices import choose
said = json.load(open(sys.argv[1]))
kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None  # takes are kept there, and read from there
rate = 24000
engine = choose("espeak", {}).spec.open()
encoder = lameenc.Encoder()
encoder.set_bit_rate(64); encoder.set_in_sample_rate(rate); encoder.set_channels(1); encoder.set_quality(7)
seconds = uncounted = 0
def from_take(pcm):
    flac = io.BytesIO()
    soundfile.write(flac, pcm, 22050, format="FLAC", subtype="PCM_16", compression_level=0.0)
    kept.write_bytes(flac.getbuffer())
    sha256 = hashlib.sha256(flac.getbuffer()).hexdigest()
    data = kept.read_bytes()
    assert hashlib.sha256(data).hexdigest() == sha256
    return soundfile.read(io.BytesIO(data), dtype="float32")[0]
for pieces, pause_ms in said:
    for speech in engine.speak(pieces, "bac"):
        samples = from_take((speech.samples * 32767).astype("<i2")) if kept else speech.samples
        began = time.process_time()
        samples = soxr.resample(samples, 22050, rate)
        if not kept:  # the floor is synthesis and encoding at the issue's rate, nothing else
            uncounted += time.process_time() - began
        encoder.encode((samples * 32767).astype("<i2").tobytes())
        seconds += samples.size / rate
    encoder.encode(bytes(2 * (rate * pause_ms // 1000)))
    seconds += pause_ms / 1000
encoder.flush()
print(json.dumps({"cpu": time.process_time() - uncounted, "seconds": seconds}))
"""

MASTERED = """
import json, sys, time
from pathlib import Path
from types import SimpleNamespace
from audiobook.editions.frames import Mp3
from audiobook.mastering import speech as reading
from audiobook.mastering.assemble import Order, assemble
from audiobook.mastering.mix import EARS
from audiobook.mastering.stretches import stretches
from audiobook.model.narration import Passage, Utterance
from audiobook.model.recording import Take
from audiobook.processes import stay_ready
from audiobook.synthesis.saying import _joined
from audiobook.synthesis.voices import choose
stay_ready()
GAINS_DB = {"bac": 4.0}  # as this voice is given in a production
folder, memory = Path(sys.argv[2]), {}
reading.soundfile = SimpleNamespace(read=lambda file, dtype: memory.pop(file.stem))  # takes are kept nowhere
engine = choose("espeak", {}).spec.open()
lines = [(f"s{n}", *line) for n, line in enumerate(json.load(open(sys.argv[1])))]
while lines:
    end = next((n for n, line in enumerate(lines, start=1) if line[2] >= 1000 and n >= 20), len(lines))
    some, lines = lines[:end], lines[end:]
    takes = {}
    for name, pieces, _ in some:
        said = _joined(list(engine.speak(pieces, "bac")), 250)
        memory[name] = said.samples, said.rate
        takes[name] = Take(key=name, voice="bac", folder=folder, samples=said.samples.size, rate=said.rate)
    told = tuple(Utterance(id=name, source=name, part="text", pieces=("x",), segments=(), pause_ms=pause) for name, _, pause in some)
    for piece in stretches(Passage(id="c", title="", utterances=told), takes):
        order = Order(passage=piece, takes=takes, mixes=(EARS,), gains_db=GAINS_DB, speed=1, people_speed=1, opening=None,
            closing=None, folder=folder)
        assemble(order)
        sound = folder / f"{order.key(EARS)}.wav"
        Mp3().write([(sound, sound.with_suffix(".mp3"))])
print(json.dumps({"cpu": time.process_time()}))
"""

PRODUCE = """
import json, os, resource, sys, time
from dataclasses import dataclass
from multiprocessing.forkserver import _forkserver
from pathlib import Path
from audiobook.acceptance import Acceptance
from audiobook.model.publication import Accepted
def spent():
    parts = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts) + server()
def server():  # the process that workers are copies of, with those that have ended; nobody has waited for it yet
    if _forkserver._forkserver_pid is None:
        return 0
    stat = Path(f"/proc/{_forkserver._forkserver_pid}/stat").read_text()
    return sum(map(int, stat.rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")
@dataclass(frozen=True)
class LetPass(Acceptance):  # who goes on: a few clean takes of thousands are doubted, which is counted
    def of(self, doubts):
        doubted.extend(doubts)
        return tuple(Accepted(code=each.code, place=each.place, by="bench", text=each.text) for each in doubts)
doubted = []
def main():
    began, steps = time.perf_counter(), {}
    from audiobook.library import Library
    from audiobook.model.publication import KINDS
    from audiobook.production import produce
    def report(step, done, total):
        steps.setdefault(step, spent())
    kinds = ("mp3",) if sys.argv[2] == "mp3" else KINDS
    made = produce(Library.at(Path(sys.argv[1])), "2023-03", voice="espeak", report=report, kinds=kinds, acceptance=LetPass())
    wall = time.perf_counter() - began
    _forkserver._stop()  # and waits for it, so that its cost and its workers' count
    own = resource.getrusage(resource.RUSAGE_SELF)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"changed": made.changed, "doubted": len(doubted), "wall": wall, "cpu": spent(), "read": steps.get("narration", spent()),
        "narration": steps.get("mastering", 0) - steps.get("narration", 0),
        "mastering": steps.get("editions", 0) - steps.get("mastering", 0), "own_mb": own.ru_maxrss / 1024,
        "worker_mb": workers.ru_maxrss / 1024}))
if __name__ == "__main__":
    main()
"""

SAID = """
import json, sys, tempfile
from pathlib import Path
from audiobook import script, settings
from audiobook.library import Library
library = Library.at(Path(sys.argv[1]))
chosen = settings.load(library.settings_file)
with tempfile.TemporaryDirectory() as folder:
    _, prepared = script.understand(
        library, "2023-03", chosen=chosen, images=Path(folder) / "images")
json.dump([(each.pieces, each.pause_ms) for each in prepared.narration.utterances], open(sys.argv[2], "w"))
"""


def main() -> None:
    one_thread_each()  # here and in every process of the bench, as the command does
    wanted = set(sys.argv[1:]) or {"floor", "vieneu", "cluster", "inspection"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if wanted & {"floor", "long"}:
            hour = against_floor(folder / "one", chapters=20)
            sample_issue(folder / "sample")
        if "long" in wanted:
            ten = against_floor(folder / "ten", chapters=200)
            print(f"memory of ten hours against one: {ten['own_mb'] / hour['own_mb']:.2f}")
        if "vieneu" in wanted:
            vieneu(folder)
        if "cluster" in wanted:
            clusters(folder)
        if "inspection" in wanted:
            inspection()


def against_floor(folder: Path, *, chapters: int) -> dict[str, float]:
    library = make_library(folder, written(chapters))
    python("-c", SAID, library, folder / "said.json")
    (folder / "mastered").mkdir()
    ways = {"floor": [FLOOR], "mastered": [MASTERED, folder / "mastered"], "least": [FLOOR, folder / "take.flac"]}
    rounds = [
        {way: json.loads(python("-c", code, folder / "said.json", *more)) for way, (code, *more) in ways.items()}
        for _ in range(2 if chapters < 100 else 1)
    ]
    floor, mastered, least = (min((each[way] for each in rounds), key=lambda each: each["cpu"]) for way in ways)
    cold = produced(folder, library, "mp3")
    made = cold["cpu"] - cold["read"]
    print(
        f"{floor['seconds'] / 3600:.1f} hours in {chapters} chapters: floor {floor['cpu']:.1f} CPU s; "
        f"cold {made:.1f} CPU s = {made / floor['cpu']:.2f} x floor "
        f"(takes {cold['narration']:.1f}, mastering {cold['mastering']:.1f}, "
        f"MP3 {made - cold['narration'] - cold['mastering']:.1f}; reading the manuscript {cold['read']:.1f} beside it); "
        f"wall {cold['wall']:.1f} s on {os.cpu_count()} cores, peak {cold['own_mb']:.0f} MB + {cold['worker_mb']:.0f} a worker; "
        f"{cold['doubted']} takes doubted"
    )
    print(
        f"  the floor with the listening master between voice and MP3, takes kept nowhere: {mastered['cpu']:.1f} CPU s = "
        f"{mastered['cpu'] / floor['cpu']:.2f} x floor"
    )
    print(
        f"  the floor with takes kept as FLAC, verified when read, and an MP3 of 24 kHz, nothing inspected, levelled or "
        f"joined: {least['cpu']:.1f} CPU s = {least['cpu'] / floor['cpu']:.2f} x floor"
    )
    same = produced(folder, library, "mp3")
    print(f"  unchanged: {same['wall']:.2f} s, {same['cpu']:.2f} CPU s")
    change_a_word(library)
    edit = produced(folder, library, "mp3")
    print(
        f"  one word: {edit['cpu']:.2f} CPU s = {100 * edit['cpu'] / cold['cpu']:.1f} % of cold "
        f"({edit['read']:.2f} of it reads the manuscript)"
    )
    return cold


def sample_issue(folder: Path) -> None:
    library = make_library(folder, SAMPLE.read_text("utf-8"))
    cold = produced(folder, library, "all")
    same = produced(folder, library, "all")
    change_a_word(library)
    edit = produced(folder, library, "all")
    print(
        f"the sample issue with every edition: cold {cold['cpu']:.1f} CPU s, unchanged {same['wall']:.2f} s, "
        f"one word {edit['cpu']:.2f} CPU s"
    )


def vieneu(folder: Path) -> None:
    tiny = module("tiny_vieneu")
    tiny.turbo(folder / "weights")
    texts = [line for line in (TESTS / "sentences.txt").read_text("utf-8").splitlines() if len(line) > 40]
    (folder / "texts.json").write_text(json.dumps(texts))
    alone, ours = json.loads(python("-c", VIENEU, folder))
    print(
        f"VieNeu (tiny weights), {len(texts)} sentences: alone {alone:.2f} CPU s, with ours {ours:.2f}: {ours / alone:.3f} x"
    )


VIENEU = """
import json, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
texts = json.loads((folder / "texts.json").read_text())
from audiobook.processes import stay_ready
from audiobook.synthesis import saying
from audiobook.synthesis.cache import TakeCache
from audiobook.synthesis.voices import choose
stay_ready()  # as a worker of a production does
spec = choose("vieneu", {"vieneu": {"model_dir": str(folder / "weights")}}).spec
model = spec.open()._model
def alone(text, turn):
    model.infer(text, voice="Mai Anh")
def ours(text, turn):
    key = spec.key([text, str(turn)], "Mai Anh")
    saying.say(saying.Order(key=key, pieces=(text,), voice="Mai Anh", clause_ms=250))
def cost(way, turn):
    began = time.process_time()
    for text in texts:
        way(text, turn)
    return time.process_time() - began
saying.start(spec, TakeCache(folder / "takes"))
for way in (alone, ours):
    way("xin chào các cụ trong tổ dân phố.", 0)
rounds = [[cost(way, turn) for way in (alone, ours)] for turn in range(1, 6)]  # in turn: the machine has good and bad minutes
print(json.dumps([min(each) for each in zip(*rounds)]))
"""


def clusters(folder: Path) -> None:
    walls = {
        way: [float(python("-c", CLUSTER, way, folder / f"{way}{n}")) for n in range(2)] for way in ("pool", "dask")
    }
    pool, dask = (min(walls[way]) for way in ("pool", "dask"))
    print(
        f"100 sentences of 200 ms, two workers: processes {pool:.1f} s, Dask {dask:.1f} s: {pool / dask:.2f} of their speed"
    )


CLUSTER = """
import sys, time
from pathlib import Path
def main():
    from audiobook.model.narration import Line
    from audiobook.synthesis.cache import TakeCache
    from audiobook.synthesis.cluster import dask
    from audiobook.synthesis.executors import local
    from audiobook.synthesis.render import render
    from audiobook.synthesis.voices import choose
    spec = choose("tone", {"tone": {"seconds": 0.2}}).spec
    lines = [Line(id=f"s{n}", voice="thap", pieces=(f"câu số {n} của bài.",)) for n in range(100)]
    times = []
    hire = local(2) if sys.argv[1] == "pool" else dask("local", tell=lambda line: None)
    render(lines, spec=spec, takes=TakeCache(Path(sys.argv[2])), hire=hire,
        progress=lambda done, total: times.append(time.perf_counter()))
    print(times[-1] - times[1])  # from the first sentence to the last: both start up but once
if __name__ == "__main__":
    main()
"""


def inspection() -> None:
    import numpy as np

    from audiobook.synthesis.engine import Speech
    from audiobook.synthesis.inspect import faults, heard, norm_of
    from audiobook.synthesis.measure import measure
    from audiobook.synthesis.voices import choose

    damage = module("damage")
    alone = (TESTS / "sentences.txt").read_text("utf-8").splitlines()
    texts = [*alone, *(f"{one.rstrip('.?')}, {other}" for one, other in zip(alone[1:], alone, strict=False))]
    engine, chance = choose("espeak", {}).spec.open(), np.random.default_rng(77_001)
    noticed: dict[str, list[bool]] = {kind: [] for kind in damage.KINDS}
    doubted, cost = [], 0.0
    for voice in ("bac", "trung", "nam"):
        said = list(zip(texts, engine.speak(texts, voice), strict=True))
        began = time.process_time()
        takes = [heard([text], measure(speech)) for text, speech in said]
        cost += time.process_time() - began
        norm = norm_of(takes)
        doubted += [bool(faults(take, norm)) for take in takes]
        for kind, results in noticed.items():
            for number in chance.choice(len(said), 40, replace=False):
                text, speech = said[number]
                bad = Speech(samples=damage.damaged(speech.samples, speech.rate, kind, chance), rate=speech.rate)
                found = measure(bad)
                results.append(found is None or bool(faults(heard([text], found), norm)))
    for kind, results in sorted(noticed.items(), key=lambda each: np.mean(each[1])):
        print(f"  {kind:22} {100 * np.mean(results):5.1f} % noticed")
    every = [each for results in noticed.values() for each in results]
    print(
        f"inspection: {100 * np.mean(every):.1f} % of {len(every)} damaged takes of {len(noticed)} kinds noticed, "
        f"{sum(doubted)} of {len(doubted)} clean takes doubted; {1000 * cost / len(doubted):.2f} CPU ms a take"
    )


def written(chapters: int) -> str:
    """The sample's paragraphs over and over, no sentence twice, in chapters of about three minutes."""
    paragraphs = [
        line for line in SAMPLE.read_text("utf-8").splitlines() if len(line) > 60 and re.match(r"[^\W\d]", line)
    ]
    number, parts = count(1), ["---\nnumber: 3\ndate: 2023-03-30\n---\n"]
    at = 0
    for chapter in range(1, chapters + 1):
        parts.append(f"# Chuyện thứ {chapter}\n")
        length = 0
        while length < 1900:
            text = re.sub(r"\.(?=\s|$)", lambda _: f", lần {next(number)}.", paragraphs[at % len(paragraphs)])
            parts.append(f"{text}\n")
            length, at = length + len(text), at + 1
    return "\n".join(parts)


def make_library(folder: Path, text: str) -> Path:
    folder.mkdir()
    library, manuscript = folder / "library", SAMPLE.parent / ".bench.md"
    manuscript.write_text(text, encoding="utf-8")
    try:
        for words in (["new", library, *PUBLISHER], ["add", manuscript, "--number", "3", "--date", "2023-03-30"]):
            more = ["--library", library] if words[0] == "add" else []
            python("-c", "from audiobook.cli import main; main()", *words, *more)
    finally:
        manuscript.unlink()
    (folder / "produce.py").write_text(PRODUCE)
    return library


def produced(folder: Path, library: Path, kinds: str) -> dict[str, float]:
    figures: dict[str, float] = json.loads(python(folder / "produce.py", library, kinds))
    return figures


def change_a_word(library: Path) -> None:
    file = library / "issues" / "2023-03" / "manuscript.md"
    text = file.read_text("utf-8")
    file.write_text(text[::-1].replace("các cụ"[::-1], "quý cụ"[::-1], 1)[::-1], encoding="utf-8")


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TESTS / f"{name}.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def python(*arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


if __name__ == "__main__":
    main()
