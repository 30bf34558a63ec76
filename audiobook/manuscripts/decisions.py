"""outline.toml beside the manuscript <-> what an editor decided of its outline; a later version keeps the decisions.

A decision names its paragraph by the words with which it begins, so that it is found again in a changed manuscript.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import tomli_w

from audiobook.errors import SettingsError
from audiobook.manuscripts.source import SourceBlock
from audiobook.manuscripts.text import one_line
from audiobook.model.issue import Kind

FILE = "outline.toml"
FIRST = "*"
"""``after`` of an article that shall be the first."""
_ALIKE = 0.75
_LONGEST = 120
_KEYS = {"text": str, "title": str, "level": int, "read": bool, "after": str, "important": bool}
_HEAD = """\
# Dàn bài do biên tập viên quyết định. Mỗi [[part]] nói về một đoạn của bản thảo, nhận ra bằng những chữ đầu của nó.
#   title  tên khác cho bài hay mục        level  1 = bài, 2 đến 6 = mục nhỏ, 0 = không phải tiêu đề
#   read   false = không đọc, true = vẫn đọc    after  chữ đầu của bài đứng ngay trước; "*" = đứng đầu số báo
#   important  true = bài quan trọng: loa phát trước và đọc hai lần; false = không
# Mục nào không ghi thì theo bản thảo. Nộp bản thảo mới (audiobook add … --revise) vẫn giữ các quyết định này.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an editor wants of one paragraph; None or "" where nothing was said."""

    text: str
    title: str = ""
    level: int | None = None
    read: bool | None = None
    after: str = ""
    important: bool | None = None


def load(folder: Path) -> tuple[Decision, ...]:
    """Read outline.toml; nothing where there is none.

    Raises:
        SettingsError: not TOML, an unknown key, a wrong type; with the place.
    """
    file = folder / FILE
    if not file.is_file():
        return ()
    try:
        parts = tomllib.loads(file.read_text("utf-8")).get("part", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError("không đọc được dàn bài.", thing=file, place=str(error)) from error
    if not isinstance(parts, list):
        raise SettingsError("mỗi đoạn cần bắt đầu bằng [[part]].", thing=file, place="part")
    return tuple(_decision(part, file=file, number=number) for number, part in enumerate(parts, start=1))


def _decision(part: Any, *, file: Path, number: int) -> Decision:
    place = f"[[part]] thứ {number}"
    if not isinstance(part, dict) or not str(part.get("text", "")).strip():
        raise SettingsError("thiếu text (những chữ đầu của đoạn).", thing=file, place=place)
    for key, value in part.items():
        if key not in _KEYS:
            raise SettingsError(f"không có mục {key!r}.", thing=file, place=place, advice=f"Có: {', '.join(_KEYS)}.")
        if type(value) is not _KEYS[key]:
            raise SettingsError(f"{key} viết chưa đúng: {value!r}.", thing=file, place=place)
    if not 0 <= part.get("level", 0) <= 6:
        raise SettingsError("level là một số từ 0 đến 6.", thing=file, place=place)
    return Decision(**part)


def written(decisions: Iterable[Decision]) -> str:
    """outline.toml as text, with its explanation."""
    tables = []
    for each in decisions:
        values = {key: getattr(each, key) for key in _KEYS if getattr(each, key) not in ("", None)}
        tables.append("[[part]]\n" + tomli_w.dumps(values))
    return _HEAD + "".join(f"\n{table}" for table in tables)


def key(text: str) -> str:
    """The words by which a paragraph is found again."""
    return one_line(text)[:_LONGEST]


def matched(
    decisions: Sequence[Decision], blocks: Sequence[SourceBlock]
) -> tuple[dict[int, Decision], tuple[Decision, ...]]:
    """Which block each decision is about (by position), and the decisions whose paragraph is no longer there."""
    places: dict[str, list[int]] = {}
    for n, block in enumerate(blocks):
        places.setdefault(_folded(block.text), []).append(n)
    found: dict[int, Decision] = {}
    left = []
    for decision in decisions:
        same = [n for n in places.get(_folded(decision.text), []) if n not in found]
        if same:
            found[same[0]] = decision
        else:
            left.append(decision)
    lost = []
    for decision in left:
        near = _nearest(_folded(decision.text), blocks, taken=found)
        if near is None:
            lost.append(decision)
        else:
            found[near] = decision
    return found, tuple(lost)


def _folded(text: str) -> str:
    return key(text).casefold()


def _nearest(wanted: str, blocks: Sequence[SourceBlock], *, taken: dict[int, Decision]) -> int | None:
    """A paragraph that begins so, or a heading that was only touched."""
    best, at = _ALIKE, None
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    for n, block in enumerate(blocks):
        text = _folded(block.text)
        if n in taken or not text:
            continue
        if text.startswith(wanted) and len(wanted) >= 8:
            return n
        if block.kind is not Kind.HEADING and not block.aside:
            continue
        matcher.set_seq1(text)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, at = ratio, n
    return at


_SETTING = re.compile(r"(?P<part>.+)\.(?P<key>title|level|read|after|important)=(?P<value>.*)", re.DOTALL)
_YES = {"yes": True, "true": True, "có": True, "đọc": True, "no": False, "false": False, "không": False, "bỏ": False}


def changed(decisions: Sequence[Decision], setting: str, parts: Sequence[SourceBlock]) -> tuple[Decision, ...]:
    """The decisions after ``--set PART.KEY=VALUE``; PART is a number of the printed outline or a paragraph's first words.

    Raises:
        SettingsError: not of that form, no such part, a value that cannot be.
    """
    said = _SETTING.fullmatch(setting)
    if not said:
        raise SettingsError("cần dạng SỐ.MỤC=GIÁ-TRỊ.", thing="--set", place=setting, advice="Ví dụ: --set 3.level=2")
    text = _named(said["part"], parts, setting)
    values: dict[str, Any] = {said["key"]: _value(said["key"], said["value"].strip(), parts, setting)}
    others = [each for each in decisions if _folded(each.text) != _folded(text)]
    mine = next((each for each in decisions if _folded(each.text) == _folded(text)), Decision(text=text))
    return (*others, replace(mine, **values))


def _named(part: str, parts: Sequence[SourceBlock], setting: str) -> str:
    if part.isdigit():
        if 1 <= int(part) <= len(parts):
            return key(parts[int(part) - 1].text)
        raise SettingsError(f"dàn bài chỉ có {len(parts)} phần.", thing="--set", place=setting)
    return key(part)


def _value(name: str, text: str, parts: Sequence[SourceBlock], setting: str) -> Any:
    if name == "level" and text in tuple("0123456"):
        return int(text)
    if name in ("read", "important") and text.lower() in _YES:
        return _YES[text.lower()]
    if name == "title":
        return one_line(text)
    if name == "after":
        return FIRST if text in ("0", FIRST) else _named(text, parts, setting)
    raise SettingsError(f"giá trị không hợp lệ cho {name}: {text!r}.", thing="--set", place=setting)
