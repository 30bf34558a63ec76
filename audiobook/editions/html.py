"""Issue -> its transcript as one HTML file, for podcast apps and for printing."""

from collections.abc import Iterator

from audiobook.addresses import Addresses, chapter_path
from audiobook.editions.mp3 import imprint
from audiobook.model.issue import Issue
from audiobook.model.publication import Bulletin
from audiobook.xhtml import chapter_xhtml, text_xhtml

_STYLE = (
    "body{font:1.25rem/1.6 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1rem}"
    "table{border-collapse:collapse}th,td{border:1px solid;padding:.3rem .6rem}"
)


def transcript_html(issue: Issue, *, bulletin: Bulletin) -> Iterator[str]:
    """One page, piece by piece; pictures stand as their descriptions, each article links to its page on the site."""
    addresses = Addresses(bulletin.site.base_url)
    title = text_xhtml(f"{bulletin.podcast.title}, số {issue.number}")
    yield (
        f'<!DOCTYPE html>\n<html lang="{text_xhtml(issue.language)}">\n<head>\n<meta charset="utf-8"/>\n'
        f'<meta name="viewport" content="width=device-width"/>\n<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n<h1>{title}</h1>\n"
    )
    for chapter in issue.chapters:
        address = text_xhtml(addresses.of(chapter_path(issue.id, chapter.id)))
        body = chapter_xhtml(chapter, picture_address=lambda media: "")
        yield f'<h2 id="{chapter.heading_id}"><a href="{address}">{text_xhtml(chapter.title)}</a></h2>\n{body}\n'
    yield f"<footer><p>{text_xhtml(imprint(bulletin))}</p></footer>\n</body>\n</html>\n"
