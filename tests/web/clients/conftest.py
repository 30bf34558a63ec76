"""Podcast programs as listeners have them: gPodder from Debian, castero in an environment of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

collect_ignore = ["castero_reader.py"]  # runs in its own environment
HERE = Path(__file__).parent
CACHE = HERE.parents[2] / ".cache"


@pytest.fixture(scope="session")
def castero() -> Callable[[str, Path], str]:
    """castero, which reads one address into a home of its own."""
    python, lock, made = CACHE / "castero/bin/python", HERE / "castero.lock", CACHE / "castero/made"
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / "castero.lock"):
        if not made.is_file() or made.read_bytes() != lock.read_bytes():
            subprocess.run([sys.executable, "-m", "venv", "--clear", CACHE / "castero"], check=True)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
            subprocess.run([*pip, "--requirement", lock], check=True)
            shutil.copyfile(lock, made)

    def read(address: str, home: Path) -> str:
        places = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_DATA_HOME": home / "data"}
        environment = os.environ | {name: str(place) for name, place in places.items()}
        done = subprocess.run(
            [python, HERE / "castero_reader.py", address], env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return read


@pytest.fixture
def gpo(tmp_path: Path) -> Callable[..., str]:
    """gPodder's command line, with a home of its own."""
    if sys.platform != "linux":
        pytest.skip("gPodder comes from Debian's packages")
    environment = os.environ | {"GPODDER_HOME": str(tmp_path), "HOME": str(tmp_path)}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["gpo", *arguments], env=environment, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
