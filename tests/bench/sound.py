"""What the sound costs: every edition against its own encoder alone, the masters an hour, the memory of a process.

    OPENBLAS_NUM_THREADS=1 python tests/bench/sound.py

CPU seconds of one run on one machine, so only their ratios mean something. Takes are espeak's, of the sample issue.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import soundfile

from audiobook.editions.encode import Encoding
from audiobook.editions.frames import Mp3
from audiobook.editions.opus import Opus
from audiobook.loudness import hop_powers, integrated_lufs
from audiobook.mastering.assemble import Order, assemble, assembled
from audiobook.mastering.master import PAUSES_LU, TARGET_LUFS, measure_level
from audiobook.mastering.mix import EARS, HIGH, HORNS, Mix
from audiobook.model.narration import Passage, Utterance
from audiobook.model.recording import Take, Track

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "ban-tin" / "ban-tin-so-3.md"
ENGINE = """
import sys, pathlib, soundfile
from audiobook.synthesis.engines.espeak import open_engine
engine, folder = open_engine({}), pathlib.Path(sys.argv[1])
for number, text in enumerate(sys.stdin.read().splitlines()):
    (speech,) = engine.speak([text], "bac")
    soundfile.write(folder / f"{number:04d}.flac", speech.samples, speech.rate, subtype="PCM_16")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        takes = spoken(folder)
        masters = {mix.name: mastered(takes, mix, folder) for mix in (EARS, HIGH, HORNS)}
        for mix in (EARS, HIGH, HORNS):
            track, cost_s = masters[mix.name]
            print(f"master for {mix.name:<6} {3600 * cost_s / seconds(track):6.2f} CPU s an hour")
        sound, rate = soundfile.read(masters["ears"][0].file, dtype="float32")
        print(f"its loudness: {integrated_lufs([hop_powers(sound, rate)]):.2f} LUFS")
        for kind, mix, encoding, makes_master in (
            ("mp3", EARS, Mp3(), False),
            ("mp3-low", EARS, Mp3(kbps=32), False),
            ("opus-low", EARS, Opus(), False),
            ("mp3-high", HIGH, Mp3(rate=48_000, kbps=96), True),
            ("horns", HORNS, Mp3(rate=44_100, kbps=96), False),
        ):
            track, master_s = masters[mix.name]
            ours = cpu(lambda: encoding.write([(track.file, folder / "out")])) + makes_master * master_s  # noqa: B023
            alone = cpu(lambda: encoder_alone(track.file, encoding))  # noqa: B023
            print(
                f"{kind:<9} {3600 * ours / seconds(track):6.2f} CPU s an hour, {ours / alone:5.2f} x its encoder alone"
            )
        print(
            f"memory of this process, all of it done here: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
        )
        print(json.dumps({"minutes": round(seconds(masters["ears"][0]) / 60, 1), "cores": os.cpu_count()}))


def spoken(folder: Path) -> list[Take]:
    texts = re.findall(r"[^.\n#|\[\]!]{30,160}\.", SAMPLE.read_text("utf-8").split("---", 2)[2])
    subprocess.run([sys.executable, "-c", ENGINE, folder], input="\n".join(texts), text=True, check=True)
    files = sorted(folder.glob("*.flac"))
    return [
        Take(key=file.stem, voice="bac", folder=folder, samples=soundfile.info(file).frames, rate=22_050)
        for file in files
    ]


def mastered(takes: list[Take], mix: Mix, folder: Path) -> tuple[Track, float]:
    said = tuple(Utterance(id=t.key, source=None, part="text", pieces=("x",), segments=(), pause_ms=700) for t in takes)
    order = Order(
        passage=Passage(id="c01", title="", utterances=said), takes={take.key: take for take in takes}, mix=mix,
        gains_db={"bac": TARGET_LUFS + PAUSES_LU - measure_level(takes[:6])}, speed=1, people_speed=1, opening=None,
        closing=None, folder=folder / mix.name,
    )  # fmt: skip
    costs = list[float]()
    for _ in range(3):
        shutil.rmtree(order.folder, ignore_errors=True)
        costs.append(cpu(lambda: assemble(order), times=1))
    made = assembled(order.key, order.folder)
    return Track(chapter="c01", key=order.key, folder=order.folder, samples=made.samples, sha256=made.sha256), min(
        costs
    )


def encoder_alone(sound: Path, encoding: Encoding) -> None:
    """The same encoder at the same settings, and nothing else."""
    if isinstance(encoding, Opus):
        import imageio_ffmpeg

        options = "-c:a libopus -b:a 24k -vbr constrained -application voip -compression_level 8 -frame_duration 20"
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-v",
            "error",
            "-threads",
            "1",
            "-i",
            sound,
            *options.split(),
            "-f",
            "opus",
            "-",
        ]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return
    import lameenc

    assert isinstance(encoding, Mp3)
    pcm, _ = soundfile.read(sound, dtype="int16")
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(encoding.rate)
    encoder.set_out_sample_rate(encoding.rate)
    encoder.set_bit_rate(encoding.kbps)
    encoder.set_quality(7)
    encoder.encode(pcm.tobytes())
    encoder.flush()


def cpu(work: Callable[[], object], *, times: int = 3) -> float:
    """CPU seconds of a piece of work and of the processes that it starts: the least of so many times."""

    def spent() -> float:
        own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime

    costs = []
    for _ in range(times):
        began = spent()
        work()
        costs.append(spent() - began)
    return min(costs)


def seconds(track: Track) -> float:
    return soundfile.info(track.file).duration


if __name__ == "__main__":
    main()
