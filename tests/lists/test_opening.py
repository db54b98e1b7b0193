"""An article that stands alone has no list, and no rule but the floor decides that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recommender import Article, Policy, Recommender
from recommender.editors import Block, EditorRules
from recommender.scoring.calibration import opening_score
from tests.articles_on_subjects import ALONE, PARTNER, articles_on_subjects

K = 8


@pytest.fixture(scope="module")
def site() -> Recommender:
    return Recommender.from_articles(articles_on_subjects(), k=K)


@pytest.fixture(scope="module")
def alone() -> Recommender:
    """The site without the partner, by a model that knows the words of both."""
    articles = articles_on_subjects()
    return Recommender.from_articles(articles[:-1], k=K, model=Recommender.from_articles(articles).model)


def test_an_article_without_a_partner_has_no_list_though_others_pass_the_floor(alone: Recommender) -> None:
    assert alone[ALONE].article_ids == ()
    fillers = alone.related(ALONE, K, floor=0)
    assert fillers[0].score >= alone.policy.floor
    assert Recommender.from_articles(articles_on_subjects()[:-1], k=K, policy=Policy(floor=0))[ALONE]


def test_a_partner_opens_a_list_that_is_filled_down_to_the_floor(site: Recommender) -> None:
    first, *others = site[ALONE]
    assert first.article_id == PARTNER
    assert others
    assert min(entry.score for entry in others) >= site.policy.floor


@pytest.mark.parametrize(
    "rules", [{"exclude": [PARTNER]}, {"where_not": {"desk": ["d1"]}}, {"where": {"desk": ["d0", "d2"]}}]
)
def test_a_rule_takes_entries_out_of_a_list_and_does_not_close_it(site: Recommender, rules: dict) -> None:
    kept = {article.article_id for article in articles_on_subjects() if article.metadata["desk"] != "d1"}
    expected = [i for i in site.related(ALONE, len(site)).article_ids if i in kept or "exclude" in rules]
    found = site.related(ALONE, len(site), **rules).article_ids
    assert found
    assert list(found) == [i for i in expected if i != PARTNER]
    if "exclude" not in rules:
        listed_so = site.relisted(policy=Policy(**rules))
        assert listed_so[ALONE].article_ids == found[:K]


def articles_with(alone: dict[str, Any], partner: dict[str, Any]) -> list[Article]:
    """Return the articles with other fields of the article that has one partner, and of the partner."""
    changes = {ALONE: alone, PARTNER: partner}
    return [replace(each, **changes.get(each.article_id, {})) for each in articles_on_subjects()]


def test_a_link_in_the_text_takes_an_entry_out_of_a_list_and_does_not_close_it(site: Recommender) -> None:
    (body,) = (each.body for each in articles_on_subjects() if each.article_id == ALONE)
    linking = articles_with({"body": f'{body} <a href="/{PARTNER}">it</a>'}, {})
    found = Recommender.from_articles(linking, k=K, model=site.model, policy=Policy(linked="out"))
    assert found[ALONE].article_ids == site.related(ALONE, K, exclude=[PARTNER]).article_ids
    assert found.why_not(ALONE, PARTNER).rule == "linked"


@pytest.mark.parametrize("metadata", [{"listed": False}, {"access": "private"}, {"expires": "2020-01-01"}])
def test_what_may_be_in_no_list_opens_none(site: Recommender, metadata: dict[str, Any]) -> None:
    articles = articles_with({}, {"metadata": metadata})
    found = Recommender.from_articles(articles, k=K, model=site.model)
    assert found[ALONE].article_ids == found.related(ALONE, K, where_not={"desk": ["d9"]}).article_ids == ()
    assert found[PARTNER].article_ids[:1] == (ALONE,)


def test_what_editors_block_opens_no_list(site: Recommender) -> None:
    assert site.relisted(editors=EditorRules(blocks=[Block(PARTNER, ALONE)]))[ALONE].article_ids == ()


@pytest.mark.parametrize("translations", ["listed", "apart"])
def test_a_translation_beside_a_list_does_not_open_it(site: Recommender, translations: str) -> None:
    key = {"translation_key": "one"}
    articles = articles_with(
        {"language": "en", "metadata": key}, {"language": "de", "metadata": key, "url": f"/{PARTNER}"}
    )
    policy = Policy(cross_language=True, translations=translations)
    found = Recommender.from_articles(articles, k=K, model=site.model, policy=policy)
    assert [each.article_id for each in found[ALONE].translations] == [PARTNER]
    assert bool(found[ALONE].article_ids) == (translations == "listed")


def test_a_list_made_now_is_open_where_the_stored_one_is_whatever_its_length(alone: Recommender) -> None:
    for article_id in alone:
        for k in (1, 3, K, 30):
            found = alone.related(article_id, k, floor=alone.policy.floor).article_ids
            assert found[:K] == alone[article_id].article_ids[:k]


def test_a_draft_opens_its_list_as_an_article_does(alone: Recommender) -> None:
    articles = {article.article_id: article for article in articles_on_subjects()}
    draft = articles.pop(ALONE)
    with_partner = Recommender.from_articles(list(articles.values()), model=alone.model)
    assert with_partner.related_to(draft.title, draft.body, k=1)[0].article_id == PARTNER
    del articles[PARTNER]
    without = Recommender.from_articles(list(articles.values()), model=alone.model)
    assert len(without.related_to(draft.title, draft.body)) == 0


def test_a_closed_list_is_explained(alone: Recommender) -> None:
    nearest = alone.related(ALONE, 1, floor=0)[0]
    absence = alone.why_not(ALONE, nearest.article_id)
    assert (absence.stage, absence.rule) == ("floor", "opening")
    assert absence.numbers["best_score"] == nearest.score
    assert absence.numbers["opening"] == pytest.approx(opening_score(0.5, alone.model.opening))
    assert f"{nearest.score:.3f}" in str(absence)
