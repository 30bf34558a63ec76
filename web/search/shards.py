"""Publications -> an index in small files for sites without a server; each is a script, so that file:// reads it too.

``k/<shard>.js``: folded words, and pairs of words that stand beside each other -> the articles that have them, as
differences of their numbers. ``a/<number>.js``: an article with its sentences. A question loads the shards of its pairs,
then the articles that it shows: under 100 KB at 500 issues. Articles are numbered oldest first, so that a new issue
leaves the older articles' files as they are.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from audiobook.addresses import chapter_path
from audiobook.model.publication import Publication
from web.links import page_file
from web.search.folding import words
from web.search.index import first_starts, sentences

FOLDER = "tim-kiem"
_SHARD_CHARACTERS = 6_000  # of a shard, about
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&()*+,-./:;<=>?@[]^_{|}~"
_HALF = len(_DIGITS) // 2


def shards(publications: Sequence[Publication]) -> Iterator[tuple[str, bytes]]:
    """Every file of the index, by its path; what counts the shards comes last."""
    places: dict[str, list[int]] = defaultdict(list)
    number = 0
    for publication in sorted(publications, key=lambda each: (each.issue.date, each.issue.id)):
        starts = first_starts(publication)
        for chapter in publication.issue.articles:
            lines = [[id_, starts.get(id_, -1), text] for id_, text in sentences(chapter)]
            for key in {key for line in lines for key in _keys(str(line[2]))}:
                places[key].append(number)
            yield f"{FOLDER}/a/{number}.js", _article(number, publication, chapter.id, chapter.title, lines)
            number += 1
    packed = {key: _packed(numbers) for key, numbers in places.items()}
    count = _shard_count(sum(len(key) + len(value) + 6 for key, value in packed.items()))
    split: dict[int, dict[str, str]] = defaultdict(dict)
    for key in sorted(packed):
        split[shard_of(key, count)][key] = packed[key]
    for shard in range(count):
        yield f"{FOLDER}/k/{shard}.js", _call("tu", shard, split[shard])
    yield f"{FOLDER}/dem.js", _call("dem", count, {"articles": number})


def shard_of(key: str, count: int) -> int:
    """FNV-1a over UTF-16, as the page's script counts it.

    >>> shard_of("nghi quyet", 1024)
    173
    """
    value = 0x811C9DC5
    for letter in key:
        value = ((value ^ ord(letter)) * 0x01000193) & 0xFFFFFFFF
    return value % count


def _keys(text: str) -> Iterator[str]:
    found = words(text)
    yield from found
    for pair in pairwise(found):
        yield " ".join(pair)


def _packed(numbers: Sequence[int]) -> str:
    """Each number as the difference to the one before it; low digits first, those of the upper half go on.

    >>> _packed([0, 1, 500])
    '01Nb'
    """
    text, before = [], 0
    for number in numbers:
        rest, before = number - before, number
        while rest >= _HALF:
            text.append(_DIGITS[_HALF + rest % _HALF])
            rest //= _HALF
        text.append(_DIGITS[rest])
    return "".join(text)


def unpacked(text: str) -> list[int]:
    """The numbers again, as the page's script reads them.

    >>> unpacked(_packed([0, 1, 500]))
    [0, 1, 500]
    """
    numbers, value, power, before = list[int](), 0, 1, 0
    for digit in map(_DIGITS.index, text):
        value += digit % _HALF * power
        power *= _HALF
        if digit < _HALF:
            before += value
            numbers.append(before)
            value, power = 0, 1
    return numbers


def _shard_count(characters: int) -> int:
    count = 1
    while characters / count > _SHARD_CHARACTERS:
        count *= 2
    return count


def _article(number: int, publication: Publication, chapter: str, title: str, lines: list[list[object]]) -> bytes:
    issue = publication.issue
    start_ms = next((cue.start_ms for cue in publication.timeline.chapters if cue.id == chapter), 0)
    facts = {
        "page": page_file(chapter_path(issue.id, chapter)),
        "title": title,
        "number": issue.number,
        "date": issue.date.isoformat(),
        "start": start_ms,
        "lines": lines,
    }
    return _call("bai", number, facts)


def read(file: bytes) -> dict[str, str]:
    """A shard's words with their packed articles."""
    found: dict[str, str] = json.loads(file.decode().split(",", 1)[1].removesuffix(");\n"))
    return found


def _call(name: str, number: int, value: object) -> bytes:
    return f"timKiem.{name}({number},{json.dumps(value, ensure_ascii=False, separators=(',', ':'))});\n".encode()
