"""What an MP3 says of itself: ID3v2.3 with an ordered table of contents and its chapters in time order.

v2.3, because in v2.4 chapters with long titles vanish in ffmpeg-based players. mutagen orders frames by size, but players
show chapters as they are stored, so each frame is made by mutagen and the order is ours. Source: id3.org, "ID3v2.3.0" and
"ID3v2 Chapter Frame Addendum 1.0".
"""

import io
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from audiobook.model.recording import Cue

_NO_OFFSET = 0xFFFFFFFF  # times count, not bytes
_LANGUAGE = "vie"
_IMAGE = "image/"
"""The media type that ID3v2.3 implies where none is named. Of one that it knows Chromium makes a film that it cannot decode,
and reads on for half a megabyte before it plays: twelve seconds instead of three at 400 kbit/s, as measured."""

_MOST_CHILDREN = 255
_UTF16 = 1
_ORDER = (
    *("TIT2", "TALB", "TPE1", "TPE2", "TPUB", "TRCK", "TYER", "TDAT", "TCON", "TLAN", "TLEN", "TCOP"),
    *("CTOC", "CHAP", "COMM", "WOAS", "WCOP", "USLT", "SYLT", "APIC"),
)


@dataclass(frozen=True, slots=True)
class Lyrics:
    """A sentence and when it begins, in ms of this file."""

    text: str
    start_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """All that a tag may say; what is empty is left out. Pictures are JPEGs."""

    title: str
    album: str
    publisher: str
    date: date
    artist: str = ""  # "" = the publisher
    track: str = ""  # "3", "3/14"
    duration_ms: int = 0
    copyright: str = ""
    licence: str = ""  # of the contents: an address, or words
    comment: str = ""
    address: str = ""
    cover: bytes = b""
    picture: bytes = b""  # what the article shows
    lyrics: tuple[Lyrics, ...] = ()
    chapters: tuple[Cue, ...] = ()  # in time order
    chapter_addresses: Mapping[str, str] = field(default_factory=dict)
    chapter_pictures: Mapping[str, bytes] = field(default_factory=dict)
    human_chapters: frozenset[str] = frozenset()


def tag(wanted: Tag) -> bytes:
    """The whole tag."""
    frames = [*_texts(wanted), *_links(wanted), *_words(wanted), *_pictures(wanted)]
    if wanted.chapters:
        frames += _contents(len(wanted.chapters), wanted.album)
    frames.sort(key=_place)
    before = bisect_left(frames, _ORDER.index("CHAP"), key=_place)
    # Chapters are made as they are written: there may be 400, with their pictures.
    return _written(chain(frames[:before], _chapters(wanted), frames[before:]))


def ascii_tag(*, title: str, album: str, track: str) -> bytes:
    """A tag for the oldest players: ID3v2.3, Latin letters without accents, no picture."""
    from mutagen.id3 import TALB, TCON, TIT2, TRCK

    texts = ((TIT2, title), (TALB, album), (TRCK, track), (TCON, "Speech"))
    return _written(sorted((kind(encoding=0, text=[text[:60]]) for kind, text in texts), key=_place))


def _texts(wanted: Tag) -> Iterator[object]:
    from mutagen.id3 import TALB, TCON, TCOP, TDAT, TIT2, TLAN, TLEN, TPE1, TPE2, TPUB, TRCK, TYER

    texts = (
        (TIT2, wanted.title),
        (TALB, wanted.album),
        (TPE1, wanted.artist or wanted.publisher),
        (TPE2, wanted.publisher),
        (TPUB, wanted.publisher),
        (TRCK, wanted.track),
        (TYER, f"{wanted.date:%Y}"),
        (TDAT, f"{wanted.date:%d%m}"),
        (TCON, "Podcast"),
        (TLAN, _LANGUAGE),
        (TLEN, str(wanted.duration_ms)),
        (TCOP, wanted.copyright),
    )
    return (kind(encoding=_UTF16, text=[text]) for kind, text in texts if text)


def _links(wanted: Tag) -> Iterator[object]:
    from mutagen.id3 import COMM, WCOP, WOAS

    words = wanted.comment
    if wanted.licence.startswith(("http://", "https://")):
        yield WCOP(url=wanted.licence)
    elif wanted.licence:
        words += f" Giấy phép nội dung: {wanted.licence}."
    if words:
        yield COMM(encoding=_UTF16, lang=_LANGUAGE, desc="", text=[words])
    if wanted.address:
        yield WOAS(url=wanted.address)


def _words(wanted: Tag) -> Iterator[object]:
    from mutagen.id3 import SYLT, USLT

    if wanted.lyrics:
        yield USLT(encoding=_UTF16, lang=_LANGUAGE, desc="", text="\n".join(each.text for each in wanted.lyrics))
        timed = [(each.text, each.start_ms) for each in wanted.lyrics]
        yield SYLT(encoding=_UTF16, lang=_LANGUAGE, format=2, type=2, desc="", text=timed)


def _pictures(wanted: Tag) -> Iterator[object]:
    from mutagen.id3 import PictureType

    if wanted.cover:
        yield _picture(wanted.cover, PictureType.COVER_FRONT, "", mime=_IMAGE)
    if wanted.picture:
        yield _picture(wanted.picture, PictureType.ILLUSTRATION, "hinh", mime=_IMAGE)


def _picture(data: bytes, kind: int, description: str, *, mime: str) -> object:
    from mutagen.id3 import APIC

    return APIC(encoding=0, mime=mime, type=kind, desc=description, data=data)


def _chapters(wanted: Tag) -> Iterator[object]:
    from mutagen.id3 import CHAP, TIT2, TIT3, WXXX, PictureType

    for number, cue in enumerate(wanted.chapters):
        parts: list[object] = [TIT2(encoding=_UTF16, text=[cue.title])]
        if cue.id in wanted.human_chapters:
            parts.append(TIT3(encoding=_UTF16, text=["giọng người đọc"]))
        if address := wanted.chapter_addresses.get(cue.id):
            parts.append(WXXX(encoding=0, desc="", url=address))
        if picture := wanted.chapter_pictures.get(cue.id):
            parts.append(_picture(picture, PictureType.ILLUSTRATION, "", mime="image/jpeg"))
        yield CHAP(
            element_id=_element(number),
            start_time=cue.start_ms,
            end_time=cue.end_ms,
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=parts,
        )


def _element(number: int) -> str:
    return f"ch{number:03d}"


def _contents(count: int, title: str) -> list[object]:
    """One ordered table of contents; above 255 chapters it has parts, for a table holds no more."""
    from mutagen.id3 import CTOC, TIT2, CTOCFlags

    def toc(name: str, children: Sequence[str], flags: int) -> object:
        titled = [TIT2(encoding=_UTF16, text=[title])]
        return CTOC(element_id=name, flags=flags, child_element_ids=list(children), sub_frames=titled)

    every = [_element(number) for number in range(count)]
    if count <= _MOST_CHILDREN:
        return [toc("toc", every, CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED)]
    parts = [every[start : start + _MOST_CHILDREN] for start in range(0, count, _MOST_CHILDREN)]
    names = [f"toc{number:02d}" for number in range(len(parts))]
    top = toc("toc", names, CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED)
    return [top, *(toc(name, part, CTOCFlags.ORDERED) for name, part in zip(names, parts, strict=True))]


def _place(frame: object) -> int:
    return _ORDER.index(type(frame).__name__)


def _written(frames: Iterable[object]) -> bytes:
    """Frames in their order."""
    from mutagen.id3 import ID3

    body = bytearray()
    for frame in frames:
        one, data = ID3(), io.BytesIO()
        one.add(frame)
        one.save(data, v2_version=3, v1=0, padding=lambda info: 0)
        body += data.getbuffer()[10:]
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body
