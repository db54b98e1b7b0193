"""An artifact of somebody else is refused or read. It neither ends the process nor touches what is outside its folder.

RECOMMENDER_HOSTILE=1000 sets the number of artifacts.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacked_children import CLEAN, count_of, in_child, names_below
from hostile_artifacts import changed_copy, hostile_copy, put_array

from recommender import Article, Recommender
from recommender.index.planner import SearchPlan
from recommender.index.vector_search import VectorSearch
from recommender.ranking import site_sizes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

ARTICLES = [
    Article(
        f"road-{number:02}",
        f"Rain on road {number // 2}, part {number % 2}",
        f"Rain closed road {number // 2} and the bridge at its end. Crews came with pumps {number % 3} times.",
        published=f"2026-05-{number % 28 + 1:02}",
        section=f"part {number % 3}",
        url=f"https://example.org/{number}",
        metadata={"tags": [f"road {number // 2}"], "desk": "roads"},
    )
    for number in range(60)
]  # fmt: skip


def use(path: Path, what: int) -> None:
    """Ask a site for everything that it has. `what` chooses what is done that takes long."""
    site = Recommender.load(path)
    ids = list(site)
    for each in ids[:70]:
        site[each]
    list(site.related_all(3))
    for each in ids[:3]:
        site.related(each, why=True)
        site.related(each, 3, exclude=ids[3:5], same=["section"])
        site.terms(each)
        site.translations(each)
    site.related_to("Rain on road 7", "The bridge is closed.", why=True)
    site.next_expiry()
    for summary in site.summaries:
        dict(summary.metadata)
    if what % 3 == 0:
        site.update([Article("new", "Rain on road 7", "The bridge is closed.")], ids[:1])
        site.save(path)
        Recommender.load(path).compact()
    elif what % 3 == 1:
        site.drift()
        site.link_suggestions(ids[0])
        site.why_not(ids[0], ids[5])


def indexed(site: Recommender, plan: SearchPlan) -> Recommender:
    """Return a site whose vectors are searched by another method than the one of its size."""
    searches = dict(site.index.searches)
    searches["dense"] = VectorSearch.fit(np.asarray(site.collection.dense), plan)
    return Recommender(site.site.changed(index=site.index.changed(searches=searches)))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """A site, the same after updates, and the same with other indexes. All are used as large ones are."""
    folder = tmp_path_factory.mktemp("saved")
    site = Recommender.from_articles(ARTICLES)
    for name, each in {
        "plain.rec": site,
        "updated.rec": site,
        "graph.rec": indexed(site, SearchPlan("graph", n_links=8, beam=20)),
        "codes.rec": indexed(site, SearchPlan("codes")),
    }.items():
        each.save(folder / name)
    later = Recommender.load(folder / "updated.rec")
    later.update([Article("later", "Rain on road 3", "Rain closed road 3 again.")], ["road-05"])
    later.save(folder / "updated.rec")
    del later
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_sizes, "SMALL_SITE", 0)
        paths = sorted(folder.iterdir())
        for path in paths:  # compiles what the children use
            for what in range(3):
                shutil.copytree(path, folder / "copy.rec")
                use(folder / "copy.rec", what)
                shutil.rmtree(folder / "copy.rec")
        yield paths


def test_no_hostile_artifact_ends_the_process_or_reaches_outside(saved: list[Path], tmp_path: Path) -> None:
    seed = int(os.environ.get("RECOMMENDER_SEED", "3"))
    rng, bad, refused = random.Random(seed), [], 0
    count = count_of("RECOMMENDER_HOSTILE", 20)
    for number in range(count):
        copy = tmp_path / "inside" / "site.rec"
        what = hostile_copy(saved[number % len(saved)], copy, rng)
        ended = in_child(lambda copy=copy, number=number: use(copy, number))  # type: ignore[misc]
        refused += ended.how == "error"
        if ended.how not in CLEAN:
            bad.append(f"{what}: {ended.how}\n{ended.text[-1500:]}")
        if outside := names_below(tmp_path, "inside/site.rec") - {"inside", "inside/site.rec"}:
            bad.append(f"{what}: wrote outside: {sorted(outside)}")
        shutil.rmtree(tmp_path / "inside")
    assert not bad, f"{len(bad)} of {count}:\n" + "\n".join(bad)
    assert refused > count / 3


FOUND = {  # by 1,000 artifacts: each ended in a traceback or in a crash
    "index_postings_levels": np.zeros_like,
    "vectors_sparse_data": np.zeros_like,
    "vectors_sparse_indices": np.zeros_like,
}


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.parametrize("what", range(3))
def test_arrays_that_would_overrun_the_memory_of_a_loop_are_refused(
    saved: list[Path], tmp_path: Path, name: str, what: int
) -> None:
    def change(manifest: dict[str, Any], data: Path) -> str:
        put_array(manifest, data, name, FOUND[name](np.load(data / f"{name}.npy")))
        return name

    for path in saved:
        copy = tmp_path / path.name
        changed_copy(path, copy, change)
        ended = in_child(lambda copy=copy: use(copy, what))  # type: ignore[misc]
        assert ended.how in CLEAN, ended.text
        assert (
            ended.how == "error" or name == "vectors_sparse_indices"
        )  # of one term many times, lists are made


@pytest.mark.parametrize("value", [0, -0.0, 1e-300, -1, 1e-40])
@pytest.mark.parametrize(
    ("site", "name"), [("graph.rec", "index_dense_graph_scale"), ("codes.rec", "index_dense_codes_scales")]
)
def test_units_of_codes_that_are_next_to_nothing_are_refused(
    saved: list[Path], tmp_path: Path, site: str, name: str, value: float
) -> None:
    def change(manifest: dict[str, Any], data: Path) -> str:
        put_array(manifest, data, name, np.full_like(np.load(data / f"{name}.npy"), value, np.float64))
        return name

    path = next(each for each in saved if each.name == site)
    changed_copy(path, tmp_path / "site.rec", change)
    ended = in_child(lambda: use(tmp_path / "site.rec", 2))
    assert ended.how == "error", ended.text


@pytest.mark.parametrize(("place", "value"), [("model.mean_cosine", 1), ("policy.exposure", 2**31 - 1)])
def test_facts_that_contradict_what_was_computed_are_refused(
    saved: list[Path], tmp_path: Path, place: str, value: object
) -> None:
    def change(manifest: dict[str, Any], _: Path) -> str:
        of, name = place.split(".")
        manifest["facts"][of][name] = value
        return place

    changed_copy(saved[0], tmp_path / "site.rec", change)
    ended = in_child(lambda: use(tmp_path / "site.rec", 0))
    assert ended.how == "error", ended.text
