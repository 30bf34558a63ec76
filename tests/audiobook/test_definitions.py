"""What a manuscript says itself that its abbreviations stand for is said so; what an editor wrote stands above it."""

import datetime
from pathlib import Path

import pytest

from audiobook.model.issue import Block, Chapter, Issue, Kind
from audiobook.model.narration import Pauses
from audiobook.model.publication import Bulletin, Podcast, Publisher, Site
from audiobook.spoken.definitions import definitions
from audiobook.spoken.lexicon import Lexicon, load
from audiobook.spoken.prepare import Prepared, prepare, speak
from audiobook.spoken.words import Words

BULLETIN = Bulletin(
    publisher=Publisher(name="Nhà xuất bản Bình Minh", licence_number="", supplier=""),
    podcast=Podcast(guid="g", title="Bản tin", description=""),
    site=Site(base_url="https://bantin.example.vn"),
)


def issue_of(*articles: str) -> Issue:
    """Each article is one text; its lines are its paragraphs."""
    chapters = tuple(
        Chapter(
            id=f"c{number:02d}",
            title="Bài",
            blocks=tuple(
                Block(id=f"c{number:02d}b{line:02d}", kind=Kind.PARAGRAPH, text=text)
                for line, text in enumerate(article.splitlines(), start=1)
            ),
        )
        for number, article in enumerate(articles, start=1)
    )
    return Issue(id="a", title="t", number=1, date=datetime.date(2026, 1, 1), publisher="N", chapters=chapters)


def prepared(*articles: str, lexicon: Lexicon | None = None) -> Prepared:
    return prepare(issue_of(*articles), bulletin=BULLETIN, words=Words(), pauses=Pauses(), lexicon=lexicon or Lexicon())


def said(made: Prepared, sentence: str) -> str:
    (words,) = [
        each.spoken for passage in made.narration.passages for each in passage.utterances if each.id == sentence
    ]
    return words


@pytest.mark.parametrize(
    ("text", "written", "spoken"),
    [
        ("Trung tâm Dịch vụ tổng hợp (TTDVTH) khai trương.", "TTDVTH", "trung tâm dịch vụ tổng hợp"),
        ("Trung tâm Phục vụ (sau đây viết tắt là TTPV) mở cửa.", "TTPV", "trung tâm phục vụ"),
        ("Tổ hợp tác cộng đồng, viết tắt: THTCĐ.", "THTCĐ", "tổ hợp tác cộng đồng"),
        ("Công ty Hoàng Anh (gọi tắt là “CTHA”) tài trợ.", "CTHA", "công ty hoàng anh"),
        ("Cuộc thi khoa học và sáng tạo (CTKHST)", "CTKHST", "cuộc thi khoa học và sáng tạo"),
        ("Hộ Ủy quyền Đất đai (HUQĐĐ)", "HUQĐĐ", "hộ ủy quyền đất đai"),
    ],
)
def test_letters_in_brackets_are_defined_by_the_words_before_them(text: str, written: str, spoken: str) -> None:
    assert [(each.written, each.spoken) for each in definitions(issue_of(text))] == [(written, spoken)]


@pytest.mark.parametrize(
    "text",
    [
        "Tổ tự quản bảo vệ đường (XYZ)",  # other initials
        "Chi hội phụ nữ thôn, CHPN",  # a list, no definition
        "Ủy ban nhân dân (UBND)",  # what the rules know already
        "Bí thư (BT)",  # two letters fit too often
        "Năm 2026 bảo hiểm (BHYT)",
        "Quỹ hỗ trợ (QHT)\nQuán hát to (QHT)",  # who is to be believed?
    ],
)
def test_where_the_words_do_not_tell_it_nothing_is_defined(text: str) -> None:
    assert definitions(issue_of(text)) == ()


def test_an_abbreviation_that_one_article_explains_is_said_so_in_all_and_told_to_the_editor() -> None:
    made = prepared("Trung tâm Dịch vụ tổng hợp (TTDVTH) khai trương.\nSáng nay TTDVTH họp.", "TTDVTH mở cửa 8h.")
    assert said(made, "c01b01s1") == "trung tâm dịch vụ tổng hợp khai trương."
    assert said(made, "c01b02s1") == "sáng nay trung tâm dịch vụ tổng hợp họp."
    assert said(made, "c02b01s1") == "trung tâm dịch vụ tổng hợp mở cửa tám giờ."
    told = [(each.place, each.text) for each in made.remarks if each.code == "S-DEFINED"]
    assert len(told) == 1
    assert told[0][0] == "c01b01"
    assert "“trung tâm dịch vụ tổng hợp”" in told[0][1]


def test_letters_that_other_papers_use_otherwise_keep_their_sense_in_other_articles() -> None:
    made = prepared("Bộ Tài chính (BTC) hướng dẫn.\nTheo BTC, thuế giảm.", "BTC hội thi trao giải.")
    assert said(made, "c01b02s1") == "theo bộ tài chính, thuế giảm."
    assert said(made, "c02b01s1") == "ban tổ chức hội thi trao giải."


def test_an_editors_entry_stands_above_the_manuscripts_own_words(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.toml"
    file.write_text('[[entry]]\nwritten = "TTPV"\nspoken = "trung tâm"\n', "utf-8")
    made = prepared("Trung tâm Phục vụ (TTPV) mở cửa.\nTTPV họp.", lexicon=load(file))
    assert said(made, "c01b02s1") == "trung tâm họp."


def test_a_defined_abbreviation_stays_a_part_of_a_papers_number() -> None:
    made = prepared("Văn phòng Đăng ký (VPĐK) thông báo.\nThông báo số 12/TB-VPĐK, theo VPĐK.")
    assert said(made, "c01b02s1") == "thông báo số mười hai vê pê đê ca, theo văn phòng đăng ký."


@pytest.mark.parametrize(
    ("written", "text", "spoken"),
    [
        ("UBND", "Quyết định số 12/QĐ-UBND của UBND phường", "quyết định số mười hai của ủy ban phường"),
        ("QĐ", "QĐ số 12/QĐ-UBND", "ủy ban số mười hai của ủy ban nhân dân"),
        ("TW", "NQ 18-NQ/TW và TW", "nghị quyết mười tám của trung ương và ủy ban"),
        ("QĐ-UBND", "Số 12/QĐ-UBND", "số mười hai ủy ban"),  # meant for the number
        ("UBND", "tổ 5/UBND, UBND-HĐND", "tổ năm của ủy ban nhân dân, ủy ban hội đồng nhân dân"),
    ],
)
def test_an_entry_leaves_a_papers_number_whole(tmp_path: Path, written: str, text: str, spoken: str) -> None:
    file = tmp_path / "lexicon.toml"
    file.write_text(f'[[entry]]\nwritten = "{written}"\nspoken = "ủy ban"\n', "utf-8")
    assert speak(text, load(file)) == spoken
