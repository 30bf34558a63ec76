"""A session plan and its pieces' MP3 frames -> the files of the loudspeaker pack, in the order in which they are written.

What the oldest players need: MPEG-1 layer III at 44.1 kHz, mono, 96 kbps constant; 8.3 names in capitals; a tag in ASCII
under 4 kB; a CRLF playlist; and files written in playing order, for that is the order in which they play.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from audiobook.editions.id3 import ascii_tag
from audiobook.editions.running_sheet import Sheet, instruction_pdf, sheet_pdf, sheet_txt
from audiobook.errors import EditionError
from audiobook.letters import bare
from audiobook.model.loudspeaker import GREETING, SIGN_OFF, ItemKind, Piece, SessionPlan

PLAYLIST, SHEET_TXT, SHEET_PDF, INSTRUCTION = "PLAY.M3U", "LICHPHAT.TXT", "LICHPHAT.PDF", "HUONGDAN.PDF"
BESIDE = "BAIDAI"
"""The folder of what is in the pack, but in no session: articles that are longer than one."""

_MOST_FILES = 255  # what the oldest players read of a folder
_BESIDES = 4  # playlist, sheets, instruction
FEWER_FILES = "Tăng loudspeaker.slot_minutes, hoặc tách số này làm hai."
_PASSAGES = {ItemKind.GREETING: GREETING, ItemKind.SIGN_OFF: SIGN_OFF}


def too_many(plan: SessionPlan) -> str:
    """What is wrong with a pack of this plan for the oldest players; "" where nothing is."""
    count = sum(len(session.items) for session in plan.sessions) + _BESIDES
    return f"gói loa có {count} tệp, máy phát cũ chỉ đọc được {_MOST_FILES}." if count > _MOST_FILES else ""


def beside(pieces: Sequence[Piece], plan: SessionPlan) -> list[Piece]:
    """What no session of the plan holds; where no article fits it has none, and greeting and sign-off are among it."""
    held = {passage_id(item.piece) for session in plan.sessions for item in session.items}
    return [piece for piece in pieces if passage_id(piece) not in held]


def beside_name(number: int) -> str:
    """The pack's file of such a piece, counted from 1."""
    return f"{BESIDE}/{number:02d}.MP3"


def pack_files(
    sheet: Sheet, *, left_out: Sequence[Piece], frames: Callable[[Piece], bytes], cache: Path | None = None
) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every file; ``frames`` gives a piece's MP3 frames.

    Raises:
        EditionError: more files than an old player reads.
    """
    if told := too_many(sheet.plan):
        raise EditionError(told, thing=sheet.issue.id, advice=FEWER_FILES)
    items = [item for session in sheet.plan.sessions for item in session.items]
    album = bare(f"{sheet.bulletin.podcast.title} {sheet.issue.number}")
    for number, item in enumerate(items, start=1):
        head = ascii_tag(title=bare(item.piece.title), album=album, track=f"{number}/{len(items)}")
        yield item.file, head + frames(item.piece)
    yield PLAYLIST, "".join(f"{line}\r\n" for line in ("#EXTM3U", *(item.file for item in items))).encode()
    yield SHEET_TXT, sheet_txt(sheet)
    yield SHEET_PDF, sheet_pdf(sheet, cache=cache)
    yield INSTRUCTION, instruction_pdf(sheet, cache=cache)
    for number, piece in enumerate(left_out, start=1):
        head = ascii_tag(title=bare(piece.title), album=album, track="")
        yield beside_name(number), head + frames(piece)


def passage_id(piece: Piece) -> str:
    """The passage, and so the track, that a piece is."""
    return piece.chapter or _PASSAGES[piece.kind]
