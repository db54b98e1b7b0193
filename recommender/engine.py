"""The whole walk: articles in, related lists out. Each step lives in its stage; this module only calls them in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.artifact.folder import open_folder, save_folder
from recommender.artifact.summaries import SummaryTable
from recommender.errors import ArtifactError
from recommender.progress import Progress, tell_nobody
from recommender.ranking.one_list import Query, rank_one
from recommender.ranking.reasons import reasons_of
from recommender.ranking.related import RelatedArticle, RelatedList
from recommender.ranking.site import LEARNED, Site
from recommender.ranking.weights import Weights

if TYPE_CHECKING:
    from recommender.encoders.lexical import LexicalEncoder
    from recommender.encoders.named import DenseEncoder
    from recommender.ranking.drafts import DraftSearch
    from recommender.text import Boilerplate

__all__ = ["Recommender"]


class Recommender:
    """Related-article lists of a site.

    Made by `from_articles` or `load`; the constructor only stores.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Everything a built site holds; memory-mapped after `load`.
    facts : mapping
        Counts, settings and fingerprints, as JSON can hold them.

    Examples
    --------
    >>> site = Recommender.from_articles([
    ...     Article("a", "Rain floods the valley road", "Rain closed the valley road on Monday."),
    ...     Article("b", "Valley road open again", "The road that rain had closed is open."),
    ...     Article("c", "Choir wins a prize", "The choir sang four songs by heart."),
    ... ])
    >>> site.related("a").article_ids
    ('b',)
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        self.arrays = arrays
        self.facts = facts
        self.summaries = SummaryTable(arrays)
        self._given: DenseEncoder | None = None

    @classmethod
    def from_articles(
        cls,
        articles: Iterable[Article],
        *,
        k: int = 10,
        encoder: LexicalEncoder | DenseEncoder | str | None = None,
        weights: Weights | None = None,
        n_candidates: int = 200,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Build all lists of a site.

        Parameters
        ----------
        articles : iterable of Article
            Read once, as a stream; their texts are not kept.
        k : int, default 10
            Longest list, 1 or more. A list is shorter where fewer articles are related.
        encoder : LexicalEncoder, other encoder, str or None
            None for the default, of words. The name of a model ("all-MiniLM-L6-v2", a folder, a name on the hub), or
            an encoder into vectors such as `NeuralEncoder`, adds its vectors to those of words.
        weights : Weights or None
            What each signal adds to a score, and the score below which an article is left out.
        n_candidates : int, default 200
            Articles scored exactly for each list, at least k, half of them found by shared terms and half by
            the dense vectors; more costs time and finds a little more. On top come half as many by those of a model,
            and those that name each other.
        n_jobs : int or None
            Threads; None honours ``joblib.parallel_config``. The lists do not depend on it.
        progress : callable or None
            Called with the step's name, what is done and what there is.

        Raises
        ------
        InputError
            If two articles have the same id, or whatever the reader behind `articles` reports.

        Warns
        -----
        UserWarning
            With the number of articles that have no usable text and so an empty list.
        """
        from recommender.building import build

        arrays, facts, model = build(
            articles, k=k, encoder=encoder, weights=weights or Weights(), n_candidates=n_candidates,
            n_jobs=n_jobs, tell=progress or tell_nobody,
        )  # fmt: skip
        site = cls(arrays, facts)
        site._given = model
        return site

    @classmethod
    def load(cls, path: str | Path, *, check: bool = False, encoder: DenseEncoder | None = None) -> Self:
        """Open a saved artifact by memory-mapping; with `check`, read it all and compare checksums.

        `encoder` is for drafts on a site whose vectors are of an encoder of your own.

        Raises
        ------
        ArtifactError
            If there is none, it is damaged, of another schema, or its vectors are another encoder's.
        """
        arrays, facts = open_folder(Path(path))
        if check:
            arrays.check(contents=True)
        holds, made_by = facts["encoder"]["fingerprint"], facts["vectors_fingerprint"]
        if holds != made_by:
            raise ArtifactError(
                f"{path}: holds the encoder {holds}, but {made_by} made its vectors; build it again"
            )
        site = cls(arrays, facts)
        site._given = encoder
        return site

    def save(self, path: str | Path) -> None:
        """Write the artifact to a folder, whole or not at all; an older artifact there is replaced.

        Raises
        ------
        ArtifactError
            If something else is at `path` or the disk refuses.
        """
        save_folder(Path(path), self.arrays, self.facts)

    def reweighted(
        self, weights: Weights, *, fit: Mapping[str, Any] | None = None,
        n_jobs: int | None = None, progress: Progress | None = None,
    ) -> Self:  # fmt: skip
        """Return the same site with its lists made anew by other weights, from its vectors.

        `fit` is kept as the fact of that name: where the weights come from.
        """
        from recommender.building import reweigh

        return self.replaced(*reweigh(self.arrays, self.facts, weights, fit, n_jobs, progress or tell_nobody))

    def replaced(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Self:
        """Return a site of other arrays and facts, made by the same encoder."""
        site = type(self)(arrays, facts)
        site._given = self._given
        return site

    def __len__(self) -> int:
        return len(self.summaries)

    def __repr__(self) -> str:
        return f"<Recommender: {len(self):,} articles, lists of up to {self.facts['k']}>"

    def related(self, article_id: str, k: int | None = None, *, why: bool = False) -> RelatedList:
        """Return the list of one article.

        Parameters
        ----------
        article_id : str
        k : int or None
            Entries wanted, 1 or more; None for as many as were built. More than were built are searched now.
        why : bool
            Whether entries come with `parts` and `terms`.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        """
        row = self.summaries.row(article_id)
        _checked(k)
        if k is not None and k > self.facts["k"]:
            query = self._site.query(row)
            return self._list(article_id, query, *rank_one(query, self._site, k, leave_out=row), why)
        return self._stored(row, k, why)

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        """Yield the list of every article, in the order of the input; `k` above what was built gives what was built."""
        _checked(k)
        for row in range(len(self)):
            yield self._stored(row, k, why)

    def related_to(
        self, title: str = "", body: str = "", k: int | None = None, *,
        published: datetime | date | str | None = None, section: str | None = None,
        metadata: Mapping[str, Any] | None = None, why: bool = False,
    ) -> RelatedList:  # fmt: skip
        """Return the list for a draft that is not on the site; the first one of a process takes half a second more.

        Parameters
        ----------
        title, body : str
            As in an Article; at least one is not empty.
        published, section, metadata
            As in an Article; without, date, section and tags play no part.
        k, why
            As in `related`.
        """
        from recommender.text import plain_text

        k = _checked(k) or int(self.facts["k"])
        draft = Article("draft", title, body, published, section, metadata=metadata or {})  # type: ignore[arg-type]
        text = plain_text(draft.title), self.boilerplate.remove(plain_text(draft.body))
        neural = self.neural_encoder.transform([text])[0] if self.neural_encoder else np.zeros(0, np.float32)
        query, rows = self._drafts.query(draft, text, neural, k)
        return self._list(None, query, *rank_one(query, self._site, k, rows), why)

    def terms(self, article_id: str, n_terms: int = 20) -> tuple[list[str], list[float]]:
        """Return the strongest terms of an article and their weights in its sparse vector."""
        columns, values = self._site.sparse.row(self.summaries.row(article_id))
        order = np.lexsort((columns, -values))[:n_terms]
        return [self._term(int(column)) for column in columns[order]], values[order].tolist()

    @cached_property
    def encoder(self) -> LexicalEncoder:
        """The encoder that made the vectors; opened when first asked for."""
        from recommender.encoders.lexical import LexicalEncoder

        learned = {n.removeprefix(LEARNED): self.arrays[n] for n in self.arrays if n.startswith(LEARNED)}
        return LexicalEncoder.from_arrays(learned, self.facts["encoder"]["settings"])

    @cached_property
    def neural_encoder(self) -> DenseEncoder | None:
        """The encoder that made the neural vectors, if there are any; opened when first asked for."""
        if not self.facts["neural"]:
            return None
        from recommender.encoders.named import reopen_encoder

        return reopen_encoder(self.facts["neural"], self._given)

    @cached_property
    def boilerplate(self) -> Boilerplate:
        """What recurs all over the site and was removed from the texts."""
        from recommender.text import Boilerplate

        return Boilerplate.from_dict(self.facts["boilerplate"])

    def _stored(self, row: int, k: int | None, why: bool) -> RelatedList:
        rows = self.arrays["list_rows"][row, :k]
        kept = rows >= 0
        article_id = self.summaries.column("article_id")[row]
        query = self._site.query(row) if why else None
        return self._list(article_id, query, rows[kept], self.arrays["list_scores"][row, :k][kept], why)

    @cached_property
    def _site(self) -> Site:
        return Site.open(self.arrays, self.facts)

    @cached_property
    def _drafts(self) -> DraftSearch:
        from recommender.ranking.drafts import DraftSearch

        return DraftSearch.open(self._site, self.arrays, self.facts)

    def _list(
        self, article_id: str | None, query: Query | None, rows: NDArray[np.integer[Any]],
        scores: NDArray[np.floating[Any]], why: bool,
    ) -> RelatedList:  # fmt: skip
        ids, titles, urls = (self.summaries.column(name) for name in ("article_id", "title", "url"))
        entries = []
        for rank, (row, score) in enumerate(zip(rows.tolist(), scores.tolist(), strict=True), start=1):
            reasons: dict[str, Any] = {}
            if why and query is not None:
                reasons = reasons_of(query, self._site.query(row), self._site, self._term)
            score = sum(reasons["parts"].values()) if reasons else score
            entries.append(RelatedArticle(ids[row], rank, score, titles[row], urls[row] or None, **reasons))
        return RelatedList(article_id, tuple(entries))

    def _term(self, column: int) -> str:
        from recommender.encoders.spelling import term_at

        return term_at(
            self.arrays["encoder_vocabulary_spelling"], self.arrays["encoder_vocabulary_offsets"], column
        )


def _checked(k: int | None) -> int | None:
    if k is not None and k < 1:
        raise ValueError(f"k must be 1 or more, got {k}")
    return k
