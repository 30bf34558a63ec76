"""The feeds' bytes against the shelf -> what is wrong with them: the pre-flight before people get them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from audiobook.addresses import FEED, Addresses, media_path
from audiobook.errors import FeedFaulty, ShelfDamaged
from audiobook.library import Shelf
from audiobook.model.publication import Publication
from feeds.artwork import artwork
from feeds.checks.channel import channel_problems, document_problems
from feeds.checks.files import file_problems
from feeds.checks.items import address_problems, date_problems, identity_problems, item_problems, sameness_problems
from feeds.checks.problem import CHANNEL, Problem
from feeds.ledger import guid_problems, keep_guids
from feeds.rss import TITLES

_SHOWN = 30  # more faults than these are counted only


def refuse_faults(shelf: Shelf, *, now: datetime | None = None) -> int:
    """How many items the stored feed has with its archives, when nothing is wrong with any feed; their guids are kept.

    Raises:
        ShelfDamaged: there is no feed.
        FeedFaulty: one has faults; all of them are told.
    """
    file = shelf.folder / FEED
    if not file.is_file():
        raise ShelfDamaged("chưa có nguồn podcast.", thing=file, advice="Làm lại bằng: audiobook feed write")
    _refuse(tuple(stored_problems(shelf, now=now)), thing=str(file))
    keep_guids(shelf)
    return sum(data.count(b"<item>") for data in documents(shelf, FEED).values())


def refuse_public_faults(address: str, shelf: Shelf | None) -> int:
    """How many items the feed at a public address has, when nothing is wrong with it.

    Raises:
        FeedFaulty: it does not answer, or has faults; all of them are told.
    """
    from feeds.checks.public import asked, public_problems

    stored = b""
    if shelf:
        addresses = Addresses(shelf.bulletin().site.base_url)
        named = {addresses.of(feed): shelf.folder / feed for feed in TITLES}
        stored = named[address].read_bytes() if address in named and named[address].is_file() else b""
    _refuse(public_problems(address, stored=stored), thing=address)
    return asked(address).body.count(b"<item>")


def stored_problems(shelf: Shelf, *, now: datetime | None = None) -> Iterator[Problem]:
    """Everything that is wrong with what is stored: every feed with its archives, and the guids against the ledger."""
    yield from guid_problems(shelf)
    for feed in TITLES:
        if found := documents(shelf, feed):
            yield from check(shelf, found, feed=feed, now=now)


def _refuse(problems: Sequence[Problem], *, thing: str) -> None:
    if not problems:
        return
    told = "\n".join(f"  {each.place}: {each.text} [{each.code}]" for each in problems[:_SHOWN])
    more = f"\n  … và {len(problems) - _SHOWN} lỗi khác" if len(problems) > _SHOWN else ""
    raise FeedFaulty(
        f"nguồn podcast có {len(problems)} lỗi, chưa nên phát hành:\n{told}{more}\n",
        thing=thing,
        advice="Sửa xong, làm lại bằng: audiobook feed write",
    )


def documents(shelf: Shelf, feed: str) -> dict[str, bytes]:
    """The stored documents of one feed, by path, the feed itself last."""
    archives = sorted(shelf.folder.glob(f"{feed.removesuffix('.xml')}-page-*.xml"))
    files = [*archives, shelf.folder / feed]
    return {file.name: file.read_bytes() for file in files if file.is_file()}


def check(
    shelf: Shelf, feeds: Mapping[str, bytes], *, feed: str = FEED, now: datetime | None = None
) -> tuple[Problem, ...]:
    """Everything that is wrong with one feed of this shelf.

    Args:
        shelf: what the feed is made from.
        feeds: the feed's documents by path, its archives among them.
        feed: which one it is.
        now: the moment (aware) that no item may be after.

    Raises:
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    bulletin, on_shelf = shelf.bulletin(), (*shelf.publications(), *shelf.of_kind("correction"))
    picture = artwork(shelf, bulletin, on_shelf)
    sizes = _sizes(shelf, on_shelf)
    if picture and picture.file.is_file():
        sizes.setdefault(picture.path, picture.file.stat().st_size)
    problems, items = list[Problem](), list[Any]()
    for path, data in feeds.items():
        channel, found = _parsed(data)
        problems += found
        if channel is not None:
            problems += channel_problems(channel, bulletin, picture, feed=feed, path=path)
            problems += address_problems(channel, bulletin, sizes)
            items += channel.findall("item")
    publications = {each.guid: each for each in on_shelf}
    problems += date_problems(items, now=now or datetime.now(UTC))
    problems += item_problems(items, publications, bulletin, sizes)
    problems += sameness_problems(items)
    if feed == FEED and not any(each.code == "xml" for each in problems):
        problems += identity_problems(items, publications)
        for publication in on_shelf:
            problems += file_problems(publication, shelf) if publication.edition("mp3") else ()
    return tuple(problems)


def _sizes(shelf: Shelf, publications: tuple[Publication, ...]) -> dict[str, int]:
    """The size of every edition that is really there, by its path."""
    files = {media_path(edition): shelf.file(each, edition) for each in publications for edition in each.editions}
    return {path: file.stat().st_size for path, file in files.items() if file.is_file()}


def _parsed(data: bytes) -> tuple[Any, tuple[Problem, ...]]:
    """The channel, or None; and what is wrong with the document."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return None, (Problem(code="xml", place=CHANNEL, text=f"không phải XML đúng: {error.msg}"),)
    channel = root.find("channel")
    if channel is None:
        return None, (Problem(code="xml", place=CHANNEL, text="không phải nguồn RSS (thiếu channel)"),)
    return channel, tuple(document_problems(data, root))
