"""An issue is published, mended and announced, as an editor does it: apps get the same item, and a new one that tells."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from audiobook import errors
from audiobook.library import Shelf
from web.app import create_app

Run = Callable[..., subprocess.CompletedProcess[str]]

PUBLISHER = """--title=Bản tin Thanh Bình
--publisher=Nhà xuất bản
--licence-number=12-2023/CXBIPH
--supplier=Trung tâm
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
BEFORE = "---\nnumber: 3\ndate: 2023-03-30\n---\n\n# Rà soát hộ nghèo\n\nQuận có 3.008 hộ. Bà con phấn khởi.\n\n# Mùa lạnh\n\nNhớ mặc ấm.\n"
AFTER = BEFORE.replace("3.008", "13.080")

PAGES = ("/so/2023-03", "/so/2023-03/bai-1", "/so/2023-03/bai-2", "/en/so/2023-03")

Items = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Story:
    """What an app saw after each step, and what the editor was told."""

    library: Path
    first: Items
    refused: subprocess.CompletedProcess[str]
    said: str
    mended: Items
    again: Items
    misread: Items
    renamed: Items
    pages: dict[str, str]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, audiobook: Run) -> Story:
    folder = tmp_path_factory.mktemp("story")
    library, manuscript = folder / "thu-vien", folder / "so3.md"

    def produce(*options: str) -> Items:
        made = audiobook("produce", "2023-03", "--voice", "tone", *options, library=library)
        assert made.returncode == 0, made.stderr
        said.append(made.stdout)
        return items(library)

    said: list[str] = []
    manuscript.write_text(BEFORE, encoding="utf-8")
    for step in (["new", library, *PUBLISHER], ["add", manuscript, "--library", library]):
        assert audiobook(*step).returncode == 0
    first = produce()
    refused = audiobook("produce", "2023-03", "--voice", "tone", "--announce", library=library)
    (library / "issues" / "2023-03" / "manuscript.md").write_text(AFTER, encoding="utf-8")
    mended, again = produce("--announce"), produce("--announce")
    misread = produce("--announce-words", "Máy đã đọc nhầm số hộ. Đúng là mười ba nghìn không trăm tám mươi.")
    settings = library / "audiobook.toml"
    text = settings.read_text("utf-8").replace('title = "Bản tin Thanh Bình"', 'title = "Tiếng nói Thanh Bình"')
    settings.write_text(text.replace("http://127.0.0.1:8000", "https://moi.example.vn/loa"), encoding="utf-8")
    renamed = produce()
    pages = {path: create_app(Shelf(library / "shelf")).test_client().get(path).text for path in PAGES}
    return Story(
        library=library, first=first, refused=refused, said=said[1], mended=mended, again=again, misread=misread,
        renamed=renamed, pages=pages,
    )  # fmt: skip


def items(library: Path) -> Items:
    """What an app sees, by guid."""
    channel = etree.parse(library / "shelf" / "feed.xml").find("channel")
    return {
        item.findtext("guid"): {
            "title": item.findtext("title"),
            "sound": item.find("enclosure").get("url"),
            "description": item.findtext("description"),
            "date": item.findtext("pubDate"),
        }
        for item in channel.iterfind("item")
    }


def test_nothing_changed_is_nothing_to_announce(story: Story) -> None:
    assert story.refused.returncode == errors.NothingToAnnounce.exit_code
    assert "--announce-words" in story.refused.stderr


def test_a_correction_keeps_the_guid_and_gets_a_new_address(story: Story) -> None:
    ((guid, before),) = story.first.items()
    after = story.mended[guid]
    assert (after["title"], after["date"]) == (before["title"], before["date"])
    assert after["sound"] != before["sound"]


def test_what_was_corrected_stands_in_the_description_and_is_told_to_the_editor(story: Story) -> None:
    (guid,) = story.first
    assert "“Quận có 3.008 hộ.” nay là “Quận có 13.080 hộ.”" in story.mended[guid]["description"]
    assert "Đã sửa 1 chỗ" in story.said
    assert "2023-03-dinh-chinh-2" in story.said


def test_the_announcement_is_an_item_that_says_what_was_wrong_and_what_is_right(story: Story) -> None:
    (told,) = (item for guid, item in story.mended.items() if guid not in story.first)
    assert "Đính chính" in told["title"]
    assert "Bản trước ghi: “Quận có 3.008 hộ.” Nay xin đọc đúng là: “Quận có 13.080 hộ.”" in told["description"]
    shelf = Shelf(story.library / "shelf")
    (correction,) = shelf.of_kind("correction")
    assert [each.issue.id for each in shelf.publications()] == ["2023-03"]
    assert 3_000 < correction.timeline.duration_ms < 60_000
    edition = correction.edition("mp3")
    assert edition
    assert shelf.file(correction, edition).stat().st_size > 10_000


def test_what_is_announced_twice_is_said_once(story: Story) -> None:
    assert story.again == story.mended


def test_a_misreading_is_announced_in_the_editors_own_words(story: Story) -> None:
    assert list(story.misread) == list(story.mended)  # the notice of the same revision, told better
    assert any("đọc nhầm số hộ" in item["description"] for item in story.misread.values())


def test_the_guids_outlive_a_new_title_another_host_and_another_sound(story: Story) -> None:
    assert list(story.renamed) == list(story.misread)
    assert all(item["sound"].startswith("https://moi.example.vn/loa/m/") for item in story.renamed.values())


def test_the_pre_flight_is_content_with_all_of_it(story: Story, audiobook: Run) -> None:
    checked = audiobook("feed", "check", library=story.library)
    assert checked.returncode == 0, checked.stderr


def test_readers_of_the_page_see_what_was_corrected_and_where(story: Story) -> None:
    issue, concerned, other, english = (story.pages[path] for path in PAGES)
    for page in (issue, concerned, english):
        assert "<del" in page
        assert "Quận có 3.008 hộ." in page
        assert "Quận có 13.080 hộ.</ins>" in page
    assert "Đã sửa sau khi phát hành" in issue
    assert "Corrected after publication" in english
    assert "<del" not in other


def test_an_issue_that_is_withdrawn_takes_its_corrections_along(story: Story, audiobook: Run, tmp_path: Path) -> None:
    library, public = tmp_path / "thu-vien", tmp_path / "cong-khai"
    shutil.copytree(story.library, library)
    for options, sounds in ([], 2), (["--withdraw", "2023-03", "--yes", "--force"], 0):
        done = audiobook("publish", public, "--no-check", *options, library=library)
        assert done.returncode == 0, done.stderr
        named = (item["sound"].rpartition("/")[2] for item in items(library).values())
        assert len([name for name in named if (public / "m" / name).is_file()]) == sounds
        assert len(items(library)) == sounds
    assert [each.corrects for each in Shelf(library / "withdrawn").of_kind("correction")] == ["2023-03"]
    assert not [file for file in public.rglob("*") if "2023-03" in str(file.relative_to(public))]
    assert not list((public / "m").glob("*.mp3"))
