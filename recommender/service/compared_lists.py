"""The lists of a site by another policy, made when they are asked for."""

from __future__ import annotations

from dataclasses import replace
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
            next_move = (
                "write a second site with recommender relist, and compare the two with recommender evaluate"
            )
            raise InputError(
                Problem(
                    "exposure concerns all lists together and cannot be compared",
                    str(policy.exposure),
                    next_move,
                )
            )
        self.policy = policy
        self._lock = Lock()
        self._made: tuple[Recommender, Site] | None = None
        self._model: tuple[str, Model] | None = None

    def related(self, site: Recommender, article_id: str, k: int) -> RelatedList:
        """Return the list of an article. The first call for a version of a site takes longer.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        """
        ours = self._by_policy(site)
        row = ours.collection.summaries.row(article_id)
        k = min(k, max(len(ours.collection), ours.settings.k))
        lists, _ = article_list(ours, row, k, {}, ())
        return made_list(ours, article_id, lists, None)

    def _by_policy(self, site: Recommender) -> Site:
        """Return a version of the site with the other policy. Its stored lists are still those of its own."""
        with self._lock:
            if self._made is None or self._made[0] is not site:
                given = site.site
                changed = given.changed(settings=replace(given.settings, policy=self.policy), spread=None)
                self._made = site, changed.changed(model=self._calibrated(changed))
            return self._made[1]

    def _calibrated(self, site: Site) -> Model:
        """Return the model with the chance of this policy, as a build measures it: once, and not with every update."""
        fingerprint = site.model.fingerprint
        if self._model is None or self._model[0] != fingerprint:
            ranking = SiteRanking(site.model, site.collection, site.rules, site.settings.k)
            self._model = fingerprint, ranking.calibrated().model
        return self._model[1]
