"""A chapter that is heard by itself begins at nought."""

from audiobook.model.recording import Cue, Timeline, alone


def test_a_chapters_part_of_a_timeline_begins_at_nought() -> None:
    def cue(id_: str, start_ms: int, end_ms: int) -> Cue:
        return Cue(id=id_, title="", start_ms=start_ms, end_ms=end_ms)

    whole = Timeline(
        chapters=(cue("c01", 0, 5_000), cue("c02", 5_000, 9_000)),
        sentences=(cue("c01h", 240, 900), cue("c02h", 5_240, 6_000), cue("c02b01s1", 6_500, 8_000)),
    )
    assert alone(whole, "c02") == Timeline(
        chapters=(cue("c02", 0, 4_000),), sentences=(cue("c02h", 240, 1_000), cue("c02b01s1", 1_500, 3_000))
    )
