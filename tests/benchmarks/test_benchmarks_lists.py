"""`run lists`: what lists promise is counted by other means, and each part has its rows."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.corpora import Corpus
from benchmarks.lists import measure, table
from benchmarks.lists.absences import Witness
from benchmarks.lists.command import PARTS
from benchmarks.lists.copied import copies
from benchmarks.lists.shingles import find_copies
from benchmarks.lists.subject import Plan, Subject
from recommender import Policy, Recommender, read_articles
from recommender.explanations import Absence

SAMPLE = Path("data/sample")


@pytest.fixture(scope="module")
def result():
    corpus = Corpus("sample", SAMPLE / "articles.jsonl", SAMPLE / "qrels.tsv")
    return measure([corpus], Plan(tuple(PARTS), n_rules=60, n_pairs=60, n_builds=1))


@pytest.fixture(scope="module")
def figures(result):
    return result["figures"]["sample"]


@pytest.fixture(scope="module")
def subject():
    return Subject(list(read_articles(SAMPLE / "articles.jsonl")), {}, Plan(()))


def test_lists_of_the_sample_keep_what_they_promise(figures):
    found = figures["copies"]
    assert (found["with_two_copies"], found["with_own_copy"], found["with_itself"]) == (0, 0, 0)
    assert (found["n_groups"], found["grouped_otherwise"]) == (13, 0)
    assert figures["editors"]["default"]["kept"] == 60
    for each in figures["why-not"].values():
        assert (each["n_unexplained"], each["n_wrong"]) == (0, 0)
        assert sum(each["rules"].values()) == 60
    for each in figures["cost"].values():
        assert each["same_in_all_runs"]
        assert each["same_with_1_and_2_threads"]


def test_copies_in_lists_are_seen(subject):
    """A site that keeps copies lists them, and a group that the engine would miss shows."""
    kept = Recommender.from_articles(subject.articles, policy=Policy(copies="keep"), n_jobs=2)
    careless = SimpleNamespace(site=kept, copies=subject.copies, ids=subject.ids)
    found = copies(careless)
    assert found["with_two_copies"] > 10
    assert found["with_own_copy"] > 10
    alone = kept.collection.copies._replace(groups=np.arange(len(kept), dtype=np.int32))
    careless.site = kept.replaced(kept.site.changed(collection=replace(kept.collection, copies=alone)))
    assert copies(careless)["grouped_otherwise"] == found["in_groups"] == 28


def test_jaccard_is_that_of_sets_of_five_words():
    story = "it rained in may and the river rose over the road to the mill for a week"
    found = find_copies([story, "Sun.", story.upper(), story + " more soon", ""], at_least=0.8)
    assert found.pairs[0, 2] == 1
    assert found.pairs[0, 3] == pytest.approx(13 / 15)
    assert found.sizes() == [3]


def test_what_is_not_so_is_seen(subject):
    """Explanations that were made up."""
    witness = Witness(subject, subject.site)
    entries = subject.site.related("larkspur-first-batch")
    listed = entries[0].article_id
    near = next(
        entry
        for entry in witness.scored(entries.article_id, 50)
        if entry.article_id not in entries.article_ids
    )
    for other, rule, numbers in (
        (listed, "floor", {"score": 0.1}),
        (near.article_id, "listed", {"rank": 1}),
        (near.article_id, "floor", {"score": near.score + 0.01}),
        (near.article_id, "nothing in common", {}),
        (near.article_id, "copy", {"represented_by": listed, "jaccard": 0.9}),
    ):
        assert witness.against(Absence(entries.article_id, other, rule, "", numbers))


def test_trades_start_from_lists_without_the_rule(figures):
    assert figures["floor"]["0"]["dropped"] == 0
    dropped = [each["dropped"] for each in figures["floor"].values()]
    assert dropped == sorted(dropped)
    assert figures["recency"]["none"]["relative"] == 0
    assert figures["recency"]["background"]["novelty"]["newer"] == 0
    distances = [each["intra_list_distance"] for each in figures["diversity"].values()]
    assert distances[0] < distances[-1]
    before, after = figures["exposure"]["before"], figures["exposure"]["after"]
    assert after["eligible_orphans"] < before["eligible_orphans"]
    assert after["max_in_degree"] <= 6 * before["mean_in_degree"]


def test_a_table_a_part_and_only_of_what_was_measured(result):
    text = table([result])
    assert text.count("| corpus |") == len(PARTS)
    assert text.count("| sample |") == 1 + 2 + 2 + 1 + 5 + 5 + 5 + 2
    only = {**result, "figures": {"sample": {"copies": result["figures"]["sample"]["copies"]}}}
    assert table([only]).count("| corpus |") == 1


def test_a_part_that_does_not_exist_is_refused(capsys):
    assert main(["run", "lists", "--corpus", str(SAMPLE), "--only", "copies,colours"]) == 2
    assert "no part colours" in capsys.readouterr().err
