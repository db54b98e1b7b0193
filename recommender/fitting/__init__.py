"""Fitting of weights and recency to the judgements, clicks or links of a site."""

from recommender.fitting.fit import MIN_QUERIES, Fit
from recommender.fitting.fit_recency import Recency, RecencyFit
from recommender.fitting.fit_weights import fit_weights
from recommender.fitting.labels import Labels, link_labels

__all__ = ["MIN_QUERIES", "Fit", "Labels", "Recency", "RecencyFit", "fit_weights", "link_labels"]
