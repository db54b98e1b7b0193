"""Descriptions of articles: the given description, or the first sentences of the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.text.descriptions import MAX_GIVEN, MAX_TAKEN, card_text

BODY = "Rain closed the valley road on Monday. It is open again."
LONG = "The river rose through the night while the town slept and nobody thought of the road below the mill"


def test_a_description_is_shown_as_one_line_of_plain_text():
    given = "<p>Rain &amp; wind\r\nclosed  the <a href='/road'>valley road</a>.</p>\n<p>It is open.</p>"
    assert card_text(given, BODY) == "Rain & wind closed the valley road. It is open."


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        "",
        "  \n",
        "...",
        "-",
        "***",
        "2026-05-01",
        "<img src='a.jpg'>",
        "🌧",
        "Rain in May",
        "rain in may!",
        "<h1>Rain in May</h1>",
    ],
)
def test_a_description_without_letters_or_repeating_the_title_is_replaced_by_the_text(nothing):
    assert card_text(nothing, BODY, "Rain in May") == BODY


@pytest.mark.parametrize("body", ["", "\n", "12:30", "* * *", "🌧 1 2 3"])
def test_a_text_without_letters_has_no_card(body):
    assert card_text(None, body) is None
    assert card_text("...", body, "Rain in May") is None


def test_continuation_marks_of_feeds_are_removed():
    signed = 'The post <a href="/a">Rain in May</a> appeared first on <a href="/">News</a>.'
    wordpress = f"<p>Rain closed the road [&hellip;]</p>\n<p>{signed}</p>"
    assert card_text(wordpress, BODY) == "Rain closed the road…"


def test_as_many_whole_sentences_as_fit_are_taken():
    sentences = [
        f"Sentence number {word} says a little more."
        for word in ("one", "two", "three", "four", "five", "six")
    ]
    shown = card_text(None, " ".join(sentences))
    assert shown == " ".join(sentences[:4])
    assert len(shown) <= MAX_TAKEN < len(" ".join(sentences[:5]))


def test_a_longer_first_sentence_is_cut_at_a_word():
    shown = card_text(None, f"{LONG}, {LONG}, {LONG}.")
    assert shown.endswith("…")
    assert MAX_TAKEN - 20 < len(shown) <= MAX_TAKEN
    assert f"{LONG}, {LONG}, {LONG}.".startswith(shown[:-1] + " ")


def test_a_very_short_first_sentence_is_not_shown_alone():
    assert card_text(None, f"It rained. {LONG}, {LONG}.").startswith("It rained. The river rose")


def test_a_long_description_is_cut_like_a_text_at_a_higher_limit():
    long = " ".join(f"Sentence {number} is short." for number in range(100))
    shown = card_text(long, BODY)
    assert MAX_GIVEN - 30 < len(shown) <= MAX_GIVEN
    assert shown.endswith("is short.")
    assert len(card_text("a" * 499, BODY)) == 499


@pytest.mark.parametrize(
    "head",
    [
        "Rain in May\n",
        "RAIN IN MAY\n\n",
        "Rain in May\nBy Jane Doe, Reuters\n5 May 2026\n",
        "By J. Doe | 12:30\n\n",
        "Updated at 5.30 p.m.\n\n",
        "* * *\n",
        "Why the valley road was closed for the third time in a year\n\n",
    ],
)
def test_headings_names_and_dates_above_the_text_are_skipped(head):
    assert card_text(None, head + BODY, "Rain in May") == BODY


@pytest.mark.parametrize(
    "code",
    [
        "app.get('/api/harbours/:id', async (request, response) => {\n  const id = request.params.id;\n});",
        '<p className="text-2xl font-sans text-blue-400">\n  {ferry.name}\n</p>',
        "import { Ferry } from 'harbour'",
        "#include <stdio.h>\nint main(void) {\n    return 0;\n}",
        "98f61cb09685ed45f2db6e0fc5ccbdd273204091  ferry-1.2.tar.gz",
        "late = [row for row in rows if row['late_by'] > 10]",
        "| Ferry | Route | Late by |\\n| Larkspur | North quay to the island | 12 |",
    ],
)
def test_code_is_not_shown_as_the_beginning_of_an_article(code):
    card = card_text(None, f"{code}\n\nThe harbour office counts ferries, and this code does the counting.")
    assert card.endswith("The harbour office counts ferries, and this code does the counting.")
    assert not card.startswith(code.split("\n")[0])


def test_code_ends_the_text_before_it_and_is_shown_if_there_is_nothing_else():
    prose = "The office counts ferries, and it takes one line of code to do so."
    assert card_text(None, f"{prose}\nlate = [row for row in rows if row['late_by'] > 0]") == prose
    assert card_text(None, "let ferry = {};") == "let ferry = {};"


def test_sentences_that_name_code_are_prose():
    text = "Call ferry() (see below) to set late_by = 3, a time in minutes, before the timetable is printed."
    assert card_text(None, text) == text


def test_a_heading_between_two_paragraphs_ends_the_card():
    assert card_text(None, "It rained.\n\nThe road\n\nIt was closed.") == "It rained."


def test_wrapped_lines_are_joined():
    wrapped = "Rain closed the valley road\non Monday after a week\nin which more fell than in\nall of May. It is open."
    assert card_text(None, f"Rain in May\n\n{wrapped}") == wrapped.replace("\n", " ")
    assert card_text(None, "下雨了，路關了，\n明天開。\n好。") == "下雨了，路關了，明天開。好。"


def test_lines_without_a_sentence_are_shown_if_there_is_no_prose():
    assert card_text(None, "Flour\nTwo eggs\nSugar") == "Flour Two eggs Sugar"


@pytest.mark.parametrize(
    "sentence", ["雨が降った。", "路又關了！", "비가 왔다. ", "بارش ہوئی۔ ", "सड़क बंद है। ", "Անձրև եկավ։ "]
)
def test_sentences_of_other_scripts_are_taken_whole(sentence):
    shown = card_text(None, sentence * 60)
    assert (
        shown == (sentence * (MAX_TAKEN // len(sentence))).strip()
        or shown == (sentence * (1 + MAX_TAKEN // len(sentence))).strip()
    )
    assert len(shown) <= MAX_TAKEN


@pytest.mark.parametrize(
    "cluster",
    ["e\u0301\u0323", "ที่", "น้ำ", "เก้", "क्षि", "\u0d28\u0d4d\u200d", "👍🏽", "🇫🇷", "g\u0308"],
    ids=[
        "accents",
        "Thai",
        "Thai am",
        "Thai leading vowel",
        "Devanagari",
        "Malayalam",
        "skin",
        "flag",
        "umlaut",
    ],
)
@pytest.mark.parametrize("shift", range(1, 4))
def test_user_perceived_characters_are_not_split(cluster, shift):
    text = unicodedata.normalize("NFC", "ก" * shift + cluster * 200)
    whole = unicodedata.normalize("NFC", cluster)
    shown = card_text(None, text)
    assert shown.endswith("…")
    rest = shown[shift:-1]
    assert len(shown) > MAX_TAKEN // 2
    assert rest.replace(whole, "") == ""


def test_scripts_without_spaces_are_cut_at_a_character():
    assert card_text(None, "雨" * 500) == "雨" * (MAX_TAKEN - 1) + "…"


@pytest.mark.parametrize(
    "unit", ["<", "<p>", "&lt;", "a.", "…", "[", "The post ", ". ", "。", "\n", "\u0301", "x"]
)
def test_the_cost_of_a_long_text_is_bounded(unit):
    huge = unit * (10_000_000 // len(unit))
    for shown in (card_text(huge, ""), card_text(None, huge)):
        assert shown is None or len(shown) <= MAX_GIVEN


TEXTS = st.text(alphabet='aBc .!?\n<>&;"”…-。雨ก\u0e33\u0301\u200d👍🇫1', max_size=400) | st.text(max_size=80)


@given(st.none() | TEXTS, TEXTS, TEXTS)
def test_a_card_is_one_line_with_letters_and_within_its_limit(given, body, title):
    shown = card_text(given, body, title)
    if shown is None:
        return
    assert shown == " ".join(shown.split())
    assert any(map(str.isalpha, shown))
    assert len(shown) <= MAX_GIVEN


@given(TEXTS)
def test_the_card_is_a_subsequence_of_the_text(body):
    shown = card_text(None, body)
    if shown is not None:
        assert len(shown) <= MAX_TAKEN
        signs = iter(body)
        assert all(sign in signs for sign in shown.removesuffix("…") if sign != " ")
