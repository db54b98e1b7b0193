"""Pages of DokuWiki: how a folder is recognised, the markup, and what is left out."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles
from recommender.readers.dokuwiki.dokuwiki_text import dokuwiki_text

LONG = "The rain came down on the hills for nine days and nine nights, and nobody could cross the river. " * 3
PAGES = {
    "start.txt": "====== Welcome ======\n  * [[rain]]\n",
    "sidebar.txt": "  * [[rain]]\n",
    "rain.txt": '====== Rain ======\n\nIt **rained**.\n\n{{tag>weather "two words"}}',
    "month/start.txt": "====== Months ======\n  * [[may]]\n",
    "place/start.txt": f"====== Places ======\n{LONG}",
    "month/the_sun.txt": "It shone.",
    "month/none.txt": "{{page>rain}}\n",
    "month/form.txt": "====== Hail ======\n\n===== Brief =====\n\n===== Notes =====\n",
    "wiki/syntax.txt": "====== Formatting Syntax ======\n\nDokuWiki.",
}


def _written(folder: Path, pages: dict[str, str]) -> Path:
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_of_dokuwiki_is_read_without_being_named(tmp_path: Path) -> None:
    reader = read_articles(_written(tmp_path, {f"pages/{name}": text for name, text in PAGES.items()}))
    articles = {article.article_id: article for article in reader}
    assert sorted(articles) == ["pages/month/the_sun", "pages/place/start", "pages/rain"]
    rain = articles["pages/rain"]
    assert (rain.title, rain.body, rain.metadata["tags"]) == (
        "Rain",
        "<p>It rained.</p>",
        ["weather", "two words"],
    )
    assert articles["pages/month/the_sun"].title == "the sun"
    assert dict(reader.left_out) == {"section": 3, "template": 1, "other": 2}


def test_a_readme_beside_the_wiki_does_not_hide_it(tmp_path: Path) -> None:
    pages = {f"pages/rain_{number}.txt": f"===== Rain {number} =====\nIt rained." for number in range(5)}
    reader = read_articles(_written(tmp_path, {"README.md": "# A wiki\n\nA backup of our wiki.", **pages}))
    assert len(list(reader)) == 5
    assert dict(reader.left_out) == {"section": 1}


def test_other_text_files_are_no_pages(tmp_path: Path) -> None:
    _written(tmp_path, {f"{number}.txt": "Rain\n====\n\nIt rained.\n" for number in range(5)})
    with pytest.raises(InputError, match=r"got 5 \.txt"):
        list(read_articles(tmp_path))
    assert len(list(read_articles(tmp_path, format="dokuwiki"))) == 5


MARKUP = {
    "==== Rain ====\n== Hills ==\nIt **rained** ''x'' __y__.": ("Rain", "<h5>Hills</h5>\n<p>It rained x y.</p>"),
    "== May ==\nIt //rained//.\n== June ==": ("", "<h5>May</h5>\n<p>It rained.</p>\n<h5>June</h5>"),
    "It rained.\n==== Hills ====": ("", "<p>It rained.</p>\n<h3>Hills</h3>"),
    "[[a:b_c]], [[a|the day]], [[https://a.example/x//y|gauge]]": (
        "", '<p>b c, the day, <a href="https://a.example/x//y">gauge</a></p>'),
    "  * one\n    - two\n\n| a | b |\n^ c ^ d ^": ("", "<li>one</li>\n<li>two</li>\n<p>a   b</p>\n<p>c   d</p>"),
    "{{:a.png?200|The river at the bridge}} {{b.png|x}}((Note.))": ("", "<p>The river at the bridge  (Note.)</p>"),
    "x\n<code lua>\na = **1** < 2\n</code>\ny": ("", "<p>x</p>\n<p><pre>a = **1** &lt; 2</pre></p>\n<p>y</p>"),
    "~~NOTOC~~~~Title: Sun~~\n===== Rain =====\n<wrap hi>wet</wrap> %%**raw**%%": ("Sun", "<h2>Rain</h2>\n<p>wet raw</p>"),
    '---json\n{"a": 1}\n---\n===== Rain =====\nIt rained.': ("Rain", "<p>It rained.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("source", MARKUP)
def test_markup(source: str) -> None:
    found = dokuwiki_text(source)
    assert (found.title, found.text) == MARKUP[source]


@pytest.mark.parametrize(
    "piece", ["<code>", "((", "%%", "[[a|", "{{a|", "= ", "== a", "| a ", "~~", "**", "  * "]
)
def test_markup_that_repeats_takes_linear_time(piece: str) -> None:
    times = []
    for n in (4_000, 16_000):
        start = time.process_time()
        dokuwiki_text(piece * n)
        times.append(time.process_time() - start)
    assert times[1] < 12 * times[0] + 0.2
