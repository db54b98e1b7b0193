"""Plain text: the displayed text of any input, complete and tidy."""

import random
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recommender.text import plain_text
from recommender.text.markup import looks_like_html

HTML = {
    "paragraphs": ("<p>a</p><p>b</p>", "a\n\nb"),
    "unclosed paragraphs": ("<p>a<p>b", "a\n\nb"),
    "break": ("a<br>b<br/>c", "a\nb\nc"),
    "two breaks are an empty line": ("a<BR><BR>b<br><br><br>c", "a\n\nb\n\nc"),
    "list": ("<ul>\n <li>x  y</li>\n <li>z</li>\n</ul>\ntail", "x y\nz\n\ntail"),
    "inline elements split no words": (
        "un<b>break</b>able H<sub>2</sub>O <i>on</i> <a href='x'>it</a>.",
        "unbreakable H2O on it.",
    ),
    "word break opportunities split none": (
        "<p>Donau<wbr>dampf&shy;schiff&#8203;fahrt</p>",
        "Donaudampfschifffahrt",
    ),
    "cells are apart, rows are lines": (
        "<table><tr><td>1</td><td>2</td></tr><tr><th>3</th></tr></table>",
        "1 2\n3",
    ),
    "scripts, styles and navigation go": (
        "<style>p{a:b}</style><script>if (a<b) x('<p>');</script><nav><a href='/'>Home</a></nav><p>left</p>",
        "left",
    ),
    "head and title go": (
        "<!DOCTYPE html><html><head><title>T</title></head><body><p>b</p></body></html>",
        "b",
    ),
    "comments go": ("<p>a<!-- <p>no</p> -->b</p>", "ab"),
    "alternative text goes": ('<p>a <img src="x.png" alt="a cat"> b</p>', "a b"),
    "what stands in attributes is no text": ('<p title="x > y <b>">a</p>', "a"),
    "entities": ("<p>AT&amp;T &eacute; &#8364; &#x4e2d; &nbsp; &lt;b&gt;</p>", "AT&T é € 中 <b>"),
    "typed lines are blanks": ("<p>a\nb</p>\n<p>c</p>", "a b\n\nc"),
    "but an empty line ends a paragraph": ("<p>a\n\nb</p>", "a\n\nb"),
    "typed lines stay without blocks": ("one\ntwo <em>three</em>\n\nfour", "one\ntwo three\n\nfour"),
    "typed lines stay in pre": ("<p>x</p><pre>a\n  b\n\n\n\nc</pre>", "x\n\na\nb\n\nc"),
    "what is no tag stays": (
        "<p>SLC <SLC> vector<int> a<c and 1 < 2</p>",
        "SLC <SLC> vector<int> a<c and 1 < 2",
    ),
    "elements of the site's own": ("<p>a <my-card>b</my-card> c</p>", "a b c"),
    "ruby keeps the word": ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby></p>", "漢字"),
    "character data sections": ("<![CDATA[<p>a</p>]]>", "a"),
    "upper case": ("<P CLASS=x>a</P><DIV>b</DIV>", "a\n\nb"),
    "stray end tags": ("a</b></div><p>b</p></span>", "a\n\nb"),
    "escaped as a whole": ("&lt;p&gt;Rain &amp;amp; sun&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;", "Rain & sun\n\nb"),
    "nothing shown": ("<p> </p><br><!-- x -->", ""),
}

PLAIN = [
    "a < b",
    "a<b and c>d",
    "if (a<b) x</y>z",
    "vector<int> v; map<string, vector<int>> m;",
    "#include <iostream>\n#include <map>",
    "SOUTHLAND <SLC> UNIT RAISES CRUDE 50 CTS/BBL",
    "Sears <S> and Phillips <P> rose, USAir <U> fell",
    "the pressure <p>=k' and the mean <p> of it",
    "AT&T, R&D, a?b=1&copy=2&lt=3",
    "write `<br>` for a break, and\n```\n<p>this</p>\n```\nfor a paragraph",
    "$x<y$ & $\\langle p \\rangle$",
    "<match target=x><edit>1</edit></match>",
    "",
    "中文 没有 空格。第二句！",
]


@pytest.mark.parametrize(("markup", "text"), HTML.values(), ids=HTML.keys())
def test_html_becomes_its_displayed_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize("text", PLAIN)
def test_text_with_angle_brackets_is_kept(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  a \t b  \n  c  ", "a b\nc"),
        ("a\n\n\n\n \n\nb\n", "a\n\nb"),
        ("a\r\nb\rc\u2028d\u2029e\x0cf", "a\nb\nc\nd\ne\nf"),
        ("a\u00a0b\u3000c\u2009d\x1fe", "a b c d e"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\x00b\x07c\ufeffd\u200be\u00adf\u200eg\ud800h", "abcdefgh"),
        ("e\u200b\u0301", "\u00e9"),
        ("heart \u2764\ufe0f", "heart \u2764"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("a\u200cb \u200d می\u200c", "ab می"),
        ("AT&amp;T &lt;tag&gt; &#65;&#x42; &nosuch; &copy=2", "AT&T <tag> AB &nosuch; &copy=2"),
        ("&amp;lt;", "&lt;"),
        ("a&#8203;b&#10;c&nbsp; d", "ab\nc d"),
    ],
)
def test_unicode_entities_and_spaces(raw: str, text: str) -> None:
    assert plain_text(raw) == text


def test_tidy_text_is_returned_unchanged() -> None:
    text = "Rain in May.\n\nIt rained. 100 % of it\nfell."
    assert plain_text(text) is text


N = 100_000
HOSTILE = {
    "deep": ("<div>" * N + "core" + "</div>" * N + "<p>after</p>", "core\n\nafter"),
    "stray ends below a deep stack": ("<div>" * N + "</b>" * N + "</div>core", "core"),
    "bold without end": ("<b>" * N + "core</b>", "core"),
    "tables in tables": ("<table><tr><td>" * N + "core</td>", "core"),
    "attributes": ("<p " + " ".join(f"a{i}=1" for i in range(N)) + ">core</p>", "core"),
    "blanks in a tag": ("<p" + " " * N + ">core</p>", "core"),
    "open comments": ("<p>core</p>" + "<!--" * N, "core"),
    "breaks": ("core<br>" + "\n <br>" * N + "core", "core\n\ncore"),
    "joiners": ("م" + "\u200d" * N + "core", "مcore"),
    "ends only": ("core<br>" + "</p>" * N, "core"),
}


@pytest.mark.parametrize(("markup", "text"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_keep_their_text(markup: str, text: str) -> None:
    # A quadratic step would take minutes, so the test needs no clock.
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    "unit",
    ['<p a="', "<a" + " a" * 50, "</p" + " " * 50, "<!--", "<?x", "&#", "<![CDATA[", "```", "<script>"],
)
def test_unfinished_markup_neither_raises_nor_hangs(unit: str) -> None:
    assert isinstance(plain_text("<br>" + unit * 5_000), str)


MARKUP = (
    "< > & ; &amp; &lt; &gt; &#0; &#x200d; &amp;lt; <p> </p> <p <br> <b> </b> <div> </div> <pre> </pre> <script> </script> "
    "<nav> </nav> <!-- --> <![CDATA[ ]]> <table> <td> </td> ` ``` \" ' = a B 中 é e م क . 1"
)
SIGNS = list(" \n\t\u00a0\u3000\u0301\u200b\u200c\u200d\ufeff\u0338\u037e\u2000\x00\x1f\x85\ud800")
PIECES = st.sampled_from([*MARKUP.split(), *SIGNS, "  ", "\n\n", "\r\n"])
ANY_TEXT = st.one_of(
    st.text(st.characters()),
    st.text(st.characters(exclude_categories=[])),
    st.lists(PIECES, max_size=40).map("".join),
)


@given(ANY_TEXT)
@example("<" * 50)
def test_output_is_tidy_and_idempotent(raw: str) -> None:
    text = plain_text(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text.replace("\n", ""))
    assert "  " not in text
    assert "\n\n\n" not in text
    assert text == "\n".join(line.strip() for line in text.split("\n")).strip()
    text.encode("utf-8")
    # Text about entities or tags is decoded by one level per call; a second call leaves other text unchanged.
    if "&" not in text and not looks_like_html(text):
        assert plain_text(text) == text


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zl", "Zp", "Mn"], exclude_characters="&<`")
    )
)
def test_words_are_never_lost_from_plain_text(raw: str) -> None:
    assert plain_text(raw).split() == unicodedata.normalize("NFC", raw).split()


WORDS = st.text("abc中é", min_size=1, max_size=5)


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(["p", "div", "li", "h2", "blockquote", "section"])), min_size=1)
)
def test_blocks_become_lines_in_order(blocks: list[tuple[str, str]]) -> None:
    markup = "".join(f"<{tag} class='x'>{word}</{tag}>" for word, tag in blocks)
    assert plain_text(markup).split() == [word for word, _ in blocks]


@given(st.lists(WORDS, min_size=1, max_size=8), st.integers())
def test_inline_elements_never_split_a_word(parts: list[str], seed: int) -> None:
    pick = random.Random(seed)
    tags = [pick.choice(["b", "i", "em", "span", "a", "sub", "code", "mark"]) for _ in parts]
    markup = "<p>" + "".join(f"<{tag}>{part}</{tag}>" for tag, part in zip(tags, parts, strict=True)) + "</p>"
    assert plain_text(markup) == "".join(parts)


def test_importing_the_stage_loads_no_parser() -> None:
    code = "import sys, recommender.text; sys.exit('lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
