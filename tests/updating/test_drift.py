"""Drift: what came since the fit is compared with what the model was fitted on."""

from __future__ import annotations

import json
import pickle
import random
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from recommender import Article, Recommender
from recommender.updating.drift import measured_drift, quick_advice

SYLLABLES = ("ba", "do", "fi", "ku", "le", "mo", "ni", "pa", "ru", "se", "ti", "vo")


def words(seed: str, n: int) -> list[str]:
    """Return made-up words that no other seed gives."""
    source = random.Random(seed)
    return [f"{seed}{''.join(source.choices(SYLLABLES, k=3))}" for _ in range(n)]


def stories(beat: str, n: int) -> list[Article]:
    """Return stories of one beat: each of eight out of its twenty sentences, and of its title, which says two words."""
    source = random.Random(beat)
    spoken = words(beat, 60)
    sentences = [" ".join(source.choices(spoken, k=8)).capitalize() + "." for _ in range(20)]
    titles = [" ".join(source.sample(spoken, 2)) for _ in range(n)]
    return [
        Article(f"{beat}-{number:03}", title, " ".join([f"{title}."] * 4 + source.sample(sentences, 8)))
        for number, title in enumerate(titles)
    ]


OLD = [*stories("harbour", 60), *stories("choir", 60)]


@pytest.fixture(scope="module")
def fitted() -> Recommender:
    return Recommender.from_articles(OLD)


@pytest.fixture
def site(fitted: Recommender) -> Recommender:
    """A copy, so that each test can update its own."""
    return Recommender.from_articles(OLD, model=fitted.model)


def test_a_site_as_it_was_fitted_has_no_drift(fitted: Recommender) -> None:
    drift = fitted.drift()
    assert (drift.n_articles, drift.n_fitted, drift.n_added, drift.n_edited) == (120, 120, 0, 0)
    assert (drift.changed_share, drift.unknown_rise, drift.found_fall, drift.advice) == (0, 0, 0, None)


def test_stories_in_new_words_are_a_reason_to_build_again_and_a_build_ends_it(site: Recommender) -> None:
    site.update(add=stories("comet", 20))
    drift = site.drift()
    assert drift.unknown_before is not None
    assert drift.unknown_since == pytest.approx(1)  # the model knows none of their words
    assert drift.unknown_rise == pytest.approx((1 - drift.unknown_before) * 20 / 140)
    assert drift.found_since == 0
    assert drift.found_before is not None
    assert drift.found_before > 0.5
    assert drift.advice is not None
    assert "does not know 100% of what the 20 new" in drift.advice
    again = Recommender.from_articles([*OLD, *stories("comet", 20)]).drift()
    assert (again.n_fitted, again.advice) == (140, None)


def test_stories_in_the_words_of_the_site_are_none(site: Recommender) -> None:
    site.update(add=stories("choir", 68)[60:])
    drift = site.drift()
    assert drift.n_added == 8
    assert drift.expected_loss < 0.0115
    assert drift.advice is None


def test_one_story_in_new_words_is_no_reason(site: Recommender) -> None:
    site.update(add=stories("comet", 1))
    assert site.drift().advice is None
    assert quick_advice(site.site) is None


def test_edits_count_until_they_are_taken_back_and_deletions_do_not(site: Recommender) -> None:
    edited = [replace(article, body=f"{article.body} and more") for article in OLD[:3]]
    site.update(add=edited, delete=[article.article_id for article in OLD[10:20]])
    drift = site.drift()
    assert (drift.n_articles, drift.n_added, drift.n_edited) == (110, 0, 3)
    site.update(add=OLD[:3])
    assert site.drift().n_edited == 0


def test_when_nothing_of_the_fit_is_left_it_is_time(site: Recommender) -> None:
    site.update(add=stories("choir", 90)[60:], delete=[article.article_id for article in OLD])
    drift = site.drift()
    assert (drift.changed_share, drift.unknown_before, drift.found_before) == (1, None, None)
    assert drift.advice is not None
    assert drift.advice.startswith("build the site again: 100% of the articles are newer than the model")


def test_chance_that_moved_is_a_reason(site: Recommender) -> None:
    site.update(add=stories("choir", 63)[60:])
    drift = replace(site.drift(), chance_now=1.3 * site.model.chance)
    assert drift.advice is not None
    assert drift.advice.startswith("build the site again: chance is ")


def test_it_depends_on_the_articles_and_the_model_alone(site: Recommender, tmp_path: Path) -> None:
    came = stories("comet", 9)
    site.update(add=came[5:])
    site.save(tmp_path / "site.rec")
    site.update(add=came[:5], delete=["choir-007"])
    site.save(tmp_path / "site.rec")
    left = [article for article in (*came, *reversed(OLD)) if article.article_id != "choir-007"]
    scratch = Recommender.from_articles(left, model=site.model)
    assert site.drift() == Recommender.load(tmp_path / "site.rec").drift() == scratch.drift()


def test_it_is_a_plain_value(site: Recommender) -> None:
    site.update(add=stories("comet", 9))
    drift = site.drift()
    assert pickle.loads(pickle.dumps(drift)) == drift
    assert {drift: 1}[drift] == 1
    facts = json.loads(json.dumps(drift.to_dict()))
    assert facts["advice"] == drift.advice
    assert facts["unknown_rise"] == drift.unknown_rise
    with pytest.raises(FrozenInstanceError):
        drift.n_added = 0  # type: ignore[misc]


def test_without_samples_only_words_are_measured(site: Recommender) -> None:
    site.update(add=stories("comet", 20))
    drift = measured_drift(site.site, sampled=False)
    assert (drift.found_since, drift.chance_now) == (None, None)
    assert drift.unknown_rise == site.drift().unknown_rise
    assert drift.advice == quick_advice(site.site) == site.drift().advice


def test_a_site_that_began_empty_is_to_be_built_once_it_has_articles() -> None:
    site = Recommender.from_articles([])
    assert site.drift().advice is None
    site.update(add=stories("choir", 3))
    assert site.drift().advice == "build the site again: 100% of the articles are newer than the model"
