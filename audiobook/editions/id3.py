"""What an MP3 says of itself: ID3v2.3 with an ordered table of contents and its chapters in time order.

v2.3, because in v2.4 chapters with long titles vanish in ffmpeg-based players. mutagen orders frames by size, but players
show chapters as they are stored, so each frame is made by mutagen and the order is ours. Source: id3.org, "ID3v2.3.0" and
"ID3v2 Chapter Frame Addendum 1.0".
"""

import io
from collections.abc import Callable, Sequence

from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin
from audiobook.model.recording import Cue

_NO_OFFSET = 0xFFFFFFFF  # times count, not bytes
_LANGUAGE = "vie"
_MOST_CHILDREN = 255
_TEXT_FIRST = (
    "TIT2",
    "TALB",
    "TPE1",
    "TPE2",
    "TPUB",
    "TRCK",
    "TYER",
    "TDAT",
    "TCON",
    "TLAN",
    "TLEN",
    "TCOP",
    "CTOC",
    "CHAP",
)
_LAST = ("COMM", "WOAS", "APIC")


def tag(
    issue: Issue,
    chapters: Sequence[Cue],
    *,
    bulletin: Bulletin,
    comment: str,
    cover: bytes,
    address: str,
    chapter_address: Callable[[str], str],
) -> bytes:
    """The whole tag.

    Args:
        issue: its title, number, date.
        chapters: in time order.
        bulletin: publisher and album.
        comment: licence and voice, in words.
        cover: a JPEG, small: the tag of a streamed file should stay under 64 kB.
        address: the issue's page.
        chapter_address: a chapter's id -> its page.
    """
    from mutagen.id3 import (
        APIC,
        CHAP,
        COMM,
        TALB,
        TCON,
        TCOP,
        TDAT,
        TIT2,
        TLAN,
        TLEN,
        TPE1,
        TPE2,
        TPUB,
        TRCK,
        TYER,
        WOAS,
        WXXX,
        PictureType,
    )

    publisher = bulletin.publisher.name
    texts = (
        (TIT2, f"{bulletin.podcast.title}, số {issue.number} ({issue.date:%d/%m/%Y})"),
        (TALB, bulletin.podcast.title),
        (TPE1, publisher),
        (TPE2, publisher),
        (TPUB, publisher),
        (TRCK, str(issue.number)),
        (TYER, f"{issue.date:%Y}"),
        (TDAT, f"{issue.date:%d%m}"),
        (TCON, "Podcast"),
        (TLAN, _LANGUAGE),
        (TLEN, str(chapters[-1].end_ms)),
        (TCOP, bulletin.podcast.copyright),
    )
    frames: list[object] = [kind(encoding=1, text=[text]) for kind, text in texts if text]
    frames.append(COMM(encoding=1, lang=_LANGUAGE, desc="", text=[comment]))
    frames.append(WOAS(url=address))
    if cover:
        frames.append(APIC(encoding=1, mime="image/jpeg", type=PictureType.COVER_FRONT, desc="", data=cover))
    for number, cue in enumerate(chapters):
        link = WXXX(encoding=1, desc="", url=chapter_address(cue.id))
        title = TIT2(encoding=1, text=[cue.title])
        frames.append(
            CHAP(
                element_id=_element(number),
                start_time=cue.start_ms,
                end_time=cue.end_ms,
                start_offset=_NO_OFFSET,
                end_offset=_NO_OFFSET,
                sub_frames=[title, link],
            )
        )
    frames += _contents(len(chapters), bulletin.podcast.title)
    return _written(frames)


def _element(number: int) -> str:
    return f"ch{number:03d}"


def _contents(count: int, title: str) -> list[object]:
    """One ordered table of contents; above 255 chapters it has parts, for a table holds no more."""
    from mutagen.id3 import CTOC, TIT2, CTOCFlags

    def toc(name: str, children: Sequence[str], flags: int) -> object:
        return CTOC(
            element_id=name, flags=flags, child_element_ids=list(children), sub_frames=[TIT2(encoding=1, text=[title])]
        )

    every = [_element(number) for number in range(count)]
    if count <= _MOST_CHILDREN:
        return [toc("toc", every, CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED)]
    parts = [every[start : start + _MOST_CHILDREN] for start in range(0, count, _MOST_CHILDREN)]
    names = [f"toc{number:02d}" for number in range(len(parts))]
    top = toc("toc", names, CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED)
    return [top, *(toc(name, part, CTOCFlags.ORDERED) for name, part in zip(names, parts, strict=True))]


def _written(frames: Sequence[object]) -> bytes:
    from mutagen.id3 import ID3

    def place(frame: object) -> int:
        name = type(frame).__name__
        order = (*_TEXT_FIRST, *_LAST)
        return order.index(name)

    body = b""
    for frame in sorted(frames, key=place):
        one, data = ID3(), io.BytesIO()
        one.add(frame)
        one.save(data, v2_version=3, v1=0, padding=lambda info: 0)
        body += data.getvalue()[10:]
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body
