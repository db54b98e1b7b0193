"""The lists of a site by another policy, made when they are asked for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from recommender.engine import Recommender
from recommender.errors import InputError, Problem
from recommender.lists.list_reasons import made_list
from recommender.lists.related import RelatedList
from recommender.lists.single_lists import article_list
from recommender.lists.site import Site
from recommender.ranking.site_ranking import SiteRanking
from recommender.rules.policy import Policy
from recommender.scoring.model import Model

__all__ = ["ComparedLists"]

_MOST_KEPT = 5_000  # lists, about 5 KB each


@dataclass
class _Version:
    """A version of the site by the other policy, and the lists that were made of it."""

    given: Recommender
    site: Site
    until: float
    lists: dict[str, RelatedList] = field(default_factory=dict)


class ComparedLists:
    """Makes the list that an article would have, if the site were listed again by another policy.

    On a site of up to 2,048 articles it is that very list. On a larger one candidates are searched for one article at a
    time, as for all calls with settings of their own.

    Parameters
    ----------
    policy : Policy

    Raises
    ------
    InputError
        If the policy spreads exposure, which concerns all lists together.
    """

    def __init__(self, policy: Policy) -> None:
        if policy.exposure is not None:
            what = "exposure concerns all lists together and cannot be compared request by request"
            next_move = "write a second site with recommender relist, and use recommender evaluate --against"
            raise InputError(Problem(what, str(policy.exposure), next_move))
        self.policy = policy
        self._lock = Lock()
        self._version: _Version | None = None
        self._model: tuple[str, Model] | None = None

    def related(self, site: Recommender, article_id: str, k: int, exclude: Sequence[str] = ()) -> RelatedList:
        """Return the list of an article. The first call for a version of a site takes longer.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        """
        version = self._of(site)
        if exclude or k > site.k:
            return _made(version.site, article_id, k, exclude)
        found = version.lists.get(article_id)
        if found is None:
            found = _made(version.site, article_id, site.k, ())
            with self._lock:
                version.lists[article_id] = found
                if len(version.lists) > _MOST_KEPT:
                    del version.lists[next(iter(version.lists))]
        return found[:k]

    def _of(self, site: Recommender) -> _Version:
        """Return a version of the site by the other policy. Its stored lists are still those of its own."""
        with self._lock:
            version = self._version
            if version is None or version.given is not site or time.time() >= version.until:
                given, expiry = site.site, site.next_expiry()
                changed = given.changed(settings=replace(given.settings, policy=self.policy), spread=None)
                changed = changed.changed(model=self._calibrated(changed))
                until = float("inf") if expiry is None else expiry.timestamp()
                version = self._version = _Version(site, changed, until)
            return version

    def _calibrated(self, site: Site) -> Model:
        """Return the model with the chance of this policy, as a build measures it: once, and not with every update."""
        fingerprint = site.model.fingerprint
        if self._model is None or self._model[0] != fingerprint:
            ranking = SiteRanking(site.model, site.collection, site.rules, site.longest_list)
            self._model = fingerprint, ranking.calibrated().model
        return self._model[1]


def _made(site: Site, article_id: str, k: int, exclude: Sequence[str]) -> RelatedList:
    row = site.collection.summaries.row(article_id)
    lists, _ = article_list(site, row, min(k, max(len(site.collection), 1)), {}, exclude)
    return made_list(site, article_id, lists, None)
