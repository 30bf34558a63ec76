"""Abbreviations -> what they stand for, by what stands around them; and those that are put together of known ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from audiobook.spoken.cues import forms
from audiobook.spoken.data_tables import table
from audiobook.spoken.letters import is_syllable, old_spelling
from audiobook.spoken.spans import Span, words_after, words_before
from audiobook.spoken.stops import is_full_stop

SILENT, TABLE, COMPOUND = 92, 50, 49

_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"(?<![\w&/.-])[A-ZĐƯ]{2,6}(?:\s?[-–&]\s?[A-ZĐƯ]{2,8})+(?![\w&/-])")
_END_OF_WORD = re.compile(r"(?![^\W_]|\d)")


@dataclass(frozen=True, slots=True)
class _Entry:
    written: str
    spoken: str
    left: str  # patterns of what must stand around it, "" for anything
    right: str
    named: bool  # a word with a capital must follow

    @property
    def title(self) -> str:
        """What is said, where it goes before names or what the table wants behind it."""
        goes_before = self.right or self.named or self.spoken in _before_names()
        return self.spoken if goes_before else ""

    def fits(self, text: str, start: int, end: int) -> bool:
        if self.named and not _CAPITAL.match(text, end):
            return False
        if self.left and not _compiled(self.left).search(words_before(text, start)):
            return False
        behind = end + 1 if text[end : end + 1] == "." else end
        return not self.right or _compiled(self.right).match(words_after(text, behind)) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """When it is first wanted: most of the table's abbreviations stand in no issue."""
    return re.compile(pattern)


@cache
def _before_names() -> frozenset[str]:
    return frozenset((*forms("title"), *forms("before_names")))


_CAPITAL = re.compile(r"\.?\s?[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ][^\W\d_]")


@cache
def _entries() -> dict[str, list[_Entry]]:
    """Entries by the letters that they begin with, the longest first, in the table's order."""
    found: dict[str, list[_Entry]] = {}
    for written, spoken, *around in table("abbreviations"):
        left, right = [*around, "", ""][:2]
        entry = _Entry(
            written=written,
            spoken=spoken,
            left=left and rf"(?:^|\s){left}",
            right="" if right == "Tên" else right,
            named=right == "Tên",
        )
        begin = _WORD.match(written)
        found.setdefault(begin[0] if begin else written[0], []).append(entry)
    for entries in found.values():
        entries.sort(key=lambda each: -len(each.written))
    return found


def abbreviations(text: str) -> Iterator[Span]:
    """Abbreviations of the table, by what stands around them."""
    shouted = is_shouted(text)
    for word in _WORD.finditer(text):
        if (
            word[0] not in _entries()
            or (word.start() and text[word.start() - 1] in "&_")
            or _inside_word(text, word.start())
        ):
            continue
        if shouted and is_syllable(word[0].lower()):
            continue
        entry = _fitting(text, word.start())
        if entry:
            end = _with_its_dot(text, word.start() + len(entry.written), entry.title)
            said_already = is_repeated(text, word.start(), end, entry.spoken)
            if said_already:
                yield Span(start=word.start() - 1, end=end + 1, spoken="", priority=SILENT, rule="abbreviation")
            yield Span(start=word.start(), end=end, spoken=entry.spoken, priority=TABLE, rule="abbreviation")
    for match in _COMPOUND.finditer(text):
        spoken = _put_together(match[0])
        if spoken:
            priority = COMPOUND if re.search("[-–]", match[0]) else TABLE  # with "&" it is one name: PCTT&TKCN
            yield Span.of(match, spoken, priority=priority, rule="abbreviation")


def is_repeated(text: str, start: int, end: int, spoken: str) -> bool:
    """Ủy ban nhân dân (UBND): what has just been said in full is not said again."""
    if text[start - 1 : start] != "(" or text[end : end + 1] != ")":
        return False
    words = " ".join(_WORD.findall(text[max(0, start - 80) : start].lower()))
    return folded(words).endswith(folded(spoken.replace(",", "")))


def folded(words: str) -> str:
    """Words with the tone marks where the table has them."""
    return " ".join(old_spelling(word) for word in words.split())


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and (
        text[at - 1].isalnum() or (text[at - 1] == "." and at > 1 and text[at - 2].isupper() and text[at].islower())
    )


def _fitting(text: str, start: int) -> _Entry | None:
    word = _WORD.match(text, start)
    for entry in _entries()[word[0]] if word else ():
        end = start + len(entry.written)
        whole = text.startswith(entry.written, start) and _END_OF_WORD.match(text, end)
        if whole and entry.fits(text, start, end):
            return entry
    return None


def _with_its_dot(text: str, end: int, title: str) -> int:
    """Where an abbreviation ends: behind its dot, unless that is the sentence's."""
    dotted = text[end - 1] == "."
    dot = end - 1 if dotted else end
    if text[dot : dot + 1] == "." and is_full_stop(text, dot, title=title):
        return dot
    numbered = title in forms("before_names") and _NUMBERED.match(text, dot)  # "ĐT. 0243 …"
    return end + 1 if not dotted and (numbered or _OWN_DOT.match(text, end)) else end


_NUMBERED = re.compile(r"\.\s\d")
_OWN_DOT = re.compile(r"\.(?:\w|\s[A-ZĐÂĂÊÔƠƯ]\w)")


def is_known(letters: str) -> bool:
    """Whether the table has an abbreviation, whatever must stand around it."""
    return any(each.written == letters for each in _entries().get(letters, ()))


@cache
def alone() -> dict[str, str]:
    """What an abbreviation stands for where nothing is known of its neighbours."""
    found: dict[str, str] = {}
    for written, spoken, *around in table("abbreviations"):
        if not any(around):
            found.setdefault(written, spoken)
        elif written in _IN_COMPOUNDS:
            found.setdefault(written, _IN_COMPOUNDS[written])
    return {**found, **_IN_COMPOUNDS}


_IN_COMPOUNDS = {
    "AN": "an ninh", "QP": "quốc phòng", "KT": "kinh tế", "CT": "chính trị", "XH": "xã hội", "VH": "văn hóa", "TT": "thể thao",
    "TC": "tài chính", "DL": "du lịch", "LĐ": "lao động", "TB": "thương binh", "NN": "nông nghiệp", "TM": "thương mại",
    "DV": "dịch vụ", "CN": "công nghiệp", "KD": "kinh doanh", "SX": "sản xuất", "KH": "kế hoạch", "GD": "giáo dục",
    "ĐT": "đào tạo", "MT": "môi trường", "TN": "tài nguyên", "TG": "tuyên giáo", "HC": "hành chính",
    "TH": "tổng hợp", "QS": "quân sự", "LS": "liệt sĩ", "BB": "bệnh binh", "XD": "xây dựng", "GT": "giao thông",
    "HT": "hạ tầng", "NT": "nghệ thuật", "VN": "việt nam", "TDTT": "thể dục thể thao", "DS": "dân số", "YT": "y tế",
    "NV": "nội vụ", "NC": "nội chính", "PL": "pháp luật", "TP": "tư pháp", "GĐ": "gia đình", "TE": "trẻ em", "DT": "dân tộc",
    "TĐ": "thi đua", "HTX": "hợp tác xã", "VX": "văn xã", "TTCN": "tiểu thủ công nghiệp", "ĐB": "đảng bộ", "CQ": "chính quyền",
    "HV": "hội viên", "UBKT": "ủy ban kiểm tra", "TW": "trung ương",
}  # fmt: skip
_PAIRS = {
    "KH-KT": "khoa học kỹ thuật",
    "TC-CB": "tổ chức cán bộ",
    "TG-DV": "tuyên giáo dân vận",
    "CT-KT": "chính trị kinh tế",
}


def _put_together(text: str) -> str:
    """KT-VH-XH, TN&MT: each part by itself."""
    bare = re.sub(r"\s", "", text).replace("–", "-")
    if bare in _PAIRS:
        return _PAIRS[bare]
    parts = re.split(r"([-&])", bare)
    words = [alone().get(part, "") for part in parts[::2]]
    if not all(words):
        return ""
    joined = words[0]
    for mark, word in zip(parts[1::2], words[1:], strict=True):
        joined += f"{' và' if mark == '&' else ''} {word}"
    return joined


@cache
def guessed(token: str) -> str:
    """What capitals stand for that can be cut into known abbreviations in one way only (BCHĐU, VPUBND); "" elsewhere.

    >>> guessed("VPHĐND"), guessed("XKZW")
    ('văn phòng hội đồng nhân dân', '')
    """
    known = alone()
    cuts = [cut for cut in sorted(_cuts(token, most=3), key=len) if all(len(part) > 2 or part in _SURE for part in cut)]
    found = {" ".join(known[part] for part in cut) for cut in cuts if len(cut) == len(cuts[0])}  # HĐND, not HĐ + ND
    return found.pop() if len(found) == 1 and len(token) >= 4 else ""


_SURE = frozenset(("VP", "UB", "TW", "TƯ", "ĐU", "QU", "HU", "TU", "HV", "XH", "PN", "CA", "DV", "VH", "GD", "VN"))
"""Two letters that stand for one thing in any paper. At others nothing is cut: TCNCĐ is no "trước công nguyên công đoàn"."""


def _cuts(token: str, *, most: int) -> Iterator[tuple[str, ...]]:
    known = alone()
    if token in known and most < 3:
        yield (token,)
    if most > 1:
        for cut in range(2, len(token) - 1):
            if token[:cut] in known:
                yield from ((token[:cut], *rest) for rest in _cuts(token[cut:], most=most - 1))


def is_shouted(text: str) -> bool:
    """Whether a line is printed in capitals, so that capitals tell nothing.

    >>> is_shouted("KẾT LUẬN HỘI NGHỊ"), is_shouted("UBND phường")
    (True, False)
    """
    letters = [each for each in text if each.isalpha()]
    capitals = sum(each.isupper() for each in letters)
    return (
        len(letters) > 7
        and capitals > 0.7 * len(letters)
        and any(len(word) > 2 and is_syllable(word.lower()) and not word.isascii() for word in _WORD.findall(text))
    )
