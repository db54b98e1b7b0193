"""Nothing is replaced that somebody else wrote, however much it resembles what this program writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender import Article, InputError, Recommender, read_articles
from recommender.export import export

ARTICLES = [
    Article("a", "Rain floods the valley road", "Rain closed the valley road on Monday."),
    Article("b", "Valley road open again", "The road that rain had closed is open."),
    Article("c", "Rain on the road", "More rain closed the valley road, and the bridge."),
]

LOOKALIKES = {
    "jsonl": '{"article_id":"a","title":"Rain","text":"It rained.","related":["b"]}\n',
    "json": '{\n"rain":[{"id":"a","title":"My own notes"}]}\n',
    "csv": "article_id,rank,related_id,score,my notes\na,1,b,0.5,good\n",
    "html": "<!doctype html><title>Related articles</title><p>My page.</p>",
    "wp-cli": "#!/bin/sh\nwp post list\n",
}


@pytest.fixture(scope="module")
def site() -> Recommender:
    return Recommender.from_articles(ARTICLES)


@pytest.mark.parametrize("format", LOOKALIKES)
def test_an_export_replaces_exports_alone(site: Recommender, tmp_path: Path, format: str) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    export(site, ours, format)
    before = ours.read_bytes()
    export(site, ours, format)
    assert ours.read_bytes() == before
    if format in ("jsonl", "csv"):
        export(site, ours, format, why=True)
        export(site, ours, format)
        assert ours.read_bytes() == before
    theirs.write_text(LOOKALIKES[format])
    with pytest.raises(InputError, match="not an export of this format"):
        export(site, theirs, format)
    assert theirs.read_text() == LOOKALIKES[format]


@pytest.mark.parametrize("place", ["notes.txt", "articles/notes.txt", "articles/z.json"])
def test_a_file_in_a_folder_of_lists_stays(site: Recommender, tmp_path: Path, place: str) -> None:
    export(site, tmp_path / "lists", "json-dir")
    export(site, tmp_path / "lists", "json-dir")
    (tmp_path / "lists" / place).write_text("mine")
    with pytest.raises(InputError, match="not an export"):
        export(site, tmp_path / "lists", "json-dir")
    assert (tmp_path / "lists" / place).read_text() == "mine"


def test_a_file_of_rejects_replaces_rejects_alone(tmp_path: Path) -> None:
    source, rejects = tmp_path / "articles.jsonl", tmp_path / "x.rejects.jsonl"
    source.write_text('{"id": "a"}\n' + json.dumps({"id": "b", "title": "Rain"}))
    for _ in range(2):
        assert [each.article_id for each in read_articles(source, on_error="skip", rejects=rejects)] == ["b"]
    assert len(rejects.read_text().splitlines()) == 1
    rejects.write_text('{"id": "mine"}\n')
    with pytest.raises(InputError, match="holds no rejects"):
        list(read_articles(source, on_error="skip", rejects=rejects))
    assert rejects.read_text() == '{"id": "mine"}\n'


@pytest.mark.parametrize("name", ["data-notes", "data-part-mine", "updates-old.sqlite", "notes.txt"])
def test_what_a_user_keeps_in_an_artifact_stays(site: Recommender, tmp_path: Path, name: str) -> None:
    path = tmp_path / "site.rec"
    site.save(path)
    mine = path / name / "todo" if name.startswith("data") else path / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("milk")
    again = Recommender.load(path)
    again.update([Article("d", "Rain again", "Rain closed the road.")])
    again.save(path)
    Recommender.load(path).compact()
    Recommender.from_articles(ARTICLES).save(path)
    assert mine.read_text() == "milk"
