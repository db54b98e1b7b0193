"""HTML pages as articles: their fields, their titles and their texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recommender.articles import Article
from recommender.readers import read_articles

STORY = "The harbour board voted on Tuesday to widen the northern channel, after two years of hearings. "
ARTICLE = f"<article><h1>Harbour to widen</h1><p>{STORY * 4}</p></article>"


def _page(folder: Path, name: str, content: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _read(folder: Path) -> dict[str, Article]:
    return {article.article_id: article for article in read_articles(folder)}


def _one(folder: Path, head: str = "", body: str = ARTICLE, name: str = "a.html", html: str = "") -> Article:
    _page(folder, name, f"<!doctype html><html {html}><head>{head}</head><body>{body}</body></html>")
    (article,) = read_articles(folder)
    return article


def _linked(**fields: Any) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **fields})}</script>"


def test_json_ld_precedes_open_graph_and_older_tags(tmp_path: Path) -> None:
    data = [{"@type": "Organization", "name": "Wrong"}, {"@type": "WebPage", "mainEntity": {
        "@type": "http://schema.org/NewsArticle", "headline": "From JSON-LD", "identifier": {"value": 12},
        "datePublished": "2026-05-01T08:00:00+0000", "articleSection": ["Sea", "Land"],
        "inLanguage": {"@type": "Language", "alternateName": "en-GB"},
        "author": [{"name": "A. Author"}, "B. Writer"], "keywords": ["port", "ships"]}}]  # fmt: skip
    head = (
        "<script type='application/ld+json'>{broken</script>"
        f"<script type='application/ld+json; charset=utf-8'>{json.dumps(data)};</script>"
        "<meta property='og:title' content='From OpenGraph'><meta property='og:url' content='https://a.example/1'>"
    )
    article = _one(tmp_path, head)
    assert (article.article_id, article.title, article.section, article.language, article.url) == (
        *("12", "From JSON-LD", "Sea", "en-GB", "https://a.example/1"),
    )
    assert article.published is not None
    assert article.published.hour == 8
    assert article.metadata == {"author": "A. Author, B. Writer", "keywords": ["port", "ships"]}


def test_references_of_the_article_are_resolved(tmp_path: Path) -> None:
    graph = [
        {"@type": "WebPage", "@id": "https://a.example/1", "name": "Harbour - Post", "inLanguage": "nl"},
        {"@type": "ImageObject", "@id": "#image", "url": "https://a.example/1.jpg", "caption": "The quay"},
        {"@type": "Person", "@id": "#ann", "name": "Ann"},
        {"@type": "Article", "headline": "Harbour", "author": {"@id": "#ann"}, "image": {"@id": "#image"}},
    ]
    article = _one(tmp_path, f"<script type='application/ld+json'>{json.dumps({'@graph': graph})}</script>")
    assert (article.title, article.image) == ("Harbour", "https://a.example/1.jpg")
    assert article.metadata == {"author": "Ann"}


def test_the_article_at_the_page_address_is_chosen(tmp_path: Path) -> None:
    nodes = [
        {"@type": "NewsArticle", "headline": f"Story {n}", "url": f"https://a.example/{n}"} for n in "123"
    ]
    head = f"<script type='application/ld+json'>{json.dumps(nodes)}</script>"
    assert (
        _one(tmp_path, f"{head}<link rel='canonical' href='https://a.example/2/'>", name="2.html").title
        == "Story 2"
    )


def test_an_empty_field_does_not_hide_the_next(tmp_path: Path) -> None:
    head = (
        _linked(headline="", name="", description=None, image=[], datePublished="null", articleSection=[""])
        + "<meta property='og:title' content=' '><meta property='og:description' content='n/a'>"
        + "<meta name='description' content='What was voted.'><meta name='twitter:image' content='/quay.jpg'>"
        + "<meta property='article:published_time' content=''><meta name='date' content='2026-05-01'>"
        + "<meta property='article:section' content='Port'><title>Harbour</title>"
    )
    article = _one(tmp_path, head)
    assert (article.title, article.section) == ("Harbour", "Port")
    assert (article.description, article.image) == ("What was voted.", "/quay.jpg")
    assert article.published is not None
    assert article.published.day == 1


def test_older_tags_are_the_fallback(tmp_path: Path) -> None:
    head = (
        "<title>Harbour to widen - The Site</title><meta property='og:title' content='Harbour to widen'>"
        "<meta property='article:published_time' content='2026-05-01'><meta name='author' content='Ann'>"
        "<meta property='article:section' content='Port'><meta property='og:locale' content='en_GB'>"
        "<link rel='canonical' href='https://a.example/harbour'><meta name='keywords' content='port; quay'>"
        "<meta property='article:tag' content='Sea'><meta property='article:tag' content='Boats, small'>"
    )
    article = _one(tmp_path, head, name="news/harbour.html")
    assert (article.article_id, article.section, article.language, article.url) == (
        *("news/harbour", "Port", "en-GB", "https://a.example/harbour"),
    )
    assert article.metadata == {
        "html_lang": "en-GB",
        "author": "Ann",
        "tags": ["Sea", "Boats, small"],
        "keywords": ["port", "quay"],
    }


def test_only_the_template_language_is_marked(tmp_path: Path) -> None:
    assert _one(tmp_path, html="lang='de'").metadata["html_lang"] == "de"
    article = _one(tmp_path, _linked(headline="H", inLanguage="nl"), html="lang='de'")
    assert article.language == "nl"
    assert "html_lang" not in article.metadata


def test_tags_and_category_come_from_links_of_the_article(tmp_path: Path) -> None:
    links = "<a rel='category tag' href='/c'>Port</a> <a rel='tag' href='/t/a'>#Sea</a> <a rel='tag' href='/t/b'>Ice</a>"
    article = _one(tmp_path, body=f"{ARTICLE}<p>{links}</p><aside><a rel='tag' href='/t/z'>Other</a></aside>")
    assert (article.section, article.metadata["tags"]) == ("Port", ["Sea", "Ice"])


@pytest.mark.parametrize(
    "head_of_article",
    [
        "<header><time datetime='2026-05-01T10:00'>yesterday</time></header>",
        "<p class='meta'><span class='post-date'>1 May 2026</span></p>",
        "<abbr class='published' title='2026-05-01'>in May</abbr>",
        "<meta itemprop='datePublished' content='2026-05-01'>",
        "<span class='dt-published'><time datetime='2026-05-01'></time></span>",
    ],
)
def test_the_date_near_the_start_of_the_article(head_of_article: str, tmp_path: Path) -> None:
    comments = "<section><time datetime='2020-01-01'>A comment of 2020</time></section>"
    body = f"<main><article><h1>Harbour</h1>{head_of_article}<p>{STORY * 20}</p></article>{comments}</main>"
    published = _one(tmp_path, body=body).published
    assert published is not None
    assert published.date().isoformat() == "2026-05-01"


def test_a_date_far_below_the_start_is_ignored(tmp_path: Path) -> None:
    body = f"<article><h1>Harbour</h1><p>{STORY * 20}</p></article><p><time datetime='2020-01-01'>2020</time></p>"
    assert _one(tmp_path, body=body).published is None
    _page(tmp_path, "a.html", "")
    assert _one(tmp_path, body=body, name="2026/05/01/a.html").published is not None


TITLES = {
    "<title>Harbour to widen | The Post</title>": "Harbour to widen",
    "<title>The Post: Harbour to widen</title>": "Harbour to widen",
    "<title>Harbour to widen</title>": "Harbour to widen",
    "<title>Ports - Harbour - to widen</title>": "Ports - Harbour - to widen",
    "<meta property='og:title' content='Harbour\n to &lt;b&gt;grow&lt;/b&gt;'>": "Harbour to <b>grow</b>",
    "<meta property='og:site_name' content='The Post'><title>Grow - or not - the Post</title>": "Grow - or not",
    "": "Harbour to widen",
}


@pytest.mark.parametrize("head", TITLES)
def test_the_declared_site_name_is_removed_from_titles(head: str, tmp_path: Path) -> None:
    assert _one(tmp_path, head).title == TITLES[head]


def test_common_beginnings_and_ends_of_titles_are_removed(tmp_path: Path) -> None:
    names = {"rain": "Rain - and wind", "ice": "Ice", "sea": "Sea | Shore"}
    for name, title in names.items():
        body = f"<h1><a href='/'>The Post</a></h1><h1>The Post</h1><main><p>{name} {STORY * 4}</p></main>"
        _page(tmp_path, f"{name}.html", f"<title>{title} - The Post</title>{body}")
    assert {name: article.title for name, article in _read(tmp_path).items()} == names


def test_a_title_shared_by_all_pages_is_replaced_by_the_heading(tmp_path: Path) -> None:
    for name in ("Rain", "Ice", "Sea"):
        _page(tmp_path, f"{name}.html", f"<title>The Post</title><h1>{name} ¶</h1><p>{name} {STORY * 4}</p>")
    assert [article.title for article in _read(tmp_path).values()] == ["Ice", "Rain", "Sea"]


def test_the_main_text_is_extracted_without_navigation(tmp_path: Path) -> None:
    body = (
        "<nav><a href='/'>Home</a> <a href='/about'>About us</a></nav><article><h1>Harbour</h1>"
        + "".join(f"<p>{STORY} Paragraph {n} has a reason of its own to be here.</p>" for n in range(6))
        + "<p>See <a href='/quay'>the quay</a>.</p>"
        + "</article><footer>Subscribe to our newsletter. All rights reserved.</footer>"
    )
    text = _one(tmp_path, body=body).body
    assert text.count("northern channel") == 6
    assert '<a href="/quay">' in text
    assert "Subscribe" not in text
    assert "About us" not in text


def test_an_article_body_that_is_a_teaser_is_replaced_by_the_text(tmp_path: Path) -> None:
    body = f"<article><h1>Harbour</h1><p>{STORY * 8}</p></article>"
    teaser = _one(tmp_path, _linked(headline="H", articleBody=STORY), body)
    assert teaser.body.count("northern channel") == 8
    whole = _one(tmp_path, _linked(headline="H", articleBody="It &amp; they\nmet. " + "Word " * 150), body)
    assert whole.body.startswith("<p>It &amp; they</p>\n<p>met. Word")


def test_live_blog_updates_are_the_text(tmp_path: Path) -> None:
    updates = [
        {"@type": "BlogPosting", "headline": f"Update {n}", "articleBody": STORY * 3} for n in range(3)
    ]
    head = _linked(**{"@type": "LiveBlogPosting", "headline": "Vote, live", "liveBlogUpdate": updates})
    text = _one(tmp_path, head, "<div id='app'></div>").body
    assert text.count("northern channel") == 9
    assert text.startswith("<p>Update 0</p>")


def test_gallery_captions_are_the_text(tmp_path: Path) -> None:
    pictures = [{"@type": "ImageObject", "caption": "Boats at the quay"}, {"caption": "Ice on the crane"}]
    head = _linked(**{"@type": "ImageGallery", "name": "Winter", "associatedMedia": pictures})
    body = "<main><h1>Winter</h1><figure><img src='a.jpg'><figcaption>Snow &amp; gulls</figcaption></figure></main>"
    article = _one(tmp_path, head, body)
    assert article.title == "Winter"
    for caption in ("Boats at the quay", "Ice on the crane", "Snow &amp; gulls"):
        assert article.body.count(caption) == 1


def test_the_description_is_the_last_fallback_for_the_text(tmp_path: Path) -> None:
    head = "<title>Harbour</title><meta name='description' content='The channel will be widened.'>"
    article = _one(tmp_path, head, "<div id='app'></div><script>start()</script>")
    assert "The channel will be widened." in article.body


def test_syntax_highlighting_loses_no_words(tmp_path: Path) -> None:
    code = "<span class='k'>def</span> <span class='f'>widen</span>(): <span class='k'>pass</span>\n" * 2_500
    body = f"<article><h1>Code</h1><p>{STORY * 4}</p><pre>{code}</pre><p>{STORY}</p></article>"
    text = _one(tmp_path, body=body).body
    assert text.count("def widen(): pass") == 2_500
    assert text.count("northern channel") == 5


@pytest.mark.parametrize("label", ["windows-1251", "cp1251", "Windows-1251 ", "x-cp1251"])
def test_pages_are_read_in_their_declared_encoding(label: str, tmp_path: Path) -> None:
    comment = "<!-- <meta charset='latin1'> -->"
    head = f"<head>{comment}<meta http-equiv='content-type' content='text/html; charset={label}'>"
    page = f"<html>{head}<title>Спутник</title></head><body><p>{STORY}</p></body></html>"
    _page(tmp_path, "a.html", page.encode("windows-1251"))
    assert next(iter(_read(tmp_path).values())).title == "Спутник"


UNDECLARED = {
    "windows-1251": "Весной в деревне шли дожди, и река вышла из берегов.",
    "koi8-r": "Жители поднимали мешки с песком, а дети смотрели с моста.",
    "shift_jis": "五月の村では雨が降り続き、川の水が堤防を越えた。",
    "gb2312": "五月的村庄一直下雨，河水漫过了堤岸。",
    "euc-kr": "오월의 마을에는 비가 계속 내렸고 강물이 둑을 넘었다.",
    "windows-1252": "Il a plu tout le mois de mai, et la rivière a débordé près de l'école.",
}


@pytest.mark.parametrize("encoding", UNDECLARED)
def test_an_encoding_that_is_not_declared_is_found(encoding: str, tmp_path: Path) -> None:
    text = UNDECLARED[encoding]
    page = f"<html><head><title>{text[:9]}</title></head><body><p>{text * 3}</p></body></html>"
    _page(tmp_path, "a.html", page.encode(encoding))
    (article,) = read_articles(tmp_path)
    assert article.title == text[:9].strip()
    assert text in article.body


def test_the_encoding_of_an_xml_declaration_is_used(tmp_path: Path) -> None:
    page = "<?xml version='1.0' encoding='iso-8859-1'?><html><head><title>Café</title></head></html>"
    _page(tmp_path, "a.xhtml", page.encode("cp1252"))
    assert next(iter(_read(tmp_path).values())).title == "Café"


def test_binary_data_is_a_bad_row_and_an_empty_page_is_left_out(tmp_path: Path) -> None:
    _page(tmp_path, "a.html", bytes(range(32)) * 40)
    _page(tmp_path, "b.html", "")
    _page(tmp_path, "c.html", f"<title>Rain</title><p>{STORY}")
    reader = read_articles(tmp_path, on_error="skip")
    assert [article.title for article in reader] == ["Rain"]
    assert [problem.what for problem in reader.problems] == ["binary data in an HTML page"]
    assert reader.left_out == {"template": 1}


def test_front_matter_precedes_page_metadata(tmp_path: Path) -> None:
    front = "---\nlayout: post\ntitle: Rain & wind\ndate: 2026-05-01\ntags: [sea, ice]\n---\n"
    body = f"<p>{{{{ page.author }}}} {STORY * 4}{{% include share.html %}}</p><pre>{{{{ x }}}}</pre>"
    _page(tmp_path, "_posts/2026-05-02-rain.html", front + f"<h1>Wrong</h1>{body}")
    _page(tmp_path, "b.html", f"+++\ntitle = 'Sea'\n+++\n<p>{STORY * 4}</p>")
    articles = {article.title: article for article in read_articles(tmp_path)}
    rain = articles["Rain & wind"]
    assert rain.published is not None
    assert rain.published.day == 1
    assert rain.metadata["tags"] == ["sea", "ice"]
    assert "include" not in rain.body
    assert "page.author" not in rain.body
    assert "{{ x }}" in rain.body
    assert "northern channel" in articles["Sea"].body


ODD = (
    None,
    True,
    0,
    2**70,
    "",
    "\ud83d",
    "<b>x</b>",
    [],
    {},
    [[]],
    [None, {}],
    {"@id": "#a"},
    {"@id": 5},
    {"@value": []},
)
NAMES = "@id @type headline name identifier datePublished inLanguage url articleSection description image author keywords"
NAMES += " articleBody liveBlogUpdate associatedMedia mainEntity mainEntityOfPage @graph blogPost"


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_json_ld_with_unusual_types_loses_no_article(value: Any, tmp_path: Path) -> None:
    for number, name in enumerate(NAMES.split()):
        head = _linked(**{"headline": "Harbour", "@graph": [{"@type": "WebPage"}], name: value})
        _page(tmp_path, f"{number}.html", f"<head><title>Harbour</title>{head}</head>{number} {ARTICLE}")
    assert len(list(read_articles(tmp_path, id="path"))) == len(NAMES.split())


HUGE = {
    "deep": "<div>" * 50_000 + "the end",
    "deep tables": "<table><tr><td>x" * 5_000,
    "siblings": f"<p>{'<b>x</b> ' * 30_000}</p>",
    "attributes": f"<div {' '.join(f'a{n}=1' for n in range(30_000))}>the end</div>",
    "attribute": f"<div title='{'x' * 3_000_000}'>the end</div>",
    "headings": "<h1>" * 20_000 + "the end",
    "times": "<time>x" * 20_000,
    "brackets": "<" * 200_000,
    "entities": "&amp;" * 100_000,
    "comments": "<!--" * 50_000,
    "scripts": f"<script type='application/ld+json'>{'[' * 100_000}</script>the end",
    "template": "{% if x %}{{" * 20_000,
    "nul": "a\x00" * 20 + "b" * 2_000,
}


@pytest.mark.parametrize("kind", HUGE)
def test_pages_of_any_size_and_depth_are_read(kind: str, tmp_path: Path) -> None:
    article = _one(tmp_path, "<title>Harbour</title>", f"<main><p>{STORY * 4}</p>{HUGE[kind]}</main>")
    assert article.title == "Harbour"
    assert "northern channel" in article.body


def test_a_page_made_for_one_machine_has_no_address(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    page = _one(tmp_path, '<link rel="canonical" href="file:///usr/share/doc/a.html">')
    assert page.url is None
    assert not list(recwarn)
