"""Links of a search graph, made from lists of neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.large_arrays import large_array
from recommender.index.kernels.link_choice import LinkRule, backlinks, choose_both, choose_own
from recommender.index.threads import on_all_threads, slices

__all__ = ["linked"]

_ROWS = 1_024


def linked(
    codes: NDArray[np.uint8], keys: NDArray[np.uint64], rule: LinkRule, n_links: int, n_jobs: int | None
) -> NDArray[np.int32]:
    """Return the links of every row, int32 (n, n_links), padded with -1.

    Parameters
    ----------
    codes : ndarray of uint8, shape (n, width)
    keys : ndarray of uint64, shape (n, kept)
        Lists of neighbours; see `Nearest`.
    rule : LinkRule
    n_links : int
        Largest number of links of a row. Each row first chooses half as many; its links are then chosen among these
        and the rows that chose it.
    n_jobs : int or None
        Threads.
    """
    n = len(codes)
    own = large_array((n, n_links // 2), np.int32)
    parts = slices(n, _ROWS)

    def first_choice() -> None:
        for part in parts:
            choose_own(codes, keys[part], rule, own[part])

    on_all_threads(first_choice, n_jobs)
    back = backlinks(own, 2 * n_links)
    links = large_array((n, n_links), np.int32)
    parts = slices(n, _ROWS)

    def final_choice() -> None:
        for part in parts:
            choose_both(codes, own, back, part.start, rule, links[part])

    on_all_threads(final_choice, n_jobs)
    return links
