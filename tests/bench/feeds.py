"""CPU seconds and peak memory of the feeds of 100, 1,000 and 10,000 issues: built whole, and with one issue more.

    python tests/bench/feeds.py [COUNT…]

Each run is a process of its own that calls what a production calls when an issue is shelved; the shelf's issues are as
long as the sample issue (twelve articles, 80 KB of publication.json). "articles" has a sound for each article, so that
feed-articles.xml holds twelve times as many items.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from audiobook.model.issue import Block, Chapter, Issue, Kind, Sentence
from audiobook.model.publication import Bulletin, Edition, Podcast, Publication, Publisher, Site
from audiobook.model.recording import Cue, Timeline, Voice

SENTENCE = "Phường tổ chức khám sức khỏe cho người cao tuổi tại trạm y tế vào thứ Bảy tuần này. "
SOUNDS = ("mp3", "opus-low", "mp3-low")
TEXTS = ("vtt", "srt", "transcript-json", "transcript-html", "chapters-json", "cover")
MEASURED = """
import json, resource, sys, time
from pathlib import Path
from audiobook.library import Shelf
from feeds.rss import write
began = time.process_time()
write(Shelf(Path(sys.argv[1])))
print(json.dumps({"cpu": time.process_time() - began,
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def main() -> None:
    for count in [int(each) for each in sys.argv[1:]] or [100, 1_000, 10_000]:
        for articles in (False, True) if count <= 1_000 else (False,):
            with tempfile.TemporaryDirectory() as folder:
                bench(Path(folder), count, articles=articles)


def bench(folder: Path, count: int, *, articles: bool) -> None:
    store(folder / "bulletin.json", BULLETIN)
    for number in range(count):
        store(folder / f"so-{number}" / "publication.json", publication(number, articles=articles))
    name = f"{count:>6} issues" + (", articles" if articles else "")
    show(f"{name}: whole", measured(folder))
    show(f"{name}: unchanged", measured(folder))
    store(folder / f"so-{count}" / "publication.json", publication(count, articles=articles))
    show(f"{name}: one more", measured(folder))


def measured(folder: Path) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", MEASURED, folder], capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def show(name: str, figures: dict[str, float]) -> None:
    print(f"{name:<34} CPU {figures['cpu']:6.2f} s   peak memory {figures['mb']:4.0f} MB", flush=True)


def store(file: Path, value: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(msgspec.json.encode(value))


BULLETIN = Bulletin(
    publisher=Publisher(name="Hội Người cao tuổi", licence_number="12/GP", supplier="Tiếng Nói", email="a@b.vn"),
    podcast=Podcast(guid="9b024349-ccf0-5f69-a609-6b82873eab3c", title="Bản tin", description="Tin tức hằng tuần."),
    site=Site(base_url="https://bantin.example.vn"),
)


def publication(number: int, *, articles: bool) -> Publication:
    chapters = tuple(chapter(f"c{place:02}") for place in range(1, 13))
    sentences = [sentence for each in chapters for block in each.blocks for sentence in block.sentences]
    cues = tuple(
        Cue(id=sentence.id, title="", start_ms=place * 3_000, end_ms=place * 3_000 + 2_500)
        for place, sentence in enumerate(sentences)
    )
    starts = [place * 150_000 for place in range(13)]
    timeline = Timeline(
        chapters=tuple(
            Cue(id=each.id, title=each.title, start_ms=start, end_ms=end)
            for each, start, end in zip(chapters, starts, starts[1:], strict=False)
        ),
        sentences=cues,
    )
    digest = f"{number:064x}"
    editions = [edition(kind, digest) for kind in (*SOUNDS, *TEXTS)]
    if articles:
        editions += [replace(edition("mp3-article", digest), chapter=each.id) for each in chapters]
    issue = Issue(
        id=f"so-{number}", title=f"Bản tin số {number}", number=number, date=date(2023, 1, 1), publisher="Hội", summary=SENTENCE,
        chapters=chapters,
    )  # fmt: skip
    return Publication(
        guid=f"00000000-0000-5000-8000-{number:012}",
        issue=issue,
        timeline=timeline,
        editions=tuple(editions),
        voices=(Voice(engine="espeak", name="bac", label="Giọng Bắc"),),
        published=datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=number),
        fingerprint="",
    )


def chapter(chapter_id: str) -> Chapter:
    blocks = []
    for place in range(1, 11):
        block_id, length = f"{chapter_id}b{place:02}", len(SENTENCE)
        sentences = tuple(Sentence(id=f"{block_id}s{n}", start=n * length, end=(n + 1) * length) for n in range(3))
        blocks.append(Block(id=block_id, kind=Kind.PARAGRAPH, text=SENTENCE * 3, sentences=sentences))
    return Chapter(id=chapter_id, title=f"Khám sức khỏe ở phường, bài {chapter_id}", blocks=tuple(blocks))


def edition(kind: str, digest: str) -> Edition:
    return Edition(kind=kind, file=f"{kind}.x", media_type="audio/mpeg", bytes=12_345_678, sha256=digest)


if __name__ == "__main__":
    main()
