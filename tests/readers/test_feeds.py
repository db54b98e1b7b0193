"""Feeds as sites really write them, and as nobody should."""

from __future__ import annotations

import io
import json
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
def test_declared_entities_are_refused_in_every_encoding(head: str) -> None:
    feed = _rss("<guid>1</guid><title>&c;&a;</title>", head=head)
    assert "XML entities, which are refused" in _problems(feed)[0]
    sly = "<?xml version='1.0' encoding='utf-7'?>" + feed.removeprefix('<?xml version="1.0"?>')
    assert "XML entities, which are refused" in _problems(sly.encode("utf-7"), "rss")[0]


def test_what_an_item_leaves_out_comes_from_elsewhere() -> None:
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
    assert (bare.article_id, bare.title, bare.url, bare.metadata) == ("x", "", None, {})


def test_further_categories_are_metadata() -> None:
    (article,) = _read(_rss("<guid>1</guid><title>T</title><category>A</category><category>B</category>"))
    assert (article.section, article.metadata) == ("A", {"tags": ["B"]})


def test_atom_falls_back_on_updated_and_summary() -> None:
    (article,) = _read(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:x:1</id><title>T</title>"
        "<updated>2026-05-01T12:00:00+02:00</updated><summary>S</summary></entry></feed>"
    )
    assert (article.article_id, article.body) == ("urn:x:1", "S")
    assert article.published is not None
    assert article.published.isoformat() == "2026-05-01T10:00:00+00:00"


@pytest.mark.parametrize("encoding", ["gbk", "windows-1251", "iso-8859-1", "utf-8"])
def test_feeds_in_the_encoding_they_declare(encoding: str) -> None:
    title = {"gbk": "半导体", "windows-1251": "Спутник", "iso-8859-1": "Señal"}.get(encoding, "€")
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    (article,) = _read(_rss(f"<guid>1</guid><title>{title}</title>", head=head).encode(encoding))
    assert article.title == title


def test_feeds_that_cannot_be_read_say_where() -> None:
    assert _problems(_rss("<guid>1</guid>", "<title>A & B</title>"))[0].startswith(
        "<stream>:3: not well-formed XML, got "
    )
    assert _problems("<?xml version='1.0'?><urlset/>", "rss") == [
        "<stream>: neither RSS nor Atom, got other XML; check the file and --format"
    ]
    wrong = _rss("<guid>1</guid>", head='<?xml version="1.0" encoding="nonesuch"?>')
    assert _problems(wrong)[0].startswith("<stream>:1: not the encoding it declares, nonesuch")
    assert _problems(_rss("<title>caf\xe9</title>").encode("latin-1"))[0].startswith(
        "<stream>: not UTF-8, got byte 0xe9"
    )


def test_bad_entries_are_placed_at_their_line() -> None:
    said = _problems(
        _rss(
            "<guid>1</guid><title>Good</title>",
            "<title>No id</title>",
            "<guid>2</guid><title>T</title><pubDate>Fri, 31 Feb 2026 26:00:00 GMT</pubDate>",
            "<guid>1</guid><title>T</title>",
        )
    )
    assert [problem.split(", got")[0] for problem in said] == [
        "<stream>:3: no id",
        "<stream>:4: impossible date in 'published'",
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
    said = _problems(json.dumps(feed))
    assert said[0] == "<stream>:2: item is not an object, got int; remove it"
    assert said[1].startswith("<stream>:3: no id")
    assert _problems('{"items": 3}', "jsonfeed")[0].startswith("<stream>: no list of 'items'")
    assert _problems('{\n"items": [}', "jsonfeed")[0].startswith("<stream>:2: not JSON")


def test_no_entries_are_no_articles(tmp_path: Path) -> None:
    assert _read(_rss()) == []
    assert _read('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "jsonfeed") == []
