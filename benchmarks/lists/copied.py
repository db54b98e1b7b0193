"""Checks lists for near copies of each other or of their own article."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.lists.subject import Subject, rows_of

__all__ = ["copies"]


def copies(subject: Subject) -> dict[str, Any]:
    """Count lists with two near copies of each other, and with one of the article itself, independently of the engine."""
    lists, found = rows_of(subject.site), subject.copies
    n = len(lists)
    hosts, places = np.nonzero(lists >= 0)
    shown = csr_matrix((np.ones(len(hosts)), (hosts, lists[hosts, places])), shape=(n, n))
    alike = found.pairs.sign()
    with_two = np.flatnonzero(np.asarray(shown.multiply(shown @ alike).sum(axis=1)).ravel() > 0)
    own = np.flatnonzero(np.asarray(shown.multiply(alike).sum(axis=1)).ravel() > 0)
    sizes = found.sizes()
    return {
        "n_lists": n,
        "with_two_copies": len(with_two),
        "with_own_copy": len(own),
        "with_itself": int(shown.diagonal().sum()),
        "articles": [subject.ids[row] for row in np.union1d(with_two, own)[:20].tolist()],
        "n_pairs": int(found.pairs.nnz // 2),
        "n_groups": len(sizes),
        "in_groups": sum(sizes),
        "group_sizes": sizes,
        "grouped_otherwise": _differ(found.groups, subject.site.collection.copies.groups),
    }


def _differ(one: Any, other: Any) -> int:
    """Return the number of articles whose group differs from that of the engine."""
    n = len(one)
    first = {group: row for row, group in reversed(list(enumerate(one.tolist())))}
    mine, theirs = np.array([first[group] for group in one.tolist()], dtype=np.int64), np.asarray(other)
    both = np.unique(mine * n + theirs, return_counts=True)
    together = dict(zip(both[0].tolist(), both[1].tolist(), strict=True))
    sizes = np.bincount(mine, minlength=n), np.bincount(theirs, minlength=n)
    same = [together[key] == sizes[0][key // n] == sizes[1][key % n] for key in (mine * n + theirs).tolist()]
    return n - sum(map(bool, same))
