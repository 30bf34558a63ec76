"""Blocks -> the same blocks, those that are no reading matter set aside: letterhead, signature, a typed contents list.

The forms are those of Nghị định 30/2020/NĐ-CP, phụ lục I: the issuing body and the national title side by side above
the text, "Nơi nhận" and the signature below it. What is set aside is listed, and an editor may want it read all the same.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from audiobook.manuscripts.headings import is_capitals
from audiobook.manuscripts.source import SourceBlock
from audiobook.model.issue import Kind

_NATIONAL = re.compile(
    r"cộng hòa xã hội chủ nghĩa việt nam|cộng hoà xã hội chủ nghĩa việt nam|đảng cộng sản việt nam", re.IGNORECASE
)
_HEAD_LINE = re.compile(
    r"độc lập\s*[-–—]\s*tự do\s*[-–—]\s*hạnh phúc|^số\s*:?\s*[\d.…/_-]*\s*/?[A-ZĐ]|^.{0,40},\s*ngày\s.{0,12}tháng\s.{0,12}năm"
    r"|^\W+$|^(?:ủy ban|uỷ ban|ubnd|hội đồng|đảng (?:bộ|ủy)|quận ủy|huyện ủy|sở|phòng|trung tâm|hội|liên đoàn|mặt trận)\b",
    re.IGNORECASE,
)
_RECIPIENTS = re.compile(r"nơi (?:nhận|gửi)\s*:", re.IGNORECASE)
_SIGNER = re.compile(
    r"(?:\b(?:TM|KT|TL|TUQ|Q)\s*\.\s*[A-ZĐÂĂÊÔƠƯ]|\(\s*đã\s+ký\s*\)|^(?:chủ tịch|phó chủ tịch|giám đốc|phó giám đốc|trưởng phòng"
    r"|bí thư|phó bí thư|hiệu trưởng|trưởng ban|thủ trưởng|người lập|chánh văn phòng)\b)",
    re.IGNORECASE,
)
_CONTENTS_TITLE = re.compile(r"mục lục|nội dung số này|trong số này", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r".{2,150}?(?:[.…·_]{4,}|\t|\s{3,})\s*\d{1,3}$")
_MOST_HEAD, _MOST_TAIL, _LONGEST_LINE = 12, 14, 120


def set_aside(blocks: Sequence[SourceBlock]) -> tuple[SourceBlock, ...]:
    """Mark letterheads, signatures and typed contents lists by their reason's code; nothing is taken away."""
    codes: dict[int, str] = {}
    _letterheads(blocks, codes)
    _signatures(blocks, codes)
    _contents(blocks, codes)
    return tuple(replace(block, aside=codes[n]) if n in codes else block for n, block in enumerate(blocks))


def _letterheads(blocks: Sequence[SourceBlock], codes: dict[int, str]) -> None:
    """The national title, as a table or typed, with the lines around it that belong to it."""
    for at, block in enumerate(blocks):
        title = _NATIONAL.search(block.text)
        if not title or len(block.text) > 600:
            continue
        typed = is_capitals(title[0]) and len(block.text) < _LONGEST_LINE
        if block.kind is not Kind.TABLE and not typed:
            continue
        first, last = at, at
        while first > 0 and at - first < 4 and _is_head_line(blocks[first - 1]):
            first -= 1
        while last + 1 < len(blocks) and last - at < _MOST_HEAD and _is_head_line(blocks[last + 1]):
            last += 1
        codes.update(dict.fromkeys(range(first, last + 1), "M-LETTERHEAD"))


def _is_head_line(block: SourceBlock) -> bool:
    text = block.text.strip()
    return block.kind is not Kind.HEADING and len(text) < _LONGEST_LINE and bool(_HEAD_LINE.search(text))


def _signatures(blocks: Sequence[SourceBlock], codes: dict[int, str]) -> None:
    """The recipients and who signed: a table, or the lines from the first sign to the end of the article."""
    for at, block in enumerate(blocks):
        if at in codes or len(block.text) > 800:
            continue
        if block.kind is Kind.TABLE:
            if _RECIPIENTS.search(block.text) or (len(block.cells) <= 6 and _signed(block.text)):
                codes[at] = "M-SIGNATURE"
                _names_below(blocks, at, codes)
        elif block.kind is not Kind.HEADING and len(block.text) < _LONGEST_LINE and _begins(block, blocks, at):
            _lines_below(blocks, at, codes)


def _begins(block: SourceBlock, blocks: Sequence[SourceBlock], at: int) -> bool:
    text = block.text.strip()
    if _RECIPIENTS.match(text):
        return True
    following = blocks[at + 1].text.strip() if at + 1 < len(blocks) else ""
    signs = bool(_SIGNER.match(text)) and is_capitals(text)
    return signs and (_is_name(following) or bool(_SIGNER.match(following)) or following.startswith("("))


def _signed(text: str) -> bool:
    return any(_SIGNER.match(line.strip()) for line in re.split(r"[\n\t]", text))


def _is_name(text: str) -> bool:
    """A person's name alone on its line."""
    parts = text.split()
    return 2 <= len(parts) <= 8 and all(part[0].isupper() for part in parts) and not re.search(r"[\d:;,!?]", text)


def _lines_below(blocks: Sequence[SourceBlock], at: int, codes: dict[int, str]) -> None:
    for n in range(at, min(at + _MOST_TAIL, len(blocks))):
        block, text = blocks[n], blocks[n].text.strip()
        ordinary = len(text) >= _LONGEST_LINE or block.kind in (Kind.HEADING, Kind.TABLE, Kind.FIGURE)
        belongs = n == at or _SIGNER.match(text) or _is_name(text) or _RECIPIENTS.match(text) or text[:1] in "-–•(+*"
        if ordinary or n in codes or not (belongs or (block.kind is Kind.ITEM and _RECIPIENTS.match(blocks[at].text))):
            return
        codes[n] = "M-SIGNATURE"


def _names_below(blocks: Sequence[SourceBlock], at: int, codes: dict[int, str]) -> None:
    for n in range(at + 1, min(at + 4, len(blocks))):
        if blocks[n].kind is Kind.PARAGRAPH and (_is_name(blocks[n].text) or _SIGNER.match(blocks[n].text.strip())):
            codes[n] = "M-SIGNATURE"
        else:
            return


def _contents(blocks: Sequence[SourceBlock], codes: dict[int, str]) -> None:
    """Three lines or more with leaders and a page number, one under the other, and their title."""
    at = 0
    while at < len(blocks):
        end = at
        while end < len(blocks) and blocks[end].kind is not Kind.TABLE and _CONTENTS_LINE.fullmatch(blocks[end].text):
            end += 1
        titled = at > 0 and bool(_CONTENTS_TITLE.fullmatch(blocks[at - 1].text.strip(" :.")))
        if end - at >= (1 if titled else 3):
            codes.update(dict.fromkeys(range(at - titled, end), "M-CONTENTS"))
        at = max(end, at + 1)
