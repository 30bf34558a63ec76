"""A publication's files -> what is wrong with them: the same chapters in all of them, captions that every app can show."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from audiobook.library import Shelf
from audiobook.model.publication import Publication
from feeds.checks.problem import Problem
from feeds.tags import play_time

_LINE = 65  # characters (the namespace's transcript document)
_CLOCK = r"(\d{2,}:\d{2}:\d{2}MARK\d{3})"
_TIMES = {mark: re.compile(f"{_CLOCK} --> {_CLOCK}".replace("MARK", re.escape(mark))) for mark in ".,"}
_CHAPTER_NOTE = re.compile(r"^NOTE chapter (\S+) ", re.MULTILINE)
_NAME_IN_SRT = re.compile(r":(?:\s|$)")

Chapters = list[tuple[int, str]]


def file_problems(publication: Publication, shelf: Shelf) -> Iterator[Problem]:
    """What is wrong with the chapters and captions of an issue that stands in a feed."""
    place = publication.issue.id
    true = [(cue.start_ms, cue.title) for cue in publication.timeline.chapters]
    if publication.edition("chapters-json") is None:
        yield Problem(code="chapters-missing", place=place, text="chưa có tệp chương (chapters-json)")
    for kind, reader, code, said in (
        ("chapters-json", _from_json, "chapters-json", "tệp chương"),
        ("mp3", _from_id3, "chapters-id3", "các chương trong thẻ ID3 của tệp MP3"),
    ):
        file = _file(publication, kind, shelf)
        if file and reader(file) not in (true, None):
            yield Problem(code=code, place=place, text=f"{said} khác với bản ghi âm")
    for kind, faults in (("vtt", _vtt_faults), ("srt", _srt_faults)):
        file = _file(publication, kind, shelf)
        for code, said in faults(file.read_text("utf-8", errors="replace"), publication) if file else ():
            yield Problem(code=code, place=place, text=said)


def _file(publication: Publication, kind: str, shelf: Shelf) -> Path | None:
    edition = publication.edition(kind)
    file = shelf.file(publication, edition) if edition else None
    return file if file and file.is_file() else None


def _from_json(file: Path) -> Chapters:
    try:
        return [(round(each["startTime"] * 1000), each["title"]) for each in json.loads(file.read_bytes())["chapters"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _from_id3(file: Path) -> Chapters | None:
    """The chapters in the order in which they are stored, as ffprobe and players list them; None: it has no tag."""
    from mutagen.id3 import ID3, ID3NoHeaderError

    try:
        tag = ID3(file, translate=False)
    except (ID3NoHeaderError, OSError):
        return None
    return [(each.start_time, str(each.sub_frames["TIT2"])) for each in tag.getall("CHAP")]


def _vtt_faults(text: str, publication: Publication) -> Iterator[tuple[str, str]]:
    if not text.startswith("WEBVTT"):
        yield "vtt", "phụ đề không phải WebVTT"
        return
    if any(len(line) > _LINE for line in _captions(text)):
        yield "vtt-line", f"phụ đề có dòng dài quá {_LINE} chữ"
    if not _in_order(text, "."):
        yield "vtt-time", "phụ đề có giờ sai hoặc đi lùi; AntennaPod sẽ bỏ cả phụ đề"
    noted = _CHAPTER_NOTE.findall(text)
    if noted != [play_time(cue.start_ms) for cue in publication.timeline.chapters]:
        yield "chapters-vtt", "các chương ghi trong phụ đề khác với bản ghi âm"


def _srt_faults(text: str, _: Publication) -> Iterator[tuple[str, str]]:
    if any(_NAME_IN_SRT.search(line) for line in _captions(text)):
        yield "srt-colon", "phụ đề SRT có dấu hai chấm; AntennaPod cắt mất chữ đứng trước"
    if not _in_order(text, ","):
        yield "srt-time", "phụ đề SRT có giờ sai hoặc đi lùi"


def _captions(text: str) -> Iterator[str]:
    """The lines that are shown."""
    for block in text.split("\n\n"):
        lines = block.splitlines()
        at = next((n for n, line in enumerate(lines) if " --> " in line), None)
        yield from lines[at + 1 :] if at is not None else ()


def _in_order(text: str, mark: str) -> bool:
    times = [_TIMES[mark].fullmatch(line) for line in text.splitlines() if " --> " in line]
    if not all(times):
        return False
    starts = [found[1] for found in times if found]
    return starts == sorted(starts) and all(found[1] <= found[2] for found in times if found)
