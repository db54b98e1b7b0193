"""``run updates``: seeded edits, and what is told of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.edits import Edits
from benchmarks.report import report
from benchmarks.results import read_results
from recommender import Article

MATTERS = ("harbour cranes lift cargo", "orchard apples frost blossom", "tram line rails depot")


def articles(n: int) -> list[Article]:
    return [
        Article(f"a{number:03}", f"Day {number}", f"{MATTERS[number % 3]} day {number % 7} " * 8)
        for number in range(n)
    ]


def test_edits_are_a_third_of_each_kind_and_repeat_with_the_seed() -> None:
    edits, again = Edits(articles(300), 200, seed=3), Edits(articles(300)[::-1], 200, seed=3)
    kinds: Counter[str] = Counter()
    for _ in range(300):
        there = {article.article_id for article in edits.articles}
        change = edits.change()
        assert change == again.change()
        assert len(change.add) + len(change.delete) == 1
        kinds.update("edited" if each.article_id in there else "added" for each in change.add)
        kinds.update("deleted" for _ in change.delete)
        after = {article.article_id for article in edits.articles}
        assert after == (there | {each.article_id for each in change.add}) - set(change.delete)
    assert all(80 <= n <= 120 for n in kinds.values())
    assert len(kinds) == 3


def test_a_batch_touches_each_article_once() -> None:
    edits = Edits(articles(40), 30, seed=0)
    change = edits.change(25)
    touched = [*(each.article_id for each in change.add), *change.delete]
    assert len(set(touched)) == len(touched) == 25
    assert len(Edits(articles(3), 3, seed=0).change(100).add) <= 3


def test_an_edit_changes_the_text_and_nothing_else() -> None:
    edits = Edits(articles(30), 30, seed=0)
    before = {article.article_id: article for article in edits.articles}
    edited = edits.change(20).add  # all articles are on the site, so none is new
    assert edited
    for article in edited:
        assert article.body != before[article.article_id].body
        assert article.title == before[article.article_id].title


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_updates_of_a_small_site_are_those_of_a_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, out = tmp_path / "town.jsonl", tmp_path / "results"
    corpus.write_text(
        "".join(json.dumps(each.to_dict() | {"text": each.body}) + "\n" for each in articles(60))
    )
    options = ["--edits", "6", "--batches", "2", "--batch-size", "9", "--compared", "20", "--out", str(out)]
    assert main(["run", "updates", "--corpus", str(corpus), *options]) == 0
    printed = capsys.readouterr().out
    (result,) = read_results(out)
    figures = result["figures"]
    assert (figures["n_articles"], len(figures["single"]), len(figures["batches"])) == (54, 6, 2)
    assert [each["edits"] for each in figures["batches"]] == [9, 9]
    lists = figures["lists"]
    assert (lists["equal"], lists["dangling"], lists["same_after_opening"], lists["same_articles"]) == (
        1, 0, True, True,
    )  # fmt: skip
    assert figures["recall"]["before"]["recall"] == figures["recall"]["after"]["recall"] == 1
    assert figures["store_bytes"]["after"] > figures["store_bytes"]["built"] > 0
    assert "| town | 54 | 6 |" in printed
    assert printed in report([result])
