"""Publishing to a real S3 server while the line is cut, the store refuses, is slow, or gives back something else."""

import hashlib
import random
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore import auth

from audiobook.errors import StorageError
from web import parcels
from web.bucket import Bucket
from web.publish import Order, publish

Faulty = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def wish(tmp_path: Path) -> Order:
    """Twenty files: sound, a page for each that names it, a home page that names the pages, a feed that names all."""
    files: dict[str, Path] = {}
    for number in range(9):
        sound = f"sound {number} ".encode() * 5000
        key = f"m/{hashlib.sha256(sound).hexdigest()}.mp3"
        for name, content in ((key, sound), (f"so/{number}/index.html", f"[{key}]".encode())):
            files[name] = tmp_path / "site" / name
            files[name].parent.mkdir(parents=True, exist_ok=True)
            files[name].write_bytes(content)
    for name in ("index.html", "feed.xml"):
        files[name] = tmp_path / "site" / name
        files[name].write_text("".join(f"[{key}]" for key in files if key.endswith((".mp3", "/index.html"))))
    return Order(site=files, podcast="guid", owner="office", today=date(2026, 11, 25))


def through(address: str, bucket: Bucket, attempts: int = 3) -> Bucket:
    return Bucket(
        bucket.name, prefix="an-phu", endpoint=address, region="us-east-1", path_style=True, attempts=attempts
    )


def names_only_what_is_there(bucket: Bucket) -> None:
    there = {each.key for each in bucket.list()}
    for key in there & {"index.html", "feed.xml", *(f"so/{number}/index.html" for number in range(9))}:
        for named in re.findall(r"\[(.+?)]", (bucket.read(key) or b"").decode()):
            assert named in there, f"{key} names {named} too early"


def is_whole(bucket: Bucket, wish: Order) -> bool:
    return all(bucket.sha256(key) == hashlib.sha256(file.read_bytes()).hexdigest() for key, file in wish.site.items())


@pytest.mark.parametrize(
    "fault",
    ["500", "damaged", "wrong-etag", *(pytest.param(each, marks=pytest.mark.long) for each in ("503", "slow", "cut"))],
)
def test_a_fault_that_passes_is_outlived(
    fault: str, wish: Order, bucket: Bucket, s3_server: str, faulty: Faulty
) -> None:
    def one_in_five(number: int, method: str, path: str) -> str:
        return fault if number % 5 == 3 else ""

    with faulty(s3_server, one_in_five) as address:
        publish(wish, through(address, bucket, attempts=5))
    assert is_whole(bucket, wish)


@pytest.mark.parametrize(
    ("fault", "said"),
    [("503", "đang quá tải"), ("cut", "không nối được"), ("damaged", "hỏng trên đường truyền")],
)
def test_a_fault_that_stays_ends_with_a_clear_word_and_harms_nothing(
    fault: str, said: str, wish: Order, bucket: Bucket, s3_server: str, faulty: Faulty
) -> None:
    def from_the_eighth_sound_on(number: int, method: str, path: str) -> str:
        return fault if method == "PUT" and "publish-lock" not in path and number > 10 else ""

    with (
        faulty(s3_server, from_the_eighth_sound_on) as address,
        pytest.raises(StorageError, match=said) as refusal,
    ):
        publish(wish, through(address, bucket, attempts=1))
    assert "testing-secret" not in str(refusal.value)
    names_only_what_is_there(bucket)
    assert bucket.read("feed.xml") is None
    publish(wish, bucket)
    assert is_whole(bucket, wish)


def test_a_store_that_keeps_something_else_is_caught_by_reading_it_back(
    wish: Order, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keeps_another(client: Any, file: Path, place: dict[str, str], said: dict[str, str]) -> tuple[str, str]:
        client.put_object(**place, **said, Body=b"another")
        return "name of the other", parcels.md5(file).hexdigest()

    monkeypatch.setattr(parcels, "whole", keeps_another)
    with pytest.raises(StorageError, match="giữ tệp khác"):
        publish(wish, bucket)
    assert bucket.read("feed.xml") is None


@pytest.mark.long
def test_a_line_that_is_cut_at_any_request_leaves_a_site_that_holds_together(
    wish: Order, bucket: Bucket, s3_server: str, faulty: Faulty
) -> None:
    chance = random.Random(10)
    for cut_at in sorted(chance.sample(range(3, 40), 8)):
        with faulty(s3_server, lambda number, *_, cut_at=cut_at: "cut" if number >= cut_at else "") as address:
            try:
                publish(wish, through(address, bucket, attempts=1))
            except StorageError as error:
                assert "không nối được" in str(error)
        names_only_what_is_there(bucket)
    publish(wish, bucket)
    assert is_whole(bucket, wish)


def test_a_clock_that_is_wrong_is_named(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    real = auth.get_current_datetime
    monkeypatch.setattr(auth, "get_current_datetime", lambda *a, **k: real(*a, **k) - timedelta(minutes=20))
    with pytest.raises(StorageError, match="đồng hồ máy sai"):
        list(bucket.list())


def test_no_secret_goes_into_the_bucket(wish: Order, bucket: Bucket) -> None:
    publish(wish, bucket)
    for stored in bucket.list():
        content = bucket.read(stored.key) or b""
        assert b"testing-secret" not in content
        assert b"test:tester" not in content
