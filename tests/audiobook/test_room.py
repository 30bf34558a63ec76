"""What can be made again is kept as long as there is room for it."""

import os
import time
from pathlib import Path

import pytest

from audiobook.room import trim, used

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
