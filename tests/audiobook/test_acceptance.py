"""What stops a publication, and what an editor lets pass."""

from dataclasses import replace

import msgspec
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


def test_what_was_let_pass_of_one_take_does_not_hold_for_another_take_of_the_same_words() -> None:
    heard = Remark(code="V-LONG", place="c01b02s1", text="đọc quá dài: “xin chào”", sound="ab" * 32)
    before = Acceptance(by="lan", wanted=wanted(["V-LONG@c01b02s1"])).of([heard])
    assert before[0].sound == heard.sound
    assert Acceptance(before=before).of([heard]) == before
    with pytest.raises(DoubtStands):
        Acceptance(before=before).of([replace(heard, sound="cd" * 32)])


def test_what_an_older_program_recorded_holds_for_words_and_is_asked_again_for_sounds() -> None:
    text = b'{"code": "%s", "place": "c01b02s1", "by": "lan", "text": "in 500"}'
    of_words, of_sound = (msgspec.json.decode(text % code, type=Accepted) for code in (b"S-FACT", b"V-LONG"))
    doubt = Remark(code="S-FACT", place="c01b02s1", text="in 500")
    assert Acceptance(before=(of_words,)).of([doubt]) == (of_words,)
    with pytest.raises(DoubtStands):
        Acceptance(before=(of_sound,)).of([replace(doubt, code="V-LONG", sound="ab" * 32)])


@pytest.mark.parametrize("text", ["S-FACT", "@c01", "S-FACT@", ""])
def test_a_word_without_code_and_place_lets_nothing_pass(text: str) -> None:
    with pytest.raises(SettingsError, match="MÃ@CHỖ"):
        wanted([text])
