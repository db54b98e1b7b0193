"""Choice of the indexes of a site, by measurements on its own vectors."""

from recommender.tuning.joins import Join
from recommender.tuning.keeping import keep_tuning
from recommender.tuning.targets import Measured, Targets
from recommender.tuning.trials import Trial
from recommender.tuning.tune import Tuning, tune_site
from recommender.tuning.tuned import Tuned, tune_vectors

__all__ = [
    "Join",
    "Measured",
    "Targets",
    "Trial",
    "Tuned",
    "Tuning",
    "keep_tuning",
    "tune_site",
    "tune_vectors",
]
