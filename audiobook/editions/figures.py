"""Issue -> the issue showing the editions' own pictures, and those as editions."""

import hashlib
from dataclasses import replace
from pathlib import Path

from audiobook.editions.pictures import edition_picture
from audiobook.model.issue import Block, Issue, Kind, MediaKind
from audiobook.model.publication import Edition


def with_pictures(issue: Issue, *, source: Path, folder: Path) -> tuple[Issue, tuple[Edition, ...]]:
    """Make every figure's picture into ``folder``; figures' files are then relative to it."""
    pictures: dict[str, Edition] = {}

    def shown(block: Block) -> Block:
        media = block.media
        if block.kind is not Kind.FIGURE or media is None or media.kind not in (MediaKind.IMAGE, MediaKind.CHART):
            return block
        data, suffix, width, height = edition_picture(source / media.file)
        digest = hashlib.sha256(data).hexdigest()
        name = f"pictures/{Path(media.file).name.split('.')[0]}.{digest[:8]}.{suffix}"
        (folder / "pictures").mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        media_type = "image/png" if suffix == "png" else "image/jpeg"
        pictures[name] = Edition(kind="picture", file=name, media_type=media_type, bytes=len(data), sha256=digest)
        return replace(block, media=replace(media, file=name, media_type=media_type, width=width, height=height))

    chapters = tuple(replace(each, blocks=tuple(map(shown, each.blocks))) for each in issue.chapters)
    return replace(issue, chapters=chapters), tuple(pictures.values())
