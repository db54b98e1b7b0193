"""Why an article is not in another's list: the first rule that forbids it, or the step that chose others."""

from recommender.explanations.absence import STAGES, Absence
from recommender.explanations.why_not import why_not

__all__ = ["STAGES", "Absence", "why_not"]
