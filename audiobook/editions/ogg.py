"""Ogg Opus as a container: a file -> its packets, packets -> a file, and several packets as one.

Sources: RFC 3533 (Ogg), RFC 7845 (Opus in it), RFC 6716, 3.2 (what a packet holds). mutagen reads and writes the pages.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutagen.ogg import OggPage

PACKET = 960
"""Samples at 48 kHz, Opus's own clock: 20 ms, what our encoder puts into a packet."""

_PACKETS_A_PAGE = 50
_MOST_FRAMES = 6  # a packet may not be longer than 120 ms
_SERIAL = 0x62616E74


def packets(file: Path) -> Iterator[bytes]:
    """Every packet of a file: its head, its comments, then the sound."""
    from mutagen.ogg import OggPage

    part = b""
    with file.open("rb") as stream:
        while True:
            try:
                page = OggPage(stream)
            except EOFError:
                return
            for number, packet in enumerate(page.packets, start=1):
                part += packet
                if number < len(page.packets) or page.complete:
                    yield part
                    part = b""


def lay(target: Path, head: bytes, tags: bytes, sound: Iterable[bytes], *, samples: int) -> None:
    """Write a file of so many samples (at 48 kHz); packets behind them are the encoder's own ending.

    Raises:
        OSError: from the disk.
    """
    from mutagen.ogg import OggPage

    (skipped,) = struct.unpack_from("<H", head, 10)
    with target.open("wb") as out:
        for page in (_page([head], first=True), *OggPage.from_packets([tags], sequence=1)):
            page.serial = _SERIAL
            page.position = 0
            out.write(page.write())
            sequence = page.sequence + 1
        done = 0
        for group in _grouped(sound):
            done += sum(map(_frames, group)) * PACKET
            page = _page(group, sequence=sequence, position=min(done, samples + skipped))
            page.last = done >= samples + skipped
            out.write(page.write())
            sequence += 1


def bundled(sound: Iterable[bytes]) -> Iterator[bytes]:
    """The same sound, bit by bit, in packets of up to 120 ms.

    ffmpeg hands each packet from thread to thread, which for one of 20 ms costs as much as decoding it.
    """
    group: list[bytes] = []
    for packet in sound:
        if group and (len(group) == _MOST_FRAMES or packet[0] != group[0][0]):
            yield _one(group)
            group = []
        if _frames(packet) > 1:
            yield packet
        else:
            group.append(packet)
    if group:
        yield _one(group)


def _one(group: list[bytes]) -> bytes:
    """Packets of one frame each, encoded in the same way, as one with as many frames of any length ("code 3")."""
    if len(group) == 1:
        return group[0]
    lengths = b"".join(_length(len(packet) - 1) for packet in group[:-1])
    return bytes([group[0][0] | 3, 0x80 | len(group)]) + lengths + b"".join(packet[1:] for packet in group)


def _length(count: int) -> bytes:
    return bytes([count]) if count < 252 else bytes([252 + count % 4, (count - 252) // 4])


def _frames(packet: bytes) -> int:
    return (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[packet[0] & 3]


def _grouped(sound: Iterable[bytes]) -> Iterator[list[bytes]]:
    group: list[bytes] = []
    for packet in sound:
        group.append(packet)
        if len(group) == _PACKETS_A_PAGE:
            yield group
            group = []
    if group:
        yield group


def _page(group: list[bytes], *, sequence: int = 0, position: int = 0, first: bool = False) -> "OggPage":
    from mutagen.ogg import OggPage

    page = OggPage()
    page.packets, page.sequence, page.position = group, sequence, position
    page.serial, page.first = _SERIAL, first
    return page
