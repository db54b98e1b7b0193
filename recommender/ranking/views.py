"""Views: what of the candidates is kept under some weights and rules, by content alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.top_k import IdOrder, top_k
from recommender.rules.eligibility import Eligibility
from recommender.scoring.weights import Weights

__all__ = ["View", "best_by_content"]


class View(NamedTuple):
    """The best by content under some weights, of the articles that rules allow.

    Attributes
    ----------
    weights : Weights
    eligibility : Eligibility
    n_kept : int
    n_copies : int
        Members of groups that are kept beside those.
    enough : int
        Candidates below which a query is starved.
    """

    weights: Weights
    eligibility: Eligibility
    n_kept: int
    n_copies: int
    enough: int


def best_by_content(
    content: NDArray[np.float32],
    firsts: NDArray[np.float32],
    names: NDArray[np.int32],
    ids: IdOrder,
    view: View,
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.bool_]]:
    """Return the best of each group of near copies, then further members of groups, as `Nearest` has them.

    Parameters
    ----------
    content : ndarray of float32, shape (m, c)
        NaN for no candidate.
    firsts : ndarray of float32, shape (m, c)
        The same by `one_per_group`.
    names : ndarray of int32, shape (m, c)
        What is returned for each candidate, in the order of `ids`.
    ids : IdOrder
    view : View

    Returns
    -------
    names, contents : ndarray of int32 and float32, shape (m, n_kept + n_copies)
    crowded : ndarray of bool, shape (m,)
        Whether a member of a group gave way to another.
    """
    best, contents = top_k(firsts, names, ids, view.n_kept)
    if firsts is content:
        return best, contents, np.zeros(len(content), dtype=np.bool_)
    represented = np.isnan(firsts) & ~np.isnan(content)
    if view.n_copies:
        others = np.where(represented, content, np.float32(np.nan))
        more, their_contents = top_k(others, names, ids, view.n_copies)
        best, contents = np.hstack([best, more]), np.hstack([contents, their_contents])
    return best, contents, np.asarray(represented.any(axis=1))
