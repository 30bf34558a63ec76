"""What was decided of a chapter is remembered for exactly these words, and never believed when it is damaged."""

from dataclasses import replace
from pathlib import Path

import pytest

from audiobook import inputs, intake, settings
from audiobook.library import Library
from audiobook.model.issue import Block, Chapter, Kind, Media, MediaKind
from audiobook.model.narration import Tables
from audiobook.script import understand
from audiobook.settings import Publisher
from audiobook.spoken import memory
from audiobook.spoken.blocks import Voice
from audiobook.spoken.lexicon import Lexicon, literal
from audiobook.spoken.memory import Memory, read_chapter
from audiobook.spoken.words import Words

SAMPLE = Path(__file__).parents[1] / "samples" / "ban-tin" / "ban-tin-so-3.md"
VOICE = Voice(lexicon=Lexicon(), words=Words(), tables=Tables())
PICTURE = Media(kind=MediaKind.IMAGE, file="a.png", media_type="image/png", alt="Cây đa 100 tuổi")
CHAPTER = Chapter(
    id="c01",
    title="Giữ ấm {CLB|câu lạc bộ}",
    blocks=(
        Block(id="c01b01", kind=Kind.PARAGRAPH, text="Ngày 20/11 có 03 tập thể. HĐND họp."),
        Block(id="c01b02", kind=Kind.FIGURE, text="Đầu làng", media=PICTURE),
    ),
)


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The chapters whose words were decided anew."""
    names: list[str] = []

    def counted(chapter: Chapter, voice: Voice) -> memory.ReadChapter:
        names.append(chapter.id)
        return read_chapter(chapter, voice)

    monkeypatch.setattr(memory, "read_chapter", counted)
    return names


def test_what_is_remembered_is_what_was_decided(tmp_path: Path, decided: list[str]) -> None:
    kept = Memory(tmp_path, program="1")
    first, again = kept.read(CHAPTER, VOICE), kept.read(CHAPTER, VOICE)
    assert first == again == read_chapter(CHAPTER, VOICE)
    assert decided == ["c01"]


@pytest.mark.parametrize(
    ("chapter", "voice", "program"),
    [
        (replace(CHAPTER, title="Giữ lạnh"), VOICE, "1"),
        (replace(CHAPTER, blocks=CHAPTER.blocks[:1]), VOICE, "1"),
        (CHAPTER, replace(VOICE, lexicon=Lexicon(entries=(literal("HĐND", "hội đồng"),))), "1"),
        (CHAPTER, replace(VOICE, words=Words(figure="Ảnh:")), "1"),
        (CHAPTER, replace(VOICE, tables=Tables(rows=1)), "1"),
        (CHAPTER, VOICE, "2"),
    ],
    ids=["title", "blocks", "lexicon", "templates", "tables", "program"],
)
def test_anything_that_changes_words_makes_them_be_decided_again(
    tmp_path: Path, decided: list[str], chapter: Chapter, voice: Voice, program: str
) -> None:
    Memory(tmp_path, program="1").read(CHAPTER, VOICE)
    assert Memory(tmp_path, program=program).read(chapter, voice) == read_chapter(chapter, voice)
    assert decided == ["c01", "c01"]


@pytest.mark.parametrize("damage", [b"", b"short", None], ids=["empty", "cut off", "a changed word"])
def test_what_is_damaged_is_decided_again(tmp_path: Path, decided: list[str], damage: bytes | None) -> None:
    kept = Memory(tmp_path, program="1")
    right = kept.read(CHAPTER, VOICE)
    (file,) = tmp_path.glob("*.reading")
    whole = file.read_bytes()
    file.write_bytes(whole.replace("hai mươi".encode(), "ba mươi ".encode()) if damage is None else damage)
    assert file.read_bytes() != whole
    assert kept.read(CHAPTER, VOICE) == right
    assert decided == ["c01", "c01"]
    assert file.read_bytes() == whole


def test_a_disk_that_takes_nothing_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert Memory(tmp_path / "file", program="1").read(CHAPTER, VOICE) == read_chapter(CHAPTER, VOICE)


def test_one_changed_word_decides_one_chapter(tmp_path: Path, decided: list[str]) -> None:
    home = tmp_path / "thu-vien"
    home.mkdir()
    publisher = Publisher(name="NXB", licence_number="000-2023", supplier="TT", phone="024")
    settings.write_new(home, publisher=publisher, title="Bản tin", description="", base_url="https://a.vn")
    library = Library.at(home)
    intake.bring_in(library, SAMPLE, issue_id="", number=3, dated=None, title="")
    chosen = settings.load(library.settings_file)
    (issue_id,) = library.issue_ids()
    _, before = understand(library, issue_id, chosen=chosen, images=tmp_path / "images", with_items=True)
    count = len(decided)
    assert count == len(before.issue.chapters)
    _, same = understand(library, issue_id, chosen=chosen, images=tmp_path / "images", with_items=True)
    assert same == before
    assert len(decided) == count
    file = library.manuscript(issue_id)
    file.write_text(file.read_text("utf-8").replace("các cụ", "quý cụ", 1), "utf-8")
    _, after = understand(library, issue_id, chosen=chosen, images=tmp_path / "images")
    assert len(decided) == count + 1
    assert after.narration != before.narration


def test_the_program_is_all_of_our_code_and_tables() -> None:
    assert inputs.program() == inputs.program()
    named = {each.name for each in inputs._resources(Path(inputs.__file__).parent)}
    assert {"say.py", "memory.py", "foreign_words.py", "abbreviations.tsv"} <= named
