"""What was published, against what people get who ask for it through its public address."""

import hashlib
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from audiobook.addresses import Addresses
from audiobook.errors import PublicDiffers
from web.plan import Put, Step

_EDGE_BYTES = 65_536  # of sound the beginning and the end are looked at, which also shows that it can be entered
_TRIES, _PAUSE_S, _PATIENCE_S = 3, 1.0, 20
_SHOWN = 5
_ANOTHER = "nội dung khác với bản vừa đưa lên"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a public address gave; ``status`` 0 where nobody answered."""

    status: int
    body: bytes
    media_type: str = ""
    size: str = ""  # Content-Range


def check(wanted: Mapping[str, Put], keys: Iterable[str], *, base_url: str, pages: Iterable[str] = ()) -> int:
    """Fetch the files of these keys, and the short addresses of ``pages``; how many there were.

    Raises:
        PublicDiffers: one of them is not there, is another, or cannot be entered in the middle.
    """
    addresses, chosen = Addresses(base_url), tuple(dict.fromkeys(keys))
    looks = [partial(_file, addresses.of(key), wanted[key]) for key in chosen]
    looks += [partial(_page, addresses.of(path)) for path in pages]
    if said := sorted(_differences(looks), key=lambda words: _ANOTHER not in words):
        more = f"\n… và {len(said) - _SHOWN} chỗ nữa" if len(said) > _SHOWN else ""
        raise PublicDiffers(
            "đã đưa lên đủ, nhưng địa chỉ công khai chưa cho thấy như vậy:\n" + "\n".join(said[:_SHOWN]) + more + "\n",
            thing=base_url,
            advice="Xem lại site.base_url, quyền đọc công khai của kho, hoặc bộ nhớ đệm (CDN) còn giữ bản cũ.",
        )
    return len(looks)


def _differences(looks: Sequence["partial[str]"]) -> list[str]:
    """What is wrong, after some patience: a store or CDN may take a moment."""
    said: list[str] = []
    with ThreadPoolExecutor(8) as pool:
        for attempt in range(_TRIES):
            time.sleep(_PAUSE_S if attempt else 0)
            found = tuple(pool.map(lambda look: look(), looks))
            said, looks = (
                [words for words in found if words],
                [look for look, words in zip(looks, found, strict=True) if words],
            )
            if not said:
                break
    return said


def _file(address: str, put: Put) -> str:
    if put.step is Step.SOUND and put.bytes > 2 * _EDGE_BYTES:
        return _sound(address, put)
    found = _get(address)
    if found.status != 200:
        return _refused(address, found)
    if hashlib.sha256(found.body).hexdigest() != put.sha256:
        return f"  {address}: {_ANOTHER}"
    if put.step >= Step.PAGE and found.media_type.split(";")[0].strip() != put.media_type.split(";")[0]:
        return f"  {address}: là {found.media_type or 'không rõ loại'}, lẽ ra là {put.media_type}"
    return ""


def _sound(address: str, put: Put) -> str:
    with put.file.open("rb") as stream:
        for start in (0, put.bytes - _EDGE_BYTES):
            stop = start + _EDGE_BYTES
            found = _get(address, start=start, stop=stop)
            if found.status == 200:
                return f"  {address}: máy chủ không cho nghe từ giữa (Range), điện thoại sẽ không tua được"
            if found.status != 206:
                return _refused(address, found)
            stream.seek(start)
            if found.body != stream.read(_EDGE_BYTES) or not found.size.endswith(f"/{put.bytes}"):
                return f"  {address}: {_ANOTHER}"
    return ""


def _page(address: str) -> str:
    """The address that is printed under a QR code: a page has to open there, however the store does it."""
    found = _get(address)
    if found.status == 200 and found.media_type.startswith("text/html"):
        return ""
    return f"  {address}: địa chỉ ngắn trong mã QR chưa mở được ({found.status or 'không trả lời'}); bật index document"


def _refused(address: str, found: Answer) -> str:
    return f"  {address}: {found.status or 'không trả lời'}"


def _get(address: str, *, start: int = 0, stop: int = 0) -> Answer:
    headers = {"Cache-Control": "no-cache", "Accept-Encoding": "identity", "User-Agent": "ban-tin-noi"}
    if stop:
        headers["Range"] = f"bytes={start}-{stop - 1}"
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 (settings allow http and https alone)
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
            said = answer.headers
            size = said.get("Content-Range", "")
            return Answer(
                status=answer.status, body=answer.read(), media_type=said.get("Content-Type", "").lower(), size=size
            )
    except urllib.error.HTTPError as error:
        error.close()
        return Answer(status=error.code, body=b"")
    except (OSError, ValueError):
        return Answer(status=0, body=b"")
