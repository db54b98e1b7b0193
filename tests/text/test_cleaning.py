"""From articles to summaries and clean texts: titles, cards, and what is no text of an article."""

import warnings

import pytest

from recommender import Article, Recommender
from recommender.progress import no_progress
from recommender.text import clean_articles

WALL = (
    "We value your privacy. We and our 842 partners store and access information on a device, such as cookies, and process "
    "personal data for personalised advertising. You can accept all, or manage your choices in the privacy centre."
)
BOATS = "Skippers of small boats fear the herring quota will be cut again. The harbour board wants the ice plant mended."
QUOTA = "The harbour board met on Tuesday to talk about the herring quota. Skippers said the cut would close four boats."
NAMES = ["Herring quota", "Ice plant", "Rye prices", "New bridge", "School opens", "Mill closes"]


def cleaned(*articles):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        summaries, texts, _ = clean_articles(articles, no_progress)
    return summaries, list(texts), [str(each.message) for each in told if each.category is UserWarning]


def walls(n=6, form="{wall}"):
    return [
        Article(f"w{row}", name, form.format(wall=WALL, title=name)) for row, name in enumerate(NAMES[:n])
    ]


def test_titles_of_summaries_and_of_texts_are_what_a_reader_sees():
    (summary,), ((title, _),), _ = cleaned(Article("a", "The `herring` *quota*\n{#q}", BOATS))
    assert summary.title == title == "The herring quota"


def test_an_article_without_a_title_is_shown_by_its_first_words_and_encoded_without():
    (summary,), (text,), _ = cleaned(Article("a", "", f"<p>{BOATS}</p>"))
    assert summary.title == "Skippers of small boats fear the herring quota will be cut again. The…"
    assert text == ("", BOATS)


def test_the_first_words_are_none_of_the_boilerplate():
    footer = "Subscribe to the newsletter of the harbour."
    articles = [
        Article(f"a{row}", "", f"{footer}\nStory {chr(97 + row) * 4} of the day.") for row in range(20)
    ]
    summaries, _, _ = cleaned(*articles)
    assert summaries[0].title == "Story aaaa of the day."


def test_every_summary_has_a_card():
    given, own, bare, pictured = cleaned(
        Article("a", "Boats", BOATS, description="<p>What skippers <b>fear</b>.</p>"),
        Article("b", "Quota", f"{QUOTA} {BOATS * 3}"),
        Article("c", "Nothing more"),
        Article("d", "Ice", BOATS, image="https://x.example/ice.jpg"),
    )[0]
    assert given.description == "What skippers fear."
    assert own.description.startswith(QUOTA)
    assert len(own.description) <= 200
    assert bare.description is None
    assert pictured.image == "https://x.example/ice.jpg"


def test_cards_show_no_boilerplate():
    footer = "Subscribe to the newsletter of the harbour and never miss a story from the coast."
    articles = [
        Article(f"a{row}", f"Day {row}", f"{footer}\nThe story {chr(97 + row) * 4} tells of the day.")
        for row in range(20)
    ]
    summaries, texts, _ = cleaned(*articles)
    assert summaries[0].description == "The story aaaa tells of the day."
    assert texts[0] == ("Day 0", "The story aaaa tells of the day.")


def test_a_description_that_many_pages_have_is_the_site_s():
    articles = [
        Article(
            f"a{row}",
            name,
            f"This is what {name.lower()} mean on day {row}.",
            description="News of the coast.",
        )
        for row, name in enumerate(NAMES)
    ]
    summaries, _, _ = cleaned(*articles, Article("b", "Boats", BOATS, description="What skippers fear."))
    assert [summary.description for summary in summaries[:2]] == [
        f"This is what {name.lower()} mean on day {row}." for row, name in enumerate(NAMES[:2])
    ]
    assert summaries[-1].description == "What skippers fear."


@pytest.mark.parametrize("form", ["{wall}", "<h1>{title}</h1><p>{wall}</p>"], ids=["wall", "title and wall"])
def test_articles_keep_nothing_but_their_titles_of_a_consent_wall(form):
    summaries, texts, told = cleaned(*walls(form=form), Article("b", "Boats", BOATS))
    assert texts == [*((name, "") for name in NAMES), ("Boats", BOATS)]
    assert [summary.description for summary in summaries[:-1]] == [None] * 6
    assert told == [
        "6 articles have the same text, 'We value your privacy. We and our 842 partners store and...': "
        "a consent wall or a stub; it was left out"
    ]


def test_a_description_that_is_the_wall_itself_is_not_shown():
    articles = [
        Article(each.article_id, each.title, each.body, description=WALL[:80] + "…") for each in walls()[:2]
    ]
    own = Article("o", "New bridge", WALL, description="The bridge opens on Tuesday.")
    summaries, _, _ = cleaned(*articles, own)
    assert [summary.description for summary in summaries] == [None, None, "The bridge opens on Tuesday."]


def test_a_wall_that_is_boilerplate_as_a_whole_is_told_too():
    many = [Article(f"w{row}", f"Story {chr(97 + row) * 3}", WALL) for row in range(20)]
    _, texts, told = cleaned(*many, Article("b", "Boats", BOATS))
    assert {body for _, body in texts} == {"", BOATS}
    assert len(told) == 1
    assert told[0].startswith("20 articles have the same text, 'We value your privacy.")


def test_walls_that_differ_in_boilerplate_alone_are_one_wall():
    """Dates and addresses are folded by the count of boilerplate, and the rest is the same."""
    pages = [
        Article(
            f"p{row}", f"Page {chr(97 + row) * 3}", f"{BOATS} {chr(97 + row) * 5}\nPublished {row} May 2026"
        )
        for row in range(20)
    ]
    some = [
        Article(each.article_id, each.title, f"{each.body}\nPublished {row} June 2026")
        for row, each in enumerate(walls())
    ]
    pages += [
        Article(
            f"j{row}", f"June {chr(97 + row) * 3}", f"{QUOTA} {chr(97 + row) * 5}\nPublished {row} June 2026"
        )
        for row in range(20)
    ]
    _, texts, told = cleaned(*pages, *some)
    assert [body for _, body in texts[-6:]] == [""] * 6
    assert len(told) == 1


def test_texts_that_begin_alike_stay():
    articles = [
        Article(f"a{row}", name, f"{WALL}\n{name} is a story of its own, day {row}.")
        for row, name in enumerate(NAMES)
    ]
    _, texts, told = cleaned(*articles)
    assert all(body.startswith(WALL) for _, body in texts)
    assert told == []


def test_a_site_without_stubs_is_told_nothing():
    _, texts, told = cleaned(
        Article("a", "Boats", BOATS), Article("b", "Boats", BOATS), Article("c", "Quota", QUOTA)
    )
    assert [body for _, body in texts] == [BOATS, BOATS, QUOTA]
    assert told == []


def test_lists_of_a_site_of_walls_are_those_of_its_real_articles():
    titles = ["Rye prices", "New bridge", "School opens", "Mill closes", "Loaf of the day", "Choir sings"]
    walls = [Article(f"w{row}", title, WALL) for row, title in enumerate(titles)]
    real = [Article("boats", "Boats", BOATS), Article("herring", "Fear at sea", QUOTA)]
    with pytest.warns(UserWarning, match="6 articles have the same text"):
        site = Recommender.from_articles([*walls, *real])
    lists = {each.article_id: [entry.article_id for entry in each] for each in site.related_all()}
    assert (lists["boats"], lists["herring"]) == (["herring"], ["boats"])
    assert site.arrays["copy_groups"].tolist() == list(range(8)), "nobody is a near copy of another"
