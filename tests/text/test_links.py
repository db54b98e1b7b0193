"""Links in texts, for every form of an address."""

import random

import pytest

from recommender import Article, Recommender
from recommender.readers import read_articles
from recommender.text import SiteLinks
from recommender.text.links import targets_of


def linked(*articles):
    """Return the links as pairs of ids."""
    links = SiteLinks()
    for article in articles:
        links.see(article)
    return pairs_of(links.to_arrays(), [article.article_id for article in articles])


def links_of(site):
    return {f"links_{name}": rows for name, rows in site.collection.links._asdict().items()}


def pairs_of(arrays, ids):
    indptr, indices = arrays["links_indptr"].tolist(), arrays["links_indices"].tolist()
    assert len(indptr) == len(ids) + 1
    return [
        (ids[row], ids[other]) for row in range(len(ids)) for other in indices[indptr[row] : indptr[row + 1]]
    ]


AT = {
    "source": "https://example.org/2026/rain-in-may/",
    "target": "https://example.org/2026/flood-in-june/",
}
WRITTEN = {
    "whole": '<a href="https://example.org/2026/flood-in-june/">x</a>',
    "another scheme and www": "<a class=out href='http://www.Example.org/2026/flood-in-june'>x</a>",
    "without the host": "<A HREF=/2026/flood-in-june/>x</A>",
    "without the scheme": '<a href="//example.org/2026/flood-in-june/">x</a>',
    "from the page's own place": '<p>see <a title="a" href="../flood-in-june/">x</a>',
    "fragment and query": '<a href="/2026/flood-in-june/?utm=a&amp;b=c#top">x</a>',
    "index page": '<a href="/2026/flood-in-june/index.html">x</a>',
    "percent-encoded": '<a href="/2026/flood%2Din%2Djune/">x</a>',
    "Markdown": "see [the flood](/2026/flood-in-june/)",
    "Markdown with a title": 'see [the flood]( <https://example.org/2026/flood-in-june/> "June" )',
    "alone in the text": "More at https://example.org/2026/flood-in-june/.",
    "alone in brackets": "(see http://example.org/2026/flood-in-june)",
    "escaped as a whole": "&lt;p&gt;&lt;a href=&quot;/2026/flood-in-june/&quot;&gt;x&lt;/a&gt;",
}


@pytest.mark.parametrize("body", WRITTEN.values(), ids=WRITTEN)
def test_an_article_is_found_by_every_form_of_its_url(body):
    articles = Article("1", "", body, url=AT["source"]), Article("2", "Flood", url=AT["target"])
    assert linked(*articles) == [("1", "2")]
    assert linked(*articles[::-1]) == [("1", "2")]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://elsewhere.org/2026/flood-in-june/">x</a>',
        '<a href="/2026/flood">x</a>',
        '<a href="mailto:flood-in-june@example.org">x</a>',
        '<a href="#flood-in-june">x</a>',
        '<a href="http://[flood">x</a>',
        '<a name="/2026/flood-in-june/">x</a>',
        "/2026/flood-in-june/",
        "",
    ],
)
def test_other_targets_are_not_links(body):
    assert linked(Article("1", "Rain", body, url=AT["source"]), Article("2", "Flood", url=AT["target"])) == []


@pytest.mark.parametrize(
    ("article_id", "body", "other"),
    [
        ("rain", "[x](flood)", "flood"),
        ("rain", '<a href="/flood.html">x</a>', "flood"),
        ("rain", '<a href="/2026/05/flood/">x</a>', "flood"),
        ("guide/install", "[x](setup.md#linux)", "guide/setup"),
        ("guide/install", "[x](./setup.mdx)", "guide/setup"),
        ("guide/install", "[x](setup.qmd)", "guide/setup"),
        ("guide/install", "[x](../guide/setup.ipynb)", "guide/setup"),
        ("guide/install", "[x](../news/setup.html)", "news/setup"),
        ("guide/install", "[x](../setup/)", "guide/setup"),  # as served, one folder per page
        ("guide/install", "[x](/news/setup)", "news/setup"),
        ("en:Rain", "[x](en:Flood)", "en:Flood"),
        ("50% rain", "[x](50%25%20flood)", "50% flood"),
        ("regen", "[x](u\u0308berflutung)", "überflutung"),
    ],
)
def test_without_a_url_the_id_is_the_address(article_id, body, other):
    assert linked(Article(article_id, "Rain", body), Article(other, "Flood")) == [(article_id, other)]


def test_with_a_url_the_last_part_of_a_path_is_not_an_id():
    body = '<a href="/tags/flood/">all about floods</a>'
    assert linked(Article("rain", "", body, url=AT["source"]), Article("flood", "F", url=AT["target"])) == []


def test_self_links_and_repeated_links_are_dropped():
    body = '<a href="/a">me</a> <a href="/b">one</a> <a href="/b#two">two</a> https://example.org/b'
    article = Article("a", "", body, url="https://example.org/a")
    assert linked(article, Article("b", "B", url="https://example.org/b")) == [("a", "b")]


def test_a_name_of_two_articles_matches_neither():
    twins = [Article(name, "Flood", url="https://example.org/?p=" + name) for name in "bc"]
    assert linked(Article("a", "", '<a href="https://example.org/?p=b">x</a>'), *twins) == []


def test_links_of_more_than_a_fifth_of_the_site_are_dropped():
    def site(n_linking, n=120):
        bodies = ["[contact](contact) [next](next)" if i < n_linking else "[next](next)" for i in range(n)]
        bodies = [body if i < 5 else body.replace("[next](next)", "") for i, body in enumerate(bodies)]
        articles = [Article(f"a{i}", f"Title {i}", body) for i, body in enumerate(bodies)]
        return linked(*articles, Article("contact", "Contact"), Article("next", "Next"))

    assert {other for _, other in site(24)} == {"contact", "next"}  # 24 of 122 are less than a fifth
    assert {other for _, other in site(25)} == {"next"}
    # on a small site, fewer than 20 links are not dropped
    assert {other for _, other in site(19, n=30)} == {"contact", "next"}
    assert {other for _, other in site(20, n=30)} == {"next"}


def test_the_number_of_links_of_a_page_is_limited():
    assert len(targets_of(" ".join(f"[x](page-{i})" for i in range(5_000)))) == 200


@pytest.mark.parametrize("piece", ["<a ", '<a href="', "](", "](a(", "http://", "<a href=", "&lt;a href='"])
def test_the_time_is_linear_in_the_length(piece):
    targets_of(piece * 50_000)  # would take hours if it grew with the square


def test_malformed_input_raises_no_error():
    rng = random.Random(0)
    pieces = [
        "<a href=",
        '"',
        "'",
        ">",
        "](",
        ")",
        "http://",
        "//",
        "[",
        "]",
        "%",
        "\ud800",
        "é",
        "..",
        "#",
        " ",
    ]
    for _ in range(300):
        body = "".join(rng.choice(pieces) for _ in range(40)).replace("\ud800", "")
        assert linked(Article("a", "T", body), Article("b", "T")) == []


STORY = "The river rose by two metres in a single night, and the mayor asked everybody to stay at home. "
FOLDERS = {
    "md": (
        "# Install\n\nThen [set up](setup.md), see [news][n].\n\n[n]: ../news.md\n",
        "# Set up\n\nAfter [installing](./install.md#linux).\n",
        "# News\n\nA guide to [set up](guide/setup.md).\n",
    ),
    "html": (
        f"<h1>Install</h1><p>{STORY}Then <a href='setup.html'>set up</a>, see <a href=../news.html>news</a>.",
        f"<h1>Set up</h1><p>{STORY}After <a href='./install.html#linux'>installing</a>.",
        f"<nav><a href='guide/install.html'>all</a></nav><p>{STORY}A guide: <a href='guide/setup.html'>set up</a>.",
    ),
}


@pytest.mark.parametrize("suffix", FOLDERS)
def test_pages_of_a_folder_link_by_file_name(suffix, tmp_path):
    (tmp_path / "guide").mkdir()
    for name, page in zip(("guide/install", "guide/setup", "news"), FOLDERS[suffix], strict=True):
        (tmp_path / f"{name}.{suffix}").write_text(page)
    with read_articles(tmp_path) as articles:
        site = Recommender.from_articles(articles)
    assert sorted(pairs_of(links_of(site), list(site))) == [
        ("guide/install", "guide/setup"),
        ("guide/install", "news"),
        ("guide/setup", "guide/install"),
        ("news", "guide/setup"),
    ]


def test_links_are_stored_in_the_artifact(tmp_path):
    articles = [
        Article("a", "Rain in May", "[x](b)"),
        Article("b", "Rain in June"),
        Article("c", "Rain [y](a)"),
    ]
    Recommender.from_articles(articles).save(tmp_path / "site.rec")
    site = Recommender.load(tmp_path / "site.rec", check=True)
    assert pairs_of(links_of(site), ["a", "b", "c"]) == [("a", "b")]  # a title has no links
