"""Near copies in lists: the rules of a list come first, then one of each group, the best or the preferred."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article, Policy, Recommender, read_articles
from recommender.ranking import site_sizes

STORIES = [
    "The harbour of Osmund counts more herring boats than in any spring since the war.",
    "The quota for herring is cut by a third, and crews in the harbour fear for their boats.",
    "A storm broke moorings in the harbour and drove two herring boats onto the rocks.",
    "The school beside the harbour cooks herring on Fridays for the crews of the boats.",
]
CHOICES = ("best", "original", "longest", "newest")
DATES = (None, "2026-05-01", "2026-05-02", "2026-06-20")


@st.composite
def sites(draw):
    """Articles of four stories in several copies, languages, editions and dates."""
    texts = draw(st.lists(st.sampled_from(STORIES), min_size=2, max_size=9))
    return [
        Article(
            f"a{row}", "", text, language=draw(st.sampled_from(["de", "en", "en"])),
            published=draw(st.sampled_from(DATES)),
            metadata={"edition": draw(st.sampled_from(["north", "south"]))},
        )
        for row, text in enumerate(texts)
    ]  # fmt: skip


def settings_of_lists():
    return st.fixed_dictionaries(
        {},
        optional={
            "copies": st.sampled_from(CHOICES),
            "cross_language": st.booleans(),
            "same": st.sampled_from([(), ("edition",)]),
            "within_days": st.sampled_from([1, 60]),
            "recency": st.just("background"),
            "where": st.sampled_from([{"edition": ["south"]}, {"edition": ["north", "south"]}]),
        },
    )


def eligible(one, other, policy):
    """Whether the rules of pairs allow `other` in the list of `one`, read off the articles."""
    edition, dated = other.metadata["edition"], None not in (one.published, other.published)
    return (
        (policy.cross_language or one.language == other.language)
        and (not policy.same or one.metadata["edition"] == edition)
        and (policy.within_days is None
             or (dated and abs((one.published - other.published).days) <= policy.within_days))
        and (policy.recency != "background" or not dated or other.published <= one.published)
        and (not policy.where or edition in policy.where["edition"])
    )  # fmt: skip


def check_entries(by_id, found, policy):
    """Every entry is eligible, and each story is listed once and not in its own lists."""
    one = by_id[found.article_id]
    assert all(eligible(one, by_id[entry.article_id], policy) for entry in found)
    listed = [by_id[entry.article_id].body for entry in found]
    assert one.body not in listed
    assert len(set(listed)) == len(listed)


def check(by_id, found, policy, k):
    check_entries(by_id, found, policy)
    one = by_id[found.article_id]
    stories = {
        other.body for other in by_id.values() if other.body != one.body and eligible(one, other, policy)
    }
    assert len(found) == min(k, len(stories))


@pytest.mark.parametrize("small", [True, False])
@settings(deadline=None, max_examples=40)
@given(sites(), settings_of_lists(), settings_of_lists(), st.integers(1, 4))
def test_no_list_is_shorter_than_the_eligible_groups_allow(small, articles, rules, call, k):
    by_id = {each.article_id: each for each in articles}
    policy = Policy(floor=0, **rules)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        if not small:
            patch.setattr(site_sizes, "SMALL_SITE", 0)
        site = Recommender.from_articles(articles, k=k, n_candidates=k, policy=policy)
        for found in site.related_all():
            check(by_id, found, policy, k)
        for article_id in by_id:
            assert site.related(article_id, floor=0) == site[article_id]
            check(by_id, site.related(article_id, **call), policy.for_call(**call), k)


@settings(deadline=None, max_examples=40)
@given(sites(), settings_of_lists(), st.integers(1, 3), st.sampled_from([(), ("newest",)]))
def test_exposure_and_fallback_list_each_story_once_by_a_copy_that_may_be_there(articles, rules, k, fallback):
    by_id = {each.article_id: each for each in articles}
    policy = Policy(floor=0, exposure=1, fallback=fallback, **rules)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for found in Recommender.from_articles(articles, k=k, policy=policy).related_all():
            check_entries(by_id, found, policy)


def told_twice(**dates):
    """One story by several publishers on different days, and one that goes with it."""
    return [
        Article("boats", "Boats", STORIES[0], published="2026-05-03", language="en"),
        *(Article(name, "Quota", STORIES[1], published=date, language="en") for name, date in dates.items()),
        Article("storm", "Storm", STORIES[2], published="2026-05-09", language="en"),
    ]


def first(site, article_id="boats", **settings):
    ids = site.related(article_id, floor=0, **settings).article_ids
    return next(each for each in ids if each not in ("boats", "storm"))


@pytest.fixture(scope="module")
def thrice():
    return Recommender.from_articles(
        told_twice(later="2026-05-04", early="2026-05-01", late="2026-05-20"), policy=Policy(floor=0)
    )


def test_equal_scores_go_by_the_original(thrice):
    assert first(thrice) == "early"


@pytest.mark.parametrize(("copies", "chosen"), [("original", "early"), ("newest", "late")])
def test_a_preference_stands_above_scores(thrice, copies, chosen):
    assert first(thrice, copies=copies) == chosen


def test_of_a_forbidden_copy_the_next_is_listed(thrice):
    assert first(thrice, copies="newest", recency="background") == "early"
    assert first(thrice, copies="newest", within_days=2) == "later"
    assert first(thrice.relisted(policy=Policy(floor=0, within_days=2))) == "early"


def test_the_copy_with_the_best_score_is_listed_and_why_not_names_it():
    races = [f"Boat {i} of {i % 5} wins the race in the harbour of {i % 7}." for i in range(40)]
    others = [f"The council of {i % 5} votes on the budget of {i % 7}, item {i}." for i in range(40)]
    articles = [Article(f"r{i}", f"Race {i}", text, section="sport") for i, text in enumerate(races)]
    articles += [Article(f"v{i}", f"Vote {i}", text, section="council") for i, text in enumerate(others)]
    text = "The race of herring boats in the harbour ends with a protest of the crews."
    articles += [
        Article("a-wire", "Protest", text, section="council"), Article("b-ours", "Protest", text, section="sport"),
        Article("boats", "Boats", "Crews in the harbour await the race of herring boats.", section="sport"),
    ]  # fmt: skip
    site = Recommender.from_articles(articles, policy=Policy(floor=0))
    kept = site.related("boats", k=50, copies="keep")
    scores = {entry.article_id: entry.score for entry in kept}
    assert scores["b-ours"] > scores["a-wire"]
    assert "b-ours" in site["boats"].article_ids
    assert "a-wire" not in site["boats"].article_ids
    absence = site.why_not("boats", "a-wire")
    assert (absence.rule, absence.numbers["represented_by"]) == ("copy", "b-ours")
    assert absence.numbers["best_score"] == scores["b-ours"]
    assert absence.numbers["score"] == scores["a-wire"]
    assert "b-ours (Jaccard 1.00) is preferred to it in this list" in str(absence)


def test_a_story_with_more_copies_than_candidates_hides_no_other():
    story = (
        STORIES[1][:-1] + " and for the school by the rocks, where many of their children learn to read, says"
    )
    copies = [Article(f"c{row:02}", "Quota", f"{story} paper{row}.") for row in range(60)]
    articles = [*copies, *(Article(f"x{row}", "", text) for row, text in enumerate(STORIES) if row != 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_sizes, "SMALL_SITE", 0)
        site = Recommender.from_articles(articles, k=5, n_candidates=10, policy=Policy(floor=0))
    assert all(len(found) == 3 for found in site.related_all())


@pytest.mark.parametrize("small", [True, False])
def test_the_model_does_not_depend_on_the_rules_of_copies(small, monkeypatch):
    if not small:
        monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    articles = list(read_articles("data/sample/articles.jsonl"))
    site = Recommender.from_articles(articles)
    for copies in ("newest", "keep"):
        built = Recommender.from_articles(articles, policy=Policy(copies=copies))
        assert list(site.relisted(policy=Policy(copies=copies)).related_all()) == list(built.related_all())
