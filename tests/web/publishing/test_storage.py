"""One contract for every storage: a folder, and a bucket of a real S3 server (OpenStack Swift, started here)."""

import errno
import hashlib
import os
import traceback
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from audiobook.disk import digest
from audiobook.errors import DiskFull, NotWritable, StorageError
from web import parcels
from web.bucket import Bucket
from web.storage import Folder, Storage, media_type, open_storage

KEY, SECRET = "test:tester", "testing-secret"
MIB = 2**20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "index.html"
    made.write_text("<p>Kính chào bà con</p>", encoding="utf-8")
    return made


def put(storage: Storage, key: str, file: Path) -> None:
    storage.put(key, file, media_type=media_type(key), cache_control="public, max-age=300")


def test_a_new_storage_is_empty(storage: Storage) -> None:
    assert list(storage.list()) == []


def test_what_was_put_is_listed_with_its_size_and_is_held(storage: Storage, file: Path) -> None:
    put(storage, "so/2023-03/index.html", file)
    (stored,) = storage.list()
    assert (stored.key, stored.bytes) == ("so/2023-03/index.html", file.stat().st_size)
    assert storage.holds(stored, file)


def test_other_words_of_the_same_length_are_not_held(storage: Storage, file: Path) -> None:
    put(storage, "index.html", file)
    (stored,) = storage.list()
    file.write_text("<p>Kính chào các cụ</p>".ljust(stored.bytes)[: stored.bytes], encoding="utf-8")
    assert not storage.holds(stored, file)


def test_a_second_put_replaces_the_first(storage: Storage, file: Path) -> None:
    put(storage, "index.html", file)
    file.write_text("mới", encoding="utf-8")
    put(storage, "index.html", file)
    (stored,) = storage.list()
    assert stored.bytes == len("mới".encode())
    assert storage.holds(stored, file)


def test_a_deleted_key_is_gone_and_may_be_deleted_again(storage: Storage, file: Path) -> None:
    put(storage, "so/2023-03/index.html", file)
    put(storage, "so/2023-04/index.html", file)
    storage.delete("so/2023-03/index.html")
    storage.delete("so/2023-03/index.html")
    assert [stored.key for stored in storage.list()] == ["so/2023-04/index.html"]


def test_a_file_of_several_parts_arrives_whole(storage: Storage, tmp_path: Path) -> None:
    sound = tmp_path / "long.mp3"
    sound.write_bytes(bytes(range(256)) * (17 * MIB // 256))
    put(storage, "m/long.mp3", sound)
    (stored,) = storage.list()
    assert stored.bytes == 17 * MIB


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../x", "a//b", "a\\b", "/", "số.html", ".", "a/./b"])
def test_a_key_that_leads_elsewhere_is_refused(storage: Storage, file: Path, key: str) -> None:
    with pytest.raises(StorageError, match="không thể đăng"):
        put(storage, key, file)
    with pytest.raises(StorageError, match="không thể đăng"):
        storage.delete(key)
    assert list(storage.list()) == []


def test_a_note_is_written_read_and_made_only_once(storage: Storage) -> None:
    assert storage.read("note.json") is None
    assert storage.create("note.json", b"first")
    assert not storage.create("note.json", b"second")
    assert storage.read("note.json") == b"first"
    storage.write("note.json", b"third")
    assert storage.read("note.json") == b"third"
    storage.delete("note.json")
    assert storage.create("note.json", b"fourth")


def test_what_is_stored_can_be_hashed(storage: Storage, file: Path) -> None:
    put(storage, "index.html", file)
    assert storage.sha256("index.html") == digest(file)
    assert storage.sha256("khong-co.html") == ""


def test_of_many_who_want_to_make_a_note_one_gets_it(storage: Storage) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: storage.create("lock", str(number).encode()), range(8)))
    assert made.count(True) == 1
    assert storage.read("lock") == str(made.index(True)).encode()


def test_parts_that_a_killed_run_left_are_given_up(bucket: Bucket) -> None:
    for key in ("an-phu/m/a.mp3", "of-others/a.mp3"):
        bucket._client.create_multipart_upload(Bucket=bucket.name, Key=key)
    assert bucket.abort_unfinished() == 1
    left = bucket._client.list_multipart_uploads(Bucket=bucket.name)["Uploads"]
    assert [each["Key"] for each in left] == ["of-others/a.mp3"]


def test_a_part_that_fails_leaves_no_upload_behind(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = tmp_path / "long.mp3"
    sound.write_bytes(bytes(17 * MIB))
    monkeypatch.setattr(parcels, "_in_base64", lambda found: "AAAAAAAAAAAAAAAAAAAAAA==")
    with pytest.raises(StorageError):
        put(bucket, "m/long.mp3", sound)
    assert not bucket._client.list_multipart_uploads(Bucket=bucket.name).get("Uploads")
    assert list(bucket.list()) == []


def test_a_folder_forgets_what_a_killed_run_left_half_written(tmp_path: Path, file: Path) -> None:
    folder = Folder(tmp_path / "public")
    put(folder, "index.html", file)
    (tmp_path / "public" / ".tmp-1-feed.xml").write_text("<rss>")
    assert [stored.key for stored in folder.list()] == ["index.html"]
    assert folder.abort_unfinished() == 1
    assert [each.name for each in (tmp_path / "public").iterdir()] == ["index.html"]


def test_a_full_disk_leaves_the_old_file_and_says_how_much_is_needed(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path / "public")
    put(folder, "index.html", file)
    before = file.read_bytes()
    file.write_bytes(bytes(3 * MIB))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="cần 3 MB, còn"):
        put(folder, "index.html", file)
    assert [(stored.key, stored.bytes) for stored in folder.list()] == [("index.html", len(before))]
    assert folder.read("index.html") == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "public"))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(NotWritable):
        put(Folder(tmp_path / "public"), "index.html", file)


def test_a_folder_leaves_no_empty_folders_behind(tmp_path: Path, file: Path) -> None:
    folder = Folder(tmp_path / "public")
    put(folder, "so/2023-03/index.html", file)
    put(folder, "so/index.html", file)
    folder.delete("so/2023-03/index.html")
    assert sorted(path.name for path in (tmp_path / "public" / "so").iterdir()) == ["index.html"]


def test_a_bucket_says_what_a_file_is_how_long_it_keeps_and_what_it_is_called(bucket: Bucket, file: Path) -> None:
    bucket.put(
        "index.html",
        file,
        media_type="text/html; charset=utf-8",
        cache_control="public, max-age=300",
        disposition="inline; filename=\"a.html\"; filename*=UTF-8''b%E1%BA%A3n.html",
    )
    said = bucket._client.head_object(Bucket=bucket.name, Key="an-phu/index.html")
    assert said["ContentType"] == "text/html; charset=utf-8"
    assert said["CacheControl"] == "public, max-age=300"
    assert said["ContentDisposition"] == "inline; filename=\"a.html\"; filename*=UTF-8''b%E1%BA%A3n.html"


def test_a_bucket_touches_nothing_outside_its_prefix(bucket: Bucket, file: Path) -> None:
    bucket._client.put_object(Bucket=bucket.name, Key="an-phuoc/index.html", Body=b"of others")
    put(bucket, "index.html", file)
    assert [stored.key for stored in bucket.list()] == ["index.html"]


def test_a_sum_that_does_not_fit_is_refused_by_the_store(
    bucket: Bucket, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "md5", lambda file: hashlib.md5(b"other"))
    with pytest.raises(StorageError, match="BadDigest"):
        put(bucket, "index.html", file)
    assert list(bucket.list()) == []


def refused(bucket: Bucket) -> StorageError:
    with pytest.raises(StorageError) as caught:
        list(bucket.list())
    assert caught.value.exit_code == 70
    return caught.value


def test_a_wrong_secret_is_told_without_showing_it(
    bucket: Bucket, open_bucket: Callable[..., Bucket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mat-khau-sai")
    error = refused(open_bucket(bucket.name))
    assert "không nhận khóa truy cập" in str(error)
    told = "".join(traceback.format_exception(error))
    assert "mat-khau-sai" not in told
    assert KEY not in told


def test_missing_credentials_are_told(open_bucket: Callable[..., Bucket], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "chưa có khóa truy cập" in str(refused(open_bucket("bulletin")))


@pytest.mark.parametrize("name", ["no-such-bucket", "Not A Bucket!"])
def test_a_bucket_that_is_not_there_is_told(open_bucket: Callable[..., Bucket], name: str) -> None:
    assert "không có bucket này" in str(refused(open_bucket(name)))


def test_a_store_that_does_not_answer_is_told(open_bucket: Callable[..., Bucket], closed_port: int) -> None:
    error = refused(open_bucket("bulletin", endpoint=f"http://127.0.0.1:{closed_port}"))
    assert "không nối được" in str(error)


def test_an_address_that_is_none_is_told(open_bucket: Callable[..., Bucket]) -> None:
    with pytest.raises(StorageError, match="địa chỉ kho lưu trữ không đúng"):
        open_bucket("bulletin", endpoint="kho của phường")


def test_a_target_is_a_folder_or_a_bucket(tmp_path: Path, credentials: None) -> None:
    assert isinstance(open_storage(str(tmp_path)), Folder)
    opened = open_storage("s3://bulletin/an-phu/", endpoint="http://127.0.0.1:1", region="us-east-1")
    assert isinstance(opened, Bucket)
    assert (opened.name, opened.prefix) == ("bulletin", "an-phu/")
    assert SECRET not in repr(vars(opened))


def test_people_can_read_what_was_put(bucket: Bucket, file: Path) -> None:
    put(bucket, "index.html", file)
    named = {"Bucket": bucket.name, "Key": "an-phu/index.html"}
    with urllib.request.urlopen(bucket._client.generate_presigned_url("get_object", Params=named)) as answer:
        assert answer.read() == file.read_bytes()
        assert answer.headers["Content-Type"].lower() == "text/html; charset=utf-8"
