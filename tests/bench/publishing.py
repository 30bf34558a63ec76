"""What publishing costs: a thousand files to a real S3 server (OpenStack Swift on loopback), first and unchanged.

python tests/bench/publishing.py [FILES]
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import boto3
from botocore.config import Config

from audiobook.library import Library, Shelf
from audiobook.model.publication import Publication

ROOT = Path(__file__).parents[2]
TEXT = "# Giữ ấm\n\nCác cụ nhớ mặc ấm khi trời trở gió.\n\n# Lịch họp\n\nTổ dân phố họp tại nhà văn hóa vào sáng mai.\n"
HERE = ROOT / "tests" / "web" / "publishing"
AUDIOBOOK = Path(sys.executable).with_name("audiobook")
PUBLISHER = ["--title=Bản tin", "--publisher=NXB", "--licence-number=12", "--supplier=TT", "--phone=024"]
FILES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
KEYS = {
    "AWS_ACCESS_KEY_ID": "test:tester",
    "AWS_SECRET_ACCESS_KEY": "testing-secret",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def main() -> None:
    os.environ |= KEYS
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as name:
        folder = Path(name)
        library = many_issues(folder / "library")
        python, port = swift()
        command = [python, HERE / "swift_server.py", folder / "swift", str(port)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            server.stdout.readline()
            prepare(library, f"http://127.0.0.1:{port}")
            for run in ("first", "unchanged", "unchanged"):
                publish(run, library)
            server.stdin.close()


def publish(run: str, library: Path) -> None:
    began = time.perf_counter()
    child = subprocess.Popen(
        [AUDIOBOOK, "publish", "--no-check", "--library", library], stdout=subprocess.PIPE, text=True
    )
    told = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(told)
    print(f"{run:<10} wall {time.perf_counter() - began:6.2f} s   CPU {used.ru_utime + used.ru_stime:6.2f} s   "
          f"peak memory {used.ru_maxrss / 1024:.0f} MB   {told.splitlines()[0].partition(': ')[2]}")  # fmt: skip


def prepare(library: Path, endpoint: str) -> None:
    config = Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required")
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=config).create_bucket(Bucket="bulletin")
    file, values = library / "audiobook.toml", {"bucket": "bulletin", "endpoint": endpoint, "region": "us-east-1"}
    text = re.sub(r"(?m)^path_style = .*$", "path_style = true", file.read_text("utf-8"))
    for name, value in values.items():
        text = re.sub(rf"(?m)^{name} = .*$", f'{name} = "{value}"', text)
    file.write_text(text, encoding="utf-8")


def many_issues(folder: Path) -> Path:
    """A short issue, produced once and shelved under many numbers, each with files of its own."""
    manuscript = folder.with_name("so.md")
    manuscript.write_text(TEXT, encoding="utf-8")
    for step in (
        ["new", folder, *PUBLISHER, "--base-url=http://127.0.0.1:1"],
        ["add", manuscript, "--number", "3", "--date", "2023-03-30", "--library", folder],
        ["produce", "2023-03", "--voice", "tone", "--library", folder],
    ):
        subprocess.run([AUDIOBOOK, *step], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shelf = Library.at(folder).shelf
    first = shelf.publication("2023-03")
    pages = len(first.issue.chapters) + 1
    count = FILES // (len(first.editions) + pages) + 1
    for number in range(1, count):
        shelve(shelf, first, number, folder / "made")
    print(f"{count} issues of {len(first.editions)} editions and {pages} pages; load {os.getloadavg()[0]:.1f}")
    return folder


def shelve(shelf: Shelf, first: Publication, number: int, made_in: Path) -> None:
    issue_id, editions = f"1990-{number}", []
    shutil.rmtree(made_in, ignore_errors=True)
    for edition in first.editions:
        content = shelf.file(first, edition).read_bytes() + b"\n" * number  # programs read over what stands behind
        (made_in / edition.file).parent.mkdir(parents=True, exist_ok=True)
        (made_in / edition.file).write_bytes(content)
        editions.append(replace(edition, bytes=len(content), sha256=hashlib.sha256(content).hexdigest()))
    issue = replace(first.issue, id=issue_id, number=number, date=date(1990, 1, 1) + timedelta(days=number))
    when = first.published - timedelta(days=1000 - number)
    shelf.put(
        replace(
            first, issue=issue, guid=f"00000000-0000-5000-8000-{number:012}", editions=tuple(editions), published=when
        ),
        made_in=made_in,
    )


def swift() -> tuple[Path, int]:
    """The tests' own server in its own environment."""
    spec = importlib.util.spec_from_file_location("publishing_conftest", HERE / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.swift_python(), module.free_ports(4)


if __name__ == "__main__":
    main()
