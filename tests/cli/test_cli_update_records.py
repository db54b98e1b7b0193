"""Rows of an export whose ids are others than those of the build are refused, and not added a second time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender import Recommender


def rows(*numbers: int, **more: str) -> list[dict[str, str]]:
    return [
        {
            "id": f"n{n}",
            "title": f"Rain in valley {n}",
            "text": "Rain closed the valley road.",
            "url": f"/news/{n}",
        }
        | more
        for n in numbers
    ]


@pytest.fixture
def run(tmp_path: Path, invoke):
    def of(command: str, articles: list[dict[str, str]], *options: object, code: int = 0):
        file = tmp_path / "articles.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in articles))
        if command == "build":
            return invoke("build", file, "-o", tmp_path / "x.rec", *options, code=code)
        return invoke("update", tmp_path / "x.rec", file, *options, code=code)

    return of


def ids(folder: Path) -> list[str]:
    return list(Recommender.load(folder / "x.rec"))


def test_a_repeated_id_does_not_double_a_site(run, tmp_path: Path) -> None:
    run("build", rows(1, 2, 3))
    repeated = rows(1, 2, 3) + rows(4, id="n3")
    told = run("update", repeated, code=1).stderr
    assert (
        "articles are on the site already, under other ids, got '/news/1' instead of 'n1', and 2 more" in told
    )
    assert ids(tmp_path) == ["n1", "n2", "n3"]
    run("update", repeated, "--id", "id", "--on-error", "skip")
    assert ids(tmp_path) == ["n1", "n2", "n3"]


def test_a_site_of_addresses_stays_one(run, tmp_path: Path) -> None:
    run("build", rows(1, 2) + rows(3, id="n2"))
    assert ids(tmp_path) == ["/news/1", "/news/2", "/news/3"]
    told = run("update", rows(1, 2, 3), code=1).stderr
    assert (
        "got 'n1' instead of '/news/1', and 2 more; read them with the --id of the build, such as --id url"
        in told
    )
    told = run("update", rows(4), code=1).stderr
    assert "all ids of the site are addresses, got 'n4' instead of '/news/4'; read them with --id url" in told
    run("update", rows(4), "--id", "url")
    assert ids(tmp_path) == ["/news/1", "/news/2", "/news/3", "/news/4"]


def test_an_address_does_not_come_among_ids(run, tmp_path: Path) -> None:
    run("build", rows(1, 2))
    without = [{name: value for name, value in row.items() if name != "id"} for row in rows(3)]
    assert "no id of the site is an address, got '/news/3'" in run("update", without, code=1).stderr
    run("update", without, "--id", "url")
    assert ids(tmp_path) == ["/news/3", "n1", "n2"]


def test_an_article_may_take_the_address_of_one_that_goes(run, tmp_path: Path) -> None:
    run("build", rows(1, 2))
    run("update", rows(1, id="m1"), "--delete", "n1")
    run("update", rows(2, id="m2"), "--sync", "--force")
    assert ids(tmp_path) == ["m2"]


def test_an_address_that_several_share_says_nothing(run, tmp_path: Path) -> None:
    run("build", rows(1, 2, url="/"))
    run("update", rows(3, url="/"))
    assert ids(tmp_path) == ["n1", "n2", "n3"]


def test_a_stream_gives_no_ids_of_another_kind(run, tmp_path: Path, invoke) -> None:
    run("build", rows(1, 2) + rows(3, id="n2"))
    line = json.dumps(rows(4)[0])
    told = invoke("update", tmp_path / "x.rec", "-", stdin=line + "\n", code=1).stderr
    assert "all ids of the site are addresses, got 'n4' instead of '/news/4'; read them with --id url" in told
    invoke("update", tmp_path / "x.rec", "-", "--id", "url", stdin=line + "\n")
    assert ids(tmp_path) == ["/news/1", "/news/2", "/news/3", "/news/4"]
