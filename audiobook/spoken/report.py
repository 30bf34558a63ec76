"""What will be said -> remarks for the editor, by stable codes.

S-UNKNOWN   no rule knows it; said by its letters, or not at all
S-FOREIGN   not Vietnamese and in no table; said as it is written
S-NUMBER    a number printed in an unusual way
S-CODE      a document number with letters that no table knows
"""

from collections.abc import Iterator

from audiobook.model.narration import Remark
from audiobook.spoken.say import Said

_TEXTS = {
    "S-UNKNOWN": "không có trong từ điển, đọc là",
    "S-FOREIGN": "không phải tiếng Việt, đọc theo chữ viết là",
    "S-NUMBER": "số viết lạ, đọc là",
    "S-CODE": "số hiệu có chữ lạ, đọc là",
}


def remarks_of(said: Said, text: str, *, place: str) -> Iterator[Remark]:
    """One remark for each doubt, with what is printed and what will be said."""
    for doubt in said.doubts:
        spoken = [
            each.spoken for each in said.segments if each.start < doubt.end and each.end > doubt.start and each.spoken
        ]
        words = " ".join(spoken).strip(",.?! ")
        printed = text[doubt.start : doubt.end]
        yield Remark(code=doubt.code, place=place, text=f"{printed!r}: {_TEXTS[doubt.code]} “{words}”.")
