"""Titles as displayed: markup is removed, and ordinary titles are unchanged."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recommender.text.normalise import plain_text
from recommender.text.titles import first_words, title_text

MARKUP = {
    # attributes of headings
    "Query Parameters { #query-parameters }": "Query Parameters",
    "The quota {#quota}": "The quota",
    "The quota{#2024-quota}": "The quota",
    "Boats {.no_toc #boats}": "Boats",
    "Boats {: .no_toc }": "Boats",
    "Boats {:.no_toc}": "Boats",
    "Boats {#a} {.b}": "Boats",
    "Boats {/* #boats */}": "Boats",
    '**Boats** {#a data-x="y z"}': "Boats",
    "Boats <!-- omit in toc -->": "Boats",
    'Boats <Badge type="tip" text="new" />': "Boats",
    # code
    "What `yield` does": "What yield does",
    "What `<div>` and `</div>` do": "What <div> and </div> do",
    "`__init__` and `*args`": "__init__ and *args",
    "`&nbsp;` in HTML": "&nbsp; in HTML",
    "`[a](b)` in Markdown": "[a](b) in Markdown",
    "``a`b`` and `` ` ``": "a`b and `",
    "What <code>&lt;div&gt;</code> and <code>&lt;/div&gt;</code> do": "What <div> and </div> do",
    "What <b>`<i>`</b> does": "What <i> does",
    # links and images
    "Quota in [2024](https://x.example/q)": "Quota in 2024",
    '[Boats](/b "All boats") and [ice](<a b>)': "Boats and ice",
    "[A](https://x.example/A_(b)) and [b [c]](d)": "A and b [c]",
    "[a][b] and [Ice][] and [Ice plant][Ice Plant]": "a and Ice and Ice plant",
    "[![build](b.svg)](https://ci.example) Harbour": "Harbour",
    "![logo](l.svg) Harbour ![x][y]": "Harbour",
    "[`yield`](u) and *[b](c)*": "yield and b",
    "![alt](x)": "alt",
    "[![build](b.svg)](https://ci.example)": "build",
    # emphasis
    "What `yield` **really** does": "What yield really does",
    "The *herring* quota": "The herring quota",
    "_Moby Dick_ at sea": "Moby Dick at sea",
    "__Very strong__ words": "Very strong words",
    "**What *yield* does**": "What yield does",
    "***Boats***": "Boats",
    "**Boats**: ice (*new*), “*old*”": "Boats: ice (new), “old”",
    "这是**重点**内容": "这是重点内容",
    "_the snake_case way_": "the snake_case way",
    "f*** and *this*": "f*** and this",
    # escapes
    r"C\# and snake\_case and \*not emphasised\*": "C# and snake_case and *not emphasised*",
    # HTML and entities
    "<em>Herring</em> quota": "Herring quota",
    "Line one<br />line two": "Line one line two",
    'Un <abbr title="x">bug</abbr>': "Un bug",
    "&lt;em&gt;Herring&lt;/em&gt; quota&lt;br /&gt;of 2024": "Herring quota of 2024",
    "&amp;lt;em&amp;gt;Herring&amp;lt;/em&amp;gt;": "Herring",
    "Don&amp;#8217;t cut &amp;quot;it&amp;quot;": "Don’t cut \"it\"",
    "Tom &amp; Jerry&amp;#8217;s boats": "Tom & Jerry’s boats",
    "AT&amp;amp;amp;T": "AT&T",
    "AT&amp;T boats": "AT&T boats",
    "Don&#x27;t": "Don't",
    "How to use &lt;div&gt; and &lt;/div&gt;": "How to use <div> and </div>",
    "On &lt;div&gt;a&lt;/div&gt; &amp;amp; more": "On <div>a</div> & more",
    # one line
    "Big\nint  title\twith tab": "Big int title with tab",
    "a\r\nb\u2028c\x85d\x0be": "a b c d e",
    "a&#10;b&amp;#10;c&nbsp;d": "a b c d",
    "her\u200bring\ufeff &amp;#8203;quota\x00": "herring quota",
    "`a\nb` c": "a b c",
}  # fmt: skip

ORDINARY = [
    "The __init__ method", "__init__ and __new__", "__FILE__ and __LINE__", "snake_case_name", "_bstr_t Class",
    "x_1 and y_2",
    "5 * 3 * 2", "5*3*2", "2**8 vs 3**5", "C*", "C*-algebras and W*-algebras", "*-algebras and *-rings", "*args",
    "*args and **kwargs",
    "f(*a, *b)", "f(*a,*b)", "f(x)*g(y)*h", "*nix and *BSD", "*.py and *.md", "M*A*S*H", "O*NET today",
    "4* hotels and 5* hotels",
    "Net: **", "* * *", "___", "`", "``", "A ` B",
    "`Deep Throat, ' dies at 95", "Remarks on ``Adiabatic stabilization''", "Comment on ``A'' and ``B''", "`A' or `B'",
    "[UPDATE][VIDEO] Storm", "Mobile [App]etite", "Spec [WWDC12]", "C[i][j] explained", "Array[T](n)",
    "Operator: []", "[Update](from Tuesday)",
    "the [FeO](2+) group", "Sets {a, b}", "P_{#1}", "{{ title }}", "on {1, 2}",
    "SOUTHLAND <SLC> UNIT", "a < b > c", "vector<int> and map<K, V>", "The <b> element", "n <= 20",
    "R&D, AT&T & more", "&nosuch; things", "a?b=1&copy=2", "#TheNew10 and C#", "Who? What! 100 % ~ 3",
    "$C^*$ and $D^*$", "$_{60}$ and $_{70}$", r"Teichm\"uller th\`eme, probl\`eme", r"$\{x\}$ and $\pi_1$",
    "Rb*He_n exciplexes in 4_He",
    "渡輪航行海峽中線", "Наводнение в долине", "می\u200cخواهم", "",
]  # fmt: skip


@pytest.mark.parametrize(("raw", "title"), MARKUP.items(), ids=repr)
def test_a_title_becomes_its_displayed_form(raw, title):
    assert title_text(raw) == title


@pytest.mark.parametrize("title", ORDINARY, ids=repr)
def test_an_ordinary_title_is_unchanged(title):
    assert title_text(title) == title


@given(
    st.text(
        st.characters(
            exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zl", "Zp", "Mn"], exclude_characters="&<`*_[]{}\\"
        )
    )
)
def test_a_title_without_markup_characters_is_unchanged(raw):
    assert title_text(raw).split() == unicodedata.normalize("NFC", raw).split()


WORD = st.text("abcdé", min_size=1, max_size=6)
INNOCENT = st.sampled_from(
    ["{}", "{}*", "{}_1", "({})", "{}**2", "[{}]", "<{}", "{}&c", "a_{}", "`{}", "{}'s", "#{}", "${}$"]
)


@given(st.lists(st.tuples(WORD, INNOCENT).map(lambda pair: pair[1].format(pair[0])), max_size=6))
def test_characters_that_wrap_no_words_are_kept(words):
    if sum("`" in word for word in words) < 2:
        assert title_text(" ".join(words)) == " ".join(words)


@given(
    WORD, st.lists(WORD, min_size=1, max_size=4), WORD, st.sampled_from(["*", "**", "***", "_", "__", "`"])
)
def test_emphasis_of_whole_words_is_removed(before, words, after, sign):
    inner = " ".join([*words, "x"])
    assert title_text(f"{before} {sign}{inner}{sign} {after}") == f"{before} {inner} {after}"


PIECES = st.sampled_from(
    ["`", "``", "*", "**", "_", "__", "[", "]", "(", ")", "](x)", "![", "][", "{#a}", "{", "}", "<b>", "</b>",
     "<code>", "</code>",
     "<!--", "-->", "&amp;", "&lt;", "&#38;", "\\", " ", "\n", "a", "B1", "中", "\ufdd0", "\ufdef", "\ud800",
     "\u200b", "é"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
@example("\ufdd0" * 3 + "`x`")
def test_any_title_is_one_tidy_line(raw):
    title = title_text(raw)
    assert title == " ".join(title.split())
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in title)
    title.encode()


@pytest.mark.parametrize(
    "unit", ["`", "``a", "[", "[a", "[](", "[a](<", "*a ", "_a ", "_a_b", "<code>", "<!--", "<b>", "{#", "{#a} ",
            "&amp;", "[[a]"]
)  # fmt: skip
@pytest.mark.parametrize("length", [2_000, 1_000_000])
def test_degenerate_titles_take_linear_time(unit, length):
    """A quadratic step would take minutes, so the test needs no clock."""
    assert isinstance(title_text((unit * length)[:length]), str)


def test_noncharacters_are_not_markup():
    assert title_text("a\ufdd0b\ufdef `c`") == "ab c"


def test_a_long_text_without_markdown_is_kept_whole():
    long = "word " * 1_000 + "*word*"
    assert title_text(long) == long


# ---------------------------------------------------------------- first words


def test_a_short_text_is_its_own_title():
    assert first_words("It rained.\n\nMuch.") == "It rained. Much."
    assert first_words("") == ""


def test_first_words_end_with_a_word():
    text = "The harbour board met on Tuesday to talk about the herring quota, the ice plant and diesel."
    assert first_words(text) == "The harbour board met on Tuesday to talk about the herring quota, the ice…"
    assert first_words(text, 60) == "The harbour board met on Tuesday to talk about the herring…"


def test_text_without_spaces_is_cut_at_a_character():
    assert first_words("渡輪航行" * 20) == ("渡輪航行" * 20)[:37] + "…"
    assert first_words("https://x.example/" + "a" * 100) == "https://x.example/" + "a" * 56 + "…"


def test_combining_marks_stay_with_their_letters():
    assert first_words("ก\u0e49" * 60, 10) == "ก\u0e49" * 4 + "…"


@given(st.text("ab ,.é中\u0e33\u0e49\u0301\n", max_size=200), st.integers(10, 80))
def test_first_words_are_the_start_of_the_text_and_fit(raw, width):
    text = plain_text(raw)
    shown = first_words(text, width)
    assert " ".join(text.split()).startswith(shown.removesuffix("…"))
    assert sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in shown) <= width
