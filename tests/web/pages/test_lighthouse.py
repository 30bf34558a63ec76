"""Lighthouse, as a telephone on a slow line, in its four categories."""

import json
import os
import subprocess
from pathlib import Path

import pytest

LIGHTHOUSE = Path(__file__).parents[2] / "node_modules" / ".bin" / "lighthouse"

RUNS = 3  # where Chromium's trace lacks its beginning Lighthouse asks for another run


@pytest.mark.long
@pytest.mark.parametrize("path", ["", "so/2023-01", "so/2023-01/bai-1", "cach-nghe", "en"])
def test_lighthouse_gives_at_least_95_of_100_in_all_four(office, tmp_path: Path, path: str) -> None:
    told = tmp_path / "told.json"
    flags = [
        "--quiet",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        "--max-wait-for-load=120000",
        "--output=json",
    ]
    command = [LIGHTHOUSE, f"{office.address}/{path}", *flags, f"--output-path={told}"]
    for _ in range(RUNS):
        done = subprocess.run(
            command, env=os.environ | {"CHROME_PATH": "/usr/bin/chromium"}, stderr=subprocess.PIPE, text=True
        )
        if "Please run Lighthouse again" not in done.stderr:
            break
    assert done.returncode == 0, done.stderr
    scores = {name: each["score"] for name, each in json.loads(told.read_text("utf-8"))["categories"].items()}
    assert len(scores) == 4
    assert all(score is not None and score >= 0.95 for score in scores.values()), scores
