"""Weights of a site's own: fitted where judgements, clicks or links tell what is related."""

from recommender.fitting.fit import MIN_QUERIES, Fit
from recommender.fitting.fit_weights import fit_weights
from recommender.fitting.labels import Labels, link_labels

__all__ = ["MIN_QUERIES", "Fit", "Labels", "fit_weights", "link_labels"]
