"""Why an article is not in another's list: the first rule that forbids it, or the step that chose others."""

from recommender.explanations.absence import STAGES, Absence

__all__ = ["STAGES", "Absence"]
