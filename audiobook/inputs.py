"""What an editor wrote beside the manuscript -> values for the steps, and the fingerprint of all of it."""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from audiobook.casting import Studio
from audiobook.disk import store
from audiobook.errors import SettingsError
from audiobook.library import Library
from audiobook.model.narration import Narration
from audiobook.model.publication import Bulletin
from audiobook.recording import Sounds
from audiobook.settings import Settings

if TYPE_CHECKING:  # what reading needs is loaded where it is read, not by who only asks whether anything changed
    from audiobook.people import Readers
    from audiobook.spoken.lexicon import Lexicon
    from audiobook.spoken.memory import Memory
    from audiobook.spoken.prepare import Prepared
    from audiobook.spoken.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """issue.toml: what an editor said of an issue when it was added."""

    number: int
    date: date
    title: str = ""


def facts(folder: Path) -> Facts:
    """Read issues/<id>/issue.toml.

    Raises:
        SettingsError: missing or not as it should be.
    """
    file = folder / "issue.toml"
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Facts)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(
            "không đọc được thông tin của số này.",
            thing=file,
            place=str(error),
            advice="Tệp cần có: number = 3 và date = 2023-03-30",
        ) from error


def bulletin(library: Library, chosen: Settings) -> Bulletin:
    """The bulletin as it stands on the shelf; its own picture is laid there, named by its content.

    Raises:
        SettingsError: podcast.cover names no file.
        PictureDamaged: it is no picture.
    """
    if not chosen.podcast.cover:
        return chosen.bulletin
    from audiobook.editions.cover import square

    file = library.folder / chosen.podcast.cover
    if not file.is_file():
        place = f"podcast.cover = {chosen.podcast.cover!r}"
        raise SettingsError("không có tệp ảnh này.", thing=library.settings_file, place=place)
    picture = square(file)
    name = f"cover.{hashlib.sha256(picture).hexdigest()[:8]}.jpg"
    store(library.shelf.folder / name, picture)
    return replace(chosen.bulletin, cover=name)


def logo(library: Library, chosen: Settings) -> Path | None:
    """The publisher's logo, or none.

    Raises:
        SettingsError: look.logo names no file.
    """
    name = chosen.look.logo
    file = library.folder / name
    if name and not file.is_file():
        raise SettingsError("không có tệp ảnh này.", thing=library.settings_file, place=f"look.logo = {name!r}")
    return file if name else None


def words(chosen: Settings, file: Path) -> "Words":
    """The templates of opening, announcements and closing, as far as audiobook.toml has its own.

    Raises:
        SettingsError: a name that there is not.
    """
    from audiobook.spoken.words import Words

    known = {each.name for each in fields(Words)}
    for name in chosen.words:
        if name not in known:
            raise SettingsError(
                "mục này không có.",
                thing=file,
                place=f"words.{name}",
                advice=f"Có thể dùng: {', '.join(sorted(known))}.",
            )
    return Words(**chosen.words)


def lexicon(library: Library, folder: Path) -> "Lexicon":
    """The lexicon at its three levels: built in < library < issue."""
    from audiobook.spoken.lexicon import load

    return load(*(file for file in (library.lexicon_file, folder / "lexicon.toml") if file.is_file()))


def readers(library: Library, folder: Path, prepared: "Prepared", *, chosen: Settings) -> "Readers":
    """The issue with the recordings of people that lie beside its manuscript.

    Raises:
        SettingsError: a recording that is none.
    """
    from audiobook.people import with_people

    return with_people(
        prepared.issue,
        prepared.narration,
        folder=folder,
        words=words(chosen, library.settings_file).human_voice,
        pauses=chosen.pauses,
        lexicon=lexicon(library, folder),
        cache=library.cache,
    )


def loudspeaker(library: Library, folder: Path, readers: "Readers", *, chosen: Settings) -> Narration:
    """What horns say of the issue.

    Raises:
        SettingsError: a template that cannot be filled.
    """
    from audiobook.spoken.loudspeaker import prepare_loudspeaker

    return prepare_loudspeaker(
        readers.issue,
        readers.narration,
        bulletin=chosen.bulletin,
        words=words(chosen, library.settings_file),
        pauses=chosen.pauses,
        lexicon=lexicon(library, folder),
    )


def sounds(library: Library, chosen: Settings) -> Sounds:
    """The sounds before the opening and behind the closing: files of the library, the chime, or none.

    Raises:
        SettingsError: a file is not there.
    """
    return Sounds(
        opening=_sound(library, chosen.sound.opening, place="sound.opening"),
        closing=_sound(library, chosen.sound.closing, place="sound.closing"),
    )


def _sound(library: Library, name: str, *, place: str) -> Path | None:
    if not name:
        return None
    file = library.folder / name
    if name == "chime":
        return Path(name)
    if not file.is_file():
        raise SettingsError("không có tệp âm thanh này.", thing=library.settings_file, place=f"{place} = {name!r}")
    return file


def fingerprint(library: Library, folder: Path, *, chosen: Settings, studio: Studio, kinds: tuple[str, ...]) -> str:
    """SHA-256 over all that an issue is made from: what was written, the settings, the voice, and this program."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        _feed(digest, file.relative_to(folder).as_posix(), file.read_bytes())
    heard = sounds(library, chosen)
    for outside in (library.lexicon_file, heard.opening, heard.closing, logo(library, chosen)):
        if outside and outside.is_file():
            _feed(digest, outside.name, outside.read_bytes())
    _feed(digest, "settings", msgspec.json.encode(chosen.of_an_issue, order="deterministic"))
    _feed(digest, "voice", msgspec.json.encode((studio.spec, studio.cast, kinds), order="deterministic"))
    _feed(digest, "program", program().encode())
    return digest.hexdigest()


def memory(library: Library) -> "Memory":
    """What was decided of a library's chapters before."""
    from audiobook.spoken.memory import Memory

    return Memory(library.cache / "readings", program=f"{program()} {version('sea-g2p')}")


def program() -> str:
    """SHA-256 over our own code, tables and templates: another version may read or lay out otherwise."""
    digest = hashlib.sha256()
    for resource in _resources(files("audiobook")):
        _feed(digest, resource.name, resource.read_bytes())
    return digest.hexdigest()


def _feed(digest: "hashlib._Hash", name: str, data: bytes) -> None:
    digest.update(f"{name}\0{len(data)}\0".encode() + data)


def _resources(folder: Traversable) -> Iterator[Traversable]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir() and not each.name.startswith("__"):
            yield from _resources(each)
        elif each.is_file() and not each.name.endswith((".pyc", ".ttf")):
            yield each
