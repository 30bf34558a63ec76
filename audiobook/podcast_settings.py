"""[podcast] and [publisher] of audiobook.toml -> the first mistake that an app or directory would refuse, in Vietnamese."""

import difflib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from audiobook.directory import FREQUENCIES, category_names
from audiobook.model.publication import Podcast, Publisher

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")  # ISO 639, and a country of ISO 3166
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+")
_GEO = re.compile(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)")
_DESCRIPTION_BYTES = 4000  # Apple


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong with a key, and what to write instead."""

    place: str
    text: str
    advice: str = ""


def mistakes(podcast: Podcast, publisher: Publisher) -> Iterator[Mistake]:
    """Every value that a podcast app or Apple's directory would refuse."""
    yield from _identity(podcast)
    yield from _listed("podcast.category", _spaced(podcast.category), category_names(), of="danh mục của Apple")
    if podcast.frequency:
        yield from _listed("podcast.frequency", podcast.frequency, tuple(FREQUENCIES), of="những cách nói")
    if not _LANGUAGE.fullmatch(podcast.language):
        yield Mistake(
            place="podcast.language",
            text=f"mã ngôn ngữ không hợp lệ: {podcast.language!r}.",
            advice="Tiếng Việt là vi; tiếng Tày là tyz.",
        )
    if publisher.email and not _EMAIL.fullmatch(publisher.email):
        yield Mistake(place="publisher.email", text=f"không phải địa chỉ thư điện tử: {publisher.email!r}.")
    if (size := len(podcast.description.encode())) > _DESCRIPTION_BYTES:
        yield Mistake(
            place="podcast.description",
            text=f"lời giới thiệu dài {size} byte, ứng dụng chỉ nhận {_DESCRIPTION_BYTES}.",
            advice="Hãy viết ngắn lại; một chữ có dấu chiếm 2 đến 3 byte.",
        )
    yield from _place_and_hub(podcast)


def _identity(podcast: Podcast) -> Iterator[Mistake]:
    try:
        uuid.UUID(podcast.guid)
    except ValueError:
        yield Mistake(
            place="podcast.guid",
            text=f"không phải mã podcast: {podcast.guid!r}.",
            advice="Mã sinh ra cùng thư viện và không bao giờ đổi; hãy lấy lại từ bản sao lưu.",
        )


def _listed(place: str, value: str, known: tuple[str, ...], *, of: str) -> Iterator[Mistake]:
    if value in known:
        return
    by_fold = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(value.casefold(), by_fold, n=1, cutoff=0.5)
    mains = [name for name in known if ">" not in name]
    advice = f"Có phải {by_fold[near[0]]!r}?" if near else f"Có thể dùng: {', '.join(mains)}."
    yield Mistake(place=place, text=f"{value!r} không có trong {of}.", advice=advice)


def _place_and_hub(podcast: Podcast) -> Iterator[Mistake]:
    if podcast.location_geo:
        found = _GEO.fullmatch(podcast.location_geo)
        if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
            yield Mistake(
                place="podcast.location_geo",
                text=f"không phải vĩ độ, kinh độ: {podcast.location_geo!r}.",
                advice="Ví dụ đúng: 21.0285,105.8542",
            )
    if podcast.hub:
        parts = urlsplit(podcast.hub)
        if not (podcast.hub.isascii() and parts.scheme in ("http", "https") and parts.netloc):
            yield Mistake(place="podcast.hub", text=f"địa chỉ WebSub không hợp lệ: {podcast.hub!r}.")


def _spaced(category: str) -> str:
    return " > ".join(part.strip() for part in category.split(">"))
