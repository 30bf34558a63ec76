"""The permanent path of every page, edition and feed. A path has no leading slash; ``Addresses.of`` makes it absolute.

Content-addressed sound never changes under its path; pages and feeds may.
"""

import posixpath
from dataclasses import dataclass

from audiobook.model.issue import Role
from audiobook.model.publication import Edition

HOME = ""
FEED = "feed.xml"
FEED_ARTICLES = "feed-articles.xml"
FEED_LATEST = "feed-latest.xml"
FEED_STYLE = "feed.css"
FEEDS_LIST = "feeds.opml"
SEARCH = "tim"
LISTEN = "cach-nghe"
ABOUT = "gioi-thieu"
ACCESSIBILITY = "tro-nang"
PORTAL = "dua-len-cong"
KEPT = "da-giu"
LOUDSPEAKER = "loa"
EMBED = "nhung"
STATIC = "static"
LATEST = "loa/moi-nhat"
LATEST_SCHEDULE = f"{LATEST}/lich.json"
ENGLISH = "en"
"""The folder of the pages in English, which else have the same paths."""


CHAPTER_NAMES = {Role.OPENING.value: "mo-dau", Role.CLOSING.value: "ket"}
"""Id of a chapter that is no article -> what its page is called, and a person's recording of it."""


def issue_path(issue_id: str) -> str:
    """The issue's page.

    >>> issue_path("2023-03")
    'so/2023-03'
    """
    return f"so/{issue_id}"


def chapter_path(issue_id: str, chapter_id: str) -> str:
    """An article's page.

    >>> chapter_path("2023-03", "c04"), chapter_path("2023-03", "opening")
    ('so/2023-03/bai-4', 'so/2023-03/mo-dau')
    """
    return f"{issue_path(issue_id)}/{CHAPTER_NAMES.get(chapter_id) or f'bai-{int(chapter_id[1:])}'}"


def loudspeaker_path(issue_id: str) -> str:
    """The page for who plays an issue over a loudspeaker.

    >>> loudspeaker_path("2023-03")
    'loa/2023-03'
    """
    return f"{LOUDSPEAKER}/{issue_id}"


def leaf_path(issue_id: str) -> str:
    """The printed pages to leaf through.

    >>> leaf_path("2023-03")
    'so/2023-03/lat-trang'
    """
    return f"{issue_path(issue_id)}/lat-trang"


def embed_path(issue_id: str) -> str:
    """The bare player, for other sites to frame.

    >>> embed_path("2023-03")
    'nhung/2023-03'
    """
    return f"{EMBED}/{issue_id}"


def oembed_path(issue_id: str) -> str:
    """What other sites may show of an issue, as oEmbed says it.

    >>> oembed_path("2023-03")
    'oembed/2023-03.json'
    """
    return f"oembed/{issue_id}.json"


def latest_session_path(number: int) -> str:
    """A session of the newest issue, at an address that never changes: for systems that play at set times.

    >>> latest_session_path(1)
    'loa/moi-nhat/buoi-1.mp3'
    """
    return f"{LATEST}/buoi-{number}.mp3"


def feed_archive(feed: str, number: int) -> str:
    """A page of a feed's older items; numbered from the oldest, so that what is full keeps its address and its bytes.

    >>> feed_archive("feed.xml", 2)
    'feed-page-2.xml'
    """
    return f"{feed.removesuffix('.xml')}-page-{number}.xml"


def media_path(edition: Edition) -> str:
    """A finished file, under the hash of its content: m/<sha256><suffix>."""
    return f"m/{edition.sha256}{posixpath.splitext(edition.file)[1]}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Paths as absolute addresses under one base URL."""

    base_url: str

    def of(self, path: str) -> str:
        """The absolute address of a path.

        >>> Addresses("https://bantin.example.vn").of("feed.xml")
        'https://bantin.example.vn/feed.xml'
        """
        return f"{self.base_url.rstrip('/')}/{path}"
