"""Choice of the indexes of a site, by measurements on its own vectors."""

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
