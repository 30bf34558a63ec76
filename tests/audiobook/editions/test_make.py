"""What is made of an issue, how it is named, and that it is the same each time."""

from pathlib import Path
from typing import Any

import pytest

from audiobook.editions.make import FORMS, Made
from audiobook.errors import EditionError
from audiobook.model.publication import KINDS


def test_every_file_is_named_by_its_content_and_stands_in_the_order_of_kinds(whole: Made, workplace: Path) -> None:
    order = [KINDS.index(each.kind) for each in whole.editions]
    assert order == sorted(order)
    for each in whole.editions:
        assert each.sha256[:8] in each.file
        assert (workplace / "editions" / each.file).stat().st_size == each.bytes
    assert len({each.file for each in whole.editions}) == len(whole.editions)


def test_every_kind_that_needs_nothing_else_is_made(whole: Made) -> None:
    made = {each.kind for each in whole.editions}
    wanted = {"mp3", "epub", "epub-light", "pdf", "pdf-large", "poster-a4", "poster-a5", "poster-bulletin-a4"}
    assert wanted <= made <= {*FORMS, "picture"}
    assert set(FORMS) <= set(KINDS)


def test_the_issue_shows_the_shelved_pictures(whole: Made) -> None:
    media = next(block.media for block in whole.issue.articles[0].blocks if block.media)
    assert media.file in {each.file for each in whole.editions if each.kind == "picture"}


def test_the_same_issue_gives_the_same_bytes(whole: Made, tmp_path: Path, desk: Any) -> None:
    again = desk.made(tmp_path, desk.everything(), lexicon={"UBND": "ủy ban nhân dân"})
    assert [each.sha256 for each in again.editions] == [each.sha256 for each in whole.editions]


def test_an_unknown_kind_is_refused(tmp_path: Path, desk: Any) -> None:
    with pytest.raises(EditionError, match="mp4"):
        desk.made(tmp_path, desk.everything(), kinds=("mp4",))


def test_what_two_layouts_say_alike_is_said_once(tmp_path: Path, desk: Any) -> None:
    remarks = desk.made(tmp_path, desk.everything(title="\U0001f600"), kinds=("pdf", "pdf-large")).remarks
    assert [each.code for each in remarks] == ["E-GLYPH"]
