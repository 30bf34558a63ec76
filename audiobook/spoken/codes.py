"""Numbers of laws and papers -> words: 18-NQ/TW, 30/2020/NĐ-CP, 942/QĐ-TTg, 72/2020/QH14.

A small grammar (Nghị định 30/2020/NĐ-CP, annex I): number, year, kind, issuer; each expanded where it is known, and
spelled by letter names where it is not. The kind is left out where its word stands before, the issuer where it follows
in words.
"""

import re
from collections.abc import Iterator

from audiobook.spoken.data_tables import mapping
from audiobook.spoken.letters import is_syllable, spelled
from audiobook.spoken.numbers import cardinal, digits
from audiobook.spoken.spans import Span, words_after, words_before

_PART = r"[A-ZĐƯƠ][A-Za-zĐđƯưƠơ&]{0,9}\d{0,2}"
_CODE = re.compile(rf"(?<![\w/.,-])(\d{{1,5}})(?:([/-])((?:19|20)\d\d))?((?:[/-](?:{_PART}|\d{{1,3}}))+)(?![\w])")
_PIECE = re.compile(r"[/-]([^/-]+)")
PRIORITY = 85


def codes(text: str) -> Iterator[Span]:
    """Every document number in a text."""
    for match in _CODE.finditer(text):
        pieces = _PIECE.findall(match[4])
        if not any(piece[0].isalpha() for piece in pieces):
            continue
        words = [_number(match[1])]
        if match[3]:
            words.append(f"năm {cardinal(int(match[3]))}")
        before = words_before(text, match.start(), count=4)
        after = words_after(text, match.end(), count=2)
        words += _pieces(pieces, before=before, after=after)
        unknown = any(not _known(piece) for piece in pieces if piece[0].isalpha())
        yield Span(
            start=match.start(),
            end=match.end(),
            spoken=" ".join(filter(None, words)),
            priority=PRIORITY,
            doubt="S-CODE" if unknown else "",
        )


def _number(text: str) -> str:
    return digits(text) if text.startswith("00") else cardinal(int(text))


def _known(piece: str) -> bool:
    letters = piece.rstrip("0123456789")
    return letters in mapping("document_types") or letters in mapping("issuers")


def _pieces(pieces: list[str], *, before: str, after: str) -> list[str]:
    words = []
    for position, piece in enumerate(pieces):
        letters, number = piece.rstrip("0123456789"), piece[len(piece.rstrip("0123456789")) :]
        if not letters:
            words.append(digits(number) if number.startswith("0") else cardinal(int(number)))
        elif position == 0 and letters in mapping("document_types"):
            words.append(_kind(letters, before))
        elif letters in mapping("issuers"):
            words.append(_issuer(letters, number, after))
        else:
            words.append(spelled(piece) if not is_syllable(letters) or letters.isupper() else piece.lower())
    return words


def _kind(letters: str, before: str) -> str:
    word = mapping("document_types")[letters]
    if letters == "QĐ" and "quy định" in before:
        return ""
    if letters == "TT" and "thông tri" in before:
        return ""
    return "" if word in before else word


def _issuer(letters: str, number: str, after: str) -> str:
    if after.startswith("của"):
        return ""
    name = mapping("issuers")[letters]
    return f"của {name} khóa {cardinal(int(number))}" if number else f"của {name}"
