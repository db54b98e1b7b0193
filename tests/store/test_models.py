"""A model is saved and opened by itself, and has a fingerprint of everything that a score depends on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender import ArtifactError, Policy, Recommender, Weights, read_articles
from recommender.scoring.scorer import Scorer
from recommender.store.layout import GROUPS, group_sizes, model_parts, site_parts
from recommender.store.site_folder import load_model


@pytest.fixture(scope="module")
def site():
    return Recommender.from_articles(read_articles("data/sample/articles.jsonl"))


def assert_same_model(one, other):
    (arrays, facts), (others, other_facts) = model_parts(one), model_parts(other)
    assert facts == other_facts
    assert {name: np.asarray(array).tobytes() for name, array in arrays.items()} == {
        name: np.asarray(array).tobytes() for name, array in others.items()
    }


def test_a_model_comes_back_from_its_own_folder_and_from_a_site(site, tmp_path):
    site.save_model(tmp_path / "model.rec")
    site.save(tmp_path / "site.rec")
    for name in ("model.rec", "site.rec"):
        assert_same_model(load_model(tmp_path / name), site.model)


def test_a_model_that_was_opened_scores_as_it_did(site, tmp_path):
    site.save_model(tmp_path / "model.rec")
    scorer = Scorer(load_model(tmp_path / "model.rec"), site.collection, site.site.rules)
    rows, others = np.random.default_rng(0).integers(0, len(site), (2, 500))
    assert scorer.articles(rows, others).tobytes() == site.site.scorer.articles(rows, others).tobytes()


def test_a_model_alone_is_no_site(site, tmp_path):
    site.save_model(tmp_path / "model.rec")
    with pytest.raises(ArtifactError, match="holds a model and no site; build one with: recommender build"):
        Recommender.load(tmp_path / "model.rec")


def test_the_fingerprint_changes_with_everything_that_a_score_depends_on(site):
    model = site.model
    thresholds = model.thresholds.copy()
    thresholds[0] += 1
    changed = [
        model.changed(weights=Weights(hub=0.1)), model.changed(chance=model.chance * 2),
        model.changed(mean_hub=0.5), model.changed(thresholds=thresholds),
        model.changed(log_ratios={name: each + 1 for name, each in model.log_ratios.items()}),
        model.changed(labels={}), model.changed(language=replace(model.language, names=("de",))),
    ]  # fmt: skip
    prints = {each.fingerprint for each in (model, *changed)}
    assert len(prints) == len(changed) + 1
    assert model.changed().fingerprint == model.fingerprint


def test_the_fingerprint_is_that_of_the_site_and_not_of_its_rules(site, tmp_path):
    site.save(tmp_path / "site.rec")
    assert Recommender.load(tmp_path / "site.rec").model.fingerprint == site.model.fingerprint
    assert site.relisted(policy=Policy(diversity=0.4)).model.fingerprint == site.model.fingerprint


def test_every_array_counts_in_the_group_of_its_name(site):
    arrays, _ = site_parts(site.site)
    assert {name.partition("_")[0] for name in arrays} == set(GROUPS)
    sizes = group_sizes(arrays)
    assert sum(sizes.values()) == sum(array.nbytes for array in arrays.values())
    assert sizes["lists"] == sum(
        each.nbytes
        for lists in [site.lists]
        for each in (lists.rows, lists.scores, lists.sources, lists.list_checksums(), *site.site.reserve)
    )
    assert all(sizes.values())
