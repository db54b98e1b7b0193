from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from joblib import parallel_config

from recommender import Recommender, read_articles
from recommender.sharding.shard_settings import ShardSettings
from recommender.store.layout import site_parts

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "articles.jsonl"


@dataclass
class Ran:
    """What a build reported: the tasks that it found done, and all of them."""

    found: int = -1
    total: int = 0
    steps: list[int] = field(default_factory=list)

    def __call__(self, step: str, done: int, total: int) -> None:
        if step == "tasks":
            self.total = total
            self.steps.append(done)


@pytest.fixture(scope="session")
def in_memory() -> Recommender:
    """The sample, built in memory."""
    return Recommender.from_articles(read_articles(SAMPLE))


@pytest.fixture(scope="session")
def cut_build():
    """Build the sample, or other articles, in shards of 100 kB, by threads of this process."""

    def build(work: object, articles=None, *, backend="threading", n_jobs=2, progress=None, **settings):
        how = ShardSettings(str(work), **{"shard_mb": 0.1} | settings.pop("how", {}))
        with parallel_config(backend=backend, n_jobs=n_jobs):
            return Recommender.from_articles(
                read_articles(SAMPLE) if articles is None else articles,
                shards=how,
                progress=progress,
                **settings,
            )

    return build


@pytest.fixture(scope="session")
def assert_same_bytes():
    """Fail unless two sites have the same arrays and facts: models, vectors, indexes and lists."""

    def check(one: Recommender, other: Recommender) -> None:
        (arrays, facts), (others, their_facts) = site_parts(one.site), site_parts(other.site)
        assert arrays.keys() == others.keys()
        differ = [
            name
            for name, array in arrays.items()
            if array.dtype != others[name].dtype or array.tobytes() != others[name].tobytes()
        ]
        assert not differ
        assert facts == their_facts

    return check
