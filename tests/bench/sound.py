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
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from audiobook.editions.encode import Encoding, encoded
from audiobook.editions.frames import Mp3
from audiobook.editions.opus import Opus
from audiobook.loudness import hop_powers, integrated_lufs
from audiobook.mastering.assemble import Order, assemble, assembled
from audiobook.mastering.master import PAUSES_LU, TARGET_LUFS, measure_level
from audiobook.mastering.mix import EARS, HIGH, HORNS, Mix
from audiobook.mastering.stretches import stretches
from audiobook.model.narration import Passage, Utterance
from audiobook.model.recording import Take, Track
from audiobook.processes import stay_ready

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


KINDS = (
    ("mp3", EARS, Mp3(), False),
    ("mp3-low", EARS, Mp3(kbps=32), False),
    ("opus-low", EARS, Opus(), False),
    ("mp3-high", HIGH, Mp3(rate=48_000, kbps=96), True),
    ("horns", HORNS, Mp3(rate=44_100, kbps=96), False),
)
"""Each with its master, and whether that is made for it alone."""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stay_ready()  # as a worker of a production does
        takes = spoken(folder)
        masters = {
            "ears": mastered(takes, (EARS,), folder),
            "high": mastered(takes, (EARS, HIGH), folder),
            "horns": mastered(takes, (HORNS,), folder),
        }
        for _, mix, encoding, _ in KINDS:
            encode(masters[mix.name][0], encoding, folder)
        memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        wholes = {mix: whole(tracks, folder / f"{mix}.wav") for mix, (tracks, _) in masters.items()}
        for mix, (_, cost_s) in masters.items():
            print(f"master for {mix:<6} {3600 * cost_s / seconds(wholes[mix]):6.2f} CPU s an hour")
        sound, rate = soundfile.read(wholes["ears"], dtype="float32")
        print(f"its loudness: {integrated_lufs([hop_powers(sound, rate)]):.2f} LUFS")
        for kind, mix, encoding, makes_master in KINDS:
            tracks, master_s = masters[mix.name]
            encoding_s, alone = beside(
                lambda: encode(tracks, encoding, folder),  # noqa: B023
                lambda: encoder_alone(wholes[mix.name], encoding),  # noqa: B023
            )
            ours = encoding_s + makes_master * master_s
            cost = 3600 * ours / seconds(wholes[mix.name])
            print(f"{kind:<9} {cost:6.2f} CPU s an hour, {ours / alone:5.2f} x its encoder alone")
        print(f"memory of this process, all of ours done here: {memory_mb:.0f} MB")
        minutes, tracks = round(seconds(wholes["ears"]) / 60, 1), len(masters["ears"][0])
        print(json.dumps({"minutes": minutes, "tracks": tracks, "cores": os.cpu_count()}))


def spoken(folder: Path) -> list[Take]:
    texts = re.findall(r"[^.\n#|\[\]!]{30,160}\.", SAMPLE.read_text("utf-8").split("---", 2)[2])
    subprocess.run([sys.executable, "-c", ENGINE, folder], input="\n".join(texts), text=True, check=True)
    files = sorted(folder.glob("*.flac"))
    return [
        Take(key=file.stem, voice="bac", folder=folder, samples=soundfile.info(file).frames, rate=22_050)
        for file in files
    ]


def mastered(takes: list[Take], mixes: tuple[Mix, ...], folder: Path) -> tuple[list[Track], float]:
    """A chapter of paragraphs of four sentences: the last mix's tracks, and what it costs beside those before it."""
    said = tuple(
        Utterance(
            id=t.key, source=None, part="text", pieces=("x",), segments=(), pause_ms=700 if number % 4 else 1200
        ) for number, t in enumerate(takes, start=1)
    )  # fmt: skip
    every = {take.key: take for take in takes}
    orders = [
        Order(
            passage=piece, takes={each.id: every[each.id] for each in piece.utterances}, mixes=mixes,
            gains_db={"bac": TARGET_LUFS + PAUSES_LU - measure_level(takes[:6])}, speed=1, people_speed=1, opening=None,
            closing=None, folder=folder / mixes[-1].name,
        )
        for piece in stretches(Passage(id="c01", title="", utterances=said), every)
    ]  # fmt: skip
    before = [replace(order, mixes=mixes[:-1], folder=folder / "before") for order in orders]
    with_it, without = beside(lambda: assembling(orders), lambda: len(mixes) > 1 and assembling(before))
    tracks = list[Track]()
    for order in orders:
        key = order.key(mixes[-1])
        made = assembled(key, order.folder)
        tracks.append(Track(chapter="c01", key=key, folder=order.folder, samples=made.samples, sha256=made.sha256))
    return tracks, with_it - without


def assembling(orders: list[Order]) -> None:
    shutil.rmtree(orders[0].folder, ignore_errors=True)
    for order in orders:
        assemble(order)


def whole(tracks: list[Track], file: Path) -> Path:
    """The same sound in one file, for an encoder alone."""
    sounds = [soundfile.read(track.file, dtype="int16") for track in tracks]
    soundfile.write(file, np.concatenate([sound for sound, _ in sounds]), sounds[0][1], subtype="PCM_16")
    return file


def encode(tracks: list[Track], encoding: Encoding, folder: Path) -> None:
    """As a production does, into a folder that is new."""
    cache = Path(tempfile.mkdtemp(dir=folder))
    encoded([(track, encoding) for track in tracks], cache=cache, workers=1, progress=lambda done, total: None)


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


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a piece of work and of the processes that it starts."""

    def spent() -> float:
        own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime

    began = spent()
    work()
    return spent() - began


def beside(*works: Callable[[], object]) -> list[float]:
    """The least of what each costs in four rounds: one after the other, as the machine has good and bad minutes."""
    rounds = [[cpu(work) for work in works] for _ in range(4)]
    return [min(each) for each in zip(*rounds, strict=True)]


def seconds(sound: Path) -> float:
    return soundfile.info(sound).duration


if __name__ == "__main__":
    main()
