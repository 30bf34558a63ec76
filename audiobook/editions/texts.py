"""An issue's sentences by id, as printed."""

from audiobook.model.inline import stretches
from audiobook.model.issue import Block, Issue, Kind, Markup, MediaKind, Sentence

_SHOWN = {MediaKind.IMAGE: "Hình:", MediaKind.CHART: "Biểu đồ:", MediaKind.VIDEO: "Phim:", MediaKind.AUDIO: "Âm thanh:"}


def sentence_texts(issue: Issue) -> dict[str, str]:
    """Sentence id -> what is printed, on one line; a figure's is its caption and description."""
    texts: dict[str, str] = {}
    for chapter in issue.chapters:
        texts[chapter.heading_id] = chapter.title
        for block in chapter.blocks:
            for sentence in block.sentences:
                texts[sentence.id] = _printed(block, sentence)
    return texts


def _printed(block: Block, sentence: Sentence) -> str:
    runs = [
        run.text
        for stretch in stretches(block, start=sentence.start, end=sentence.end, sentences=False)
        for run in stretch.runs
        if not any(mark.kind is Markup.FOOTNOTE for mark in run.marks)
    ]
    text = "".join(runs)
    if block.kind is Kind.TABLE:
        text = text.replace("\t", ", ").replace("\n", "; ")
    if block.kind is Kind.FIGURE and block.media:
        text = " ".join(
            filter(
                None,
                (_SHOWN[block.media.kind], f"{text}." if text and text[-1] not in ".!?" else text, block.media.alt),
            )
        )
    return " ".join(text.split())
