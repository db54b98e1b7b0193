"""Titles that are names: where they are, spelling counts, and where they are headlines it does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import Article, Recommender, Weights
from recommender.collection.labels import Labels, title_labels
from recommender.lists.drafts import draft_query
from recommender.scoring.mention_strength import mention_worth
from recommender.scoring.title_names import name_share, title_ratios

STEMS = ("valve", "queue", "ledger", "mirror", "socket", "timer", "folder", "packet", "window", "cursor")
KINDS = ("Open", "Close", "Reset", "Count")
FILLER = (
    "returns",
    "value",
    "that",
    "was",
    "given",
    "before",
    "nothing",
    "never",
    "set",
    "caller",
    "this",
    "where",
)
NAMES = [f"{stem}{kind}" for stem in STEMS for kind in KINDS]
HEADLINES = [
    f"Why the council of the town spoke about the {stem} in part {part}"
    for stem in STEMS
    for part in range(4)
]


def site_of(titles, mentioned):
    """Pages whose texts are drawn words and the titles of two other pages, or no titles."""
    rng = np.random.default_rng(0)
    articles = []
    for place, title in enumerate(titles):
        words = " ".join(rng.choice(FILLER, 30))
        others = [titles[(place + step) % len(titles)] for step in (7, 18)] if mentioned else []
        articles.append(Article(f"p{place:02}", title, f"{words}. See {' and '.join(others)}."))
    return Recommender.from_articles(articles, k=20)


def n_alike(site):
    """How many of the first three of all lists begin as the page's own title does."""
    lists = [list(site.related(f"p{place:02}"))[:3] for place in range(len(NAMES))]
    return sum(entry.title[:5] == NAMES[place][:5] for place, each in enumerate(lists) for entry in each)


@pytest.fixture(scope="module")
def reference():
    return site_of(NAMES, mentioned=True)


def test_names_that_are_spelled_alike_are_related(reference):
    # the names are single words, so only their spelling says that valveOpen and valveClose belong together
    without = site_of(NAMES, mentioned=False)
    for title, found in (("valveOpen", reference), ("timerReset", reference), ("valveOpen", without)):
        entries = list(found.related_to(title, " ".join(FILLER), why=True))
        alike = {e.article_id for e in entries if e.title[:5] == title[:5]}
        lifted = {e.article_id for e in entries if e.parts.get("title", 0) > 0}
        assert alike <= lifted if found is reference else not lifted
    unspelled = reference.relisted(weights=Weights(title=0))
    assert n_alike(reference) > n_alike(unspelled) + 10


def test_headlines_have_no_part_in_a_score():
    site = site_of(HEADLINES, mentioned=False)
    assert "title" not in site.model.labels
    assert "title" not in site.model.log_ratios
    assert all("title" not in e.parts for e in site.related("p00", why=True))


def test_a_draft_has_the_title_labels_of_the_page_that_it_becomes(reference):
    page = Article("new", "valveOpen", "")
    query, _ = draft_query(reference.site, page, (page.title, ""), np.zeros((0,), np.float32), 5)
    row = NAMES.index("valveOpen")
    labels = query.attributes["title"]
    bins = labels.bins(labels, np.zeros(len(NAMES), np.int64), np.zeros(len(NAMES), np.int64))
    assert (bins == len(Labels.edges)).all()
    mine, theirs = labels.rows.row(0), reference.collection.labels["title"].row(row)
    assert mine.columns.tolist() == theirs.columns.tolist()
    assert mine.values.tolist() == theirs.values.tolist()


def test_a_saved_site_scores_titles_as_the_built_one(reference, tmp_path):
    reference.save(tmp_path / "x.rec")
    again = Recommender.load(tmp_path / "x.rec")
    assert again.related("p00", 30, why=True) == reference.related("p00", 30, why=True)
    assert again.related_to("valveOpen", "") == reference.related_to("valveOpen", "")


def test_the_share_of_names_counts_titles_that_others_hold_in_full_and_short_ones_more():
    titles = [f"sort{place}" for place in range(40)]
    assert name_share(titles, np.ones(40, bool)) == 1
    assert name_share(titles, np.zeros(40, bool)) == 0
    assert name_share(["sort all of them"] * 40, np.ones(40, bool)) < name_share(
        ["sort all"] * 40, np.ones(40, bool)
    )
    assert name_share(titles[:20], np.ones(20, bool)) == 0  # too few to say


@pytest.mark.parametrize("n_prints", [2, 3])
@pytest.mark.parametrize("retitled", [False, True])
def test_headlines_of_stories_that_are_printed_again_are_no_names(n_prints, retitled):
    rng = np.random.default_rng(1)
    articles = []
    for place in range(40):
        words = ["".join(rng.choice(list("abdegiklmnoprstu"), 6)) for _ in range(90)]
        for number in range(n_prints):
            title = " ".join(words[number : number + 2] if retitled else words[:2])
            articles.append(Article(f"a{place:02}{number}", title, " ".join(words) + " again" * number))
    assert "title" not in Recommender.from_articles(articles).model.labels


def test_the_same_title_counts_once():
    titles = ["sort"] * 40 + [f"Why we sort everything {number} times" for number in range(40)]
    named = np.array([True] * 40 + [False] * 40)
    assert name_share(titles, named) == 0
    assert name_share([f"sort{place}" for place in range(40)] + titles[40:], named) > 0.4


def test_the_ratios_of_titles_rise_with_the_cosine_and_with_the_share():
    ratios = title_ratios(0.5, Labels.edges)
    assert len(ratios) == len(Labels.edges) + 1
    assert ratios[0] == 0
    assert (np.diff(ratios) > 0).all()
    assert not title_ratios(0, Labels.edges).any()


@pytest.mark.parametrize(
    ("one", "other"), [("Größe", "GRÖSSE"), ("ﬁle  list", "file list"), ("検索", "検索")]
)
def test_titles_are_spelled_alike_regardless_of_case_and_width(one, other):
    assert title_labels(one) == title_labels(other) != frozenset()
    assert title_labels("  ") == frozenset()


@given(
    st.floats(0, 2, width=32),
    st.floats(0, 2, width=32),
    st.floats(-1, 1, width=32),
    st.floats(-1, 1, width=32),
)
def test_a_mention_is_worth_more_in_a_text_on_the_same_subject(strength, stronger, content, closer):
    strengths, contents = np.sort([strength, stronger]), np.sort([content, closer])
    worth = mention_worth(*np.meshgrid(np.float32(strengths), np.float32(contents)))
    assert (np.diff(worth, axis=0) >= 0).all()
    assert (np.diff(worth, axis=1) >= 0).all()
    assert (worth[contents <= 0] == 0).all()
    assert worth.max() <= 2**1.25
