"""What people type -> the sentences that they meant; the same by the server's index and by the export's shards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from audiobook.model.issue import Block, Chapter, Issue, Kind, Sentence
from audiobook.model.publication import Publication
from audiobook.model.recording import Cue, Timeline
from web.search import shards
from web.search.asking import ask
from web.search.folding import accented, fold, spans
from web.search.index import Index


def publication(issue_id: str, texts: list[str], *, mark: str = "1") -> Publication:
    """An issue of one-sentence articles, each ten seconds long."""
    year, number = map(int, issue_id.split("-"))
    chapters = tuple(
        Chapter(id=f"c{at:02}", title=f"Bài thứ {at}", blocks=(Block(
            id=f"c{at:02}b01", kind=Kind.PARAGRAPH, text=text,
            sentences=(Sentence(id=f"c{at:02}b01s1", start=0, end=len(text)),)),))
        for at, text in enumerate(texts, 1)
    )  # fmt: skip
    issue = Issue(
        id=issue_id, title="Bản tin", number=number, date=date(year, 1, 1), publisher="NXB", chapters=chapters
    )
    cues = tuple(
        Cue(id=f"c{at:02}b01s1", title="", start_ms=at * 10_000, end_ms=at * 10_000 + 9_000)
        for at in range(1, len(texts) + 1)
    )
    timeline = Timeline(chapters=tuple(replace(cue, id=cue.id[:3]) for cue in cues), sentences=cues)
    return Publication(
        guid=issue_id,
        issue=issue,
        timeline=timeline,
        editions=(),
        voices=(),
        published=datetime(year, 1, 1, tzinfo=UTC),
        fingerprint=mark,
    )


OLD = publication(
    "2022-12", ["Nghị quyết số 18-NQ/TW về đổi mới bộ máy.", "Các cụ nghỉ trưa đúng giờ.", "Đường Hoa Đào sửa xong."]
)
NEW = publication(
    "2023-03", ["Hội nghị bàn về quyết toán 18 dự án.", "Nước sạch về tổ dân phố số 7.", "Bà con nghĩ xa."]
)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index(tmp_path / "search.sqlite")
    made.update([NEW, OLD], version="1")
    yield made


def found(index: Index, question: str) -> list[str]:
    return [line.text for line in ask(index, question).lines]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("nghi quyet 18", "Nghị quyết số 18-NQ/TW"),
        ("Nghị quyết 18-NQ/TW", "Nghị quyết số 18-NQ/TW"),
        ("NGHI QUYET", "Nghị quyết số 18-NQ/TW"),
        ("duong hoa dao", "Đường Hoa Đào"),
        ("Đường hoa", "Đường Hoa Đào"),
        ("nghỉ", "Các cụ nghỉ"),
        ("nghĩ", "Bà con nghĩ"),
        ("nuoc sa", "Nước sạch"),
        ("18-nq", "Nghị quyết số 18-NQ/TW"),
    ],
)
def test_the_best_answer_stands_first(index: Index, question: str, first: str) -> None:
    assert found(index, question)[0].startswith(first), found(index, question)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("nghij quyeets", "Nghị quyết"), ("nuwowcs sachj", "Nước sạch"), ("nuocs sach", "Nước sạch"), ("ngji quyet", "Nghị quyết"),
     ("ddoongf hoa", ""), ("duongf hoa", "Đường Hoa"), ("nuocsach", "Nước sạch"), ("qyuet toan", "Hội nghị bàn về quyết toán")],
)  # fmt: skip
def test_typing_errors_are_forgiven_and_said(index: Index, typed: str, meant: str) -> None:
    answer = ask(index, typed)
    assert answer.corrected or not meant
    assert any(line.text.startswith(meant) for line in answer.lines) == bool(meant or answer.lines)


def test_what_is_nowhere_is_not_found_and_signs_do_no_harm(index: Index) -> None:
    for question in ("xyzxyzxyz", '"', "NEAR(", "a" * 500, "' OR 1=1 --", "*", "folded : x", "😀", "-", "AND OR NOT"):
        assert isinstance(found(index, question), list)
    assert found(index, "xyzxyzxyz") == []


def test_a_changed_issue_is_found_by_its_new_words_and_by_its_old_ones_no_more(index: Index) -> None:
    index.update([publication("2023-03", ["Chợ phiên mở lại."], mark="2"), OLD], version="2")
    assert found(index, "cho phien") == ["Chợ phiên mở lại."]
    assert found(index, "nuoc sach") == []
    index.update([OLD], version="3")
    assert found(index, "cho phien") == []
    assert found(index, "nghi quyet")


def test_the_same_shelf_is_not_read_twice(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.search.index._learn", lambda *_: pytest.fail("it was read again"))
    index.update([NEW, OLD], version="1")
    index.update([NEW, OLD], version="another feed")


def test_folding_keeps_every_place() -> None:
    text = "Đảng ủy, ỦY BAN: ﬁ İ ß Ⅻ 5 °C – “Ăn ở”"
    assert len(fold(text)) == len(text)
    assert [text[start:end] for start, end in spans(text, {"uy", "an*"})] == ["ủy", "ỦY", "Ăn"]
    assert accented("Nghị QUYẾT") == ["nghị", "quyết"]


def test_shards_hold_every_word_and_pair_and_a_new_issue_leaves_the_old_articles_alone() -> None:
    before, after = dict(shards.shards([OLD])), dict(shards.shards([NEW, OLD]))
    articles = {path: data for path, data in before.items() if "/a/" in path}
    assert articles.items() <= after.items()
    assert len([path for path in after if "/a/" in path]) == 6
    keys = b"".join(data for path, data in after.items() if "/k/" in path)
    for key in ('"nghi quyet":', '"dan":', '"18 nq":', '"duong hoa":'):
        assert key.encode() in keys
    assert "timKiem.dem(1," in after[f"{shards.FOLDER}/dem.js"].decode()
