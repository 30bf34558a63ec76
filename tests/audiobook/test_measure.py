"""What is measured of a sound is what ffmpeg's meter says, and what was put there on purpose."""

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.id3 import CHAP, ID3
from PIL import Image

from audiobook.editions import hearing
from audiobook.editions.encode import Encoded
from audiobook.editions.frames import Mp3, stream
from audiobook.editions.hearing import hear_tracks, of
from audiobook.editions.measure import Measurement, measure, measurement, report_lines
from audiobook.editions.sound_picture import sound_picture
from audiobook.editions.waveform import Gap, Waveform
from audiobook.errors import EditionError
from audiobook.model.recording import Cue, Timeline

RATE = 24_000
Run = Callable[..., subprocess.CompletedProcess[str]]
TIMELINE = Timeline(
    chapters=(Cue(id="c01", title="Một", start_ms=0, end_ms=20_000), Cue(id="c02", title="Hai", start_ms=20_000, end_ms=40_000)),
    sentences=tuple(
        Cue(id=f"c0{1 + n // 4}b01s{n % 4 + 1}", title="", start_ms=n * 5000 + 300, end_ms=n * 5000 + 3500) for n in range(8)
    ),
)  # fmt: skip


def speech(*, more_at_ms: int | None = None, noise: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(1)
    sound = noise * rng.standard_normal(40 * RATE)
    for number, cue in enumerate(TIMELINE.sentences):
        start, stop = cue.start_ms * 24, cue.end_ms * 24
        time = np.arange(stop - start) / RATE
        sound[start:stop] += (0.2 - 0.02 * number) * np.sin(2 * np.pi * 220 * time) * np.sin(np.pi * 4 * time) ** 2
    if more_at_ms is not None:
        sound[more_at_ms * 24 : more_at_ms * 24 + 2400] += 0.1
    return sound.astype(np.float32)


def written(folder: Path, sound: np.ndarray) -> Path:
    soundfile.write(folder / "a.wav", sound, RATE, subtype="FLOAT")
    return folder / "a.wav"


@pytest.fixture
def measured(tmp_path: Path) -> Measurement:
    return measure(written(tmp_path, speech(noise=0.0001)), timeline=TIMELINE)


def test_the_figures_are_those_of_ffmpegs_meter(tmp_path: Path, measured: Measurement) -> None:
    log = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", tmp_path / "a.wav", "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
    ).stderr
    summary = log[log.rindex("Summary:") :]
    loudness, spread, peak = (float(re.search(rf"{name}:\s+(-?[\d.]+)", summary)[1]) for name in ("I", "LRA", "Peak"))
    assert abs(measured.loudness_lufs - loudness) < 0.2
    assert abs(measured.range_lu - spread) < 0.5
    assert abs(measured.true_peak_dbtp - peak) < 0.3


def test_silence_and_noise_are_told_apart(tmp_path: Path, measured: Measurement) -> None:
    assert measured.duration_ms == 40_000
    assert abs(measured.noise_floor_dbfs - 20 * np.log10(0.0001)) < 2
    assert 0.25 < measured.silence_share < 0.55
    assert abs(measured.longest_silence_ms - 1800) <= 40
    assert measure(written(tmp_path, speech())).noise_floor_dbfs < measured.noise_floor_dbfs


def test_what_stands_where_it_should_is_not_complained_of(measured: Measurement) -> None:
    assert measured.misplaced == ()
    assert "Mốc bài và câu sai: 0 trên 2 bài" in report_lines(measured)


@pytest.mark.parametrize(("at_ms", "place"), [(4200, "c01b01s2"), (19_500, "c01")])
def test_a_sound_where_the_timeline_has_silence_is_named(tmp_path: Path, at_ms: int, place: str) -> None:
    found = measure(written(tmp_path, speech(more_at_ms=at_ms)), timeline=TIMELINE)
    assert [each.id for each in found.misplaced] == [place]
    assert any(line.endswith("← có tiếng ở chỗ phải im") for line in report_lines(found))


def test_a_chapter_that_the_tag_puts_elsewhere_is_named(tmp_path: Path) -> None:
    command = ["ffmpeg", "-v", "error", "-i", written(tmp_path, speech()), tmp_path / "a.mp3"]
    subprocess.run(command, check=True)
    assert measure(tmp_path / "a.mp3", timeline=TIMELINE).mistagged == ()  # it has no chapters at all
    tags = ID3()
    for cue, start_ms in zip(TIMELINE.chapters, (0, 20_001), strict=True):
        tags.add(CHAP(element_id=cue.id, start_time=start_ms, end_time=cue.end_ms, sub_frames=[]))
    tags.save(tmp_path / "a.mp3")
    found = measure(tmp_path / "a.mp3", timeline=TIMELINE)
    assert found.mistagged == ("c02",)
    assert "Mốc bài trong thẻ: c02  ← khác mốc thời gian" in report_lines(found)


def test_a_file_that_is_too_short_too_loud_or_too_soft_is_marked(tmp_path: Path) -> None:
    wrong = measure(written(tmp_path, (speech() * 6).clip(-1, 1)[: 39 * RATE]), timeline=TIMELINE)
    marked = [line for line in report_lines(wrong, target_lufs=-16.0) if "←" in line]
    assert [line.split(":")[0] for line in marked] == ["Độ to", "Đỉnh", "So với mốc thời gian"]


def test_the_picture_shows_wave_loudness_and_chapters(measured: Measurement) -> None:
    image = Image.open(io.BytesIO(sound_picture(measured, title="Thử")))
    assert image.size == (1800, 760)
    pixels = np.asarray(image.convert("RGB")).astype(int)
    dark = (np.abs(pixels - (0x7A, 0x14, 0x20)).sum(axis=2) < 40)[140:420, 110:1770].sum(axis=0)
    assert (
        dark[: int(0.08 * 1660)].sum() > 4 * dark[int(0.095 * 1660) : int(0.12 * 1660)].sum()
    )  # a sentence, then a gap
    line = (np.abs(pixels - (0x0B, 0x4A, 0x8F)).sum(axis=2) < 40)[440:700].any(axis=0).sum()
    assert line > 1500


def test_the_same_sound_is_the_same_picture(measured: Measurement) -> None:
    assert sound_picture(measured, title="Thử") == sound_picture(measured, title="Thử")


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"khong phai am thanh")
    with pytest.raises(EditionError, match=r"a\.mp3"):
        measure(tmp_path / "a.mp3")


def test_any_file_is_measured_from_the_command_line(tmp_path: Path, audiobook: Run) -> None:
    file = written(tmp_path, speech())
    done = audiobook("measure", file, "--out", tmp_path / "hinh.png")
    assert done.returncode == 0, done.stderr
    assert "LUFS" in done.stdout
    with Image.open(tmp_path / "hinh.png") as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(300)}
        assert picture.size == (1800, 760)
        assert picture.convert("RGB").getpixel((3, 3)) == (255, 255, 255)
        assert {(0x7A, 0x14, 0x20), (0x0B, 0x4A, 0x8F)} <= colours  # the wave, and loudness over time
    assert audiobook("measure", "2023-03", library=tmp_path).returncode == 41


@pytest.mark.parametrize("minutes", [0.2, 5])
def test_a_sound_that_comes_in_blocks_is_seen_as_a_whole(minutes: float) -> None:
    rng = np.random.default_rng(3)
    pieces = round(minutes * 6000)
    heights = np.where(rng.random(pieces) < 0.9, rng.uniform(0.01, 1, pieces), 0).astype(np.float32)
    heights[780:1190] = 0  # across the end of the first block
    sound = np.repeat(heights, RATE // 100)
    gap = Gap("c01", 0, 760, 1195)
    whole, blocks = Waveform(), Waveform([gap])
    whole.add(of(sound, RATE))
    for start in range(0, len(sound), 10 * RATE):
        blocks.add(of(sound[start : start + 10 * RATE], RATE))
    for seen in (whole, blocks):
        assert seen.longest_silence_ms >= 4000
        assert seen.silence_share == pytest.approx((heights == 0).mean())
    assert blocks.longest_silence_ms == whole.longest_silence_ms
    assert np.array_equal(blocks.peaks, whole.peaks)
    assert len(blocks.peaks) == len(blocks.middles) <= 8192
    assert blocks.peaks.max() == heights.max()
    assert gap.highest == heights[760:1195].max()


def encoded_chapters(folder: Path) -> list[Encoded]:
    """The two chapters of the timeline, cut to whole frames and encoded alone."""
    sound, chapters = speech(noise=0.0001), []
    for number, start in enumerate((0, 20_040)):  # whole blocks of 120 ms
        part = sound[start * 24 : (start + 19_920) * 24]
        part[: 240 * 24] = part[-1200 * 24 :] = 0
        soundfile.write(folder / f"{number}.wav", part, RATE, subtype="PCM_16")
        Mp3().write([(folder / f"{number}.wav", folder / f"{number}.encoded")])
        chapters.append(Encoded(folder / f"{number}.encoded", len(part)))
    return chapters


def test_tracks_that_are_heard_alone_measure_what_the_whole_does(tmp_path: Path) -> None:
    tracks = encoded_chapters(tmp_path)
    (tmp_path / "whole.mp3").write_bytes(b"".join(stream(tracks, Mp3())))
    whole = measure(tmp_path / "whole.mp3")
    apart = measurement(hear_tracks(tracks, Mp3()), thing=tmp_path)
    assert apart.duration_ms == whole.duration_ms == 2 * 19_920
    assert apart.peaks == pytest.approx(whole.peaks, abs=1e-4)
    assert apart.true_peak_dbtp == pytest.approx(whole.true_peak_dbtp, abs=0.01)
    assert apart.loudness_lufs == pytest.approx(whole.loudness_lufs, abs=0.05)
    assert apart.silence_share == whole.silence_share


def test_what_is_left_of_a_tracks_last_tenth_of_a_second_moves_nothing_behind_it(tmp_path: Path) -> None:
    sound = np.concatenate(
        [np.zeros(2_400 * 4, np.float32), speech(noise=0)[: 2_880 * 10], np.zeros(2_880, np.float32)]
    )
    part = sound[: len(sound) // 2_880 * 2_880]  # 1.56 s: its hops are 60 ms shorter than it
    soundfile.write(tmp_path / "a.wav", part, RATE, subtype="PCM_16")
    Mp3().write([(tmp_path / "a.wav", tmp_path / "a.encoded")])
    tracks = [Encoded(tmp_path / "a.encoded", len(part))] * 40
    (tmp_path / "whole.mp3").write_bytes(b"".join(stream(tracks, Mp3())))
    whole, apart = measure(tmp_path / "whole.mp3"), measurement(hear_tracks(tracks, Mp3()), thing=tmp_path)
    assert len(part) % 2_400
    assert len(whole.short_term) - len(apart.short_term) <= 1
    assert apart.loudness_lufs == pytest.approx(whole.loudness_lufs, abs=0.1)


def test_a_track_that_was_heard_is_not_decoded_again_unless_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks = encoded_chapters(tmp_path)
    first = list(hear_tracks(tracks, Mp3()))
    decoded, asked = hearing.decoded, list[Path]()
    monkeypatch.setattr(hearing, "decoded", lambda file: asked.append(file) or decoded(file))
    assert list(hear_tracks(tracks, Mp3())) == first
    assert not asked
    tracks[1].file.write_bytes(tracks[0].file.read_bytes())
    again = list(hear_tracks(tracks, Mp3()))
    assert again == [first[0], first[0]]
    assert len(asked) == 1
    (tmp_path / "0.heard2").write_bytes(b"\x00")
    assert list(hear_tracks(tracks, Mp3())) == again
    assert len(asked) == 2


def test_tracks_that_follow_one_another_are_decoded_in_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tracks, decoded, asked = encoded_chapters(tmp_path), hearing.decoded, list[Path]()
    monkeypatch.setattr(hearing, "decoded", lambda file: asked.append(file) or decoded(file))
    for together_s, runs in ((240, 1), (10, 2)):
        monkeypatch.setattr(hearing, "_TOGETHER_S", together_s)
        asked.clear()
        assert [heard.samples for heard in hear_tracks(tracks, Mp3())] == [track.samples for track in tracks]
        assert len(asked) == runs
        for file in tmp_path.glob("*.heard2"):
            file.unlink()


def test_what_a_decoder_that_was_stopped_gave_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapters, decoded = encoded_chapters(tmp_path), hearing.decoded
    with monkeypatch.context() as stopped:
        stopped.setattr(hearing, "decoded", lambda file: (block for block in list(decoded(file))[:1]))
        assert [heard.samples for heard in hear_tracks(chapters, Mp3())] == [10 * RATE, 10 * RATE]
    assert [heard.samples for heard in hear_tracks(chapters, Mp3())] == [each.samples for each in chapters]
    assert {file.suffix for file in tmp_path.iterdir()} == {".wav", ".encoded", ".heard2"}
