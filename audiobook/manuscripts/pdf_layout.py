"""Words of a page -> lines in reading order: columns are found by the white between them, then lines, then paragraphs."""

import itertools
from collections.abc import Iterator, Sequence
from statistics import median, median_low

from audiobook.manuscripts.pdf_printed import Page, Word

_GUTTER = 0.9  # of the text's size: a narrower white is a blank between words
_FEWEST_LINES = 4  # of a column on each side
_PROSE = 0.55  # a column's lines fill it so far; cells of a table do not
_DEEPEST = 6
_MOST_OF_A_LINE = 0.65
_WHITES_OF_A_ROW = 2
_SET_APART = 0.6
_MOST_RUNNING = 4


class Line:
    """Words beside each other, from left to right; ``left`` and ``right`` are the edges of the column they stand in."""

    __slots__ = ("bold", "left", "page", "right", "size", "text", "words", "x0", "x1", "y0", "y1")

    def __init__(self, words: list[Word], left: float, right: float, page: int) -> None:
        self.words, self.left, self.right, self.page = words, left, right, page
        self.text = " ".join([word.text for word in words])
        self.x0, self.x1 = words[0].x0, words[-1].x1
        self.y0, self.y1 = min([word.y0 for word in words]), max([word.y1 for word in words])
        self.size = median_low([word.size for word in words])  # in which most of it is printed
        self.bold = all(word.bold for word in words)


def lines(page: Page) -> list[Line]:
    """The lines of a page in reading order."""
    return list(_cut(page.words, page, 0)) if page.words else []


def _cut(words: list[Word], page: Page, depth: int) -> Iterator[Line]:
    """Columns where there are any; else bands one below the other that may have columns; else lines."""
    rows = _rows(words)
    columns = _columns(words, rows) if depth < _DEEPEST else None
    if columns:
        for column in columns:
            yield from _cut(column, page, depth + 1)
        return
    bands = _bands(rows) if depth < _DEEPEST else [rows]
    if len(bands) > 1:
        for band in bands:
            yield from _cut([word for row in band for word in row], page, depth + 1)
        return
    left, right = min(word.x0 for word in words), max(word.x1 for word in words)
    for row in rows:
        yield Line(row, left, right, page.number)


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words that stand at one height, from the top down."""
    rows: list[list[Word]] = []
    middle, height = 0.0, 0.0
    for word in sorted(words, key=lambda each: -(each.y0 + each.y1)):
        centre = (word.y0 + word.y1) / 2
        if rows and abs(middle - centre) < 0.45 * max(height, 1.0):
            rows[-1].append(word)
            height = max(height, min(word.y1 - word.y0, 2 * height))
        else:
            rows.append([word])
            middle, height = centre, word.y1 - word.y0
    for row in rows:
        row.sort(key=lambda word: word.x0)
    return rows


def _columns(words: Sequence[Word], rows: Sequence[Sequence[Word]]) -> list[list[Word]] | None:
    """Two groups of words with a white from top to bottom between them, both of them prose."""
    size = median([word.size for word in words])
    if not _may_have_columns(rows, size):
        return None
    edge, gutters = -1e9, list[tuple[float, float]]()
    for word in sorted(words, key=lambda each: each.x0):
        if edge > -1e9 and word.x0 - edge > _GUTTER * size:
            gutters.append((word.x0 - edge, (edge + word.x0) / 2))
        edge = max(edge, word.x1)
    for _, at in sorted(gutters, reverse=True):
        sides = [[word for word in words if word.x1 <= at], [word for word in words if word.x0 >= at]]
        if all(map(_is_prose, sides)):
            return sides
    return None


def _may_have_columns(rows: Sequence[Sequence[Word]], size: float) -> bool:
    """Whether enough rows have a wide white in them at all: asked first, since it is quickly answered."""
    broken = 0
    for row in rows:
        broken += any(b.x0 - a.x1 > _GUTTER * size for a, b in itertools.pairwise(row))
        if broken >= _FEWEST_LINES:
            return True
    return False


def _is_prose(words: Sequence[Word]) -> bool:
    rows = _rows(words)
    if len(rows) < _FEWEST_LINES:
        return False
    left, right = min(word.x0 for word in words), max(word.x1 for word in words)
    filled = sum(max(word.x1 for word in row) - min(word.x0 for word in row) for row in rows) / len(rows)
    return len(words) >= 3 * len(rows) and filled >= _PROSE * (right - left)


def _bands(rows: list[list[Word]]) -> list[list[list[Word]]]:
    """Rows in groups where a group may have columns and its neighbours span them: cut at the widest white across."""
    if len(rows) < 2 * _FEWEST_LINES:
        return [rows]
    if not _may_have_columns(rows, median([word.size for row in rows for word in row])):
        return [rows]
    for at in _breaks(rows):
        above, below = rows[:at], rows[at:]
        if any(_columns([w for row in part for w in row], part) for part in (above, below)):
            return [above, below]
    return _spanning(rows) or [rows]


def _breaks(rows: Sequence[Sequence[Word]]) -> list[int]:
    """Where the white between rows is wider than usual, the widest first; at most six places."""
    gaps = [
        (min(word.y0 for word in upper) - max(word.y1 for word in lower), n + 1)
        for n, (upper, lower) in enumerate(itertools.pairwise(rows))
    ]
    usual = median(gap for gap, _ in gaps)
    height = median(word.y1 - word.y0 for row in rows for word in row)
    return [n for gap, n in sorted(gaps, reverse=True)[:6] if gap > usual + 0.3 * height]


def _spanning(rows: list[list[Word]]) -> list[list[list[Word]]] | None:
    """The first rows (a headline over all columns) apart from the columns below them."""
    for at in range(1, min(9, len(rows) - _FEWEST_LINES)):
        below = rows[at:]
        if _columns([word for row in below for word in row], below):
            return [rows[:at], below]
    return None


def paragraphs(found: Sequence[Line]) -> list[list[Line]]:
    """Lines that belong together: until a wider white, an indent, another look, or a short line that ends a sentence."""
    groups: list[list[Line]] = []
    leading = _leading(found)
    for line in found:
        if groups and _goes_on(groups[-1], line, leading):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _leading(found: Sequence[Line]) -> float:
    """The usual distance from line to line."""
    steps = [a.y0 - b.y0 for a, b in itertools.pairwise(found) if a.page == b.page and 0 < a.y0 - b.y0 < 60]
    return median(steps) if steps else 14.0


def _goes_on(group: Sequence[Line], line: Line, leading: float) -> bool:
    last = group[-1]
    ended = last.text.rstrip("”\"')").endswith((".", "!", "?", ":", ";", "…"))
    small = line.text[:1].islower()
    if abs(last.size - line.size) > 0.6 or last.bold != line.bold:
        return False
    if _is_bullet(line.text):
        return False
    if last.page != line.page or line.y0 > last.y0 or abs(last.left - line.left) > 3 * line.size:  # next column or page
        return small and not ended
    if last.y0 - line.y0 > 1.45 * leading:
        return False
    if _is_bullet(group[0].text) and len(group[0].words) > 1:  # a list item's lines hang under its first word
        return abs(line.x0 - group[0].words[1].x0) < line.size
    full = last.x1 > last.right - 0.18 * (last.right - last.left)
    indented = line.x0 > line.left + 0.9 * line.size and line.x0 > last.x0 + 0.9 * line.size
    if centred(last) and centred(line) and not full:
        return not ended
    if indented and (ended or not small):
        return False
    most = last.x1 - last.x0 > _MOST_OF_A_LINE * (last.right - last.left)
    return full or small or (not ended and most and not line.bold)


def centred(line: Line) -> bool:
    """Whether a line stands in the middle of its column, with white on both sides."""
    left, right = line.x0 - line.left, line.right - line.x1
    return min(left, right) > 1.5 * line.size and abs(left - right) < 0.25 * max(left, right) + line.size


def at_the_edges(page: Sequence[Line], margin: float, height: float) -> Iterator[Line]:
    """The few lines at the top and at the foot of a page that a white sets apart from its text."""
    falling = sorted(page, key=lambda line: -line.y1)
    for ordered, within in (
        (falling, lambda line: line.y0 > height - margin),
        (falling[::-1], lambda line: line.y1 < margin),
    ):
        group = list(itertools.takewhile(within, ordered))
        for at, line in enumerate(group):
            following = ordered[at + 1] if at + 1 < len(ordered) else None
            if following is None or _white(line, following) > _SET_APART * max(line.size, following.size):
                yield from group[: at + 1] if at < _MOST_RUNNING else ()
                break


def _white(one: Line, other: Line) -> float:
    """The white between two lines, whichever stands above."""
    return max(one.y0, other.y0) - min(one.y1, other.y1)


def is_row(line: Line) -> bool:
    """Whether the words stand apart as cells of a table do: two wide whites or more."""
    return sum(b.x0 - a.x1 > 1.2 * line.size for a, b in itertools.pairwise(line.words)) >= _WHITES_OF_A_ROW


def _is_bullet(text: str) -> bool:
    head = text.split(" ", 1)[0]
    return head in ("-", "–", "•", "·", "●", "▪", "+", "*", "o", "\uf0b7") or (
        len(head) <= 4 and head[-1:] in (".", ")") and head[:-1].isdigit()
    )
