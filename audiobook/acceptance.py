"""Doubts that stop a production -> those that an editor lets pass, to be recorded; or a refusal that names the others.

An editor lets a doubt pass by its code and place (``--accept S-FACT@c04b02s1``). What was let pass for a publication
holds for its revisions too, as long as the doubt says the same of the same sound: another text at the same place is another
doubt, and so is another take of the same words, by another voice or said again, which nobody has heard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audiobook.errors import DoubtStands, SettingsError
from audiobook.model.narration import Remark
from audiobook.model.publication import Accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Who lets which doubts pass. ``wanted``: (code, place) as said on the command line; ``before``: recorded earlier."""

    by: str = ""
    wanted: frozenset[tuple[str, str]] = frozenset()
    before: tuple[Accepted, ...] = ()

    def of(self, doubts: Sequence[Remark]) -> tuple[Accepted, ...]:
        """All of the doubts as accepted.

        Raises:
            DoubtStands: some are not; the message names each with what to do.
        """
        passed = {doubt: self._passed(doubt) for doubt in doubts}
        standing = [doubt for doubt, accepted in passed.items() if accepted is None]
        if standing:
            raise DoubtStands(_told(standing), advice=_advice(standing))
        return tuple(accepted for accepted in passed.values() if accepted)

    def _passed(self, doubt: Remark) -> Accepted | None:
        for each in self.before:
            if _what(each) == _what(doubt):
                return each
        if (doubt.code, doubt.place) in self.wanted:
            return Accepted(code=doubt.code, place=doubt.place, by=self.by, text=doubt.text, sound=doubt.sound)
        return None


def _what(doubt: Remark | Accepted) -> tuple[str, str, str, str]:
    return doubt.code, doubt.place, doubt.text, doubt.sound


def wanted(texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """What stands behind ``--accept``, as (code, place).

    Raises:
        SettingsError: not of the form CODE@PLACE.

    >>> wanted(["S-FACT@c04b02s1"])
    frozenset({('S-FACT', 'c04b02s1')})
    """
    found = set()
    for text in texts:
        code, at, place = text.partition("@")
        if not (code and at and place):
            raise SettingsError("cần MÃ@CHỖ, như S-FACT@c04b02s1.", thing="--accept", place=text)
        found.add((code, place))
    return frozenset(found)


def _told(standing: Sequence[Remark]) -> str:
    lines = "".join(f"\n  [{doubt.code}] {doubt.place}: {doubt.text}" for doubt in standing)
    return f"{len(standing)} chỗ phải xem trước khi phát hành:{lines}\n"


def _advice(standing: Sequence[Remark]) -> str:
    words = " ".join(f"--accept {doubt.code}@{doubt.place}" for doubt in standing[:3])
    more = " …" if len(standing) > 3 else ""
    return f"Sửa bản thảo hoặc từ điển rồi chạy lại; nếu đã xem và thấy đúng, thêm: {words}{more}"
