"""Every error that an editor or operator can meet.

AudiobookError              what the run cannot survive; carries the thing, the place and an exit code
├─ ManuscriptError          10  a manuscript that cannot be read
│  ├─ ManuscriptMissing     11  no such file
│  ├─ ManuscriptEmpty       12  a file without words
│  ├─ ManuscriptDamaged     13  truncated or broken
│  ├─ ManuscriptKind        14  not a format that we read (told by its content, not by its name)
│  ├─ NoChapters            15  words, but no article
│  ├─ PictureMissing        16  the text names a picture that is not there
│  ├─ PictureDamaged        17  a picture that cannot be opened or is too large
│  ├─ ManuscriptHostile     18  a file that could do harm
│  ├─ ClipUnusable          19  a sound or film that not every browser plays
│  └─ NotFetched            25  an address, and nobody allowed to fetch it
│     └─ FetchRefused       26  an address that cannot or must not be fetched
├─ SettingsError            20  audiobook.toml or lexicon.toml: a bad value
│  ├─ BadDate               21
│  └─ BadNumber             22
├─ VoiceError               30  a voice that cannot speak
│  ├─ UnknownVoice          31
│  ├─ VoiceNotInstalled     32  its package or its weights are not on this machine
│  ├─ SpeechFailed          33  the engine gave no usable sound
│  └─ WorkersGone           34  no process or machine answers that could read aloud
├─ LibraryError             40  the library's folder
│  ├─ NoLibrary             41  this folder is no library
│  ├─ IssueUnknown          42
│  ├─ IssueExists           43
│  ├─ ShelfDamaged          44  a shelved file is broken or missing
│  ├─ LibraryExists         45
│  ├─ ArchiveDamaged        46  a backup that is not what it was
│  ├─ ShelfNewer            47  a newer version of the program wrote it
│  └─ IssueBusy             75  another run is at it (EX_TEMPFAIL)
├─ EditionError             50  an edition that cannot be made
├─ DoubtStands              65  a doubt that stops publication until it is mended or accepted (EX_DATAERR)
├─ NothingToAnnounce        55  a correction of nothing
├─ FeedFaulty               56  a feed that must not go out: the pre-flight found faults
├─ HubRefused               57  the WebSub hub was not told
├─ StorageError             70  files that cannot be written
│  ├─ NotWritable           73  (EX_CANTCREAT)
│  ├─ DiskFull              74  (EX_IOERR)
│  └─ StickFaulty           76  a USB stick that was pulled out, or does not give back what was written
└─ ServingError             60  the web server
   ├─ PortTaken             61
   ├─ NothingToServe        62
   └─ PublicDiffers         63  the public address does not show what was published
Wrong words on the command line end with 2, Ctrl-C with 130, a mistake of the program itself with 1.
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AudiobookError(Exception):
    """What happened, to what, where, and what to do about it; all of it in Vietnamese, for editors."""

    exit_code = 1

    def __init__(self, message: str, *, thing: str | Path = "", place: str = "", advice: str = "") -> None:
        """``thing``: the file or object; ``place``: line, key or id in it; ``advice``: what to do."""
        super().__init__(message)
        self.message = message
        self.thing = str(thing)
        self.place = place
        self.advice = advice

    def __reduce__(self) -> tuple[object, ...]:
        """Travel whole between processes."""
        return _again, (type(self), self.message, self.thing, self.place, self.advice)

    def __str__(self) -> str:
        """``thing, place: message. advice``."""
        where = ", ".join(part for part in (self.thing, self.place) if part)
        said = f"{where}: {self.message}" if where else self.message
        return f"{said} {self.advice}" if self.advice else said


def _again(kind: type[AudiobookError], message: str, thing: str, place: str, advice: str) -> AudiobookError:
    return kind(message, thing=thing, place=place, advice=advice)


class ManuscriptError(AudiobookError):
    exit_code = 10


class ManuscriptMissing(ManuscriptError):
    exit_code = 11


class ManuscriptEmpty(ManuscriptError):
    exit_code = 12


class ManuscriptDamaged(ManuscriptError):
    exit_code = 13


class ManuscriptKind(ManuscriptError):
    exit_code = 14


class NoChapters(ManuscriptError):
    exit_code = 15


class PictureMissing(ManuscriptError):
    exit_code = 16


class PictureDamaged(ManuscriptError):
    exit_code = 17


class ManuscriptHostile(ManuscriptError):
    exit_code = 18


class ClipUnusable(ManuscriptError):
    exit_code = 19


class NotFetched(ManuscriptError):
    exit_code = 25


class FetchRefused(NotFetched):
    exit_code = 26


class SettingsError(AudiobookError):
    exit_code = 20


class BadDate(SettingsError):
    exit_code = 21


class BadNumber(SettingsError):
    exit_code = 22


class VoiceError(AudiobookError):
    exit_code = 30


class UnknownVoice(VoiceError):
    exit_code = 31


class VoiceNotInstalled(VoiceError):
    exit_code = 32


class SpeechFailed(VoiceError):
    exit_code = 33


class WorkersGone(VoiceError):
    exit_code = 34


class LibraryError(AudiobookError):
    exit_code = 40


class NoLibrary(LibraryError):
    exit_code = 41


class IssueUnknown(LibraryError):
    exit_code = 42


class IssueExists(LibraryError):
    exit_code = 43


class ShelfDamaged(LibraryError):
    exit_code = 44


class LibraryExists(LibraryError):
    exit_code = 45


class ArchiveDamaged(LibraryError):
    exit_code = 46


class ShelfNewer(LibraryError):
    exit_code = 47


class IssueBusy(LibraryError):
    exit_code = 75


class EditionError(AudiobookError):
    exit_code = 50


class DoubtStands(AudiobookError):
    exit_code = 65


class ServingError(AudiobookError):
    exit_code = 60


class PortTaken(ServingError):
    exit_code = 61


class NothingToServe(ServingError):
    exit_code = 62


class PublicDiffers(ServingError):
    exit_code = 63


class NothingToAnnounce(AudiobookError):
    exit_code = 55


class FeedFaulty(AudiobookError):
    exit_code = 56


class HubRefused(AudiobookError):
    exit_code = 57


class StorageError(AudiobookError):
    exit_code = 70


class NotWritable(StorageError):
    exit_code = 73


class DiskFull(StorageError):
    exit_code = 74


class StickFaulty(StorageError):
    exit_code = 76


@contextmanager
def writing(place: Path, *, needs: int = 0) -> Iterator[None]:
    """Turn the operating system's refusals while writing under ``place`` into words for the operator.

    ``needs``: how many bytes are to be written, where that is known.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                f"đĩa đã đầy, chưa ghi được{_room(place, needs)}.",
                thing=error.filename or place,
                advice="Hãy giải phóng đĩa rồi chạy lại; phần đã làm vẫn còn nguyên.",
            ) from error
        if error.errno in _REFUSALS:
            raise NotWritable(
                _REFUSALS[error.errno],
                thing=error.filename or place,
                advice="Hãy chọn thư mục khác hoặc xin quyền ghi.",
            ) from error
        raise


def _room(place: Path, needs: int) -> str:
    """How many megabytes are needed, and how many there are."""
    there = next((folder for folder in (place, *place.parents) if folder.is_dir()), None)
    free = f"còn {shutil.disk_usage(there).free / 1e6:.0f} MB" if there else ""
    wanted = f"cần {max(1, round(needs / 1e6))} MB" if needs else ""
    said = ", ".join(filter(None, (wanted, free)))
    return f" ({said})" if said else ""


_REFUSALS = {
    errno.EACCES: "không có quyền ghi vào đây.",
    errno.EPERM: "không có quyền ghi vào đây.",
    errno.EROFS: "ổ đĩa này chỉ cho đọc.",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục.",
    errno.EISDIR: "đây là thư mục, không ghi đè được.",
    errno.EEXIST: "chỗ này đã có một tệp cùng tên.",
    errno.ENAMETOOLONG: "tên tệp quá dài.",
}
