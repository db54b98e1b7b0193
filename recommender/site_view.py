"""Read access to the parts of a built site."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from recommender.collection.collection import Collection
from recommender.collection.summary_table import SummaryTable
from recommender.editors import EditorRules
from recommender.lists.lists import Lists
from recommender.lists.site import Site
from recommender.ranking.candidate_index import CandidateIndex
from recommender.rules.policy import Policy
from recommender.scoring.model import Model
from recommender.text.boilerplate import Boilerplate

if TYPE_CHECKING:
    from recommender.encoders.lexical import LexicalEncoder
    from recommender.encoders.named import DenseEncoder

__all__ = ["SiteView"]


class SiteView:
    """The parts of a built site, for `Recommender`."""

    def __init__(self, site: Site, encoder: DenseEncoder | None = None) -> None:
        self._site = site
        self._given_encoder = encoder

    @property
    def site(self) -> Site:
        """Everything that the site holds, as one typed object, after a check of its files."""
        self._site.verify()
        return self._site

    @property
    def model(self) -> Model:
        """What was learned from the site as a whole."""
        self._site.verify("model_")
        return self._site.model

    @property
    def collection(self) -> Collection:
        """The articles as the model sees them."""
        return self.site.collection

    @property
    def index(self) -> CandidateIndex:
        """What candidates are found with."""
        return self.site.index

    @property
    def lists(self) -> Lists:
        """The lists as arrays."""
        self._site.verify("lists_")
        return self._site.lists

    @property
    def summaries(self) -> SummaryTable:
        """The summaries of all articles, in the order of their ids. They check what is read of them."""
        self._site.verify("articles_published")
        return self._site.collection.summaries

    @property
    def k(self) -> int:
        """The longest list."""
        return self._site.settings.k

    @property
    def policy(self) -> Policy:
        """The rules that the lists were made by."""
        return self._site.settings.policy

    @property
    def editors(self) -> EditorRules:
        """Pins and blocks that were given. Those in metadata stay with the articles."""
        return self._site.settings.editors

    @property
    def boilerplate(self) -> Boilerplate:
        """Text that recurs all over the site and was removed from the articles."""
        return self._site.model.boilerplate  # from the manifest

    @cached_property
    def encoder(self) -> LexicalEncoder:
        """The encoder of words that made the vectors."""
        from recommender.encoders.lexical import LexicalEncoder

        lexical = self.model.lexical
        return LexicalEncoder.from_arrays(lexical.arrays, lexical.settings)

    @cached_property
    def neural_encoder(self) -> DenseEncoder | None:
        """The encoder that made the neural vectors, if there are any."""
        if self._site.model.neural is None:
            return None
        from recommender.encoders.named import reopen_encoder

        return reopen_encoder(self._site.model.neural, self._given_encoder)

    @property
    def _summaries(self) -> SummaryTable:
        """The summaries for look-ups, which check what they read."""
        return self._site.collection.summaries

    def __len__(self) -> int:
        return len(self._summaries)

    def __iter__(self) -> Iterator[str]:
        return iter(self._summaries.column("article_id"))

    def __contains__(self, article_id: object) -> bool:
        return isinstance(article_id, str) and self._summaries.find(article_id) is not None

    def __repr__(self) -> str:
        return f"<Recommender: {len(self):,} articles, lists of up to {self.k}>"
