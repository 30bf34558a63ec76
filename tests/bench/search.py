"""Search at 500 issues: what the index costs, how fast it answers, and what the export's first answer weighs.

    python tests/bench/search.py [issues]

The words are those of the sample issue, drawn as often as natural language draws them (Zipf), with a seed.
"""

import itertools
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from audiobook.model.issue import Block, Chapter, Issue, Kind, Sentence
from audiobook.model.publication import Publication
from audiobook.model.recording import Cue, Timeline
from web.search import shards
from web.search.asking import ask
from web.search.folding import words
from web.search.index import Index

SAMPLE = Path(__file__).parents[1] / "samples" / "ban-tin" / "ban-tin-so-3.md"
ARTICLES, SENTENCES, WORDS = 12, 25, 16
QUESTIONS = (
    "nghi quyet 18",
    "Nghị quyết",
    "cac cu",
    "nguoi cao tuoi",
    "to dan pho so 7",
    "nghij quyeets",
    "huyet ap",
    "va",
)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    publications = [issue(number) for number in range(count)][::-1]
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "search.sqlite")
        began = time.process_time()
        index.update(publications, version="1")
        built = time.process_time() - began
        times = [seconds(lambda question=question: ask(index, question)) for question in QUESTIONS * 5]
        megabytes = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
        print(f"server: {count} issues, {count * ARTICLES * SENTENCES} sentences: built in {built:.1f} s of CPU, {megabytes:.0f} MB; "
              f"an answer {statistics.median(times) * 1000:.1f} ms in the median, {max(times) * 1000:.0f} ms at worst")  # fmt: skip
    began = time.process_time()
    files = dict(shards.shards(publications))
    spent = time.process_time() - began
    weights = {question: weight(question, files) for question in QUESTIONS}
    print(f"export: {len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB in {spent:.1f} s of CPU; "
          f"first answer {max(weights.values()) / 1000:.0f} KB at most, unpacked: {weights}")  # fmt: skip


def weight(question: str, files: dict[str, bytes]) -> int:
    """What the page loads for a question, as static/search/20-asking.js does it: pairs, words where needed, ten articles."""
    count = sum("/k/" in path for path in files)
    asked = words(question)
    pairs = [" ".join(pair) for pair in itertools.pairwise(asked)]
    loaded = {f"{shards.FOLDER}/dem.js"}
    near = both([numbers(key, files, count, loaded) for key in pairs]) if pairs else []
    if len(near) < 10:
        rest = both([numbers(key, files, count, loaded) for key in asked])
        near = [*near[::-1], *(each for each in rest[::-1] if each not in near)]
    else:
        near = near[::-1]
    loaded |= {f"{shards.FOLDER}/a/{number}.js" for number in near[:10]}
    return sum(len(files[path]) for path in loaded)


def numbers(key: str, files: dict[str, bytes], count: int, loaded: set[str]) -> list[int]:
    path = f"{shards.FOLDER}/k/{shards.shard_of(key, count)}.js"
    loaded.add(path)
    found = shards.read(files[path]).get(key, "")
    return shards.unpacked(found)


def both(lists: list[list[int]]) -> list[int]:
    return sorted(set.intersection(*map(set, lists))) if lists else []


def seconds(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - began


def issue(number: int) -> Publication:
    draw = random.Random(number)
    vocabulary, weights = natural()
    chapters, cues, at = [], [], 0
    for chapter in range(1, ARTICLES + 1):
        blocks = []
        for place in range(1, SENTENCES + 1):
            text = " ".join(draw.choices(vocabulary, cum_weights=weights, k=WORDS)).capitalize() + "."
            id_ = f"c{chapter:02}b{place:02}"
            blocks.append(
                Block(
                    id=id_, kind=Kind.PARAGRAPH, text=text, sentences=(Sentence(id=f"{id_}s1", start=0, end=len(text)),)
                )
            )
            cues.append(Cue(id=f"{id_}s1", title="", start_ms=at, end_ms=at + 4_000))
            at += 4_500
        chapters.append(Chapter(id=f"c{chapter:02}", title=f"Bài {chapter}", blocks=tuple(blocks)))
    day = date(1985 + number // 12, number % 12 + 1, 1)
    made = Issue(id=f"{day:%Y-%m}", title="Bản tin", number=number, date=day, publisher="NXB", chapters=tuple(chapters))
    timeline = Timeline(
        chapters=tuple(Cue(id=each.id, title=each.title, start_ms=0, end_ms=1) for each in chapters),
        sentences=tuple(cues),
    )
    return Publication(
        guid=made.id,
        issue=made,
        timeline=timeline,
        editions=(),
        voices=(),
        published=datetime(day.year, day.month, 1, tzinfo=UTC),
        fingerprint="1",
    )


def natural() -> tuple[list[str], list[float]]:
    if not NATURAL:
        text = SAMPLE.read_text("utf-8").split()
        known = sorted(set(text), key=lambda word: (-text.count(word), word))
        NATURAL.append((known, list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(known))))))
    return NATURAL[0]


NATURAL: list[tuple[list[str], list[float]]] = []

if __name__ == "__main__":
    main()
