"""The whole walk: articles in, related lists out. Each step lives in its stage; this module only calls them in order."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.artifact.folder import open_folder, save_folder
from recommender.artifact.summaries import SummaryTable, columns_of
from recommender.errors import ArtifactError, InputError, Problem
from recommender.ranking.reasons import shared_terms
from recommender.ranking.related import RelatedArticle, RelatedList
from recommender.ranking.weights import Weights

if TYPE_CHECKING:
    from recommender.encoders.lexical import LexicalEncoder, Vectors
    from recommender.text import Boilerplate, TextSpool

__all__ = ["Recommender"]

Progress = Callable[[str, int, int], None]
"""Called as a step goes on: its name, how much is done, and how much there is."""

_TOLD_EVERY = 1000  # articles between two calls of a Progress


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
        self._encoder: LexicalEncoder | None = None
        self._boilerplate: Boilerplate | None = None

    @classmethod
    def from_articles(
        cls,
        articles: Iterable[Article],
        *,
        k: int = 10,
        encoder: LexicalEncoder | None = None,
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
        encoder : LexicalEncoder or None
            None for the default one.
        weights : Weights or None
            What each signal adds to a score, and the score below which an article is left out.
        n_candidates : int, default 200
            Articles scored exactly for each list, at least k; more costs time and finds a little more.
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
        from recommender.encoders.lexical import LexicalEncoder

        if k < 1 or n_candidates < k:
            raise ValueError(f"wanted 1 <= k <= n_candidates, got k={k} and n_candidates={n_candidates}")
        weights = weights if weights is not None else Weights()
        tell = progress if progress is not None else _tell_nobody
        summaries, texts, boilerplate = _read(articles, tell)
        encoder = encoder if encoder is not None else LexicalEncoder(n_jobs=n_jobs)
        vectors = encoder.fit_transform(_Told(texts, "encoding", tell, passes=2))
        arrays = columns_of(summaries)
        arrays["list_rows"], arrays["list_scores"] = _lists(
            vectors, arrays["id_order"], k, weights, n_candidates, n_jobs, tell
        )
        fingerprint = encoder.fingerprint()
        arrays |= _vector_arrays(vectors) | {
            f"encoder_{name}": array for name, array in encoder.to_arrays().items()
        }
        n_empty = int((np.diff(vectors.sparse.indptr) == 0).sum())
        facts = {
            "n_articles": len(summaries),
            "n_without_usable_text": n_empty,
            "k": k,
            "n_candidates": n_candidates,
            "weights": asdict(weights),
            "encoder": {"name": "lexical", "settings": encoder.settings(), "fingerprint": fingerprint},
            "vectors_fingerprint": fingerprint,
            "boilerplate": boilerplate.to_dict(),
        }
        if n_empty:
            warnings.warn(
                f"{n_empty:,} of {len(summaries):,} articles share no word with another article; "
                "their lists are empty",
                stacklevel=2,
            )
        return cls(arrays, facts)

    @classmethod
    def load(cls, path: str | Path, *, check: bool = False) -> Self:
        """Open a saved artifact by memory-mapping; with `check`, read it all and compare checksums.

        Raises
        ------
        ArtifactError
            If there is none, it is damaged, of another schema, or its vectors are another encoder's.
        """
        arrays, facts = open_folder(Path(path))
        arrays.check(contents=check)
        encoder, vectors = facts["encoder"]["fingerprint"], facts["vectors_fingerprint"]
        if encoder != vectors:
            raise ArtifactError(
                f"{path}: its vectors were made by the encoder {vectors}, but it holds the encoder {encoder}; "
                "build it again"
            )
        return cls(arrays, facts)

    def save(self, path: str | Path) -> None:
        """Write the artifact to a folder, whole or not at all; an older artifact there is replaced.

        Raises
        ------
        ArtifactError
            If something else is at `path` or the disk refuses.
        """
        save_folder(Path(path), self.arrays, self.facts)

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
            sparse, dense = self._sparse_row(row), self.arrays["dense"][row]
            rows, scores = self._search(sparse, dense, k, leave_out=row)
            return self._list(article_id, sparse, dense, rows, scores, why)
        return self._stored(row, k, why)

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        """Yield the list of every article, in the order of the input; `k` above what was built gives what was built."""
        _checked(k)
        for row in range(len(self)):
            yield self._stored(row, k, why)

    def related_to(
        self, title: str = "", body: str = "", k: int | None = None, *, why: bool = False
    ) -> RelatedList:
        """Return the list for a draft that is not on the site.

        Parameters
        ----------
        title, body : str
            As in an Article; at least one is not empty.
        k, why
            As in `related`.
        """
        from recommender.text import plain_text

        k = _checked(k) or int(self.facts["k"])
        draft = Article("draft", title, body)
        text = plain_text(draft.title), self.boilerplate.remove(plain_text(draft.body))
        vectors = self.encoder.transform([text])
        sparse = vectors.sparse.indices, vectors.sparse.data
        rows, scores = self._search(sparse, vectors.dense[0], k)
        return self._list(None, sparse, vectors.dense[0], rows, scores, why)

    def terms(self, article_id: str, n_terms: int = 20) -> tuple[list[str], list[float]]:
        """Return the strongest terms of an article and their weights in its sparse vector."""
        columns, values = self._sparse_row(self.summaries.row(article_id))
        order = np.lexsort((columns, -values))[:n_terms]
        return [self._term(int(column)) for column in columns[order]], values[order].tolist()

    @property
    def encoder(self) -> LexicalEncoder:
        """The encoder that made the vectors; opened when first asked for."""
        if self._encoder is None:
            from recommender.encoders.lexical import LexicalEncoder

            prefix = "encoder_"
            learned = {
                name[len(prefix) :]: self.arrays[name] for name in self.arrays if name.startswith(prefix)
            }
            self._encoder = LexicalEncoder.from_arrays(learned, self.facts["encoder"]["settings"])
        return self._encoder

    @property
    def boilerplate(self) -> Boilerplate:
        """What recurs all over the site and was removed from the texts."""
        if self._boilerplate is None:
            from recommender.text import Boilerplate

            self._boilerplate = Boilerplate.from_dict(self.facts["boilerplate"])
        return self._boilerplate

    def _stored(self, row: int, k: int | None, why: bool) -> RelatedList:
        rows = self.arrays["list_rows"][row, :k]
        kept = rows >= 0
        article_id = self.summaries.column("article_id")[row]
        sparse = self._sparse_row(row) if why else None
        dense = self.arrays["dense"][row] if why else None
        return self._list(
            article_id, sparse, dense, rows[kept], self.arrays["list_scores"][row, :k][kept], why
        )

    def _sparse_row(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        part = slice(int(self.arrays["sparse_indptr"][row]), int(self.arrays["sparse_indptr"][row + 1]))
        return self.arrays["sparse_indices"][part], self.arrays["sparse_data"][part]

    def _search(
        self,
        sparse: tuple[NDArray[np.int32], NDArray[np.float32]],
        dense: NDArray[np.float32],
        k: int,
        leave_out: int = -1,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Candidates by the dense vectors, scored exactly: what `_lists` does for all, for one."""
        weights = Weights(**self.facts["weights"])
        cosines = np.asarray(self.arrays["dense"] @ dense)
        n_candidates = min(max(self.facts["n_candidates"], 4 * k) + 1, len(self))
        candidates = (
            np.argpartition(-cosines, n_candidates - 1)[:n_candidates] if len(self) else np.empty(0, int)
        )
        candidates = candidates[candidates != leave_out]
        spread = np.zeros(len(self.arrays["encoder_vocabulary_hashes"]), dtype=np.float32)
        spread[sparse[0]] = sparse[1]
        rows = [self._sparse_row(int(row)) for row in candidates]
        shared = np.array([spread[columns] @ values for columns, values in rows], dtype=np.float64)
        scores = weights.lexical * shared + weights.dense * cosines[candidates]
        kept = (shared > 0) & (scores >= weights.min_score)
        candidates, scores = candidates[kept], scores[kept]
        order = np.lexsort((self.arrays["id_order"][candidates], -scores))[:k]
        return candidates[order], scores[order]

    def _list(
        self,
        article_id: str | None,
        sparse: tuple[NDArray[np.int32], NDArray[np.float32]] | None,
        dense: NDArray[np.float32] | None,
        rows: NDArray[np.integer[Any]],
        scores: NDArray[np.floating[Any]],
        why: bool,
    ) -> RelatedList:
        ids, titles, urls = (self.summaries.column(name) for name in ("article_id", "title", "url"))
        entries = []
        for rank, (row, score) in enumerate(zip(rows.tolist(), scores.tolist(), strict=True), start=1):
            reasons: dict[str, Any] = {}
            if why and sparse is not None and dense is not None:
                reasons = self._reasons(sparse, dense, row)
                score = sum(reasons["parts"].values())
            entries.append(RelatedArticle(ids[row], rank, score, titles[row], urls[row] or None, **reasons))
        return RelatedList(article_id, tuple(entries))

    def _reasons(
        self, sparse: tuple[NDArray[np.int32], NDArray[np.float32]], dense: NDArray[np.float32], row: int
    ) -> dict[str, Any]:
        weights = Weights(**self.facts["weights"])
        part, terms = shared_terms(*sparse, *self._sparse_row(row), weights.lexical, self._term)
        cosine = float(dense.astype(np.float64) @ self.arrays["dense"][row].astype(np.float64))
        return {"parts": {"lexical": part, "dense": weights.dense * cosine}, "terms": terms}

    def _term(self, column: int) -> str:
        from recommender.encoders.spelling import term_at

        return term_at(
            self.arrays["encoder_vocabulary_spelling"], self.arrays["encoder_vocabulary_offsets"], column
        )


class _Told:
    """Texts that say how many of them have been read."""

    def __init__(self, texts: TextSpool, step: str, tell: Progress, passes: int) -> None:
        self._texts, self._step, self._tell = texts, step, tell
        self._read, self._total = 0, passes * len(texts)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for text in self._texts:
            if self._read % _TOLD_EVERY == 0:
                self._tell(self._step, self._read, self._total)
            self._read += 1
            yield text
        self._tell(self._step, self._read, self._total)


def _tell_nobody(step: str, done: int, total: int) -> None:
    """Report no progress."""


def _checked(k: int | None) -> int | None:
    if k is not None and k < 1:
        raise ValueError(f"k must be 1 or more, got {k}")
    return k


def _read(articles: Iterable[Article], tell: Progress) -> tuple[list[ArticleSummary], TextSpool, Boilerplate]:
    """Articles into summaries and clean texts."""
    from recommender.text import TextSpool, find_boilerplate, plain_text

    summaries: list[ArticleSummary] = []
    texts = TextSpool()
    rows: dict[str, int] = {}
    problems = []
    for article in articles:
        if article.article_id in rows:
            problems.append(
                Problem(
                    "id twice",
                    repr(article.article_id),
                    f"it is article {rows[article.article_id] + 1} already",
                )
            )
        rows[article.article_id] = len(summaries)
        title = plain_text(article.title)
        summaries.append(_summary(article, title))
        texts.append(title, plain_text(article.body))
        if len(summaries) % _TOLD_EVERY == 0:
            tell("reading", len(summaries), 0)
    if problems:
        raise InputError(problems)
    tell("reading", len(summaries), len(summaries))
    boilerplate = find_boilerplate(body for _, body in _Told(texts, "finding boilerplate", tell, passes=1))
    return summaries, texts.mapped(boilerplate.remove) if len(boilerplate) else texts, boilerplate


def _summary(article: Article, title: str) -> ArticleSummary:
    return ArticleSummary(
        article.article_id,
        title,
        article.published,
        article.section,
        article.language,
        article.url,
        article.metadata,
    )


def _lists(
    vectors: Vectors,
    id_order: NDArray[np.int32],
    k: int,
    weights: Weights,
    n_candidates: int,
    n_jobs: int | None,
    tell: Progress,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Vectors into lists: neighbours by the dense vectors, scored exactly."""
    from recommender.index.exact import ExactIndex
    from recommender.ranking.rescore import rescore

    index = ExactIndex(n_jobs=n_jobs, on_progress=lambda done, total: tell("finding neighbours", done, total))
    distances, candidates = index.fit(vectors.dense).kneighbors(n_neighbors=n_candidates)
    tell("ranking", 0, 1)
    ranked = rescore(
        vectors.sparse, vectors.sparse, candidates, 1.0 - distances, id_order, k, weights, n_jobs=n_jobs
    )
    tell("ranking", 1, 1)
    return ranked


def _vector_arrays(vectors: Vectors) -> dict[str, NDArray[Any]]:
    return {
        "sparse_indptr": vectors.sparse.indptr.astype(np.int64),
        "sparse_indices": vectors.sparse.indices,
        "sparse_data": vectors.sparse.data,
        "dense": vectors.dense,
    }
