"""`run links`: links are taken out, the plain rule finds titles, and precision counts what authors linked."""

import json

from benchmarks.corpora import Corpus
from benchmarks.links import measure, plain_suggestions, table, without_links
from recommender import Article

RIVER = "The ferry crossed the river. Its crew paints the ferry each winter."
ARTICLES = [
    Article("ferry", "Winter paint for the ferry", RIVER),
    Article("crew", "The crew of the river", f"It wrote of [winter paint for the ferry](ferry). {RIVER}"),
    Article("choir", "Songs", "Songs of the choir, and songs of the winter."),
]  # fmt: skip


def test_links_are_taken_out_and_their_words_stay():
    body = 'A <a class="x" href="/b">bee</a> and [a *cat*](c_(d).md "title"), [e][f], ![g](h.png)\n\n[f]: https://z.example'
    assert without_links(Article("a", "", body)).body == "A bee and a *cat*, e, ![g](h.png)\n\n"


def test_the_plain_rule_finds_whole_titles_in_the_order_of_the_text():
    found = plain_suggestions(
        [*ARTICLES, Article("d", "D", "songs, then Winter Paint for the FERRY; not ongsongs")]
    )
    assert found == {"crew": [(1.0, "ferry")], "d": [(1.0, "choir"), (1.0, "ferry")]}


def test_suggestions_are_judged_beside_as_many_of_the_plain_rule(tmp_path):
    path = tmp_path / "articles.jsonl"
    rows = ({"id": each.article_id, "title": each.title, "text": each.body} for each in ARTICLES)
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    result = measure([Corpus("mine", path)], n_jobs=1)
    figures = result["figures"]["mine"]
    assert figures["n_linked"] == 2
    assert figures["plain"]["1"] == {"n": 1, "right": 1, "precision": 1.0} == figures["ours"]["1"]
    assert figures["plain_by_score"] == figures["plain"]
    assert "| mine | 3 | up to 1 | 1.000 of 1 |" in table([result])
