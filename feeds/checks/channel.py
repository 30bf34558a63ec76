"""A document and its channel -> what is wrong with its bytes, its words and what it says of the show."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from audiobook.addresses import Addresses
from audiobook.model.publication import Bulletin
from feeds.artwork import Artwork
from feeds.channel import feed_guid
from feeds.checks.problem import CHANNEL, Problem, text_of
from feeds.podcasting import NAMESPACES
from feeds.wording import DESCRIPTION_BYTES, legal

_ART_PIXELS = range(1400, 3001)  # Apple
_IN_DESCRIPTIONS = {"p", "ul", "li", "a", "x"}


def document_problems(feed: bytes, root: Any) -> Iterator[Problem]:
    """What no XML parser minds, but apps do."""
    if feed.startswith(b"\xef\xbb\xbf"):
        yield Problem(code="bom", place=CHANNEL, text="tệp bắt đầu bằng dấu BOM, nhiều ứng dụng không đọc được")
    if root.getroottree().docinfo.doctype:
        yield Problem(code="doctype", place=CHANNEL, text="tệp có DOCTYPE, ứng dụng nghe có thể từ chối")
    for element in root.iter(etree.Element):
        for text in (element.text or "", *element.attrib.values()):
            if legal(text) != text or not unicodedata.is_normalized("NFC", text):
                yield Problem(code="text-form", place=CHANNEL, text=f"chữ chưa ở dạng chuẩn (NFC): “{text[:60]}”")


def channel_problems(
    channel: Any, bulletin: Bulletin, picture: Artwork | None, *, feed: str, path: str
) -> Iterator[Problem]:
    """What the channel says of the show; ``feed`` is the feed's own path, ``path`` the document's."""
    for name, said in (
        ("title", "tên"),
        ("link", "địa chỉ trang"),
        ("description", "lời giới thiệu"),
        ("language", "ngôn ngữ"),
    ):
        if len(channel.findall(name)) != 1 or not text_of(channel, name):
            yield Problem(code=f"channel-{name}", place=CHANNEL, text=f"cần đúng một {said} ({name})")
    yield from description_problems(channel, CHANNEL)
    own = Addresses(bulletin.site.base_url).of(path)
    links = [link.get("href") for link in channel.findall("atom:link", NAMESPACES) if link.get("rel") == "self"]
    if links != [own]:
        yield Problem(code="self-link", place=CHANNEL, text=f"địa chỉ của chính nguồn phải là {own}")
    if text_of(channel, "podcast:guid") != feed_guid(bulletin.podcast.guid, feed):
        yield Problem(
            code="podcast-guid", place=CHANNEL, text="mã podcast khác với mã của thư viện; không bao giờ được đổi"
        )
    if channel.find("podcast:txt[@purpose='ai-content']", NAMESPACES) is None:
        yield Problem(code="ai-content", place=CHANNEL, text="chưa ghi rằng giọng đọc là nhân tạo")
    yield from _picture(channel, bulletin, picture, is_archive=feed != path)


def description_problems(parent: Any, place: str) -> Iterator[Problem]:
    """Too long in bytes, or HTML that some app will not show: unclosed, unescaped, or with tags that it drops."""
    text = text_of(parent, "description")
    if (size := len(text.encode())) > DESCRIPTION_BYTES:
        said = f"lời giới thiệu dài {size} byte, quá {DESCRIPTION_BYTES}"
        yield Problem(code="description-long", place=place, text=said)
    if parent.tag != "item":
        return
    try:
        tags = {
            str(element.tag)
            for element in etree.fromstring(f"<x>{text}</x>", etree.XMLParser(resolve_entities=False)).iter()
        }
    except etree.XMLSyntaxError as error:
        yield Problem(code="description-html", place=place, text=f"lời giới thiệu không phải HTML đúng: {error.msg}")
        return
    if strange := sorted(tags - _IN_DESCRIPTIONS):
        yield Problem(code="description-html", place=place, text=f"lời giới thiệu có thẻ lạ: {', '.join(strange)}")


def _picture(channel: Any, bulletin: Bulletin, picture: Artwork | None, *, is_archive: bool) -> Iterator[Problem]:
    named = channel.find("itunes:image", NAMESPACES)
    if picture is None or named is None or not picture.file.is_file():
        yield Problem(code="picture-missing", place=CHANNEL, text="chưa có ảnh bìa của bản tin")
        return
    if not is_archive and named.get("href") != Addresses(bulletin.site.base_url).of(picture.path):
        yield Problem(code="picture-address", place=CHANNEL, text="địa chỉ ảnh bìa không phải là ảnh trên giá")
    yield from _pixels(picture.file, CHANNEL)


def _pixels(file: Path, place: str) -> Iterator[Problem]:
    from PIL import Image

    try:
        with Image.open(file) as opened:
            kind, mode, (width, height) = opened.format, opened.mode, opened.size
    except OSError:
        yield Problem(code="picture-damaged", place=place, text=f"không mở được ảnh bìa {file.name}")
        return
    if width != height or width not in _ART_PIXELS:
        text = f"ảnh bìa {file.name} phải vuông, mỗi cạnh 1400 đến 3000 điểm; ảnh này {width}×{height}"
        yield Problem(code="picture-size", place=place, text=text)
    if kind not in ("JPEG", "PNG") or mode != "RGB":
        yield Problem(code="picture-kind", place=place, text=f"ảnh bìa {file.name} phải là JPEG hoặc PNG, màu RGB")
