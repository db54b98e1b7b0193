"""Lists as rows into lists with ids, titles and reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.artifact.summaries import SummaryTable
from recommender.assembly.lists import RUNG_NAMES
from recommender.errors import UnknownArticleError
from recommender.live import LiveLists, Made
from recommender.ranking.reasons import reasons_of
from recommender.ranking.related import RelatedArticle, RelatedList

__all__ = ["Teller"]

_CARD = ("article_id", "title", "url", "description", "image")


class Teller:
    """Tells the lists of a site, those that are stored and those made now."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], summaries: SummaryTable, live: LiveLists) -> None:
        self._arrays, self._summaries, self._live = arrays, summaries, live

    def stored(self, row: int, k: int | None, *, why: bool) -> RelatedList:
        """Return the list of a row as it was built, cut to k."""
        rows, scores, rungs = (self._arrays[f"list_{name}"][row, :k] for name in ("rows", "scores", "rungs"))
        query = self._live.site.query(row) if why else None
        return self.told(self._summaries.column("article_id")[row], Made(query, rows, scores, rungs), why=why)

    def told(self, article_id: str | None, made: Made, *, why: bool) -> RelatedList:
        """Return a list; with `why`, a score is the sum of the parts it comes with."""
        listed = [row for row in made.rows.tolist() if row >= 0]  # what is shorter is padded at its end
        cards = zip(*(self._summaries.column(name).take(listed) for name in _CARD), strict=True)
        entries: list[RelatedArticle] = []
        each = zip(listed, made.scores.tolist(), made.rungs.tolist(), cards, strict=False)
        for rank, (row, score, rung, (other, title, url, description, image)) in enumerate(each, start=1):
            reasons: dict[str, Any] = {}
            if why and made.query is not None:
                reasons = reasons_of(made.query, self._live.site.query(row), self._live.site, self.term)
                score = sum(reasons["parts"].values())
            entries.append(
                RelatedArticle(
                    other, rank, score, title, url or None, description or None, image or None,
                    rung=RUNG_NAMES[rung], **reasons,
                )
            )  # fmt: skip
        return RelatedList(article_id, tuple(entries))

    def without(self, stored: RelatedList, exclude: Collection[str]) -> tuple[RelatedArticle, ...]:
        """Return the entries that are neither excluded nor near copies of what is, ranked anew."""
        shown = {self._group(article_id) for article_id in exclude} - {None}
        kept = (entry for entry in stored if self._group(entry.article_id) not in shown)
        return tuple(replace(entry, rank=rank) for rank, entry in enumerate(kept, start=1))

    def strongest(self, row: int, n_terms: int) -> tuple[list[str], list[float]]:
        """Return the strongest terms of an article and their weights in its sparse vector."""
        columns, values = self._live.site.sparse.row(row)
        order = np.lexsort((columns, -values))[:n_terms]
        return [self.term(int(column)) for column in columns[order]], values[order].tolist()

    def term(self, column: int) -> str:
        """Return the spelling of a term."""
        from recommender.encoders.spelling import term_at

        return term_at(
            self._arrays["encoder_vocabulary_spelling"], self._arrays["encoder_vocabulary_offsets"], column
        )

    def _group(self, article_id: str) -> int | None:
        try:
            return int(self._arrays["copy_groups"][self._summaries.row(article_id)])
        except UnknownArticleError:
            return None
