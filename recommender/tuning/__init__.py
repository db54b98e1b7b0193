"""Which index a site needs: measured on its own vectors, for the promises that it makes."""

from recommender.tuning.joins import Join
from recommender.tuning.keeping import keep_tuning
from recommender.tuning.promises import Measured, Promises
from recommender.tuning.trials import Trial
from recommender.tuning.tune import Tuning, tune_site
from recommender.tuning.tuned import Tuned, tune_vectors

__all__ = [
    "Join",
    "Measured",
    "Promises",
    "Trial",
    "Tuned",
    "Tuning",
    "keep_tuning",
    "tune_site",
    "tune_vectors",
]
