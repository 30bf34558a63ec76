"""The fact guard: what is printed must be heard; it is tested by readings that are wrong on purpose."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.spoken.guard import agrees, differing
from audiobook.spoken.heard import numbers
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.numbers import cardinal
from audiobook.spoken.say import say

TABLES = Path(__file__).parents[1] / "tables"
UNITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
NUMERALS = {*UNITS, "mười", "mươi", "trăm", "nghìn", "triệu", "tỷ", "mốt", "tư", "lăm", "linh", "phẩy"}


def unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


PRINTED = [
    unescaped(line.split("\t")[0])
    for file in sorted(TABLES.rglob("*.tsv"))
    for line in file.read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]


@given(st.integers(0, 10**15))
def test_the_guards_ear_hears_every_number(number: int) -> None:
    words = tuple(cardinal(number).split())
    assert (number, len(words)) in numbers(words, 0)


@pytest.mark.parametrize(
    ("printed", "right", "wrong"),
    [
        ("25.000đ", "hai mươi lăm nghìn đồng", "hai mươi năm nghìn đồng"),
        ("500.000 đồng", "năm trăm nghìn đồng", "năm trăm đồng"),
        ("8,75 tỷ", "tám phẩy bảy mươi lăm tỷ", "tám bảy mươi lăm tỷ"),
        ("3,2 nghìn tỷ", "ba phẩy hai nghìn tỷ", "ba phẩy hai nghìn"),
        ("2,05", "hai phẩy không năm", "hai phẩy năm"),
        ("98,5%", "chín mươi tám phẩy năm phần trăm", "chín mươi tám phẩy năm"),
        ("-2°C", "âm hai độ xê", "hai độ xê"),
        ("- 1.000.000đ", "một triệu đồng", "âm một triệu đồng"),
        ("3/75", "tháng ba năm bảy mươi lăm", "tháng ba năm năm mươi bảy"),
        ("9.5/10", "chín phẩy năm trên mười", "chín, năm mười một"),
        (
            "3/5/2023",
            "ngày ba tháng năm năm hai nghìn không trăm hai mươi ba",
            "ngày ba tháng năm hai nghìn không trăm hai mươi ba",
        ),
        ("0912 345 678", "không chín một hai, ba bốn năm, sáu bảy tám", "không chín một hai, ba bốn năm, sáu tám"),
        ("2tr5", "hai triệu năm trăm nghìn", "hai triệu năm"),
        ("XIII", "mười ba", "mười hai"),
        ("quý II/2024", "quý hai năm hai nghìn không trăm hai mươi tư", "quý ba năm hai nghìn không trăm hai mươi tư"),
        ("24 m2", "hai mươi tư mét vuông", "mét vuông"),
        ("7h05", "bảy giờ năm phút", "bảy giờ"),
        ("03 tập thể", "ba tập thể", "tập thể"),
        ("$100", "một trăm đô la", "một trăm"),
        ("1 250 hộ", "một nghìn hai trăm năm mươi hộ", "một hai trăm hộ"),
    ],
)
def test_a_fact_that_is_not_heard_as_it_is_printed_is_noticed(printed: str, right: str, wrong: str) -> None:
    assert agrees(printed, right)
    assert not agrees(printed, wrong)


@pytest.mark.parametrize("printed", ["7h00", "m2", "[2]", "T2"])
def test_what_is_silent_by_custom_is_no_fault(printed: str) -> None:
    assert agrees(printed, {"7h00": "bảy giờ", "m2": "mét vuông", "[2]": "", "T2": "thứ hai"}[printed])


def test_the_rules_give_the_guard_nothing_to_say_on_every_table() -> None:
    noticed = {printed: list(differing(printed, say(printed, Lexicon(), mark=True).segments)) for printed in PRINTED}
    assert not {printed: found for printed, found in noticed.items() if found}


def mutated(words: list[str], chance: random.Random) -> list[str]:
    """A numeral replaced, lost or said twice."""
    places = [at for at, word in enumerate(words) if word.strip(",.?!") in NUMERALS]
    at, kind = chance.choice(places), chance.choice(("replace", "lose", "double"))
    word = words[at].strip(",.?!")
    if kind == "replace":
        other = (
            chance.choice([each for each in UNITS if each != word])
            if word in UNITS
            else "trăm"
            if word != "trăm"
            else "nghìn"
        )
        return [*words[:at], words[at].replace(word, other), *words[at + 1 :]]
    return words[:at] + words[at + 1 :] if kind == "lose" else [*words[: at + 1], *words[at:]]


def test_of_readings_that_were_spoiled_at_random_nearly_all_are_noticed() -> None:
    """What passes is heard as the same number (hai hai phẩy năm), or a year without its word."""
    chance, spoiled, passed = random.Random(2026), 0, []
    for printed in PRINTED:
        for segment in say(printed, Lexicon(), mark=True).segments:
            part, words = printed[segment.start : segment.end], segment.spoken.split()
            if not re.search(r"\d", part) or not any(word.strip(",.?!") in NUMERALS for word in words):
                continue
            other = " ".join(mutated(words, chance))
            spoiled += 1
            if agrees(part, other, before=printed[: segment.start]):
                passed.append((part, other))
    assert spoiled > 1000
    assert len(passed) <= 0.015 * spoiled, passed


@pytest.mark.parametrize("spoken", ["số 5", "nghị quyết [hai]", "ông Ba", "zł", "<|emotion_1|>", "a\u0301"])
def test_a_sign_that_an_engine_would_swallow_is_noticed(spoken: str) -> None:
    from audiobook.model.narration import Segment

    found = list(differing("x" * 9, [Segment(start=0, end=9, spoken=spoken)]))
    assert ("S-CHARACTER", 0, 9) in found


def test_a_footnotes_mark_is_silent_on_purpose() -> None:
    from audiobook.model.narration import Segment

    said = say("Có thuốc1.", Lexicon(), given=[Segment(start=8, end=9, spoken="")])
    assert not said.doubts


def test_a_number_that_is_left_out_as_a_footnotes_mark_is_told_to_the_editor() -> None:
    said = say("Đạt 98,5%(2) hộ, còn 12 hộ cận nghèo(3).", Lexicon())
    assert [doubt.code for doubt in said.doubts] == ["S-NOTE", "S-NOTE"]
    assert "hai" not in " ".join(each.spoken for each in said.segments).replace("mười hai", "").split()


def test_a_footnotes_mark_may_be_silent_but_is_never_another_number() -> None:
    heard = {spoken: agrees("(20)", spoken, before="hộ cận nghèo") for spoken in ("", "hai mươi,", "hai trăm,", "ba,")}
    assert heard == {"": True, "hai mươi,": True, "hai trăm,": False, "ba,": False}
    assert agrees("tư(4)", "tư", before="đầu ")
    assert not agrees("tư(4)", "tư năm", before="đầu ")
