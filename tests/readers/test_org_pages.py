"""Pages of Org mode, as Emacs, Hugo, Nikola, Jekyll, Org-roam and Denote have them."""

import time
from pathlib import Path

import pytest

from recommender.readers import read_articles
from recommender.readers.org.org_inline import inline_html
from recommender.readers.org.org_outline import heading_of, outline_of
from recommender.readers.org.org_text import org_blocks
from recommender.text import SiteLinks, plain_text

PROSE = "It rained all night, and the river rose over the bridge at the lower mill before the morning."
PAGE = f"""\
# A comment that nobody sees.
:PROPERTIES:
:ID:       7d1c2d0e-91c8-4a3b-b0d4-aa11bb22cc33
:END:
#+TITLE: Rain and
#+TITLE: *wind*
#+DATE: <2026-05-01 Fri 09:30>
#+AUTHOR: Ann Wet
#+DESCRIPTION: What =rain= does.
#+FILETAGS: :rain:wind:
#+TAGS: Write(w) Fix(f)
#+OPTIONS: toc:nil
#+TODO: WET | DRY

{PROSE}
See [[file:wind.org::*Gusts][the wind]], [[id:snow-id][snow]] and [[https://example.org/may][May]].[fn:1]

* WET [#A] Drops :falling:
SCHEDULED: <2026-05-02 Sat>
:LOGBOOK:
- State "DRY" from "WET"
:END:

#+CAPTION: How they fall
#+BEGIN_SRC java :exports code
drop.fall();
,* not a heading
#+END_SRC

#+begin_quote
Drops are round.
#+end_quote

- [X] Wet
  1) Cold =x < 1=
- Hail :: Ice that falls.

| Town | Amount |
|------+--------|
| Ulm  | 12 mm  |
#+TBLFM: $2=3

: fixed width
[[file:rain.png]]
#+begin_export html
<p>Raw &amp; ready.</p>
#+end_export
#+begin_export latex
\\LaTeX{{}} only
#+end_export
\\begin{{equation}}
e = m
\\end{{equation}}

* Secret :noexport:
Hidden below.
** Deeper
Hidden too.
* COMMENT Also
Hidden as well.
* Footnotes
[fn:1] Not in June.
"""


def site(tmp_path: Path, pages: dict[str, str], **options):
    for name, text in pages.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    reader = read_articles(tmp_path, **options)
    return {article.article_id: article for article in reader}, reader


def html_of(text: str) -> str:
    lines = text.split("\n")
    return "".join(f"<{name}>{held}</{name}>" for name, held in org_blocks(lines, outline_of(lines)))


def test_a_page_has_its_keywords_and_its_text(tmp_path: Path) -> None:
    found, _ = site(tmp_path, {"guide/rain.org": PAGE, "guide/fog.org": f"#+title: Fog\n{PROSE}\n"})
    rain = found["guide/rain"]
    assert (rain.title, str(rain.published)[:16], rain.description) == (
        "Rain and wind", "2026-05-01 09:30", "What rain does.",
    )  # fmt: skip
    assert rain.metadata == {"tags": ["rain", "wind"], "author": "Ann Wet"}
    text = plain_text(rain.body)
    for kept in ("See the wind, snow and May.", "Drops\n", "How they fall", "drop.fall();\n* not a heading",
                 "Drops are round.", "Cold x < 1", "Hail: Ice that falls.", "Ulm 12 mm", "fixed width", "Raw & ready.",
                 "Not in June."):  # fmt: skip
        assert kept in text, kept
    for dropped in ("comment", "Hidden", "Secret", "WET", "#A", "falling", "SCHEDULED", "State", "SRC", "quote", "[X]",
                    "---", "TBLFM", "rain.png", "LaTeX", "e = m", "OPTIONS", "7d1c", "fn:1", "Ann Wet"):  # fmt: skip
        assert dropped not in text, dropped


def test_links_by_file_and_by_id_are_links_of_the_site(tmp_path: Path) -> None:
    pages = {
        "guide/rain.org": PAGE,
        "guide/wind.org": f"#+title: Wind\n{PROSE} Gusts blew.\n",
        "notes/snow.org": f"#+title: Snow\n{PROSE} It froze.\n* Flakes\n:PROPERTIES:\n:ID: snow-id\n:END:\n",
        "notes/20260501T101010--hail-stones__ice.org": f"{PROSE} [[denote:20260502T101010][sleet]] [[id:nobody][none]]\n",
        "notes/20260502T101010--sleet.org": f"{PROSE} Both at once.\n",
    }
    found, _ = site(tmp_path, pages)
    assert '<a href="wind.org">the wind</a>, <a href="../notes/snow.org">snow</a>' in found["guide/rain"].body
    hail = found["notes/20260501T101010--hail-stones__ice"]
    assert hail.title == "hail stones"
    assert '<a href="20260502T101010--sleet.org">sleet</a> none' in hail.body
    links, names = SiteLinks(), sorted(found)
    for name in names:
        links.see(found[name])
    indptr, linked = links.to_arrays().values()
    of_rain = linked[indptr[names.index("guide/rain")] : indptr[names.index("guide/rain") + 1]]
    assert {names[row] for row in of_rain} == {"guide/wind", "notes/snow"}


def test_keywords_of_site_generators_are_fields(tmp_path: Path) -> None:
    pages = {
        "a.org": f'#+title: Rain\n#+hugo_tags: wet "wet days"\n#+hugo_categories: may\n#+date: 2026-05-01\n{PROSE}\n',
        "b.org": f"#+title: Wind\n#+tags[]: gust breeze\n#+draft: false\n#+lastmod: [2026-06-01 Mon]\n{PROSE}\n",
        "c.org": f"#+BEGIN_COMMENT\n.. title: Snow\n.. slug: snow\n.. date: 2026-07-01\n.. tags: cold, ice\n#+END_COMMENT\n\n{PROSE}\n",  # noqa: E501
        "d.org": f"#+BEGIN_EXPORT html\n---\nlayout: post\ntitle: Hail\ntags: [ice]\n---\n#+END_EXPORT\n\n{PROSE}\n",
        "e.org": f"---\ntitle: Fog\n---\n{PROSE}\n",
        "f.org": f"#+title: Draft\n#+DRAFT: t\n{PROSE}\n",
        "g.org": f"#+title: Hidden\n#+hugo_draft: true\n{PROSE}\n",
        "h.org": f"#+title: Not exported\n#+filetags: :a:noexport:\n{PROSE}\n",
        "drafts/m.org": f"#+title: In the folder of drafts\n{PROSE}\n",
        "n.org": f"#+title: To come\n#+hugo_publishdate: 2099-01-01\n{PROSE}\n",
        "o.org": f"#+title: Gone\n#+hugo_expirydate: 2020-01-01\n{PROSE}\n",
        "i.org": f"#+title: Later\n#+date: <2027-01-01 Fri>\n{PROSE}\n",
        "j.org": f"* Sleet\n{PROSE}\n** Both\n{PROSE}\n",
        "dry_days.org": f"* May\n{PROSE}\n* June\n{PROSE}\n",
        "k.org": f"#+title: Macro\n#+date: {{{{{{time(%Y)}}}}}}\n#+property: slug k\n{PROSE}\n",
    }
    found, reader = site(tmp_path, pages, now="2026-12-01")
    assert {name: article.title for name, article in found.items()} == {
        "a": "Rain", "b": "Wind", "c": "Snow", "d": "Hail", "e": "Fog", "j": "Sleet", "dry_days": "dry days", "k": "Macro",
    }  # fmt: skip
    assert [found[name].metadata.get("tags") for name in "abcd"] == [
        ["wet", "wet days"], ["gust", "breeze"], ["cold", "ice"], ["ice"],
    ]  # fmt: skip
    assert found["a"].section == "may"
    assert [str(found[name].published)[:10] for name in "abck"] == [
        "2026-05-01",
        "2026-06-01",
        "2026-07-01",
        "None",
    ]
    assert dict(reader.left_out) == {"draft": 3, "unlisted": 1, "future": 2, "expired": 1}


def test_sources_are_left_out_beside_the_pages_made_of_them(tmp_path: Path) -> None:
    pages = {
        "content/posts/wet-days.md": f"---\ntitle: Wet days\n---\n{PROSE}\n",
        "content/posts/windy.md": f"---\ntitle: A windy day\n---\n{PROSE} Gusts.\n",
        "org/wet_days.org": f"#+title: Days of rain\n{PROSE}\n",
        "org/x.org": f"#+title: A windy day\n{PROSE} Gusts.\n",
        "org/own.org": f"#+title: Of its own\n{PROSE} Alone.\n",
        "posts.org": "".join(f"* One\n:PROPERTIES:\n:EXPORT_FILE_NAME: {name}\n:END:\n" for name in "ab"),
        "sitemap.org": "- [[file:org/own.org][Own]]\n",
        "org/index.org": "#+title: Notes\n- [[file:own.org][Own]]\n",
    }
    found, reader = site(tmp_path, pages)
    assert sorted(found) == ["content/posts/wet-days", "content/posts/windy", "org/own"]
    assert dict(reader.left_out) == {"copy": 3, "listing": 2}


def test_short_pages_and_pages_about_org_mode_are_articles(tmp_path: Path) -> None:
    export = "#+begin_src org\n* A\n:PROPERTIES:\n:EXPORT_FILE_NAME: a\n:END:\n#+end_src\n"
    link = "[[https://example.org/a][Another place]]"
    pages = {
        "posts/rain/index.org": f"#+title: Rain\n#+date: 2026-05-01\n\nIt rained. {link} {link} {link}\n",
        "posts/wind/index.org": f"#+title: Wind\n\nIt blew for a day and a night, {link} says, and then it was over.\n",
        "ox-hugo.org": "#+title: How to export\n" + export.replace("* A", "A") * 3 + PROSE,
        "notes/rss.org": f"#+title: What RSS is\n{PROSE}\n",
        "open.org": f"#+begin_src\nunclosed\n#+title: Snow\n{PROSE}\n",
        "notes.org": f"* Hail [fn:1]\n{PROSE}\n* Footnotes\n[fn:1] Of ice.\n",
        "streams.org": "#+title: Streams\n"
        + "".join(f"- [[file:s/{n}.org][What we saw then]] - May {n}\n" for n in range(12)),
        "links.org": "#+title: Links\n"
        + "".join(f"- [[https://example.org/{n}][What they wrote]]\n" for n in range(12)),
        "readme/README.org": f"#+title: All\nSee:\n- {link}\n- {link}\n- {link}\n",
    }
    found, reader = site(tmp_path, pages)
    assert {name: article.title for name, article in found.items()} == {
        "posts/rain/index": "Rain", "posts/wind/index": "Wind", "ox-hugo": "How to export", "notes/rss": "What RSS is",
        "open": "Snow", "notes": "Hail", "links": "Links",
    }  # fmt: skip
    assert dict(reader.left_out) == {"listing": 2}


def test_tags_and_authors_are_read_without_markup(tmp_path: Path) -> None:
    page = (
        f"#+title: Rain\n#+TAGS: dsl|web service|layer\n#+author: Ann [[https://example.org][Wet]]\n{PROSE}\n"
    )
    found, _ = site(tmp_path, {"a.org": page})
    assert found["a"].metadata == {"tags": ["dsl", "web service", "layer"], "author": "Ann Wet"}


def test_a_single_page_and_chinese_are_read(tmp_path: Path) -> None:
    page = tmp_path / "雨.org"
    page.write_text(
        "#+TITLE: 雨天\n#+LANGUAGE: zh\n\n昨夜下了一整夜的雨，早晨之前河水漫过了下游磨坊的桥。\n",
        encoding="utf-8",
    )
    (article,) = read_articles(page)
    assert (article.title, article.language) == ("雨天", "zh")
    assert list(read_articles(tmp_path, format="org"))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*a* /b c/ _d_ +e+ x*y*z a/b/c snake_case_name", "a b c d e x*y*z a/b/c snake_case_name"),
        ("2 * 3 * 4, / or / and *open", "2 * 3 * 4, / or / and *open"),
        ("=a_b= ~c *d*~ =x=y= and a=b=c", "<code>a_b</code> <code>c *d*</code> <code>x=y</code> and a=b=c"),
        ("*[[https://a.org][May /June/]]* <https://b.org> R&D", '<a href="https://a.org">May June</a> <a href="https://b.org">https://b.org</a> R&amp;D'),  # noqa: E501
        ("(see https://b.org/x_y).", '(see <a href="https://b.org/x_y">https://b.org/x_y</a>).'),
        ("[[./rain.png]] [[https://a.org/x.jpg]] [[file:a.pdf][the paper]] [[yt:abc][Watch]]", "  the paper Watch"),
        ("[[../b/wind.org]] [[#drops][Drops]] [[*Big drops]]", '<a href="../b/wind.org">wind</a> Drops Big drops'),
        ("a[fn:1] b[fn:: with /more/ [x]] c[cite:@ann2020; @bo] d citep:cy2021", "a b (with more [x]) c d "),
        ("/*a b*/ _*c*_ +/d/+ */e/*", "a b c d e"),
        ("$\\vec{v} \\times\n\\vec{w}$ is 3.0$\\mu m$ long", " is 3.0 long"),
        ("[[doom-package:ivy]] [[doom-module::editor format]] [[elisp:(a)]]", "ivy editor format "),
        ("see https://a.org/b_(c) and (https://a.org/d)", 'see <a href="https://a.org/b_(c)">https://a.org/b_(c)</a> and (<a href="https://a.org/d">https://a.org/d</a>)'),
        ("[[https://a.org\n][b]] [[https://a.org?c=[1]][d]] call_e(f=1)", '<a href="https://a.org">b</a> <a href="https://a.org?c=[1]">d</a> '),  # noqa: E501
        (r"\alpha\ldots \to{} \(x^2\) $y$ costs $5 and $6 \\", "α… →   costs $5 and $6 "),
        ("<2026-05-01 Fri> [2026-05-02 Sat 10:00] [2/3] [50%] <<here>> <<<radio>>>", "2026-05-01 2026-05-02    radio"),
        ("H_{2}O {{{macro(a)}}} @@html:<b>@@x src_python{y()}", "H2O  x <code>y()</code>"),
    ],
)  # fmt: skip
def test_inline_markup(source: str, html: str) -> None:
    assert inline_html(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a\nb\n\nc", "<p>a\nb</p><p>c</p>"),
        ("- a\n  goes on\n+ b\n * c\n2. d", "<li>a\ngoes on</li><li>b</li><li>c</li><li>d</li>"),
        ("#+begin_src\nunclosed\n* Next\n#+end_src\nx", "<p>unclosed</p><h1>Next</h1><p>x</p>"),
        ("#+begin_src sh :exports none\na\n#+end_src\n#+BEGIN_EXAMPLE\n  b\n#+END_EXAMPLE", "<pre>  b</pre>"),
        (": a\n: b\nc", "<pre>a\nb</pre><p>c</p>"),
        ("#+begin_note\nA *b*\n#+end_note\n-----\n:DRAWER:\nc\n:END:", "<p>A b</p><p>c</p>"),
        ("\\begin{align} x \\end{align}\n\\begin{a}\nb\n\\end{a}\nc\n\\begin{open}", "<p>c\n\\begin{open}</p>"),
        ("#+begin_comment\na\n#+end_comment\n#+begin_src mermaid\nb\n#+end_src\n# c\n#d", "<p>#d</p>"),
        ("*not a heading*\n* \n** DONE Heading [1/2]", "<p>not a heading\n*</p><h2>Heading</h2>"),
        ("* A\n:LOGBOOK:\nno end\n** B\ntext\n:PROPERTIES:\n:X: 1\n:END:\nc", "<h1>A</h1><p>no end</p><h2>B</h2><p>text</p><p>c</p>"),  # noqa: E501
        ("** A\n#+begin_src sh\nopen\n** B\n#+begin_src sh\nls\n#+end_src", "<h2>A</h2><p>open</p><h2>B</h2><pre>ls</pre>"),
        ("#+begin_src sh\nls\n#+end_src\n\n#+RESULTS:\n: a\n: b\n\nc", "<pre>ls</pre><p>c</p>"),
        ("#+begin_src sh :exports both\nls\n#+end_src\n#+RESULTS: x\n: a", "<pre>ls</pre><pre>a</pre>"),
        ("#+HEADER: :exports none\n#+begin_src sh\nls\n#+end_src\n#+results[1f]:\n#+begin_example\na\n#+end_example\nc", "<p>c</p>"),  # noqa: E501
        ("#+PROPERTY: header-args :exports results\n#+begin_src sh\nls\n#+end_src\n#+RESULTS:\n: a", "<pre>a</pre>"),
        ("#+CAPTION[short]: Long *a*\n| <l> | <10> |\n| b | c |\n%%(diary-float 1)\n%% d", "<p>Long a</p><p>b c</p><p>%% d</p>"),  # noqa: E501
        ("*************** TODO Task\n*************** END\nb\n* Footnotes\n[fn:1] c", "<p>Task</p><p>b</p><p>c</p>"),
        ("#+INCLUDE: other.org\n#+attr_html: :width 5\nx", "<p>x</p>"),
    ],
)  # fmt: skip
def test_blocks(source: str, html: str) -> None:
    assert html_of(source).replace(" </h2>", "</h2>") == html


def test_words_of_state_and_tags_that_are_not_exported_are_those_of_the_file() -> None:
    outline = outline_of(["#+SEQ_TODO: FOG(f@/!) | SUN(s)", "#+EXCLUDE_TAGS: mine", ""])
    headings = [
        heading_of(line, outline) for line in ("* FOG a :noexport:", "* SUN b :mine:", "* RAIN c", "*bold*")
    ]
    assert [heading and (heading.text, heading.is_left_out) for heading in headings] == [
        ("a", False), ("b", True), ("RAIN c", False), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "piece",
    [
        "[[a", "[[a][b", "*a ", "/a", "=a ", "[fn:x:", "[fn::[[", "$a ", "\\(a ", "{{{a", "@@a:", "<<a", "[cite:@a",
        "src_a{",
        "\\a", "#+begin_src\n", "\\begin{a}\n", ":PROPERTIES:\n", "- a :: ", "* a :noexport:\n", "|a", ": a\n", "#+a: b\n",
        "** a\n#+begin_src\n", "#+filetags: :a:b:\n", "#+title: a\n",
        "[2026-05-01 ", ":a:b", "cite:a,", "https://a", "* [#A", "#+begin_a\n", "#+todo: a(\n",
    ],
)  # fmt: skip
def test_the_time_is_linear(piece: str, tmp_path: Path) -> None:
    page = tmp_path / "a.org"
    page.write_text("#+title: Rain\n\n" + piece * (50_000 // len(piece)))
    started = time.process_time()
    list(read_articles(page))
    assert time.process_time() - started < 5


def test_many_formulas_without_an_end_take_no_time_each(tmp_path: Path) -> None:
    page = tmp_path / "a.org"
    letters = "abcdefghijklmnopqrstuvwxyz"
    page.write_text("".join(f"\\begin{{{a}{b}{c}}}\n" for a in letters for b in letters for c in letters))
    started = time.process_time()
    list(read_articles(page))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("link", ['<a href="id:x">', '<a href="x.html">', '<a href="'])
def test_links_without_an_end_in_exported_html_take_no_time_each(link: str, tmp_path: Path) -> None:
    page = tmp_path / "a.org"
    page.write_text(f"#+title: Rain\n\n#+begin_export html\n{link * 20_000}\n#+end_export\n")
    started = time.process_time()
    list(read_articles(page))
    assert time.process_time() - started < 5


def test_pages_of_both_formats_with_names_that_any_site_has_are_articles(tmp_path: Path) -> None:
    pages = {
        f"{name}.org": f"#+title: {name.title()}\n{PROSE}\n" for name in ("setup", "rain", "wind", "snow")
    }
    found, reader = site(tmp_path, pages | {"other/setup.md": f"# Setup\n\n{PROSE} Elsewhere.\n"})
    assert sorted(found) == ["other/setup", "rain", "setup", "snow", "wind"]
    assert not reader.left_out
