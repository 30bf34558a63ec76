"""A mistake in [podcast] is told when audiobook.toml is read: in Vietnamese, with the key, and with what it may mean."""

from pathlib import Path

import pytest

from audiobook import settings
from audiobook.directory import CATEGORIES, FREQUENCIES, category_names
from audiobook.errors import SettingsError
from audiobook.model.publication import Publisher


@pytest.fixture
def file(tmp_path: Path) -> Path:
    publisher = Publisher(name="Hội", licence_number="12", supplier="Tiếng Nói", email="bantin@anphu.example.vn")
    settings.write_new(tmp_path, publisher=publisher, title="Bản tin", description="", base_url="https://a.vn")
    return tmp_path / "audiobook.toml"


def write(file: Path, key: str, value: str) -> None:
    lines = file.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{key} ="))
    lines[at] = f'{key} = "{value}"'
    file.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "value", "place", "said"),
    [
        ("category", "Goverment", "podcast.category", "Có phải 'Government'?"),
        ("category", "news > politic", "podcast.category", "Có phải 'News > Politics'?"),
        ("category", "Politics", "podcast.category", "Politics"),
        ("category", "Chính quyền", "podcast.category", "Government"),
        ("category", "", "podcast.category", "Government"),
        ("frequency", "hàng tháng", "podcast.frequency", "Có phải 'hằng tháng'?"),
        ("location_geo", "21,0285;105,8542", "podcast.location_geo", "21.0285,105.8542"),
        ("location_geo", "121.5,105.8", "podcast.location_geo", "vĩ độ"),
        ("hub", "hub.example.vn", "podcast.hub", "WebSub"),
        ("guid", "ban-tin", "podcast.guid", "bản sao lưu"),
        ("description", "ă" * 2001, "podcast.description", "4002 byte"),
        ("email", "bantin anphu", "publisher.email", "thư điện tử"),
    ],
)
def test_a_value_that_apps_would_refuse_is_told_at_once(
    file: Path, key: str, value: str, place: str, said: str
) -> None:
    write(file, key, value)
    with pytest.raises(SettingsError) as caught:
        settings.load(file, environment={})
    assert caught.value.place == place
    assert said in str(caught.value)


def test_a_language_that_is_none_is_told(file: Path) -> None:
    text = file.read_text("utf-8").replace("[podcast] ", '[podcast]\nlanguage = "Tiếng Việt"\n# ')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"podcast\.language.*Tiếng Việt là vi"):
        settings.load(file, environment={})


@pytest.mark.parametrize("category", category_names())
def test_every_category_of_apples_list_is_taken(file: Path, category: str) -> None:
    write(file, "category", category)
    assert settings.load(file, environment={}).podcast.category == category


def test_a_category_is_taken_however_it_is_spaced(file: Path) -> None:
    write(file, "category", "News>Politics")
    assert settings.load(file, environment={}).podcast.category == "News>Politics"


def test_the_list_is_apples() -> None:
    assert (len(CATEGORIES), len(category_names())) == (19, 110)
    assert all(rule.startswith("FREQ=") for rule in FREQUENCIES.values())


def test_a_new_library_has_no_mistake(file: Path) -> None:
    assert settings.load(file, environment={}).podcast.category == "Government"
