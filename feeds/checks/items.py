"""Items -> what is wrong with who they are, when they are dated, and the sound that they bring."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from audiobook.addresses import Addresses, media_path
from audiobook.model.publication import Bulletin, Publication
from feeds.checks.channel import description_problems
from feeds.checks.problem import CHANNEL, Problem, text_of
from feeds.podcasting import NAMESPACES
from feeds.tags import play_time
from feeds.wording import line

_CLOCKS_DIFFER = timedelta(minutes=5)  # apps drop items dated in the future; clocks are never quite the same


def identity_problems(items: Sequence[Any], publications: Mapping[str, Publication]) -> Iterator[Problem]:
    """Items that are two, none, or not of this shelf."""
    guids = Counter(text_of(item, "guid") for item in items)
    for guid in sorted(guid for guid, times in guids.items() if times > 1):
        yield Problem(code="guid-twice", place=guid, text="hai số có cùng một mã (guid)")
    for guid in sorted(set(guids) - set(publications)):
        yield Problem(code="guid-unknown", place=guid, text="mã (guid) này không có trên giá")
    for guid, publication in publications.items():
        if publication.edition("mp3") and guid not in guids:
            yield Problem(
                code="item-missing", place=publication.issue.id, text="số này có trên giá mà không có trong nguồn"
            )


def sameness_problems(items: Sequence[Any]) -> Iterator[Problem]:
    """A guid or a sound that two items share."""
    for code, name, found in (
        ("guid-twice", "mã (guid)", [text_of(item, "guid") for item in items]),
        (
            "enclosure-twice",
            "tệp âm thanh",
            [each.get("url", "") for item in items for each in item.findall("enclosure")],
        ),
    ):
        for value in sorted(value for value, times in Counter(found).items() if times > 1):
            yield Problem(code=code, place=CHANNEL, text=f"hai mục cùng một {name} {value}")


def date_problems(items: Sequence[Any], *, now: datetime) -> Iterator[Problem]:
    """Dates that apps cannot read, hide, or cannot order by."""
    seen: dict[datetime, str] = {}
    for item in items:
        place = text_of(item, "guid")
        try:
            date = parsedate_to_datetime(text_of(item, "pubDate"))
        except ValueError:
            yield Problem(
                code="date", place=place, text=f"ngày phát hành “{text_of(item, 'pubDate')}” không đúng RFC 2822"
            )
            continue
        if date > now + _CLOCKS_DIFFER:
            yield Problem(code="date-future", place=place, text=f"ngày phát hành {date:%d/%m/%Y %H:%M} còn ở tương lai")
        if date in seen:
            yield Problem(code="date-twice", place=place, text=f"cùng ngày giờ phát hành với {seen[date]}")
        seen.setdefault(date, place)


def item_problems(
    items: Sequence[Any], publications: Mapping[str, Publication], bulletin: Bulletin, sizes: Mapping[str, int]
) -> Iterator[Problem]:
    """What an item says of its sound; ``sizes``: of the media on the shelf in bytes, by path."""
    addresses = Addresses(bulletin.site.base_url)
    for item in items:
        publication = publications.get(text_of(item, "guid"))
        place = publication.issue.id if publication else text_of(item, "guid")
        yield from description_problems(item, place)
        yield from _enclosure(item, place, sizes=sizes, addresses=addresses)
        if publication:
            yield from _own_sound(item, publication, addresses=addresses)
            yield from _duration(item, publication)
            yield from _chapters(item, publication)


def address_problems(channel: Any, bulletin: Bulletin, there: Mapping[str, int]) -> Iterator[Problem]:
    """Media that the feed names and the shelf does not have."""
    addresses = Addresses(bulletin.site.base_url)
    for element in channel.iter():
        for attribute in ("url", "href", "uri"):
            address = element.get(attribute) or ""
            if address.startswith(addresses.of("m/")) and address.removeprefix(addresses.of("")) not in there:
                yield Problem(code="address-missing", place=CHANNEL, text=f"{address} không có trên giá")


def _enclosure(item: Any, place: str, *, sizes: Mapping[str, int], addresses: Addresses) -> Iterator[Problem]:
    found = item.findall("enclosure")
    if len(found) != 1:
        yield Problem(code="enclosure", place=place, text="cần đúng một tệp âm thanh")
        return
    address, length, kind = (found[0].get(name, "") for name in ("url", "length", "type"))
    size = sizes.get(address.removeprefix(addresses.of("")))
    if not address.isascii() or kind != "audio/mpeg":
        yield Problem(
            code="enclosure-address", place=place, text=f"địa chỉ hoặc loại âm thanh không hợp lệ: {address} {kind}"
        )
    if size is None:
        yield Problem(code="enclosure-missing", place=place, text=f"thiếu tệp âm thanh {Path(address).name}")
    elif length != str(size):
        text = f"độ dài tệp âm thanh ghi {length} byte, thật là {size}"
        yield Problem(code="enclosure-length", place=place, text=text)


def _own_sound(item: Any, publication: Publication, *, addresses: Addresses) -> Iterator[Problem]:
    sound = publication.edition("mp3")
    named = [each.get("url") for each in item.findall("enclosure")]
    if sound is None or named != [addresses.of(media_path(sound))]:
        text = f"âm thanh {named} không phải của số này trên giá"
        yield Problem(code="enclosure-address", place=publication.issue.id, text=text)


def _duration(item: Any, publication: Publication) -> Iterator[Problem]:
    said, true = text_of(item, "itunes:duration"), publication.timeline.duration_ms / 1000
    if not said.isascii() or not said.isdigit() or abs(int(said) - true) > 1:
        text = f"thời lượng ghi “{said}” giây, thật là {true:.1f}"
        yield Problem(code="duration", place=publication.issue.id, text=text)


def _chapters(item: Any, publication: Publication) -> Iterator[Problem]:
    shown = [
        (chapter.get("start"), " ".join(chapter.get("title", "").split()))
        for chapter in item.iterfind("psc:chapters/psc:chapter", NAMESPACES)
    ]
    true = [(play_time(cue.start_ms), line(cue.title)) for cue in publication.timeline.chapters]
    if shown != true:
        text = "các chương trong nguồn khác với bản ghi âm"
        yield Problem(code="chapters-psc", place=publication.issue.id, text=text)
