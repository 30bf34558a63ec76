"""audiobook.toml: what a new one holds, and what is said of a bad one."""

import tomllib
from pathlib import Path

import pytest

from audiobook import settings
from audiobook.errors import SettingsError
from audiobook.model.publication import Publisher

PUBLISHER = Publisher(
    name='Nhà xuất bản "Bình Minh"',
    licence_number="12-2023/CXBIPH",
    supplier="Trung tâm \\ Văn hóa",
    phone="024 0000 1234",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    settings.write_new(
        tmp_path,
        publisher=PUBLISHER,
        title="Bản tin $5",
        description="Một dòng\nhai dòng",
        base_url="https://bantin.example.vn/",
    )
    return tmp_path


def changed(folder: Path, old: str, new: str) -> Path:
    file = folder / "audiobook.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def test_a_new_library_has_settings_that_load_with_every_value_kept(folder: Path) -> None:
    loaded = settings.load(folder / "audiobook.toml", environment={})
    assert loaded.publisher == PUBLISHER
    assert loaded.podcast.title == "Bản tin $5"
    assert loaded.podcast.description == "Một dòng\nhai dòng"
    assert loaded.site.base_url == "https://bantin.example.vn"
    assert loaded.voice.engine == "auto"


def test_a_new_lexicon_is_toml_and_empty(folder: Path) -> None:
    assert tomllib.loads((folder / "lexicon.toml").read_text("utf-8")) == {}


def test_the_podcast_is_born_with_the_guid_of_its_feed(folder: Path) -> None:
    loaded = settings.load(folder / "audiobook.toml", environment={})
    assert loaded.podcast.guid == str(settings.podcast_guid("https://bantin.example.vn/feed.xml"))


def test_the_guid_stays_when_the_address_changes(folder: Path) -> None:
    before = settings.load(folder / "audiobook.toml", environment={}).podcast.guid
    file = changed(folder, "https://bantin.example.vn", "https://nha-moi.example.vn")
    assert settings.load(file, environment={}).podcast.guid == before


def test_the_environment_stands_above_the_address(folder: Path) -> None:
    loaded = settings.load(folder / "audiobook.toml", environment={"AUDIOBOOK_BASE_URL": "http://127.0.0.1:8123/"})
    assert loaded.site.base_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ('engine = "auto"', "engine = 5", "voice.engine", "cần chữ"),
        ("sentence_ms = 700", 'sentence_ms = "lâu"', "pauses.sentence_ms", "cần số nguyên"),
        ("sentence_ms = 700", "sentense_ms = 700", "pauses.sentense_ms", "sentence_ms"),
        ("[sound]", "[soud]", "soud", "sound"),
        ('colour = "#7a1420"', 'colour = "đỏ"', "look.colour", "không phải mã màu"),
        ('colour = "#7a1420"', 'colour = "#ffcc00"', "look.colour", "nhạt quá"),
        ("guid =", "# guid =", "podcast", "thiếu mục guid"),
        ('base_url = "https://bantin.example.vn"', 'base_url = "bantin.example.vn"', "site.base_url", "địa chỉ"),
        ('base_url = "https://bantin.example.vn"', 'base_url = "https://bản-tin.vn"', "site.base_url", "địa chỉ"),
        ('title = "Bản tin $5"', 'title = "  "', "podcast.title", "để trống"),
        ("[site]", "[site", "dòng", "không đọc được"),
    ],
)
def test_a_bad_value_is_refused_with_its_place_and_words(
    folder: Path, old: str, new: str, place: str, said: str
) -> None:
    file = changed(folder, old, new)
    with pytest.raises(SettingsError) as refusal:
        settings.load(file, environment={})
    assert refusal.value.thing == str(file)
    assert place in refusal.value.place
    assert said in str(refusal.value)
    assert refusal.value.exit_code == 20


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("workers = 0", "workers = -3", "voice.workers"),
        ("limit_gb = 20", "limit_gb = -1", "cache.limit_gb"),
        ("chapters_gb = 10", "chapters_gb = -1", "cache.chapters_gb"),
        ("rows = 12", "rows = -1", "tables.rows"),
        ("sentence_ms = 700", "sentence_ms = -100", "pauses.sentence_ms"),
        ("chapter_ms = 2400", "chapter_ms = 100", "pauses.chapter_ms"),
    ],
)
def test_a_number_that_is_too_small_is_told_at_once(folder: Path, old: str, new: str, place: str) -> None:
    with pytest.raises(SettingsError, match="không được nhỏ hơn") as refusal:
        settings.load(changed(folder, old, new), environment={})
    assert place in str(refusal.value)


def test_what_is_no_toml_is_told_by_line_in_vietnamese(folder: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        settings.load(changed(folder, "slow = false", "slow = fasle"), environment={})
    assert "dòng" in str(refusal.value)
    assert "Invalid" not in str(refusal.value)
