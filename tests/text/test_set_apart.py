"""What is set apart from running text is known by its place in the plain text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.text import plain_text
from recommender.text.markup_marks import CLOSE, OPEN, marked_markdown, unmarked
from recommender.text.normalise import marked_text
from recommender.text.set_apart import set_apart

PIECES = st.sampled_from(
    ["rain", "June 雨", "<p>", "</p>", "<h2>", "</h2>", "<a href='/x'>", "</a>", "<code>", "</code>", "<br>", "`", "```\n",
     "\n", "\n\n", "# ", "    ", "> ", "[", "](y)", "]", "&amp;", "&lt;p&gt;", "<", "http://z.example", "\u200b", "\xa0",
     "e\u0301", "\ufdd0", "{{< x >}}", "<pre>", "</pre>", "a@b.example", "---"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_marked_text_has_the_characters_of_plain_text(raw):
    """Whatever the markup, marks move no character, and spans lie one after the other inside the text."""
    raw = unmarked(raw)
    plain = plain_text(raw)
    assert "".join(unmarked(marked_text(raw)).split()) == "".join(plain.split())
    spans = set_apart(raw, plain)
    assert spans == sorted(spans)
    assert all(0 <= each <= len(plain) for each in spans)
    assert all(start < end for start, end in zip(spans[::2], spans[1::2], strict=True))


def shown(raw):
    plain = plain_text(raw)
    spans = set_apart(raw, plain)
    return [plain[start:end] for start, end in zip(spans[::2], spans[1::2], strict=True)]


def test_html():
    raw = "<h1>May</h1><p>It <a href='/x'>rained <b>much</b></a> in <code>x = 1</code>.</p><blockquote>So</blockquote>"
    assert shown(raw) == ["May", "rained much", "x = 1", "So"]
    assert shown("<table><tr><th>Month</th></tr><tr><td>May</td></tr></table>") == ["Month"]
    assert shown("&lt;p&gt;It &lt;a href='/x'&gt;rained&lt;/a&gt;.&lt;/p&gt;") == ["rained"]
    assert shown("<div>" * 2_000 + "deep" + "</div>" * 2_000) == ["deep"]


def test_markdown_and_what_stands_between_it_and_html():
    raw = "# May\n\nIt [rained](x.md) and ![so](y.png).\n\n    code\n\n> quoted\n\nJune\n----\n\n[1]: https://z.example"
    assert shown(raw) == [
        "# May", "[rained](x.md)", "![so](y.png)", "code", "> quoted", "June\n----", "[1]: https://z.example",
    ]  # fmt: skip
    assert shown("~~~\na\n~~~\nb") == ["~~~\na\n~~~"]
    assert shown("## May\n\nIt rained.<br>See [June](june.md).") == ["## May", "[June](june.md)"]
    assert shown("<p>\n    Rain\n    in May</p>") == []


@pytest.mark.parametrize(
    "alone",
    ["```\nx\n```", "~~~\nx\n~~~", "    x", "\tx", "`x`", "{{ x }}", "{% x %}", "# x", "x\n==", "x\n---", "== x ==", "> x",
     "[x](y)", "zz://x", "www.x", "x@y.zz"],
)  # fmt: skip
def test_what_is_set_apart_in_one_way_is_found_where_nothing_else_is(alone):
    assert marked_markdown(alone, is_html=False) == f"{OPEN}{alone}{CLOSE}"


def test_unfinished_markup_takes_linear_time():
    for raw in (
        "[" * 5_000,
        "`" * 5_001,
        "<a href='x'>" * 2_000 + "y",
        "[a](" * 2_000,
        "x\n" * 3_000 + "---",
    ):
        set_apart(raw, plain_text(raw))
