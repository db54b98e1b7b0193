"""What an export changes in a database, whichever it is: articles and lists to write, and articles that leave."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import ArticleSummary
from recommender.errors import ArtifactError, InputError, Problem
from recommender.lists.related import RelatedList
from recommender.progress import REPORT_INTERVAL, Progress

if TYPE_CHECKING:
    from recommender.collection.collection import Collection
    from recommender.engine import Recommender

__all__ = ["LAYOUT", "VECTORS", "OpenSink", "SinkArticle", "SinkPlan", "SinkState", "Wanted"]

VECTORS = ("auto", "model", "words", "none")
"""Which vectors a sink gets: those of one kind, none, or of the pretrained model if there are any and else of the words."""

LAYOUT = 1
"""Version of what sinks hold. A sink of another one is refused or written anew."""


class SinkState(NamedTuple):
    """What a sink says that it holds.

    Attributes
    ----------
    version : int
    checksum : str
        See `Recommender.checksum`.
    k : int
        Most entries of a list.
    vectors : str
        "model", "words" or "none".
    n_dimensions : int
        0 without vectors.
    """

    version: int
    checksum: str
    k: int
    vectors: str
    n_dimensions: int


class SinkArticle(NamedTuple):
    """An article as sinks store it.

    Attributes
    ----------
    summary : ArticleSummary
    digest : int
        Differs where a field of the article does, the text among them; 64 bits with a sign.
    vector : ndarray of float32, shape (d,), or None
        A unit vector. None for an article without usable text.
    """

    summary: ArticleSummary
    digest: int
    vector: NDArray[np.float32] | None


class OpenSink(Protocol):
    """A sink within a transaction."""

    @property
    def state(self) -> SinkState | None:
        """What the sink holds. None for nothing."""
        ...

    @property
    def no_vectors(self) -> str:
        """Why the sink cannot hold vectors; "" if it can."""
        ...

    def digests(self) -> Mapping[str, int]:
        """Return the digest of each article that the sink holds, by id; none without a sink of ours."""
        ...

    def write(self, plan: SinkPlan) -> None:
        """Carry a plan out."""
        ...


class Wanted(NamedTuple):
    """What a user wants of an export: entries per list (None for all), one of `VECTORS`, and whether all is written."""

    k: int | None
    vectors: str
    whole: bool


@dataclass(frozen=True, eq=False)
class SinkPlan:
    """What brings a sink up to a version of a site.

    Parameters
    ----------
    site : Recommender
    state : SinkState
        What the sink holds afterwards.
    whole : bool
        Whether everything is written, and nothing else stays.
    rows : sequence of int
        Rows of the articles to write: the new ones, and those of which something changed.
    owners : sequence of str
        Ids of the articles whose lists are written, ascending.
    deleted : sequence of str
        Ids of the articles that leave.
    progress : callable
    """

    site: Recommender
    state: SinkState
    whole: bool
    rows: Sequence[int]
    owners: Sequence[str]
    deleted: Sequence[str]
    progress: Progress

    @classmethod
    def of(cls, site: Recommender, sink: OpenSink, wanted: Wanted, progress: Progress) -> Self:
        """Return what changed since the version that a sink holds, or all if that is not known.

        Lists are those that `Recommender.changes_since` names. Articles are compared by their digests, since an edit
        may leave all lists as they were.

        Raises
        ------
        ArtifactError
            If the site was not saved.
        InputError
            If there are no vectors of the wanted kind.
        """
        collection = site.collection  # first of all: it may go on to a newer version
        if site.version is None or site.checksum is None:
            raise ArtifactError("this site is not saved, or has updates that are not saved; save it first")
        kind, vectors = _vectors(collection, wanted.vectors)
        if kind != "none" and sink.no_vectors:
            warnings.warn(f"{sink.no_vectors}; no vectors are written", stacklevel=4)
            kind, vectors = _vectors(collection, "none")
        k = site.k if wanted.k is None else min(wanted.k, site.k)
        state = SinkState(site.version, site.checksum, k, kind, vectors.shape[1])
        plan = cls(site, state, False, (), (), (), progress)
        if sink.state == state and not wanted.whole:
            return plan
        held = sink.digests()
        plan = replace(plan, deleted=sorted(held.keys() - set(site)))
        if sink.state is not None and sink.state[2:] == state[2:] and not wanted.whole:
            with suppress(ArtifactError):  # another site, or too long ago
                changes = site.changes_since(sink.state.version, sink.state.checksum)
                return plan._changing(changes.lists, held)
        return plan.as_whole()

    def as_whole(self) -> Self:
        """Return the plan that writes everything."""
        return replace(self, whole=True, rows=range(len(self.site)), owners=list(self.site))

    @cached_property
    def ids(self) -> list[str]:
        """The ids of the articles to write."""
        column = self.site.collection.summaries.column("article_id")
        return [column[row] for row in self.rows]

    def articles(self) -> Iterator[SinkArticle]:
        """Yield the articles to write."""
        return map(self._article, self.rows)

    def vectors(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield the ids and unit vectors of the articles to write, but for those without usable text."""
        vectors = self._vectors
        return (
            (each, vectors[row]) for each, row in zip(self.ids, self.rows, strict=True) if vectors[row].any()
        )

    def lists(self) -> Iterator[RelatedList]:
        """Yield the lists to write, by ascending id."""
        related, k, total = self.site.related, self.state.k, len(self.owners)
        lists = self.site.related_all(k) if self.whole else (related(each, k) for each in self.owners)
        for done, each in enumerate(lists):
            if done % REPORT_INTERVAL == 0:
                self.progress("exporting", done, total)
            yield each
        self.progress("exporting", total, total)

    def pairs(self) -> Iterator[tuple[SinkArticle, RelatedList]]:
        """Yield every article with its list, if one of the two is to be written."""
        summaries = self.site.collection.summaries
        plan = self if self.whole else replace(self, owners=sorted({*self.ids, *self.owners}))
        for related in plan.lists():
            yield self._article(summaries.row(str(related.article_id))), related

    def _changing(self, lists: Sequence[str], held: Mapping[str, int]) -> Self:
        """Return the plan that writes some lists, and the articles that are not held as they are."""
        digests = zip(self.site, _digests(self.site.collection).tolist(), strict=True)
        rows = [row for row, (each, digest) in enumerate(digests) if held.get(each) != digest]
        lost = (
            set(self.site) - held.keys()
        )  # where somebody else wrote to the sink; new ones are in the lists
        return replace(self, rows=rows, owners=sorted(lost.union(lists)))

    def _article(self, row: int) -> SinkArticle:
        collection = self.site.collection
        vector = self._vectors[row]
        digest = int(_digests(collection)[row])
        return SinkArticle(collection.summaries[row], digest, vector if vector.any() else None)

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return _vectors(self.site.collection, self.state.vectors)[1]


def _digests(collection: Collection) -> NDArray[np.int64]:
    return collection.digests.view(np.int64)  # databases have no unsigned numbers


def _vectors(collection: Collection, wanted: str) -> tuple[str, NDArray[np.float32]]:
    """Return which vectors are written, and the rows of all articles: (n, 0) for none. Raises `InputError`."""
    kinds = {"model": collection.neural, "words": collection.dense}
    kinds = {name: rows for name, rows in kinds.items() if rows.any()}
    if wanted in kinds:
        return wanted, kinds[wanted]
    if wanted in ("auto", "none"):
        for kind, rows in kinds.items() if wanted == "auto" else ():
            return kind, rows
        return "none", np.zeros((len(collection), 0), dtype=np.float32)
    move = {
        "model": "build it with --encoder, or choose the vectors of its words",
        "words": "they need more articles; choose none",
    }
    raise InputError(Problem(f"the site has no vectors of kind {wanted}", next_move=move[wanted]))
