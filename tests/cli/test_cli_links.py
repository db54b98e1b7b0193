"""`recommender links`: suggested links of an article, of a draft and of all articles, as text and JSON."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

from recommender import Recommender

ID = "larkspur-first-batch"


def test_json_and_text_are_the_suggestions_of_the_library(site_rec: Path, invoke) -> None:
    site = Recommender.load(site_rec)
    every = [
        json.loads(line) for line in invoke("links", site_rec, "--json", "--floor", 0.2).stdout.splitlines()
    ]
    assert [each["article_id"] for each in every] == sorted(site)
    assert every[:20] == [found.to_dict() for found in islice(site.link_suggestions_all(floor=0.2), 20)]
    article_id, first = next((each["article_id"], each["links"][0]) for each in every if each["links"])
    document = json.loads(invoke("links", site_rec, article_id, "--json", "--floor", 0.2, "-k", 1).stdout)
    assert document == {"article_id": article_id, "links": [first]}
    text = invoke("links", site_rec, article_id, "--floor", 0.2, "-k", 1).stdout
    assert f"[{first['phrase']}]" in text
    assert f"{first['strength']:.3f}  {first['title']}" in text


def test_a_draft_with_links_of_its_own(site_rec: Path, invoke, tmp_path: Path) -> None:
    site = Recommender.load(site_rec)
    title = site.summaries[site.summaries.row(ID)].title
    draft = tmp_path / "draft.md"
    draft.write_text(
        f"The company wrote of it before, in “{title}”, when it had no satellites in orbit.", "utf-8"
    )
    (link,) = json.loads(
        invoke("links", site_rec, "--title", "Larkspur", "--text-file", draft, "--json", "-k", 1).stdout
    )["links"]
    assert link["article_id"] == ID
    draft.write_text(f"Before it was in [{title}]({ID}), when it had no satellites in orbit.", "utf-8")
    found = json.loads(
        invoke("links", site_rec, "--title", "Larkspur", "--text-file", draft, "--json").stdout
    )
    assert ID not in {each["article_id"] for each in found["links"]}
    assert found["article_id"] is None


def test_wrong_usage_and_unknown_articles(site_rec: Path, invoke, tmp_path: Path) -> None:
    assert "give either the ID" in invoke("links", site_rec, ID, "--title", "x", code=2).stderr
    assert "closest: " in invoke("links", site_rec, ID + "s", code=1).stderr
    invoke("links", site_rec, ID, "--floor", 2, code=2)
    assert "does not exist" in invoke("links", tmp_path / "none.rec", ID, code=1).stderr
    assert "no links to suggest" in invoke("links", site_rec, ID, "--floor", 1).stdout
