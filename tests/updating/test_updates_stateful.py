"""After any sequence of additions, edits and deletions a site is the one that its model makes of its articles."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from recommender import Article, Policy, Recommender
from recommender.editors import Block, EditorRules, Pin, decided, revision_of, undone
from recommender.errors import ConflictError
from recommender.lists import choosing_steps
from recommender.store.layout import site_parts
from recommender.updating import stored_site
from tests.concept_table import concept_encoder
from tests.hashing_encoder import HashingEncoder
from tests.updating.generated_articles import IDS, articles

EDITORS = EditorRules(
    (Pin("a", "b"), Pin("c", "a", 2), Pin("d", "ö", 1), Pin("e", "zz", 3)), (Block("c", "b"), Block("f"))
)
POLICIES: dict[str, dict[str, Any]] = {
    "default": {},
    "floorless": {"policy": Policy(floor=0), "k": 3},
    "original": {"policy": Policy(copies="original", floor=0.2), "k": 2},
    "copies kept": {"policy": Policy(copies="keep"), "k": 30},
    "by section": {"policy": Policy(copies="sections", copy_sections=["news"], floor=0.1)},
    "fallback": {"policy": Policy(fallback=["section", "popular", "newest"]), "k": 4},
    "variety": {"policy": Policy(caps={"section": 1}, diversity=0.4, floor=0.1), "k": 2},
    "latest": {"policy": Policy(recency="latest", half_life=5), "k": 4},
    "background": {"policy": Policy(recency="background", floor=0)},
    "near in time": {"policy": Policy(same="section", within_days=20, floor=0), "k": 5},
    "all languages": {"policy": Policy(cross_language=True, floor=0.1), "k": 5},
    "all trees": {"policy": Policy(trees="all", floor=0)},
    "translations": {"policy": Policy(cross_language=True, translations="apart", floor=0), "k": 5},
    "series": {"policy": Policy(series="first", floor=0.2), "k": 3, "editors": EDITORS},
    "rotation": {
        "policy": Policy(rotation="2026-05-01", rotation_keeps=1, caps={"section": 1}, floor=0.1),
        "k": 3,
    },
    "links": {"policy": Policy(linked="out", floor=0), "k": 5},
    "exposure": {"policy": Policy(exposure=1.5, floor=0), "k": 3},
    "where": {"policy": Policy(where={"section": ["news", "sport"]}, floor=0)},
    "neural": {"encoder": HashingEncoder().fit(), "policy": Policy(floor=0.2)},
    "several languages": {
        "encoder": concept_encoder(),
        "policy": Policy(cross_language=True, translations="apart", floor=0.1),
        "k": 5,
    },
    "editors": {"policy": Policy(floor=0.1), "editors": EDITORS, "k": 3},
}


class Updates(RuleBasedStateMachine):
    """A site that is changed, and the articles that it should have."""

    made_by: ClassVar[dict[str, Any]] = {}

    @initialize(first=st.lists(articles(), max_size=11, unique_by=lambda article: article.article_id))
    def build(self, first: list[Article]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.now = {article.article_id: article for article in first}
        self.site = Recommender.from_articles(first, **self.made_by)
        self.lists: dict[str, object] = dumped(self.site)
        self.editors = self.site.editors
        self.checked = True

    @rule(article=articles())
    def add_or_edit(self, article: Article) -> None:
        self.update([article], [])

    @rule(data=st.data())
    def edit_in_part(self, data: st.DataObject) -> None:
        if self.now:
            old = self.now[data.draw(st.sampled_from(sorted(self.now)))].to_dict()
            new = data.draw(articles()).to_dict()
            field = data.draw(st.sampled_from(sorted(new.keys() - {"article_id", "metadata"})))
            if new["title"] or new["body"]:
                changed = {**old, field: new[field]}
                changed["title"] = changed["title"] if changed["title"] or changed["body"] else "Briefly"
                self.update([Article(**changed)], [])

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if self.now:
            self.update([], [data.draw(st.sampled_from(sorted(self.now)))])

    @rule(
        given=st.lists(articles(), max_size=5, unique_by=lambda article: article.article_id),
        gone=st.sets(st.sampled_from(IDS), max_size=4),
    )
    def batch(self, given: list[Article], gone: set[str]) -> None:
        self.update(given, sorted(gone - {article.article_id for article in given}))

    @rule()
    def the_same_again(self) -> None:
        changes = self.update(list(self.now.values()), [])
        assert not changes
        assert not changes.lists

    @rule()
    def delete_all(self) -> None:
        self.update([], sorted(self.now))

    @rule(data=st.data())
    def decide_or_undo(self, data: st.DataObject) -> None:
        before, at = self.editors, f"{revision_of(self.editors):03}"
        on, other = data.draw(st.permutations(IDS))[:2]
        kinds = [
            Pin(on, other),
            Pin(on, other, 1),
            Block(other, on),
            Block(on, other, pair=True),
            Block(other),
        ]
        with suppress(ConflictError):
            if before.log and data.draw(st.booleans()):
                self.editors = undone(before, data.draw(st.integers(1, revision_of(before))), by="Bo", at=at)
            else:
                self.editors = decided(before, data.draw(st.sampled_from(kinds)), by="Ana", at=at)
        changes, lists = self.site.edit(self.editors), dumped(self.site)
        assert set(changes.lists) == {each for each, found in lists.items() if found != self.lists[each]}
        self.lists, self.checked = lists, False

    @rule()
    def save_and_open(self) -> None:
        self.site.save(self.folder / "site.rec")
        self.site = Recommender.load(self.folder / "site.rec", encoder=self.made_by.get("encoder"))
        assert self.site.editors.to_dict() == self.editors.to_dict()
        assert dumped(self.site) == self.lists
        self.checked = False

    def update(self, add: list[Article], delete: list[str]) -> Any:
        before = dict(self.now)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unknown ids
            changes = self.site.update(add, delete)
        self.now |= {article.article_id: article for article in add}
        for article_id in delete:
            self.now.pop(article_id, None)
        assert set(changes.added) == self.now.keys() - before.keys()
        assert set(changes.deleted) == before.keys() - self.now.keys()
        assert set(changes.edited) == {each for each, was in before.items() if self.now.get(each, was) != was}
        after = dumped(self.site)
        assert set(changes.lists) == {
            each for each, found in after.items() if found != self.lists.get(each) or each in changes.added
        }
        self.lists, self.checked = after, False
        return changes

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @invariant()
    def equals_the_same_model_applied_from_scratch(self) -> None:
        if getattr(self, "checked", True):
            return
        self.checked = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scratch = Recommender.from_articles(
                self.now.values(), model=self.site.model, n_jobs=1, **self.made_by | {"editors": self.editors}
            )
        (arrays, facts), (others, wanted) = site_parts(self.site.site), site_parts(scratch.site)
        assert json.dumps(facts, sort_keys=True) == json.dumps(wanted, sort_keys=True)  # NaN equals NaN there
        assert arrays.keys() == others.keys()
        wrong = [name for name, array in arrays.items() if not same(array, others[name])]
        assert not wrong, wrong


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


def dumped(site: Recommender) -> dict[str, object]:
    """Return all that a page shows of each list, by id. Reading it checks that every entry is an article of the site."""
    return {
        found.article_id: [
            found.translations,
            *((entry, site.summaries[site.summaries.row(entry.article_id)].description) for entry in found),
        ]
        for found in site.related_all()
    }


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_an_updated_site_is_that_of_its_model_and_articles(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_site, "_MERGED", 1)  # what is opened was merged
    monkeypatch.setattr(choosing_steps, "_DEPTH", 1)  # variety chooses from 3 k of up to 10 ranked articles
    machine = type("UpdatesBy", (Updates,), {"made_by": POLICIES[name]})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=5,
            stateful_step_count=8,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # a failure is a short sequence; shrinking it takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
