"""What can be made again is kept as long as there is room for it."""

import os
import time
from pathlib import Path

import pytest

from audiobook.room import kept, trim, used

HOUR = 3600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three chapters of 1,000 bytes, last used so many hours ago: each its sound and what is known of it."""
    for name, hours in (("moi", 0), ("cu", 50), ("giua", 5)):
        for suffix, size in ((".wav", 900), (".json", 100)):
            file = tmp_path / f"{name}{suffix}"
            file.write_bytes(bytes(size))
            os.utime(file, (time.time() - hours * HOUR, time.time() - hours * HOUR))
    return tmp_path


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_where_there_is_room_nothing_goes(folder: Path) -> None:
    assert trim([folder], limit_bytes=3000) == 0
    assert len(names(folder)) == 6


def test_what_was_not_used_for_the_longest_time_goes_first_with_all_that_belongs_to_it(folder: Path) -> None:
    assert trim([folder], limit_bytes=2999) == 1000
    assert names(folder) == {"moi.wav", "moi.json", "giua.wav", "giua.json"}


def test_what_may_be_in_use_stays_however_small_the_limit(folder: Path) -> None:
    assert trim([folder, folder / "khong-co"], limit_bytes=0) == 2000
    assert names(folder) == {"moi.wav", "moi.json"}


def test_what_is_used_again_is_as_new(folder: Path) -> None:
    used(folder / "cu.wav")
    trim([folder], limit_bytes=2000)
    assert names(folder) == {"moi.wav", "moi.json", "cu.wav", "cu.json"}


def test_what_was_made_is_kept_and_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    file, made = tmp_path / "kho" / "a", iter([b"one", b"two", b"three"])

    def next_one() -> bytes:
        return next(made)

    assert [kept(file, next_one), kept(file, next_one)] == [b"one", b"one"]
    file.write_bytes(file.read_bytes()[:-1] + b"E")
    assert [kept(file, next_one), kept(file, next_one)] == [b"two", b"two"]
    file.write_bytes(b"")
    assert kept(file, next_one) == b"three"
    assert names(tmp_path / "kho") == {"a"}


def test_what_no_disk_takes_is_made_every_time(tmp_path: Path) -> None:
    (tmp_path / "kho").write_text("no folder")
    made = iter([b"one", b"two"])
    assert [kept(tmp_path / "kho" / "a", lambda: next(made)) for _ in range(2)] == [b"one", b"two"]
