"""Reads rows as articles, and keeps account of those that are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from recommender.articles import Article
from recommender.errors import InputError, Problem
from recommender.plugins.django.configuration import Configuration
from recommender.plugins.django.listed_model import ListedModel
from recommender.progress import REPORT_INTERVAL, Progress

__all__ = ["Reading", "articles_of_ids", "articles_of_rows"]

_CHUNK = 500  # rows that are fetched at a time; databases bound the parameters of a query


@dataclass
class Reading:
    """The account of a reading.

    Attributes
    ----------
    counts : dict of str to int
        Articles of each model.
    empty : list of str
        Ids of rows without title and text, which are no articles.
    problems : list of Problem
        Why other rows could not be read.
    failed : set of str
        Their ids.
    """

    counts: dict[str, int] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)


def articles_of_rows(settings: Configuration, reading: Reading, progress: Progress) -> Iterator[Article]:
    """Yield all live rows as articles. Rows that cannot be read are noted in `reading`."""
    for listed in settings.models:
        reading.counts[listed.label] = 0
        rows = listed.rows_to_read()
        total, step = rows.count(), f"reading {listed.label}"
        for done, row in enumerate(rows.iterator(chunk_size=_CHUNK)):
            if done % REPORT_INTERVAL == 0:
                progress(step, done, total)
            yield from _article(listed, row, reading)
        progress(step, total, total)


def articles_of_ids(
    settings: Configuration, alias: str, article_ids: Sequence[str], reading: Reading
) -> Iterator[Article]:
    """Yield the articles of those ids whose rows are live. Rows that cannot be read are noted in `reading`."""
    for label, listed in settings.by_label.items():
        ids = [each for each in article_ids if each.partition(":")[0] == label]
        for start in range(0, len(ids), _CHUNK):
            keys = listed.keys_of(ids[start : start + _CHUNK])
            for row in listed.rows_to_read(alias).filter(pk__in=keys):
                yield from _article(listed, row, reading)


def _article(listed: ListedModel, row: object, reading: Reading) -> Iterator[Article]:
    article_id = listed.id_of(getattr(row, "pk", None))
    try:
        if not listed.text("title", row) and not listed.text("body", row):
            reading.empty.append(article_id)
            return
        article = listed.article(row)
    except InputError as error:
        reading.failed.add(article_id)
        reading.problems += [problem.at(article_id) for problem in error.problems]
    except Exception as error:  # of a property, a method or a function of the project
        reading.failed.add(article_id)
        what = f"cannot be read ({type(error).__name__}: {error})"
        reading.problems.append(Problem(what, "", "correct the row or its place in RECOMMENDER", article_id))
    else:
        reading.counts[listed.label] = reading.counts.get(listed.label, 0) + 1
        yield article
