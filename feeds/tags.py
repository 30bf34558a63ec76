"""Facts of a bulletin or an issue -> the tags of podcast:*, psc:*, itunes:* and atom that feedgen does not know.

Source: the Podcasting 2.0 namespace's documents (podcastindex.org/namespace/1.0), Podlove Simple Chapters 1.2, Apple.
"""

import base64
import re
from collections.abc import Sequence
from functools import cache, lru_cache

from audiobook.directory import FREQUENCIES
from audiobook.model.publication import Edition, Podcast
from audiobook.model.recording import Cue, Voice
from feeds.podcasting import HISTORY, Tag, around, attribute, common_attribute, tag
from feeds.wording import cut, line

_DEFAULT = ' default="true"'
_TWO_DIGITS = tuple(f"{number:02}" for number in range(60))  # formatting a number takes longer than finding its text
_NAME_CHARACTERS = 128  # the namespace's limit for names; counted here in bytes, to be safe


@cache
def explicit(*, is_explicit: bool) -> Tag:
    """itunes:explicit as Apple wants it now; feedgen only knows yes, no and clean."""
    return tag("itunes:explicit", "true" if is_explicit else "false")


def image(address: str) -> Tag:
    """itunes:image; feedgen silently drops .jpeg, .webp and addresses with a query."""
    return Tag(f"<itunes:image{attribute('href', address)}/>")


def transcript(address: str, *, media_type: str, language: str, timed: bool) -> Tag:
    """podcast:transcript; the media type must be bare, AntennaPod ignores one with parameters."""
    said = f'{attribute("url", address)} type="{media_type}"{common_attribute("language", language)}'
    return Tag(f'<podcast:transcript{said} rel="captions"/>' if timed else f"<podcast:transcript{said}/>")


def chapters_file(address: str) -> Tag:
    """podcast:chapters: a JSON chapters 1.2 file."""
    return Tag(f'<podcast:chapters{attribute("url", address)} type="application/json+chapters"/>')


def simple_chapters(cues: Sequence[Cue]) -> Tag:
    """psc:chapters: the only ones that gPodder and podcastparser see."""
    children = [Tag(f'<psc:chapter start="{play_time(cue.start_ms)}"{attribute("title", cue.title)}/>') for cue in cues]
    return around("psc:chapters", ' version="1.2"', children)


def play_time(ms: int) -> str:
    """Normal play time (RFC 2326, 3.6).

    >>> play_time(3_661_042)
    '01:01:01.042'
    """
    minutes, second_ms = divmod(ms, 60_000)
    return f"{minutes // 60:02}:{_TWO_DIGITS[minutes % 60]}:{_TWO_DIGITS[second_ms // 1000]}.{second_ms % 1000:03}"


@cache
def ai_content() -> Tag:
    """That the sound is made by a machine."""
    return tag("podcast:txt", "true", {"purpose": "ai-content"})


def category(podcast: Podcast) -> Tag:
    """itunes:category by Apple's list; a subcategory stands after ">": "News > Politics"."""
    main, _, sub = (part.strip() for part in podcast.category.partition(">"))
    text = attribute("text", main or "Government")
    return around("itunes:category", text, [tag("itunes:category", attributes={"text": sub})] if sub else ())


@lru_cache
def licence(text: str) -> tuple[Tag, ...]:
    """podcast:license: of the contents, by its SPDX-like short name where it is a Creative Commons licence."""
    text = line(text)
    if not text:
        return ()
    address = text if re.match(r"https?://", text) else ""
    known = re.search(r"(?:licenses/|cc[ -])(by(?:-[a-z]{2})*)[/ -](\d\.\d)", text, re.IGNORECASE)
    name = f"cc-{known[1]}-{known[2]}".lower() if known else text
    return (tag("podcast:license", cut(name, _NAME_CHARACTERS), {"url": address}),)


def described_image(address: str, *, alt: str, media_type: str, aspect_ratio: str, purpose: str) -> Tag:
    """podcast:image: a picture with what it shows in words."""
    shown = f'{attribute("href", address)}{attribute("alt", alt)} aspect-ratio="{aspect_ratio}"'
    return Tag(f'<podcast:image{shown}{common_attribute("type", media_type)} purpose="{purpose}"/>')


def place(podcast: Podcast) -> tuple[Tag, ...]:
    """podcast:location: what the bulletin is about."""
    if not (name := line(podcast.location)):
        return ()
    geo = f"geo:{podcast.location_geo}" if podcast.location_geo else ""
    return (tag("podcast:location", cut(name, _NAME_CHARACTERS), {"rel": "subject", "geo": geo, "country": "VN"}),)


def frequency(podcast: Podcast) -> tuple[Tag, ...]:
    """podcast:updateFrequency, in words and as a rule."""
    rule = FREQUENCIES.get(podcast.frequency, "")
    said = podcast.frequency[:1].upper() + podcast.frequency[1:]
    return (tag("podcast:updateFrequency", said, {"rrule": rule}),) if rule else ()


@cache
def season(year: int) -> Tag:
    """podcast:season: a year's issues."""
    return tag("podcast:season", str(year), {"name": f"Năm {year}"})


@lru_cache
def reader(voice: Voice) -> Tag:
    """podcast:person: who reads, and whether it is a person (roles of the Podcast Taxonomy)."""
    name = (line(voice.label) or line(voice.name)) + ("" if voice.is_human else " (giọng nhân tạo)")
    return tag("podcast:person", cut(name, _NAME_CHARACTERS), {"role": "narrator", "group": "cast"})


@cache
def no_comments() -> Tag:
    """That nobody is asked to comment: some apps open a discussion where nothing is said."""
    return tag("podcast:socialInteract", attributes={"protocol": "disabled"})


def other_sound(edition: Edition, address: str, *, title: str, duration_ms: int, language: str, default: bool) -> Tag:
    """podcast:alternateEnclosure: the same words in another file, and how to see that it came whole (W3C SRI).

    ``duration_ms`` is the file's own length, 0 where it is not known; ``default``: the enclosure's own file.
    """
    digest = base64.b64encode(bytes.fromhex(edition.sha256)).decode()
    media_type, _, codecs = edition.media_type.partition("; codecs=")
    bitrate = f' bitrate="{edition.bytes * 8000 // duration_ms}"' if duration_ms else ""
    file = (
        f'{common_attribute("type", media_type)}{common_attribute("codecs", codecs)} length="{edition.bytes}"{bitrate}'
    )
    said = f"{common_attribute('lang', language)}{common_attribute('title', title)}{_DEFAULT if default else ''}"
    source = Tag(f"<podcast:source{attribute('uri', address)}/>")
    integrity = Tag(f'<podcast:integrity type="sri" value="sha256-{digest}"/>')
    return around("podcast:alternateEnclosure", f"{file}{said}", (source, integrity))


def atom_link(rel: str, address: str) -> Tag:
    """atom:link; feedgen would make the channel's link of any that it is given."""
    kind = "" if rel == "hub" else "application/rss+xml"
    return tag("atom:link", attributes={"href": address, "rel": rel, "type": kind})


def archive() -> Tag:
    """fh:archive: that the page is one of older items (RFC 5005, 4); its namespace stands in no other page."""
    return tag("fh:archive", attributes={f"xmlns:{prefix}": name for prefix, name in HISTORY.items()})
