"""What would do harm is refused with the file, the reason and what to do, in little time and memory."""

import datetime
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from audiobook.manuscripts.fetch import is_public
from audiobook.manuscripts.read import Details, read

_files = importlib.util.spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
hostile = importlib.util.module_from_spec(_files)
_files.loader.exec_module(hostile)
FILES, write = hostile.FILES, hostile.write
DETAILS = Details(number=3, date=datetime.date(2023, 3, 30))
MOST_SECONDS, MOST_MEGABYTES = 2.0, 100.0
MEASURED = """
import datetime, json, resource, sys
from pathlib import Path
from audiobook.errors import AudiobookError
from audiobook.manuscripts.read import Details, read
try:
    read(Path(sys.argv[1]), details=Details(number=3, date=datetime.date(2023, 3, 30)), images=Path(sys.argv[1] + "-hinh"))
except AudiobookError as error:
    told = [type(error).__name__, str(error), error.advice]
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
seconds = sum(each.ru_utime + each.ru_stime for each in used)
own = Path("/proc/self/status")  # getrusage counts what the parent had when it forked; this does not
peak = int(own.read_text().split("VmHWM:")[1].split()[0]) if own.exists() else used[0].ru_maxrss
print(json.dumps([told, seconds, max(peak, used[1].ru_maxrss) / 1024]))
"""
HEAVY = [name for name in FILES if "bomb" in name or "millions" in name or "deep" in name or "twenty" in name]


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_file_reason_and_advice(name: str, tmp_path: Path) -> None:
    file = write(name, tmp_path)
    with pytest.raises(FILES[name][1]) as refusal:
        read(file, details=DETAILS, images=tmp_path / "images")
    error = refusal.value
    assert error.thing == str(file)
    assert error.message
    assert error.advice or name in ("empty.docx", "zeros.txt", "only-a-script.html")
    assert not list((tmp_path).glob("thoat*"))
    assert not (tmp_path / "images").exists()


@pytest.mark.parametrize("name", HEAVY)
def test_the_heaviest_are_refused_in_two_seconds_of_cpu_and_a_hundred_megabytes(name: str, tmp_path: Path) -> None:
    file = write(name, tmp_path)
    run = subprocess.run([sys.executable, "-c", MEASURED, file], capture_output=True, text=True, check=True)
    _, seconds, megabytes = json.loads(run.stdout)
    assert seconds < MOST_SECONDS
    assert megabytes < MOST_MEGABYTES


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "fe80::1",
        "fd00::1",
        "224.0.0.1",
    ],
)
def test_an_address_inside_is_no_public_one(address: str) -> None:
    assert not is_public(address)


_fuzz = importlib.util.spec_from_file_location("fuzz_manuscripts", Path(__file__).with_name("fuzz_manuscripts.py"))
fuzz_manuscripts = importlib.util.module_from_spec(_fuzz)
_fuzz.loader.exec_module(fuzz_manuscripts)
FEW = {"docx": 60, "epub": 40, "html": 60, "markdown": 60, "text": 60, "layout": 60, "pdf": 2}
MANY = {
    "docx": 60_000,
    "epub": 25_000,
    "html": 40_000,
    "markdown": 35_000,
    "text": 30_000,
    "layout": 12_000,
    "pdf": 300,
}


@pytest.mark.parametrize("kind", FEW)
def test_a_spoilt_sample_is_read_or_refused_in_words(kind: str, tmp_path: Path) -> None:
    fuzz_manuscripts.fuzz(kind, FEW[kind], 0, tmp_path)


def test_many_are_more_than_two_hundred_thousand() -> None:
    assert sum(MANY.values()) >= 200_000


@pytest.mark.long
@pytest.mark.parametrize("kind", MANY)
def test_many_spoilt_samples_are_read_or_refused_in_words(kind: str, tmp_path: Path) -> None:
    fuzz_manuscripts.fuzz(kind, MANY[kind], 1, tmp_path)
