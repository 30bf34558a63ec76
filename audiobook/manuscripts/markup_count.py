"""Raw HTML -> how many words stand in it. Code of its own (the standard library's parser), to check the reader by."""

from html.parser import HTMLParser

from audiobook.manuscripts.account import words

_SILENT = {"script", "style", "noscript", "template", "head", "title"}
_FLOWING = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "o:p", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr", "input", "path", "g",
}  # fmt: skip


class _Counter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.count, self._held, self._silent = 0, list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "body":
            self._silent.clear()
        if tag not in _FLOWING:
            self.end()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            self._silent = self._silent[: len(self._silent) - 1 - self._silent[::-1].index(tag)]
        if tag not in _FLOWING:
            self.end()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._held.append(data)

    def end(self) -> None:
        """A block is over: count what it held."""
        self.count += words("".join(self._held))
        self._held.clear()


def words_in_html(text: str) -> int:
    """The words that a page shows, menus and forms too, scripts and styles not.

    >>> words_in_html("<p>Kế <b>ho</b>ạch<p>số 3<script>let a</script>")
    4
    """
    counter = _Counter()
    counter.feed(text)
    counter.close()
    counter.end()
    return counter.count
