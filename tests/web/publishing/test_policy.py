"""The policy that README gives: a publisher who may do no more publishes, and may not do more.

No store here knows IAM, so its rules are applied to each request before it goes out (AWS, "Actions, resources, and
condition keys for Amazon S3"; GetObject: who may not list is told 403 where an object is missing, not 404).
"""

import json
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from audiobook.errors import StorageError
from tests.web.publishing.test_publish import export_of, send
from web.bucket import Bucket
from web.parcels import PART_BYTES

README = Path(__file__).parents[3] / "README.md"
ACTIONS = {
    "ListObjectsV2": "s3:ListBucket",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "GetObject": "s3:GetObject",
    "DeleteObject": "s3:DeleteObject",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    **dict.fromkeys(("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"), "s3:PutObject"),
}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


class Policy:
    """Statements that allow; what none of them allows is denied."""

    def __init__(self, text: str) -> None:
        self.statements = json.loads(text)["Statement"]

    def allows(self, action: str, resource: str, prefix: str | None = None) -> bool:
        return any(
            action in listed(each["Action"])
            and any(fnmatchcase(resource, wanted) for wanted in listed(each["Resource"]))
            and self._holds(each.get("Condition", {}), prefix)
            for each in self.statements
        )

    @staticmethod
    def _holds(condition: dict[str, Any], prefix: str | None) -> bool:
        for operator, keys in condition.items():
            assert operator in ("StringLike", "StringLikeIfExists")
            if prefix is None and operator == "StringLike":
                return False
            if prefix is not None and not any(fnmatchcase(prefix, each) for each in listed(keys["s3:prefix"])):
                return False
        return True


@pytest.fixture
def restrained(bucket: Bucket, open_bucket: Callable[..., Bucket]) -> Bucket:
    """A publisher's bucket whose every request the README's policy is asked about."""
    text = re.search(r"needs no more than:\n\n```json\n(.*?)```", README.read_text("utf-8"), re.DOTALL)[1]
    policy = Policy(text.replace("BUCKET", bucket.name).replace("PREFIX", "an-phu"))
    other = open_bucket(bucket.name, prefix="an-phu")._client

    def is_there(key: str) -> bool:
        return bool(other.list_objects_v2(Bucket=bucket.name, Prefix=key).get("KeyCount"))

    def ask(params: dict[str, Any], model: Any, **_: Any) -> None:
        home = f"arn:aws:s3:::{bucket.name}"
        resource = f"{home}/{params['Key']}" if "Key" in params else home
        allowed = policy.allows(ACTIONS[model.name], resource, params.get("Prefix"))
        if model.name == "GetObject" and not is_there(params["Key"]):
            allowed = allowed and policy.allows("s3:ListBucket", home)
        if not allowed:
            denied = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
            raise ClientError(denied, model.name)

    bucket._client.meta.events.register("provide-client-params.s3", ask)
    return bucket


def test_it_is_enough_to_publish_again_and_again(restrained: Bucket, tmp_path: Path) -> None:
    assert send(export_of(tmp_path / "a", "2023-01"), restrained) > 0
    assert send(export_of(tmp_path / "b", "2023-01", "2023-02"), restrained) > 0
    (tmp_path / "large.mp3").write_bytes(bytes(PART_BYTES + 1))
    restrained.put("m/large.mp3", tmp_path / "large.mp3", media_type="audio/mpeg", cache_control="no-cache")


def test_it_is_not_enough_to_take_anything_away(restrained: Bucket, tmp_path: Path) -> None:
    send(export_of(tmp_path / "a", "2023-01"), restrained)
    for key in ("feed.xml", "index.html"):
        with pytest.raises(StorageError, match="AccessDenied"):
            restrained.delete(key)
    with pytest.raises(StorageError, match="AccessDenied"):
        restrained.abort_unfinished()
