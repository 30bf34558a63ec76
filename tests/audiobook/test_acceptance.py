"""What stops a publication, and what an editor lets pass."""

import pytest

from audiobook.acceptance import Acceptance, wanted
from audiobook.errors import DoubtStands, SettingsError
from audiobook.model.narration import Remark
from audiobook.model.publication import Accepted

AMOUNT = Remark(code="S-FACT", place="c01b02s1", text="in 500, đọc 300")


def test_a_doubt_that_nobody_let_pass_stops_and_says_how_to_go_on() -> None:
    with pytest.raises(DoubtStands) as refusal:
        Acceptance().of([AMOUNT])
    assert "in 500, đọc 300" in str(refusal.value)
    assert "--accept S-FACT@c01b02s1" in refusal.value.advice


def test_what_is_let_pass_is_recorded_with_who_did_it() -> None:
    editor = Acceptance(by="lan", wanted=wanted(["S-FACT@c01b02s1", "V-LONG@c09b01s1"]))
    assert editor.of([AMOUNT]) == (Accepted(code="S-FACT", place="c01b02s1", by="lan", text="in 500, đọc 300"),)


def test_what_was_let_pass_before_holds_for_a_revision_only_while_it_says_the_same() -> None:
    before = Acceptance(by="lan", wanted=wanted(["S-FACT@c01b02s1"])).of([AMOUNT])
    assert Acceptance(by="minh", before=before).of([AMOUNT]) == before
    with pytest.raises(DoubtStands):
        Acceptance(before=before).of([Remark(code="S-FACT", place="c01b02s1", text="in 900, đọc 300")])


@pytest.mark.parametrize("text", ["S-FACT", "@c01", "S-FACT@", ""])
def test_a_word_without_code_and_place_lets_nothing_pass(text: str) -> None:
    with pytest.raises(SettingsError, match="MÃ@CHỖ"):
        wanted([text])
