"""audiobook.toml -> Settings; and the first audiobook.toml and lexicon.toml of a new library."""

import difflib
import json
import os
import re
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

import msgspec

from audiobook.errors import SettingsError, writing
from audiobook.model.loudspeaker import Broadcast
from audiobook.model.narration import Pauses, Tables
from audiobook.model.publication import Bulletin, Look, Podcast, Publisher, Site
from audiobook.podcast_settings import mistakes
from audiobook.settings_limits import check_broadcast, check_colour, check_least, check_pauses

PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""UUIDv5 namespace of podcast:guid (the Podcasting 2.0 namespace's documents)."""

BASE_URL_VARIABLE = "AUDIOBOOK_BASE_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """How one engine is used: who reads which part (of a chapter, by its id or title), and the engine's own options."""

    cast: Mapping[str, str] = field(default_factory=dict)
    chapters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSettings:
    """Which engine reads: ``auto`` is VieNeu where it can speak on this machine, else the embedded voice."""

    engine: str = "auto"
    workers: int = 0  # processes that read at the same time; 0: as many as cores and memory allow
    espeak: EngineChoice = EngineChoice()
    vieneu: EngineChoice = EngineChoice()
    tone: EngineChoice = EngineChoice()

    def of(self, engine: str) -> EngineChoice:
        """The choice made for an engine."""
        choice: EngineChoice = getattr(self, engine, EngineChoice())
        return choice


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSettings:
    """Where takes are kept ("" is the library's own cache; a folder may be shared by machines) and how much of them.

    ``chapters_gb``: how much of what is made from them is kept, chapters mastered and encoded.
    """

    takes: str = ""
    limit_gb: float = 20.0
    chapters_gb: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenSettings:
    """What ``produce --listen`` hears with: "vosk" or "faster-whisper", and the folder of its Vietnamese model."""

    recogniser: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSettings:
    """What is heard beside the voice, first and last ("chime", a sound file in the library, or "" for nothing)."""

    opening: str = "chime"
    closing: str = ""
    slow: bool = False  # a slower rendition of every issue beside the usual one


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """Where ``audiobook publish`` brings the site: a folder, a bucket, or both. Keys to a bucket never stand here."""

    folder: str = ""  # relative to the library
    bucket: str = ""
    prefix: str = ""
    endpoint: str = ""  # the store's address where it is not Amazon's
    region: str = ""
    path_style: bool = False
    keep_days: int = 90  # how long a file that nothing names any more stays for apps that know its address


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How ``audiobook serve`` answers. ``hosts``: names of the site besides base_url's and this machine's."""

    hosts: tuple[str, ...] = ()
    trusted_proxy: str = "127.0.0.1"  # the web server before this one, which tells who asks and whether by TLS
    metrics_open: bool = False  # /metrics for others than this machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of audiobook.toml."""

    publisher: Publisher
    podcast: Podcast
    site: Site
    voice: VoiceSettings = VoiceSettings()
    pauses: Pauses = field(default_factory=Pauses)
    tables: Tables = field(default_factory=Tables)
    words: Mapping[str, str] = field(default_factory=dict)
    sound: SoundSettings = SoundSettings()
    loudspeaker: Broadcast = field(default_factory=Broadcast)
    look: Look = field(default_factory=Look)
    cache: CacheSettings = CacheSettings()
    listen: ListenSettings = ListenSettings()
    publish: Publishing = Publishing()
    serve: Serving = Serving()

    @property
    def of_an_issue(self) -> "Settings":
        """All but where and by how many it is made, published and served, which makes no issue another one."""
        return replace(
            self,
            voice=replace(self.voice, workers=0),
            cache=CacheSettings(),
            listen=ListenSettings(),
            publish=Publishing(),
            serve=Serving(),
        )

    @property
    def bulletin(self) -> Bulletin:
        """What the shelf keeps of the settings."""
        return Bulletin(
            publisher=self.publisher,
            podcast=self.podcast,
            site=self.site,
            loudspeaker=self.loudspeaker,
            look=self.look,
        )


def load(file: Path, *, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read audiobook.toml; AUDIOBOOK_BASE_URL in the environment stands above its base_url.

    Raises:
        SettingsError: not TOML, an unknown key, a wrong type, a bad address; with the key's place.
    """
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            "không đọc được tệp cài đặt: viết sai.", thing=file, place=_in_lines(str(error)), advice=_HOW_TO_WRITE
        ) from error
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError("không đọc được tệp cài đặt.", thing=file, place=str(error)) from error
    _refuse_unknown_keys(tables, Settings, file=file, place="")
    try:
        settings = msgspec.convert(tables, Settings)
    except msgspec.ValidationError as error:
        message, place = _in_vietnamese(str(error))
        raise SettingsError(message, thing=file, place=place) from error
    return _checked(settings, file=file, base_url=environment.get(BASE_URL_VARIABLE, ""))


_HOW_TO_WRITE = 'Chữ nằm giữa hai dấu nháy thẳng "…", bật tắt là true hoặc false, danh sách nằm trong [ ].'


def _in_lines(message: str) -> str:
    """Where a TOML file is wrong, in Vietnamese.

    >>> _in_lines("Invalid value (at line 91, column 8)"), _in_lines("Unclosed array (at end of document)")
    ('dòng 91, cột 8', 'cuối tệp')
    """
    at = re.search(r"at line (\d+), column (\d+)", message)
    return f"dòng {at[1]}, cột {at[2]}" if at else "cuối tệp"


def write_new(folder: Path, *, publisher: Publisher, title: str, description: str, base_url: str) -> None:
    """Write the commented audiobook.toml and lexicon.toml of a new library; the podcast's guid is born here.

    Raises:
        SettingsError: an address that is none.
        DiskFull, NotWritable: nothing can be written there.
    """
    address = check_base_url(base_url, thing="--base-url")
    values = {
        **{f"publisher_{each.name}": getattr(publisher, each.name) for each in fields(publisher)},
        "title": title,
        "description": description,
        "base_url": address,
        "guid": str(podcast_guid(f"{address}/feed.xml")),
    }
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}
    with writing(folder):
        for name in ("audiobook.toml", "lexicon.toml"):
            words = Template(files("audiobook").joinpath("new_library", name).read_text("utf-8"))
            (folder / name).write_text(words.substitute(quoted), encoding="utf-8")


def podcast_guid(feed_url: str) -> uuid.UUID:
    """podcast:guid: UUIDv5 of the feed's address without scheme and trailing slashes.

    >>> podcast_guid("https://podnews.net/rss")
    UUID('9b024349-ccf0-5f69-a609-6b82873eab3c')
    """
    return uuid.uuid5(PODCAST_NAMESPACE, feed_url.split("://", 1)[-1].rstrip("/"))


def check_base_url(base_url: str, *, thing: str | Path, place: str = "") -> str:
    """The address under which the bulletin is served, without a trailing slash.

    Raises:
        SettingsError: not an http(s) address in ASCII.
    """
    parts = urlsplit(base_url)
    if not (base_url.isascii() and parts.scheme in ("http", "https") and parts.netloc and not parts.query):
        raise SettingsError(
            f"địa chỉ trang nghe không hợp lệ: {base_url!r}.",
            thing=thing,
            place=place,
            advice="Ví dụ đúng: https://bantin.example.vn",
        )
    return base_url.rstrip("/")


def _checked(settings: Settings, *, file: Path, base_url: str) -> Settings:
    for place, value in (
        ("publisher.name", settings.publisher.name),
        ("podcast.title", settings.podcast.title),
        ("podcast.guid", settings.podcast.guid),
    ):
        if not value.strip():
            raise SettingsError("không được để trống.", thing=file, place=place)
    check_broadcast(settings.loudspeaker, file)
    check_colour(settings.look.colour, file=file)
    check_pauses(settings.pauses, file)
    check_least(
        {
            "voice.workers": (settings.voice.workers, 0),
            "cache.limit_gb": (settings.cache.limit_gb, 0),
            "cache.chapters_gb": (settings.cache.chapters_gb, 0),
            "tables.rows": (settings.tables.rows, 1),
            "tables.columns": (settings.tables.columns, 1),
        },
        file,
    )
    for mistake in mistakes(settings.podcast, settings.publisher):
        raise SettingsError(mistake.text, thing=file, place=mistake.place, advice=mistake.advice)
    for previous in settings.site.previous_urls:
        check_base_url(previous, thing=file, place="site.previous_urls")
    thing = BASE_URL_VARIABLE if base_url else file
    address = check_base_url(base_url or settings.site.base_url, thing=thing, place="site.base_url")
    return replace(settings, site=replace(settings.site, base_url=address))


def _refuse_unknown_keys(tables: Mapping[str, Any], kind: type, *, file: Path, place: str) -> None:
    """Unknown keys of a dataclass pass msgspec unseen; an editor's typing error must not be ignored."""
    known = {each.name: each.type for each in fields(kind)}
    for key, value in tables.items():
        where = f"{place}{key}"
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            advice = f"Có phải {near[0]!r}?" if near else f"Có thể dùng: {', '.join(known)}."
            raise SettingsError("mục này không có.", thing=file, place=where, advice=advice)
        inner = known[key]
        if isinstance(inner, type) and is_dataclass(inner) and isinstance(value, dict):
            _refuse_unknown_keys(value, inner, file=file, place=f"{where}.")


_TYPES = {
    "str": "chữ (trong ngoặc kép)",
    "int": "số nguyên",
    "float": "số",
    "object": "một bảng [...]",
    "bool": "true hoặc false",
}


def _in_vietnamese(message: str) -> tuple[str, str]:
    """A sentence of msgspec's -> (what is wrong, the key)."""
    said, _, place = message.partition(" - at `")
    where = place.rstrip("`").removeprefix("$").removeprefix(".")
    words = said.replace("`", "").replace(",", "").split()
    if said.startswith("Object missing required field"):
        return f"thiếu mục {words[-1]}.", where
    if said.startswith("Expected") and "got" in words:
        wanted = " hoặc ".join(_TYPES.get(word, word) for word in words[1 : words.index("got")] if word != "|")
        return f"cần {wanted}, lại thấy {_TYPES.get(words[-1], words[-1])}.", where
    return said, where
