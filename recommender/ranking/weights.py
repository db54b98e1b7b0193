"""What each signal adds to a score."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Weights"]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal adds to a score.

    Parameters
    ----------
    lexical : float, default 0.95
        For the cosine of the sparse vectors, 0 to 1: shared words and word pairs.
    dense : float, default 0.05
        For the cosine of the dense vectors, 0 to 1: words that occur in like company.
    min_score : float, default 0.02
        Entries below it are left out of lists; 0 keeps all that share a term, 1 next to nothing: even copies
        may score a rounding error less.
    """

    lexical: float = 0.95
    dense: float = 0.05
    min_score: float = 0.02

    def __post_init__(self) -> None:
        if not (0 <= self.lexical <= 1 and 0 <= self.dense <= 1 and 0 <= self.min_score <= 1):
            raise ValueError(f"weights and min_score must be from 0 to 1, got {self}")
