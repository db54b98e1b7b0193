"""Detects declared languages that the texts contradict, such as those of a foreign page template."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recommender.articles import ArticleSummary
from recommender.text.close_languages import LONG_ENOUGH, SURE, are_close
from recommender.text.languages import primary_language

if TYPE_CHECKING:
    from recommender.text.language_scores import LanguageScores

__all__ = ["DECLARED", "Contradiction", "believed_languages", "contradicted", "contradictions"]

DECLARED = "html_lang"
"""Metadata key with the language tag as written in the page, which may come from a template."""

_SAMPLE = 200  # texts read per declared language
_LEAST = 3  # texts that are long enough; with fewer, a declaration is not doubted
_SEED = 11


class Contradiction(NamedTuple):
    """A declared language that most of the texts are not in.

    Attributes
    ----------
    declared : str
        Primary subtag.
    n_read : int
        Number of texts in the sample that are long enough.
    others : list of (str, int)
        Other languages detected with certainty and their number of texts, most frequent first.
    n_articles : int
        Number of articles that declare the language.
    """

    declared: str
    n_read: int
    others: list[tuple[str, int]]
    n_articles: int

    def warning(self) -> str:
        """Return a one-sentence warning about the contradiction."""
        others = ", ".join(f"{count:,} are in {language}" for language, count in self.others)
        return (
            f"the pages declare lang={self.declared!r}, but of {self.n_read:,} sampled texts {others}; "
            f"the language of these {self.n_articles:,} articles is detected from their texts"
        )


def contradictions(
    summaries: Sequence[ArticleSummary], texts: Iterable[tuple[str, str]], *, n_jobs: int | None = None
) -> list[Contradiction]:
    """Return the languages that pages declare and that most texts contradict.

    Only tags from pages are checked: those of articles with `DECLARED` in their metadata. Without such
    articles, no text is read. See `contradicted` for the parameters.
    """
    declared = [_declared(summary) for summary in summaries]
    return contradicted(declared, texts, n_jobs=n_jobs) if any(declared) else []


def believed_languages(summaries: Sequence[ArticleSummary], contradicted: Container[str]) -> list[str | None]:
    """Return the language tag of each article, or None where its page declares a contradicted language."""
    return [
        None if (tag := _declared(summary)) and primary_language(tag) in contradicted else summary.language
        for summary in summaries
    ]


def contradicted(
    declared: Sequence[str | None], texts: Iterable[tuple[str, str]], *, n_jobs: int | None = None
) -> list[Contradiction]:
    """Return the declared languages that most texts contradict.

    For each declared language, 200 articles are read. The declaration is contradicted if at least three of
    them are long enough, and more than half of these are with certainty in another language that is not a
    close relative.

    Parameters
    ----------
    declared : sequence of (str or None), length n_articles
        Language tag of each page, or None.
    texts : iterable of (str, str), length n_articles
        Plain title and body of each article. Not read if no page declares a language.
    n_jobs : int or None
        Threads. The result does not depend on it.

    Returns
    -------
    list of Contradiction
        Sorted by language.

    Examples
    --------
    >>> text = ("Regen", "Am Montag hat es im ganzen Land geregnet, und der Fluss ist über die Ufer getreten. "
    ...                  "Die Schulen bleiben geschlossen, bis das Wasser wieder gefallen ist.")
    >>> [found.declared for found in contradicted(["en-GB"] * 3, [text] * 3)]
    ['en']
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for row, tag in enumerate(declared):
        if language := primary_language(tag):
            rows[language].append(row)
    if not rows:
        return []
    from recommender.text.language_scores import language_scores

    draw = np.random.default_rng(_SEED)
    sample: dict[int, str] = {}
    for name in sorted(rows):
        sample |= dict.fromkeys(draw.permutation(rows[name])[:_SAMPLE].tolist(), name)
    read: list[str] = []
    scores = language_scores(_long_enough(texts, sample, read), n_jobs=n_jobs)
    others = _others(scores, read)
    counts = Counter(read)
    return [
        Contradiction(name, counts[name], _ranked(others[name]), len(rows[name]))
        for name in sorted(others)
        if counts[name] >= _LEAST and 2 * others[name].total() > counts[name]
    ]


def _others(scores: LanguageScores, declared: list[str]) -> dict[str, Counter[str]]:
    """Count, for each declared language, the texts certainly in other languages, by likeliest language."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name in set(declared) & set(scores.names):
        rows = np.flatnonzero(np.array(declared) == name)
        chances = np.exp(scores.log_likelihoods[rows].astype(np.float64))
        chances[:, [other == "zxx" or are_close(name, other) for other in scores.names]] = 0
        sure = chances[chances.sum(axis=1) >= SURE]
        found[name].update(scores.names[column] for column in sure.argmax(axis=1))
    return found


def _declared(summary: ArticleSummary) -> str | None:
    tag = summary.metadata.get(DECLARED)
    if not isinstance(tag, str) or primary_language(tag) != primary_language(summary.language):
        return None
    return tag


def _long_enough(
    texts: Iterable[tuple[str, str]], sample: dict[int, str], read: list[str]
) -> Iterator[tuple[str, str]]:
    """Yield the sampled texts that are long enough, and append the declared language of each to `read`."""
    for row, (title, body) in enumerate(texts):
        if row in sample and len(body.encode()) >= LONG_ENOUGH:
            read.append(sample[row])
            yield title, body


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
