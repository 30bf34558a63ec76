"""What a revision says otherwise: found by sentence, told in words that can be followed by ear."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from audiobook.corrections import changes, correction_id, notice
from audiobook.model.issue import Block, Chapter, Issue, Kind, Media, MediaKind, Sentence
from audiobook.model.publication import Bulletin, Podcast, Publication, Publisher, Revision, Site
from audiobook.model.recording import Cue, Timeline


def block(block_id: str, *texts: str) -> Block:
    ends = [sum(len(text) + 1 for text in texts[: n + 1]) - 1 for n in range(len(texts))]
    sentences = [
        Sentence(id=f"{block_id}s{n}", start=end - len(text), end=end)
        for n, (text, end) in enumerate(zip(texts, ends, strict=True), start=1)
    ]
    return Block(id=block_id, kind=Kind.PARAGRAPH, text=" ".join(texts), sentences=tuple(sentences))


def issue(*chapters: Chapter) -> Issue:
    return Issue(id="2023-03", title="Bản tin", number=3, date=date(2023, 3, 30), publisher="NXB", chapters=chapters)


HOUSEHOLDS = Chapter(
    id="c01", title="Hộ nghèo", blocks=(block("c01b01", "Quận có 3.008 hộ.", "Bà con phấn khởi."), block("c01b02", "Hết."))
)  # fmt: skip
COLD = Chapter(id="c02", title="Mùa lạnh", blocks=(block("c02b01", "Nhớ mặc ấm."),))


def told(before: Issue, after: Issue) -> list[tuple[str, str, str]]:
    return [(each.sentence, each.before, each.after) for each in changes(before, after)]


def changed(chapter: Chapter, *blocks: Block) -> Chapter:
    return replace(chapter, blocks=blocks)


def test_an_issue_that_stayed_has_no_changes() -> None:
    assert told(issue(HOUSEHOLDS, COLD), issue(HOUSEHOLDS, COLD)) == []


def test_a_changed_sentence_is_told_alone() -> None:
    after = changed(HOUSEHOLDS, block("c01b01", "Quận có 3.080 hộ.", "Bà con phấn khởi."), HOUSEHOLDS.blocks[1])
    assert told(issue(HOUSEHOLDS), issue(after)) == [("c01b01s1", "Quận có 3.008 hộ.", "Quận có 3.080 hộ.")]


def test_sentences_and_blocks_that_come_and_go_are_told() -> None:
    after = changed(HOUSEHOLDS, block("c01b01", "Quận có 3.008 hộ."), block("c01b03", "Thêm một đoạn."))
    assert told(issue(HOUSEHOLDS), issue(after)) == [
        ("c01b01s2", "Bà con phấn khởi.", ""),
        ("c01b03s1", "", "Thêm một đoạn."),
        ("c01b02s1", "Hết.", ""),
    ]


def test_articles_and_titles_that_change_are_told() -> None:
    assert told(issue(HOUSEHOLDS, COLD), issue(replace(HOUSEHOLDS, title="Hộ nghèo 2023"))) == [
        ("c01h", "Hộ nghèo", "Hộ nghèo 2023"),
        ("c02h", "Mùa lạnh", ""),
    ]
    assert told(issue(COLD), issue(HOUSEHOLDS, COLD)) == [("c01h", "", "Hộ nghèo")]


def test_what_a_picture_shows_counts_as_words() -> None:
    def shown(alt: str) -> Chapter:
        media = Media(kind=MediaKind.IMAGE, file="a.png", media_type="image/png", alt=alt)
        return changed(COLD, replace(COLD.blocks[0], media=media))

    assert told(issue(shown("Bếp")), issue(shown("Bếp lửa"))) == [("c02b01", "Bếp", "Bếp lửa")]


@pytest.fixture
def revised() -> Publication:
    after = changed(HOUSEHOLDS, block("c01b01", "Quận có 3.080 hộ.", "Bà con phấn khởi."), HOUSEHOLDS.blocks[1])
    found = changes(issue(HOUSEHOLDS, COLD), issue(after, COLD))
    return Publication(
        guid="g",
        issue=issue(after, COLD),
        timeline=Timeline(
            chapters=(Cue(id="c01", title="Hộ nghèo", start_ms=0, end_ms=800_000),),
            sentences=(Cue(id="c01b01s1", title="", start_ms=725_000, end_ms=730_000),),
        ),
        editions=(),
        voices=(),
        published=datetime(2023, 3, 30, tzinfo=UTC),
        fingerprint="",
        revision=2,
        revisions=(Revision(number=2, made=datetime(2023, 4, 2, tzinfo=UTC), changes=found),),
    )


BULLETIN = Bulletin(
    publisher=Publisher(name="NXB", licence_number="1", supplier="TT"),
    podcast=Podcast(guid="g", title="Bản tin Thanh Bình", description=""),
    site=Site(base_url="https://bantin.example.vn"),
)


def words(of: Issue) -> list[str]:
    return [each.text for each in of.chapters[0].blocks]


def test_the_notice_says_what_was_wrong_what_is_right_and_where(revised: Publication) -> None:
    made = notice(revised, revised.revisions[0], BULLETIN, words="", on=date(2023, 4, 2))
    assert (made.id, made.title) == ("2023-03-dinh-chinh-2", "Đính chính bản tin số 3")
    assert words(made) == [
        "Bản tin Thanh Bình, số 3, ngày 30/03/2023.",
        "Bản tin xin đính chính.",
        "Bài 1, “Hộ nghèo”, phút thứ 13.",
        "Bản trước ghi: “Quận có 3.008 hộ.”",
        "Nay xin đọc đúng là: “Quận có 3.080 hộ.”",
        "Bản ghi âm của số này đã được sửa. Ban biên tập thành thật xin lỗi quý vị.",
        "Lời đính chính này được đọc bằng giọng nhân tạo.",
    ]


def test_an_editors_own_words_stand_instead(revised: Publication) -> None:
    made = notice(revised, None, BULLETIN, words="Máy đọc nhầm mười tám thành tám.", on=date(2023, 4, 2))
    assert words(made)[2:-2] == ["Máy đọc nhầm mười tám thành tám."]


def test_more_changes_than_one_can_follow_are_counted(revised: Publication) -> None:
    many = replace(revised.revisions[0], changes=revised.revisions[0].changes * 8)
    said = words(notice(revised, many, BULLETIN, words="", on=date(2023, 4, 2)))
    assert sum(each.startswith("Bản trước ghi") for each in said) == 5
    assert "Còn 3 chỗ khác, xin xem trong bản chữ." in said


def test_a_notice_has_an_address_of_its_own_for_each_revision(revised: Publication) -> None:
    assert correction_id(revised) != correction_id(replace(revised, revision=3))
