"""A changed manuscript keeps the ids of every sentence that stayed: its sound is used again, and links go on being right."""

import datetime
from pathlib import Path

from audiobook.manuscripts.decisions import FIRST, Decision
from audiobook.manuscripts.read import Details, read
from audiobook.model.issue import Issue
from audiobook.model.narration import Pauses
from audiobook.model.publication import Bulletin, Podcast, Publisher, Site
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.prepare import prepare
from audiobook.spoken.words import Words

DETAILS = Details(number=3, date=datetime.date(2023, 3, 30))
BULLETIN = Bulletin(
    publisher=Publisher(name="Nhà xuất bản", licence_number="1", supplier="Trung tâm"),
    podcast=Podcast(guid="0" * 36, title="Bản tin", description="Bản tin"),
    site=Site(base_url="https://bantin.example.vn"),
)
FIRST_TEXT = """# Bài một

Câu thứ nhất nói về lịch khám. Câu thứ hai nói về quà tặng. Câu thứ ba nói về lớp học.

Đoạn thứ hai của bài một.

# Bài hai

Nội dung bài hai là việc cắt nước ngày mai.
"""


def made(folder: Path, text: str, previous: Issue | None = None, *decided: Decision) -> Issue:
    (folder / "so.md").write_text(text, encoding="utf-8")
    issue = read(folder / "so.md", details=DETAILS, images=folder / "images", decisions=decided).issue
    return prepare(issue, bulletin=BULLETIN, words=Words(), pauses=Pauses(), lexicon=Lexicon(), previous=previous).issue


def ids(issue: Issue) -> dict[str, str]:
    """What is said, by the id under which it is said."""
    found = {chapter.heading_id: chapter.title for chapter in issue.articles}
    for chapter in issue.articles:
        for block in chapter.blocks:
            found |= {each.id: block.text[each.start : each.end] for each in block.sentences}
    return found


def test_a_sentence_put_before_others_takes_no_id_from_them(tmp_path: Path) -> None:
    before = made(tmp_path, FIRST_TEXT)
    after = ids(made(tmp_path, FIRST_TEXT.replace("Câu thứ nhất", "Câu mới thêm vào đầu đoạn. Câu thứ nhất"), before))
    old = ids(before)
    assert all(after[each] == text for each, text in old.items())
    assert [text for each, text in after.items() if each not in old] == ["Câu mới thêm vào đầu đoạn."]


def test_a_sentence_that_was_taken_out_leaves_its_id_unused(tmp_path: Path) -> None:
    before = made(tmp_path, FIRST_TEXT)
    shorter = made(tmp_path, FIRST_TEXT.replace("Câu thứ hai nói về quà tặng. ", ""), before)
    again = ids(
        made(tmp_path, FIRST_TEXT.replace("Câu thứ hai nói về quà tặng", "Khác hẳn, một việc của phường"), shorter)
    )
    gone = next(each for each, text in ids(before).items() if text.startswith("Câu thứ hai"))
    assert gone not in ids(shorter)
    assert gone not in again


def test_a_word_changed_keeps_the_sentences_id(tmp_path: Path) -> None:
    before = made(tmp_path, FIRST_TEXT)
    after = ids(made(tmp_path, FIRST_TEXT.replace("quà tặng", "phần quà"), before))
    assert list(after) == list(ids(before))


def test_articles_in_another_order_keep_all_their_ids(tmp_path: Path) -> None:
    before = made(tmp_path, FIRST_TEXT)
    after = made(tmp_path, FIRST_TEXT, before, Decision(text="Bài hai", after=FIRST))
    assert [chapter.title for chapter in after.articles] == ["Bài hai", "Bài một"]
    assert ids(after) == ids(before)


def test_a_new_article_gets_an_id_that_was_never_given(tmp_path: Path) -> None:
    before = made(tmp_path, FIRST_TEXT)
    after = ids(made(tmp_path, "# Bài mới\n\nChữ hoàn toàn mới.\n\n" + FIRST_TEXT, before))
    assert {each: after[each] for each in ids(before)} == ids(before)
    assert after["c03h"] == "Bài mới"
