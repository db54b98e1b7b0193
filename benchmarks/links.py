"""``run links``: suggested links, judged by the links of authors, beside the plain rule "the title stands in the text"."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

from benchmarks.corpora import Corpus, check_names, corpora_options, open_corpora
from benchmarks.ours import build_site
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from recommender import Article, Recommender, read_articles
from recommender.evaluation import read_qrels
from recommender.text import SiteLinks, plain_text

__all__ = ["command", "measure", "plain_suggestions", "table", "without_links"]

NAME = "links"
LINKED = 2
"""Grade of articles that an author linked."""

DEPTHS = (1, 3)
FLOOR = 0.5
_WORD = re.compile(r"[^\W_]+")
_ANCHOR = re.compile(r"</?a\b[^<>]*>", re.IGNORECASE)
_IN_MARKDOWN = re.compile(
    r"(?<!!)\[([^\[\]]+)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\[[^\[\]\n]*\])"
)
_ADDRESS = re.compile(r"^[ ]{0,3}\[[^\[\]\n]+\]:[^\n]*$|https?://[^\s<>\"'()\[\]]+", re.MULTILINE)

Linked = Mapping[str, Set[str]]
"""Article id -> the articles that its author linked, or that link it."""

Suggested = Mapping[str, Sequence[tuple[float, str]]]
"""Article id -> strength and target of its suggestions, best first."""


class _Judged(NamedTuple):
    """A corpus without links, and the links that it had."""

    articles: list[Article]
    linked: Linked


def measure(
    corpora: Sequence[Corpus], *, n_jobs: int, report: Callable[[str], None] = lambda _: None
) -> Result:
    """Suggest links in all articles of each corpus, and judge them.

    Parameters
    ----------
    corpora : sequence of Corpus
        With judgements, those of grade 2 are the links and the texts have none. Without, links are taken out of the
        texts, and the words that they stood on stay.
    n_jobs : int
        Threads of the build; the figures do not depend on it.
    report : callable
        Called with a line of text for each corpus.

    Raises
    ------
    InputError
        If two corpora have the same name, or articles are unusable.
    """
    check_names(corpora)
    result = new_result(NAME, 0, {"n_jobs": n_jobs, "floor": FLOOR, "depths": list(DEPTHS)})
    figures = {}
    for corpus in corpora:
        judged = _judged(corpus)
        site = build_site(judged.articles, n_jobs)
        start = time.perf_counter()
        all_of_ours = _ours(site)
        seconds = time.perf_counter() - start
        plain = plain_suggestions(judged.articles)
        by_score = _by_score(site, plain)
        figures[corpus.name] = {
            "n_articles": len(judged.articles),
            "n_linked": sum(bool(each) for each in judged.linked.values()),
            "plain": _precisions(plain, judged.linked),
            "plain_by_score": _precisions(by_score, judged.linked),
            "ours": _precisions(all_of_ours, judged.linked, plain),
            "ours_at_floor": _precisions(_from(all_of_ours, FLOOR), judged.linked),
            "seconds": round(seconds, 2),
        }
        report(f"{corpus.name}: {_summary(figures[corpus.name])}")
    return result | {"corpora": [corpus.describe() for corpus in corpora], "figures": figures}


def plain_suggestions(articles: Sequence[Article]) -> dict[str, list[tuple[float, str]]]:
    """Return, by article, the others whose whole title stands in its text, in the order of the text.

    Titles are compared by their words, regardless of case and punctuation. An article with the same title is none.
    """
    titles: dict[str, list[str]] = {}
    for article in articles:
        titles.setdefault(_words(article.title), []).append(article.article_id)
    titles.pop("", None)
    lengths: dict[str, set[int]] = {}
    for title in titles:
        lengths.setdefault(title.split(" ")[0], set()).add(title.count(" ") + 1)
    found = {}
    for article in articles:
        words = _words(plain_text(article.body)).split()
        own = _words(article.title)
        targets: dict[str, None] = {}
        for at in range(len(words)):
            for length in sorted(lengths.get(words[at], ())):
                title = " ".join(words[at : at + length])
                if title in titles and title != own and at + length <= len(words):
                    targets.update(dict.fromkeys(titles[title]))
        if targets:
            found[article.article_id] = [(1.0, target) for target in targets]
    return found


def without_links(article: Article) -> Article:
    """Return an article without links; the words that they stood on stay.

    Examples
    --------
    >>> without_links(Article("a", "", 'Rain in [May](may.md) and <a href="/june">June</a>, https://example.org')).body
    'Rain in May and June, '
    """
    body = _IN_MARKDOWN.sub(r"\1", _ANCHOR.sub("", article.body))
    return replace(article, body=_ADDRESS.sub("", body)) if body or article.title else article


def _judged(corpus: Corpus) -> _Judged:
    articles = list(read_articles(corpus.articles))
    if corpus.qrels is not None:
        qrels = read_qrels(corpus.qrels)
        linked = {
            one: {other for other, grade in grades.items() if grade >= LINKED}
            for one, grades in qrels.items()
        }
        return _Judged(articles, linked)
    links = SiteLinks()
    for article in articles:
        links.see(article)
    arrays = links.to_arrays()
    starts, ids = arrays["links_indptr"].tolist(), [article.article_id for article in articles]
    linked = {each: set() for each in ids}
    for row, one in enumerate(ids):
        for other in arrays["links_indices"][starts[row] : starts[row + 1]].tolist():
            linked[one].add(ids[other])
            linked[ids[other]].add(one)
    return _Judged([without_links(article) for article in articles], linked)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _ours(site: Recommender) -> dict[str, list[tuple[float, str]]]:
    found = site.link_suggestions_all(max(DEPTHS), floor=0)
    return {str(each.article_id): [(link.strength, link.article_id) for link in each] for each in found}


def _from(suggested: Suggested, floor: float) -> dict[str, list[tuple[float, str]]]:
    """Return the suggestions from a strength on."""
    return {one: [each for each in found if each[0] >= floor] for one, found in suggested.items()}


def _by_score(site: Recommender, suggested: Suggested) -> dict[str, list[tuple[float, str]]]:
    """Return the same suggestions with the scores of the two articles as strengths, best first."""
    pairs = [(article_id, target) for article_id, found in suggested.items() for _, target in found]
    row = site.summaries.row
    rows = np.array([[row(one), row(other)] for one, other in pairs], dtype=np.int32).reshape(-1, 2)
    scores = site.site.scorer.articles(rows[:, 0], rows[:, 1]).tolist()
    found: dict[str, list[tuple[float, str]]] = {}
    for (article_id, target), score in sorted(
        zip(pairs, scores, strict=True), key=lambda each: (-each[1], each[0])
    ):
        found.setdefault(article_id, []).append((score, target))
    return found


def _precisions(suggested: Suggested, linked: Linked, beside: Suggested | None = None) -> dict[str, Any]:
    """Return the precision of the first suggestions of each article, of as many as `beside` has, strongest first."""
    found = {}
    for depth in DEPTHS:
        ranked = sorted(_first(suggested, depth), key=lambda each: (-each[0], each[1:]))
        if beside is not None:
            ranked = ranked[: sum(1 for _ in _first(beside, depth))]
        n_right = sum(target in linked.get(article_id, ()) for _, article_id, target in ranked)
        found[str(depth)] = {
            "n": len(ranked),
            "right": n_right,
            "precision": n_right / len(ranked) if ranked else None,
        }
    return found


def _first(suggested: Suggested, depth: int) -> Iterator[tuple[float, str, str]]:
    for article_id, found in suggested.items():
        yield from ((strength, article_id, target) for strength, target in found[:depth])


def _summary(figures: dict[str, Any]) -> str:
    return "; ".join(
        f"{name} {_cells(figures[name]['1'])}"
        for name in ("plain", "plain_by_score", "ours", "ours_at_floor")
    )


def _cells(figure: dict[str, Any]) -> str:
    return "none" if figure["precision"] is None else f"{figure['precision']:.3f} of {figure['n']:,}"


def table(results: Iterable[Result]) -> str:
    """Return a table with a row for each corpus and depth of each run."""
    header = [
        "corpus", "articles", "links an article", "title in text", "the same, by score", "ours, as many", "gain",
        "ours, from .5 on", "commit", "started",
    ]  # fmt: skip
    rows = [
        [
            corpus,
            f"{each['n_articles']:,}",
            f"up to {depth}",
            *(_cells(each[name][depth]) for name in ("plain", "plain_by_score", "ours")),
            _gain(each, depth),
            _cells(each["ours_at_floor"][depth]),
            *origin(result),
        ]
        for result in results
        for corpus, each in result["figures"].items()
        for depth in map(str, DEPTHS)
    ]
    return markdown_table(header, rows)


def _gain(figures: dict[str, Any], depth: str) -> str:
    ours, plain = (figures[name][depth]["precision"] for name in ("ours", "plain"))
    return "-" if ours is None or plain is None else f"{100 * (ours - plain):+.1f} points"


@click.command(NAME)
@corpora_options
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus_paths: tuple[Path, ...], folder: Path | None, n_jobs: int, out: Path) -> None:
    """Suggest links in the articles of each corpus and judge them by the links of authors."""
    corpora = open_corpora(corpus_paths, folder)
    result = measure(corpora, n_jobs=n_jobs, report=lambda line: click.echo(line, err=True))
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
