"""The words of the pages are catalogued, and every one is said in English too."""

import re
from pathlib import Path

from web.player import spoken_by_scripts
from web.wording import catalogue

WEB = Path(__file__).parents[3] / "web"


def shown() -> set[str]:
    templates = "".join(file.read_text("utf-8") for file in (WEB / "templates").glob("*.html"))
    sources = "".join(file.read_text("utf-8") for file in WEB.rglob("*.py") if file.name != "folding.py")
    in_templates = re.findall(r"\b_h?\('([^']+)'", templates)
    in_sources = re.findall(r'\b(?:words|N_)\(\s*"([^"]+)"', sources)
    return {*in_templates, *in_sources, *spoken_by_scripts(), "giờ", "phút", "giây"}


def test_every_word_has_its_english_and_no_english_is_left_over() -> None:
    assert shown() - set(catalogue("en")) == set()
    said_of_one = {words.replace("{count}", "1") for words in shown() if "{count}" in words}
    assert set(catalogue("en")) - shown() - said_of_one == set()


def test_what_is_filled_in_is_the_same_in_both() -> None:
    for vietnamese, english in catalogue("en").items():
        assert sorted(re.findall(r"\{\w+\}", vietnamese)) == sorted(re.findall(r"\{\w+\}", english)), vietnamese
        assert vietnamese.count("<strong") == english.count("<strong"), vietnamese


def test_no_template_shows_a_word_that_is_not_catalogued() -> None:
    vietnamese = re.compile("[à-ỹđĐ]")
    for file in (WEB / "templates").glob("*.html"):
        text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", file.read_text("utf-8"), flags=re.DOTALL)
        assert not [line for line in text.replace("Tiếng Việt", "").splitlines() if vietnamese.search(line)], file.name
