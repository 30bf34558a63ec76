"""What an editor decides of an outline: titles, order, levels, what is left out; a later manuscript keeps it."""

import datetime
from pathlib import Path

import pytest

from audiobook import errors
from audiobook.manuscripts import decisions
from audiobook.manuscripts.decisions import Decision
from audiobook.manuscripts.read import Details, Reading, read

DETAILS = Details(number=3, date=datetime.date(2023, 3, 30))
TEXT = """UBND QUẬN

# Một

Chữ một.

## Mục

Chữ mục.

# Hai

Thứ nhất, về đất đai: giao phường rà soát đất công.

# Ba

Chữ ba.
"""


def reading(folder: Path, *wanted: Decision, text: str = TEXT) -> Reading:
    (folder / "so.md").write_text(text, encoding="utf-8")
    return read(folder / "so.md", details=DETAILS, images=folder / "images", decisions=wanted)


def titles(made: Reading) -> list[str]:
    return [chapter.title for chapter in made.issue.chapters]


def test_a_title_is_changed_and_the_printed_one_is_listed(tmp_path: Path) -> None:
    made = reading(tmp_path, Decision(text="Hai", title="Bài thứ hai"))
    assert titles(made) == ["Một", "Bài thứ hai", "Ba"]
    assert [(each.code, each.text) for each in made.account.left_out][-1] == ("M-RETITLED", "Hai")
    assert made.account.missing == 0


def test_the_title_of_a_section_is_changed(tmp_path: Path) -> None:
    made = reading(tmp_path, Decision(text="Mục", title="Mục nhỏ mới"))
    assert made.issue.chapters[0].blocks[1].text == "Mục nhỏ mới"
    assert made.account.missing == 0


def test_a_section_becomes_an_article_and_an_article_a_section(tmp_path: Path) -> None:
    assert titles(reading(tmp_path, Decision(text="Mục", level=1))) == ["Một", "Mục", "Hai", "Ba"]
    made = reading(tmp_path, Decision(text="Hai", level=2))
    assert titles(made) == ["Một", "Ba"]
    assert made.issue.chapters[0].blocks[-2].text == "Hai"


def test_a_heading_becomes_a_paragraph(tmp_path: Path) -> None:
    made = reading(tmp_path, Decision(text="Mục", level=0))
    assert [(block.kind.value, block.text) for block in made.issue.chapters[0].blocks][1] == ("paragraph", "Mục")


def test_a_run_in_heading_is_cut_off_where_the_editor_wants_it(tmp_path: Path) -> None:
    made = reading(tmp_path, Decision(text="Thứ nhất, về đất đai: giao phường rà soát đất công.", level=2))
    assert [block.text for block in made.issue.chapters[1].blocks] == [
        "Thứ nhất, về đất đai:",
        "giao phường rà soát đất công.",
    ]
    assert made.account.missing == 0


def test_an_article_is_left_out_with_all_that_stands_under_it(tmp_path: Path) -> None:
    made = reading(tmp_path, Decision(text="Một", read=False))
    assert titles(made) == ["Hai", "Ba"]
    left = [each.text for each in made.account.left_out if each.code == "M-EDITOR"]
    assert left == ["Một", "Chữ một.", "Mục", "Chữ mục."]
    assert made.account.missing == 0


def test_what_was_set_aside_is_read_where_the_editor_wants_it(tmp_path: Path) -> None:
    head = "# Bài\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nChữ.\n"
    assert len(reading(tmp_path, text=head).issue.chapters[0].blocks) == 1
    made = reading(tmp_path, Decision(text="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", read=True), text=head)
    assert len(made.issue.chapters[0].blocks) == 2


@pytest.mark.parametrize(
    ("text", "after", "order"),
    [
        ("Ba", decisions.FIRST, ["Ba", "Một", "Hai"]),
        ("Một", "Hai", ["Hai", "Một", "Ba"]),
        ("Một", "Ba", ["Hai", "Ba", "Một"]),
    ],
)
def test_articles_are_put_in_another_order(tmp_path: Path, text: str, after: str, order: list[str]) -> None:
    made = reading(tmp_path, Decision(text=text, after=after))
    assert titles(made) == order
    assert [part.title for part in made.parts if part.level == 1] == order


def test_an_article_is_important_or_not_as_the_editor_says(tmp_path: Path) -> None:
    text = TEXT.replace("# Ba", "# Ba {.quan-trong}")

    def important(*wanted: Decision) -> list[bool]:
        return [chapter.important for chapter in reading(tmp_path, *wanted, text=text).issue.chapters]

    assert important() == [False, False, True]
    assert important(Decision(text="Hai", important=True), Decision(text="Ba", important=False)) == [False, True, False]


def test_all_left_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.NoChapters):
        reading(tmp_path, *(Decision(text=each, read=False) for each in ("Một", "Hai", "Ba")))


def test_a_later_manuscript_keeps_the_decisions_though_words_and_order_changed(tmp_path: Path) -> None:
    wanted = (Decision(text="Lịch tiêm chủng tháng 4", level=2), Decision(text="Ba", title="Bài ba"))
    later = TEXT.replace("# Hai", "# Lịch tiêm chủng tháng 5").replace("# Một", "# Mới\n\nChữ.\n\n# Một")
    made = reading(tmp_path, *wanted, text=later)
    assert titles(made) == ["Mới", "Một", "Bài ba"]


def test_a_decision_whose_paragraph_is_gone_is_remarked(tmp_path: Path) -> None:
    made = reading(tmp_path, Decision(text="Bài không còn nữa", level=2))
    assert [each.text for each in made.remarks if each.code == "M-DECISION"] == [
        "không còn đoạn nào bắt đầu bằng 'Bài không còn nữa'."
    ]


def test_the_file_says_what_was_decided_and_is_read_back(tmp_path: Path) -> None:
    made = (
        Decision(text='Bài "một"', title="Tên", level=2, read=False, after="*"),
        Decision(text="Hai", level=0, important=True),
    )
    (tmp_path / decisions.FILE).write_text(decisions.written(made), encoding="utf-8")
    assert decisions.load(tmp_path) == made


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[[part]]\nlevel = 1\n", "text"),
        ('[[part]]\ntext = "a"\nlevl = 1\n', "levl"),
        ('[[part]]\ntext = "a"\nlevel = 9\n', "từ 0 đến 6"),
        ('[[part]]\ntext = "a"\nread = "no"\n', "read"),
        ('part = "a"\n', "[[part]]"),
        ("[[part]\n", "outline.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(tmp_path: Path, toml: str, words: str) -> None:
    (tmp_path / decisions.FILE).write_text(toml, encoding="utf-8")
    with pytest.raises(errors.SettingsError) as refusal:
        decisions.load(tmp_path)
    assert words in str(refusal.value)
    assert "outline.toml" in str(refusal.value)


@pytest.mark.parametrize(
    "setting", ["1.level=7", "99.level=1", "level=1", "1.read=maybe", "1.colour=red", "1.after=99"]
)
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, setting: str) -> None:
    shown = [part.block for part in reading(tmp_path).parts]
    with pytest.raises(errors.SettingsError):
        decisions.changed((), setting, shown)


def test_settings_name_parts_by_number_or_by_their_words(tmp_path: Path) -> None:
    shown = [part.block for part in reading(tmp_path).parts]
    made = decisions.changed((), "2.title=Tên. mới=a", shown)
    made = decisions.changed(made, "2.level=2", shown)
    made = decisions.changed(made, "Hai.read=không", shown)
    made = decisions.changed(made, "Ba.important=có", shown)
    assert made == (
        Decision(text="Một", title="Tên. mới=a", level=2),
        Decision(text="Hai", read=False),
        Decision(text="Ba", important=True),
    )


def test_an_editor_decides_and_revises_on_the_command_line(tmp_path: Path, audiobook) -> None:
    library = tmp_path / "thu-vien"
    publisher = [
        "--title=B",
        "--publisher=N",
        "--licence-number=1",
        "--supplier=T",
        "--phone=0",
        "--base-url=http://127.0.0.1:8000",
    ]
    audiobook("new", library, *publisher)
    file = tmp_path / "so.md"
    file.write_text(TEXT, encoding="utf-8")
    added = audiobook("add", file, "--number", "3", "--date", "2023-03-30", library=library)
    assert "BÀI        Một" in added.stdout
    assert "đứng trước bài đầu tiên: 2 chữ (dòng 1)" in added.stdout
    changed = audiobook("outline", "2023-03", "--set", "4.title=Bài hai", "--set", "3.read=no", library=library)
    assert (changed.returncode, "Bài hai" in changed.stdout) == (0, True), changed.stderr
    file.write_text(TEXT.replace("Chữ ba.", "Chữ ba đã sửa."), encoding="utf-8")
    assert (
        audiobook("add", file, "--number", "3", "--date", "2023-03-30", library=library).returncode
        == errors.IssueExists.exit_code
    )
    revised = audiobook("add", file, "--revise", "--id", "2023-03", library=library)
    assert (revised.returncode, "Bài hai" in revised.stdout) == (0, True), revised.stderr
    assert sorted(each.name for each in (library / "issues" / "2023-03").iterdir()) == [
        "issue.toml",
        "manuscript.md",
        "outline.toml",
    ]
    refused = audiobook("outline", "2023-03", "--set", "1.read=maybe", library=library)
    assert refused.returncode == errors.SettingsError.exit_code


def test_several_files_are_an_issue_in_their_order_and_an_address_needs_leave(tmp_path: Path, audiobook) -> None:
    library = tmp_path / "thu-vien"
    publisher = [
        "--title=B",
        "--publisher=N",
        "--licence-number=1",
        "--supplier=T",
        "--phone=0",
        "--base-url=http://127.0.0.1:8000",
    ]
    audiobook("new", library, *publisher)
    for name in ("b", "a"):
        (tmp_path / f"{name}.md").write_text(f"# Bài {name}\n\nChữ.\n", encoding="utf-8")
    added = audiobook(
        "add", tmp_path / "b.md", tmp_path / "a.md", "--number", "4", "--date", "2023-04-30", library=library
    )
    assert added.returncode == 0, added.stderr
    assert added.stdout.index("Bài b") < added.stdout.index("Bài a")
    assert audiobook("check", "2023-04", library=library).returncode == 0
    page = Path(__file__).parents[1] / "samples" / "manuscripts" / "html-portal-with-menus.html"
    told = audiobook("add", page, "--number", "6", library=library)
    assert "quang-cao.example.vn" in told.stdout  # which picture is missing is said, not only that one is
    asked = audiobook("add", "https://bantin.example.vn/bai", "--number", "5", "--date", "2023-05-30", library=library)
    assert (asked.returncode, "--fetch" in asked.stderr) == (errors.NotFetched.exit_code, True)
