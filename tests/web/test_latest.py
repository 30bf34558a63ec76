"""The newest issue's sessions at addresses that never change, served and exported."""

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from audiobook.addresses import LATEST_SCHEDULE
from audiobook.library import Shelf
from audiobook.model.issue import Issue
from audiobook.model.loudspeaker import ItemKind, Piece
from audiobook.model.publication import Bulletin, Edition, Podcast, Publication, Publisher, Site
from audiobook.model.recording import Timeline
from audiobook.sessions import plan
from web.app import create_app
from web.export import export

BULLETIN = Bulletin(
    publisher=Publisher(name="N", licence_number="1", supplier="T"),
    podcast=Podcast(guid="2f3c9a52-6f52-5b0c-9c9d-6a4f0b1de001", title="Bản tin", description=""),
    site=Site(base_url="http://127.0.0.1:8000"),
)


def put(shelf: Shelf, issue_id: str, day: date, sessions: int, folder: Path) -> None:
    pieces = [
        Piece(kind=ItemKind.ARTICLE, title=f"Bài {n}", duration_ms=600_000, chapter=f"c{n:02d}")
        for n in range(sessions)
    ]
    editions = []
    for name, kind, part in [
        *((f"{issue_id}-{n}.mp3", "loudspeaker-mp3", f"15-{n}") for n in range(1, sessions + 1)),
        (f"{issue_id}.json", "loudspeaker-schedule", ""),
    ]:
        (folder / name).write_bytes(f'"{name}"'.encode())
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        media_type = "audio/mpeg" if part else "application/json"
        editions.append(
            Edition(
                kind=kind,
                file=name,
                media_type=media_type,
                bytes=(folder / name).stat().st_size,
                sha256=digest,
                part=part,
            )
        )
    issue = Issue(id=issue_id, title="T", number=int(issue_id[-2:]), date=day, publisher="N", chapters=())
    shelf.keep_bulletin(BULLETIN)
    shelf.put(
        Publication(
            guid=issue_id, issue=issue, timeline=Timeline(chapters=(), sentences=()), editions=tuple(editions), voices=(),
            published=datetime(day.year, day.month, day.day, tzinfo=UTC), fingerprint="", loudspeaker=(plan(pieces, 15),),
        ),
        made_in=folder,
    )  # fmt: skip


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(tmp_path / "shelf")
    put(made, "2023-03", date(2023, 3, 30), 2, tmp_path)
    return made


@pytest.fixture
def client(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr("web.reading_room._FRESH_S", 0)  # what was just put shows at once
    return create_app(shelf).test_client()


def test_the_newest_sessions_and_their_schedule_have_addresses_that_never_change(
    shelf: Shelf, client: FlaskClient, tmp_path: Path
) -> None:
    first = client.get("/loa/moi-nhat/buoi-1.mp3")
    assert (first.status_code, first.data, first.mimetype) == (200, b'"2023-03-1.mp3"', "audio/mpeg")
    assert "immutable" not in first.headers["Cache-Control"]
    assert client.get("/loa/moi-nhat/buoi-2.mp3").data == b'"2023-03-2.mp3"'
    put(shelf, "2023-04", date(2023, 4, 27), 1, tmp_path)
    assert client.get("/loa/moi-nhat/buoi-1.mp3").data == b'"2023-04-1.mp3"'
    assert client.get("/loa/moi-nhat/buoi-2.mp3").status_code == 404
    assert json.loads(client.get(f"/{LATEST_SCHEDULE}").data) == "2023-04.json"


def test_a_part_of_a_session_can_be_asked_for(client: FlaskClient) -> None:
    part = client.get("/loa/moi-nhat/buoi-1.mp3", headers={"Range": "bytes=1-4"})
    assert (part.status_code, part.data) == (206, b"2023")


def test_an_exported_site_has_them_too_and_renews_them(shelf: Shelf, tmp_path: Path) -> None:
    export(shelf, tmp_path / "trang")
    fixed = tmp_path / "trang" / "loa" / "moi-nhat" / "buoi-1.mp3"
    assert fixed.read_bytes() == b'"2023-03-1.mp3"'
    put(shelf, "2023-04", date(2023, 4, 27), 1, tmp_path)
    export(shelf, tmp_path / "trang")
    assert fixed.read_bytes() == b'"2023-04-1.mp3"'


def test_a_shelf_without_sessions_has_none(tmp_path: Path) -> None:
    empty = Shelf(tmp_path / "leer")
    empty.keep_bulletin(BULLETIN)
    assert create_app(empty).test_client().get("/loa/moi-nhat/buoi-1.mp3").status_code == 404
