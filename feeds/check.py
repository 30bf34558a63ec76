"""A feed's bytes against the shelf -> what is wrong with it: the pre-flight before people get it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from lxml import etree

from audiobook.addresses import FEED, Addresses, media_path
from audiobook.errors import AudiobookError, ShelfDamaged
from audiobook.library import Shelf
from audiobook.model.publication import Bulletin, Publication
from feeds.artwork import Artwork, artwork
from feeds.podcasting import NAMESPACES, play_time
from feeds.wording import DESCRIPTION_BYTES

_CLOCKS_DIFFER = timedelta(minutes=5)  # apps drop items dated in the future; clocks are never quite the same
_ART_PIXELS = range(1400, 3001)  # Apple


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, and where: ``place`` is an issue's id, or "kênh" for the channel."""

    code: str
    place: str
    text: str


def refuse_faults(shelf: Shelf) -> int:
    """How many items the stored feed has, when nothing is wrong with it.

    Raises:
        ShelfDamaged: there is no feed.
        AudiobookError: it has faults; all of them are told.
    """
    file = shelf.folder / FEED
    if not file.is_file():
        raise ShelfDamaged("chưa có nguồn podcast.", thing=file, advice="Làm lại bằng: audiobook feed write")
    feed = file.read_bytes()
    if problems := check(shelf, feed):
        told = "\n".join(f"  {each.place}: {each.text} [{each.code}]" for each in problems)
        raise AudiobookError(
            f"nguồn podcast có {len(problems)} lỗi, chưa nên phát hành:\n{told}\n",
            thing=file,
            advice="Sửa xong, làm lại bằng: audiobook feed write",
        )
    return feed.count(b"<item>")


def check(shelf: Shelf, feed: bytes, *, now: datetime | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a feed of this shelf; ``now`` (aware) is the moment that no item may be after.

    Raises:
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        root = etree.fromstring(feed, parser)
    except etree.XMLSyntaxError as error:
        return (Problem(code="xml", place="kênh", text=f"không phải XML đúng: {error.msg}"),)
    channel = root.find("channel")
    if channel is None:
        return (Problem(code="xml", place="kênh", text="không phải nguồn RSS (thiếu channel)"),)
    on_shelf = shelf.publications()
    publications = {publication.guid: publication for publication in on_shelf}
    picture = artwork(shelf, shelf.bulletin(), on_shelf)
    return (
        *_bytes(feed, root),
        *_channel(channel, shelf.bulletin(), picture),
        *_identities(channel, publications),
        *_dates(channel, now=now or datetime.now(UTC)),
        *_items(channel, publications, shelf=shelf),
        *_addresses(channel, publications, shelf=shelf, picture=picture),
    )


def _bytes(feed: bytes, root: Any) -> Iterator[Problem]:
    if feed.startswith(b"\xef\xbb\xbf"):
        yield Problem(code="bom", place="kênh", text="tệp bắt đầu bằng dấu BOM, nhiều ứng dụng không đọc được")
    if root.getroottree().docinfo.doctype:
        yield Problem(code="doctype", place="kênh", text="tệp có DOCTYPE, ứng dụng nghe có thể từ chối")


def _channel(channel: Any, bulletin: Bulletin, picture: Artwork | None) -> Iterator[Problem]:
    for name, said in (
        ("title", "tên"),
        ("link", "địa chỉ trang"),
        ("description", "lời giới thiệu"),
        ("language", "ngôn ngữ"),
    ):
        if len(channel.findall(name)) != 1 or not _text(channel, name):
            yield Problem(code=f"channel-{name}", place="kênh", text=f"cần đúng một {said} ({name})")
    yield from _description(channel, "kênh")
    own = Addresses(bulletin.site.base_url).of(FEED)
    links = [link.get("href") for link in channel.findall("atom:link", NAMESPACES) if link.get("rel") == "self"]
    if links != [own]:
        yield Problem(code="self-link", place="kênh", text=f"địa chỉ của chính nguồn phải là {own}")
    if _text(channel, "podcast:guid") != bulletin.podcast.guid:
        yield Problem(
            code="podcast-guid", place="kênh", text="mã podcast khác với mã của thư viện; không bao giờ được đổi"
        )
    if channel.find("podcast:txt[@purpose='ai-content']", NAMESPACES) is None:
        yield Problem(code="ai-content", place="kênh", text="chưa ghi rằng giọng đọc là nhân tạo")
    yield from _picture(channel, bulletin, picture)


def _picture(channel: Any, bulletin: Bulletin, picture: Artwork | None) -> Iterator[Problem]:
    named = channel.find("itunes:image", NAMESPACES)
    if picture is None or named is None or not picture.file.is_file():
        yield Problem(code="picture-missing", place="kênh", text="chưa có ảnh bìa của bản tin")
        return
    if named.get("href") != Addresses(bulletin.site.base_url).of(picture.path):
        yield Problem(code="picture-address", place="kênh", text="địa chỉ ảnh bìa không phải là ảnh trên giá")
    yield from _pixels(picture.file, "kênh")


def _pixels(file: Path, place: str) -> Iterator[Problem]:
    from PIL import Image

    try:
        with Image.open(file) as opened:
            kind, mode, (width, height) = opened.format, opened.mode, opened.size
    except OSError:
        yield Problem(code="picture-damaged", place=place, text=f"không mở được ảnh bìa {file.name}")
        return
    if width != height or width not in _ART_PIXELS:
        text = f"ảnh bìa {file.name} phải vuông, mỗi cạnh 1400 đến 3000 điểm; ảnh này {width}×{height}"
        yield Problem(code="picture-size", place=place, text=text)
    if kind not in ("JPEG", "PNG") or mode != "RGB":
        yield Problem(code="picture-kind", place=place, text=f"ảnh bìa {file.name} phải là JPEG hoặc PNG, màu RGB")


def _identities(channel: Any, publications: dict[str, Publication]) -> Iterator[Problem]:
    guids = Counter(_text(item, "guid") for item in channel.iterfind("item"))
    for guid in sorted(guid for guid, times in guids.items() if times > 1):
        yield Problem(code="guid-twice", place=guid, text="hai số có cùng một mã (guid)")
    for guid in sorted(set(guids) - set(publications)):
        yield Problem(code="guid-unknown", place=guid, text="mã (guid) này không có trên giá")
    for guid, publication in publications.items():
        if publication.edition("mp3") and guid not in guids:
            yield Problem(
                code="item-missing", place=publication.issue.id, text="số này có trên giá mà không có trong nguồn"
            )


def _dates(channel: Any, *, now: datetime) -> Iterator[Problem]:
    seen: dict[datetime, str] = {}
    for item in channel.iterfind("item"):
        place = _text(item, "guid")
        try:
            date = parsedate_to_datetime(_text(item, "pubDate"))
        except ValueError:
            yield Problem(
                code="date", place=place, text=f"ngày phát hành “{_text(item, 'pubDate')}” không đúng RFC 2822"
            )
            continue
        if date > now + _CLOCKS_DIFFER:
            yield Problem(code="date-future", place=place, text=f"ngày phát hành {date:%d/%m/%Y %H:%M} còn ở tương lai")
        if date in seen:
            yield Problem(code="date-twice", place=place, text=f"cùng ngày giờ phát hành với {seen[date]}")
        seen.setdefault(date, place)


def _items(channel: Any, publications: dict[str, Publication], *, shelf: Shelf) -> Iterator[Problem]:
    addresses = Addresses(shelf.bulletin().site.base_url)
    for item in channel.iterfind("item"):
        if publication := publications.get(_text(item, "guid")):
            yield from _description(item, publication.issue.id)
            yield from _enclosure(item, publication, shelf=shelf, addresses=addresses)
            yield from _duration(item, publication)
            yield from _chapters(item, publication, shelf=shelf)


def _addresses(
    channel: Any, publications: dict[str, Publication], *, shelf: Shelf, picture: Artwork | None
) -> Iterator[Problem]:
    """Every medium that the feed names stands on the shelf, and no two items share their sound."""
    addresses = Addresses(shelf.bulletin().site.base_url)
    there = {picture.path} if picture else set()
    for each in publications.values():
        there |= {media_path(edition) for edition in each.editions if shelf.file(each, edition).is_file()}
    for element in channel.iter(etree.Element):
        address = element.get("url") or element.get("href") or ""
        if address.startswith(addresses.of("m/")) and address.removeprefix(addresses.of("")) not in there:
            yield Problem(code="address-missing", place="kênh", text=f"{address} không có trên giá")
    sounds = Counter(enclosure.get("url", "") for enclosure in channel.iterfind("item/enclosure"))
    for address in sorted(address for address, times in sounds.items() if times > 1):
        yield Problem(code="enclosure-twice", place="kênh", text=f"hai số cùng một tệp âm thanh {address}")


def _description(parent: Any, place: str) -> Iterator[Problem]:
    size = len(_text(parent, "description").encode())
    if size > DESCRIPTION_BYTES:
        text = f"lời giới thiệu dài {size} byte, quá {DESCRIPTION_BYTES}"
        yield Problem(code="description-long", place=place, text=text)


def _enclosure(item: Any, publication: Publication, *, shelf: Shelf, addresses: Addresses) -> Iterator[Problem]:
    place, found, sound = publication.issue.id, item.findall("enclosure"), publication.edition("mp3")
    if len(found) != 1 or sound is None:
        yield Problem(code="enclosure", place=place, text="cần đúng một tệp âm thanh")
        return
    address, file = found[0].get("url", ""), shelf.file(publication, sound)
    if address != addresses.of(media_path(sound)) or not address.isascii():
        yield Problem(
            code="enclosure-address", place=place, text=f"địa chỉ âm thanh {address} không phải của tệp trên giá"
        )
    if not file.is_file():
        yield Problem(code="enclosure-missing", place=place, text=f"thiếu tệp âm thanh {file.name}")
    elif found[0].get("length") != str(file.stat().st_size):
        text = f"độ dài tệp âm thanh ghi {found[0].get('length')} byte, thật là {file.stat().st_size}"
        yield Problem(code="enclosure-length", place=place, text=text)


def _duration(item: Any, publication: Publication) -> Iterator[Problem]:
    said, true = _text(item, "itunes:duration"), publication.timeline.duration_ms / 1000
    if not said.isascii() or not said.isdigit() or abs(int(said) - true) > 1:
        text = f"thời lượng ghi “{said}” giây, thật là {true:.1f}"
        yield Problem(code="duration", place=publication.issue.id, text=text)


def _chapters(item: Any, publication: Publication, *, shelf: Shelf) -> Iterator[Problem]:
    place, cues = publication.issue.id, publication.timeline.chapters
    shown = [chapter.get("start") for chapter in item.iterfind("psc:chapters/psc:chapter", NAMESPACES)]
    if shown != [play_time(cue.start_ms) for cue in cues]:
        yield Problem(code="chapters-psc", place=place, text="các chương trong nguồn khác với bản ghi âm")
    edition = publication.edition("chapters-json")
    if edition is None:
        yield Problem(code="chapters-missing", place=place, text="chưa có tệp chương (chapters-json)")
    elif _chapters_of(shelf.file(publication, edition)) != [(cue.start_ms, cue.title) for cue in cues]:
        yield Problem(code="chapters-json", place=place, text="tệp chương khác với bản ghi âm")


def _chapters_of(file: Path) -> list[tuple[int, str]] | None:
    try:
        return [(round(each["startTime"] * 1000), each["title"]) for each in json.loads(file.read_bytes())["chapters"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _text(parent: Any, name: str) -> str:
    return (parent.findtext(name, default="", namespaces=NAMESPACES) or "").strip()
