"""A large site is changed in place: rows stay where they are, and an article that is gone leaves a hole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from recommender import Article, Recommender
from recommender.lists import choosing_steps
from recommender.ranking import site_sizes
from recommender.updating import living, update
from tests.hand_made_sites import assert_same_bytes
from tests.updating.generated_articles import ENGLISH
from tests.updating.test_updates_stateful import POLICIES, Updates


@pytest.fixture(autouse=True)
def every_site_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any site count as large. All candidates of so few articles are found there as well."""
    monkeypatch.setattr(site_sizes, "SMALL_SITE", -1)


class GrownUpdates(Updates):
    """The same moves on a large site."""

    made_by: ClassVar[dict[str, Any]] = {}

    @rule()
    def ask_for_a_draft(self) -> None:
        self.site.related_to("Rain in the valley", ENGLISH[0])


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_large_site_is_that_of_its_model_and_articles(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing_steps, "_DEPTH", 1)  # as in the test of small sites
    monkeypatch.setattr(living, "_SMALL_PART", 3)
    machine = type("GrownUpdatesBy", (GrownUpdates,), {"made_by": POLICIES[name]})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=2, stateful_step_count=8, deadline=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def some(numbers: range, word: str = "road") -> list[Article]:
    return [
        Article(
            f"a{at:03}", f"{word} {at // 2} after the rain", f"{ENGLISH[at % 9]} {word} {at // 2} is wet."
        )
        for at in numbers
    ]


def lists_of(site: Recommender) -> dict[str, Any]:
    return {article_id: site[article_id] for article_id in site}


def test_states_of_before_keep_their_lists_while_the_site_goes_on(tmp_path: Path) -> None:
    site = Recommender.from_articles(some(range(20)))
    site.save(tmp_path / "s.rec")
    held = []
    for at in range(4):
        site.update(some(range(20 + at, 22 + at), "bridge"), [f"a00{at}"])
        held.append((Recommender(site._state), lists_of(site)))
        site.save(tmp_path / "s.rec")
    for state, lists in held:
        assert lists_of(state) == lists
        assert {each.article_id: each for each in state.related_all(why=True)}.keys() == lists.keys()
        assert lists_of(Recommender(state.site)) == lists


def test_an_update_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = some(range(20))
    site = Recommender.from_articles(articles)
    site.update(some(range(20, 22)))
    before = lists_of(site)
    with monkeypatch.context() as patched:
        patched.setattr(update, "record_of", lambda *_: 1 / 0)  # the last step: lists are repaired by then
        with pytest.raises(ZeroDivisionError):
            site.update(some(range(22, 26), "bridge"), ["a003"])
    assert lists_of(site) == before
    site.update(some(range(22, 24), "bridge"))
    assert_same_bytes(site, Recommender.from_articles(
        articles + some(range(20, 22)) + some(range(22, 24), "bridge"), model=site.model
    ))  # fmt: skip


def test_a_state_can_be_updated_twice_in_different_ways() -> None:
    articles = some(range(20))
    first = Recommender.from_articles(articles)
    first.update(some(range(20, 22)))
    other = Recommender(first._state)
    first.update(delete=["a003"])
    other.update(some(range(22, 24), "bridge"))
    kept = [each for each in articles if each.article_id != "a003"] + some(range(20, 22))
    assert lists_of(first) == lists_of(Recommender.from_articles(kept, model=first.model))
    more = articles + some(range(20, 22)) + some(range(22, 24), "bridge")
    assert lists_of(other) == lists_of(Recommender.from_articles(more, model=first.model))


def test_rows_that_hold_nothing_are_left_behind_when_there_are_many() -> None:
    site = Recommender.from_articles(some(range(40)))
    rows = []
    for at in range(20):
        site.update(delete=[f"a{at:03}"])
        rows.append(len(site._state.grown.living.site.collection))
        assert not set(np.unique(site.lists.rows)) & set(range(len(site), 40))
    assert min(rows) < 40 - 10
    assert rows == sorted(rows, reverse=True)
