"""The quality goals, reported as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.ours import NEURAL, OURS

__all__ = ["BEST", "BEST_LEXICAL", "goals"]

BEST_LEXICAL, BEST = "best lexical", "best of all"

LEAD, LEAD_SETS, LARGEST_DEFICIT = 0.03, 4, 0.01
NEURAL_LEAD, NEURAL_LEAD_SETS, LARGEST_NEURAL_DEFICIT = 0.05, 3, 0.005
LARGEST_LOSS = 0.005  # of scoring candidates only


def goals(sets: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each goal, with the number of sets on which it holds.

    Parameters
    ----------
    sets : sequence of mapping
        Figures of one variant of each judged set, see `quality.measure`.

    Notes
    -----
    Margins are inclusive: a lead of 3 % is "at least 3 %", a deficit of 1 % is not "more than 1 %".
    """
    sentences = _lead(sets, OURS, BEST_LEXICAL, LEAD, LEAD_SETS)
    sentences += _deficit(sets, OURS, BEST_LEXICAL, LARGEST_DEFICIT)
    sentences += _lead(sets, NEURAL, BEST, NEURAL_LEAD, NEURAL_LEAD_SETS)
    sentences += _deficit(sets, NEURAL, OURS, LARGEST_NEURAL_DEFICIT)
    return sentences + _loss(sets, OURS) + _loss(sets, NEURAL)


def _lead(sets: Sequence[Mapping[str, Any]], scorer: str, rival: str, lead: float, n_sets: int) -> list[str]:
    reached = [value >= lead for value in _relative(sets, scorer, rival)]
    what = f"at least {100 * lead:g} % above {_the(rival)}"
    return _sentence(scorer, what, reached, f"{n_sets} of six")


def _deficit(sets: Sequence[Mapping[str, Any]], scorer: str, rival: str, largest: float) -> list[str]:
    below = [value < -largest for value in _relative(sets, scorer, rival)]
    return _sentence(scorer, f"more than {100 * largest:g} % below {_the(rival)}", below, "none")


def _loss(sets: Sequence[Mapping[str, Any]], scorer: str) -> list[str]:
    losses = [each["two_stage"][scorer]["loss"] for each in sets if scorer in each["two_stage"]]
    too_large = [loss is not None and loss > LARGEST_LOSS for loss in losses]
    what = f"more than {100 * LARGEST_LOSS:g} % lost by scoring candidates only"
    return _sentence(scorer, what, too_large, "none")


def _sentence(scorer: str, what: str, holds: Sequence[bool], goal: str) -> list[str]:
    return [f"{scorer}: {what} on {sum(holds)} of {len(holds)} (the goal is {goal})"] if holds else []


def _relative(sets: Sequence[Mapping[str, Any]], scorer: str, rival: str) -> list[float]:
    against = [each["against"].get(scorer, {}).get(rival) for each in sets]
    return [found["relative"] for found in against if found is not None and found["relative"] is not None]


def _the(rival: str) -> str:
    return {BEST_LEXICAL: "the best lexical baseline", BEST: "the best of all baselines"}.get(rival, rival)
