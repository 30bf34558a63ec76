"""An issue before and after -> what was changed in its words; and the notice that tells listeners of it.

A broadcaster that was wrong says so: what was said, what is right, and where (Luật Báo chí 2016, điều 42).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher

from audiobook.model.issue import Block, Chapter, Issue, Kind
from audiobook.model.publication import Bulletin, Change, Publication, Revision
from audiobook.model.recording import Timeline

_MOST_TOLD = 5  # more than that nobody can follow by ear; all of them stand in the description
_LEAD = "Bản tin xin đính chính."
_SORRY = "Bản ghi âm của số này đã được sửa. Ban biên tập thành thật xin lỗi quý vị."
_VOICE = "Lời đính chính này được đọc bằng giọng nhân tạo."


def changes(before: Issue, after: Issue) -> tuple[Change, ...]:
    """Where the words of articles differ, sentence by sentence, in the order of ``after``; then what was taken out.

    Ids tell what belongs together: a revision keeps those of what stayed.
    """
    old = {chapter.id: chapter for chapter in before.articles}
    found = [change for chapter in after.articles for change in _chapter(old.get(chapter.id), chapter)]
    kept = {chapter.id for chapter in after.articles}
    found += [_whole(chapter, before=chapter.title) for chapter in before.articles if chapter.id not in kept]
    return tuple(found)


def correction_id(publication: Publication) -> str:
    """The id of the notice that tells of a publication's newest revision."""
    return f"{publication.issue.id}-dinh-chinh-{publication.revision}"


def notice(publication: Publication, revision: Revision | None, bulletin: Bulletin, *, words: str, on: date) -> Issue:
    """The notice as a short issue: what was wrong, what is right, and where; or an editor's own ``words``."""
    issue = publication.issue
    title = f"Đính chính bản tin số {issue.number}"
    told = [line.strip() for line in words.splitlines() if line.strip()] if words.strip() else []
    if not told and revision:
        told = list(_told(revision.changes, publication.timeline, issue))
    lines = [f"{bulletin.podcast.title}, số {issue.number}, ngày {issue.date:%d/%m/%Y}.", _LEAD, *told, _SORRY, _VOICE]
    blocks = tuple(
        Block(id=f"c01b{number:02d}", kind=Kind.PARAGRAPH, text=text) for number, text in enumerate(lines, start=1)
    )
    return Issue(
        id=correction_id(publication),
        title=title,
        number=issue.number,
        date=on,
        publisher=issue.publisher,
        language=issue.language,
        summary=" ".join(told),
        licence=issue.licence,
        chapters=(Chapter(id="c01", title=title, blocks=blocks),),
    )


def _chapter(before: Chapter | None, after: Chapter) -> Iterator[Change]:
    if before is None:
        yield _whole(after, after=after.title)
        return
    if before.title != after.title:
        yield _whole(after, before=before.title, after=after.title)
    old = {block.id: block for block in before.blocks}
    for block in after.blocks:
        yield from _sentences(_texts(old[block.id]) if block.id in old else [], _texts(block), after)
    kept = {block.id for block in after.blocks}
    for block in before.blocks:
        if block.id not in kept:
            yield from _sentences(_texts(block), [], after)


def _whole(chapter: Chapter, *, before: str = "", after: str = "") -> Change:
    return Change(chapter=chapter.id, title=chapter.title, sentence=chapter.heading_id, before=before, after=after)


def _sentences(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], chapter: Chapter) -> Iterator[Change]:
    matcher = SequenceMatcher(None, [text for _, text in old], [text for _, text in new], autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        gone, come = old[old_start:old_end], new[new_start:new_end]
        yield Change(
            chapter=chapter.id,
            title=chapter.title,
            sentence=(come or gone)[0][0],
            before=" ".join(text for _, text in gone),
            after=" ".join(text for _, text in come),
        )


def _texts(block: Block) -> list[tuple[str, str]]:
    """What is read of a block, as (id, text): its sentences, and what a picture shows."""
    found = [(each.id, " ".join(block.text[each.start : each.end].split())) for each in block.sentences]
    if block.media and block.media.alt:
        found.append((block.id, block.media.alt))
    return [(each, text) for each, text in found if text]


def _told(found: Sequence[Change], timeline: Timeline, issue: Issue) -> Iterator[str]:
    starts = {cue.id: cue.start_ms for cue in (*timeline.chapters, *timeline.sentences)}
    places = {chapter.id: number for number, chapter in enumerate(issue.articles, start=1)}
    for change in found[:_MOST_TOLD]:
        where = (
            f"Bài {places[change.chapter]}, “{change.title}”" if change.chapter in places else f"Bài “{change.title}”"
        )
        if (start_ms := starts.get(change.sentence, starts.get(change.chapter))) is not None:
            where += f", phút thứ {start_ms // 60_000 + 1}"
        yield f"{where}."
        if change.before:
            yield f"Bản trước ghi: “{change.before}”" if change.after else f"Xin bỏ câu: “{change.before}”"
        if change.after:
            yield f"Nay xin đọc đúng là: “{change.after}”" if change.before else f"Xin thêm câu: “{change.after}”"
    if len(found) > _MOST_TOLD:
        yield f"Còn {len(found) - _MOST_TOLD} chỗ khác, xin xem trong bản chữ."
