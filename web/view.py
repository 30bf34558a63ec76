"""How a page is shown: in whose words, and with which addresses."""

from dataclasses import dataclass

from audiobook.addresses import ENGLISH, Addresses
from web.links import Linker
from web.wording import Words

LANGUAGES = ("vi", ENGLISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """``link`` gives the href of any path; ``addresses`` the public address; ``path`` is the page's own, in Vietnamese."""

    words: Words
    link: Linker
    addresses: Addresses
    path: str | None  # None where there is no page

    def to(self, path: str) -> str:
        """The href of another page in the same language."""
        return self.link(in_language(path, self.words.language))

    def public(self, path: str) -> str:
        """The public address of a page in the same language."""
        return self.addresses.of(in_language(path, self.words.language))


def in_language(path: str, language: str) -> str:
    """A page's path in a language.

    >>> in_language("so/2023-03", "en"), in_language("", "en"), in_language("tim", "vi")
    ('en/so/2023-03', 'en', 'tim')
    """
    return path if language == "vi" else f"{language}/{path}".rstrip("/")


def language_of(path: str) -> tuple[str, str]:
    """A path's language, and the path without it.

    >>> language_of("en/so/2023-03"), language_of("en"), language_of("entry")
    (('en', 'so/2023-03'), ('en', ''), ('vi', 'entry'))
    """
    first, _, rest = path.partition("/")
    return (ENGLISH, rest) if first == ENGLISH else ("vi", path)
