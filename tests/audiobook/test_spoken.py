"""What is printed -> what is said: tables that an editor could extend, and properties that hold for any text."""

import datetime
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import SettingsError
from audiobook.model.issue import Block, Cell, Chapter, Issue, Kind, Mark, Markup, Media, MediaKind
from audiobook.model.narration import Pauses, Tables
from audiobook.model.publication import Bulletin, Podcast, Publisher, Site
from audiobook.spoken.letters import is_syllable, old_spelling
from audiobook.spoken.lexicon import Lexicon, load
from audiobook.spoken.numbers import cardinal
from audiobook.spoken.pieces import LONGEST, shorter
from audiobook.spoken.prepare import Prepared, prepare, speak
from audiobook.spoken.say import say
from audiobook.spoken.sentences import sentences
from audiobook.spoken.words import Words


def unescaped(line: str) -> str:
    r"""A table shows what cannot be seen as \\u0000."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), line)


TABLES = Path(__file__).parents[1] / "tables"
CASES = [
    (file.relative_to(TABLES).with_suffix("").as_posix(), *map(unescaped, line.split("\t")))
    for file in sorted(TABLES.rglob("*.tsv"))
    for line in file.read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]
BULLETIN = Bulletin(
    publisher=Publisher(
        name="Nhà xuất bản Bình Minh", licence_number="12-2023/CXBIPH", supplier="Trung tâm", phone="024 0000 1234"
    ),
    podcast=Podcast(guid="g", title="Bản tin Thanh Bình", description=""),
    site=Site(base_url="https://bantin.example.vn"),
)
UNITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8,
         "chín": 9}  # fmt: skip
SCALES = {"nghìn": 10**3, "triệu": 10**6}


def heard(words: str) -> int:
    """A listener's understanding of a spoken number; shares nothing with the code that says it."""
    if " tỷ" in f" {words}":
        high, _, low = f" {words} ".rpartition(" tỷ ")
        return heard(high.strip()) * 10**9 + (heard(low.strip()) if low.strip() else 0)
    total = group = digit = 0
    for word in words.split():
        if word in UNITS:
            digit = UNITS[word]
        elif word == "mười":
            group += 10
            digit = 0
        elif word == "mươi":
            group += digit * 10
            digit = 0
        elif word == "trăm":
            group += digit * 100
            digit = 0
        elif word in SCALES:
            total += (group + digit) * SCALES[word]
            group = digit = 0
        else:
            assert word == "linh", word
    return total + group + digit


def prepared(*blocks: Block, title: str = "Bài", previous: Issue | None = None, words: Words | None = None) -> Prepared:
    chapter = Chapter(id="c01", title=title, blocks=blocks)
    issue = Issue(
        id="2023-03", title="Số 3", number=3, date=datetime.date(2023, 3, 30), publisher="N", chapters=(chapter,)
    )
    return prepare(
        issue, bulletin=BULLETIN, words=words or Words(), pauses=Pauses(), lexicon=Lexicon(), previous=previous
    )


def paragraph(text: str, number: int = 1, **more: object) -> Block:
    return Block(id=f"c01b{number:02d}", kind=Kind.PARAGRAPH, text=text, **more)


@pytest.mark.parametrize(("table", "written", "spoken"), CASES)
def test_the_tables(table: str, written: str, spoken: str) -> None:
    assert speak(written, Lexicon()).rstrip(".") == spoken


@given(st.integers(0, 10**15))
def test_every_number_is_heard_as_it_was_printed(number: int) -> None:
    assert heard(cardinal(number)) == number


def test_every_day_of_a_century_is_said_with_its_day_month_and_year() -> None:
    day = datetime.date(1950, 1, 1)
    while day.year < 2050:
        said = speak(f"ngày {day:%d/%m/%Y}", Lexicon())
        match = re.fullmatch(r"ngày (.*) tháng (.*?) năm (.*)", said.replace("tháng năm năm", "tháng 5 năm"))
        assert match, said
        month = 5 if match[2] == "5" else heard(match[2])
        assert (heard(match[1]), month, heard(match[3])) == (day.day, day.month, day.year)
        day += datetime.timedelta(days=3)


PRINTED = st.text(
    st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyÀáẢãạẮỆỗợửỵĐABCXIV0123456789 .,;:!?()-–/%°\"“”…&+*'[]{}|\n"),
    max_size=80,
)


@given(PRINTED)
def test_only_words_and_four_marks_are_ever_said(text: str) -> None:
    assert re.fullmatch(r"(?:[^\W\d_]+[,.?!]*(?: |$))*", speak(text, Lexicon())), speak(text, Lexicon())
    assert speak(text, Lexicon()) == speak(text, Lexicon()).lower()


@given(PRINTED.filter(lambda text: text.strip()))
def test_segments_tile_what_is_printed(text: str) -> None:
    segments = say(text, Lexicon()).segments
    assert segments[0].start == 0
    assert segments[-1].end == len(text)
    assert all(a.end == b.start for a, b in itertools.pairwise(segments))


@given(PRINTED)
def test_saying_what_was_said_changes_no_word(text: str) -> None:
    words = spoken_words(text)
    if all(is_syllable(word) for word in words):
        assert spoken_words(" ".join(words)) == words


@given(st.from_regex(r"0[0-9]{2,3}[ .]?[0-9]{3}[ .]?[0-9]{3,4}", fullmatch=True))
def test_every_digit_of_a_telephone_number_is_said(number: str) -> None:
    said = speak(f"Điện thoại {number}", Lexicon()).removeprefix("điện thoại").replace(",", "").split()
    assert [UNITS[word] for word in said] == [int(each) for each in number if each.isdigit()]


@pytest.mark.long
def test_every_single_day_of_a_century_is_said() -> None:
    day = datetime.date(1950, 1, 1)
    while day.year < 2050:
        assert not say(f"ngày {day:%d/%m/%Y}", Lexicon()).doubts, day
        day += datetime.timedelta(days=1)


def test_what_is_said_passes_the_normalizer_inside_vieneu_unchanged() -> None:
    """But for "năm năm" before a number, which VieNeu's adapter keeps by a comma, and for letters that it renames."""
    from sea_g2p import Normalizer

    normalizer, changed = Normalizer(), {}
    for _, written, _ in CASES:
        words = [word.strip(",.?!") for word in speak(written, Lexicon()).split()]
        if "năm năm" in " ".join(words) or any(not is_syllable(word) or len(word) == 1 for word in words):
            continue
        heard = [old_spelling(word.strip(",.?!")) for word in str(normalizer.normalize(" ".join(words))).split()]
        if heard != words:
            changed[" ".join(words)] = " ".join(heard)
    assert not changed


@pytest.mark.parametrize(
    "text", ["Nộp cho UBND.", "Có 27 chi bộ TDP.", "Gặp bà Trần Thị B.", "Mua rau, quả, v.v.", "Là TS."]
)
def test_the_last_full_stop_is_not_the_abbreviations(text: str) -> None:
    assert speak(text, Lexicon()).endswith(".")


def spoken_words(text: str) -> list[str]:
    return [word.strip(",.?!") for word in speak(text, Lexicon()).split()]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ông A. Bình nói. Bà đi.", ["Ông A. Bình nói.", "Bà đi."]),
        ("Ở TP. Hải Phòng có mưa. Gió nhẹ.", ["Ở TP. Hải Phòng có mưa.", "Gió nhẹ."]),
        ("PGS.TS. Bùi Hiền đến. Vui.", ["PGS.TS. Bùi Hiền đến.", "Vui."]),
        ("Hết 1.250.000 đồng. Còn 3,5 tỷ.", ["Hết 1.250.000 đồng.", "Còn 3,5 tỷ."]),
        ("Bà hỏi: “Ai đấy?” Ông đáp.", ["Bà hỏi: “Ai đấy?”", "Ông đáp."]),
        ("Rau, quả, v.v. đều tươi. Ngon.", ["Rau, quả, v.v. đều tươi.", "Ngon."]),
        ("Một…\nHai", ["Một…", "Hai"]),
        ("Bà là TS. Họ vui. Nay 12 độ C. Gió nhẹ.", ["Bà là TS.", "Họ vui.", "Nay 12 độ C.", "Gió nhẹ."]),
        ("1. Họp tổ. 2. Liên hoan.", ["1. Họp tổ.", "2. Liên hoan."]),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, parts: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == parts


def test_the_opening_says_who_publishes_and_what_there_is() -> None:
    opening = prepared(paragraph("Chữ."), title="Giữ ấm").narration.passages[0]
    said = " ".join(utterance.spoken for utterance in opening.utterances)
    for words in (
        "bản tin thanh bình, số ba, ngày ba mươi tháng ba",
        "giấy phép xuất bản số mười hai",
        "giọng nhân tạo",
        "giữ ấm",
    ):
        assert words in said


def test_a_line_whose_fact_is_unknown_is_left_out() -> None:
    template = Words(opening="Xin chào.\nGiấy phép {licence}.")
    bare = Bulletin(
        publisher=Publisher(name="N", licence_number="", supplier=""), podcast=BULLETIN.podcast, site=BULLETIN.site
    )
    issue = Issue(id="a", title="t", number=1, date=datetime.date(2023, 1, 1), publisher="N", chapters=())
    made = prepare(issue, bulletin=bare, words=template, pauses=Pauses(), lexicon=Lexicon())
    assert [block.text for block in made.issue.chapters[0].blocks] == ["Xin chào."]


def test_a_template_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(SettingsError, match="ten_la"):
        prepared(paragraph("Chữ."), words=Words(opening="{ten_la}"))


def test_an_articles_title_is_said_with_its_number_in_one_take() -> None:
    title = prepared(paragraph("Chữ."), title="Giữ ấm").narration.passages[1].utterances[0]
    assert (title.id, title.part, title.spoken) == ("c01h", "heading", "bài một trên một. giữ ấm.")


def test_an_inline_reading_is_said_and_never_shown() -> None:
    made = prepared(paragraph("Họp {UBKT|ủy ban kiểm tra} lúc 8h.", marks=(Mark(start=5, end=10, kind=Markup.STRONG),)))
    block = made.issue.chapters[1].blocks[0]
    assert block.text == "Họp UBKT lúc 8h."
    assert block.text[block.marks[0].start : block.marks[0].end] == "UBKT"[: block.marks[0].end - block.marks[0].start]
    assert made.narration.passages[1].utterances[1].spoken == "họp ủy ban kiểm tra lúc tám giờ."


def test_a_footnote_mark_is_silent_and_its_note_is_announced() -> None:
    text = paragraph("Có thuốc1.", marks=(Mark(start=8, end=9, kind=Markup.FOOTNOTE, value="c01b02"),))
    note = Block(id="c01b02", kind=Kind.NOTE, text="Hỏi bác sĩ.", marker="1")
    said = [u.spoken for u in prepared(text, note).narration.passages[1].utterances[1:]]
    assert said == ["có thuốc.", "chú thích một, hỏi bác sĩ."]


def test_a_table_is_said_row_by_row_with_its_headings() -> None:
    cells = tuple(
        Cell(start=a, end=b, row=r, column=c, header=r == 0)
        for a, b, r, c in ((0, 6, 0, 0), (7, 12, 0, 1), (13, 19, 1, 0), (20, 25, 1, 1))
    )
    block = Block(id="c01b01", kind=Kind.TABLE, text="Phường\tSố hộ\nAn Hòa\t3.008", cells=cells)
    said = [u.spoken for u in prepared(block).narration.passages[1].utterances[1:]]
    assert said == ["bảng có một hàng, gồm các cột, phường, số hộ.", "an hòa, số hộ ba nghìn không trăm linh tám."]


def test_a_pause_at_commas_can_be_set_and_is_the_voices_own_elsewhere() -> None:
    issue = Issue(
        id="a", title="t", number=1, date=datetime.date(2023, 1, 1), publisher="N",
        chapters=(Chapter(id="c01", title="Bài", blocks=(paragraph("Rau, quả, hoa."),)),),
    )  # fmt: skip
    for comma_ms, pieces in ((0, ("rau, quả, hoa.",)), (300, ("rau,", "quả,", "hoa."))):
        pauses = Pauses(comma_ms=comma_ms)
        made = prepare(issue, bulletin=BULLETIN, words=Words(), pauses=pauses, lexicon=Lexicon())
        assert made.narration.passages[1].utterances[1].pieces == pieces
        assert pauses.inside_ms == (comma_ms or 250)


def test_what_counts_as_a_large_table_is_a_setting() -> None:
    cells = tuple(Cell(start=2 * r, end=2 * r + 1, row=r, column=0, header=r == 0) for r in range(15))
    block = Block(id="c01b01", kind=Kind.TABLE, text="\n".join("a" * 15), cells=cells)
    chapter = Chapter(id="c01", title="Bài", blocks=(block,))
    issue = Issue(id="a", title="t", number=1, date=datetime.date(2023, 1, 1), publisher="N", chapters=(chapter,))
    made = prepare(issue, bulletin=BULLETIN, words=Words(), pauses=Pauses(), lexicon=Lexicon(), tables=Tables(rows=20))
    assert len(made.narration.passages[1].utterances) == 16


def test_a_large_table_is_named_and_left_to_the_pdf() -> None:
    cells = tuple(Cell(start=2 * r, end=2 * r + 1, row=r, column=0, header=r == 0) for r in range(15))
    block = Block(id="c01b01", kind=Kind.TABLE, text="\n".join("a" * 15), cells=cells)
    (said,) = [u.spoken for u in prepared(block).narration.passages[1].utterances[1:]]
    assert "bảng có mười bốn hàng" in said


def test_a_picture_is_said_by_its_caption_and_description() -> None:
    media = Media(kind=MediaKind.IMAGE, file="a.png", media_type="image/png", alt="Cây đa đầu làng")
    said = (
        prepared(Block(id="c01b01", kind=Kind.FIGURE, text="Đầu làng", media=media)).narration.passages[1].utterances[1]
    )
    assert said.spoken == "hình minh họa, đầu làng, cây đa đầu làng."


def test_a_long_sentence_is_said_in_pieces_inside_one_take() -> None:
    made = prepared(paragraph("Hôm nay " + ", ".join(["bà con phường An Hòa họp tổ dân phố"] * 12) + "."))
    (said,) = made.narration.passages[1].utterances[1:]
    assert len(said.pieces) > 1
    assert all(len(piece) <= LONGEST for piece in said.pieces)
    assert said.pieces[0].endswith(",")


def test_a_sentence_without_a_mark_is_cut_evenly_so_that_no_word_or_two_are_said_alone() -> None:
    made = prepared(paragraph("Sáng nay " + "bà con trong phường cùng nhau dọn vệ sinh " * 6 + "nhé."))
    (said,) = made.narration.passages[1].utterances[1:]
    lengths = [len(piece) for piece in said.pieces]
    assert len(lengths) == 2
    assert max(lengths) - min(lengths) < 20


@pytest.mark.parametrize("letters", [257, 300])
def test_a_word_longer_than_any_piece_is_cut_too(letters: int) -> None:
    """As it comes from a broken file; a piece would be sought for it for ever."""
    word = "x" + "a" * (letters - 1)
    (said,) = prepared(paragraph(f"Mã {word}.")).narration.passages[1].utterances[1:]
    assert 2 < min(map(len, said.pieces)) <= max(map(len, said.pieces)) <= LONGEST
    assert word in "".join(said.pieces)


NUMBERS = st.sampled_from(["ba", "mười hai", "ba mươi tư nghìn", "một triệu hai trăm linh năm nghìn,"])
WORDS = st.sampled_from(["cây,", "hoa", "nghiêng", "x" * 40, "đẹp."])


@given(st.lists(st.tuples(NUMBERS, WORDS), min_size=1, max_size=30))
def test_pieces_for_an_engine_that_says_less_keep_every_word_and_cut_no_number(pairs: list[tuple[str, str]]) -> None:
    units = [unit for pair in pairs for unit in pair]
    made = shorter([" ".join(units)], longest=60)
    assert " ".join(made) == " ".join(units)
    assert max(map(len, made)) <= 60
    cuts, between = (set(itertools.accumulate(len(each.split()) for each in parts)) for parts in (made, units))
    assert cuts <= between


def test_every_chapter_ends_in_its_own_silence() -> None:
    for passage in prepared(paragraph("Chữ.")).narration.passages:
        assert passage.utterances[-1].pause_ms >= 1200


def test_a_revision_keeps_the_ids_of_what_stayed() -> None:
    first = prepared(*(paragraph(f"Câu thứ {word}.", n) for n, word in enumerate(("một", "hai", "ba"), 1)))
    texts = ("Câu thứ một.", "Một câu hoàn toàn mới.", "Câu thứ hai.", "Câu thứ ba.")
    again = prepared(*(paragraph(text, n) for n, text in enumerate(texts, 1)), previous=first.issue)
    ids = {block.text: block.id for block in again.issue.chapters[1].blocks}
    assert ids == {
        "Câu thứ một.": "c01b01",
        "Một câu hoàn toàn mới.": "c01b04",
        "Câu thứ hai.": "c01b02",
        "Câu thứ ba.": "c01b03",
    }


def test_what_no_rule_knows_is_spelled_and_reported() -> None:
    made = prepared(paragraph("Họp XKZW hôm nay."))
    assert [(each.code, each.place) for each in made.remarks if each.place.startswith("c01")] == [
        ("S-UNKNOWN", "c01b01s1")
    ]
    assert "ích ca dét vê kép" in made.narration.passages[1].utterances[1].spoken


def lexicon(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_an_issues_lexicon_stands_above_the_librarys_and_both_above_the_rules(tmp_path: Path) -> None:
    library = lexicon(
        tmp_path, "a.toml", '[[entry]]\nwritten = "CLB"\nspoken = "hội"\n[[entry]]\nwritten = "XKZ"\nspoken = "ích"\n'
    )
    issue = lexicon(tmp_path, "b.toml", '[[entry]]\nwritten = "CLB"\nspoken = "nhóm"\nright = "thơ"\n')
    both = load(library, issue)
    assert speak("CLB thơ, CLB cờ, XKZ", both) == "nhóm thơ, hội cờ, ích"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[entry]]\nwritten = "A"\n', "spoken"),
        ('[[entry]]\nwritten = "A"\nspoken = "số 5"\n', "spoken"),
        ('[[entry]]\nwritten = "A"\nspoken = "a"\nspokn = "b"\n', "spokn"),
        ('[[entry]]\nwritten = "A"\nspoken = "a"\nleft = "("\n', "left"),
        ("[[entry]\n", "không đọc được"),
        ("[muc]\n", "entry"),
    ],
)
def test_a_bad_lexicon_is_refused_with_file_and_entry(tmp_path: Path, text: str, said: str) -> None:
    file = lexicon(tmp_path, "lexicon.toml", text)
    with pytest.raises(SettingsError) as refusal:
        load(file)
    assert refusal.value.thing == str(file)
    assert said in str(refusal.value)
