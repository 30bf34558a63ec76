"""TCVN3 and VNI text becomes Unicode, and is told from ordinary text without any font information."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.legacy_encodings import Encoding, is_syllable, pieces, recognised, to_unicode

SAMPLE = (Path(__file__).parents[1] / "samples/ban-tin/ban-tin-so-3.md").read_text("utf-8")
TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam. §éc lËp - Tù do - H¹nh phóc. Nh÷ng n¨m th¸ng Êy, «ng ®\xadîc th\xadëng."
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam. Ñoäc laäp - Töï do - Haïnh phuùc. Nhöõng naêm thaùng aáy."


def test_every_letter_is_converted() -> None:
    assert to_unicode("HéI §åNG, Uû ban", Encoding.TCVN3) == "HỘI ĐỒNG, Uỷ ban"
    assert to_unicode("µ¶·¸¹ ÇÈÉÊË ®\xad", Encoding.TCVN3) == "àảãáạ ầẩẫấậ đư"
    assert to_unicode("aùaøaûaõaï AÊ öù ÖÏ ñÑ î æ", Encoding.VNI) == "áàảãạ Ă ứ Ự đĐ ỵ ỉ"


def test_a_font_of_capitals_shows_small_letters_as_capitals() -> None:
    assert to_unicode("céng hßa", Encoding.TCVN3, capitals=True) == "CỘNG HÒA"


def test_characters_of_a_symbol_font_and_of_windows_1258_are_the_same_letters() -> None:
    assert to_unicode("x\uf0b7 h\uf0e9i", Encoding.TCVN3) == "xã hội"
    assert to_unicode("t\u01a1ng th\u01a0", Encoding.TCVN3) == "từng thế"


@pytest.mark.parametrize(("text", "encoding"), [(TCVN3, Encoding.TCVN3), (VNI, Encoding.VNI)])
def test_such_text_is_recognised_without_a_font(text: str, encoding: Encoding) -> None:
    assert recognised(text) is encoding


@pytest.mark.parametrize(
    "text",
    [
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Cong hoa xa hoi",
        "Müller, São Paulo, Québec, Renée und Jürgen Köln",
        "Où est le café de la forêt ? Ça va très bien, merci, à bientôt.",
        "Ông Nguyễn Văn A gặp ông Müller ở Zürich",
        "25 °C – 30 µg/m³ · § 12 ¹",
        "",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert recognised(text) is None


def test_every_paragraph_of_the_sample_issue_is_ordinary_text() -> None:
    assert not [line for line in SAMPLE.splitlines() if recognised(line)]


@given(st.text(alphabet="aeouôöyùøûõïâáàåãäêéèúüëñÑ AOU\xadµ¶·¸¹", max_size=40), st.sampled_from(Encoding))
def test_pieces_tile_the_printed_text_and_give_the_same_letters(text: str, encoding: Encoding) -> None:
    cut = list(pieces(text, encoding))
    assert "".join(letters for _, _, letters in cut) == to_unicode(text, encoding)
    assert [start for start, _, _ in cut] == [0, *(end for _, end, _ in cut)][: len(cut)]
    assert cut == [] or cut[-1][1] == len(text)


@pytest.mark.parametrize(
    "word", ["nghiêng", "quyết", "khuỷu", "giếng", "Thuở", "ngoằng", "quý", "ý", "Ỷ", "yêu", "oanh", "xoong", "huơ"]
)
def test_a_vietnamese_syllable_is_one(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["cac", "nghiệnh", "kươ", "ViÖt", "bcd", "aa", "ếế", "hoạtt", "smartphone"])
def test_what_breaks_the_rules_of_spelling_is_none(word: str) -> None:
    assert not is_syllable(word)
