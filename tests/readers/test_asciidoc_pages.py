"""Pages of AsciiDoc, as Antora, Asciidoctor, Jekyll, Awestruct and JBake have them."""

import time
from pathlib import Path

import pytest

from recommender.readers import read_articles
from recommender.readers.asciidoc.antora import page_address
from recommender.readers.asciidoc.asciidoc_attributes import Attributes
from recommender.readers.asciidoc.asciidoc_inline import inline_html
from recommender.readers.asciidoc.asciidoc_parts import lines_of
from recommender.readers.asciidoc.asciidoc_text import asciidoc_blocks
from recommender.text import plain_text

PROSE = "It rained all night, and the river rose over the bridge at the lower mill before the morning."
PAGE = f"""\
// A comment that nobody sees.
[[rain]]
= Rain and *wind*
Ann Wet <ann@example.org>; Bo Dry
v2.1, 2026-05-01: a revision
:description: What `rain` does.
:page-tags: rain, wind
:product: Cloud \\
  Nine
:toc: left

{PROSE}
See xref:wind.adoc#gusts[the wind], <<drops>>, <<Drops of rain>> and
https://example.org/may[May^] in {{product}}.footnote:[Not in June.]

== Drops

.How they fall
[source,java,subs="attributes"]
----
drop.fall(); // == not a heading
----

NOTE: Drops are round.

* [x] Wet
** Cold `x < 1`
. First
+
--
Then the second.
--

Hail:: Ice that falls.

|===
|Town 2+|Amount

|Ulm
a|12 mm
|===

image::rain.png[A picture of rain]
++++
<iframe src="https://example.org"></iframe><p>Raw &amp; ready.</p>
++++
////
Hidden.
////
ifdef::env-github[]
Only on GitHub.
endif::[]
[stem]
++++
x^2
++++
"""


def site(tmp_path: Path, pages: dict[str, str], **options):
    for name, text in pages.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    reader = read_articles(tmp_path, **options)
    return {article.article_id: article for article in reader}, reader


def html_of(text: str) -> str:
    return "".join(
        f"<{name}>{held}</{name}>" for name, held in asciidoc_blocks(text.split("\n"), Attributes({}))
    )


def test_a_page_has_its_header_and_its_text(tmp_path: Path) -> None:
    found, _ = site(tmp_path, {"guide/rain.adoc": PAGE, "guide/wind.adoc": f"= Wind\n\n{PROSE}\n"})
    rain = found["guide/rain"]
    assert (rain.title, rain.published.isoformat()[:10], rain.description) == (
        "Rain and wind", "2026-05-01", "What rain does.",
    )  # fmt: skip
    assert rain.metadata["tags"] == ["rain", "wind"]
    assert rain.metadata["author"] == "Ann Wet, Bo Dry"
    assert "toc" not in rain.metadata
    text = plain_text(rain.body)
    for kept in ("See the wind, drops, Drops of rain and May in Cloud Nine. (Not in June.)", "How they fall", "Drops are round.",  # noqa: E501
                 "drop.fall(); // == not a heading", "Cold x < 1", "Then the second.", "Hail: Ice that falls.", "Ulm", "12 mm",  # noqa: E501
                 "Raw & ready."):  # fmt: skip
        assert kept in text, kept
    for dropped in (
        "comment",
        "Hidden",
        "picture",
        "GitHub",
        "x^2",
        "NOTE",
        "xref",
        "|",
        "[x]",
        "source",
        "iframe",
        "Bo Dry",
    ):
        assert dropped not in text, dropped


def test_links_of_pages_are_links_of_the_site(tmp_path: Path) -> None:
    found, _ = site(tmp_path, {"guide/rain.adoc": PAGE, "guide/wind.adoc": f"= Wind\n\n{PROSE}\n"})
    assert '<a href="wind">the wind</a>' in found["guide/rain"].body
    there = "docs/modules/ROOT/pages/guide/rain.adoc"
    assert page_address("wind.adoc", there) == "../wind"
    assert page_address("./wind.adoc", there) == "./wind"
    assert page_address("2.1@river:danube.adoc", there) == "../../../river/pages/danube"
    assert page_address("atlas:river:danube.adoc", there) == "atlas:river:danube"


def test_attributes_of_site_generators_are_fields(tmp_path: Path) -> None:
    pages = {
        "a.adoc": f'= "Rain"\n:awestruct-tags: [ "Wet days", "May" ]\n:awestruct-layout: blog-post\n---\n{PROSE}\n',
        "b.adoc": f":title: Wind\n:date: 2026-06-01\n:publish: true\n:author: Ann\n\n{PROSE}\n",
        "c.adoc": f"---\ntitle: Snow\ntags: [cold]\ndate: 2026-07-01\n---\n:toc:\n\n{PROSE}\n",
        "d.adoc": f"= Hail\nAnn\n2026-03-01\n:jbake-status: draft\n\n{PROSE}\n",
        "e.asciidoc": f"Frost\n=====\n:page-draft: true\n\n{PROSE}\n",
        "f.asc": "-----BEGIN PGP SIGNATURE-----\n\nabc\n",
        "g.adoc": f"{PROSE}\n\n== Sleet\n\n{PROSE}\n",
        "dry-days.adoc": f"== May\n\n{PROSE}\n\n== June\n\n{PROSE}\n",
    }
    found, reader = site(tmp_path, pages, now="2026-12-01")
    assert {name: article.title for name, article in found.items()} == {
        "a": "Rain", "b": "Wind", "c": "Snow", "g": "Sleet", "dry-days": "dry days",
    }  # fmt: skip
    assert found["a"].metadata["tags"] == ["Wet days", "May"]
    assert [str(found[name].published)[:10] for name in "bc"] == ["2026-06-01", "2026-07-01"]
    assert dict(reader.left_out) == {"draft": 2, "template": 1}


def test_antora_publishes_its_pages_alone(tmp_path: Path) -> None:
    pages = {
        "antora.yml": "name: weather\nasciidoc:\n  attributes:\n    product: Nimbus@\n    bad: [1]\n",
        "antora-playbook.yml": "asciidoc: {attributes: {town: Ulm, product: Other}}\n",
        "README.adoc": f"= About the repository\n\n{PROSE}\n",
        "modules/ROOT/nav.adoc": "* xref:rain.adoc[]\n",
        "modules/ROOT/pages/index.adoc": f"= Weather\n\n{PROSE}\n",
        "modules/ROOT/pages/rain.adoc": f"= Rain in {{product}}\n\n{PROSE}\n\ninclude::river:partial$flood.adoc[tag=ulm]\n"
        "\nAt {town}.\n",
        "modules/ROOT/pages/index-of/index.adoc": "= Drops\n\n* xref:rain.adoc[Rain]\n* xref:river:danube.adoc[The Danube]\n",  # noqa: E501
        "modules/ROOT/pages/_part.adoc": f"= Part\n\n{PROSE}\n",
        "modules/river/partials/flood.adoc": "Not this.\n// tag::ulm[]\nIn Ulm the {product} helped.\n// end::ulm[]\n",
        "modules/river/pages/danube.adoc": f"= The Danube\n\n{PROSE}\n",
        "modules/river/examples/code.adoc": f"= Code\n\n{PROSE}\n",
    }
    found, reader = site(tmp_path, pages)
    assert sorted(found) == ["modules/ROOT/pages/rain", "modules/river/pages/danube"]
    rain = found["modules/ROOT/pages/rain"]
    assert rain.title == "Rain in Nimbus"
    assert "In Ulm the Nimbus helped." in rain.body
    assert "Not this" not in rain.body
    assert "At Ulm." in rain.body
    assert dict(reader.left_out) == {"section": 2, "listing": 1, "template": 4}


def test_a_book_is_its_chapters_and_an_assembly_is_a_page(tmp_path: Path) -> None:
    chapters = {f"{name}.adoc": f"== {name.title()}\n\n{PROSE} {name}\n" for name in ("rain", "wind", "snow")}
    book = "= Weather\n:toc:\n\n" + "".join(f"include::{name}[]\n" for name in chapters)
    titled = {name: f"= {text}" for name, text in chapters.items()}
    found, reader = site(tmp_path / "a", {"weather.adoc": book, **titled, "fog.adoc": f"= Fog\n\n{PROSE}\n"})
    assert sorted(found) == ["fog", "rain", "snow", "wind"]
    assert dict(reader.left_out) == {"listing": 1}
    found, _ = site(tmp_path / "c", {"weather.adoc": book, **chapters})
    assert sorted(found) == ["rain", "snow", "wind"], "chapters without titles of documents"
    modules = {name: f":_mod-docs-content-type: CONCEPT\n{text}" for name, text in titled.items()}
    assembly = f":_mod-docs-content-type: ASSEMBLY\n{book}"
    found, reader = site(
        tmp_path / "b", {"weather.adoc": assembly, **modules, "fog.adoc": f"= Fog\n\n{PROSE}\n"}
    )
    assert sorted(found) == ["fog", "weather"]
    assert found["weather"].body.count("the lower mill") == 3


def test_conditions_and_parts_are_read_by_their_attributes(tmp_path: Path) -> None:
    page = (
        ":wet:\nifdef::wet[]\nRain.\nifndef::cold[]\nMild.\nendif::[]\nifdef::cold,wet[Or.]\nifdef::cold+wet[And.]\nendif::wet[]\n"
        'ifeval::["{wet}" == "x"]\nNever.\nendif::[]\nendif::[]\ninclude::part.adoc[]\n\\include::part.adoc[]\n'
        "include::rain.java[]\ninclude::../outside.adoc[]\ninclude::page.adoc[]\ninclude::none.adoc[]\nEnd.\n"
    )
    (tmp_path / "outside.adoc").write_text("Outside.")
    inside = tmp_path / "site"
    inside.mkdir()
    for name, text in {
        "page.adoc": page,
        "part.adoc": "Part.\ninclude::part.adoc[]",
        "rain.java": "Code.",
    }.items():
        (inside / name).write_text(text)
    assert lines_of(page, inside / "page.adoc", Attributes({})) == [
        ":wet:", "Rain.", "Mild.", "Or.", "Part.", "include::part.adoc[]", "End.", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*a* b_c_d _e_ **f**g #h# [.role]#i# C# and F#", "a b_c_d e fg h i C# and F#"),
        ("2 * 3 * 4, a*b*c, *open", "2 * 3 * 4, a*b*c, *open"),
        ("`a_b` `+{x}+` ``c`` +*d*+ pass:[<e>]", "<code>a_b</code> <code>{x}</code> <code>c</code> *d* &lt;e&gt;"),
        ("pass:q[*a* `b`] pass:[*a*]", "a <code>b</code> *a*"),
        ('"`Rain`" and \'`wind`\' &amp; R&D', "“Rain” and ‘wind’ &amp; R&amp;D"),
        ('link:a.html["May, June",window=_blank] https://b.org[]', '<a href="a.html">May, June</a> <a href="https://b.org">https://b.org</a>'),
        ("(see https://b.org/x_y).", '(see <a href="https://b.org/x_y">https://b.org/x_y</a>).'),
        ("image:a b.png[Rain] icon:x[] kbd:[Ctrl+C] menu:File[Save] jira:RAIN-1[]", "  Ctrl+C Save RAIN-1"),
        ("((drop))(((a,b))) [[id]]x stem:[x^2] H~2~O 2^nd^", "drop x  H2O 2nd"),
        (r"\*a* \{b} \https://c.org[d] at 12:30 a:b", "*a* {b} https://c.org[d] at 12:30 a:b"),
        ("`https://a.org[b]` <<river.adoc#ulm,the *river*>>", '<a href="https://a.org">b</a> <a href="river.adoc">the river</a>'),  # noqa: E501
    ],
)  # fmt: skip
def test_inline_markup(source: str, html: str) -> None:
    assert inline_html(Attributes({}).put(source)) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Rain\n----\n\nA\n\nB\n~~~", "<h2>Rain</h2><p>A</p><p>B\n~~~</p>"),
        ("a text\n----\ncode\n----", "<p>a text</p><pre>code</pre>"),
        ("```java\n* a\n```\n....\nb\n....", "<pre>* a</pre><pre>b</pre>"),
        ("[source]\nx = 1\n\n  literal", "<pre>x = 1</pre><pre>  literal</pre>"),
        ("* a\n  goes on\n* b\n+\nmore\n\n----\nunclosed", "<li>a\ngoes on</li><li>b</li><p>more</p><pre>unclosed</pre>"),
        ("====\n.Title\nA\n====\n____\nB\n____", "<p>Title</p><p>A</p><p>B</p>"),
        ("[NOTE]\nA\n\n:x: y\n{x} {z}\nvideo::a[]", "<p>A</p><p>y {z}\nvideo::a[]</p>"),
        (",===\na,b\n,===\n|===\n|a |b\n|c \\| d\n|===", "<p>a,b</p><p>a b</p><p>c | d</p>"),
    ],
)  # fmt: skip
def test_blocks(source: str, html: str) -> None:
    assert html_of(source) == html


def test_values_cannot_grow_without_limit() -> None:
    lines = ["x" * 1000, *[f":a{n}: {{a{n - 1}}}{{a{n - 1}}}" for n in range(1, 40)], "", "{a39} " * 5_000]
    lines[0] = ":a0: " + lines[0]
    assert len(html_of("\n".join(lines))) < 3 * 2**20


@pytest.mark.parametrize(
    "piece",
    ["*", "_a ", "`", "``", "[", "link:a[", "<<a", "((", "footnote:[", "xref:a[[", "++", "\n* ", "\n|", "\n----\n", "\na::", "{a}",  # noqa: E501
     "\nifdef::a[]\n", "\ninclude::a.adoc[]\n", "\n[", "image:a", "+++", "\n:a: b \\", "a::", "https://a[", '"`', "[.a]", "^a"],  # noqa: E501
)  # fmt: skip
def test_the_time_is_linear(piece: str, tmp_path: Path) -> None:
    page = tmp_path / "a.adoc"
    page.write_text("= Rain\n\n" + piece * (50_000 // len(piece)))
    started = time.process_time()
    list(read_articles(page))
    assert time.process_time() - started < 5
