"""Exports of MediaWiki: pages, markup, categories, and what is left out."""

from __future__ import annotations

import io
import time
from xml.sax.saxutils import escape

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles
from recommender.readers.mediawiki.wikitext import wiki_page

HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="de">
<siteinfo><sitename>Wetter</sitename><base>https://wetter.example/wiki/Hauptseite</base><namespaces>
<namespace key="0" /><namespace key="1">Diskussion</namespace><namespace key="6">Datei</namespace>
<namespace key="14">Kategorie</namespace></namespaces></siteinfo>
"""
NAMES = {"category": 14, "kategorie": 14, "file": 6, "help": 12}


def _page(title: str, text: str, ns: int = 0, revisions: str = "", extra: str = "") -> str:
    number = sum(map(ord, title))
    return (
        f"<page><title>{title}</title><ns>{ns}</ns><id>{number}</id>{extra}{revisions}<revision><id>9</id>"
        f"<parentid>8</parentid><timestamp>2026-05-02T10:00:00Z</timestamp><model>wikitext</model>"
        f'<text xml:space="preserve">{escape(text)}</text></revision></page>\n'
    )


def _read(*pages: str, end: str = "</mediawiki>", **options):
    reader = read_articles(io.BytesIO((HEAD + "".join(pages) + end).encode()), **options)
    return list(reader), dict(reader.left_out)


def test_a_page_with_all_fields() -> None:
    first = "<revision><id>1</id><timestamp>2026-05-01T09:30:00Z</timestamp><text>Es.</text></revision>"
    (article,), left_out = _read(
        _page("Regen im Mai", "Es regnete.\n[[Kategorie:Wetter]] [[Category:Mai|R]]", revisions=first)
    )
    assert (article.article_id, article.title) == (str(sum(map(ord, "Regen im Mai"))), "Regen im Mai")
    assert (article.url, article.body) == ("https://wetter.example/wiki/Regen_im_Mai", "<p>Es regnete.</p>")
    assert article.metadata["tags"] == ["Wetter", "Mai"]
    assert str(article.published) == "2026-05-01 09:30:00+00:00"
    assert article.metadata["modified"] == "2026-05-02T10:00:00Z"
    assert left_out == {}


def test_the_date_of_a_change_is_no_date_of_publication() -> None:
    (article,), _ = _read(_page("Regen", "Es regnete."))
    assert article.published is None


def test_pages_that_are_no_articles_are_left_out() -> None:
    articles, left_out = _read(
        _page("Regen", "Es regnete."),
        _page("Schauer", "#WEITERLEITUNG [[Regen]]"),
        _page("Guss", "x", extra='<redirect title="Regen" />'),
        _page("Diskussion:Regen", "Und?", ns=1),
        _page("Kategorie:Wetter", "Alles.", ns=14),
        _page("Hauptseite", "Willkommen."),
        _page("Hauptseite/en", "Welcome."),
        _page("Mai", "{{Begriffsklärung}} Ein Monat oder ein Name."),
    )
    assert [article.title for article in articles] == ["Regen"]
    assert left_out == {"redirect": 2, "other": 2, "section": 2, "listing": 1}


MARKUP = {
    "'''Rain''' is ''wet''.": "<p>Rain is wet.</p>",
    "== Hills ==\nIt rained\nand rained.": "<h2>Hills</h2>\n<p>It rained and rained.</p>",
    "* one\n** two\n# three\n; term": "<li>one</li>\n<li>two</li>\n<li>three</li>\n<li>term</li>",
    "[[Rain]] and [[Rain (song)|a song]], [[:Category:Wet]]": "<p>Rain and a song, Category:Wet</p>",
    "[[File:a.png|thumb|The river at [[May bridge|the bridge]] rose]] It rained.": "<p>The river at the bridge rose</p>\n"
    "<p>It rained.</p>",
    "[[File:a.png|thumb|River]]It rained.[[fr:Pluie]]": "<p>It rained.</p>",
    "{{Infobox|name=Rain|image=a.png|about={{nowrap|water that falls from clouds}}}}It rained.": "<p>water that falls from"
    " cloudsIt rained.</p>",
    "{{stub}}{{{1|}}}__NOTOC__It rained.<ref name=a>Book</ref><ref name=a /><!-- wet -->": "<p>It rained.</p>",
    "[https://a.example/x The gauge] or [https://a.example].": '<p><a href="https://a.example/x">The gauge</a> or .</p>',
    "<pre>a [[b]] {{c}}</pre> <nowiki>[[d]]</nowiki>": "<p><pre>a [[b]] {{c}}</pre> [[d]]</p>",
    "x\n a = 1\n b = 2\ny": "<p>x</p>\n<pre>a = 1\nb = 2</pre>\n<p>y</p>",
    '{| class="w"\n|+ Rain\n! Day\n|-\n| style="x" | Monday || 7\n|}': "<p>Rain</p>\n<p>Day</p>\n<p>Monday 7</p>",
}


@pytest.mark.parametrize("source", MARKUP)
def test_markup(source: str) -> None:
    assert wiki_page(source, NAMES).text == MARKUP[source]


def test_links_lead_to_the_pages_of_the_wiki() -> None:
    found = wiki_page("[[May Day#History|the day]] [[Help:A]]", NAMES, "https://w.example/wiki/").text
    assert found == '<p><a href="https://w.example/wiki/May_Day">the day</a> Help:A</p>'


def test_faults() -> None:
    with pytest.raises(InputError, match="no pages in this export"):
        _read()
    with pytest.raises(InputError, match="XML entities are not allowed"):
        list(
            read_articles(io.BytesIO(b"<!DOCTYPE x [<!ENTITY a 'b'>]>\n" + HEAD.encode()), format="mediawiki")
        )
    with pytest.warns(UserWarning, match="XML that is not well-formed"):
        articles, _ = _read(_page("Regen", "Es regnete."), "<page><title>cut", end="")
    assert [article.title for article in articles] == ["Regen"]


@pytest.mark.parametrize(
    "piece", ["<ref>", "<!--", "[[a|", "{{a|", "= ", "| a = ", "[http://a", "'''", "<pre", "[[a]]", "{{a}}"]
)
def test_markup_that_repeats_takes_linear_time(piece: str) -> None:
    times = []
    for n in (4_000, 16_000):
        start = time.process_time()
        wiki_page(piece * n, NAMES)
        times.append(time.process_time() - start)
    assert times[1] < 12 * times[0] + 0.2
