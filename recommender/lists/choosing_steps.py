"""The steps that choose among the ranked articles of each list: variety, rotation, then caps."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.rules.site_rules import SiteRules
from recommender.scoring.scorer import Scorer

__all__ = ["ChoosingStep", "choosing_depth", "choosing_steps"]

_DEPTH = 64  # ranked articles that variety, caps and exposure choose from

Order = Callable[[NDArray[np.int32], NDArray[np.float32]], NDArray[np.int32]]


class ChoosingStep(NamedTuple):
    """One step. `order` takes rows and scores of shape (m, c) and returns places in the order in which they are taken."""

    name: str
    order: Order

    def __call__(
        self, rows: NDArray[np.int32], scores: NDArray[np.float32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the ranked articles in the order in which they are taken."""
        places = self.order(rows, scores)
        return np.take_along_axis(rows, places, axis=1), np.take_along_axis(scores, places, axis=1)


def choosing_depth(rules: SiteRules, k: int) -> int:
    """Return how many ranked articles lists of k are made of."""
    return max(_DEPTH, 3 * k) if rules.chooses else k


def choosing_steps(rules: SiteRules, scorer: Scorer, k: int) -> list[ChoosingStep]:
    """Return the steps that a policy asks for, in their order. Builds, single lists and explanations run them."""
    policy, steps = rules.policy, []
    if policy.diversity > 0:
        from recommender.lists.diversity import Variety, diversified

        model = scorer.model
        variety = Variety(scorer.collection.sparse, model.lexical.n_terms, policy.diversity, model.chance)
        steps.append(ChoosingStep("diversity", lambda rows, scores: diversified(rows, scores, k, variety)))
    if policy.rotation is not None:
        from recommender.lists.rotation import rotated

        kept = (k + 1) // 2 if policy.rotation_keeps is None else min(policy.rotation_keeps, k)
        seed, hashes = policy.rotation, scorer.collection.summaries.hashes
        steps.append(ChoosingStep("rotation", lambda rows, scores: rotated(rows, k, kept, hashes, seed)))
    if policy.caps:
        from recommender.lists.caps import capped

        caps = [(rules.caps[name], most) for name, most in policy.caps.items()]
        steps.append(ChoosingStep("cap", lambda rows, scores: capped(rows, k, caps)))
    return steps
