"""Why an article is not in another's list: the first rule that says no, or what was chosen instead."""

from recommender.absence.asking import absence
from recommender.absence.record import STAGES, Absence

__all__ = ["STAGES", "Absence", "absence"]
