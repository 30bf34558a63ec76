"""A manuscript and what belongs to it -> issues/<id>/, whole or not at all; a revision takes the old manuscript's place."""

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from audiobook.errors import writing

_MANUSCRIPT = "manuscript"


def lay_in(target: Path, *, manuscript: Path, beside: Sequence[PurePosixPath], facts: bytes) -> None:
    """Make or replace an issue's folder; of one that is there all but the manuscript stays.

    Raises:
        DiskFull, NotWritable: the folder of before stays as it was.
    """
    coming, leaving = target.with_name(f".tmp-{target.name}"), target.with_name(f".tmp-old-{target.name}")
    with writing(target):
        for left in (coming, leaving):
            shutil.rmtree(left, ignore_errors=True)
        if target.exists():
            shutil.copytree(target, coming, ignore=_old_manuscript)
        _lay(manuscript, beside, coming)
        (coming / "issue.toml").write_bytes(facts)
        if target.exists():
            target.replace(leaving)
        coming.replace(target)
        shutil.rmtree(leaving, ignore_errors=True)


def manuscript_in(folder: Path) -> Path | None:
    """The manuscript of an issue's folder: a file of any kind, or a folder of articles."""
    found = sorted(each for each in folder.iterdir() if each.stem == _MANUSCRIPT and each.name[:1] != ".")
    return found[0] if found else None


def _old_manuscript(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(name).stem == _MANUSCRIPT]


def _lay(manuscript: Path, beside: Sequence[PurePosixPath], home: Path) -> None:
    """Copy a manuscript; of a folder what is visible and no link."""
    home.mkdir(parents=True, exist_ok=True)
    if manuscript.is_dir():
        shutil.copytree(manuscript, home / _MANUSCRIPT, ignore=_unwanted)
    else:
        shutil.copyfile(manuscript, home / f"{_MANUSCRIPT}{manuscript.suffix.lower()}")
    for path in beside:
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(manuscript.parent / path, home / path)


def _unwanted(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name[:1] in ".~" or (Path(folder) / name).is_symlink()]
