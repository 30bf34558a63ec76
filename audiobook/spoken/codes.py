"""Numbers of laws and papers -> words: 18-NQ/TW, 30/2020/NĐ-CP, 942/QĐ-TTg, 72/2020/QH14.

A small grammar (Nghị định 30/2020/NĐ-CP, annex I): number, year, kind, issuer; each expanded where it is known, and
spelled by letter names where it is not. The kind is left out where its word stands before, the issuer where it follows
in words. An issuer may be put together: a body of the Party and its level (BTCTU), Bộ, Sở or Phòng and its field (SNV).
"""

import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.data_tables import mapping
from audiobook.spoken.letters import is_syllable, spelled
from audiobook.spoken.numbers import cardinal, digits
from audiobook.spoken.spans import Span, words_after, words_before

PRIORITY = 85

_LETTERS = r"[A-ZĐƯƠ][A-Za-zĐđƯưƠơ&]{0,11}"
_PART = rf"{_LETTERS}\d{{0,2}}"
_CODE = re.compile(
    rf"(?<![\w/.,-])(?P<number>\d{{1,5}})(?P<letter>[a-zA-Z](?=[/-]))?(?:\s?[/-]\s?(?P<year>(?:19|20)\d\d))?"
    rf"(?P<parts>(?:\s?[/-]\s?(?:{_PART}|\d{{1,3}}(?=[/-]))(?![^\W_]))+)"
)
_BARE = re.compile(
    r"(?<![\w/.,-])((?:NĐ-CP|QĐ-TTg|NQ-CP|CT-TTg|CĐ-TTg)|(?:NQ|CT|KL|QĐ|HD|TB|KH|BC)[/-](?:TW|TƯ|TU|QU|HU|ĐU|UBND|HĐND|CP))(?![\w/-])"
)
_FIRST_KIND = re.compile(r"\b(?:tt|nq|qđ|nđ|ct|kh|tb|kl|hd|bc|cv|ttr)(?= số$|$)")  # "TT 80/2021/TT-BTC"
_PIECE = re.compile(r"\s?[/-]\s?([^\s/-]+)")
_SECTORS = {"B": "bộ", "S": "sở", "P": "phòng"}


def codes(text: str) -> Iterator[Span]:
    """Every document number in a text."""
    for match in _CODE.finditer(text):
        pieces = _PIECE.findall(match["parts"])
        if len(pieces) == 1 and re.search(r"\s[-–]\s", match["parts"]):
            continue  # "113 - CA", "TDP 3 - TDP 7"
        if any(_is_code(piece, alone=len(pieces) == 1) for piece in pieces):
            yield _code(match, pieces, text)
    for match in _BARE.finditer(text):
        kind, body = re.split("[/-]", match[1])
        before, after = _around(text, match)
        words = [_kind(kind, before), *_named(issuer(body), "", after, whose=True)]
        yield _span(match, words, doubt="")


def _is_code(piece: str, *, alone: bool) -> bool:
    """Whether a part makes it a document's number: 12/QĐ is one, 120/UBND too; 5-A is not, and neither is 24/24h."""
    letters = piece.rstrip("0123456789")
    if not letters:
        return False
    if letters in mapping("document_types") or issuer(letters):
        return len(letters) > 1 or not alone
    return not alone and len(letters) > 1 and letters[0].isupper()


def _code(match: re.Match[str], pieces: list[str], text: str) -> Span:
    before, after = _around(text, match)
    before = _FIRST_KIND.sub(lambda kind: mapping("document_types").get(kind[0].upper(), kind[0]), before)
    words = [_number(match["number"]), spelled(match["letter"] or "")]
    if match["year"]:
        words.append(f"năm {cardinal(int(match['year']))}")
    words += _pieces(pieces, before=before, after=after)
    unknown = any(not _known(piece) for piece in pieces if piece[0].isalpha())
    return _span(match, words, doubt="S-CODE" if unknown else "")


def _around(text: str, match: re.Match[str]) -> tuple[str, str]:
    return words_before(text, match.start(), count=8), words_after(text, match.end(), count=2)


def _span(match: re.Match[str], words: list[str], *, doubt: str) -> Span:
    spoken = " ".join(filter(None, words))
    return Span(start=match.start(), end=match.end(), spoken=spoken, priority=PRIORITY, rule="code", doubt=doubt)


def _number(text: str) -> str:
    return digits(text) if text.startswith("00") else cardinal(int(text))


def _known(piece: str) -> bool:
    letters = piece.rstrip("0123456789")
    return letters in mapping("document_types") or bool(issuer(letters))


def _pieces(pieces: list[str], *, before: str, after: str) -> list[str]:
    words: list[str] = []
    issued = False  # UBND-VX: a section of who is named already
    for position, piece in enumerate(pieces):
        letters, number = piece.rstrip("0123456789"), piece[len(piece.rstrip("0123456789")) :]
        if not letters:
            words.append(digits(number) if number.startswith("0") else cardinal(int(number)))
        elif position == 0 and letters in mapping("document_types") and (len(pieces) > 1 or not issuer(letters)):
            words.append(_kind(letters, before))
        elif issuer(letters):
            of = (
                issuer(letters) if not (letters.startswith("B") and pieces[0] in ("TT", "TTLT")) else _ministry(letters)
            )
            words += _named(of, number, after, whose=not issued)
            issued = True
        elif letters in mapping("document_types"):
            words.append(_kind(letters, before))
        else:
            words.append(spelled(piece) if not is_syllable(letters) or letters.isupper() else piece.lower())
    return words


_ALSO = {"QĐ": "quy định", "TT": "thông tri", "L": "lệnh", "CT": "chương trình", "TTLT": "thông tư liên tịch"}
"""Kinds whose letters are shared with another word."""


def _kind(letters: str, before: str) -> str:
    word = mapping("document_types")[letters]
    other = _ALSO.get(letters)
    if other and other in before:
        return ""
    return "" if word in before else word


def _ministry(letters: str) -> str:
    """Joint circulars are of ministries: BTC is the ministry of finance there, and no organising committee."""
    return f"bộ {mapping('issuers')[f'*{letters[1:]}']}" if f"*{letters[1:]}" in mapping("issuers") else issuer(letters)


def _named(name: str, number: str, after: str, *, whose: bool) -> list[str]:
    if after.startswith("của") or name.startswith(after.strip() or "\0"):
        return []
    named = f"{name} khóa {cardinal(int(number))}" if number else name
    return [f"của {named}" if whose else named]


@cache
def issuer(letters: str) -> str:
    """Who issued a document, by the letters; "" where nobody is known by them.

    >>> issuer("UBND"), issuer("BTCTU"), issuer("SNV"), issuer("XYZ")
    ('ủy ban nhân dân', 'ban tổ chức thành ủy', 'sở nội vụ', '')
    """
    table = mapping("issuers")
    if letters in table:
        return table[letters]
    if f"{letters}+" in table:
        return table[f"{letters}+"]
    if letters[0] in _SECTORS and f"*{letters[1:]}" in table:
        return f"{_SECTORS[letters[0]]} {table[f'*{letters[1:]}']}"
    for cut in range(len(letters) - 1, 1, -1):
        body, level = table.get(f"{letters[:cut]}+"), table.get(letters[cut:])
        if body and level:
            return f"{body} {level}"
    return ""
