"""Facts of a bulletin or an issue -> the tags of podcast:*, psc:*, itunes:* and atom that feedgen does not know.

Source: the Podcasting 2.0 namespace's documents (podcastindex.org/namespace/1.0), Podlove Simple Chapters 1.2, Apple.
"""

import base64
import re
from collections.abc import Sequence

from audiobook.directory import FREQUENCIES
from audiobook.model.publication import Edition, Podcast
from audiobook.model.recording import Cue, Voice
from feeds.podcasting import Tag
from feeds.wording import cut, line

_NAME_CHARACTERS = 128  # the namespace's limit for names; counted here in bytes, to be safe


def explicit(*, is_explicit: bool) -> Tag:
    """itunes:explicit as Apple wants it now; feedgen only knows yes, no and clean."""
    return Tag("itunes:explicit", "true" if is_explicit else "false")


def image(address: str) -> Tag:
    """itunes:image; feedgen silently drops .jpeg, .webp and addresses with a query."""
    return Tag("itunes:image", attributes={"href": address})


def transcript(address: str, *, media_type: str, language: str, timed: bool) -> Tag:
    """podcast:transcript; the media type must be bare, AntennaPod ignores one with parameters."""
    rel = {"rel": "captions"} if timed else {}
    return Tag("podcast:transcript", attributes={"url": address, "type": media_type, "language": language, **rel})


def chapters_file(address: str) -> Tag:
    """podcast:chapters: a JSON chapters 1.2 file."""
    return Tag("podcast:chapters", attributes={"url": address, "type": "application/json+chapters"})


def simple_chapters(cues: Sequence[Cue]) -> Tag:
    """psc:chapters: the only ones that gPodder and podcastparser see."""
    children = (Tag("psc:chapter", attributes={"start": play_time(cue.start_ms), "title": cue.title}) for cue in cues)
    return Tag("psc:chapters", attributes={"version": "1.2"}, children=tuple(children))


def play_time(ms: int) -> str:
    """Normal play time (RFC 2326, 3.6).

    >>> play_time(3_661_042)
    '01:01:01.042'
    """
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def ai_content() -> Tag:
    """That the sound is made by a machine."""
    return Tag("podcast:txt", "true", {"purpose": "ai-content"})


def category(podcast: Podcast) -> Tag:
    """itunes:category by Apple's list; a subcategory stands after ">": "News > Politics"."""
    main, _, sub = (part.strip() for part in podcast.category.partition(">"))
    children = (Tag("itunes:category", attributes={"text": sub}),) if sub else ()
    return Tag("itunes:category", attributes={"text": main or "Government"}, children=children)


def licence(text: str) -> tuple[Tag, ...]:
    """podcast:license: of the contents, by its SPDX-like short name where it is a Creative Commons licence."""
    text = line(text)
    if not text:
        return ()
    address = text if re.match(r"https?://", text) else ""
    known = re.search(r"(?:licenses/|cc[ -])(by(?:-[a-z]{2})*)[/ -](\d\.\d)", text, re.IGNORECASE)
    name = f"cc-{known[1]}-{known[2]}".lower() if known else text
    return (Tag("podcast:license", cut(name, _NAME_CHARACTERS), {"url": address}),)


def described_image(address: str, *, alt: str, media_type: str, aspect_ratio: str, purpose: str) -> Tag:
    """podcast:image: a picture with what it shows in words."""
    attributes = {"href": address, "alt": alt, "aspect-ratio": aspect_ratio, "type": media_type, "purpose": purpose}
    return Tag("podcast:image", attributes=attributes)


def place(podcast: Podcast) -> tuple[Tag, ...]:
    """podcast:location: what the bulletin is about."""
    if not (name := line(podcast.location)):
        return ()
    geo = f"geo:{podcast.location_geo}" if podcast.location_geo else ""
    return (Tag("podcast:location", cut(name, _NAME_CHARACTERS), {"rel": "subject", "geo": geo, "country": "VN"}),)


def frequency(podcast: Podcast) -> tuple[Tag, ...]:
    """podcast:updateFrequency, in words and as a rule."""
    rule = FREQUENCIES.get(podcast.frequency, "")
    said = podcast.frequency[:1].upper() + podcast.frequency[1:]
    return (Tag("podcast:updateFrequency", said, {"rrule": rule}),) if rule else ()


def reader(voice: Voice) -> Tag:
    """podcast:person: who reads, and whether it is a person (roles of the Podcast Taxonomy)."""
    name = (line(voice.label) or line(voice.name)) + ("" if voice.is_human else " (giọng nhân tạo)")
    return Tag("podcast:person", cut(name, _NAME_CHARACTERS), {"role": "narrator", "group": "cast"})


def no_comments() -> Tag:
    """That nobody is asked to comment: some apps open a discussion where nothing is said."""
    return Tag("podcast:socialInteract", attributes={"protocol": "disabled"})


def other_sound(edition: Edition, address: str, *, title: str, duration_ms: int, language: str, default: bool) -> Tag:
    """podcast:alternateEnclosure: the same words in another file, and how to see that it came whole (W3C SRI).

    ``duration_ms`` is the file's own length, 0 where it is not known; ``default``: the enclosure's own file.
    """
    digest = base64.b64encode(bytes.fromhex(edition.sha256)).decode()
    media_type, _, codecs = edition.media_type.partition("; codecs=")
    attributes = {
        "type": media_type,
        "codecs": codecs,
        "length": str(edition.bytes),
        "bitrate": str(edition.bytes * 8000 // duration_ms) if duration_ms else "",
        "lang": language,
        "title": title,
        "default": "true" if default else "",
    }
    children = (
        Tag("podcast:source", attributes={"uri": address}),
        Tag("podcast:integrity", attributes={"type": "sri", "value": f"sha256-{digest}"}),
    )
    return Tag("podcast:alternateEnclosure", attributes=attributes, children=children)


def atom_link(rel: str, address: str) -> Tag:
    """atom:link; feedgen would make the channel's link of any that it is given."""
    kind = "" if rel == "hub" else "application/rss+xml"
    return Tag("atom:link", attributes={"href": address, "rel": rel, "type": kind})
