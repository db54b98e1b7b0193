"""Read access to the parts of a built site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from recommender.argument_checks import checked_id
from recommender.collection.collection import Collection
from recommender.collection.summary_table import SummaryTable, unknown_article
from recommender.editors import EditorRules
from recommender.listing import ALWAYS
from recommender.lists.list_formatter import ListFormatter
from recommender.lists.lists import Lists
from recommender.lists.related import TranslatedArticle
from recommender.lists.site import Site
from recommender.lists.stored_lists import StoredLists
from recommender.ranking.candidate_index import CandidateIndex
from recommender.rules.expiry import clock
from recommender.rules.policy import Policy
from recommender.scoring.model import Model
from recommender.text.boilerplate import Boilerplate
from recommender.updating.stored_site import GoneError, StoredSite

if TYPE_CHECKING:
    from recommender.encoders.lexical import LexicalEncoder
    from recommender.encoders.named import AnyEncoder

__all__ = ["SiteView"]


class SiteView:
    """The parts of a built site, for `Recommender`.

    Parameters
    ----------
    site : Site or StoredSite
    encoder : encoder or None
    """

    def __init__(self, site: Site | StoredSite, encoder: AnyEncoder | None = None) -> None:
        self._state = site if isinstance(site, StoredSite) else StoredSite.unsaved(site)
        self._given_encoder = encoder

    def __reduce__(self) -> tuple[type[Self], tuple[Site, AnyEncoder | None]]:
        """Pickle and copy the whole site, which is then stored nowhere."""
        return type(self), (self.site.detached(), self._given_encoder)

    @property
    def site(self) -> Site:
        """Everything that the site holds, as one typed object, after a check of its files."""
        site = self._site
        site.verify()
        return site

    @property
    def model(self) -> Model:
        """What was learned from the site as a whole."""
        self._state.base.verify("model_")
        return self._state.base.model

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
        site = self._site
        site.verify("lists_")
        return site.lists

    @property
    def summaries(self) -> SummaryTable:
        """The summaries of all articles, in the order of their ids. They check what is read of them."""
        site = self._site
        site.verify("articles_published")
        return site.collection.summaries

    def translations(self, article_id: str) -> tuple[TranslatedArticle, ...]:
        """Return the same page in other languages, one article for each, by their tags; see `RelatedList.translations`.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        """
        place = self._lists.find(checked_id("article_id", article_id))
        if place is None:
            raise unknown_article(article_id, len(self))
        return ListFormatter(self._lists).translations(place)

    def next_expiry(self) -> datetime | None:
        """Return when the next article expires, from which on lists leave it out. None if none does."""
        policy = self.policy
        if policy.now is not None:
            return None
        moment = self._lists.next_expiry(clock(policy))
        return None if moment == ALWAYS else datetime.fromtimestamp(moment / 1e6, UTC)

    @property
    def k(self) -> int:
        """The longest list."""
        return self._state.base.settings.k

    @property
    def policy(self) -> Policy:
        """The rules that the lists were made by."""
        return self._state.base.settings.policy

    @property
    def editors(self) -> EditorRules:
        """Pins and blocks that were given, and those of the desk. Those in metadata stay with the articles."""
        return self._state.editors

    @property
    def boilerplate(self) -> Boilerplate:
        """Text that recurs all over the site and was removed from the articles."""
        return self._state.base.model.boilerplate  # from the manifest

    @cached_property
    def encoder(self) -> LexicalEncoder:
        """The encoder of words that made the vectors."""
        from recommender.encoders.lexical import LexicalEncoder

        lexical = self.model.lexical
        return LexicalEncoder.from_arrays(lexical.arrays, lexical.settings)

    @cached_property
    def neural_encoder(self) -> AnyEncoder | None:
        """The encoder that made the neural vectors, if there are any."""
        neural = self._state.base.model.neural
        if neural is None:
            return None
        from recommender.encoders.named import reopen_encoder

        return reopen_encoder(neural, self._given_encoder)

    @property
    def _site(self) -> Site:
        """The whole site. It is the newest one, if the state's updates were made part of a newer base meanwhile."""
        while True:
            state = self._state
            try:
                return state.whole.site
            except GoneError:
                self._go_to(state.newer() or state)

    def _go_to(self, state: StoredSite) -> None:
        """Make another state the one that is read. Encoders stay while the models are the same."""
        before, after = self._state.base.model, state.base.model
        self._state = state
        if before is not after:
            if before.lexical.fingerprint != after.lexical.fingerprint:
                self.__dict__.pop("encoder", None)
            if before.neural != after.neural:
                self.__dict__.pop("neural_encoder", None)

    @property
    def _lists(self) -> StoredLists:
        """The lists as they are stored."""
        return self._state.lists

    def __len__(self) -> int:
        return len(self._lists)

    def __iter__(self) -> Iterator[str]:
        return iter(self._lists.ids())

    def __contains__(self, article_id: object) -> bool:
        return isinstance(article_id, str) and self._lists.find(article_id) is not None

    def __repr__(self) -> str:
        return f"<Recommender: {len(self):,} articles, lists of up to {self.k}>"
