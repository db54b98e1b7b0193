"""The whole walk: articles in, related lists out. Each step lives in its stage; this module only calls them in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.artifact.folder import open_artifact, save_folder
from recommender.artifact.summaries import SummaryTable
from recommender.assembly.policy import Policy
from recommender.editors import EditorRules
from recommender.live import LiveLists
from recommender.progress import Progress, no_progress
from recommender.ranking.related import RelatedList
from recommender.ranking.site import LEARNED
from recommender.ranking.weights import Weights
from recommender.telling import Teller

if TYPE_CHECKING:
    from recommender.absence import Absence
    from recommender.encoders.lexical import LexicalEncoder
    from recommender.encoders.named import DenseEncoder
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
        policy: Policy | None = None,
        editors: EditorRules | None = None,
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
            What each signal adds to a score.
        policy : Policy or None
            The rules that make lists of what is ranked: near copies, language, floor and so on.
        editors : EditorRules or None
            Pins and blocks, see `recommender.editors`; those in the metadata of articles come on top.
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
            With the number of articles that have no usable text and so an empty list, and for each rule of editors that
            names an unknown article.
        """
        from recommender.building import Wishes, build

        wishes = Wishes(k, weights or Weights(), policy or Policy(), editors or EditorRules(), n_candidates)
        arrays, facts, model = build(articles, wishes, encoder, n_jobs, progress or no_progress)
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
        arrays, facts = open_artifact(Path(path), check=check)
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

    def relisted(
        self, *, weights: Weights | None = None, policy: Policy | None = None, editors: EditorRules | None = None,
        fit: Mapping[str, Any] | None = None, n_jobs: int | None = None, progress: Progress | None = None,
    ) -> Self:  # fmt: skip
        """Return the same site, its lists made anew from its vectors by other weights, rules, or pins; None keeps each.

        `fit`, kept as the fact of that name, says where the `weights` come from.
        """
        from recommender.building import Wishes, list_again

        wishes = Wishes(
            self.facts["k"], weights or Weights(**self.facts["weights"]), policy or self.policy,
            self.editors if editors is None else editors, self.facts["n_candidates"],
        )  # fmt: skip
        arrays, facts = list_again(self.arrays, self.facts, wishes, n_jobs, progress or no_progress)
        return self.replaced(arrays, facts if weights is None else {**facts, "fit": fit})

    @property
    def policy(self) -> Policy:
        """The rules that the lists were made by."""
        return self._live.policy

    @property
    def editors(self) -> EditorRules:
        """Pins and blocks that were given; those in metadata are with the articles."""
        return EditorRules.from_json(self.facts["editors"]["file"])

    def replaced(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Self:
        """Return a site of other arrays and facts, made by the same encoder."""
        site = type(self)(arrays, facts)
        site._given = self._given
        return site

    def __len__(self) -> int:
        return len(self.summaries)

    def __repr__(self) -> str:
        return f"<Recommender: {len(self):,} articles, lists of up to {self.facts['k']}>"

    def related(
        self, article_id: str, k: int | None = None, *, why: bool = False,
        exclude: Collection[str] = (), **rules: Any,
    ) -> RelatedList:  # fmt: skip
        """Return the list of one article.

        Parameters
        ----------
        article_id : str
        k : int or None
            Entries wanted, 1 or more; None for as many as were built. More than were built are searched now.
        why : bool
            Whether entries come with `parts` and `terms`.
        exclude : collection of str
            Articles that the page shows already: they and their near copies are left out. Ids of elsewhere do not matter.
        **rules
            Settings of `Policy` for this call, such as ``where={"section": ["sport"]}`` or ``cross_language=True``: the
            list is made now, of all articles.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        """
        row = self.summaries.row(article_id)
        wanted = _checked(k) or int(self.facts["k"])
        if not rules and wanted <= self.facts["k"]:
            if not exclude:
                return self._teller.stored(row, k, why=why)
            left = self._teller.without(self._teller.stored(row, None, why=why), exclude)
            if len(left) >= wanted:
                return RelatedList(article_id, left[:wanted])
        return self._teller.told(article_id, self._live.of_article(row, wanted, rules, exclude), why=why)

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        """Yield the list of every article, in the order of the input; `k` above what was built gives what was built."""
        _checked(k)
        for row in range(len(self)):
            yield self._teller.stored(row, k, why=why)

    def related_to(
        self, title: str = "", body: str = "", k: int | None = None, *,
        published: datetime | date | str | None = None, section: str | None = None,
        language: str | None = None, metadata: Mapping[str, Any] | None = None, why: bool = False,
        exclude: Collection[str] = (), **rules: Any,
    ) -> RelatedList:  # fmt: skip
        """Return the list for a draft that is not on the site; the first one of a process takes half a second more.

        Parameters
        ----------
        title, body : str
            As in an Article; at least one is not empty.
        published, section, language, metadata
            As in an Article; without, date, section and tags play no part, and the language is told by the text.
        k, why, exclude, **rules
            As in `related`.
        """
        from recommender.text import plain_text
        from recommender.text.titles import title_text

        k = _checked(k) or int(self.facts["k"])
        draft = Article("draft", title, body, published, section, language, metadata=metadata or {})  # type: ignore[arg-type]
        text = title_text(draft.title), self.boilerplate.remove(plain_text(draft.body))
        neural = self.neural_encoder.transform([text])[0] if self.neural_encoder else np.zeros(0, np.float32)
        return self._teller.told(None, self._live.of_draft(draft, text, neural, k, rules, exclude), why=why)

    def why_not(self, article_id: str, other_id: str) -> Absence:
        """Return what kept `other_id` out of an article's list, or where in it it is: stage, rule and numbers."""
        from recommender.absence import absence

        return absence(self.arrays, self.facts, self.summaries, self._live, article_id, other_id)

    def terms(self, article_id: str, n_terms: int = 20) -> tuple[list[str], list[float]]:
        """Return the strongest terms of an article and their weights in its sparse vector."""
        return self._teller.strongest(self.summaries.row(article_id), n_terms)

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

    @cached_property
    def _live(self) -> LiveLists:
        return LiveLists(self.arrays, self.facts, self.summaries)

    @cached_property
    def _teller(self) -> Teller:
        return Teller(self.arrays, self.summaries, self._live)


def _checked(k: int | None) -> int | None:
    if k is not None and k < 1:
        raise ValueError(f"k must be 1 or more, got {k}")
    return k
