"""Pages in any encoding stay the same bytes around the list."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.readers.html.woven_blocks import BEGIN, END, without_woven
from recommender.weaving.page_bytes import PageBytes

LIST = "<p>Łódź 関連記事 café</p>"
PAGES = {
    "utf-8": "<meta charset=utf-8><p>naïve 日本語</p>".encode(),
    "utf-8 with a mark": b"\xef\xbb\xbf<meta charset=utf-8><p>x</p>",
    "ascii": b"<p>plain</p>",
    "latin-1": "<meta charset=iso-8859-1><p>naïve</p>".encode("latin-1"),
    "windows-1252": "<meta charset=windows-1252><p>“naïve”</p>".encode("cp1252"),
    "shift_jis": "<meta charset=shift_jis><p>日本語のページ表示</p>".encode("cp932"),
    "gbk": "<meta charset=gbk><p>中文网页</p>".encode("gbk"),
    "utf-16": "<p>naïve 日本語</p>".encode("utf-16"),
    "utf-16-be": b"\xfe\xff" + "<p>naïve</p>".encode("utf-16-be"),
    "iso-2022-jp": "<meta charset=iso-2022-jp><p>日本語</p>".encode("iso2022_jp"),
    "undeclared": "<p>naïve</p>".encode("latin-1"),
    "damaged": b"<meta charset=utf-8><p>na\xef\xffve \x00</p>",
    "wrong label": b"<meta charset=klingon><p>na\xefve</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_bytes_around_the_list_stay(name):
    content = PAGES[name]
    page = PageBytes.of(content)
    for place in (0, page.text.index("<p>"), len(page.text)):
        woven = page.with_list(place, LIST)
        assert without_woven(woven) == content
        assert woven != content


@pytest.mark.parametrize("name", ["utf-8", "latin-1", "shift_jis", "gbk", "utf-16", "ascii"])
def test_the_list_can_be_read_in_the_encoding_of_the_page(name):
    page = PageBytes.of(PAGES[name])
    shown = page.with_list(len(page.text), LIST).decode("cp932" if name == "shift_jis" else name)
    assert "Łódź 関連記事 café" in html.unescape(shown)


def test_line_ends_are_those_of_the_page():
    woven = PageBytes.of(b"<p>a</p>\r\n<p>b</p>\r\n").with_list(8, "<ul>\n</ul>")
    assert b"\n" not in woven.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "before", [BEGIN, END, END + BEGIN, BEGIN + "a" + BEGIN, f"<script>'{BEGIN}'</script>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_mark_that_stands_alone_in_a_page_takes_none_of_its_text_away(before, encoding):
    content = f"{before}<p>Rain</p>".encode(encoding)
    page = PageBytes.of(content)
    woven = page.with_list(len(page.text), LIST)
    assert without_woven(content) == content
    assert without_woven(woven) == content


def test_a_list_whose_template_was_copied_from_a_page_is_taken_out_whole():
    content = b"<p>Rain</p>"
    assert without_woven(PageBytes.of(content).with_list(11, f"{BEGIN}{LIST}{END}")) == content


def test_many_marks_without_an_end_take_linear_time():
    content = BEGIN.encode() * 50_000
    assert without_woven(content) == content  # minutes, if each were searched to the end of the page


@given(st.binary(max_size=80), st.data())
def test_any_bytes_come_back(content, data):
    page = PageBytes.of(content)
    place = data.draw(st.integers(0, len(page.text)))
    assert without_woven(page.with_list(place, LIST)) == content
