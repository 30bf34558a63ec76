"""The bulletin's feeds -> one OPML 2.0 list, which apps import to follow all of them."""

from collections.abc import Mapping

from lxml import etree

from audiobook.addresses import HOME, Addresses
from audiobook.model.publication import Bulletin
from feeds.channel import show_title
from feeds.wording import line, show_description


def opml(bulletin: Bulletin, feeds: Mapping[str, str]) -> bytes:
    """``feeds``: the path of each, and what its name adds to the bulletin's."""
    addresses, title = Addresses(bulletin.site.base_url), show_title(bulletin)
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    body = etree.SubElement(root, "body")
    for path, added in feeds.items():
        name = f"{title} – {added}" if added else title
        facts = {
            "type": "rss",
            "text": name,
            "title": name,
            "description": show_description(bulletin),
            "xmlUrl": addresses.of(path),
            "htmlUrl": addresses.of(HOME),
            "language": line(bulletin.podcast.language),
        }
        etree.SubElement(body, "outline", facts)
    made: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return made
