"""What we take in and what we give out: locks with hashes, licences, the list of parts, wheel and sdist."""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from audiobook import __version__

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", ".ci/vieneu.lock", ".ci/test.lock")
PRODUCT = ("audiobook", "feeds", "web")

# May stand in a work under GPL-3.0-or-later (gnu.org/licenses/license-list); the AGPL is not among them.
GOOD = re.compile(
    r"MIT|BSD|Apache|LGPL|GPL-[23]|GPLv[23]|PSF|Python Software Foundation|ISC|MPL|Mozilla|HPND|ZPL|Zope|CC0|Zlib|Unlicense"
    r"|Public Domain|BlueOak|Unicode|GNU Lesser|GNU General Public License",
    re.IGNORECASE,
)
BAD = re.compile(r"AGPL|Affero|Commercial|Non-?Commercial|SSPL|BUSL|Business Source", re.IGNORECASE)
TOLD_ELSEWHERE = {  # packages that name no licence in their metadata -> where it was read
    "espeakng-loader": "MIT (its repository); the espeak-ng in it is GPL-3.0-or-later",
}


def packages(lock: str) -> dict[str, str]:
    found = re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==([^ \\;]+)", (ROOT / lock).read_text("utf-8"))
    return dict(found)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_the_hashes_of_its_files(lock: str) -> None:
    blocks = re.split(r"(?m)^(?=[a-z0-9])", (ROOT / lock).read_text("utf-8"))[1:]
    assert len(blocks) > 30
    for block in blocks:
        assert re.match(r"[a-z0-9._-]+==\S+", block), block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_three_locks_agree() -> None:
    largest = packages(".ci/test.lock")
    for lock in LOCKS[:2]:
        assert packages(lock).items() <= largest.items()


def test_the_lock_names_all_that_the_project_asks_for() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = re.search(r"(?s)\ndependencies = \[(.*?)\n\]", text)
    assert block
    wanted = {name.lower().replace("_", "-") for name in re.findall(r'(?m)^  "([A-Za-z0-9_-]+)', block[1])}
    assert wanted <= packages("requirements.lock").keys()


@pytest.mark.parametrize("name", sorted(packages(".ci/vieneu.lock")))
def test_the_licence_of_a_package_fits_ours(name: str) -> None:
    try:
        said = distribution(name).metadata
    except PackageNotFoundError:
        pytest.skip("for another system or version of Python")
    kinds = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License")]
    told = " | ".join([said.get("License-Expression") or "", (said.get("License") or "")[:500], *kinds])
    assert not BAD.search(told), told
    assert GOOD.search(told) or name in TOLD_ELSEWHERE, f"{name}: {told!r}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheel and sdist, made from a clean copy without the network."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    source.mkdir()
    for name in PRODUCT:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, source / name)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", source]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder / "dist"


def test_wheel_and_sdist_hold_every_file_of_the_product(built: Path) -> None:
    wanted = {
        file.relative_to(ROOT).as_posix()
        for name in PRODUCT
        for file in (ROOT / name).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        assert wanted - set(archive.namelist()) == set()
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert wanted | {"LICENSE", "README.md"} - inside == wanted
    assert __version__ in wheel.name
    assert __version__ in sdist.name


@pytest.mark.parametrize("kind", ["*.whl", pytest.param("*.tar.gz", marks=pytest.mark.long)])
def test_what_was_built_installs_and_runs(built: Path, tmp_path: Path, kind: str) -> None:
    (package,) = built.glob(kind)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", tmp_path / "site", package], check=True)
    program = "import audiobook, sys; from audiobook.cli import main; print(audiobook.__file__); main(sys.argv[1:])"
    environment = {"PYTHONPATH": str(tmp_path / "site"), "PATH": "/usr/bin:/bin"}
    for words in (["--version"], ["publish", "--help"], ["new", str(tmp_path / "thu-vien"), "--title=T", "--publisher=P",
                  "--licence-number=1", "--supplier=S", "--phone=1", "--base-url=http://127.0.0.1"]):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", program, *words], env=environment, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(str(tmp_path / "site"))
    assert (tmp_path / "thu-vien" / "audiobook.toml").is_file()


def test_the_list_of_parts_names_every_package_of_the_lock(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    subprocess.run(
        ["make", "--no-print-directory", "-s", "sbom", f"SBOM={file}"], cwd=ROOT, check=True, capture_output=True
    )
    sbom = json.loads(file.read_text("utf-8"))
    assert sbom["bomFormat"] == "CycloneDX"
    parts = {each["name"]: each for each in sbom["components"]}
    assert parts.keys() == packages("requirements.lock").keys()
    assert all(each["purl"].startswith("pkg:pypi/") for each in parts.values())
    assert sbom["metadata"]["component"]["name"] == "ban-tin-noi"


def test_the_changelog_begins_with_what_is_to_come_or_with_this_version() -> None:
    headings = re.findall(r"(?m)^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert headings[0] == "Unreleased" or headings[0].startswith(f"{__version__} (")
    versions = [heading for heading in headings if heading != "Unreleased"]
    assert versions[0].startswith(f"{__version__} (")
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", each) for each in versions)


def test_the_audit_says_when_it_could_not_ask(tmp_path: Path) -> None:
    """pip-audit itself ends well without the network; ours may not call that clean."""
    program = (
        "import runpy, sys, subprocess; audit = runpy.run_path(sys.argv[1]);"
        "subprocess.run = lambda *a, **k: subprocess.CompletedProcess(a, 0, sys.argv[2], '');"
        "print(audit['audit']('x'))"
    )
    for answer, wanted in (
        ('{"dependencies": [{"name": "a", "skip_reason": "offline"}]}', "([], ['a'], 1)"),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', "([], [], 1)"),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}]}',
         "(['a 1: CVE-1 (mended in 2)'], [], 1)"),
        ("", "([], ['nothing'], 0)"),
    ):  # fmt: skip
        told = subprocess.run(
            [sys.executable, "-c", program, ROOT / ".ci" / "audit", answer], capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == wanted
