"""Work that is shared by threads."""

from __future__ import annotations

import pytest

from recommender.index.threads import mapped


@pytest.mark.parametrize("n_jobs", [None, 1, 2])
def test_results_come_in_the_order_of_the_parts(n_jobs: int | None) -> None:
    assert list(mapped(lambda part: part**2, iter(range(20)), n_jobs)) == [part**2 for part in range(20)]
