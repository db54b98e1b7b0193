"""HTML pages that are left out, and articles that resemble them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.readers import read_articles
from recommender.readers.html.absent_pages import is_error_title
from recommender.readers.html.html_pages import HtmlPages
from recommender.readers.pages.page_folder import Page

STORY = "The harbour board voted on Tuesday to widen the northern channel, after two years of hearings. "
ARTICLE = f"<main><h1>Harbour</h1><p>{STORY * 8}</p></main>"


def _reasons(page: str, path: str = "a.html") -> set[str | None]:
    """Return the reasons to leave out a page, from its head and from its content."""
    pages = HtmlPages()
    content = Page(path, path, page.encode)
    head = pages.head(content)
    return {head.left_out, pages.content(content, pages.parsed(content))[1]}  # type: ignore[union-attr]


def _whole(head: str = "", body: str = ARTICLE, html: str = "", classes: str = "") -> str:
    return f"<!doctype html><html {html}><head>{head}</head><body class='{classes}'>{body}</body></html>"


def _linked(*nodes: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@graph': nodes})}</script>"


SHORT = "<p>Go on to <a href='/b'>the other page</a>.</p>"
LEFT_OUT = {
    _whole("<meta name='robots' content='noindex, follow'>"): "noindex",
    _whole("<meta name='ROBOTS' content='NOINDEX'>"): "noindex",
    _whole("<meta name='googlebot' content='none'>"): "noindex",
    _whole("<meta http-equiv='refresh' content='0; url=https://a.example/b/'>", SHORT): "redirect",
    _whole("<meta http-equiv='Refresh' content=\"5;URL='../b.html'\">", SHORT): "redirect",
    _whole("<meta http-equiv='refresh' content='0;https://a.example/b'>", ""): "redirect",
    _whole("<meta http-equiv='refresh' content='0; url=/b/'>"): "redirect",
    _whole("<meta name='robots' content='noindex'><meta http-equiv='refresh' content='0; url=/b'>", ""): "redirect",
    _whole("<title>Redirecting…</title><link rel='canonical' href='https://a.example/b/'>", SHORT): "redirect",
    _whole("<title>Redirecting to /b/ | Post</title><link rel='canonical' href='/b/'>", SHORT): "redirect",
    _whole("<script>window.location.replace('/b/')</script>", ""): "redirect",
    _whole("<title>404 - Page not found | The Post</title>", SHORT): "error-page",
    _whole("<title>The Post – Seite nicht gefunden</title>", SHORT): "error-page",
    _whole("<title>Error 404 (Not Found)!!1</title>", SHORT): "error-page",
    _whole(_linked({"@type": "CollectionPage", "name": "Sea"})): "listing",
    _whole(_linked({"@type": ["WebPage", "SearchResultsPage"]})): "listing",
    _whole(_linked({"@type": "https://schema.org/ProfilePage"})): "listing",
    _whole(_linked({"@type": "Blog", "blogPost": [{"@type": "BlogPosting"}, {"@type": "BlogPosting"}]})): "listing",
    _whole("<meta property='og:type' content='profile'>"): "listing",
    _whole("<meta property='og:type' content='article'>", classes="archive category category-sea"): "listing",
    _whole(classes="author author-ann"): "listing",
    _whole(classes="search search-no-results"): "listing",
    _whole(classes="home blog"): "section",
    _whole(classes="home page page-id-2"): "section",
    _whole(classes="home blog paged paged-2"): "listing",
    _whole(classes="error404"): "error-page",
    _whole(classes="attachment single single-attachment"): "attachment",
    _whole(classes="tag-template tag-sea"): "listing",
    _whole(classes="list"): "listing",
    _whole(html="class='plugin-blog blog-tags-post-list-page'"): "listing",
    "<h1>{{ page.title }}</h1>{{ content }}": "template",
    "<ul>{% for post in posts %}<li>{{ post }}{% endfor %}</ul>": "template",
    "{{ define \"main\" }}<p>{{ .Content }}{{ end }}": "template",
    _whole("<title>{% block title %}{% endblock %}</title>{% include 'css.html' %}"): "template",
    _whole("", "<a href='{{ site.url }}/b'>b</a>"): "template",
    "": "template",
    "<!-- nothing -->": "template",
    "---\nlayout: post\ntitle: Rain\npublished: false\n---\n<p>It rained.": "draft",
    "---\nlayout: post\ntitle: Rain\ndate: 2999-01-01\n---\n<p>It rained.": "future",
    "---\nlayout: default\n---\n{% for post in site.posts %}<h2>{{ post.title }}</h2>{% endfor %}": "listing",
    "---\ntitle: Tags\n---\n<ul>{% include tags.html %}</ul>": "listing",
}  # fmt: skip


@pytest.mark.parametrize("page", LEFT_OUT, ids=range(len(LEFT_OUT)))
def test_pages_marked_as_not_articles(page: str) -> None:
    assert _reasons(page) == {LEFT_OUT[page]}


KEPT = (
    _whole("<meta name='robots' content='index, follow, max-image-preview:large'>"),
    _whole("<meta http-equiv='refresh' content='300'>"),
    _whole("<meta http-equiv='refresh' content='60; url=https://a.example/news/a.html'>"),
    _whole("<noscript><meta http-equiv='refresh' content='0; url=/no-script'></noscript>"),
    _whole("<!-- <meta http-equiv='refresh' content='0; url=/old-browser'> -->"),
    _whole("<title>Redirecting rivers</title>", SHORT),
    _whole("<title>Redirecting</title><link rel='canonical' href='https://a.example/b'>"),
    _whole("<title>404 ways to bake bread</title>", SHORT),
    _whole("<title>Page not found: how sites lose their readers</title>", SHORT),
    _whole("<title>Page not found</title>"),
    _whole("<title>Lost</title>", SHORT),
    _whole("<script>if (old) { location = '/old' }</script>"),
    _whole("<meta property='og:type' content='website'>"),
    _whole(_linked({"@type": "CollectionPage"}, {"@type": "NewsArticle", "headline": "Harbour"})),
    _whole(_linked({"@type": "ItemPage", "isPartOf": {"@type": "CollectionPage"}})),
    _whole(classes="post-template single single-post tag-sea category-port"),
    _whole(_linked({"@type": "BlogPosting", "headline": "Harbour"}), classes="archive"),
    _whole(classes="home"),
    _whole("<title>What {{ x }} and {% if %} do</title>", f"<p>{STORY} In Jinja {{{{ x }}}} is a value.</p>"),
    f"<h1>Loops</h1><p>{STORY}</p><pre>{{% for x in y %}}{{{{ x }}}}{{% endfor %}}</pre><code>{{{{ y }}}}</code>",
    f"---\nlayout: post\ntitle: Rain\n---\n<p>{STORY * 3} {{{{ site.name }}}}</p>",
)


@pytest.mark.parametrize("page", KEPT, ids=range(len(KEPT)))
def test_articles_that_resemble_other_pages(page: str) -> None:
    assert _reasons(page, "news/a.html") == {None}


def _items(*names: str, tag: str = "li", more: str = "") -> str:
    return "".join(
        f"<{tag}><a href='{name}.html'>The story of {name} at sea</a>{more}</{tag}>" for name in names
    )


FIVE = ("rain", "wind", "ice", "snow", "fog")
TEASERS = "".join(
    f"<article><h2><a href='/2026/{name}/'>The story of {name}</a></h2><p>{STORY}</p></article>"
    for name in FIVE
)
LISTS = {
    ("sea.html", f"<h1>Stories of the sea</h1><ul>{_items(*FIVE)}</ul>"): "listing",
    ("all.html", f"<p>All of them:</p>{_items(*FIVE, tag='p', more=' <time>1 May 2026</time>')}"): "listing",
    ("sea/index.html", f"<h1>Sea</h1><ul>{_items(*FIVE[:2])}</ul>"): "section",
    ("sea/index.html", f"<article><h1>Sea</h1><ul>{_items(*FIVE[:3])}</ul></article>"): "section",
    ("news/index.html", f"<h1>News</h1><p>What happened lately.</p>{TEASERS}"): "section",
    ("latest.html", f"<h1>News</h1>{TEASERS}<a href='/page/2'>Older</a>"): "listing",
    ("one.html", "<h1>Tag: fog</h1><h2><a href='/2026/fog/'>The story of fog</a></h2>"): "listing",
    ("blog.html", f"<div>{TEASERS.replace('article>', 'div>')}</div>"): "listing",
}  # fmt: skip


@pytest.mark.parametrize(("path", "main"), LISTS)
def test_pages_that_mainly_link_to_other_pages(path: str, main: str) -> None:
    body = f"<header><a href='/'>Post</a></header><main>{main}</main><footer>{STORY}</footer>"
    assert _reasons(_whole("", body), path) == {None, LISTS[path, main]}


NO_LISTS = (
    f"<h1>Harbour</h1><p>{STORY * 6}</p><h2>Read on</h2><ul>{_items(*FIVE)}</ul>",
    f"<h1>Our best walks</h1><p>{STORY * 8}</p>{_items(*FIVE, tag='h2')}",
    f"<article><h1>Five walks</h1><p>Short.</p>{TEASERS.replace('article>', 'div>')}</article>",
    f"<article><h1>Harbour</h1><p>{STORY * 8}</p></article><section>{TEASERS}</section>",
    "<h1>Links</h1>"
    + "".join(f"<p><a href='https://{name}.example/'>All about {name}</a></p>" for name in FIVE),
    "<h1>API</h1><ul>"
    + "".join(f"<li><a href='#{name}'>{name}()</a>" for name in FIVE)
    + f"</ul><p>{STORY * 2}</p>",
    "<h1>Glossary</h1><dl>" + "".join(f"<dt><a href='{n}.html'>{n}</a><dd>{STORY}" for n in FIVE) + "</dl>",
    "<h1>Downloads</h1>" + "".join(f"<p><a href='{name}.pdf'>The report on {name}</a></p>" for name in FIVE),
)


@pytest.mark.parametrize("main", NO_LISTS, ids=range(len(NO_LISTS)))
@pytest.mark.parametrize("path", ["guide.html", "guide/index.html"])
def test_articles_with_many_links_are_not_lists(main: str, path: str) -> None:
    assert _reasons(_whole("", f"<main>{main}</main>"), path) == {None}


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='og:type' content='article'>",
        "<meta property='article:published_time' content='2026-05-01'>",
        _linked({"@type": "Article", "headline": "Five walks"}),
    ],
)
def test_a_round_up_marked_as_an_article_is_an_article(head: str) -> None:
    assert _reasons(_whole(head, f"<main><h1>Five walks</h1>{TEASERS}<ul>{_items(*FIVE)}</ul></main>")) == {
        None
    }


def test_tags_and_folders_of_quartz_are_lists() -> None:
    page = "<meta name='generator' content='Quartz'><body data-slug='{}'><article><p>{}</p></article>{}"
    found = "<div class='page-listing'><p>2 items</p></div>"
    assert _reasons(page.format("tags/sea", ARTICLE, found), "tags/sea.html") == {"listing"}
    assert _reasons(page.format("notes/index", ARTICLE, found), "notes/index.html") == {"listing"}
    assert _reasons(page.format("notes/index", ARTICLE, ""), "notes/index.html") == {None}
    assert _reasons(page.format("notes/sea", ARTICLE, ""), "notes/sea.html") == {None}


def test_doxygen_and_javadoc_indexes_are_lists() -> None:
    doxygen, javadoc = (
        f"<meta name='generator' content='{name}'>" for name in ("Doxygen 1.9", "javadoc/Writer")
    )
    for path in (
        "annotated.html",
        "functions_func.html",
        "dir_0123456789abcdef.html",
        "Boat-members.html",
        "b_8h_source.html",
    ):
        assert _reasons(_whole(doxygen), path) == {"listing"}
        assert _reasons(_whole(), path) == {None}
    for path in (
        "allclasses-index.html",
        "sea/package-summary.html",
        "index-files/index-12.html",
        "help-doc.html",
    ):
        assert _reasons(_whole(javadoc), path) == {"listing"}
    assert _reasons(_whole(doxygen), "classBoat.html") == _reasons(_whole(javadoc), "sea/Boat.html") == {None}


@pytest.mark.parametrize(
    "title",
    [
        *("404", "Error 404", "404 Not Found", "Oops! Page not found.", "Fehler 404: Seite nicht gefunden", "403 Forbidden"),
        *("Page introuvable", "Página no encontrada (404)", "Pagina non trovata", "Страница не найдена", "पृष्ठ नहीं मिला"),
        *("ページが見つかりません", "页面不存在", "500 Internal Server Error", "Sidan hittades inte"),
    ],
)  # fmt: skip
def test_titles_of_error_pages(title: str) -> None:
    assert is_error_title(title)
    assert not is_error_title(f"{title} and what to do about it")


def test_a_page_filled_by_a_script_is_left_out() -> None:
    page = _whole("<title></title>", "<div id='app'></div><script>start()</script>")
    assert "template" in _reasons(page)


def test_a_long_title_is_fast() -> None:
    assert not is_error_title("sorry oops " * 100_000 + "rain")


def _site(folder: Path, pages: dict[str, str]) -> tuple[list[str], dict[str, int]]:
    for name, page in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page, encoding="utf-8")
    reader = read_articles(folder)
    return sorted(article.article_id for article in reader), dict(reader.left_out)


def test_a_year_with_pages_below_it_is_a_list(
    tmp_path: Path,
) -> None:
    pages = {
        name: _whole("", ARTICLE.replace("Harbour", name)) for name in ("1984/index.html", "2026/index.html")
    }
    pages |= {
        name: _whole("", ARTICLE.replace("Harbour", name))
        for name in ("2026/05/01/rain.html", "2026/wind.html")
    }
    assert _site(tmp_path, pages) == (["1984/index", "2026/05/01/rain", "2026/wind"], {"listing": 1})


def test_a_generated_site_is_read_without_lists(tmp_path: Path) -> None:
    amp = "<link rel='canonical' href='https://a.example/rain/'><title>Rain</title>"
    pages = {
        "index.html": _whole("<title>Post</title>"),
        "rain/index.html": _whole(amp),
        "rain/amp/index.html": _whole(amp, html="amp"),
        "amp/index.html": _whole("<title>Post</title>", html="⚡"),
        "wind/index.html": _whole("<title>Wind</title>"),
        "print/wind/index.html": _whole("<title>Wind (print version)</title>"),
        "tags/sea/index.html": _whole("<title>Sea</title>"),
        "old/index.html": _whole("<meta http-equiv='refresh' content='0; url=/rain/'>", ""),
        "404.html": _whole("<title>404</title>", SHORT),
        "google0123456789abcdef.html": "google-site-verification: google0123456789abcdef.html",
    }
    reasons = {"section": 2, "copy": 2, "listing": 1, "redirect": 1, "error-page": 1, "template": 1}
    assert _site(tmp_path, pages) == (["rain/index", "wind/index"], reasons)


def test_articles_at_list_paths_and_readmes_in_generated_sites(tmp_path: Path) -> None:
    dated = "<meta property='article:published_time' content='2021-03-04'>"
    pages = {
        "tags/div.html": _whole(dated + "<title>The div element</title>"),
        "tags/quay/index.html": _whole("<title>Quay</title>"),
        "2021/harbour.html": _whole(dated + "<title>Harbour</title>"),
        "README.md": "# How this site is made",
    }
    kept, left_out = _site(tmp_path, pages)
    assert kept == ["2021/harbour", "tags/div"]
    assert left_out == {"listing": 1, "section": 1}


def test_html_without_front_matter_beside_markdown_is_no_page_of_the_site(tmp_path: Path) -> None:
    """Demos of documentation, reports of scanners, parts of pages: generators copy them as they are."""
    dated = "<meta property='article:published_time' content='2021-03-04'>"
    pages = {
        "tutorial/menus.md": "---\ntitle: Menus\n---\nThe menu of the tray holds three entries.",
        "tutorial/tray.md": "---\ntitle: Tray\n---\nThe tray holds an icon and a menu.",
        "tutorial/dock.md": "# Dock\n\nThe dock holds an icon.",
        "fiddles/tray/index.html": _whole("<title>Tray demo</title>"),
        "reports/scan.html": "<h1>Scan</h1><p>No faults were found in the harbour.</p>",
        "donate.html": "---\ntitle: Donate\n---\n<p>Give to the harbour and its pilots.</p>",
        "harbour.html": _whole(dated + "<title>Harbour</title>"),
    }
    markdown = ["tutorial/dock", "tutorial/menus", "tutorial/tray"]
    assert _site(tmp_path / "a", pages) == (sorted(["donate", "harbour", *markdown]), {"static": 2})
    kept = [article.article_id for article in read_articles(tmp_path / "a", keep=["static"])]
    assert len(kept) == len(pages)
    more = {f"guide/{number}.html": _whole(f"<title>Guide {number}</title>") for number in range(3)}
    assert _site(tmp_path / "b", pages | more)[1] == {}  # mostly HTML: made by hand, or by a generator


def test_the_source_of_a_page_beside_it_is_no_second_page(tmp_path: Path) -> None:
    """blogdown keeps index.Rmd beside the index.html that Hugo publishes."""
    matter = "---\ntitle: Glue\n---\n"
    pages = {
        "glue/index.Rmd": matter + "Strings are glued.\n\n```{r}\nglue('a')\n```",
        "glue/index.html": matter + "<p>Strings are glued.</p><pre>a</pre>",
        "purrr/index.Rmd": matter + "Functions are mapped over lists.",
    }
    assert _site(tmp_path, pages) == (["glue/index", "purrr/index"], {"copy": 1})


TAGGED = """<html><head><title>Features tagged {tag}</title></head><body><nav><a href="/">Home</a></nav><main>
<h1>Features tagged {tag}</h1><ol>
<li><a href="/features/simd/">Fast parallel applications with vectors</a> <time>30 January 2020</time>
<a href="/features/tags/{tag}/">{tag}</a></li>
<li><a href="/features/bigint/">Large integers cross the border to the page</a> <time>12 November 2020</time></li>
</ol></main></body></html>"""
ELEMENT = """<html><head><title>The div element</title></head><body><main><h1>The div element</h1>
<p>The element groups others, such as <a href="/tags/p.html">paragraphs</a>, and says nothing of what they are.
Use <a href="/tags/section.html">section</a> where a group has a heading of its own.</p></main></body></html>"""


def test_pages_of_tags_are_lists_in_any_folder_and_pages_about_tags_are_not(tmp_path):
    for path, content in {
        "features/tags/wasm/index.html": TAGGED.format(tag="wasm"),
        "docs/html/tags/div/index.html": ELEMENT,
        "rain/index.html": "<title>Rain</title><main><h1>Rain</h1><p>It rained for three days in the valley.</p></main>",
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.write_text(content)
    reader = read_articles(tmp_path)
    assert [article.article_id for article in reader] == ["docs/html/tags/div/index", "rain/index"]
    assert sum(reader.left_out.values()) == 1


def test_html_in_the_templates_of_a_repository_is_no_article_and_pages_about_templates_are(tmp_path):
    page = "<title>{0}</title><main><h1>{0}</h1><p>It rained for three days in the valley of {0}.</p></main>"
    for path in ("templates/pages/tool.html", "docs/templates/lists.html", "rain.html"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page.format(path))
    (tmp_path / "zola.toml").write_text("")
    reader = read_articles(tmp_path)
    assert [article.article_id for article in reader] == ["rain", "docs/templates/lists"]
    assert reader.left_out == {"template": 1}
