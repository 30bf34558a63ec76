"""Whatever an editor types, the feed stays well-formed and within the limits of the apps."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from audiobook.library import Shelf
from audiobook.model.issue import Block, Chapter, Issue, Kind
from audiobook.model.publication import Bulletin, Change, Edition, Podcast, Publication, Publisher, Revision, Site
from audiobook.model.recording import HUMAN, Cue, Timeline, Voice
from feeds.channel import Heading
from feeds.items import article_items, issue_item
from feeds.podcasting import NAMESPACES
from feeds.refresh import dated, facts_of
from feeds.rss import write
from feeds.text import whole
from feeds.wording import article_description, cut, issue_description, issue_title, line, session_description

VIETNAMESE = st.sampled_from(
    [
        "Bản tin",
        "nghĩa vụ",
        "<b>đậm</b>",
        "]]>",
        "&amp;",
        "“sức khoẻ”",
        "e\u0302\u0301",
        "\x00",
        "\x1b[0m",
        "\ufffe",
        "\ud800",
        "😀",
    ]
)
TEXT = st.one_of(st.text(max_size=40), st.lists(VIETNAMESE, max_size=8).map(" ".join))
LONG = st.one_of(TEXT, st.builds(lambda text, times: text * times, TEXT, st.integers(1, 400)))


def bulletin(text: str) -> Bulletin:
    publisher = Publisher(name=text, licence_number=text, supplier=text, distributor=text, email=text)
    podcast = Podcast(
        guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
        title=text,
        description=text,
        category=text,
        copyright=text,
        contents_licence=text,
        language="vi",
    )
    return Bulletin(publisher=publisher, podcast=podcast, site=Site(base_url="https://bantin.example.vn"))


def publication(title: str, *, articles: int = 3, summary: str = "") -> Publication:
    ids = [f"c{number:02}" for number in range(1, articles + 1)]
    issue = Issue(
        id="2023-03",
        title=title,
        number=3,
        date=date(2023, 3, 30),
        publisher=title,
        summary=summary,
        licence=title,
        chapters=tuple(Chapter(id=id_, title=title, blocks=()) for id_ in ids),
    )
    cues = (Cue(id=id_, title=title, start_ms=n * 1000, end_ms=n * 1000 + 1000) for n, id_ in enumerate(ids))
    return Publication(
        guid="00000000-0000-5000-8000-000000000003",
        issue=issue,
        timeline=Timeline(chapters=tuple(cues), sentences=()),
        editions=(Edition(kind="mp3", file="a.mp3", media_type="audio/mpeg", bytes=9, sha256="0" * 64),),
        voices=(Voice(engine="espeak", name="bac", label=title),),
        published=datetime(2023, 3, 30, tzinfo=UTC),
        fingerprint="",
        remarks=(title,),
    )


def build(shelf: Shelf) -> bytes:
    return write(shelf).read_bytes()


def render(bulletin: Bulletin, publications: list[Publication], *, picture: str) -> bytes:
    """The feed of publications that stand on no shelf, as feedgen writes it in one go."""
    heading = Heading(feed="feed.xml", path="feed.xml", title="", changed=datetime(2000, 1, 1, tzinfo=UTC))
    items = [issue_item(each, bulletin, when=each.published) for each in publications]
    return whole(bulletin, heading, items, picture=picture)


def parsed(feed: bytes) -> Any:
    return etree.fromstring(feed).find("channel")


@given(text=LONG, other=TEXT)
def test_any_words_give_a_well_formed_feed_with_short_enough_descriptions(text: str, other: str) -> None:
    channel = parsed(render(bulletin(text), [publication(other, articles=40, summary=text)], picture="https://x/y.jpg"))
    for place in (channel, channel.find("item")):
        assert len(place.findtext("description").encode()) <= 4000
        assert place.findtext("description").endswith(("tổng hợp.", "tổng hợp.</p>"))
    assert channel.findtext("title") == (line(text) or "Bản tin")
    titles = [chapter.get("title", "") for chapter in channel.iter(f"{{{NAMESPACES['psc']}}}chapter")]
    assert titles == [line(other)] * 40


@given(text=LONG, other=TEXT)
@example(text="\"Nghe\" & <b>đọc</b> 'thơ' ]]> <!--tags-->", other='Bài "một" & <hai>')
def test_tags_that_are_put_in_as_text_are_to_the_byte_what_lxml_writes_of_the_same_tree(text: str, other: str) -> None:
    made = publication(other, articles=3, summary=text)
    made = replace(made, issue=replace(made.issue, licence=text), voices=(replace(made.voices[0], label=text),))
    document = render(bulletin(text), [made], picture="https://x/y.jpg?a=1&b='2'")
    root = etree.fromstring(document, etree.XMLParser(strip_cdata=False))
    assert document.endswith(etree.tostring(root, encoding="UTF-8") + b"\n")


@given(text=LONG)
def test_markup_in_words_never_becomes_markup_in_a_description(text: str) -> None:
    said = parsed(render(bulletin("Bản tin"), [publication(text, summary=text)], picture="")).findtext(
        "item/description"
    )
    names = {element.tag for element in etree.fromstring(f"<x>{said}</x>").iter()}
    assert names <= {"x", "p", "ul", "li"}


@given(text=LONG, other=TEXT, count=st.integers(0, 40))
def test_any_words_give_short_enough_descriptions_of_articles_corrections_and_sessions(
    text: str, other: str, count: int
) -> None:
    change = Change(chapter="c01", title=other, sentence="c01b01s1", before=text, after=other)
    blocks = tuple(Block(id=f"c01b{n:02}", kind=Kind.PARAGRAPH, text=text) for n in range(1, 4))
    made = replace(
        publication(other, articles=count, summary=text),
        revisions=(Revision(number=2, made=datetime(2023, 4, 2, tzinfo=UTC), changes=(change,) * count),),
    )
    article = Chapter(id="c01", title=other, author=text, blocks=blocks)
    publisher = bulletin(text).publisher
    for said in (
        issue_description(made, publisher),
        article_description(made, article, publisher, index=1),
        session_description(made, publisher, [(text, n * 60_000) for n in range(count)]),
    ):
        assert len(said.encode()) <= 4000
        assert said.endswith("tổng hợp.</p>")
        assert {element.tag for element in etree.fromstring(f"<x>{said}</x>").iter()} <= {"x", "p", "ul", "li"}


def test_an_article_that_a_person_reads_is_not_called_artificial() -> None:
    person = Voice(engine=HUMAN, name="nguoi-doc", label="Giọng người đọc")
    made = publication("Giữ ấm")
    chapters = (replace(made.issue.chapters[0], human_voice=True), *made.issue.chapters[1:])
    sounds = [replace(made.editions[0], kind="mp3-article", chapter=each.id) for each in chapters]
    made = replace(
        made,
        issue=replace(made.issue, chapters=chapters),
        voices=(*made.voices, person),
        editions=(*made.editions, *sounds),
    )
    show = bulletin("An Phú")
    assert "giọng nhân tạo, do máy tính tổng hợp. Riêng bài 1 do người thật đọc." in issue_description(
        made, show.publisher
    )
    read, said, _ = article_items(made, show, when=made.published)
    assert "Bài này do người thật đọc; tên bài" in read.description
    assert "do người thật đọc" not in said.description
    named = [re.findall("<podcast:person [^>]*>(.*)</", "\n".join(item.tags)) for item in (read, said)]
    assert named == [["Giữ ấm (giọng nhân tạo)", "Giọng người đọc"], ["Giữ ấm (giọng nhân tạo)"]]


@given(text=LONG, limit=st.integers(3, 200))
def test_a_text_is_cut_within_its_limit_and_between_syllables(text: str, limit: int) -> None:
    whole = line(text)
    short = cut(whole, limit)
    assert len(short.encode()) <= limit
    if short != whole:
        kept = short.removesuffix("…")
        assert whole.startswith(kept)
        assert whole[len(kept) :].startswith(" ") or " " not in kept


def test_forty_long_titles_say_how_many_are_left_out() -> None:
    said = parsed(render(bulletin("An Phú"), [publication("Thông báo " * 30, articles=40)], picture=""))
    assert "bài khác</li></ul>" in said.findtext("item/description")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Bản tin An Phú – Số 3/2023: Mùa lạnh", "Mùa lạnh"),
        ("BẢN TIN AN PHÚ số 3: mùa lạnh", "Mùa lạnh"),
        ("Số 3 - Sức khỏe", "Sức khỏe"),
        ("Sức khỏe (số 3)", "Sức khỏe"),
        ("Nghị quyết số 3 đi vào cuộc sống", "Nghị quyết số 3 đi vào cuộc sống"),
        ("Số 30: Sức khỏe", "Số 30: Sức khỏe"),
        ("Bản tin An Phúc", "Bản tin An Phúc"),
        ("Khỏe (và vui)", "Khỏe (và vui)"),
        ("Bản tin An Phú số 3", "Phòng lừa đảo và 2 bài khác"),
        ("", "Phòng lừa đảo và 2 bài khác"),
    ],
)
def test_an_items_title_leaves_out_number_and_show(title: str, shown: str) -> None:
    issue = replace(publication("Phòng lừa đảo").issue, title=title)
    assert issue_title(issue, "Bản tin An Phú") == shown


def test_two_issues_of_one_moment_get_distinct_dates_and_the_older_keeps_its_own() -> None:
    first = publication("một")
    second = replace(first, guid="2", issue=replace(first.issue, id="2023-04"))
    older, newer = dated([facts_of(second), facts_of(first)])
    assert (older.id, older.at) == (first.issue.id, first.published.timestamp())
    assert (newer.id, newer.at) == ("2023-04", older.at + 1)


def test_an_empty_shelf_gives_a_feed_without_items(shelf: Shelf) -> None:
    channel = parsed(render(shelf.bulletin(), [], picture=""))
    assert channel.findall("item") == []
    assert channel.findtext("lastBuildDate") == "Sat, 01 Jan 2000 00:00:00 +0000"


def test_an_issue_without_sound_is_left_out(shelf: Shelf, put: Callable[..., Publication]) -> None:
    put(shelf, 3, editions=())
    assert len(parsed(build(shelf)).findall("item")) == 2
