"""A feed's public address -> what is wrong with what apps get there: the answers, the sizes, the ranges, the files."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from lxml import etree

from feeds.checks.channel import description_problems, document_problems
from feeds.checks.items import date_problems, sameness_problems
from feeds.checks.problem import CHANNEL, Problem, text_of
from feeds.podcasting import NAMESPACES
from feeds.tags import play_time

_PATIENCE_S = 20
_FEED_BYTES = 32_000_000
_LOOKED_AT = 20  # of the newest items each file is asked for
_TYPE = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address gave; ``status`` 0 where nobody answered, and then ``reason`` says why."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)  # names in small letters
    address: str = ""  # after redirects
    reason: str = ""


def public_problems(address: str, *, stored: bytes = b"", now: datetime | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with the feed at an address; ``stored`` is what should be there, where that is known."""
    answer = asked(address)
    if answer.status != 200:
        said = f"{address} trả lời {answer.status or answer.reason}"
        return (Problem(code="public-answer", place=CHANNEL, text=said),)
    problems = [*_manners(address, answer)]
    if stored and answer.body != stored:
        text = "nguồn công khai khác với nguồn trên giá; phát hành lại, hoặc chờ bộ nhớ đệm hết hạn"
        problems.append(Problem(code="public-stale", place=CHANNEL, text=text))
    try:
        root = etree.fromstring(answer.body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        return (*problems, Problem(code="xml", place=CHANNEL, text=f"không phải XML đúng: {error.msg}"))
    items = root.findall("channel/item")
    problems += document_problems(answer.body, root)
    problems += date_problems(items, now=now or datetime.now(UTC))
    problems += sameness_problems(items)
    problems += chain.from_iterable(description_problems(item, text_of(item, "guid")) for item in items)
    return (*problems, *_files(root, items[:_LOOKED_AT]))


def asked(address: str, *, method: str = "GET", **headers: str) -> Answer:
    """Ask for an address; never anything but http and https."""
    if not address.startswith(("http://", "https://")):
        return Answer(status=0, reason="không phải địa chỉ http(s)")
    named = {"User-Agent": "ban-tin-noi", "Accept-Encoding": "identity"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, headers=named, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as got:  # noqa: S310
            said = {name.lower(): value for name, value in got.headers.items()}
            return Answer(status=got.status, body=got.read(_FEED_BYTES), headers=said, address=got.url)
    except urllib.error.HTTPError as error:
        error.close()
        return Answer(status=error.code, headers={name.lower(): value for name, value in error.headers.items()})
    except (OSError, ValueError) as error:
        return Answer(status=0, reason=str(error))


def _manners(address: str, answer: Answer) -> Iterator[Problem]:
    """What spares listeners' data and apps' patience."""

    def problem(code: str, text: str) -> Problem:
        return Problem(code=f"public-{code}", place=CHANNEL, text=text)

    if answer.address != address:
        yield problem("redirect", f"bị chuyển sang {answer.address}; hãy đưa cho người nghe địa chỉ ấy")
    if (kind := answer.headers.get("content-type", "").lower()) != _TYPE:
        yield problem("type", f"loại tệp là {kind or 'không rõ'}, cần {_TYPE}")
    etag = answer.headers.get("etag", "")
    if not etag or etag.startswith("W/"):
        yield problem("etag", "thiếu ETag mạnh: mỗi lần hỏi ứng dụng phải tải lại cả nguồn")
    elif asked(address, If_None_Match=etag).status != 304:
        yield problem("etag", "không trả lời 304 khi nguồn chưa đổi")
    head = asked(address, method="HEAD")
    if head.status != 200 or head.headers.get("content-length", str(len(answer.body))) != str(len(answer.body)):
        yield problem(
            "head", f"câu hỏi HEAD được trả lời {head.status} với độ dài {head.headers.get('content-length')}"
        )


def _files(root: Any, items: Sequence[Any]) -> tuple[Problem, ...]:
    """Ask for each file that the newest items and the channel name, several at a time."""
    pictures = {each.get("href", "") for each in root.iterfind("channel/itunes:image", NAMESPACES)}
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(_item, items), *pool.map(_picture, sorted(pictures))]
    return tuple(chain.from_iterable(found))


def _picture(address: str) -> list[Problem]:
    answer = asked(address, method="HEAD")
    if answer.status == 200 and answer.headers.get("content-type", "") in ("image/jpeg", "image/png"):
        return []
    return [Problem(code="public-picture", place=CHANNEL, text=f"ảnh bìa {address} trả lời {answer.status}")]


def _item(item: Any) -> list[Problem]:
    place = text_of(item, "guid")
    return [*_sound(item, place), *_beside(item, place)]


def _sound(item: Any, place: str) -> Iterator[Problem]:
    for enclosure in item.findall("enclosure"):
        address, length = enclosure.get("url", ""), enclosure.get("length", "")
        head = asked(address, method="HEAD")
        if (head.status, head.headers.get("content-length")) != (200, length):
            text = f"{address} trả lời {head.status}, dài {head.headers.get('content-length')}; nguồn ghi {length} byte"
            yield Problem(code="public-sound", place=place, text=text)
        elif not asked(address, Range="bytes=0-1").headers.get("content-range", "").endswith(f"/{length}"):
            yield Problem(code="public-range", place=place, text=f"{address} không nghe được từ giữa (Range)")


def _beside(item: Any, place: str) -> Iterator[Problem]:
    named = [each.get("url", "") for each in item.iterfind("podcast:transcript", NAMESPACES)]
    chapters = [each.get("url", "") for each in item.iterfind("podcast:chapters", NAMESPACES)]
    for address in (*named, *chapters):
        answer = asked(address)
        if answer.status != 200:
            yield Problem(code="public-file", place=place, text=f"{address} trả lời {answer.status or answer.reason}")
        elif answer.headers.get("access-control-allow-origin") != "*":
            text = f"{address} thiếu Access-Control-Allow-Origin: *; ứng dụng chạy trong trình duyệt không đọc được"
            yield Problem(code="public-cors", place=place, text=text)
        elif address in chapters and _starts(answer.body) != [
            each.get("start") for each in item.iterfind("psc:chapters/psc:chapter", NAMESPACES)
        ]:
            yield Problem(
                code="chapters-json", place=place, text=f"tệp chương {address} khác với các chương trong nguồn"
            )


def _starts(data: bytes) -> list[str]:
    try:
        return [play_time(round(each["startTime"] * 1000)) for each in json.loads(data)["chapters"]]
    except (ValueError, KeyError, TypeError):
        return []
