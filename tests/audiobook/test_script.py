"""A manuscript is read in a process of its own, which hands on what will be said and may fail without harm."""

import os
from pathlib import Path

import pytest

from audiobook import intake, script, settings
from audiobook.acceptance import Acceptance
from audiobook.errors import ManuscriptDamaged, ManuscriptError
from audiobook.last_said import keep, kept
from audiobook.library import Library
from audiobook.model.issue import Issue
from audiobook.model.narration import spoken_only
from audiobook.processes import apart
from audiobook.records import decoded
from audiobook.script import Script, understand, write_script
from audiobook.settings import Publisher

MANUSCRIPT = """---
number: 3
date: 2023-03-30
---

# Giữ ấm

Ngày 20/11 có 03 tập thể được khen.
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    home = tmp_path / "thu-vien"
    home.mkdir()
    publisher = Publisher(name="NXB", licence_number="000-2023", supplier="TT", phone="024")
    settings.write_new(home, publisher=publisher, title="Bản tin", description="", base_url="https://a.vn")
    file = tmp_path / "so-3.md"
    file.write_text(MANUSCRIPT, "utf-8")
    intake.bring_in(Library.at(home), file, issue_id="", number=3, dated=None, title="")
    return Library.at(home)


def written(library: Library, folder: Path) -> Script:
    chosen = settings.load(library.settings_file)
    return write_script(library, "2023-03", chosen=chosen, acceptance=Acceptance(), folder=folder)


def test_the_script_says_what_was_understood(library: Library, tmp_path: Path) -> None:
    found = written(library, tmp_path)
    chosen = settings.load(library.settings_file)
    _, prepared = understand(library, "2023-03", chosen=chosen, images=tmp_path / "images")
    assert (found.narration,) == spoken_only(prepared.narration)
    assert decoded(found.issue, Issue) == prepared.issue
    assert any("ngày hai mươi tháng mười một" in each.spoken for each in found.loudspeaker.utterances)


def test_what_was_said_is_kept_when_it_is_published(library: Library, tmp_path: Path) -> None:
    found = written(library, tmp_path)
    keep(library, "2023-03", found.said)
    said = kept(library, "2023-03")
    assert said == {each.id: each.spoken for each in found.narration.utterances}


def test_when_it_is_said_its_words_are_let_go(library: Library, tmp_path: Path) -> None:
    found = written(library, tmp_path).when_said
    assert found.narration.utterances == found.loudspeaker.utterances == ()


def test_an_error_of_the_manuscript_comes_back_whole(library: Library, tmp_path: Path) -> None:
    file = library.manuscript("2023-03")
    file.write_bytes(b"# Gi\xe1 l\xb9nh \xff\xfe\x00\x01" * 50)
    with pytest.raises(ManuscriptError) as caught:
        written(library, tmp_path)
    assert caught.value.thing
    assert caught.value.exit_code in range(10, 20)


def test_who_is_killed_while_reading_is_told_of_and_named(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "apart", lambda *_, **__: apart(os.abort))
    with pytest.raises(ManuscriptError, match="dừng đột ngột") as caught:
        written(library, tmp_path)
    assert caught.value.thing == str(library.manuscript("2023-03"))
    assert caught.value.exit_code == ManuscriptError.exit_code != ManuscriptDamaged.exit_code
