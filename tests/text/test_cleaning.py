"""Cleaning articles to summaries and texts: titles, cards, boilerplate and stubs."""

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
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        summaries, _, texts, *_ = clean_articles(articles, no_progress)
    return summaries, list(texts), [str(each.message) for each in warned if each.category is UserWarning]


def walls(n=6, form="{wall}"):
    return [
        Article(f"w{row}", name, form.format(wall=WALL, title=name)) for row, name in enumerate(NAMES[:n])
    ]


def test_titles_of_summaries_and_texts_are_the_displayed_titles():
    (summary,), ((title, _),), _ = cleaned(Article("a", "The `herring` *quota*\n{#q}", BOATS))
    assert summary.title == title == "The herring quota"


def test_an_untitled_article_is_shown_by_its_first_words_and_encoded_without_a_title():
    (summary,), (text,), _ = cleaned(Article("a", "", f"<p>{BOATS}</p>"))
    assert summary.title == "Skippers of small boats fear the herring quota will be cut again. The…"
    assert text == ("", BOATS)


def test_first_words_skip_boilerplate():
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


def test_cards_contain_no_boilerplate():
    footer = "Subscribe to the newsletter of the harbour and never miss a story from the coast."
    articles = [
        Article(f"a{row}", f"Day {row}", f"{footer}\nThe story {chr(97 + row) * 4} tells of the day.")
        for row in range(20)
    ]
    summaries, texts, _ = cleaned(*articles)
    assert summaries[0].description == "The story aaaa tells of the day."
    assert texts[0] == ("Day 0", "The story aaaa tells of the day.")


def test_a_description_of_many_pages_is_dropped():
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
def test_articles_with_a_consent_wall_keep_only_their_titles(form):
    summaries, texts, messages = cleaned(*walls(form=form), Article("z", "Boats", BOATS))
    assert texts == [*((name, "") for name in NAMES), ("Boats", BOATS)]
    assert [summary.description for summary in summaries[:-1]] == [None] * 6
    assert messages == [
        "6 articles have the same text, 'We value your privacy. We and our 842 partners store and...'; "
        "this consent wall or stub was removed"
    ]


def test_a_description_that_repeats_the_wall_is_not_shown():
    articles = [
        Article(each.article_id, each.title, each.body, description=WALL[:80] + "…") for each in walls()[:2]
    ]
    own = Article("z", "New bridge", WALL, description="The bridge opens on Tuesday.")
    summaries, _, _ = cleaned(*articles, own)
    assert [summary.description for summary in summaries] == [None, None, "The bridge opens on Tuesday."]


def test_a_wall_that_is_all_boilerplate_is_reported_too():
    many = [Article(f"w{row}", f"Story {chr(97 + row) * 3}", WALL) for row in range(20)]
    _, texts, messages = cleaned(*many, Article("b", "Boats", BOATS))
    assert {body for _, body in texts} == {"", BOATS}
    assert len(messages) == 1
    assert messages[0].startswith("20 articles have the same text, 'We value your privacy.")


def test_walls_that_differ_only_in_boilerplate_are_one_wall():
    """Boilerplate detection folds dates, and the rest of the texts is equal."""

    def story(row):
        return " ".join(chr(97 + row) * length for length in range(3, 20))

    pages = [
        Article(f"p{row}", f"Page {chr(97 + row) * 3}", f"{BOATS} {story(row)}\nPublished {row} May 2026")
        for row in range(20)
    ]
    some = [
        Article(each.article_id, each.title, f"{each.body}\nPublished {row} June 2026")
        for row, each in enumerate(walls())
    ]
    pages += [
        Article(f"j{row}", f"June {chr(97 + row) * 3}", f"{QUOTA} {story(row)}\nPublished {row} June 2026")
        for row in range(20)
    ]
    _, texts, messages = cleaned(*pages, *some)
    assert [body for _, body in texts[-6:]] == [""] * 6
    assert len(messages) == 1


def test_texts_with_the_same_beginning_are_kept():
    articles = [
        Article(f"a{row}", name, f"{WALL}\n{name} is a story of its own, day {row}.")
        for row, name in enumerate(NAMES)
    ]
    _, texts, messages = cleaned(*articles)
    assert all(body.startswith(WALL) for _, body in texts)
    assert messages == []


def test_a_site_without_stubs_gets_no_warning():
    _, texts, messages = cleaned(
        Article("a", "Boats", BOATS), Article("b", "Boats", BOATS), Article("c", "Quota", QUOTA)
    )
    assert [body for _, body in texts] == [BOATS, BOATS, QUOTA]
    assert messages == []


def test_lists_of_a_site_with_walls_contain_only_real_articles():
    titles = ["Rye prices", "New bridge", "School opens", "Mill closes", "Loaf of the day", "Choir sings"]
    walls = [Article(f"w{row}", title, WALL) for row, title in enumerate(titles)]
    real = [Article("boats", "Boats", BOATS), Article("herring", "Fear at sea", QUOTA)]
    with pytest.warns(UserWarning, match="6 articles have the same text"):
        site = Recommender.from_articles([*walls, *real])
    lists = {each.article_id: [entry.article_id for entry in each] for each in site.related_all()}
    assert (lists["boats"], lists["herring"]) == (["herring"], ["boats"])
    assert site.collection.copies.groups.tolist() == list(range(8)), "no article is a near-copy of another"
