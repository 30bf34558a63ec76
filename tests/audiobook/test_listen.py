"""What a recogniser hears against what should be said. The recogniser is a stub here: no Vietnamese model can be had offline."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from audiobook import booth
from audiobook.booth import open_booth
from audiobook.disk import digest
from audiobook.errors import SettingsError
from audiobook.library import Library
from audiobook.model.narration import Line, Pauses
from audiobook.model.recording import Take
from audiobook.settings import CacheSettings, ListenSettings, VoiceSettings
from audiobook.synthesis.listen import heard_before, listen, recogniser
from audiobook.synthesis.voices import choose

SAID = ("kính chào quý vị và các bạn.", "phường có năm trăm hộ được hỗ trợ.")


@dataclass
class Stub:
    words: Sequence[str]
    name: str = "stub 1"
    heard: list[int] = field(default_factory=list)

    def hear(self, samples: np.ndarray) -> str:
        self.heard.append(len(samples))
        return self.words[len(self.heard) - 1]


@pytest.fixture
def lines() -> list[Line]:
    return [Line(id=f"s{n}", voice="bac", pieces=(text,)) for n, text in enumerate(SAID)]


@pytest.fixture
def takes(tmp_path: Path) -> dict[str, Take]:
    made = {}
    for n in range(len(SAID)):
        soundfile.write(tmp_path / f"{n}.flac", np.zeros(48_000), 48_000)
        made[f"s{n}"] = Take(key=str(n), voice="bac", folder=tmp_path, samples=48_000, rate=48_000)
    return made


def test_other_words_are_a_doubt_and_the_same_words_are_none(lines: list[Line], takes: dict[str, Take]) -> None:
    stub = Stub(["Kinh chào quý vị và các bạn", "nghe thấy điều gì đó rất khác hẳn"])
    (doubt,) = listen(lines, takes, by=stub, in_words=str, progress=lambda done, total: None)
    assert (doubt.code, doubt.place) == ("V-HEARD", "s1")
    assert "nghe thấy điều gì đó" in doubt.text
    assert doubt.sound == digest(takes["s1"].file)
    assert stub.heard == [16_000, 16_000]
    assert heard_before(lines, takes, in_words=str) == (doubt,)
    soundfile.write(takes["s1"].file, np.ones(48_000), 48_000)  # said again: nobody has heard this one
    assert heard_before(lines, takes, in_words=str) == ()


def test_a_number_in_figures_is_what_was_said_in_words_and_another_number_is_not(
    lines: list[Line], takes: dict[str, Take]
) -> None:
    """Whisper writes figures; the booth hands over the reader that says them."""
    amount = [Line(id="s0", voice="bac", pieces=("một triệu hai trăm năm mươi nghìn đồng.",))]
    for written, count in (("1.250.000 đồng", 0), ("8.900 đồng", 1)):
        stub = Stub([written], name=written)
        wanted = {"by": stub, "in_words": booth._in_words, "progress": lambda done, total: None}
        assert len(listen(amount, takes, **wanted)) == count
        assert len(heard_before(amount, takes, in_words=booth._in_words)) == count


def test_nothing_is_listened_to_twice_unless_sound_or_recogniser_is_another(
    lines: list[Line], takes: dict[str, Take]
) -> None:
    listen(lines, takes, by=Stub(SAID), in_words=str, progress=lambda done, total: None)
    again = Stub(SAID)
    listen(lines, takes, by=again, in_words=str, progress=lambda done, total: None)
    assert not again.heard
    other = Stub(SAID, name="stub 2")
    listen(lines, takes, by=other, in_words=str, progress=lambda done, total: None)
    assert len(other.heard) == 2


def test_listening_with_nothing_to_listen_with_is_said() -> None:
    chosen = SimpleNamespace(listen=ListenSettings())
    with pytest.raises(SettingsError, match="chưa đặt máy nghe"):
        open_booth(None, chosen, None, cluster="", listening=True, tell=print)


@pytest.mark.parametrize("listening", [True, False])
def test_a_recogniser_that_is_set_listens_only_when_it_is_asked_to(tmp_path: Path, listening: bool) -> None:
    chosen = SimpleNamespace(
        listen=ListenSettings(recogniser="vosk", model="vi"),
        voice=VoiceSettings(),
        cache=CacheSettings(),
        pauses=Pauses(),
    )
    studio = SimpleNamespace(spec=choose("tone", {}).spec)
    booth = open_booth(Library(tmp_path), chosen, studio, cluster="", listening=listening, tell=print)
    assert booth.recogniser == ("vosk" if listening else "")


def test_a_recogniser_without_package_or_model_is_said(tmp_path: Path) -> None:
    for kind, model, words in (("tai", tmp_path, "không có máy nghe"), ("vosk", tmp_path / "x", "mô hình")):
        with pytest.raises(SettingsError, match=words):
            recogniser(kind, str(model))
    with pytest.raises(SettingsError, match="pip install vosk"):
        recogniser("vosk", str(tmp_path))
