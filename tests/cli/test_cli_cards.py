"""Descriptions and pictures in `related`, `inspect` and `export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.articles import Article
from recommender.cli import lists
from recommender.cli.lists import shortened
from recommender.engine import Recommender

LONG = "Rain closed the valley road on Monday and it is unknown when it will be open to cars and buses again."


@pytest.fixture(scope="module")
def cards_rec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cards") / "site.rec"
    Recommender.from_articles(
        [
            Article("a", "Rain floods the valley road", "", description=LONG, image="/a.jpg"),
            Article("b", "Valley road floods again", "", description="\x1b[31mIt <b>rained</b>."),
            Article("c", "Choir wins a prize", ""),
        ]
    ).save(path)
    return path


def test_json_has_description_and_image(cards_rec: Path, invoke) -> None:
    (entry,) = json.loads(invoke("related", cards_rec, "b", "--json").stdout)["related"]
    assert (entry["description"], entry["image"]) == (LONG, "/a.jpg")
    about = json.loads(invoke("inspect", cards_rec, "c", "--json").stdout)
    assert (about["description"], about["image"]) == (None, None)


@pytest.mark.parametrize("words", [[], ["--why"]])
def test_the_description_is_cut_to_one_line(cards_rec: Path, invoke, words) -> None:
    lines = invoke("related", cards_rec, "b", *words).stdout.splitlines()
    assert lines[2].endswith("Rain floods the valley road")
    assert lines[4] == f"{' ' * 12}{LONG[: LONG.index(' and buses')]}…"
    assert len(lines[4]) <= 100


def test_a_description_fits_the_terminal(cards_rec: Path, invoke, monkeypatch) -> None:
    monkeypatch.setattr(lists, "_line_width", lambda: 40)
    assert f"{' ' * 12}Rain closed the valley road…\n" in invoke("related", cards_rec, "b").stdout


def test_control_characters_in_a_description_do_not_reach_the_terminal(cards_rec: Path, invoke) -> None:
    shown = invoke("related", cards_rec, "a").stdout
    assert shown.splitlines()[-1].strip() == "[31mIt rained."
    assert "\x1b" not in shown


def test_inspect_shows_description_and_image_of_an_article(cards_rec: Path, invoke) -> None:
    shown = invoke("inspect", cards_rec, "a").stdout
    assert f"  description: {LONG}\n" in shown
    assert "  image: /a.jpg\n" in shown
    assert "description" not in invoke("inspect", cards_rec, "c").stdout


def test_an_export_has_description_and_image(cards_rec: Path, invoke) -> None:
    first = json.loads(invoke("export", cards_rec, "--format", "jsonl", "-o", "-").stdout.splitlines()[1])
    assert (first["article_id"], first["related"][0]["description"], first["related"][0]["image"]) == (
        "b",
        LONG,
        "/a.jpg",
    )


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("It rained.", 10, "It rained."),
        ("It rained all day", 10, "It rained…"),
        ("It rained all day", 12, "It rained…"),
        ("Floodwater", 5, "Floo…"),
        ("雨が降った", 10, "雨が降った"),
        ("雨が降った", 9, "雨が降っ…"),
        ("雨が降った", 8, "雨が降…"),
        ("e\u0323e\u0323e\u0323e\u0323", 3, "e\u0323e\u0323…"),
        ("", 5, ""),
    ],
)
def test_a_text_is_cut_to_the_columns_of_a_terminal(text: str, width: int, shown: str) -> None:
    assert shortened(text, width) == shown
