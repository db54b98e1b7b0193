"""The walk of a build in tasks.

cut -> fit the model on a sample -> encode each shard -> join the collections
    -> find copies in each two runs -> find and gather mentions of each run -> complete the site -> join the vectors
    -> rank each run of rows -> (rank each further, on a large site) -> rank the starved -> lists of each run
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from joblib import effective_n_jobs

from recommender.articles import Article
from recommender.building import (
    check_settings,
    editors_of,
    listed_apart,
    ranking_of,
    warn_of_editors,
    warn_of_empty,
)
from recommender.editors import EditorRules
from recommender.index.cluster_plan import ROUNDS
from recommender.index.cluster_runs import cluster_runs
from recommender.lists.site import ListSettings, Site
from recommender.progress import Progress, no_progress
from recommender.ranking.site_sizes import is_large
from recommender.rules.expiry import Expiry, clock
from recommender.rules.policy import Policy
from recommender.scoring.model import Model
from recommender.scoring.weights import Weights
from recommender.sharding.article_shards import Shards, cut
from recommender.sharding.joining_tasks import (
    Found,
    Joined,
    complete_site,
    find_copies,
    find_naming,
    gather_mentions,
    join_shards,
    run_pairs,
)
from recommender.sharding.part_file import BadPart
from recommender.sharding.ranking_tasks import (
    Ranks,
    SiteNames,
    gather_lists,
    list_articles,
    list_run,
    n_runs,
    rank_further,
    rank_rows,
    rank_starved,
    site_in,
    turn_lists,
)
from recommender.sharding.shard_settings import ShardSettings
from recommender.sharding.sizing import TOGETHER, check_memory, compared_bytes
from recommender.sharding.task_runs import Task, TaskRuns
from recommender.sharding.tasks import encode_shard, fit_model
from recommender.sharding.vector_tasks import (
    VectorJoin,
    clustered_kinds,
    join_vectors,
    list_vectors,
    plan_vectors,
    settled,
)
from recommender.sharding.work_folder import (
    WorkFolder,
    absolute_url,
    forget_checks,
    open_work_folder,
    part_name,
)
from recommender.store.layout import model_parts, site_of

__all__ = ["Learning", "build_in_shards", "built", "checked_learning", "n_tasks", "settings_of"]

Learning: TypeAlias = tuple[Weights, str | None] | Model
"""The weights and the name of an encoder, by which a model is fitted; or a model, which is used as it is."""

_TRIES = 3  # with a part that is damaged between its task and another that reads it


def checked_learning(model: Model | None, weights: Weights | None, encoder: Any) -> Learning:
    """Return how a model is come by. Raises TypeError for an encoder that is given otherwise than by its name."""
    if encoder is not None and not isinstance(encoder, str):
        raise TypeError(f"wanted the name of an encoder for a build in shards, got {encoder!r:.80}")
    return (weights or Weights(), encoder) if model is None else model


def settings_of(
    k: int, policy: Policy | None, editors: EditorRules | None, n_candidates: int
) -> ListSettings:
    """Return settings, with the usual ones in the place of None."""
    return ListSettings(k, policy or Policy(), editors or EditorRules(), n_candidates)


def n_tasks(n_articles: int, n_shards: int) -> int:
    """Return the number of tasks of a build. Those that copies and vectors need beside one are added when they are known."""
    of_shards = 4 if is_large(n_articles) else 3
    return of_shards * n_shards + 2 * -(-n_shards // TOGETHER) + (8 if is_large(n_articles) else 7)


def build_in_shards(
    articles: Iterable[Article],
    settings: ListSettings,
    learning: Learning,
    how: ShardSettings,
    n_jobs: int | None = None,
    progress: Progress = no_progress,
) -> Site:
    """Return a site whose arrays are memory-mapped from the work folder.

    Parameters
    ----------
    articles : iterable of Article
        Read once, as a stream.
    settings : ListSettings
    learning : Learning
    how : ShardSettings
    n_jobs : int or None
        Tasks at a time. None honours ``joblib.parallel_config``, which also chooses the backend.
    progress : callable
        Called as ``progress(step, done, total)``.

    Raises
    ------
    InputError
        If several articles have the same id, or the reader reports a problem.
    RecommenderError
        If the work folder cannot be written, or workers are lost again and again.
    """
    check_settings(settings)
    url = absolute_url(how.work)
    folder = open_work_folder(url)
    shards = cut(articles, folder, how.shard_bytes, how.fit_on, progress)
    check_memory(how, shards, effective_n_jobs(n_jobs), fits=not isinstance(learning, Model))
    left_out = dict(getattr(articles, "left_out", {}))
    for attempt in range(_TRIES):
        total = n_tasks(shards.n_articles, len(shards.names))
        runs = TaskRuns(url, n_jobs, progress, total, how.memory)
        try:
            return built(folder, runs, shards, settings, learning, left_out)
        except BadPart:
            if attempt == _TRIES - 1:
                raise
            forget_checks()  # the walk goes again, and makes what is missing or damaged
    raise AssertionError  # not reached


def built(
    folder: WorkFolder,
    runs: TaskRuns,
    shards: Shards,
    settings: ListSettings,
    learning: Learning,
    left_out: dict[str, int],
) -> Site:
    """Return the site of some shards; see `build_in_shards`."""
    model = _model(folder, runs, shards, settings, learning)
    encoded = runs.run([Task.of(encode_shard, model, shard) for shard in shards.names])
    names = _site(runs, model, shards, encoded, settings, left_out)
    site = site_in(folder, names)
    near = _near(runs, names, shards.sizes)
    expiry = Expiry.at(site.collection.listed_until, clock(settings.policy))
    ranks, editors = Ranks(names, near, expiry), editors_of(site)
    rules = ranking_of(site, editors, expiry, 1).rules
    listed = folder.read(_listed(runs, ranks, shards, apart=listed_apart(rules)))
    warn_of_editors(editors, rules, site.collection.summaries.column("article_id"))
    warn_of_empty(site)
    arrays = [folder.read(name).arrays for name in names]
    return site_of({**arrays[0], **arrays[1], **listed.arrays}, listed.facts)


def _site(
    runs: TaskRuns,
    model: str,
    shards: Shards,
    encoded: list[str],
    settings: ListSettings,
    left_out: dict[str, int],
) -> SiteNames:
    """Return the names of the parts with the site without lists."""
    folder = open_work_folder(runs.url)
    run_length = max(1, compared_bytes(max(shards.n_bytes), runs.memory) // 2)
    alone = runs.run_alone(Task.of(join_shards, encoded, run_length))
    names = Joined(model, alone)
    pairs = run_pairs(len(folder.read(alone).facts["copy_bounds"]) - 1)
    runs.total += len(pairs) - 1
    compared = [Task.of(find_copies, names, *pair) for pair in pairs]
    copies = [runs.run_alone(compared[0])] if len(compared) == 1 else runs.run(compared)
    bounds = np.cumsum([0, *shards.sizes]).tolist()
    bounds = [*bounds[:-1:TOGETHER], bounds[-1]]
    numbers = range(len(bounds) - 1)
    named = runs.run([Task.of(find_naming, names, bounds, number) for number in numbers])
    mentions = runs.run([Task.of(gather_mentions, named, bounds, number) for number in numbers])
    found = Found(copies, named, mentions)
    key = [names, found, _key_of(settings), left_out]
    return SiteNames(alone, runs.run_alone(Task.of(complete_site, names, found, settings, left_out, key=key)))


def _near(runs: TaskRuns, names: SiteNames, sizes: Sequence[int]) -> str:
    """Return the name of the part with the neighbours of all articles by vectors, and the runs in which they are ranked."""
    folder, listed = open_work_folder(runs.url), dict[str, list[str]]()
    for kind in clustered_kinds(site_in(folder, names)):
        for number in range(len(ROUNDS)):
            join = VectorJoin(names, kind, number)
            planned = runs.run_alone(Task.of(plan_vectors, join))
            of_clusters = cluster_runs(folder.read(planned).arrays["clusters_starts"], len(sizes))
            tasks = [Task.of(list_vectors, join, planned, each.start, each.stop) for each in of_clusters]
            runs.total += 1 + len(tasks)
            listed[kind] = runs.run(tasks)
            if settled(folder, join, planned, listed[kind]):
                break
    return runs.run_alone(Task.of(join_vectors, names, listed, list(sizes)))


def _key_of(settings: ListSettings) -> list[Any]:
    policy, editors = settings.policy.to_dict(), settings.editors.to_dict()
    return [settings.k, settings.n_candidates, policy, editors]


def _model(
    folder: WorkFolder,
    runs: TaskRuns,
    shards: Shards,
    settings: ListSettings,
    learning: Learning,
) -> str:
    """Return the name of the part that holds the model."""
    if isinstance(learning, Model):
        name = part_name("model", learning.fingerprint)
        if not folder.holds(name):
            folder.write(name, *model_parts(learning))
        return name
    weights, encoder = learning
    key = [shards.names, shards.fit_bound, _key_of(settings), weights.to_dict(), encoder]
    name = runs.run_alone(Task.of(fit_model, shards, (settings, weights, encoder), key=key))
    for message in folder.read(name).facts["warnings"]:
        warnings.warn(message, stacklevel=5)
    return name


def _listed(runs: TaskRuns, ranks: Ranks, shards: Shards, *, apart: bool) -> str:
    """Return the name of the part with all lists. They are made `apart` where those of others play no part."""
    numbers = range(n_runs(open_work_folder(runs.url), ranks.near))
    runs.total -= (4 if is_large(shards.n_articles) else 3) * (len(shards.names) - len(numbers))
    ranked = runs.run([Task.of(rank_rows, ranks, run) for run in numbers])
    if is_large(shards.n_articles):
        turned = runs.run_alone(Task.of(turn_lists, ranks, ranked))
        own = zip(ranked, numbers, strict=True)
        ranked = runs.run([Task.of(rank_further, ranks, name, turned, run) for name, run in own])
    anew = runs.run_alone(Task.of(rank_starved, ranks, ranked))
    if not apart:
        return runs.run_alone(Task.of(list_articles, ranks, ranked, anew))
    own = zip(ranked, numbers, strict=True)
    listed = runs.run([Task.of(list_run, ranks, name, anew, run) for name, run in own])
    return runs.run_alone(Task.of(gather_lists, ranks, listed))
