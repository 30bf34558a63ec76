"""A bucket of any S3-compatible store as a Storage.

Sources: the S3 API, and how stores other than Amazon's differ from it (no newer checksums, addresses by path).
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.errors import StorageError
from web.storage import Stored, safe

if TYPE_CHECKING:
    from hashlib import _Hash

_PART_BYTES = 16 * 2**20  # larger files are sent in parts


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

    def list(self) -> Iterator[Stored]:
        """Everything under the prefix."""
        with self._speaking():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.prefix):
                for each in page.get("Contents", ()):
                    key = each["Key"].removeprefix(self.prefix)
                    yield Stored(key=key, bytes=each["Size"], etag=each["ETag"].strip('"'))

    def holds(self, stored: Stored, file: Path) -> bool:
        """By MD5: an object that was sent in parts, or is encrypted with a key of its own, has another ETag."""
        if len(stored.etag) != 32:
            return False
        return _md5(file).hexdigest() == stored.etag

    def put(self, key: str, file: Path, *, media_type: str, cache_control: str, disposition: str = "") -> None:
        """Send it, in parts where it is large; the store checks the sum of a small one."""
        said = {"ContentType": media_type, "CacheControl": cache_control}
        if disposition:
            said["ContentDisposition"] = disposition
        path = self.prefix + safe(key)
        with self._speaking(key), file.open("rb") as stream:
            if file.stat().st_size >= _PART_BYTES:
                from boto3.s3.transfer import TransferConfig

                parts = TransferConfig(multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES)
                self._client.upload_fileobj(stream, self.name, path, ExtraArgs=said, Config=parts)
            else:
                checksum = b64encode(_md5(file).digest()).decode()
                self._client.put_object(Bucket=self.name, Key=path, Body=stream, ContentMD5=checksum, **said)

    def delete(self, key: str) -> None:
        """Take the object away."""
        with self._speaking(key):
            self._client.delete_object(Bucket=self.name, Key=self.prefix + safe(key))

    @contextmanager
    def _speaking(self, key: str = "") -> Iterator[None]:
        """Turn the store's refusals into words for the operator, in which no key is named."""
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
    "RequestTimeTooSkewed": ("đồng hồ máy sai nên kho lưu trữ từ chối.", "Chỉnh lại ngày giờ của máy."),
    **dict.fromkeys(
        ("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError", "SSLError"),
        ("không nối được tới kho lưu trữ.", _CHECK_ADDRESS),
    ),
    **dict.fromkeys(("ValueError", "InvalidRegionError"), ("địa chỉ kho lưu trữ không đúng.", _CHECK_ADDRESS)),
    "NoRegionError": ("chưa biết vùng (region) của kho lưu trữ.", "Ghi region, ví dụ us-east-1."),
}


def _md5(file: Path) -> "_Hash":
    """What S3 calls an ETag and Content-MD5; it proves that nothing was damaged, not who sent it."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
