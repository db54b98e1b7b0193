"""A build pauses the collector of garbage, and leaves it as it was."""

import gc

import pytest

from recommender import Article, Recommender
from recommender.collector_pause import paused_collector


@pytest.mark.filterwarnings("ignore")
def test_a_build_runs_without_collections_and_leaves_the_collector_on() -> None:
    seen = []

    def articles():
        for number in range(3):
            seen.append(gc.isenabled())
            yield Article(f"a{number}", f"Rain {number}", "It rained.")

    assert gc.isenabled()
    Recommender.from_articles(articles())
    assert seen == [False] * 3
    assert gc.isenabled()


def test_the_collector_is_on_again_after_an_error_and_stays_off_where_it_was() -> None:
    with pytest.raises(ValueError, match="no"), paused_collector():
        raise ValueError("no")
    assert gc.isenabled()
    gc.disable()
    try:
        with paused_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
