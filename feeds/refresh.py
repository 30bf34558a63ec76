"""The shelf -> the stored items of it, made anew where a publication, its date or the settings changed."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from audiobook.addresses import FEED, FEED_ARTICLES, media_path
from audiobook.library import Shelf
from audiobook.model.publication import Bulletin, Publication
from feeds.contents import contents, stamps
from feeds.items import Item, article_items, issue_item
from feeds.stored import Facts, StoredItems, moment
from feeds.text import batches, item_texts


def refresh(stored: StoredItems, shelf: Shelf, bulletin: Bulletin) -> tuple[Facts, ...]:
    """Bring the stored items to what the shelf is; what is known of each publication with sound, newest first.

    Raises:
        ShelfDamaged: what stands on the shelf cannot be read.
    """
    known, there = stored.facts(), stamps(shelf)
    stored.forget([each for each in known if each not in there])
    kept = {each: facts for each, facts in known.items() if there.get(each) == facts.stamp}
    with _without_garbage_collection():
        for ids in batches([each for each in there if each not in kept]):
            read = [contents(shelf, each) for each in ids]
            made = [facts_of(publication, stamp=there[each]) for publication, each in zip(read, ids, strict=True)]
            _make(read, made, stored, bulletin)
            kept |= {each.id: each for each in made}
    facts = dated(kept.values())
    for moved in batches([each for each in facts if kept[each.id] != each]):  # seldom: a date was taken
        _make([contents(shelf, each.id) for each in moved], moved, stored, bulletin)
    return tuple(sorted((each for each in facts if each.heard), key=_age, reverse=True))


def items_of(publication: Publication, bulletin: Bulletin, facts: Facts) -> dict[str, tuple[Item, ...]]:
    """The items that stand for a publication in each feed; a correction is told in both.

    A publication without an MP3 has nothing to be heard and is left out.
    """
    if not facts.heard:
        return {}
    whole = (issue_item(publication, bulletin, when=moment(facts.at)),)
    if publication.kind != "issue":
        return {FEED: whole, FEED_ARTICLES: whole}
    articles = article_items(publication, bulletin, when=moment(facts.articles_at)) if facts.articles else ()
    return {FEED: whole, FEED_ARTICLES: articles}


def facts_of(publication: Publication, *, stamp: str = "") -> Facts:
    """What has to be known of a publication without opening it."""
    published, cover = int(publication.published.timestamp()), publication.edition("cover")
    return Facts(
        id=publication.issue.id,
        stamp=stamp,
        kind=publication.kind,
        heard=publication.edition("mp3") is not None,
        articles=sum(each.kind == "mp3-article" for each in publication.editions),
        cover=media_path(cover) if cover else "",
        published=published,
        changed=int(publication.changed.timestamp()),
        at=published,
        articles_at=published,
    )


def dated(found: Iterable[Facts]) -> list[Facts]:
    """With dates in whole seconds, no two alike: apps order by date. The older one of two keeps its own.

    Articles are dated a second apart from the issue's date backwards, so that an issue may need more room.
    """
    dated, at, articles_at = [], 0, 0
    for facts in sorted(found, key=_age):
        if facts.heard:
            at = max(facts.published, at + 1)
            articles_at = max(facts.published, articles_at + max(1, facts.articles))
            same = (facts.at, facts.articles_at) == (at, articles_at)
            dated.append(facts if same else facts._replace(at=at, articles_at=articles_at))
        else:
            dated.append(facts)
    return dated


def _age(facts: Facts) -> tuple[int, str]:
    return facts.published, facts.id


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Nothing here refers to itself in a circle, and looking for circles among so much takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _make(read: Sequence[Publication], known: Sequence[Facts], stored: StoredItems, bulletin: Bulletin) -> None:
    made = [items_of(publication, bulletin, facts) for publication, facts in zip(read, known, strict=True)]
    texts = iter(item_texts(bulletin, [item for items in made for each in items.values() for item in each]))
    written = [{feed: [(item.when, next(texts)) for item in each] for feed, each in items.items()} for items in made]
    stored.keep(list(zip(known, written, strict=True)))
