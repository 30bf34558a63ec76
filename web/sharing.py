"""Publication -> how it shows itself elsewhere: Open Graph, JSON-LD, oEmbed, and code for other sites' pages.

Sources: the Open Graph protocol, schema.org (PodcastEpisode, PublicationIssue), oEmbed 1.0. All addresses are absolute:
Zalo's and Facebook's readers run no script and know no base.
"""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from audiobook.addresses import FEED, Addresses, embed_path, issue_path, media_path, oembed_path
from audiobook.model.issue import Chapter
from audiobook.model.publication import Bulletin, Publication
from web.player import data_block
from web.view import View

EMBED_WIDTH, EMBED_HEIGHT = 480, 760
WIDE = (1200, 630)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture for a card; ``width`` 0 where it is not the wide one."""

    address: str
    media_type: str
    alt: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What another site shows of a page."""

    kind: str
    site: str
    title: str
    description: str
    address: str
    picture: Picture | None
    sound: str = ""
    oembed: str = ""
    facts: Markup | None = None


def home_card(bulletin: Bulletin, latest: Publication | None, view: View) -> Card:
    """The whole bulletin."""
    podcast = bulletin.podcast
    facts = {
        "@context": "https://schema.org",
        "@type": "PodcastSeries",
        "name": podcast.title,
        "description": podcast.description,
        "url": view.public(""),
        "inLanguage": podcast.language,
        "webFeed": view.addresses.of(FEED),
        "publisher": _organization(bulletin),
    }
    return Card(
        kind="website",
        site=podcast.title,
        title=podcast.title,
        description=podcast.description,
        address=view.public(""),
        picture=_picture(latest, podcast.title, view.addresses) if latest else None,
        facts=data_block(facts),
    )


def issue_card(bulletin: Bulletin, publication: Publication, view: View) -> Card:
    """An issue: its title, length and number of articles, its picture, its sound."""
    issue, words = publication.issue, view.words
    name = words.issue_name(issue.number, issue.date)
    count = words("{count} bài", count=len(issue.articles))
    said = f"{words.length(publication.timeline.duration_ms)}, {count}"
    return Card(
        kind="article",
        site=bulletin.podcast.title,
        title=f"{name} – {bulletin.podcast.title}",
        description=f"{said}. {issue.summary}".strip(" .") + ".",
        address=view.public(issue_path(issue.id)),
        picture=_picture(publication, name, view.addresses),
        sound=_edition(publication, "mp3", view.addresses),
        oembed=view.addresses.of(oembed_path(issue.id)),
        facts=data_block({"@context": "https://schema.org", "@graph": _graph(bulletin, publication, name, view)}),
    )


def chapter_card(bulletin: Bulletin, publication: Publication, chapter: Chapter, path: str, view: View) -> Card:
    """An article of an issue."""
    issue, words = publication.issue, view.words
    cue = next((cue for cue in publication.timeline.chapters if cue.id == chapter.id), None)
    length = words.exact_length(cue.end_ms - cue.start_ms) if cue else ""
    name = words.issue_name(issue.number, issue.date)
    return Card(
        kind="article",
        site=bulletin.podcast.title,
        title=chapter.title,
        description=f"{name}, {length}".strip(", "),
        address=view.public(path),
        picture=_picture(publication, name, view.addresses),
        sound=_edition(publication, "mp3-article", view.addresses, chapter.id)
        or _edition(publication, "mp3", view.addresses),
    )


def oembed(bulletin: Bulletin, publication: Publication, addresses: Addresses) -> dict[str, Any]:
    """What oEmbed's consumers show of an issue (https://oembed.com, type "rich")."""
    issue = publication.issue
    picture = _picture(publication, "", addresses)
    said: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": f"{bulletin.podcast.title} số {issue.number}, tháng {issue.date.month} năm {issue.date.year}",
        "provider_name": bulletin.podcast.title,
        "provider_url": addresses.of(""),
        "author_name": issue.publisher,
        "html": frame_code(publication, bulletin, addresses),
        "width": EMBED_WIDTH,
        "height": EMBED_HEIGHT,
    }
    if picture and picture.width:
        said |= {
            "thumbnail_url": picture.address,
            "thumbnail_width": picture.width,
            "thumbnail_height": picture.height,
        }
    return said


def frame_code(publication: Publication, bulletin: Bulletin, addresses: Addresses) -> str:
    """The player in a frame."""
    title = escape(f"{bulletin.podcast.title} số {publication.issue.number}", quote=True)
    address = escape(addresses.of(embed_path(publication.issue.id)), quote=True)
    return (
        f'<iframe src="{address}" title="{title}" width="100%" height="{EMBED_HEIGHT}" '
        f'style="border:0;max-width:{EMBED_WIDTH}px" allow="autoplay" loading="lazy"></iframe>'
    )


def plain_code(publication: Publication, bulletin: Bulletin, addresses: Addresses) -> str:
    """The sound and a link: no frame, no script, for portals that let neither pass."""
    issue = publication.issue
    title = escape(f"{bulletin.podcast.title} số {issue.number}, tháng {issue.date.month} năm {issue.date.year}")
    sound = escape(_edition(publication, "mp3", addresses), quote=True)
    page = escape(addresses.of(issue_path(issue.id)), quote=True)
    return (
        f'<p><a href="{page}"><strong>{title}</strong></a></p>\n'
        f'<p><audio controls preload="none" src="{sound}" style="width:100%"></audio></p>\n'
        f'<p><a href="{page}">Xem các bài, đọc chữ và tải về</a></p>'
    )


def list_code(addresses: Addresses) -> str:
    """The newest five issues as a list, kept up to date from the feed by a few lines of script."""
    feed, home = (escape(addresses.of(path), quote=True) for path in (FEED, ""))
    return f"""<ul id="ban-tin-noi"><li><a href="{home}">Nghe bản tin</a></li></ul>
<script>
fetch("{feed}").then(function (answer) {{ return answer.text(); }}).then(function (text) {{
  var items = new DOMParser().parseFromString(text, "text/xml").querySelectorAll("item");
  var list = document.getElementById("ban-tin-noi");
  if (items.length) {{ list.textContent = ""; }}
  for (var i = 0; i < Math.min(5, items.length); i += 1) {{
    var link = document.createElement("a"), line = document.createElement("li");
    link.href = items[i].querySelector("link").textContent;
    link.textContent = items[i].querySelector("title").textContent;
    line.appendChild(link);
    list.appendChild(line);
  }}
}});
</script>"""


def zalo(address: str) -> str:
    """Zalo's own page for passing an address on (what its share button opens)."""
    asked = b64encode(f'{{"url":"{address}"}}'.encode()).decode()
    return f"https://button-share.zalo.me/share_external?d={quote(asked, safe='')}"


def _graph(bulletin: Bulletin, publication: Publication, name: str, view: View) -> list[dict[str, Any]]:
    issue, page = publication.issue, view.public(issue_path(publication.issue.id))
    sound = _edition(publication, "mp3", view.addresses)
    seconds = publication.timeline.duration_ms // 1000
    episode = {
        "@type": "PodcastEpisode",
        "@id": f"{page}#episode",
        "name": name,
        "url": page,
        "datePublished": issue.date.isoformat(),
        "inLanguage": issue.language,
        "timeRequired": f"PT{seconds // 60}M{seconds % 60}S",
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": bulletin.podcast.title,
            "url": view.addresses.of(""),
            "webFeed": view.addresses.of(FEED),
        },
    }
    if sound:
        episode["associatedMedia"] = {"@type": "AudioObject", "contentUrl": sound, "encodingFormat": "audio/mpeg"}
    printed = {
        "@type": "PublicationIssue",
        "@id": f"{page}#issue",
        "name": name,
        "url": page,
        "issueNumber": str(issue.number),
        "datePublished": issue.date.isoformat(),
        "publisher": _organization(bulletin),
        "workExample": {"@id": f"{page}#episode"},
        "isPartOf": {"@type": "Periodical", "name": bulletin.podcast.title, "url": view.addresses.of("")},
        "accessibilityFeature": ["transcript", "synchronizedAudioText", "alternativeText", "structuralNavigation"],
    }
    return [episode, printed]


def _organization(bulletin: Bulletin) -> dict[str, str]:
    return {"@type": "Organization", "name": bulletin.publisher.name}


def _picture(publication: Publication, alt: str, addresses: Addresses) -> Picture | None:
    for kind, (width, height) in (("cover-wide", WIDE), ("cover", (0, 0))):
        if edition := publication.edition(kind):
            return Picture(
                address=addresses.of(media_path(edition)),
                media_type=edition.media_type,
                alt=alt,
                width=width,
                height=height,
            )
    return None


def _edition(publication: Publication, kind: str, addresses: Addresses, chapter: str = "") -> str:
    edition = publication.edition(kind, chapter)
    return addresses.of(media_path(edition)) if edition else ""
