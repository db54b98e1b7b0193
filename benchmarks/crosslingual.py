"""``run crosslingual``: nDCG@10 over articles in other languages, by words, by the table of words, and by both."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import Corpus, open_corpus
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from recommender import InputError, read_articles
from recommender.encoders.language_centres import centred, language_centres
from recommender.encoders.multilingual import MultilingualEncoder
from recommender.encoders.tfidf import TfidfEncoder
from recommender.errors import Problem
from recommender.evaluation import read_qrels

__all__ = ["command", "measure", "table"]

NAME = "crosslingual"
_WAYS = ("words", "table", "both")
_DEPTH = 10
_TABLE_WEIGHT = 0.5  # of the third power of the table's cosines, as in the engine


def measure(corpus: Corpus, *, characters: int = 0, report: Callable[[str], None] = lambda _: None) -> Result:
    """Rank the articles in other languages for each query by the cosines of vectors, without the rest of the engine.

    Parameters
    ----------
    corpus : Corpus
        With judgements, and the language of each article.
    characters : int, default 0
        Characters of each body that are read. 0 reads all.
    report : callable
        Called with a line of text for each way.
    """
    texts, languages, judged = _read(corpus, characters)
    figures: dict[str, Any] = {}
    similarities, seconds = _similarities(texts, languages)
    for way in _WAYS:
        by_language: dict[str, list[float]] = defaultdict(list)
        for row, grades in judged.items():
            others = languages != languages[row]
            grades = {column: grade for column, grade in grades.items() if others[column]}
            if grades:
                by_language[languages[row]].append(
                    _ndcg(np.where(others, similarities[way][row], -np.inf), grades)
                )
        values = [value for each in by_language.values() for value in each]
        figures[way] = {
            "ndcg": float(np.mean(values)) if values else 0.0,
            "seconds": seconds[way],
            "queries": len(values),
            "by_language": {name: float(np.mean(each)) for name, each in sorted(by_language.items())},
        }
        report(f"{way}: {figures[way]['ndcg']:.4f}")
    result = new_result(NAME, 0, {"characters": characters})
    return result | {"corpus": corpus.describe(), "figures": figures}


def _read(
    corpus: Corpus, characters: int
) -> tuple[list[tuple[str, str]], NDArray[np.str_], dict[int, dict[int, int]]]:
    articles = list(read_articles(corpus.articles))
    if corpus.qrels is None or not any(article.language for article in articles):
        problem = Problem(
            "wanted a corpus with judgements and languages", "none", "add qrels.tsv and the field"
        )
        raise InputError(problem)
    place = {article.article_id: row for row, article in enumerate(articles)}
    judged = {
        place[query]: {place[other]: int(grade) for other, grade in grades.items() if other in place}
        for query, grades in read_qrels(corpus.qrels).items()
        if query in place
    }
    texts = [(article.title, article.body[: characters or None]) for article in articles]
    return texts, np.array([(article.language or "").split("-")[0] for article in articles]), judged


def _similarities(
    texts: list[tuple[str, str]], languages: NDArray[np.str_]
) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """Return the similarities of all pairs by each way, and the seconds of encoding."""
    start = time.perf_counter()
    words = TfidfEncoder().fit_transform(texts)
    between = time.perf_counter()
    vectors = MultilingualEncoder().transform(texts, languages.tolist())
    names, codes = np.unique(languages, return_inverse=True)
    vectors = centred(vectors, codes, language_centres(vectors, codes, len(names)))
    end = time.perf_counter()
    cosines = {"words": (words @ words.T).toarray(), "table": vectors @ vectors.T}
    both = cosines["words"] + np.float32(_TABLE_WEIGHT) * np.maximum(cosines["table"], 0) ** 3
    return (
        cosines | {"both": np.asarray(both)},
        {"words": between - start, "table": end - between, "both": end - start},
    )


def _ndcg(scores: NDArray[np.floating[Any]], grades: Mapping[int, int]) -> float:
    """Return the nDCG of a query, gains 2^grade - 1, ties by row."""
    discounts = 1 / np.log2(np.arange(2, _DEPTH + 2))
    best = np.argsort(-scores, kind="stable")[:_DEPTH]
    gains = np.array([2.0 ** grades.get(int(row), 0) - 1 for row in best])
    ideal = np.sort([2.0**grade - 1 for grade in grades.values()])[::-1][:_DEPTH]
    return float(
        (gains * discounts[: len(gains)]).sum() / max((ideal * discounts[: len(ideal)]).sum(), 1e-12)
    )


def table(results: Sequence[Result]) -> str:
    """Return a table with a row for each way of each run, and one of the languages of each run."""
    rows = [
        [
            f"{result['corpus']['name']}, {way}",
            f"{each['ndcg']:.4f}",
            f"{each['queries']:,}",
            f"{each['seconds']:.1f}",
            *origin(result),
        ]
        for result in results
        for way, each in result["figures"].items()
    ]
    header = ["corpus, way", "nDCG@10 over other languages", "queries", "s of encoding", "commit", "started"]
    parts = [markdown_table(header, rows)]
    for result in results:
        names = list(result["figures"]["both"]["by_language"])
        cells = [
            [way, *(f"{each['by_language'][name]:.2f}" for name in names)]
            for way, each in result["figures"].items()
        ]
        parts.append(markdown_table([result["corpus"]["name"], *names], cells))
    return "\n".join(parts)


@click.command(NAME)
@click.option(
    "--corpus", type=click.Path(path_type=Path), required=True, help="Folder of articles and qrels.tsv."
)
@click.option("--characters", type=click.IntRange(min=0), default=0, help="Of each body; 0 reads all.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus: Path, characters: int, out: Path) -> None:
    """Rank articles in other languages by words, by the table of words in many languages, and by both."""
    found = open_corpus(corpus)
    result = measure(found, characters=characters, report=lambda line: click.echo(line, err=True))
    path = write_result(out, result, found.name)
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
