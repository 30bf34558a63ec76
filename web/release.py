"""Library -> its site at every place where it is published, seen through its public address, and what is handed on."""

import hashlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from audiobook import settings
from audiobook.addresses import FEED, issue_path, media_path
from audiobook.errors import NothingToServe, SettingsError
from audiobook.library import Library, Shelf
from audiobook.model.publication import Publication
from audiobook.settings import Publishing
from feeds.check import refuse_faults
from feeds.rss import write as write_feed
from feeds.websub import ping
from web import public
from web.downloads import download_names
from web.handout import hand_on
from web.links import page_file
from web.plan import Plan
from web.publish import Order, publish
from web.publish import rehearse as rehearse_order
from web.staging import Staged, staged
from web.storage import Folder, Storage, open_storage

HANDOUT = "phat-hanh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an editor asks for. ``target``: a place instead of those in ``places``; ``withdraw``: an issue's id."""

    places: Publishing
    target: str = ""
    prune: bool = False
    withdraw: str = ""
    force: bool = False
    check: bool = True


def release(
    library: Library, wish: Wish, *, tell: Callable[[str], None], report: Callable[[str, int, int], None]
) -> None:
    """Publish everywhere, look at it as people will, and lay ready what is to be sent out.

    Raises:
        IssueBusy, NothingToServe, SettingsError, ShelfDamaged, StorageError: what was public before still holds together.
        FeedFaulty: the feed must not go out; likewise.
        HubRefused: all was sent, but the hub was not told.
        PublicDiffers: all was sent, but people get something else.
    """
    storages = places(library, wish.places, wish.target)
    withdrawn = library.withdraw(wish.withdraw) if wish.withdraw else None
    newest = _newest(library, may_be_empty=bool(withdrawn))
    refresh(library)
    if newest:
        refuse_faults(library.shelf)
    with staged(library) as site:
        for storage in storages:
            order = _order(library, wish, site, storage, withdrawn=withdrawn)
            planned = publish(order, storage, progress=lambda done, total: report("publishing", done, total))
            tell(f"{storage.label}: {summary(planned, done=True)}")
        if wish.check:
            keys, pages = worth_checking(planned, newest)
            base_url = library.shelf.bulletin().site.base_url
            count = public.check(planned.wanted, keys, base_url=base_url, pages=pages)
            tell(f"Đã xem lại {count} địa chỉ qua {base_url}: đúng như bản vừa đưa lên.")
        if told := ping(library.shelf):
            tell(f"Đã báo trung tâm WebSub {told} nguồn.")
        if newest and not withdrawn:
            folder = library.folder / HANDOUT / newest.issue.id
            tell(f"Để gửi đi: {hand_on(library.shelf, newest, folder, site=site.files)}")


def rehearse(library: Library, wish: Wish, *, tell: Callable[[str], None]) -> None:
    """Tell what ``release`` would put and delete; nothing is changed.

    Raises:
        AudiobookError: as ``release``.
    """
    if wish.withdraw:
        count = len(library.shelf.publication(wish.withdraw).editions)
        tell(f"Sẽ thu hồi số {wish.withdraw}: {count} tệp và mọi trang của số này.")
        return
    _newest(library, may_be_empty=False)
    refresh(library)
    with staged(library) as site:
        for storage in places(library, wish.places, wish.target):
            planned, _ = rehearse_order(_order(library, wish, site, storage), storage)
            tell(f"{storage.label}: {summary(planned, done=False)}")
            for put in planned.puts:
                tell(f"  gửi  {put.key or '(trang chủ)'}  {put.bytes:,} byte".replace(",", "."))
            for key in planned.deletes:
                tell(f"  xóa  {key}")


def summary(planned: Plan, *, done: bool) -> str:
    """A plan in one line."""
    sent, gone = ("đã gửi", "đã xóa") if done else ("sẽ gửi", "sẽ xóa")
    parts = [f"{sent} {len(planned.puts)} tệp ({planned.bytes / 1e6:.1f} MB)".replace(".", ",")]
    parts += [f"{gone} {len(planned.deletes)}", f"giữ nguyên {planned.unchanged}"]
    if waiting := len(planned.gone) - len(planned.deletes):
        parts.append(f"{waiting} tệp cũ còn được giữ")
    if planned.foreign:
        parts.append(f"{len(planned.foreign)} tệp của người khác, không đụng tới")
    return ", ".join(parts) + "."


def refresh(library: Library) -> None:
    """Bring the bulletin's data and the feed on the shelf to what the settings say now.

    Raises:
        SettingsError, ShelfDamaged: from the library.
    """
    shelf, chosen = library.shelf, settings.load(library.settings_file)
    cover = shelf.bulletin().cover  # the picture is production's to lay there
    shelf.keep_bulletin(replace(chosen.bulletin, cover=cover))
    write_feed(shelf)


def _newest(library: Library, *, may_be_empty: bool) -> Publication | None:
    publications = library.shelf.publications()
    if not publications and not may_be_empty:
        raise NothingToServe(
            "thư viện chưa có số nào đã làm xong.", thing=library.folder, advice="Chạy trước: audiobook produce MÃ-SỐ"
        )
    return publications[0] if publications else None


def _order(
    library: Library, wish: Wish, site: Staged, storage: Storage, *, withdrawn: Publication | None = None
) -> Order:
    return Order(
        site=site.for_storage(storage),
        podcast=library.shelf.bulletin().podcast.guid,
        owner=owner(library),
        today=datetime.now(UTC).date(),
        names=download_names(library.shelf),
        keep_days=wish.places.keep_days,
        prune=wish.prune,
        force=wish.force,
        at_once=belongs_to(withdrawn, *_corrections(library, withdrawn)) if withdrawn else lambda key: False,
    )


def places(library: Library, chosen: Publishing, target: str = "") -> tuple[Storage, ...]:
    """Where to publish: ``target`` if one is given, else the folder and the bucket of audiobook.toml.

    Raises:
        SettingsError: neither is given.
        StorageError: a bucket that cannot be opened.
    """
    opened = partial(open_storage, endpoint=chosen.endpoint, region=chosen.region, path_style=chosen.path_style)
    if target:
        return (opened(target),)
    found: list[Storage] = []
    if chosen.folder:
        found.append(Folder(library.folder / chosen.folder))
    if chosen.bucket:
        found.append(opened(f"s3://{chosen.bucket}/{chosen.prefix}"))
    if not found:
        raise SettingsError(
            "chưa nói phát hành lên đâu.",
            thing=library.settings_file,
            place="publish",
            advice='Ghi folder = "…" hoặc bucket = "…" trong mục [publish], hoặc: audiobook publish ĐÍCH',
        )
    return tuple(found)


def owner(library: Library) -> str:
    """A name for this library on this machine, that tells nobody where it is."""
    return hashlib.sha256(f"{socket.gethostname()}\0{library.folder.resolve()}".encode()).hexdigest()[:16]


def _corrections(library: Library, withdrawn: Publication) -> tuple[Publication, ...]:
    """The notices that went with an issue."""
    away = Shelf(library.folder / "withdrawn")
    return tuple(each for each in away.of_kind("correction") if each.corrects == withdrawn.issue.id)


def belongs_to(*publications: Publication) -> Callable[[str], bool]:
    """Whether a key is one of these issues': their pages in every folder, their short addresses, their editions."""
    media = {media_path(edition) for each in publications for edition in each.editions}
    ids = {each.issue.id for each in publications}
    begins = tuple(f"{each}." for each in ids)

    def is_its(key: str) -> bool:
        return key in media or any(part in ids or part.startswith(begins) for part in key.split("/"))

    return is_its


def worth_checking(planned: Plan, newest: Publication | None) -> tuple[list[str], list[str]]:
    """The keys to fetch through the public address, and the short addresses of pages."""
    pages = [""]
    keys = [put.key for put in planned.puts if "." in put.key.rpartition("/")[2]]  # the rest are short addresses
    keys += [page_file(""), FEED]
    if newest:
        pages.append(issue_path(newest.issue.id))
        keys += [page_file(issue_path(newest.issue.id))]
        keys += [media_path(edition) for kind in ("mp3", "vtt", "cover") if (edition := newest.edition(kind))]
    return [key for key in keys if key in planned.wanted], pages
