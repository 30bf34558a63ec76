"""Doubts of whatever is said for an issue: heard, let pass each by itself, and known until they are. The recogniser is a stub."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from audiobook import announcement, production, proofs, settings
from audiobook.acceptance import Acceptance, wanted
from audiobook.booth import takes_of
from audiobook.casting import Studio, choose_studio
from audiobook.cli import audiobook
from audiobook.errors import DoubtStands
from audiobook.library import Library
from audiobook.model.narration import Narration
from audiobook.production import SaidBy
from audiobook.synthesis import listen
from audiobook.synthesis.engine import Speech
from audiobook.synthesis.measure import measure
from audiobook.synthesis.voices import attempts

PUBLISHER = """--title=Bản tin
--publisher=NXB
--licence-number=1
--supplier=TT
--phone=024 0000 1234
--base-url=http://127.0.0.1:8000""".splitlines()
TEXT = "# Bài một\n\nXin chào các cụ. Hôm nay trời đẹp. Mời các cụ ra đình nghe hát.\n"
ISSUE = "2023-03"


@pytest.fixture
def home(tmp_path: Path) -> Library:
    folder, manuscript = tmp_path / "thu-vien", tmp_path / "so.md"
    manuscript.write_text(TEXT, encoding="utf-8")
    for words in (["new", folder, *PUBLISHER], ["add", manuscript, "--number=3", "--date=2023-03-30", "-l", folder]):
        done = CliRunner().invoke(audiobook, [str(word) for word in words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
    return Library.at(folder)


@pytest.fixture
def produce(home: Library) -> Callable[..., production.Produced]:
    return partial(production.produce, home, ISSUE, report=lambda *_: None, voice="tone", kinds=("mp3",))


def let_pass(*doubts: str) -> Acceptance:
    return Acceptance(by="lan", wanted=wanted(doubts))


def spoil(home: Library, studio: Studio, narration: Narration, words: str) -> str:
    """Put another sound in the place of a take, as the best of all attempts; the line's id."""
    (line,) = [line for line in studio.lines(narration) if words in " ".join(line.pieces)]
    long = Speech(samples=0.2 * np.sin(np.arange(22_050 * 20) / 20).astype(np.float32), rate=22_050)
    measures = measure(long)
    assert measures
    takes = takes_of(home, settings.load(home.settings_file))
    takes.put(
        studio.spec.key(line.pieces, line.voice),
        long,
        voice=line.voice,
        measures=measures,
        attempts=attempts(studio.spec),
    )
    return line.id


def told(home: Library, *, voice: str, words: str = "") -> list[str]:
    found = proofs.doubtful(home, ISSUE, voice=voice, words=words)
    return [f"{doubt.remark.code}@{doubt.remark.place}" for doubt in found]


def test_the_slower_take_of_a_sentence_is_heard_and_let_pass_by_itself(home: Library, produce) -> None:
    chosen = settings.load(home.settings_file)
    studio = choose_studio(chosen.voice, voice="espeak")
    slower = studio.slower(0.8)
    assert slower
    narration = proofs.look_through(home, ISSUE)[1].narration
    place = spoil(home, studio, narration, "hôm nay trời đẹp")
    spoil(home, slower, narration, "hôm nay trời đẹp")
    produce = partial(produce, voice="espeak", pace="slow", kinds=("mp3", "mp3-slow"))
    usual, slow = f"V-LONG@{place}", f"V-LONG@{place}-slow"
    with pytest.raises(DoubtStands, match=rf"{place}-slow"):
        produce(acceptance=let_pass(usual))
    assert told(home, voice="espeak") == [usual, slow]
    made = produce(acceptance=let_pass(usual, slow))
    assert [f"{each.code}@{each.place}" for each in made.publication.accepted] == [usual, slow]


@pytest.mark.parametrize("words", ["", "Máy đã đọc nhầm giờ."], ids=["changes", "own words"])
def test_the_announcement_of_a_correction_is_heard_and_let_pass_by_itself(home: Library, produce, words: str) -> None:
    produce()
    home.manuscript(ISSUE).write_text(TEXT.replace("trời đẹp", "trời mưa rất to"), encoding="utf-8")
    produce()
    chosen = settings.load(home.settings_file)
    announcer = announcement.announcer(chosen, voice="tone")
    narration = announcement.narration(home, ISSUE, chosen=chosen, words=words)
    assert narration
    place = spoil(home, announcer, narration, "nhầm giờ" if words else "hôm nay trời mưa rất to")
    doubt = f"V-LONG@{place}-announce"
    announce = partial(
        announcement.announce,
        home,
        ISSUE,
        report=lambda *_: None,
        words=words,
        voice="tone",
        said_by=SaidBy(),
    )
    with pytest.raises(DoubtStands, match=f"{place}-announce"):
        announce(acceptance=let_pass(f"V-LONG@{place}"))
    assert told(home, voice="tone", words=words) == [doubt]
    notice = announce(acceptance=let_pass(doubt))
    assert [f"{each.code}@{each.place}" for each in notice.accepted] == [doubt]


@dataclass
class Stub:
    """Hears what is said, but for one sentence."""

    words: list[str]
    name: str = "stub"
    heard: int = 0

    def hear(self, samples: np.ndarray) -> str:
        self.heard += 1
        return self.words[self.heard - 1]


@pytest.fixture
def stub(home: Library, monkeypatch: pytest.MonkeyPatch) -> Stub:
    chosen = settings.load(home.settings_file)
    studio = choose_studio(chosen.voice, voice="tone")
    lines = studio.lines(proofs.look_through(home, ISSUE)[1].narration)
    words = [" ".join(line.pieces) for line in lines]
    stub = Stub(["một điều khác hẳn" if "trời đẹp" in each else each for each in words])
    monkeypatch.setitem(listen._KINDS, "vosk", lambda model: stub)
    file = home.settings_file
    own = f'[listen]\nrecogniser = "vosk"\nmodel = "{home.folder}"\n'
    file.write_text(f"{file.read_text('utf-8')}\n{own}", encoding="utf-8")
    return stub


def test_listening_to_an_issue_that_did_not_change_listens_and_what_is_heard_stays_known(
    home: Library, produce, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    produce()
    with pytest.raises(DoubtStands, match="V-HEARD"):
        produce(said_by=SaidBy(listening=True))
    assert stub.heard == len(stub.words)
    with pytest.raises(DoubtStands, match="một điều khác hẳn"):
        produce()
    (doubt,) = told(home, voice="tone")
    passed = produce(acceptance=let_pass(doubt))
    assert (passed.changed, passed.publication.revision) == (False, 1)
    assert [each.code for each in home.shelf.publication(ISSUE).accepted] == ["V-HEARD"]
    assert not produce(said_by=SaidBy(listening=True)).changed
    assert stub.heard == len(stub.words)
    monkeypatch.setattr(production, "write_script", None)  # an unchanged issue is done with at once
    assert not produce().changed


def test_what_a_recogniser_stopped_is_not_published_by_not_listening(home: Library, produce, stub: Stub) -> None:
    for said_by in (SaidBy(listening=True), SaidBy()):
        with pytest.raises(DoubtStands, match="V-HEARD"):
            produce(said_by=said_by)
    assert not home.shelf.has(ISSUE)


def test_an_announcement_is_listened_to_as_well(home: Library, produce, stub: Stub) -> None:
    produce()
    stub.words = ["không nghe ra"] * 9
    with pytest.raises(DoubtStands, match="-announce"):
        announcement.announce(
            home,
            ISSUE,
            report=lambda *_: None,
            words="Máy đã đọc nhầm giờ.",
            voice="tone",
            acceptance=Acceptance(),
            said_by=SaidBy(listening=True),
        )
