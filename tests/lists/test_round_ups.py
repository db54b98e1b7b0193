"""Round-ups, reviews, quizzes and lists of links touch everything, and come after an article's true partner."""

import pytest

from recommender import Article, Recommender

STORIES = {
    "herring": (
        ("Herring quota cut", "Skippers say the herring quota would close four boats before winter. The ice plant waits."),
        ("Boats fear a new quota", "The herring quota may be cut again, skippers of small boats say. Winter comes early."),
    ),
    "rye": (
        ("Baker turns to rye", "The baker on Mill Lane sells dark loaves of rye flour since wheat prices doubled."),
        ("Dark loaf sells out", "Rye flour is the talk since wheat prices doubled. On Mill Lane the loaf is gone by eight."),
    ),
    "rail": (
        ("Night train late", "The night train stood for hours as the signal box at Elvik has no power. Commuters complain."),
        ("Signals at Elvik", "A new signal box at Elvik will let the night train run on time, the railway tells commuters."),
    ),
    "clinic": (
        ("No midwife at night", "The clinic in Dalen has no midwife at night. Women drive over the pass in snow."),
        ("Midwife stays", "A midwife stays in Dalen after all. Women need not cross the pass in snow, says the clinic."),
    ),
    "theatre": (
        ("Last season in the barn", "Actors rehearse in a barn while the theatre waits for its roof. Costumes are sold."),
        ("A roof for the theatre", "The roof of the theatre costs twice as much. Actors play in the barn, in old costumes."),
    ),
    "wolf": (
        ("Wolf seen at Fosse", "A wolf killed nine sheep at Fosse. Farmers want a hunt, the warden wants a fence."),
        ("Fences against the wolf", "The warden gives farmers at Fosse electric fences, as the wolf is back for sheep."),
    ),
}  # fmt: skip
FIRSTS = [first for first, _ in STORIES.values()]
TOUCH_EVERYTHING = {
    "newsletter": ("The week in six stories", " ".join(body for _, body in FIRSTS)),
    "links": ("Friday links", " ".join(f"{title}: {body.split('.')[0]}." for title, body in FIRSTS)),
    "most-read": ("Most read this week", " ".join(f"{n}. {title}." for n, (title, _) in enumerate(FIRSTS, 1))),
    "review": ("The year in review", " ".join(body for pair in STORIES.values() for _, body in pair)),
    "quiz": (
        "Quiz: what happened?",
        "1. Who fears the quota: skippers or bakers? 2. Which flour is sold on Mill Lane? 3. What stands at Elvik? "
        "4. Who stays in Dalen at night? 5. Where do actors rehearse? 6. What did the wolf kill at Fosse?",
    ),
}  # fmt: skip


def site_with(*names):
    articles = [
        Article(f"{subject}-{part}", *story)
        for subject, pair in STORIES.items()
        for part, story in enumerate(pair)
    ]
    return Recommender.from_articles(articles + [Article(name, *TOUCH_EVERYTHING[name]) for name in names])


@pytest.mark.parametrize("names", [[name] for name in TOUCH_EVERYTHING] + [["newsletter", "links", "quiz"]])
def test_an_article_lists_its_partner_before_what_touches_everything(names):
    site = site_with(*names)
    for subject in STORIES:
        for one, other in ((0, 1), (1, 0)):
            assert site.related(f"{subject}-{one}").article_ids[0] == f"{subject}-{other}"


def test_a_round_up_lists_its_stories_and_may_follow_in_their_lists():
    site = site_with("newsletter")
    assert {each.split("-")[0] for each in site.related("newsletter").article_ids[:6]} == set(STORIES)
    assert any("newsletter" in site.related(f"{subject}-0").article_ids for subject in STORIES)
