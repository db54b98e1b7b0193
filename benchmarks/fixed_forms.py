"""The same site with a signal in its fixed form: what the site says of itself is left out of account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import Recommender
from recommender.collection.attributes import Attribute
from recommender.collection.labels import Labels, LabelVocabulary, title_labels
from recommender.lists.site import resolved
from recommender.progress import no_progress
from recommender.ranking.nearest import Nearest
from recommender.ranking.site_ranking import SiteRanking, site_candidates
from recommender.rules.site_rules import SiteRules
from recommender.scoring.adjustments import HUB_NEIGHBOURS
from recommender.scoring.likelihood_ratios import log_ratios
from recommender.scoring.title_names import title_ratios

__all__ = ["FORMS", "fixed_forms"]

_OTHERWISE = {
    "time": "time against any two",
    "section": "section against the same subject",
    "tags": "tags against the same subject",
}
_NAMES, _NO_NAMES = "title as if all were names", "title as if none were"

_NO_ROUND_UPS = "round-ups as any article"

FORMS = (*_OTHERWISE.values(), _NAMES, _NO_NAMES, _NO_ROUND_UPS)
"""Names of the forms."""


@dataclass(eq=False)
class _Otherwise:
    """An attribute that is compared with the other controls, see `log_ratios`."""

    attribute: Attribute
    edges: NDArray[np.float64]
    matched: bool

    def bins(self, queries: Any, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int8]:
        return self.attribute.bins(queries.attribute, rows, others)


def fixed_forms(site: Recommender, n_jobs: int) -> dict[str, Callable[[], Recommender]]:
    """Return the fixed forms that make a difference on a site, by name, as functions that make its lists."""
    known, attributes = site.model.log_ratios, site.collection.attributes
    names = [name for name in _OTHERWISE if name in attributes and np.any(known.get(name, 0))]
    forms: dict[str, Callable[[], Recommender]] = {}
    nearest = _nearest(site, n_jobs)
    if names:
        otherwise = {
            name: _Otherwise(each := attributes[name], each.edges, not each.matched) for name in names
        }
        measured = log_ratios(otherwise, nearest.rows, site.collection.by_id)
        for name in names:
            ratios = dict(known) | {name: measured[name]}
            forms[_OTHERWISE[name]] = lambda ratios=ratios: _relisted(site, ratios, n_jobs)  # type: ignore[misc]
    forms[_NAMES] = lambda: _with_names(site, n_jobs)
    if "title" in known:
        rest = {name: each for name, each in known.items() if name != "title"}
        forms[_NO_NAMES] = lambda: _relisted(site, rest, n_jobs)
    near = nearest.contents[:, :HUB_NEIGHBOURS].sum(axis=1) / HUB_NEIGHBOURS
    hubs = np.minimum(site.collection.hubs, np.maximum(near, 0)).astype(np.float32)
    if (hubs < 0.99 * site.collection.hubs).any():  # less is rounding
        level = site.replaced(site.site.changed(collection=replace(site.collection, hubs=hubs)))
        forms[_NO_ROUND_UPS] = lambda: _relisted(level, known, n_jobs)
    return forms


def _nearest(site: Recommender, n_jobs: int) -> Nearest:
    """Return the nearest of each article by content, as a build finds them."""
    collection, settings = site.collection, site.site.settings
    rules = SiteRules.of(
        settings.policy, collection, resolved(settings.editors.merged(site.site.metadata_rules), collection)
    )
    candidates = site_candidates(collection, site.index, settings.n_candidates, n_jobs, no_progress)
    ranking = SiteRanking(site.model, collection, rules, settings.k, n_jobs)
    return ranking.nearest(candidates, fitting=True)[1]


def _with_names(site: Recommender, n_jobs: int) -> Recommender:
    labels = [title_labels(title) for title in site.summaries.column("title")]
    vocabulary = LabelVocabulary.of(labels)
    collection = replace(site.collection, labels={**site.collection.labels, "title": vocabulary.rows(labels)})
    model = site.model.changed(labels={**site.model.labels, "title": vocabulary})
    named = site.replaced(site.site.changed(model=model, collection=collection))
    return _relisted(named, dict(model.log_ratios) | {"title": title_ratios(1.0, Labels.edges)}, n_jobs)


def _relisted(site: Recommender, ratios: Mapping[str, NDArray[np.float32]], n_jobs: int) -> Recommender:
    return site.replaced(site.site.changed(model=site.model.changed(log_ratios=ratios))).relisted(
        n_jobs=n_jobs
    )
