"""Where the list goes: at the marker, or after the main text as generators and themes write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from woven_sites import page

from recommender.weaving.list_place import marker_place, place_after_text
from recommender.weaving.tag_scan import scanned

TEXT = "<p>It rained on the valley road for three days.</p>\n<p>On Monday the road was closed.</p>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>a</p><!-- related -->", "<p>b</p>"),
        ("<!--related-->", "<!-- related -->"),
        ("<p>a</p><!--\n Related \n-->", ""),
        ("<main><div data-related>", "</div></main>"),
        ('<section class="x" data-related="">', "</section>"),
        ("<script>'<!-- related -->'</script><!-- related -->", ""),
        ("<textarea><div data-related></textarea><title><!-- related --></title><div DATA-RELATED>", "</div>"),
        ("<!-- <div data-related> --><p title='<div data-related>'>x</p><div data-related>", "</div>"),
        ("<template><div data-related></div></template><div data-related>", "</div>"),
        ("<title data-related>a</title><script data-related>b</script><p data-related>", "</p>"),
        ("<!-- related --><html data-related><head><!-- related --></head><p data-related>", "</p>"),
        ("<head><!-- related --><title>Rain</title><body data-related>", "<!-- related -->"),
    ],
)  # fmt: skip
def test_the_first_marker_that_a_browser_sees(before, after):
    assert marker_place(before + after) == len(before)


@pytest.mark.parametrize(
    "text",
    ["", "<p>related</p>", "<!-- related articles -->", "<div data-related-id=1>", "<!-- related", "<div data-related"],
)  # fmt: skip
def test_no_marker(text):
    assert marker_place(text) is None
    assert marker_place("<!-- related --></head>" + text) is None


EXTRA = "<blockquote>They say so.</blockquote><pre>a = 1</pre><ul><li>one</li></ul>"
NOTES = "<section class='footnotes'><ol><li>A note.</li></ol></section>"
PARTS = "".join(f"<div class='c'>{part}</div>" for part in TEXT.split("\n"))
COMMENTS = "<div id='comments'>I like it</div>"
SHAPES = [
    ("<main><article><h1>Rain</h1>", TEXT, "</article></main>"),
    (
        "<article><header><h1>Rain</h1></header><div class='entry-content'>",
        TEXT,
        "</div><footer>Tags</footer></article>",
    ),
    ("<main><h1>Rain</h1>", TEXT, f"<div class='share'>Share this page with others</div>{COMMENTS}</main>"),
    ("<body><h1>Rain</h1>", TEXT, "<footer>Skerry Post</footer></body>"),
    ("<div role='main'><section><h1>Rain</h1>", TEXT, "</section></div><div class='sphinxsidebar'>x</div>"),
    ("<table><tr><td><nav>n</nav></td><td>", TEXT, "</td></tr></table>"),
    ("<article>", TEXT + EXTRA, "<div>Next</div></article>"),
    ("<article>", TEXT + NOTES, "<ul class='tags'><li>rain</li></ul></article>"),
    ("<article>", TEXT, f"<h2>Comments</h2>{COMMENTS}</article>"),
    ("<article>", PARTS, "<aside>Newsletter</aside></article>"),
]


@pytest.mark.parametrize(("before", "text", "after"), SHAPES)
def test_after_the_main_text_inside_the_element_that_holds_it(before, text, after):
    shown = f"<html>{before}{text}{after}</html>"
    assert shown[: place_after_text(shown, TEXT)] == f"<html>{before}{text}"


def test_unclosed_paragraphs_and_entities_are_recognised():
    shown = "<article><p>It rained &amp; rained on the valley road<p>The r&ouml;ad was closed on Monday evening</article>"
    text = "<p>It rained &amp; rained on the valley road</p><p>The röad was closed on Monday evening</p>"
    assert shown[: place_after_text(shown, text)] == shown.removesuffix("</article>")


def test_a_text_that_is_not_in_the_page_goes_to_the_end_of_the_only_article():
    assert place_after_text("<main><article><p>x</p></article></main>", "") == len("<main><article><p>x</p>")
    assert place_after_text("<main><p>x</p></main>", "<p>nothing of this</p>") == len("<main><p>x</p>")
    assert place_after_text("<div><p>x</p></div>", "<p>nothing of this</p>") is None
    assert place_after_text("<article>a</article><article>b</article>", "") is None


def test_a_text_in_pieces_of_one_paragraph_is_found():
    shown = "<article>" + TEXT + "<div>Share</div></article>"
    joined = "<p>It rained on the valley road for three days. On Monday the road was closed.</p>"
    assert shown[: place_after_text(shown, joined)] == "<article>" + TEXT


def test_a_list_is_never_put_into_the_middle_of_a_word_or_a_tag():
    shown = page("Rain", "rye")
    place = place_after_text(shown, shown)
    assert shown[place - 1] == ">"


PIECES = """<div> </div> <p> </p> a <!-- --> <script> </script> < &amp; <a href=' '> <article> </article> <td> </main>"""


@given(st.lists(st.sampled_from([*PIECES.split(), "<!-- related -->"]), max_size=30))
def test_any_page_has_tokens_in_order_and_a_place_inside(parts):
    text = "".join(parts)
    end = 0
    for token in scanned(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end
    place = place_after_text(text, "<p>a</p>")
    assert place is None or 0 <= place <= len(text)
    marker = marker_place(text)
    assert marker is None or text[:marker].endswith("<!-- related -->")


def test_a_page_that_was_cut_off_inside_a_tag_has_its_list_before_the_tag():
    shown = "<main><p>It rained on the valley road for three days.</p><p>On Monday the road was closed.</p>"
    assert place_after_text(shown + '<a href="https://exa', TEXT) == len(shown)


@pytest.mark.parametrize("piece", ["<div>rain fell ", "<div><p>rain fell</p>"])
def test_pages_of_deeply_nested_elements_take_linear_time(piece):
    shown = "<article>" + piece * 10_000 + "</main>" * 10_000  # minutes, if each looked at all around it
    assert place_after_text(shown, "<p>rain fell</p>") is not None


def test_the_notes_of_a_program_at_the_foot_of_a_page_are_no_part_of_its_text():
    shown = f"<body><div class='contents'>{TEXT}</div><address class='footer'>Generated by a program</address></body>"
    place = place_after_text(shown, f"{TEXT}<p>Generated by a program</p>")
    assert shown[place:].startswith("</div><address")
