"""A file -> an object, sent whole or in parts; every piece goes with its MD5, so that a store refuses what was damaged.

Source: the S3 API (Content-MD5 of PutObject and UploadPart; the ETag of an object in parts is the MD5 of its parts').
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashlib import _Hash

PART_BYTES = 16 * 2**20


def whole(client: Any, file: Path, place: Mapping[str, str], said: Mapping[str, str]) -> tuple[str, str]:
    """Send a file in one request; what the store calls it, and what its MD5 would have it called."""
    found = md5(file)
    with file.open("rb") as stream:
        answer = client.put_object(**place, **said, Body=stream, ContentMD5=_in_base64(found))
    return answer["ETag"].strip('"'), found.hexdigest()


def in_parts(client: Any, file: Path, place: Mapping[str, str], said: Mapping[str, str]) -> tuple[str, str]:
    """Send a large file part by part, and take back what was begun when it fails; the same two names."""
    from botocore.exceptions import BotoCoreError, ClientError

    upload = client.create_multipart_upload(**place, **said)["UploadId"]
    parts: list[dict[str, Any]] = []
    sums = b""
    try:
        with file.open("rb") as stream:
            while block := stream.read(PART_BYTES):
                found = hashlib.md5(block, usedforsecurity=False)
                number = len(parts) + 1
                answer = client.upload_part(
                    **place, UploadId=upload, PartNumber=number, Body=block, ContentMD5=_in_base64(found)
                )
                parts.append({"PartNumber": number, "ETag": answer["ETag"]})
                sums += found.digest()
        answer = client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
    except BaseException:
        with suppress(BotoCoreError, ClientError):  # what went wrong first is what counts
            client.abort_multipart_upload(**place, UploadId=upload)
        raise
    together = hashlib.md5(sums, usedforsecurity=False).hexdigest()
    return answer["ETag"].strip('"'), f"{together}-{len(parts)}"


def md5(file: Path) -> "_Hash":
    """What S3 calls an ETag and Content-MD5; it proves that nothing was damaged, not who sent it."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))


def _in_base64(found: "_Hash") -> str:
    return b64encode(found.digest()).decode()
