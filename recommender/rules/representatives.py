"""The article that represents each group of near copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.rules.article_fields import ArticleFields
from recommender.rules.policy import Policy

__all__ = ["representatives"]


def representatives(
    policy: Policy, collection: Collection, fields: ArticleFields, listable: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the row that represents each article's group, int32 of shape (n,).

    It is chosen among the members of the group that are `listable`, and among all where none is.
    """
    groups = np.asarray(collection.copies.groups)
    found = np.arange(len(groups), dtype=np.int32)
    rows = np.flatnonzero(np.bincount(groups, minlength=len(groups))[groups] > 1).astype(np.int32)
    if not len(rows):
        return found
    from recommender.text.preferred_copy import (
        preferred,  # this package reads HTML; a look-up does not need it
    )

    sections: NDArray[np.int32] | None = None
    wanted: list[int] = []
    if policy.copies == "sections":
        field = fields["section"]
        sections = field.first[rows]
        wanted = [field.codes[name] for name in policy.copy_sections if name in field.codes]
    for some in (rows, rows[listable[rows]]):
        if len(some):
            at = np.searchsorted(rows, some)
            chosen = some[
                preferred(
                    groups[some], policy.copies, published=np.asarray(collection.summaries.published)[some],
                    lengths=np.asarray(collection.text_lengths)[some].astype(np.int64),
                    id_order=np.asarray(collection.id_order)[some],
                    sections=None if sections is None else sections[at], preferred_sections=wanted,
                )
            ]  # fmt: skip
            of_group = dict(zip(groups[some].tolist(), chosen.tolist(), strict=True))
            found[rows] = [of_group.get(int(groups[row]), int(found[row])) for row in rows]
    return found
