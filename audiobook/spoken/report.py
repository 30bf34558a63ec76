"""What will be said -> remarks for the editor, by stable codes, and the items of the sheet that an editor goes through.

S-FACT       what is heard is not what is printed (a number, a date, an amount): stops production
S-CHARACTER  a sign that an engine would swallow: stops production
S-ENCODING   typed for a font of before Unicode (TCVN3, VNI), or Ƣ for Ư out of a PDF; it was repaired
S-UNKNOWN    no rule knows it; said by its letters, or not at all
S-DEFINED    an abbreviation that the manuscript explains itself; said so in the whole issue
S-GUESS      capitals put together of known abbreviations
S-CODE       a document number with letters that no table knows
S-NUMBER     a number printed in an unusual way
S-NOTE       a number in brackets, taken for a footnote's mark and not said; a count wants a blank before it
S-SPELLING   no Vietnamese syllable, and in no dictionary: a slip of the keyboard?
S-FOREIGN    not Vietnamese and in no table of ours; said as it is written
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.model.narration import Remark
from audiobook.spoken.definitions import Definition
from audiobook.spoken.letters import CAPITALS
from audiobook.spoken.say import Doubt, Said

STOPPING = frozenset(["S-FACT", "S-CHARACTER"])
"""Doubts that nobody may overlook: production stops until they are mended or accepted."""

_TEXTS = {
    "S-FACT": "PHẢI XEM: điều in ra và điều đọc lên khác nhau, đọc là",
    "S-CHARACTER": "PHẢI XEM: có ký hiệu mà máy đọc bỏ qua, đọc là",
    "S-ENCODING": "chữ gõ bằng phông cũ (TCVN3, VNI) hoặc chép từ PDF bị hỏng (Ƣ), đã đổi sang Unicode, đọc là",
    "S-UNKNOWN": "không có trong từ điển, đọc là",
    "S-DEFINED": "chữ viết tắt mà bản thảo tự giải thích, cả số báo đọc là",
    "S-GUESS": "chữ viết tắt ghép, đoán là",
    "S-CODE": "số hiệu có chữ lạ, đọc là",
    "S-NUMBER": "số viết lạ, đọc là",
    "S-NOTE": "giống dấu chú thích nên không đọc số này (nếu là số lượng, thêm dấu cách trước ngoặc), chỗ ấy đọc là",
    "S-SPELLING": "có lẽ gõ nhầm, đọc là",
    "S-FOREIGN": "không phải tiếng Việt, đọc theo chữ viết là",
}
_AROUND = 40
_NAME = re.compile(rf"(?<!\w)[{CAPITALS}][a-zà-ỹđ]+(?: [{CAPITALS}][a-zà-ỹđ]+)+(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece of text that is said otherwise than it is written, or that is doubtful."""

    place: str
    printed: str
    spoken: str
    rule: str  # the rule that read it: number, date, code, abbreviation, …
    before: str  # what is printed around it
    after: str
    doubt: str = ""  # a remark's code


def remarks_of(said: Said, text: str, *, place: str) -> Iterator[Remark]:
    """One remark for each doubt, with what is printed and what will be said."""
    for doubt in said.doubts:
        printed = text[doubt.start : doubt.end].strip()
        yield Remark(code=doubt.code, place=place, text=f"{printed!r}: {_TEXTS[doubt.code]} “{_heard(said, doubt)}”.")


def remark_of_definition(defined: Definition) -> Remark:
    """What an abbreviation is said for because the manuscript says so; an entry of a lexicon changes it."""
    text = f"{defined.written!r}: {_TEXTS['S-DEFINED']} “{defined.spoken}”."
    return Remark(code="S-DEFINED", place=defined.place, text=text)


def items_of(said: Said, text: str, *, place: str) -> Iterator[Item]:
    """What an editor should go through: every reading by a rule, and every doubt."""
    told = {(doubt.start, doubt.end): doubt for doubt in said.doubts if doubt.code != "S-ENCODING"}
    for reading in said.readings:
        doubt = told.pop((reading.start, reading.end), None)
        yield _item(text, reading.start, reading.end, reading.spoken, reading.rule, doubt.code if doubt else "", place)
    yield from _names(said, text, place)
    for doubt in told.values():
        yield _item(text, doubt.start, doubt.end, _heard(said, doubt), "guard", doubt.code, place)


def _names(said: Said, text: str, place: str) -> Iterator[Item]:
    """Names of people and places: two or more words with capitals, as far as no rule read them."""
    taken = [(reading.start, reading.end) for reading in said.readings]
    for match in _NAME.finditer(text):
        if not any(start < match.end() and end > match.start() for start, end in taken):
            yield _item(text, match.start(), match.end(), match[0].lower(), "name", "", place)


def _item(text: str, start: int, end: int, spoken: str, rule: str, doubt: str, place: str) -> Item:
    return Item(
        place=place,
        printed=text[start:end].strip(),
        spoken=spoken.strip(",.?! "),
        rule=rule,
        before=text[max(0, start - _AROUND) : start].lstrip(),
        after=text[end : end + _AROUND].rstrip(),
        doubt=doubt,
    )


def _heard(said: Said, doubt: Doubt) -> str:
    spoken = [
        each.spoken for each in said.segments if each.start < doubt.end and each.end > doubt.start and each.spoken
    ]
    return " ".join(spoken).strip(",.?! ")
