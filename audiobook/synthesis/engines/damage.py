"""An error of opening a model -> the file of its weights that is damaged: copied by half, or decayed on its disk.

The runtimes name a file, or the length that they found, or nothing at all; then each kind of file is asked itself.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

_FOUND_LENGTH = re.compile(r"file_length: (\d+)")  # ONNX Runtime's, of a graph's data in a file beside it


def damaged(files: Iterable[Path], error: Exception) -> Path | None:
    """The first of the files that is damaged, as far as can be known; None where none seems to be."""
    there, said = tuple(files), str(error)
    if found := _FOUND_LENGTH.search(said):
        return next((file for file in there if file.suffix == ".data" and file.stat().st_size == int(found[1])), None)
    named = (file for file in there if file.name in said)
    return next(named, None) or next((file for file in there if not _is_whole(file)), None)


def _is_whole(file: Path) -> bool:
    check = _CHECKS.get(file.suffix)
    try:
        return check is None or check(file)
    except (ValueError, KeyError, zipfile.BadZipFile):  # a UnicodeDecodeError and json's own are ValueErrors
        return False


def _json(file: Path) -> bool:
    json.loads(file.read_bytes())
    return True


def _npz(file: Path) -> bool:
    with zipfile.ZipFile(file) as arrays:
        return arrays.testzip() is None


def _safetensors(file: Path) -> bool:
    """Eight bytes of length, a table of where each tensor lies behind it, the tensors (huggingface/safetensors, README)."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        table = json.loads(stream.read(length))
    end = max(tensor["data_offsets"][1] for name, tensor in table.items() if name != "__metadata__")
    return file.stat().st_size == 8 + length + int(end)


_CHECKS: Mapping[str, Callable[[Path], bool]] = {".json": _json, ".npz": _npz, ".safetensors": _safetensors}
