"""A bucket of any S3-compatible store as a Storage.

Sources: the S3 API, and how stores other than Amazon's differ from it (no newer checksums, addresses by path).
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audiobook.disk import digest
from audiobook.errors import StorageError
from web import parcels
from web.storage import Stored, safe

_DAMAGE = ("BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch")
_DAMAGED_ON_THE_WAY = 3  # so often it is sent anew
_SETTLED_S = 0.3  # of two who both saw nothing, the later one's note is there by then
_NOTE = {"ContentType": "application/json", "CacheControl": "no-store"}


class Bucket:
    """A bucket, or what lies under a prefix in it. Credentials come from the usual AWS chain and from nowhere else."""

    def __init__(
        self,
        name: str,
        *,
        prefix: str = "",
        endpoint: str = "",
        region: str = "",
        path_style: bool = False,
        attempts: int = 8,
    ) -> None:
        """``endpoint``: the store's address where it is not Amazon's; ``attempts``: how often a request is tried."""
        self.name = name
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        with self._speaking():
            self._client = _client(endpoint=endpoint, region=region, path_style=path_style, attempts=attempts)

    opens_folders = False

    @property
    def label(self) -> str:
        """As the AWS tools write it."""
        return f"s3://{self.name}/{self.prefix}".rstrip("/")

    def can_hold(self, key: str) -> bool:
        """The prefix is a key as any other; a bucket without one has no key for itself."""
        return key != "" or bool(self.prefix)

    def list(self) -> Iterator[Stored]:
        """Everything under the prefix."""
        with self._speaking():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.prefix):
                for each in page.get("Contents", ()):
                    key = each["Key"].removeprefix(self.prefix)
                    yield Stored(key=key, bytes=each["Size"], etag=each["ETag"].strip('"'))

    def holds(self, stored: Stored, file: Path) -> bool:
        """By MD5: an object that was sent in parts, or is encrypted with a key of its own, has another ETag."""
        return len(stored.etag) == 32 and parcels.md5(file).hexdigest() == stored.etag

    def put(self, key: str, file: Path, *, media_type: str, cache_control: str, disposition: str = "") -> None:
        """Send it, in parts where it is large, each with its sum; what arrived otherwise is refused."""
        said = {"ContentType": media_type, "CacheControl": cache_control}
        if disposition:
            said["ContentDisposition"] = disposition
        place = {"Bucket": self.name, "Key": self._path(key)}
        send = parcels.whole if file.stat().st_size < parcels.PART_BYTES else parcels.in_parts
        with self._speaking(key):
            for attempt in range(_DAMAGED_ON_THE_WAY):
                try:
                    etag, wanted = send(self._client, file, place, said)
                except self._client.exceptions.ClientError as error:
                    if _code(error) not in _DAMAGE or attempt == _DAMAGED_ON_THE_WAY - 1:
                        raise
                    continue
                # Another name than the MD5 may be a store's way, or damage: reading it back decides.
                if etag == wanted or self.sha256(key) == digest(file):
                    return
        raise StorageError(
            "kho lưu trữ giữ tệp khác với tệp đã gửi.",
            thing=f"{self.label}/{key}",
            advice="Chạy lại audiobook publish.",
        )

    def read(self, key: str) -> bytes | None:
        """A small object's content."""
        body = self._open(key)
        if body is None:
            return None
        with self._speaking(key):
            content: bytes = body.read()
            return content

    def sha256(self, key: str) -> str:
        """Read through the network."""
        body, found = self._open(key), hashlib.sha256()
        if body is None:
            return ""
        with self._speaking(key):
            for block in body.iter_chunks(2**20):
                found.update(block)
        return found.hexdigest()

    def write(self, key: str, data: bytes) -> None:
        """A small object that is not to be kept by anyone."""
        with self._speaking(key):
            self._client.put_object(Bucket=self.name, Key=self._path(key), Body=data, **_NOTE)

    def create(self, key: str, data: bytes) -> bool:
        """By If-None-Match where the store knows it; and by looking before and after, since some only look now and then."""
        if self.read(key) is not None:
            return False
        with self._speaking(key):
            try:
                self._client.put_object(Bucket=self.name, Key=self._path(key), Body=data, IfNoneMatch="*", **_NOTE)
            except self._client.exceptions.ClientError as error:
                if _code(error) in ("PreconditionFailed", "ConditionalRequestConflict"):
                    return False
                if _code(error) != "NotImplemented":
                    raise
                self.write(key, data)
        time.sleep(_SETTLED_S)
        return self.read(key) == data

    def delete(self, key: str) -> None:
        """Take the object away."""
        with self._speaking(key):
            self._client.delete_object(Bucket=self.name, Key=self._path(key))

    def abort_unfinished(self) -> int:
        """What was sent in parts: a store keeps such parts, and bills them."""
        with self._speaking():
            ours = f"{self.prefix}m/"
            found = self._client.list_multipart_uploads(Bucket=self.name, Prefix=ours).get("Uploads", ())
            for each in found:
                self._client.abort_multipart_upload(Bucket=self.name, Key=each["Key"], UploadId=each["UploadId"])
        return len(found)

    def _path(self, key: str) -> str:
        """The prefix itself is the key of the home page where a reader gives no file's name."""
        return self.prefix if key == "" and self.prefix else self.prefix + safe(key)

    def _open(self, key: str) -> Any:
        with self._speaking(key):
            try:
                return self._client.get_object(Bucket=self.name, Key=self._path(key))["Body"]
            except self._client.exceptions.ClientError as error:
                if _code(error) in ("NoSuchKey", "404"):
                    return None
                raise

    @contextmanager
    def _speaking(self, key: str = "") -> Iterator[None]:
        """Turn the store's refusals into words for the operator, in which no access key is named."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (Boto3Error, BotoCoreError, ClientError, ValueError) as error:
            code = _code(error)
            said, advice = _REFUSALS.get(code, ("kho lưu trữ không làm được việc này.", "Thử lại sau ít phút."))
            raise StorageError(
                f"{said} ({code})", thing=f"s3://{self.name}/{self.prefix}{key}", advice=advice
            ) from error


def _client(*, endpoint: str, region: str, path_style: bool, attempts: int) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if path_style else "auto"},
        request_checksum_calculation="when_required",  # stores other than Amazon's refuse the newer ones
        response_checksum_validation="when_required",
        retries={"mode": "adaptive", "max_attempts": attempts},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=16,
    )
    # A session of its own: the default one is shared by the whole process.
    return boto3.session.Session().client(
        "s3", endpoint_url=endpoint or None, region_name=region or None, config=config
    )


def _code(error: Exception) -> str:
    """The store's own name for what went wrong, else the exception's."""
    response = getattr(error, "response", None) or getattr(error.__context__, "response", None)
    return str(response["Error"].get("Code", "")) if response else type(error).__name__


_CHECK_KEYS = "Kiểm tra AWS_ACCESS_KEY_ID và AWS_SECRET_ACCESS_KEY, hoặc hồ sơ trong ~/.aws."
_CHECK_ADDRESS = "Kiểm tra mạng và địa chỉ kho (endpoint)."
_REFUSALS = {
    **dict.fromkeys(
        ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"),
        ("chưa có khóa truy cập kho lưu trữ.", _CHECK_KEYS),
    ),
    **dict.fromkeys(
        ("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"),
        ("kho lưu trữ không nhận khóa truy cập này.", _CHECK_KEYS),
    ),
    **dict.fromkeys(
        ("AccessDenied", "403"), ("khóa truy cập không có quyền làm việc này.", "Xin quyền đọc và ghi cho bucket này.")
    ),
    **dict.fromkeys(
        ("NoSuchBucket", "404", "InvalidBucketName", "ParamValidationError"),
        ("không có bucket này.", "Kiểm tra tên bucket, hoặc tạo nó trước."),
    ),
    **dict.fromkeys(_DAMAGE, ("dữ liệu bị hỏng trên đường truyền.", "Thử lại; nếu vẫn vậy, đổi đường mạng.")),
    **dict.fromkeys(
        ("SlowDown", "ServiceUnavailable", "InternalError", "503", "500"),
        ("kho lưu trữ đang quá tải hoặc trục trặc.", "Chạy lại sau ít phút; phần đã gửi không phải gửi lại."),
    ),
    "RequestTimeTooSkewed": ("đồng hồ máy sai nên kho lưu trữ từ chối.", "Chỉnh lại ngày giờ của máy."),
    **dict.fromkeys(
        ("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError", "SSLError"),
        ("không nối được tới kho lưu trữ.", _CHECK_ADDRESS),
    ),
    **dict.fromkeys(("ValueError", "InvalidRegionError"), ("địa chỉ kho lưu trữ không đúng.", _CHECK_ADDRESS)),
    "NoRegionError": ("chưa biết vùng (region) của kho lưu trữ.", "Ghi region, ví dụ us-east-1."),
}
