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
    rf"(?:(?<![\w/.,-])|(?<=\b[NQKHTBCL][ĐQDCHVLTB])|(?<=\bTTr))(?P<number>\d{{1,5}})(?P<letter>[a-zA-Z](?=[/-]))?(?:\s?[/-]\s?(?P<year>(?:19|20)\d\d))?"
    rf"(?P<parts>(?:\s?[/-]\s?(?:{_PART}|\d{{1,3}}(?=[/-]))(?![^\W_]))+)"
)
_BARE = re.compile(
    r"(?<![\w/.,-])((?:NĐ-CP|QĐ-TTg|NQ-CP|CT-TTg|CĐ-TTg)|(?:NQ|CT|KL|QĐ|HD|TB|KH|BC)[/-](?:TW|TƯ|TU|QU|HU|ĐU|UBND|HĐND|CP))(?![\w/-])"
)
_GLUED = re.compile(
    r"(?<![\w/.,-])(?P<kind>NĐ|NQ|CV|QĐ|TT|CT|KL|KH|HD)\s?(?P<number>\d{1,5})(?:/(?P<year>(?:19|20)\d\d))?(?![\w/]|[.,-]\w)"
)
_KIND_BEFORE = re.compile(r"(?<![\w/.,-])(NĐ|QĐ|NQ|KL|KH|HD|TB|BC|CV|CT|TT|TTr)(?:\s?số\s?|\s)?$")
_LISTED = re.compile(r"\s?(?:[,;]|và|hoặc)\s?(?:số\s)?")
_FIRST_KIND = re.compile(r"\b(?:tt|nq|qđ|nđ|ct|kh|tb|kl|hd|bc|cv|ttr)(?= số$|$)")  # "TT 80/2021/TT-BTC"
_PIECE = re.compile(r"\s?[/-]\s?([^\s/-]+)")
_SECTORS = {"B": "bộ", "S": "sở", "P": "phòng"}


def codes(text: str) -> Iterator[Span]:
    """Every document number in a text."""
    last: re.Match[str] | None = None
    before = ""
    for match in _CODE.finditer(text):
        pieces = _PIECE.findall(match["parts"])
        if len(pieces) == 1 and re.search(r"\s[-–]\s", match["parts"]):
            continue  # "113 - CA", "TDP 3 - TDP 7"
        if any(_is_code(piece, alone=len(pieces) == 1) for piece in pieces):
            if not (last and _LISTED.fullmatch(text, last.end(), match.start())):
                before = words_before(text, match.start(), count=8)
            last = match  # of a list ("157-KL/TW, 159-KL/TW và 160-KL/TW") the kind is said once, before the first
            kind = _KIND_BEFORE.search(text, 0, match.start())
            if kind and (kind.end(1) == match.start() or kind[1] == pieces[0]):  # NĐ45/2022/NĐ-CP, "TB 35-TB/TU"
                word = mapping("document_types")[kind[1]]
                before = f"{before} {word}"
                yield _span(kind.span(1), [word], doubt="")
            yield _code(match, pieces, text, before=before)
    yield from _without_issuer(text)
    yield from _without_number(text)


def _without_issuer(text: str) -> Iterator[Span]:
    """NĐ168, NQ 57, CV3421; with a year any kind: "TT 3/2025". The kind is said by itself: its "tư" is no number."""
    for match in _GLUED.finditer(text):
        if match["year"] or match["kind"] in ("NĐ", "NQ", "CV"):
            yield _span(match.span("kind"), [mapping("document_types")[match["kind"]]], doubt="")
            year = f"năm {cardinal(int(match['year']))}" if match["year"] else ""
            yield _span((match.start("number"), match.end()), [_number(match["number"]), year], doubt="")


def _without_number(text: str) -> Iterator[Span]:
    """NQ/TW, NĐ-CP."""
    for match in _BARE.finditer(text):
        kind, body = re.split("[/-]", match[1])
        words = [
            _kind(kind, words_before(text, match.start(), count=8)),
            *_named(issuer(body), "", words_after(text, match.end(), count=2), whose=True),
        ]
        yield _span(match.span(), words, doubt="")


def _is_code(piece: str, *, alone: bool) -> bool:
    """Whether a part makes it a document's number: 12/QĐ is one, 120/UBND too; 5-A is not, and neither is 24/24h."""
    letters = piece.rstrip("0123456789")
    if not letters:
        return False
    if letters in mapping("document_types") or issuer(letters):
        return len(letters) > 1 or not alone
    return not alone and len(letters) > 1 and letters[0].isupper()


def _code(match: re.Match[str], pieces: list[str], text: str, *, before: str) -> Span:
    before = _FIRST_KIND.sub(lambda kind: mapping("document_types").get(kind[0].upper(), kind[0]), before)
    words = [_number(match["number"]), spelled(match["letter"] or "")]
    if match["year"]:
        words.append(f"năm {cardinal(int(match['year']))}")
    words += _pieces(pieces, before=before, after=words_after(text, match.end(), count=2))
    unknown = any(not _known(piece) for piece in pieces if piece[0].isalpha())
    return _span(match.span(), words, doubt="S-CODE" if unknown else "")


def _span(place: tuple[int, int], words: list[str], *, doubt: str) -> Span:
    spoken = " ".join(filter(None, words))
    return Span(start=place[0], end=place[1], spoken=spoken, priority=PRIORITY, rule="code", doubt=doubt)


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
    if len(letters) > 3 and f"*{letters}" in table:
        return table[f"*{letters}"]  # LĐTBXH for SLĐTBXH
    for cut in range(len(letters) - 1, 1, -1):
        body, level = table.get(f"{letters[:cut]}+"), table.get(letters[cut:])
        if body and level:
            return f"{body} {level}"
    return ""
