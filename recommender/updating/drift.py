"""Drift: how far the articles of a site have moved away from its model, which stays as it was fitted.

A frozen model does not know the words of later articles. Two articles about something new then look as if they had less
in common than they have. Three numbers show it, each for articles that are as they were when the model was fitted and for
those that came or changed since: the share of their words that the model does not know, how often a title finds its own
text first, and the chance level measured again. The limits from which on a rebuild is advised are measured, see
docs/updates.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from recommender.lists.site import Site
from recommender.updating.drift_measures import ArticleStates, found_by_title, unknown_share

__all__ = ["Drift", "may_be_advised", "measured_drift", "quick_advice"]

_LOSS = 0.0115  # expected loss from which on a build gained more than 1 % of nDCG@10, see docs/updates.md
_CHANCE = 1.25  # times more or less; such a change came with a loss of 2 % or more
_FEW = 0.25  # share of unchanged articles up to which nothing is left to compare with


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the articles of a site have moved away from its model.

    Parameters
    ----------
    n_articles : int
    n_fitted : int
        Articles that the model was fitted on.
    n_added, n_edited : int
        Articles that came since, and those whose content differs from that of the fit.
    unknown_before, unknown_since : float or None
        Mean share of the terms of an article that the model does not know, by weight, 0 to 1: of the articles that are as
        they were at the fit, and of the others. None where there are none.
    found_before, found_since : float or None
        Share of the articles whose title finds their own text first, in a sample. None where it was not measured.
    chance_before : float
        Chance level of the model.
    chance_now : float or None
        Measured again on the articles of now. None where it was not measured.
    """

    n_articles: int
    n_fitted: int
    n_added: int
    n_edited: int
    unknown_before: float | None
    unknown_since: float | None
    chance_before: float
    found_before: float | None = None
    found_since: float | None = None
    chance_now: float | None = None

    @property
    def changed_share(self) -> float:
        """The share of the articles that came or changed since the fit, 0 to 1."""
        return (self.n_added + self.n_edited) / max(1, self.n_articles)

    @property
    def unknown_rise(self) -> float:
        """How much the mean unknown share of all articles has risen since the fit, -1 to 1."""
        return self.changed_share * _difference(self.unknown_since, self.unknown_before)

    @property
    def found_fall(self) -> float:
        """How much the share of texts found by their titles has fallen among all articles, -1 to 1."""
        return self.changed_share * _difference(self.found_before, self.found_since)

    @property
    def expected_loss(self) -> float:
        """About the share of nDCG@10 that a build would gain: the mean of `unknown_rise` and `found_fall`, from 0 on."""
        return (max(0.0, self.unknown_rise) + max(0.0, self.found_fall)) / 2

    @property
    def advice(self) -> str | None:
        """Why the site should be built again, with the numbers. None if it need not be."""
        reasons = []
        if self.changed_share >= 1 - _FEW:
            reasons.append(f"{self.changed_share:.0%} of the articles are newer than the model")
        if self.expected_loss >= _LOSS:
            reasons.append(
                f"the model does not know {self.unknown_since:.0%} of what the {self.n_added + self.n_edited:,} new "
                f"and edited articles say, and {self.unknown_before:.0%} of the others"
            )
        if self.chance_now is not None and not 1 / _CHANCE < self.chance_now / self.chance_before < _CHANCE:
            reasons.append(f"chance is {self.chance_now:.4f}, the model has {self.chance_before:.4f}")
        return f"build the site again: {'; '.join(reasons)}" if reasons else None

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and the advice as JSON can hold them."""
        names = ("changed_share", "unknown_rise", "found_fall", "expected_loss", "advice")
        return asdict(self) | {name: getattr(self, name) for name in names}


def measured_drift(site: Site, *, sampled: bool = True) -> Drift:
    """Return the drift of a site.

    Without `sampled`, only words are looked at: a millisecond for 1,000 articles. With it, titles are searched for their
    texts and chance is measured again, on samples of a fixed size: about a second.
    """
    model, collection = site.model, site.collection
    states = ArticleStates.of(collection, model.known)
    drift = Drift(
        len(collection), model.n_articles, int(states.added.sum()), int(states.edited.sum()),
        unknown_share(collection, states.same), unknown_share(collection, ~states.same), model.chance,
    )  # fmt: skip
    if not sampled or states.same.all():
        return drift
    from recommender.ranking.site_ranking import SiteRanking  # compiled

    before, since = (found_by_title(site, rows) for rows in (states.same, ~states.same))
    again = SiteRanking(model, collection, site.rules, 1).calibrated()
    return replace(
        drift, found_before=before, found_since=since, chance_now=again.model.chance,
    )  # fmt: skip


def quick_advice(site: Site) -> str | None:
    """Return the advice, without samples where these cannot turn it: a millisecond for 1,000 articles at most."""
    states = ArticleStates.of(site.collection, site.model.known)
    if (~states.same).mean() < _LOSS:
        return None
    drift = measured_drift(site, sampled=False)
    if _LOSS <= drift.unknown_rise < 2 * _LOSS:
        drift = measured_drift(site)
    return drift.advice


def may_be_advised(site: Site, n_changed: int, n_deleted: int) -> bool:
    """Return whether `quick_advice` may have some after an update of a site, by numbers of articles alone."""
    same = ArticleStates.of(site.collection, site.model.known).same
    n_after = len(same) - n_deleted
    return n_after <= 0 or (~same).sum() + n_changed >= _LOSS * n_after


def _difference(one: float | None, other: float | None) -> float:
    return 0.0 if one is None or other is None else one - other
