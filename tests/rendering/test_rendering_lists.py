"""Lists as HTML: everything is escaped, only safe addresses are linked, and templates fail with their place."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import InputError
from recommender.lists.related import RelatedArticle
from recommender.rendering import ListTemplate, ShownEntry, heading_in, shown_entries
from recommender.rendering.addresses import path_address, relative_address, safe_address
from recommender.rendering.headings import HEADINGS

TEMPLATE = ListTemplate(thumbnails=True, excerpts=True)
HOSTILE = st.text(max_size=40) | st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</aside></body>", "{{ 7 * 7 }}", "{% raw %}",
     "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:x", "\x01javascript:x", "data:text/html,x", "vbscript:x",
     "\\\\evil.example", "//evil.example", "&#106;avascript:x", "x\u2028y", "]]>", "<!--", "-->"]
)  # fmt: skip


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE), max_size=3))
def test_hostile_values_never_become_markup_or_a_scripts_link(values):
    entries = [RelatedArticle("x", 1, 0.5, *each) for each in values]
    page = Tags()
    page.feed(TEMPLATE.render(shown_entries(entries)))
    assert {tag for tag, _ in page.tags} <= {"aside", "h2", "ul", "li", "a", "p", "img"}
    for _, attributes in page.tags:
        assert attributes.keys() <= {"class", "href", "src", "alt", "dir", "loading"}
        for name in ("href", "src"):
            if name in attributes:
                assert urlsplit(urljoin("https://site.example/a/", attributes[name])).scheme in (
                    "http",
                    "https",
                )
                assert attributes[name] == attributes[name].strip()


def test_titles_and_descriptions_are_shown_as_they_are():
    title, description = "Ham & eggs: 3 < 4 \"so\" 'it' is", "<b>bold</b> — 日本語"
    page = Tags()
    page.feed(TEMPLATE.render([ShownEntry(title, "/x", description)], language="ja"))
    assert title in page.text
    assert description in page.text
    assert "関連記事" in page.text


def test_an_empty_list_is_no_html():
    assert TEMPLATE.render([]) == ""


def test_entries_without_a_safe_address_are_left_out_and_an_untitled_one_shows_its_address():
    entries = [
        RelatedArticle("a", 1, 0.9, "Rain", None),
        RelatedArticle("b", 2, 0.8, "Hail", "mailto:x@example.com"),
        RelatedArticle("c", 3, 0.7, " ", "/c", image="data:image/png;base64,x"),
    ]
    (shown,) = shown_entries(entries)
    assert (shown.title, shown.url, shown.image) == ("/c", "/c", "")


PATHS = st.lists(st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1, max_size=6)
                 .filter(lambda name: name not in (".", "..")), min_size=1, max_size=4).map("/".join)  # fmt: skip


@given(PATHS, PATHS)
def test_a_relative_address_leads_from_any_page_to_the_other(target, page):
    base = "https://site.example/"
    here = urljoin(base, path_address(page)) if path_address(page) else base
    found = urljoin(here, relative_address(target, page))
    assert found == base + path_address(target)


@given(PATHS, PATHS)
def test_a_relative_address_is_safe(target, page):
    assert safe_address(relative_address(target, page)) == relative_address(target, page)


def test_headings_are_there_for_the_languages_that_have_most_sites():
    tags = "de fr es pt-BR it nl pl ru ja zh-CN zh-TW ko ar he fa tr vi id cs sv nb da fi el hu uk ro hi th"
    assert "Related articles" not in {heading_in(tag) for tag in tags.split()}
    assert heading_in("zh-CN") != heading_in("zh-TW")
    assert all(text.strip() == text and text for text in HEADINGS.values())


def test_a_template_of_your_own_sees_entries_and_values(tmp_path):
    file = tmp_path / "mine.html"
    file.write_text(
        "{{ heading }}|{{ language }}|{% for e in entries %}{{ e.title }}={{ e.url }};{% endfor %}{{ extra }}\n"
    )
    made = ListTemplate(file, heading="See <also>").render(
        [ShownEntry("A", "/a")], language="de", extra="<i>"
    )
    assert made == "See &lt;also&gt;|de|A=/a;&lt;i&gt;"


@pytest.mark.parametrize(
    ("source", "said"),
    [("a\n{% for x %}", ":2: wrong template"), ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "recursion"),
     ("{{ {}.popitem() }}", "empty"), ("{{ nothing }}", "'nothing' is undefined"), (b"\xff", "not UTF-8"),
     ("{{ 1 / 0 }}", "division by zero"), (None, "cannot be read")],
)  # fmt: skip
def test_a_wrong_template_is_an_error_that_names_the_file(tmp_path, source, said):
    file = tmp_path / "mine.html"
    if source is not None:
        file.write_bytes(source if isinstance(source, bytes) else source.encode())
    with pytest.raises(InputError) as caught:
        ListTemplate(file).render([])
    assert said in str(caught.value)
    assert str(file) in str(caught.value)
