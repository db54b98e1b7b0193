"""WordPress exports (WXR): published items, their texts, and damaged exports."""

from __future__ import annotations

import io
import tracemalloc
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest

from recommender.articles import Article
from recommender.errors import InputError
from recommender.readers import read_articles
from recommender.readers.inputs.sources import open_source
from recommender.readers.wordpress.shortcodes import without_shortcodes
from recommender.readers.wordpress.wordpress_export import read_wordpress
from recommender.text import plain_text

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = (
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
)


def _item(number: int, content: str = "The text.", more: str = "", **values: str) -> str:
    given = {"title": f"Title {number}", "status": "publish", "post_type": "post", "excerpt": ""} | values
    return (
        f"<item><title>{given['title']}</title><link>https://site.example/{number}/</link>"
        f'<guid isPermaLink="false">https://site.example/?p={number}</guid><dc:creator>ann</dc:creator>'
        f"<description></description><content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[{given['excerpt']}]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date>2026-05-01 12:00:00</wp:post_date><wp:post_date_gmt>2026-05-01 10:00:00</wp:post_date_gmt>"
        f"<wp:status>{given['status']}</wp:status><wp:post_type>{given['post_type']}</wp:post_type>{more}</item>"
    )


def _export(*items: str, head: str = _HEAD) -> str:
    lines = "\n".join(items)
    return (
        f'{head}<rss version="2.0" {_NAMES}><channel><title>Site</title><language>de-DE</language>'
        f"<wp:wxr_version>1.2</wp:wxr_version>\n{lines}\n</channel></rss>"
    )


def _read(content: str | bytes) -> tuple[list[Article], list[str]]:
    content = content.encode() if isinstance(content, str) else content
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        articles = list(read_articles(io.BytesIO(content), format="wordpress"))
    return articles, [str(each.message) for each in caught]


def _ids(articles: Sequence[Article]) -> list[int]:
    return [int(article.article_id.rpartition("=")[2]) for article in articles]


def _refusal(content: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        _read(content)
    return str(caught.value.problems[0])


def test_a_post_with_all_fields() -> None:
    terms = (
        '<category domain="category" nicename="uncategorized">Uncategorized</category>'
        '<category domain="category" nicename="news">News</category>'
        '<category domain="category" nicename="harbour">Harbour</category>'
        '<category domain="post_tag" nicename="ships">ships</category>'
        '<category domain="post_format" nicename="post-format-video">Video</category>'
    )
    (article,), _ = _read(
        _export(_item(7, "<p>Full.</p>", terms, excerpt="Short.", title="Ships &amp; quays"))
    )
    assert article == Article(
        "https://site.example/?p=7",
        "Ships & quays",
        "<p>Full.</p>",
        published="2026-05-01T10:00:00+00:00",
        section="News",
        language="de-DE",
        url="https://site.example/7/",
        description="Short.",
        metadata={"author": "ann", "tags": ["Harbour", "ships"], "post_id": "7", "html_lang": "de-DE"},
    )


def test_unpublished_posts_are_left_out() -> None:
    statuses = ("publish", "draft", "auto-draft", "pending", "private", "trash", "future", "inherit")
    articles, _ = _read(_export(*(_item(number, status=name) for number, name in enumerate(statuses))))
    assert _ids(articles) == [0]
    locked = "<wp:post_password><![CDATA[secret]]></wp:post_password>"
    free = "<wp:post_password></wp:post_password>"
    articles, _ = _read(_export(_item(1, more=locked), _item(2, more=free)))
    assert _ids(articles) == [2]


def test_front_pages_and_formal_pages_are_left_out() -> None:
    home = "<wp:base_blog_url>https://site.example/1</wp:base_blog_url>"
    name = "<wp:post_name>privacy-policy</wp:post_name>"
    items = (
        _item(1, post_type="page"),
        _item(2, post_type="page", more=name),
        _item(3, more=name),
        _item(4, post_type="page"),
    )
    articles, _ = _read(_export(home, *items))
    assert _ids(articles) == [3, 4]


def test_comments_of_the_editor_are_no_text() -> None:
    (article,), _ = _read(_export(_item(1, "It rained.<!--more-->\n\nIt was wet.")))
    assert plain_text(article.body) == "It rained.\n\nIt was wet."


def test_the_language_of_a_site_is_doubted_and_that_of_an_item_is_not() -> None:
    polish = '<category domain="language" nicename="pl">Polski</category>'
    (one, other), _ = _read(_export(_item(1), _item(2, more=polish)))
    assert (one.language, one.metadata["html_lang"]) == ("de-DE", "de-DE")
    assert (other.language, "html_lang" in other.metadata) == ("pl", False)


def test_posts_pages_and_custom_types_are_articles() -> None:
    kinds = (
        "post",
        "page",
        "recipe",
        "attachment",
        "nav_menu_item",
        "revision",
        "wp_block",
        "custom_css",
        "acf-field",
    )
    articles, _ = _read(_export(*(_item(number, post_type=name) for number, name in enumerate(kinds))))
    assert _ids(articles) == [0, 1, 2]
    assert [article.metadata.get("post_type") for article in articles] == [None, "page", "recipe"]


def test_the_image_is_the_featured_attachment(tmp_path: Path) -> None:
    address = "<wp:attachment_url>https://site.example/quay.jpg</wp:attachment_url>"
    meta = (
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
    )
    export = _export(
        _item(1, more=meta), _item(2), _item(9, more=address, post_type="attachment", status="inherit")
    )
    (tmp_path / "export.xml").write_text(export)
    articles = list(read_articles(tmp_path / "export.xml"))
    assert [article.image for article in articles] == ["https://site.example/quay.jpg", None]
    assert [article.image for article in _read(export)[0]] == [None, None]  # a stream is read once


def test_the_excerpt_replaces_empty_content() -> None:
    (article,), _ = _read(_export(_item(1, "", excerpt="Only this.")))
    assert "Only this." in (article.body, article.description)


def test_zero_dates_are_not_dates() -> None:
    zero = "0000-00-00 00:00:00"
    without_gmt = _item(1).replace("2026-05-01 10:00:00", zero)
    without_any = _item(2).replace("2026-05-01 10:00:00", zero).replace("2026-05-01 12:00:00", zero)
    (first, second), messages = _read(_export(without_gmt, without_any))
    assert first.published is not None
    assert first.published.isoformat() == "2026-05-01T12:00:00+00:00"
    assert second.published is None
    assert messages == []


@pytest.mark.parametrize(
    "broken",
    [
        _export(_item(1, title="Fish & chips"), _item(2)),
        _export(_item(1, title="Fish&nbsp;chips"), _item(2)),
        _export(_item(1, "Words\x0b and \x1b more."), _item(2)),
    ],
    ids=["ampersand", "entity of HTML", "control characters"],
)
def test_a_bad_character_loses_no_item_and_no_word(broken: str) -> None:
    articles, messages = _read(broken)
    assert _ids(articles) == [1, 2]
    assert articles[0].title.split()[0] in ("Fish", "Title")
    assert articles[0].title.endswith(("chips", "1"))
    assert articles[1].body == "The text."
    assert len(messages) <= 1


@pytest.mark.parametrize("lost", [30, 120, 300, 450])
def test_a_cut_export_yields_only_complete_items(lost: int) -> None:
    articles, messages = _read(_export(_item(1), _item(2), _item(3, status="draft"))[:-lost])
    assert _ids(articles) == [1, 2]  # the third has lost its status and might be a draft
    assert len(messages) == 1
    assert "XML that is not well-formed" in messages[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "lol">',
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!entity a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;',
    ],
)
def test_entity_declarations_are_rejected(declaration: str, encoding: str) -> None:
    for padding in (
        "",
        "<!--" + "x" * 300_000 + "-->",
    ):  # the second is beyond the part inspected to recognise the format
        head = f'<?xml version="1.0" encoding="{encoding}"?>{padding}<!DOCTYPE rss [{declaration}]>\n'
        export = _export(_item(1, title="&a;"), head=head)
        message = _refusal(export.encode(encoding))
        assert padding or "XML entities are not allowed" in message


def test_a_post_may_quote_an_entity_declaration() -> None:
    (article,), messages = _read(_export(_item(1, "Write <!ENTITY name> so.")))
    assert article.body == "Write <!ENTITY name> so."
    assert messages == []


@pytest.mark.parametrize(
    ("label", "encoding"), [("UTF-16", "utf-16"), ("iso-8859-1", "cp1252"), ("gb2312", "gb18030")]
)
def test_exports_in_other_encodings(label: str, encoding: str) -> None:
    text = "雨水" if label == "gb2312" else "café – bar"
    export = _export(_item(1, text), head=f'<?xml version="1.0" encoding="{label}"?>\n')
    (article,), _ = _read(export.encode(encoding))
    assert article.body == text


def test_an_export_without_items_is_an_error() -> None:
    for content in ("", "hello", "{}", _export(), "<rss/>"):
        assert _refusal(content).startswith("<stream>: no")


def test_undeclared_prefixes_are_accepted() -> None:
    export = _export(_item(1, status="draft"), _item(2)).replace(_NAMES, "")
    articles, messages = _read(export)
    assert [(article.body, article.published is None) for article in articles] == [("The text.", False)]
    assert len(messages) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[caption id="a" width="3"]<img src="x"> Quay[/caption] done', '<img src="x"> Quay done'),
        ("[vc_row][vc_column width='1/2']In[/vc_column][/vc_row]", "In"),
        ('[gallery ids="1,2"][contact-form-7 id="1" title="Ask us"][audio mp3="a.mp3"][/audio]', ""),
        ("[embed]https://video.example/1[/embed]", "https://video.example/1"),
        ('[su_box title="Of [two] kinds"]Inside[/su_box]', "Inside"),
        ("[dropcap]O[/dropcap]nce", "Once"),
        ("[gallery]", ""),
    ],
)
def test_shortcodes_are_removed_and_their_content_stays(text: str, expected: str) -> None:
    assert without_shortcodes(text) == expected


@pytest.mark.parametrize(
    "prose",
    [
        "He said [sic] and [1], [a note, see below].",
        "The [pre-war] houses and the [A-b test] of the [Editor-in-chief].",
        "A [video of the day] and [embed the thing].",
        "array[my_index] = list[i]; if [a = b] then [x=1]",
        "[link text](https://site.example/?x=1)",
        "[[gallery]] shows the pictures",
        "[Music] plays",
    ],
)
def test_brackets_in_prose_stay(prose: str) -> None:
    assert without_shortcodes(prose) == prose


def test_removing_shortcodes_is_linear_in_time() -> None:
    for hostile in (
        "[" * 300_000,
        '[a b="' * 50_000,
        "[/a" * 100_000,
        "".join(f"[/x{n}]" for n in range(40_000)),
    ):
        without_shortcodes(hostile)  # seconds at most; a quadratic step would take minutes


def test_memory_does_not_grow_with_the_number_of_items(tmp_path: Path) -> None:
    def peak(n_items: int) -> int:
        path = tmp_path / f"{n_items}.xml"
        path.write_text(
            _export(*(_item(number, "<p>Words of a text.</p>" * 500) for number in range(n_items)))
        )
        with open_source(path) as source:
            tracemalloc.start()
            assert sum(1 for _ in read_wordpress(source)) == n_items
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    peak(10)
    assert peak(1_000) < peak(100) + 2_000_000  # bytes; the larger file has 12 MB
