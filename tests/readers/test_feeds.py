"""Feeds in real-world, malformed and malicious forms."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles


def _read(content: str | bytes, format: str = "rss"):
    content = content.encode() if isinstance(content, str) else content
    return list(read_articles(io.BytesIO(content), format=format))


def _problems(content: str | bytes, format: str | None = None):
    content = content.encode() if isinstance(content, str) else content
    with pytest.raises(InputError) as caught:
        list(read_articles(io.BytesIO(content), format=format))
    return [str(problem) for problem in caught.value.problems]


def _rss(*items: str, head: str = "") -> str:
    lines = "\n".join(f"<item>{item}</item>" for item in items)
    return f"{head}<rss version='2.0'><channel><title>S</title><language>fr</language>\n{lines}\n</channel></rss>"


BOMB = """<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
"""


@pytest.mark.parametrize(
    "head",
    [
        BOMB,
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>',
        '<!DOCTYPE rss [<!ENTITY c "x">]>',
    ],
    ids=["bomb", "external", "parameter", "plain"],
)
def test_entity_declarations_are_rejected_in_every_encoding(head: str) -> None:
    feed = _rss("<guid>1</guid><title>&c;&a;</title>", head=head)
    assert "XML entities are not allowed" in _problems(feed)[0]
    sly = "<?xml version='1.0' encoding='utf-7'?>" + feed.removeprefix('<?xml version="1.0"?>')
    assert "XML entities are not allowed" in _problems(sly.encode("utf-7"), "rss")[0]


def test_missing_item_fields_have_fallbacks() -> None:
    by_link, bare = _read(
        _rss(
            "<link>https://a.example/1</link><title>T</title><description>D</description>",
            "<guid isPermaLink='false'>x</guid><description>Only a description</description>",
        )
    )
    assert (by_link.article_id, by_link.url, by_link.body, by_link.language) == (
        "https://a.example/1",
        "https://a.example/1",
        "D",
        "fr",
    )
    assert (bare.article_id, bare.title, bare.url, bare.metadata) == ("x", "", None, {"html_lang": "fr"})


def test_additional_categories_are_metadata() -> None:
    (article,) = _read(_rss("<guid>1</guid><title>T</title><category>A</category><category>B</category>"))
    assert (article.section, article.metadata) == ("A", {"tags": ["B"], "html_lang": "fr"})


def test_atom_falls_back_on_updated_and_summary() -> None:
    (article,) = _read(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:x:1</id><title>T</title>"
        "<updated>2026-05-01T12:00:00+02:00</updated><summary>S</summary></entry></feed>"
    )
    assert (article.article_id, article.body) == ("urn:x:1", "S")
    assert article.published is not None
    assert article.published.isoformat() == "2026-05-01T10:00:00+00:00"


@pytest.mark.parametrize("encoding", ["gbk", "windows-1251", "iso-8859-1", "utf-8"])
def test_feeds_are_read_in_their_declared_encoding(encoding: str) -> None:
    title = {"gbk": "半导体", "windows-1251": "Спутник", "iso-8859-1": "Señal"}.get(encoding, "€")
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    (article,) = _read(_rss(f"<guid>1</guid><title>{title}</title>", head=head).encode(encoding))
    assert article.title == title


def test_invalid_feeds_are_reported_with_their_place() -> None:
    assert _problems("<?xml version='1.0'?><urlset/>", "rss")[0].startswith(
        "<stream>: neither RSS nor Atom, got "
    )
    for content in ("", "hello", '{"a": 1}'):
        assert _problems(content, "rss")[0].startswith("<stream>: neither RSS nor Atom, got ")
    assert "not UTF-8, got byte 0xe9" in _problems(_rss("<title>caf\xe9</title>").encode("latin-1"))[0]


def _with_warnings(content: str | bytes):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        articles = _read(content)
    return articles, [str(each.message) for each in caught if each.category is UserWarning]


_GOOD = "<guid>1</guid><title>Good</title><description>One</description>"


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (
            _rss(_GOOD, "<guid>2</guid><title>R&D at AT&T, A & B</title><description>x</description>"),
            "R&D at AT&T, A & B",
        ),
        (
            _rss(_GOOD, "<guid>2</guid><title>Caf&eacute;&nbsp;au lait</title><description>x</description>"),
            "Caf\xe9\xa0au lait",
        ),
        (
            _rss(_GOOD, "<guid>2</guid><title>Control\x08led</title><description>x</description>"),
            "Controlled",
        ),
        (_rss(_GOOD, "<guid>2</guid><title>Whole</title><description>x</description>")[:-20], "Whole"),
        (
            "\n \n<?xml version='1.0'?>"
            + _rss(_GOOD, "<guid>2</guid><title>Late</title><description>x</description>"),
            "Late",
        ),
    ],
    ids=["ampersands", "entities of HTML", "control character", "cut", "blanks before the declaration"],
)
def test_a_feed_that_is_not_well_formed_is_read_with_one_warning(feed: str, expected: str) -> None:
    (first, second), messages = _with_warnings(feed)
    assert (first.body, second.title) == ("One", expected)
    assert len(messages) == 1
    assert messages[0].startswith("<stream>:")
    assert "XML that is not well-formed" in messages[0]
    assert messages[0].split(":")[1].isdigit()  # the line


def test_the_rss_0_91_doctype_is_accepted() -> None:
    head = '<?xml version="1.0"?>\n<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:9/r.dtd">\n'
    (article,), messages = _with_warnings(_rss(_GOOD, head=head))
    assert (article.body, messages) == ("One", [])


def test_an_article_may_quote_an_entity_declaration() -> None:
    (article,), messages = _with_warnings(_rss(_GOOD.replace("One", "<![CDATA[Write <!ENTITY a 'b'> so.]]>")))
    assert (article.body, messages) == ("Write <!ENTITY a 'b'> so.", [])


@pytest.mark.parametrize("case", [str.lower, str.upper, str.swapcase])
def test_entity_declarations_are_rejected_in_utf16_and_in_any_case(case) -> None:
    head = f"<?xml version='1.0' encoding='utf-16'?><!DOCTYPE rss [<!{case('EntiTy')} a 'lol'>]>"
    assert "XML entities are not allowed" in _problems(_rss(_GOOD, head=head).encode("utf-16"), "rss")[0]


def test_a_feed_in_utf16_is_read() -> None:
    head = '<?xml version="1.0" encoding="utf-16"?>'
    (article,), messages = _with_warnings(_rss(_GOOD.replace("One", "caf\xe9"), head=head).encode("utf-16"))
    assert (article.body, messages) == ("caf\xe9", [])


_CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


@pytest.mark.parametrize("full", ["", " ", "<p></p>"])
def test_an_empty_full_content_does_not_hide_the_description(full: str) -> None:
    item = "<guid>1</guid><title>T</title><description>Words</description>"
    item += f"<content:encoded><![CDATA[{full}]]></content:encoded>"
    for feed in (
        _rss(item),
        _rss(item.replace("<description>Words</description>", "") + "<description>Words</description>"),
    ):
        (article,) = _read(feed.replace("<rss ", f"<rss {_CONTENT} "))
        assert article.body == "Words"


def test_the_full_content_is_the_text_and_the_teaser_the_description() -> None:
    item = "<guid>1</guid><title>T</title><description>Teaser</description><content:encoded>Full</content:encoded>"
    (article,) = _read(_rss(item).replace("<rss ", f"<rss {_CONTENT} "))
    assert (article.body, article.description) == ("Full", "Teaser")


@pytest.mark.parametrize(
    "picture",
    [
        '<enclosure url="https://a.example/1.jpg" type="image/jpeg" length="1"/>',
        '<media:thumbnail url="https://a.example/1.jpg"/>',
        '<media:content url="https://a.example/1.jpg" medium="image"/>',
        '<media:content url="https://a.example/1.jpg"/>',
        '<itunes:image href="https://a.example/1.jpg"/>',
    ],
)
def test_images_of_entries(picture: str) -> None:
    names = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    sound = '<enclosure url="https://a.example/1.mp3" type="audio/mpeg" length="1"/>'
    pictured, silent = _read(
        _rss(_GOOD + picture, _GOOD.replace(">1<", ">2<") + sound).replace("<rss ", f"<rss {names} ")
    )
    assert (pictured.image, silent.image) == ("https://a.example/1.jpg", None)


@pytest.mark.parametrize(
    "extension",
    [
        "<georss:where/>",
        "<georss:where><gml:Point><gml:pos>1</gml:pos></gml:Point></georss:where>",
        "<georss:point>x</georss:point>",
    ],
)
def test_unreadable_extensions_lose_no_entry(extension: str) -> None:
    names = 'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml"'
    (article,) = _read(_rss(_GOOD + extension).replace("<rss ", f"<rss {names} "))
    assert article.body == "One"


def test_dates_in_common_notations() -> None:
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    dates = {
        "<pubDate>Fri, 01 May 2026 10:00:00 EST</pubDate>": "2026-05-01T15:00:00+00:00",
        "<pubDate>2026-05-01</pubDate>": "2026-05-01T00:00:00+00:00",
        "<dc:date>2026-05-01T10:00+02:00</dc:date>": "2026-05-01T08:00:00+00:00",
        "<pubDate>soon</pubDate>": None,
    }
    items = [_GOOD.replace(">1<", f">{number}<") + date for number, date in enumerate(dates)]
    articles, messages = _with_warnings(_rss(*items).replace("<rss ", f"<rss {names} "))
    assert [article.published and article.published.isoformat() for article in articles] == list(
        dates.values()
    )
    assert len(messages) == 1
    assert "'soon'" in messages[0]


def test_bad_entries_are_located_by_line() -> None:
    messages = _problems(
        _rss(
            "<guid>1</guid><title>Good</title>",
            "<title>No id</title>",
            "<guid>2</guid><title>T</title>",
            "<guid>1</guid><title>T</title>",
        )
    )
    assert [problem.split(", got")[0] for problem in messages] == [
        "<stream>:3: no id",
        "<stream>:5: id seen twice, first at <stream>:2",
    ]


def test_json_feed_names_and_fallbacks() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "de",
        "authors": [{"name": "Redaktion"}],
        "items": [
            {"id": 3, "content_text": "plain", "tags": ["a", "b"], "_x": {"y": 1}},
            {
                "url": "https://a.example/1",
                "title": "T",
                "content_html": "<p>h",
                "content_text": "h",
                "language": "en",
            },
        ],
    }
    first, second = _read(json.dumps(feed), "jsonfeed")
    assert (first.article_id, first.body, first.section, first.language) == ("3", "plain", "a", "de")
    assert first.metadata == {"_x": {"y": 1}, "tags": ["b"], "author": "Redaktion"}
    assert (second.article_id, second.url, second.body, second.language) == (
        "https://a.example/1",
        "https://a.example/1",
        "<p>h",
        "en",
    )


def test_json_feed_problems_name_the_item() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "1", "title": "T"}, 5, {"title": "x"}],
    }
    messages = _problems(json.dumps(feed))
    assert messages[0] == "<stream>:2: item is not an object, got int; remove it"
    assert messages[1].startswith("<stream>:3: no id")
    assert _problems('{"items": 3}', "jsonfeed")[0].startswith("<stream>: no list of 'items'")
    assert _problems('{\n"items": [}', "jsonfeed")[0].startswith("<stream>:2: not JSON")


def test_a_feed_without_entries_has_no_articles(tmp_path: Path) -> None:
    assert _read(_rss()) == []
    assert _read('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "jsonfeed") == []
