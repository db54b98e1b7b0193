"""A build in tasks gives the bytes of a build in memory, whatever runs the tasks and however they are cut."""

from __future__ import annotations

import os
import random
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from joblib import parallel_config

from recommender import Article, InputError, Policy, Recommender, building, read_articles
from recommender.encoders.lexical import LexicalEncoder
from recommender.index import clustered, planner
from recommender.index.kernels import large_arrays
from recommender.ranking import site_sizes
from recommender.sharding import joined_collection, sizing
from recommender.sharding.part_file import Part, opened_part
from recommender.sharding.shard_settings import ShardSettings
from recommender.sharding.task_runs import Task, TaskRuns, backend_of

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "articles.jsonl"


@pytest.mark.parametrize(("shard_mb", "compared"), [(0.03, 1), (0.03, 8), (16, 8)])
def test_threads_give_the_bytes_of_a_build_in_memory_however_it_is_cut(
    shard_mb: float, compared: int, in_memory, cut_build, assert_same_bytes, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(sizing, "_COMPARED", compared)
    assert_same_bytes(in_memory, cut_build(tmp_path, how={"shard_mb": shard_mb}))


def test_processes_that_share_only_the_work_folder_give_the_same_bytes_and_a_killed_one_costs_a_retry(
    in_memory, cut_build, assert_same_bytes, tmp_path
) -> None:
    assert_same_bytes(in_memory, cut_build(tmp_path / "work", backend="loky"))
    assert_same_bytes(in_memory, cut_build(tmp_path / "alone", backend="loky", n_jobs=1))
    runs, killed = tmp_path / "runs", tmp_path / "killed"
    runs.mkdir()

    def make(folder, n_threads, number):
        tempfile.mkstemp(prefix=f"{number}-", dir=runs)
        if number == 3 and not killed.exists():
            killed.touch()
            os._exit(9)
        return Part({"number": np.array([number])}, {})

    engine = TaskRuns(str(tmp_path / "work"), 2, total=9)
    with parallel_config(backend="loky", n_jobs=2):
        engine.run([Task(f"number-{number}", make, (number,)) for number in range(3)])
        names = engine.run([Task(f"number-{number}", make, (number,)) for number in range(6)])
    assert killed.exists()
    assert names == [f"number-{number}" for number in range(6)]
    counts = [len(list(runs.glob(f"{number}-*"))) for number in range(6)]
    assert counts[:3] == [1, 1, 1]  # what was there is not made again
    assert counts[3] == 2
    assert engine.done == 9


def test_arrays_in_files_within_a_bound_of_memory_change_no_byte(
    in_memory, cut_build, assert_same_bytes, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_arrays, "_LARGE", 1)
    monkeypatch.setattr(joined_collection, "_SORTED", 1_000)
    assert_same_bytes(in_memory, cut_build(tmp_path, how={"memory": 2**40}))


def test_two_processes_of_dask_give_the_same_bytes(in_memory, cut_build, assert_same_bytes, tmp_path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
            local_directory=str(tmp_path / "dask"),
        ) as cluster,
        Client(cluster) as client,
        backend_of("dask", client.scheduler.address, 2),
    ):  # fmt: skip
        how = ShardSettings(str(tmp_path / "work"), shard_mb=0.2)
        site = Recommender.from_articles(read_articles(SAMPLE), shards=how)
        assert len({*client.run(os.getpid).values(), os.getpid()}) == 3
    assert_same_bytes(in_memory, site)


def test_rules_that_concern_all_lists_together_hold_in_shards(cut_build, assert_same_bytes, tmp_path) -> None:
    policy = Policy(exposure=1.0, diversity=0.3, fallback=("section", "newest"), caps={"section": 4})
    whole = Recommender.from_articles(read_articles(SAMPLE), policy=policy, k=5)
    assert_same_bytes(whole, cut_build(tmp_path, policy=policy, k=5))


def test_candidates_second_round_and_starved_articles_of_a_large_site_are_the_same(
    monkeypatch: pytest.MonkeyPatch, cut_build, assert_same_bytes, tmp_path
) -> None:
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 40)
    monkeypatch.setattr(site_sizes, "LARGE_SITE", 100)
    policy = Policy(same=("section",))
    settings = {"n_candidates": 12, "k": 5, "policy": policy}
    whole = Recommender.from_articles(read_articles(SAMPLE), **settings)
    assert_same_bytes(whole, cut_build(tmp_path, **settings))
    assert list(tmp_path.glob("rank-further-*.part"))


def test_vectors_that_are_joined_by_clusters_have_the_same_neighbours(
    monkeypatch: pytest.MonkeyPatch, cut_build, assert_same_bytes, tmp_path
) -> None:
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 40)
    monkeypatch.setattr(clustered, "SMALL", 100)
    monkeypatch.setattr(planner, "_JOINED", 100)
    settings = {"n_candidates": 12, "k": 5}
    whole = Recommender.from_articles(read_articles(SAMPLE), **settings)
    assert whole.site.index.plans["dense"].join_recall < 1
    assert_same_bytes(whole, cut_build(tmp_path, **settings))
    assert len(list(tmp_path.glob("list-vectors-*.part"))) > 2
    complete = next(tmp_path.glob("complete-site-*.part"))
    assert (
        not {"vectors_sparse_data", "articles_texts_spelling"}
        & opened_part(complete, complete.stem).arrays.keys()
    )


def test_a_model_fitted_on_a_sample_gives_the_lists_of_a_build_by_that_model(
    cut_build, assert_same_bytes, tmp_path
) -> None:
    site = cut_build(tmp_path / "one", how={"fit_on": 120})
    assert site.model.n_articles == 120
    assert_same_bytes(Recommender.from_articles(read_articles(SAMPLE), model=site.model), site)
    again = cut_build(tmp_path / "two", model=site.model)
    assert_same_bytes(again, site)
    with pytest.raises(TypeError, match="name of an encoder"):
        cut_build(tmp_path, encoder=LexicalEncoder())


def test_a_term_of_a_large_site_lists_as_many_rows_as_one_of_the_sample_that_its_model_is_fitted_on(
    cut_build, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "N_POSTINGS", 20)
    site = cut_build(tmp_path, how={"fit_on": 52}).site  # a quarter of the sample
    held = np.bincount(site.collection.sparse.indices, minlength=site.model.lexical.n_terms)
    listed = np.diff(site.index.postings.starts)
    assert listed[held <= 5].sum() == held[held <= 5].sum()
    assert 10 < np.median(listed[held > 60]) < 40


def test_articles_in_another_order_go_on_from_the_same_parts_and_make_none_again(cut_build, tmp_path) -> None:
    articles = list(read_articles(SAMPLE))
    cut_build(tmp_path, articles, how={"shard_mb": 0.05})
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    random.Random(0).shuffle(articles)
    cut_build(tmp_path, articles, how={"shard_mb": 0.05})
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize("n", [0, 1, 3])
def test_few_articles_are_a_site_too(n: int, cut_build, assert_same_bytes, tmp_path) -> None:
    texts = [
        "Rain floods the valley road\tagain",
        "暴雨淹没山谷公路",
        "Chor <b>singt</b> vier Lieder \u2028 auswendig",
    ]
    articles = [Article(f"ä{n}", text, text * 3, metadata={"price": 0.5}) for n, text in enumerate(texts[:n])]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that they share no word
        assert_same_bytes(Recommender.from_articles(articles), cut_build(tmp_path, articles))


def test_the_same_id_twice_is_refused_as_in_memory(cut_build, tmp_path) -> None:
    articles = [Article("b", "Rain"), Article("a", "Sun"), Article("b", "Wind"), Article("b", "Hail")]
    for build in (Recommender.from_articles, lambda some: cut_build(tmp_path, some)):
        with pytest.raises(InputError) as caught:
            build(articles)
        assert str(caught.value).count("article 1 has the same id") == 2


def test_warnings_of_the_fit_and_of_editors_reach_the_user(cut_build, tmp_path) -> None:
    articles = [
        Article("a", "Rain in May", "Rain fell.", metadata={"pins": ["nowhere"]}),
        Article("b", "Sun"),
    ]
    for build in (Recommender.from_articles, lambda some: cut_build(tmp_path, some)):
        with pytest.warns(UserWarning, match="share no word"):
            build(articles)
