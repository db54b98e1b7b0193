"""What a build in tasks will take, from a sample that is built: tasks, bytes, memory and time."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable
from typing import NamedTuple

from joblib import parallel_config

from recommender.articles import Article
from recommender.lists.site import ListSettings
from recommender.progress import REPORT_INTERVAL, Progress, no_progress
from recommender.ranking.site_sizes import is_large
from recommender.sharding.article_shards import cut, id_hash, n_shards_of
from recommender.sharding.shard_settings import ShardSettings
from recommender.sharding.sharded_build import Learning, built
from recommender.sharding.sizing import (
    TOGETHER,
    compared_bytes,
    encode_bytes,
    fit_bytes,
    join_bytes,
    run_bytes,
)
from recommender.sharding.task_runs import TaskRuns
from recommender.sharding.work_folder import open_work_folder

__all__ = ["Estimate", "Kind", "estimated"]

_SAMPLE = 2_500  # articles; more than are all compared with all
_WARM = 50  # articles whose build loads the compiled code
_JOIN_POWER = 1.1  # by which the join of vectors grows
_FURTHER = 0.6  # of the ranking of a large site, for its second round


class Kind(NamedTuple):
    """Tasks of one kind: how many, the seconds of one on one core, the memory of its process, whether they run together."""

    name: str
    n: int
    seconds: float
    memory: float
    together: bool


class Estimate(NamedTuple):
    """What a build will take."""

    n_articles: int
    n_bytes: int
    work_bytes: float
    kinds: list[Kind]

    def seconds(self, n_workers: int) -> float:
        """Return the time on some workers. Tasks of all articles have one worker and, at best, all its cores."""
        return sum(
            each.seconds * (-(-each.n // n_workers) if each.together else each.n) for each in self.kinds
        )


def estimated(
    articles: Iterable[Article],
    settings: ListSettings,
    learning: Learning,
    how: ShardSettings,
    progress: Progress = no_progress,
) -> Estimate:
    """Return what a build will take: all articles are read, and a sample of 2,500 is built on one core."""
    n, n_bytes, sample = 0, 0, list[tuple[int, int, Article]]()
    for number, article in enumerate(articles, start=1):
        n, n_bytes = number, n_bytes + len(article.title.encode()) + len(article.body.encode()) + 300
        entry = (-id_hash(article.article_id), number, article)
        if len(sample) < _SAMPLE:
            heapq.heappush(sample, entry)
        elif entry > sample[0]:
            heapq.heapreplace(sample, entry)
        if number % REPORT_INTERVAL == 0:
            progress("reading", number, 0)
    chosen = [article for _, _, article in sorted(sample, key=lambda entry: entry[1])]
    _measured(chosen[:_WARM], settings, learning)
    seconds, work_bytes = _measured(chosen, settings, learning)
    times = n / max(len(chosen), 1)
    n_shards = n_shards_of(n_bytes, how.shard_bytes)
    fitted = min(1.0, how.fit_on / max(n, 1))
    each_shard = encode_bytes(n_bytes / n_shards)
    n_runs = -(-n_shards // TOGETHER)
    compared = compared_bytes(-(-n_bytes // n_shards), how.memory)
    n_compared = -(-2 * n_bytes // compared)  # where each article shares a key with another
    whole, run = join_bytes(n), run_bytes(n_bytes / n_shards)

    def once(name: str, kind: str, memory: float = whole, share: float = 1.0) -> Kind:
        """Return one task over all articles."""
        return Kind(name, 1, seconds.get(kind, 0.0) * times * share, memory, False)

    def many(name: str, n_tasks: int, *kinds: str, memory: float = each_shard, power: float = 1.0) -> Kind:
        """Return tasks over parts of the articles."""
        took = sum(seconds.get(kind, 0.0) for kind in kinds) * times**power
        return Kind(name, n_tasks, took / n_tasks, memory, True)

    kinds = [
        once("fit the model", "fit_model", memory=fit_bytes(n_bytes * fitted), share=fitted),
        many("encode a shard", n_shards, "encode_shard"),
        once("join the shards", "join_shards"),
        many(
            "find copies in two runs",
            max(1, n_compared * (n_compared - 1) // 2),
            "find_copies",
            memory=run_bytes(min(compared, n_bytes)),
        ),
        many("find mentions of a run", 2 * n_runs, "find_naming", "gather_mentions", memory=run),
        once("complete the site", "complete_site"),
        many(
            "join the vectors of a run",
            n_shards,
            "plan_vectors",
            "list_vectors",
            "join_vectors",
            power=_JOIN_POWER,
        ),
        many("rank a shard", n_shards, "rank_rows"),
        many("list a shard", n_shards, "list_run", "list_articles"),
        once("gather the lists", "gather_lists"),
    ]
    if is_large(n):
        ranked = kinds[7]
        kinds.insert(8, ranked._replace(name="rank a shard further", seconds=_FURTHER * ranked.seconds))
    return Estimate(n, n_bytes, work_bytes * times, kinds)


def _measured(
    articles: list[Article], settings: ListSettings, learning: Learning
) -> tuple[dict[str, float], int]:
    """Return the seconds of each kind of task, and the bytes of the parts."""
    with (
        tempfile.TemporaryDirectory(prefix="recommender-estimate-") as place,
        parallel_config("threading", n_jobs=1),
    ):
        folder = open_work_folder(place)
        shards = cut(articles, folder, 2**40, len(articles) or 1, no_progress)
        runs = TaskRuns(place, 1)
        built(folder, runs, shards, settings, learning, {})
        return {kind: sum(each) for kind, each in runs.seconds.items()}, folder.n_bytes()
