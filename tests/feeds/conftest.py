"""A small shelf made by hand, put up by the real Shelf; and where golden feeds lie."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image

from audiobook.library import Shelf
from audiobook.model.issue import Block, Chapter, Issue, Kind, Role, Sentence
from audiobook.model.publication import Bulletin, Edition, Podcast, Publication, Publisher, Site
from audiobook.model.recording import Cue, Timeline, Voice

BULLETIN = Bulletin(
    publisher=Publisher(
        name="Hội Người cao tuổi huyện An Phú",
        licence_number="12/GP-STTTT",
        supplier="Công ty Tiếng Nói",
        distributor="Trung tâm Văn hóa huyện",
        email="bantin@anphu.example.vn",
    ),
    podcast=Podcast(
        guid="2f3c9a52-6f52-5b0c-9c9d-6a4f0b1de001",
        title="Bản tin Người cao tuổi",
        description="Tin tức & lời khuyên cho người cao tuổi.",
        contents_licence="CC BY 4.0",
    ),
    site=Site(base_url="https://bantin.example.vn/anphu"),
)
TITLES = {
    "opening": "Mở đầu",
    "c01": "Giữ ấm mùa lạnh",
    "c02": "Lớp học “điện thoại thông minh” & bà con",
    "closing": "Kết",
}
SUFFIXES = {
    "mp3": (".mp3", "audio/mpeg"),
    "vtt": (".vtt", "text/vtt"),
    "srt": (".srt", "application/x-subrip"),
    "transcript-json": (".json", "application/json"),
    "transcript-html": (".html", "text/html"),
    "chapters-json": (".chapters.json", "application/json+chapters"),
    "cover": (".jpg", "image/jpeg"),
}


@pytest.fixture(scope="session")
def cover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cover") / "cover.jpg"
    Image.new("RGB", (1400, 1400), "#1d4e89").save(file)
    return file


@pytest.fixture
def shelf(tmp_path: Path, put: Callable[..., Publication]) -> Shelf:
    shelf = Shelf(tmp_path / "shelf")
    shelf.keep_bulletin(BULLETIN)
    put(shelf, 1)
    put(shelf, 2)
    return shelf


@pytest.fixture
def put(tmp_path: Path, cover: Path) -> Callable[..., Publication]:
    def put_issue(shelf: Shelf, number: int, **changes: object) -> Publication:
        return _put(shelf, number, folder=tmp_path / "made", cover=cover, changes=changes)

    return put_issue


@pytest.fixture
def publication(shelf: Shelf) -> Publication:
    return shelf.publication("2023-02")


def _put(shelf: Shelf, number: int, *, folder: Path, cover: Path, changes: dict[str, object]) -> Publication:
    issue, timeline = _issue(number), _timeline()
    folder.mkdir(exist_ok=True)
    chapters = [{"startTime": cue.start_ms / 1000, "title": cue.title} for cue in timeline.chapters]
    contents = {
        kind: f"{kind} {number}".encode() * 2000 if kind == "mp3" else f"{kind} {number}".encode() for kind in SUFFIXES
    }
    contents["chapters-json"] = json.dumps({"version": "1.2.0", "chapters": chapters}).encode()
    contents["cover"] = cover.read_bytes()
    contents["vtt"], contents["srt"] = (text.encode() for text in _captions(timeline, number))
    publication = Publication(
        guid=f"00000000-0000-5000-8000-{number:012}",
        issue=issue,
        timeline=timeline,
        editions=tuple(_edition(folder, issue.id, kind, data) for kind, data in contents.items()),
        voices=(Voice(engine="espeak", name="bac", label="Giọng Bắc"),),
        published=datetime(2023, number, 15, 6, tzinfo=UTC),
        fingerprint=str(number),
    )
    publication = replace(publication, **changes)  # type: ignore[arg-type]
    shelf.put(publication, made_in=folder)
    shutil.rmtree(folder)
    return publication


def _edition(folder: Path, stem: str, kind: str, data: bytes) -> Edition:
    digest, (suffix, media_type) = hashlib.sha256(data).hexdigest(), SUFFIXES[kind]
    name = f"ban-tin-{stem}.{kind}.{digest[:8]}{suffix}"
    (folder / name).write_bytes(data)
    return Edition(kind=kind, file=name, media_type=media_type, bytes=len(data), sha256=digest)


def _captions(timeline: Timeline, issue: int) -> tuple[str, str]:
    """WebVTT with a note before each chapter, and SRT."""
    vtt, srt = ["WEBVTT"], []
    for number, (chapter, cue) in enumerate(zip(timeline.chapters, timeline.sentences, strict=True), start=1):
        start, end = (f"00:{ms // 60_000:02}:{ms // 1000 % 60:02}.{ms % 1000:03}" for ms in (cue.start_ms, cue.end_ms))
        begins = f"00:{chapter.start_ms // 60_000:02}:{chapter.start_ms // 1000 % 60:02}.{chapter.start_ms % 1000:03}"
        vtt += [f"NOTE chapter {begins} {chapter.title}", f"{start} --> {end}\nKính chào bà con, đây là số {issue}."]
        srt.append(f"{number}\n{start} --> {end}\nKính chào bà con, đây là số {issue}.".replace(".", ",", 2))
    return "\n\n".join(vtt) + "\n", "\n\n".join(srt) + "\n"


def _issue(number: int) -> Issue:
    roles = {"opening": Role.OPENING, "closing": Role.CLOSING}
    return Issue(
        id=f"2023-{number:02}",
        title=f"Bản tin Người cao tuổi – Số {number}/2023: Sống vui, sống khỏe",
        number=number,
        date=date(2023, number, 15),
        publisher=BULLETIN.publisher.name,
        summary="Mùa lạnh đã về, bà con nhớ giữ ấm.",
        chapters=tuple(
            Chapter(
                id=chapter,
                title=title,
                blocks=(
                    Block(
                        id=f"{chapter}b01",
                        kind=Kind.PARAGRAPH,
                        text="Kính chào bà con.",
                        sentences=(Sentence(id=f"{chapter}b01s1", start=0, end=17),),
                    ),
                ),
                role=roles.get(chapter, Role.ARTICLE),
            )
            for chapter, title in TITLES.items()
        ),
    )


def _timeline() -> Timeline:
    starts = (0, 12_480, 61_056, 118_992, 125_040)
    cues = zip(TITLES.items(), starts, starts[1:], strict=False)
    chapters = tuple(Cue(id=id_, title=title, start_ms=start, end_ms=end) for (id_, title), start, end in cues)
    said = tuple(
        Cue(id=f"{cue.id}b01s1", title="", start_ms=cue.start_ms + 1_000, end_ms=cue.start_ms + 4_000)
        for cue in chapters
    )
    return Timeline(chapters=chapters, sentences=said)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    def compare(name: str, made: bytes) -> None:
        file = Path(__file__).parents[1] / "golden" / name
        if request.config.getoption("--save-golden"):
            file.write_bytes(made)
        assert made.decode() == file.read_text(encoding="utf-8"), "look at the diff, then rerun with --save-golden"

    return compare
