"""`audiobook publish`, as an editor runs it: to a folder and to a real S3 server that people read from."""

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from audiobook import errors
from audiobook.library import Shelf
from web.bucket import Bucket

AUDIOBOOK = Path(sys.executable).with_name("audiobook")
Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Abroad:
    """A library that is published to a bucket which everybody may read."""

    library: Path
    bucket: Bucket
    base_url: str

    def fetch(self, path: str) -> tuple[int, bytes, str]:
        try:
            with urllib.request.urlopen(f"{self.base_url}/{path}") as answer:
                return answer.status, answer.read(), answer.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            return error.code, b"", ""


def settle(library: Path, **values: object) -> None:
    """Change lines of audiobook.toml."""
    file = library / "audiobook.toml"
    text = file.read_text("utf-8")
    for name, value in values.items():
        said = str(value).lower() if isinstance(value, bool) else json.dumps(str(value))
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {said}", text)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def library(office, tmp_path: Path) -> Path:
    target = tmp_path / "thu-vien"
    shutil.copytree(office.library, target, ignore=shutil.ignore_patterns("cache"))
    shutil.copytree(office.library / "cache", target / "cache", copy_function=os.link)  # what is in it is never changed
    return target


@pytest.fixture
def abroad(library: Path, bucket: Bucket, s3_server: str) -> Abroad:
    bucket._client.put_bucket_acl(Bucket=bucket.name, ACL="public-read")
    base_url = f"{s3_server}/v1/AUTH_test/{bucket.name}/an-phu"
    settle(
        library,
        base_url=base_url,
        bucket=bucket.name,
        prefix="an-phu",
        endpoint=s3_server,
        region="us-east-1",
        path_style=True,
    )
    return Abroad(library=library, bucket=bucket, base_url=base_url)


def test_the_site_is_published_seen_by_people_and_handed_on(abroad: Abroad, audiobook: Run) -> None:
    done = audiobook("publish", library=abroad.library)
    assert done.returncode == 0, done.stderr
    assert "đúng như bản vừa đưa lên" in done.stdout
    feed = feedparser.parse(abroad.fetch("feed.xml")[1])
    assert not feed.bozo
    for entry in feed.entries:
        (enclosure,) = entry.enclosures
        with urllib.request.urlopen(enclosure.href) as answer:
            assert len(answer.read()) == int(enclosure.length)
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert "filename*=UTF-8''B%E1%BA%A3n" in answer.headers["Content-Disposition"]
        with urllib.request.urlopen(entry.link) as page:  # the address of the QR code opens without any setting
            assert page.headers["Content-Type"].lower() == "text/html; charset=utf-8"
            assert b"2023-01/index.html" in page.read() or "2023-01" not in entry.link
    handed = abroad.library / "phat-hanh" / "2023-01"
    assert {"tin-nhan-zalo.txt", "ma-qr.png", "doan-nhung.html", "DOC-TRUOC.txt"} <= {f.name for f in handed.iterdir()}
    assert f"{abroad.base_url}/so/2023-01" in (handed / "tin-nhan-zalo.txt").read_text("utf-8")
    again = audiobook("publish", library=abroad.library)
    assert "đã gửi 0 tệp" in again.stdout, again.stdout + again.stderr


def test_a_bucket_of_its_own_needs_no_prefix(abroad: Abroad, audiobook: Run) -> None:
    settle(abroad.library, prefix="")
    done = audiobook("publish", "--no-check", library=abroad.library)
    assert done.returncode == 0, done.stderr
    keys = {each.key for each in open_at_root(abroad.bucket).list()}
    assert {"index.html", "feed.xml", "so/2023-01", "so/2023-01/index.html"} <= keys


def open_at_root(bucket: Bucket) -> Bucket:
    root = copy.copy(bucket)
    root.prefix = ""
    return root


def test_a_rehearsal_prints_every_put_and_delete_and_changes_nothing(abroad: Abroad, audiobook: Run) -> None:
    told = audiobook("publish", "--dry-run", library=abroad.library)
    assert told.returncode == 0, told.stderr
    puts = [line for line in told.stdout.splitlines() if line.startswith("  gửi")]
    assert len(puts) > 30
    assert puts[-1].split()[1] == "feed.xml"
    assert all(line.endswith(" byte") for line in puts)
    assert list(abroad.bucket.list()) == []


def test_what_the_public_does_not_get_is_told(abroad: Abroad, audiobook: Run) -> None:
    abroad.bucket._client.put_bucket_acl(Bucket=abroad.bucket.name, ACL="private")
    told = audiobook("publish", library=abroad.library)
    assert told.returncode == errors.PublicDiffers.exit_code
    assert "401" in told.stderr
    assert "quyền đọc công khai" in told.stderr
    assert audiobook("publish", "--no-check", library=abroad.library).returncode == 0


def test_an_old_copy_at_the_public_address_is_told(
    library: Path, tmp_path: Path, audiobook: Run, serving_folder
) -> None:
    with serving_folder(tmp_path / "public") as address:
        settle(library, base_url=address, folder=tmp_path / "public")
        assert audiobook("publish", "--no-check", library=library).returncode == 0
        page = tmp_path / "public" / "so" / "2023-01" / "index.html"
        page.write_text("<p>cũ</p>", encoding="utf-8")
        settle(library, folder=tmp_path / "elsewhere")
        told = audiobook("publish", library=library)
    assert told.returncode == errors.PublicDiffers.exit_code
    assert "so/2023-01/index.html: nội dung khác" in told.stderr
    assert "Range" in told.stderr  # Python's own little server cannot enter sound in the middle


def test_a_withdrawn_issue_is_gone_everywhere_and_kept_at_home(abroad: Abroad, audiobook: Run) -> None:
    assert audiobook("publish", library=abroad.library).returncode == 0
    publication = Shelf(abroad.library / "shelf").publication("2023-01")
    done = audiobook("publish", "--withdraw", "2023-01", "--yes", library=abroad.library)
    assert done.returncode == 0, done.stderr
    keys = {stored.key for stored in abroad.bucket.list()}
    assert not [key for key in keys if "2023-01" in key]
    others = {each.sha256 for each in Shelf(abroad.library / "shelf").publication("2022-12").editions}
    mine = {each.sha256 for each in publication.editions} - others
    assert not [key for key in keys if any(name in key for name in mine)]
    assert b"2023-01" not in abroad.fetch("feed.xml")[1]
    assert abroad.fetch("so/2023-01")[0] == 404
    assert Shelf(abroad.library / "withdrawn").is_whole(publication)
    assert audiobook("publish", library=abroad.library).returncode == 0
    assert not [stored.key for stored in abroad.bucket.list() if "2023-01" in stored.key]
    assert "2023-01  đã thu hồi" in audiobook("list", library=abroad.library).stdout
    again = audiobook("produce", "--all", "--voice", "tone", library=abroad.library)
    assert "2023-01 đã thu hồi, bỏ qua" in again.stdout
    assert not Shelf(abroad.library / "shelf").has("2023-01")


def test_nothing_is_withdrawn_without_a_yes(abroad: Abroad) -> None:
    asked = subprocess.run(
        [AUDIOBOOK, "publish", "--withdraw", "2023-01", "--library", abroad.library],
        input="n\n",
        text=True,
        capture_output=True,
    )
    assert asked.returncode == 130
    assert Shelf(abroad.library / "shelf").has("2023-01")


def test_who_said_nowhere_where_to_publish_is_told_how(library: Path, audiobook: Run) -> None:
    told = audiobook("publish", library=library)
    assert told.returncode == errors.SettingsError.exit_code
    assert "[publish]" in told.stderr


def test_two_editors_of_one_library_are_kept_apart(library: Path, tmp_path: Path, audiobook: Run) -> None:
    from audiobook.library import Library

    with Library(library).publishing():
        told = audiobook("publish", str(tmp_path / "public"), library=library)
    assert told.returncode == errors.IssueBusy.exit_code
    assert not (tmp_path / "public").exists()


def test_damage_on_the_shelf_and_in_the_bucket_is_found_and_mended(abroad: Abroad, audiobook: Run) -> None:
    assert audiobook("publish", library=abroad.library).returncode == 0
    whole = audiobook("verify", library=abroad.library)
    assert whole.returncode == 0, whole.stderr
    assert "Giá: mọi tệp đều đúng" in whole.stdout
    key = next(each.key for each in abroad.bucket.list() if each.key.endswith(".vtt"))
    abroad.bucket.write(key, b"WEBVTT but not ours")
    found = audiobook("verify", library=abroad.library)
    assert found.returncode == errors.StorageError.exit_code
    assert f"{key}: nội dung đã đổi" in found.stdout
    quick = audiobook("verify", "--quick", "--mend", library=abroad.library)
    assert f"{key}: đã bị thay" in quick.stdout
    assert "đã gửi 1 tệp" in audiobook("publish", library=abroad.library).stdout
    shelf = Shelf(abroad.library / "shelf")
    publication = shelf.publication("2023-01")
    edition = publication.edition("epub")
    assert edition
    file = shelf.file(publication, edition)
    file.write_bytes(bytes(edition.bytes))
    mended = audiobook("verify", "--mend", library=abroad.library)
    assert mended.returncode == errors.ShelfDamaged.exit_code
    assert file.name in mended.stdout
    assert "audiobook produce 2023-01" in mended.stderr
    assert audiobook("produce", "2023-01", "--voice", "tone", library=abroad.library).returncode == 0
    assert audiobook("verify", library=abroad.library).returncode == 0


@pytest.mark.long
def test_a_publisher_killed_at_any_moment_never_shows_half_a_site(abroad: Abroad, audiobook: Run) -> None:
    missing, killed = list[str](), 0
    manuscript = abroad.library / "issues" / "2023-01" / "manuscript.md"
    for news in ("Sáng mai tập dưỡng sinh ở sân đình.", "Chiều mai có hát dân ca.", "Tối mai chiếu phim."):
        manuscript.write_text(f"{manuscript.read_text('utf-8')}\n{news}\n", encoding="utf-8")
        assert audiobook("produce", "2023-01", "--voice", "tone", library=abroad.library).returncode == 0
        for attempt in range(5):
            run = subprocess.Popen([AUDIOBOOK, "publish", "--no-check", "--library", abroad.library],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
            ends = time.monotonic() + 0.8 + attempt * 0.3
            while time.monotonic() < ends and run.poll() is None:
                missing += named_but_missing(abroad)
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
                killed += 1
            run.wait()
            missing += named_but_missing(abroad)
    assert missing == []
    assert killed >= 6, "the machine is too fast for these moments"
    done = audiobook("publish", library=abroad.library)
    assert done.returncode == 0, done.stderr


def named_but_missing(abroad: Abroad) -> list[str]:
    """Sounds that the public feed names, and nobody can fetch."""
    status, feed, _ = abroad.fetch("feed.xml")
    named = re.findall(rb'<enclosure url="([^"]+)"', feed) if status == 200 else ()
    paths = (urlsplit(address.decode()).path.split("/an-phu/")[1] for address in named)
    return [path for path in paths if abroad.fetch(path)[0] != 200]
