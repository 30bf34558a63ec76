"""A sound or a film of a manuscript -> a checked file of the issue, with its subtitles and its still picture.

What browsers and reading programs play is taken as it is: MP4 (H.264, AAC), WebM, MP3, M4A, Ogg Opus. All else is refused
with the command that converts it.
"""

import html
import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from audiobook.errors import ClipUnusable, writing
from audiobook.manuscripts.source import Clip
from audiobook.model.issue import Media, MediaKind

MOST_BYTES = 300_000_000
_STILLS = (".jpg", ".jpeg", ".png")
_DEMUXERS = (  # what the file begins with, at which byte -> how ffmpeg is told to read it: never by its name
    (4, b"ftyp", "mov"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"RIFF", "avi"),
    (0, b"0&\xb2u", "asf"),
    (0, b"FLV", "flv"),
    (0, b"\0\0\x01\xba", "mpeg"),
    (0, b"fLaC", "flac"),
)
_FORMS = {  # demuxer, codec of the film, codec of the sound -> media type, suffix
    ("mov", "h264", "aac"): ("video/mp4", "mp4"),
    ("mov", "h264", ""): ("video/mp4", "mp4"),
    ("mov", "", "aac"): ("audio/mp4", "m4a"),
    ("mp3", "", "mp3"): ("audio/mpeg", "mp3"),
    ("ogg", "", "opus"): ("audio/ogg; codecs=opus", "opus"),
}
_FORMS |= {
    ("matroska", film, sound): ("video/webm", "webm")
    for film in ("vp8", "vp9", "av1")
    for sound in ("opus", "vorbis", "")
}
_STREAM = re.compile(r"Stream #0:\d+\S*: (Video|Audio): (\w+)(.*)")
_SIZE = re.compile(r", (\d{2,5})x(\d{2,5})[ ,]")
_DURATION = re.compile(r"Duration: (\d+):(\d+):([\d.]+)")
_CUE = re.compile(r"(?:\d+:)?\d\d:\d\d\.\d{3} --> ")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    demuxer: str
    film: str
    sound: str
    width: int
    height: int
    seconds: float
    plays_everywhere: bool  # a film's points are stored as every decoder knows them (4:2:0, eight bits)


def is_clip(file: Path) -> bool:
    """Whether a file's beginning is that of a sound or film."""
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        return bool(_demuxer(stream.read(16)))


def beside(path: PurePosixPath, folder: Path) -> tuple[PurePosixPath, ...]:
    """The files that belong to a clip: subtitles and a still picture of the same name."""
    names = [path.with_suffix(suffix) for suffix in (".vtt", *_STILLS)]
    return tuple(name for name in names if (folder / name).is_file())


def clip_of(file: Path, name: str, alt: str) -> Clip:
    """The clip with what lies beside it."""
    captions = file.with_suffix(".vtt")
    stills = [file.with_suffix(suffix) for suffix in _STILLS if file.with_suffix(suffix).is_file()]
    return Clip(
        name=name,
        file=file,
        alt=alt,
        captions=captions if captions.is_file() else None,
        still=stills[0] if stills else None,
    )


def keep_clip(clip: Clip, number: int, *, folder: Path, thing: Path, place: str) -> Media:
    """Check a clip by its content and lay it into ``folder``; a film without a still picture gives one of itself.

    Raises:
        ClipUnusable: a format that not every browser plays, broken, or too large; with the command that converts it.
    """
    if clip.file.stat().st_size > MOST_BYTES:
        raise ClipUnusable(f"{clip.name!r} lớn quá 300 MB.", thing=thing, place=place, advice=_command(clip))
    facts = _facts(clip.file)
    form = _FORMS.get((facts.demuxer, facts.film, facts.sound)) if facts and facts.plays_everywhere else None
    if facts is None or form is None:
        raise ClipUnusable(
            f"{clip.name!r} không phải dạng mà trình duyệt nào cũng mở được.",
            thing=thing,
            place=place,
            advice=_command(clip),
        )
    media_type, suffix = form
    words, transcript = _captions(clip, thing=thing, place=place)
    still = _still(clip, facts)
    stem = f"{folder.name}/clip-{number:02d}"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(clip.file, folder.parent / f"{stem}.{suffix}")
        for data, name in ((words, f"{stem}.vtt"), (still, f"{stem}-hinh.jpg")):
            if data:
                (folder.parent / name).write_bytes(data)
    return Media(
        kind=MediaKind.VIDEO if facts.film else MediaKind.AUDIO,
        file=f"{stem}.{suffix}",
        media_type=media_type,
        alt=clip.alt,
        width=facts.width,
        height=facts.height,
        still=f"{stem}-hinh.jpg" if still else "",
        captions=f"{stem}.vtt" if words else "",
        transcript=transcript,
    )


def _command(clip: Clip) -> str:
    name = PurePosixPath(clip.name.replace('"', "")).name
    stem = PurePosixPath(name).stem
    return (
        f'Chuyển phim: ffmpeg -i "{name}" -c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +faststart "{stem}-web.mp4"; '
        f'chuyển âm thanh: ffmpeg -i "{name}" -vn "{stem}-web.mp3"'
    )


def _demuxer(head: bytes) -> str:
    return next((name for at, magic, name in _DEMUXERS if head[at : at + len(magic)] == magic), "")


def _facts(file: Path) -> _Facts | None:
    with file.open("rb") as stream:
        demuxer = _demuxer(stream.read(16))
    said = _ffmpeg(file, demuxer, []).stderr.decode(errors="replace")
    streams = [found for found in _STREAM.findall(said) if "attached pic" not in found[2]]
    films = [(codec, rest) for kind, codec, rest in streams if kind == "Video"]
    sounds = [codec for kind, codec, _ in streams if kind == "Audio"]
    duration = _DURATION.search(said)
    if not streams or not duration:
        return None
    size = _SIZE.search(films[0][1]) if films else None
    return _Facts(
        demuxer=demuxer,
        film=films[0][0] if films else "",
        sound=sounds[0] if sounds else "",
        width=int(size[1]) if size else 0,
        height=int(size[2]) if size else 0,
        seconds=int(duration[1]) * 3600 + int(duration[2]) * 60 + float(duration[3]),
        plays_everywhere=not films or "yuv420p(" in films[0][1] or "yuv420p," in films[0][1],
    )


def _ffmpeg(file: Path, demuxer: str, more: list[str], *, seek: float = 0) -> subprocess.CompletedProcess[bytes]:
    """The decoder that comes with the program; it opens this one file and nothing that the file may name."""
    from imageio_ffmpeg import get_ffmpeg_exe

    command = [get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-protocol_whitelist", "file,pipe"]
    command += ["-ss", f"{seek:.3f}", "-f", demuxer, "-i", f"file:{file}", *more]
    return subprocess.run(command, capture_output=True, timeout=60, check=False)


def _captions(clip: Clip, *, thing: Path, place: str) -> tuple[bytes, str]:
    """The subtitles as a file, and what is said in them as text."""
    if clip.captions is None:
        return b"", ""
    text = clip.captions.read_bytes()[:2_000_000].decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    if not text.startswith("WEBVTT") or "-->" not in text:
        raise ClipUnusable(
            f"phụ đề của {clip.name!r} không phải WebVTT (.vtt).",
            thing=thing,
            place=place,
            advice="Dòng đầu của tệp phải là WEBVTT.",
        )
    spoken, in_cue = [], False
    for line in text.splitlines():
        if _CUE.match(line):
            in_cue = True
        elif not line.strip():
            in_cue = False
        elif in_cue:
            spoken.append(html.unescape(re.sub(r"<[^>]*>", "", line)).strip())
    return text.encode(), "\n".join(spoken)


def _still(clip: Clip, facts: _Facts) -> bytes:
    """A JPEG: what the editor gave, else the film itself after a tenth of its time."""
    from PIL import Image

    data = clip.still.read_bytes() if clip.still else b""
    if not data and facts.film:
        more = ["-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"]
        data = _ffmpeg(clip.file, facts.demuxer, more, seek=facts.seconds / 10).stdout
    if not data:
        return b""
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as image:
            image.convert("RGB").save(out, "JPEG", quality=90)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""  # a film is worth more than its picture
    return out.getvalue()
