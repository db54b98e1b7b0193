"""Links lead to the files that they mean, as a browser resolves them, also in pages with a ``base``."""

from html import escape
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from woven_sites import page, write_site

from recommender.rendering import ListTemplate
from recommender.weaving import WeaveSettings, weave
from recommender.weaving.page_links import base_address, links_from, root_address

names = st.sampled_from(["a", "b c", "ü", "p%q", "x:y"])
paths = st.builds(
    lambda folders, name: "/".join([*folders, name]),
    st.lists(names, max_size=3),
    st.sampled_from(["index.html", "rain.html", "a:b.html", "50%.html"]),
)
ROOTS = ["https://site.example/", "https://site.example/blog/", "https://site.example/a/b%20c/"]
BASES = [
    None, ".", "./", "..", "../", "../../x/", "sub/", "sub/page.html", "?q", "#top", "/", "/blog/", "/blog/sub/x.html",
    "/elsewhere/", "//site.example/blog/", "https://site.example/blog/a/", "HTTPS://SITE.example/", "https://cdn.example/x/",
]  # fmt: skip


@given(paths, paths, st.sampled_from(ROOTS), st.sampled_from(BASES))
def test_a_link_leads_to_its_file_below_any_base(path, target, root, base):
    def address(file):
        return urljoin(root, "/".join(map(str, links_from("index.html", None, None)(file).split("/"))))

    at = urljoin(address(path), base or "")
    found = urljoin(at, links_from(path, base, root)(target))
    assert unquote(found).lower() == unquote(address(target)).lower()


@given(paths, paths, st.sampled_from(["./", "..", "../", "sub/", "sub/x.html", "../a/"]))
def test_a_relative_base_inside_the_site_needs_no_address_of_the_site(path, target, base):
    place = urljoin(f"https://site.example/1/2/3/4/{links_from('index.html', None, None)(path)}", base)
    if urlsplit(place).path.startswith("/1/2/3/4/"):
        found = urljoin(place, links_from(path, base, None)(target))
        wanted = urljoin("https://site.example/1/2/3/4/", links_from("index.html", None, None)(target))
        assert unquote(found) == unquote(wanted)


@pytest.mark.parametrize("base", ["/", "/blog/", "https://site.example/blog/", "../.."])
def test_a_base_outside_of_a_site_without_an_address_is_taken_for_its_root(base):
    assert links_from("a/rain.html", base, None)("a/snow/index.html") == "a/snow/"
    assert links_from("a/rain.html", base, None)("index.html") == "./"


@pytest.mark.parametrize(
    ("head", "base"),
    [
        ("", None),
        ("<base target=_blank>", None),
        ("<base target=_blank><base href='/a&amp;b/'><base href='/other/'>", "/a&b/"),
        ("<!-- <base href='/no/'> --><script>'<base href=/no/>'</script><base href=/yes/>", "/yes/"),
        ("<base href='\n /a/ '>", "/a/"),
        (r"<base href='\a\'>", "/a/"),
        ("<base href='javascript:alert(1)'><base href='/late/'>", None),
        ("<base href='data:text/html,x'>", None),
        ("<base href='http://['>", None),
        ("<base href>", None),
    ],
)
def test_the_base_is_the_first_one_as_browsers_read_it(head, base):
    assert base_address(f"<html><head>{head}</head><p>base</p>") == base


def test_the_address_of_a_site_is_the_one_that_most_pages_declare():
    declared = {
        "a/index.html": "https://site.example/blog/a/",
        "b.html": "https://site.example/blog/b",
        "c.html": "https://site.example/",
        "d/index.html": "https://old.example/d/",
    }
    assert root_address(declared.items()) == "https://site.example/blog/"
    assert root_address([("c.html", "https://site.example/"), ("d.html", "d")]) is None


@pytest.mark.parametrize("base", ["https://site.example/blog/", "..", "https://cdn.example/"])
def test_lists_of_a_site_with_a_base(tmp_path, base):
    pages = {
        f"ferry/{n}/index.html": page(
            f"The ferry, part {n}", "ferry", n,
            head=f'<base href="{escape(base)}"><link rel=canonical href="https://site.example/blog/ferry/{n}/">',
        )
        for n in (1, 2)
    }  # fmt: skip
    folder = write_site(tmp_path / "public", pages)
    weave(folder, tmp_path / "state", WeaveSettings(ListTemplate(), k=2))
    shown = (folder / "ferry/1/index.html").read_text()
    link = shown.split('class="related-articles-link" href="')[1].split('"')[0]
    place = urljoin("https://site.example/blog/ferry/1/", base)
    assert urljoin(place, link) == "https://site.example/blog/ferry/2/"
