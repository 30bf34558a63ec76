"""CPU seconds and peak memory of the editions to read: both EPUBs, both PDFs, posters and leaves, beside the sound.

    python tests/bench/editions.py

The sample issue, and its articles over and over until there are 300; each in a process of its own.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "samples" / "ban-tin"
KINDS = ("epub", "epub-light", "pdf", "pdf-large", "poster-a4", "page-image")


def main() -> None:
    for name, articles in (("sample", 0), ("300 articles", 300)):
        done = subprocess.run(
            [sys.executable, __file__, str(articles)], capture_output=True, text=True, check=True, timeout=600
        )
        figures = json.loads(done.stdout)
        for kind, (cpu, wall, size) in figures["kinds"].items():
            print(f"{name:<13} {kind:<12} CPU {cpu:6.2f} s   wall {wall:6.2f} s   {size / 1e6:7.2f} MB")
        three = sum(figures["kinds"][kind][0] for kind in ("epub", "pdf", "pdf-large"))
        print(f"{name:<13} EPUB and both PDFs: CPU {three:.2f} s; peak memory {figures['own_mb']:.0f} MB, ", end="")
        print(f"of the largest helper {figures['helper_mb']:.0f} MB", flush=True)


def measure(articles: int) -> None:
    """Prepare the issue, give each sentence two seconds of nothing, and make each kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = a_job(folder, articles)
        figures = {}
        from audiobook.editions.make import FORMS

        for kind in KINDS:
            cpu, began = spent(), time.perf_counter()
            products = FORMS[kind].maker(job).products
            size = sum(len(p.data) if isinstance(p.data, bytes) else p.data.stat().st_size for p in products)
            figures[kind] = (spent() - cpu, time.perf_counter() - began, size)
    print(
        json.dumps(
            {
                "kinds": figures,
                "own_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "helper_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
            }
        )
    )


def a_job(folder: Path, articles: int):
    from audiobook import intake, script, settings
    from audiobook.editions import readings
    from audiobook.editions.cover import cover
    from audiobook.editions.figures import with_figures
    from audiobook.editions.job import Job, Masters
    from audiobook.library import Library
    from audiobook.model.publication import Publisher
    from audiobook.model.recording import Cue, Recording, Timeline, Voice

    source = (SAMPLE / "ban-tin-so-3.md").read_text("utf-8")
    head, body = re.fullmatch(r"(---\n.*?\n---\n)(.*)", source, re.S).groups()
    times = -(-articles // 12) or 1
    bodies = [re.sub(r"\[\^(\d+)\]", rf"[^{n}x\1]", re.sub(r"(?m)^(# .*)$", rf"\1 {n}", body)) for n in range(times)]
    manuscript = folder / "dai.md"
    manuscript.write_text(head + "\n".join(bodies), encoding="utf-8")
    (folder / "hinh").mkdir()
    for picture in (SAMPLE / "hinh").glob("*.png"):
        (folder / "hinh" / picture.name).write_bytes(picture.read_bytes())
    library = Library(folder / "library")
    library.folder.mkdir()
    publisher = Publisher(name="NXB", licence_number="1", supplier="TT", phone="1")
    settings.write_new(library.folder, publisher=publisher, title="Bản tin", description="…", base_url="https://a.vn")
    intake.bring_in(library, manuscript, issue_id="", number=3, dated=None, title="")
    chosen = settings.load(library.settings_file)
    _, prepared = script.understand(library, "2023-03", chosen=chosen, images=folder / "images")
    figures = with_figures(prepared.issue, source=folder, folder=folder)
    chapters, sentences, now = [], [], 0
    for chapter in prepared.issue.chapters:
        start = now
        for sentence in (chapter.heading_id, *(s.id for block in chapter.blocks for s in block.sentences)):
            sentences.append(Cue(id=sentence, title="", start_ms=now, end_ms=now + 1500))
            now += 2000
        chapters.append(Cue(id=chapter.id, title=chapter.title, start_ms=start, end_ms=now))
    timeline = Timeline(chapters=tuple(chapters), sentences=tuple(sentences))
    recording = Recording(rate=24_000, tracks=(), timeline=timeline, loudness_lufs=-16, true_peak_dbtp=-2)
    readings.chapter_mp3s = lambda *_, **__: {cue.id: [bytes(480_000)] for cue in chapters}  # a minute at 64 kbps
    return Job(
        issue=figures.issue, recording=recording, masters=Masters(), pieces=(), plans=(), bulletin=chosen.bulletin,
        voices=(Voice(engine="tone", name="tone", label="tone"),), source=folder, folder=folder, cache=folder,
        cover=cover(prepared.issue, bulletin_title="Bản tin", source=folder), logo=b"", lexicon={},
        progress=lambda done, total: None,
    )  # fmt: skip


def spent() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    measure(int(sys.argv[1])) if len(sys.argv) > 1 else main()
