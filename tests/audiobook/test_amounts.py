"""Whatever word of the tables stands before an amount, the amount is said: a cue for telephones must not spell money."""

import itertools
import re
from importlib.resources import files

import pytest

from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.prepare import speak

AMOUNTS = {
    "500 triệu đồng": "năm trăm triệu đồng",
    "1.250.000 đồng": "một triệu hai trăm năm mươi nghìn đồng",
    "300.000đ": "ba trăm nghìn đồng",
    "2,5 tỷ đồng": "hai phẩy năm tỷ đồng",
    "150 nghìn đồng": "một trăm năm mươi nghìn đồng",
    "97,6%": "chín mươi bảy phẩy sáu phần trăm",
    "3.008 hộ": "ba nghìn không trăm linh tám hộ",
    "12 cụ": "mười hai cụ",
    "10 suất quà": "mười suất quà",
}
PLACES = ("{word} {amount}", "{word}: {amount}", "{word} - {amount}", "{word} ({amount})", "{amount} {word}")
MONEY = re.compile(r"(?:tr|tỷ|tỉ|triệu|nghìn|ngàn|ng)?\s?đ|đồng|USD|VND|tr|k", re.IGNORECASE)
"""Words that are a part of the amount themselves."""


def words() -> list[str]:
    """Every word and every short run of words in the tables of cues and abbreviations."""
    tables = files("audiobook.spoken").joinpath("data").iterdir()
    lines = "\n".join(each.read_text("utf-8") for each in tables if each.name.endswith(".tsv")).splitlines()
    parts = {part.strip() for line in lines if not line.startswith("#") for part in re.split(r"[\t|()?:]", line)}
    found = {part for part in parts if re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+){0,3}", part)}
    return sorted(each for each in found if not MONEY.fullmatch(each))


def lost(cases: list[tuple[str, str, str]]) -> dict[str, str]:
    """What is said where the amount is not heard in it."""
    printed = {place.format(word=word, amount=amount): AMOUNTS[amount] for word, amount, place in cases}
    heard = {text: speak(f"Ông Lan {text} hôm nay.", Lexicon()) for text in printed}
    return {text: said for text, said in heard.items() if printed[text] not in said}


def test_a_word_before_or_behind_an_amount_does_not_change_it() -> None:
    turns = itertools.cycle(itertools.product(AMOUNTS, PLACES))
    cases = [(word, *next(turns)) for word in words()]
    assert len(cases) > 3_000
    assert lost(cases) == {}


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
def test_no_word_changes_any_amount(place: str) -> None:
    assert lost([(word, amount, place) for word in words() for amount in AMOUNTS]) == {}
