"""What stands on the shelf: enough to make every feed and page from it."""

from dataclasses import dataclass, field
from datetime import datetime

from audiobook.model.issue import Issue
from audiobook.model.loudspeaker import Broadcast, Piece, SessionPlan
from audiobook.model.recording import Timeline, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who answers for the bulletin, as the law wants it named (Luật Xuất bản 2012, điều 27)."""

    name: str
    licence_number: str  # "giấy phép xuất bản số …"
    supplier: str  # đơn vị cung ứng
    distributor: str = ""  # đơn vị phát hành; "" = the publisher itself
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Podcast:
    """The bulletin as a podcast: what the feed's channel says."""

    guid: str  # made once, at the library's birth
    title: str
    description: str
    language: str = "vi"
    category: str = "Government"
    copyright: str = ""
    contents_licence: str = ""  # a licence's short name or address; apart from the publishing licence
    cover: str = ""  # a square picture's file in the library; "" = one is drawn
    frequency: str = ""  # how often an issue comes, as people say it: one of audiobook.directory.FREQUENCIES
    location: str = ""  # the place that the bulletin is about
    location_geo: str = ""  # "21.03,105.85": its latitude and longitude, WGS 84
    hub: str = ""  # a WebSub hub's address, told of each publication; "" = none


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the bulletin is served."""

    base_url: str  # "https://bantin.example.vn" or ".../folder"; without a trailing slash
    previous_urls: tuple[str, ...] = ()  # where it was served before; whoever still asks there is sent on
    moving: bool = False  # the feed tells apps its new address


SHELF_FORMAT = 1
"""Raised when an older program could no longer read, or would lose, what this one writes on the shelf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the bulletin looks in print."""

    colour: str = "#7a1420"  # of the head, titles and tables; dark enough for white letters on it
    logo: str = ""  # a picture's file in the library; "" = none


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """The whole of the library that is no issue; stored as shelf/bulletin.json."""

    publisher: Publisher
    podcast: Podcast
    site: Site
    cover: str = ""  # the square picture, relative to the shelf
    loudspeaker: Broadcast = field(default_factory=Broadcast)
    look: Look = Look()
    format: int = SHELF_FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A finished file of a publication.

    ``file`` is relative to the publication's folder and carries a part of the file's hash, so that a changed
    edition never has the old one's name. ``chapter`` is the id of the chapter that it holds, "" for the whole issue;
    ``part`` tells files of a kind apart that are no chapters, such as the sessions of a loudspeaker plan.
    """

    kind: str  # one of audiobook.model.publication.KINDS
    file: str
    media_type: str
    bytes: int
    sha256: str
    chapter: str = ""
    part: str = ""


KINDS = (
    "mp3",  # the issue as one MP3 with chapters: 24 kHz mono, 64 kbps
    "mp3-high",  # 48 kHz, 96 kbps
    "mp3-low",  # 24 kHz, 32 kbps: slow lines, little room
    "opus-low",  # Ogg Opus, 24 kbps
    "mp3-article",  # one chapter, with its words and pictures in the tag
    "mp3-slow",  # a slower rendition with longer pauses, where it was asked for
    "loudspeaker-pack",  # ZIP for a USB stick: the sessions' pieces, playlist, running sheet, instruction
    "loudspeaker-mp3",  # a session as one file; ``part`` is SessionPlan.part()
    "loudspeaker-sheet-pdf",  # the running sheet to print
    "loudspeaker-sheet-txt",
    "loudspeaker-schedule",  # JSON for programs that play at set times
    "measure-png",  # the sound as a picture: waveform, loudness, chapters
    "epub",  # text and voice
    "epub-light",  # without sound
    "pdf",
    "pdf-large",  # for weak eyes
    "pdf-designed",  # the publisher's own
    "page-image",  # a page to leaf through, in order; its chapter is the article that stands on it
    "poster-a4",
    "poster-a5",
    "poster-bulletin-a4",  # for the whole bulletin: hangs on while issues come and go
    "poster-bulletin-a5",
    "vtt",
    "srt",
    "transcript-json",
    "transcript-html",
    "chapters-json",
    "qr-png",
    "qr-svg",
    "cover",  # square JPEG, 1400 to 3000 px
    "cover-wide",  # 1200 × 630, for cards in Zalo and Facebook
    "picture",  # a figure's file; Media.file (of a clip: Media.still) is the same
    "clip",  # a sound or film; Media.file is the same
    "captions",  # its subtitles (WebVTT); Media.captions is the same
)


LOUDSPEAKER_KINDS = tuple(kind for kind in KINDS if kind.startswith("loudspeaker-"))
"""What is made from the horn master."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A doubt that an editor let pass: what it said and of which sound, so that no other at the place is covered.

    A doubt about a take that was let pass before ``sound`` was noted is asked again.
    """

    code: str
    place: str
    by: str
    text: str = ""
    sound: str = ""  # SHA-256 of the take that was heard; "" where the doubt was about no sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A place whose words were changed after publication; "" before: it was added, "" after: it was taken out."""

    chapter: str  # its id
    title: str  # of the chapter
    sentence: str  # the id of the sentence or of the block; the chapter's heading where the title was changed
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a later edition of an issue says otherwise than the one before."""

    number: int  # the revision that brought it: 2 or more
    made: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One issue on the shelf; stored as shelf/<id>/publication.json."""

    guid: str  # made once, at the publication's birth
    issue: Issue  # with its sentences, its opening and its closing
    timeline: Timeline
    editions: tuple[Edition, ...]
    voices: tuple[Voice, ...]
    published: datetime
    fingerprint: str  # of all that it was made from; the same again means there is nothing to do
    kind: str = "issue"  # or "correction": a short notice of what an issue had wrong
    revision: int = 1
    loudness_lufs: float = 0.0
    accepted: tuple[Accepted, ...] = ()
    remarks: tuple[str, ...] = ()  # said on the page, such as which voice had to stand in
    revisions: tuple[Revision, ...] = ()  # those that changed words, oldest first
    corrects: str = ""  # a correction: the id of the issue that it speaks of
    loudspeaker: tuple[SessionPlan, ...] = ()  # the bulletin's own length first, then the others
    loudspeaker_pieces: tuple[
        Piece, ...
    ] = ()  # what any plan is made of: greeting, articles in playing order, sign-off

    @property
    def changed(self) -> datetime:
        """When it was last changed: published, or revised in its words."""
        return max([self.published, *(revision.made for revision in self.revisions)])

    def edition(self, kind: str, chapter: str = "") -> Edition | None:
        """The edition of a kind, or None where there is none."""
        for each in self.editions:
            if each.kind == kind and each.chapter == chapter:
                return each
        return None
