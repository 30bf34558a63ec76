"""Issue -> the issue showing the editions' own pictures, sounds and films, and those as editions.

Remark code: E-PICTURE a picture that could not be shown; its description stands in its place.
"""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

from audiobook.disk import digest
from audiobook.editions.pictures import edition_picture
from audiobook.model.issue import Block, Issue, Kind, Media, MediaKind
from audiobook.model.narration import Remark
from audiobook.model.publication import Edition

_REWRAPPED = (".mp4", ".m4a", ".webm")  # may say where they were taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The issue, its figures' files relative to the editions' folder; those files; what an editor should look at."""

    issue: Issue
    editions: tuple[Edition, ...]
    remarks: tuple[Remark, ...]


def with_figures(issue: Issue, *, source: Path, folder: Path, cache: Path | None = None) -> Shown:
    """Make every figure's files into ``folder``; pictures that were made before are taken from the ``cache``."""
    desk = _Desk(source=source, folder=folder, cache=cache)
    chapters = tuple(replace(each, blocks=tuple(map(desk.shown, each.blocks))) for each in issue.chapters)
    order = ("picture", "clip", "captions")
    made = sorted(desk.made.values(), key=lambda each: order.index(each.kind))
    return Shown(issue=replace(issue, chapters=chapters), editions=tuple(made), remarks=tuple(desk.remarks))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    source: Path
    folder: Path
    cache: Path | None
    made: dict[str, Edition] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    pictured: dict[str, Media] = field(default_factory=dict)  # by file: some are shown again and again

    def shown(self, block: Block) -> Block:
        media = block.media
        if block.kind is not Kind.FIGURE or media is None or not media.file:
            return block
        if media.kind in (MediaKind.IMAGE, MediaKind.CHART):
            return replace(block, media=self._pictured(media, media.file, place=block.id))
        still = self._pictured(media, media.still, place=block.id).file if media.still else ""
        clip = self._kept("clip", self.source / media.file, media.media_type)
        captions = self._kept("captions", self.source / media.captions, "text/vtt") if media.captions else ""
        return replace(block, media=replace(media, file=clip, still=still, captions=captions))

    def _pictured(self, media: Media, file: str, *, place: str) -> Media:
        if before := self.pictured.get(file):
            same = {name: getattr(before, name) for name in ("file", "media_type", "width", "height")}
            return replace(media, **same)
        try:
            data, suffix, width, height = edition_picture(self.source / file, cache=self.cache)
        except (OSError, ValueError, SyntaxError) as error:
            text = f"không hiện được hình {Path(file).name!r} ({error}); lời mô tả đứng thay."
            self.remarks.append(Remark(code="E-PICTURE", place=place, text=text))
            return replace(media, file="", width=0, height=0)
        sha256 = hashlib.sha256(data).hexdigest()
        name = f"pictures/{Path(file).name.split('.')[0]}.{sha256[:8]}.{suffix}"
        (self.folder / "pictures").mkdir(exist_ok=True)
        (self.folder / name).write_bytes(data)
        media_type = "image/png" if suffix == "png" else "image/jpeg"
        self._edition("picture", name, media_type, bytes=len(data), sha256=sha256)
        self.pictured[file] = replace(media, file=name, media_type=media_type, width=width, height=height)
        return self.pictured[file]

    def _kept(self, kind: str, file: Path, media_type: str) -> str:
        """A clip's file as it is, but without what it says of the place where it was taken."""
        (self.folder / "clips").mkdir(exist_ok=True)
        coming = self.folder / "clips" / f".tmp-{file.name}"
        if not (file.suffix in _REWRAPPED and _rewrapped(file, coming)):
            shutil.copyfile(file, coming)
        sha256 = digest(coming)
        name = f"clips/{file.name.split('.')[0]}.{sha256[:8]}{file.suffix}"
        made = coming.replace(self.folder / name)
        self._edition(kind, name, media_type, bytes=made.stat().st_size, sha256=sha256)
        return name

    def _edition(self, kind: str, name: str, media_type: str, *, bytes: int, sha256: str) -> None:
        self.made[name] = Edition(kind=kind, file=name, media_type=media_type, bytes=bytes, sha256=sha256)


def _rewrapped(file: Path, target: Path) -> bool:
    """The same film and sound without metadata, its index in front so that it begins at once; nothing is encoded anew."""
    from imageio_ffmpeg import get_ffmpeg_exe

    form = {".webm": "webm"}.get(file.suffix, "mp4")
    arguments = ["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1"]
    arguments += ["-fflags", "+bitexact", "-movflags", "+faststart", "-f", form]
    command = [get_ffmpeg_exe(), "-y", "-v", "error", "-nostdin", "-protocol_whitelist", "file", "-i", f"file:{file}"]
    done = subprocess.run([*command, *arguments, f"file:{target}"], capture_output=True, check=False)
    return done.returncode == 0
