"""A page, feed or style as bytes -> an HTTP answer: strong ETag, 304, gzip where the browser takes it."""

import gzip
import hashlib
from dataclasses import dataclass

from flask import Request, Response
from werkzeug.http import is_resource_modified, quote_etag

_WORTH_PACKING = 600  # bytes; below this gzip saves nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is sent whole; ``packed`` is its gzip, None where that is not worth it."""

    data: bytes
    packed: bytes | None
    media_type: str
    etag: str

    @classmethod
    def of(cls, data: bytes, media_type: str) -> "Document":
        """The bytes, packed once and named by their hash."""
        packed = gzip.compress(data, 6, mtime=0) if len(data) > _WORTH_PACKING else None
        return cls(data=data, packed=packed, media_type=media_type, etag=hashlib.sha256(data).hexdigest()[:32])


def answer(request: Request, document: Document, *, max_age_s: int, immutable: bool = False) -> Response:
    """Answer a GET or HEAD; the packed form has an ETag of its own (RFC 9110, 8.8.3)."""
    packed = document.packed if request.accept_encodings.quality("gzip") > 0 else None
    etag = f"{document.etag}-gz" if packed else document.etag
    cache = f"public, max-age={max_age_s}" + (", immutable" if immutable else "")
    headers = {"ETag": quote_etag(etag), "Cache-Control": cache, "Vary": "Accept-Encoding"}
    if not is_resource_modified(request.environ, etag=etag):
        return Response(status=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(packed or document.data, headers=headers, content_type=document.media_type)
