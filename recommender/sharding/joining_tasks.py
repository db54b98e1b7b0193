"""The tasks that put shards together, and find what articles have in common with all others.

Near copies are looked for among two runs of articles at a time, and mentions of a run of titles in one run of texts after
the other. So their memory depends on the runs, and not on the number of articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from recommender.building import unlisted
from recommender.collection.collection import Collection
from recommender.encoding import mention_rules, put_together, translation_pairs
from recommender.index.sparse_rows import SparseRows
from recommender.lists.site import ListSettings
from recommender.scoring.mention_rows import NamedTitles, mention_rows
from recommender.scoring.mentions import named_titles
from recommender.scoring.model import Model
from recommender.sharding.clean_texts import CleanTexts
from recommender.sharding.joined_collection import joined, joined_arrays
from recommender.sharding.part_file import Part
from recommender.sharding.work_folder import WorkFolder, open_work_folder
from recommender.store.layout import collection_of, model_of, site_parts
from recommender.text.copy_index import CopyIndex
from recommender.text.site_copies import SimilarTexts, joined_copies, similar_texts

__all__ = [
    "Joined", "complete_site", "find_copies", "find_naming", "gather_mentions", "join_shards", "run_pairs",
]  # fmt: skip


class Joined(NamedTuple):
    """The parts that hold the model, and the articles as they are one by one."""

    model: str
    alone: str


def join_shards(folder: WorkFolder, n_jobs: int | None, encoded: Sequence[str], run_length: int) -> Part:
    """Put the collections of all shards together.

    The part also has the rows of articles that may be near copies, and says where runs of them begin that have
    `run_length` characters, about.
    """
    parts = [folder.read(name) for name in encoded]
    arrays = joined_arrays([part.arrays for part in parts])
    index = CopyIndex(arrays["articles_copy_index_keys"], arrays["articles_copy_index_rows"])
    rows = index.shared()
    before = np.cumsum(arrays["articles_text_lengths"][rows], dtype=np.int64)
    starts = np.searchsorted(before, np.arange(run_length, int(before[-1:].sum()), run_length))
    facts = {"labels": parts[0].facts["labels"], "trees": parts[0].facts["trees"]}
    bounds = np.unique([0, *starts.tolist(), len(rows)]).tolist()
    return Part(arrays | {"copy_rows": rows}, facts | {"copy_bounds": bounds})


def run_pairs(n_runs: int) -> list[tuple[int, int]]:
    """Return the pairs of runs that bring each two articles together."""
    return [(one, other) for other in range(1, n_runs) for one in range(other)] or [(0, 0)] * n_runs


def find_copies(folder: WorkFolder, n_jobs: int | None, names: Joined, one: int, other: int) -> Part:
    """Find similar bodies within and between two runs of the articles that may be near copies."""
    part = folder.read(names.alone)
    rows, bounds = part.arrays["copy_rows"], part.facts["copy_bounds"]
    runs = [rows[bounds[run] : bounds[run + 1]] for run in sorted({one, other})]
    found = similar_texts(_texts(folder, names), np.concatenate(runs), n_jobs)
    arrays = {name: np.asarray(each) for name, each in found._asdict().items() if name != "complete"}
    return Part(arrays, {"complete": found.complete})


def find_naming(
    folder: WorkFolder, n_jobs: int | None, names: Joined, bounds: Sequence[int], number: int
) -> Part:
    """Find the mentions of a run of titles in all texts, which are read run by run."""
    (_, alone), model = _opened(folder.url, names), _model(folder, names)
    known = model.known.naming_of(alone.title_hashes[bounds[number] : bounds[number + 1]])

    def texts() -> Iterator[tuple[int, SparseRows]]:
        for start, stop in pairwise(bounds):
            yield start, alone.sparse.take(np.arange(start, stop, dtype=np.int32))

    run = range(bounds[number], bounds[number + 1])
    found = named_titles(alone.titles, run, texts(), mention_rules(model.lexical), known, n_jobs=n_jobs)
    return Part(found._asdict(), {})


def gather_mentions(
    folder: WorkFolder, n_jobs: int | None, named: Sequence[str], bounds: Sequence[int], number: int
) -> Part:
    """Put the mentions of a run of articles together, in both directions."""
    found = [_named(folder, name) for name in named]
    rows = mention_rows(found, range(bounds[number], bounds[number + 1]), bounds[-1])
    return Part(rows._asdict(), {})


class Found(NamedTuple):
    """The parts that hold what articles have in common: similar bodies, named titles, and mentions by article."""

    copies: list[str]
    named: list[str]
    mentions: list[str]


def complete_site(
    folder: WorkFolder,
    n_jobs: int | None,
    names: Joined,
    found: Found,
    settings: ListSettings,
    left_out: dict[str, int],
) -> Part:
    """Return what a site without lists has beside the articles one by one."""
    (part, alone), model = _opened(folder.url, names), _model(folder, names)
    rows = part.arrays["copy_rows"]
    similar = [folder.read(name) for name in found.copies]
    several = [SimilarTexts(**each.arrays, complete=each.facts["complete"]) for each in similar]
    copies = joined_copies(_texts(folder, names), rows, several, n_jobs)
    n_naming = joined([_named(folder, name).n_naming for name in found.named])
    mentions = _stacked([SparseRows(**folder.read(name).arrays) for name in found.mentions])
    pairs = translation_pairs(model, alone, n_jobs=n_jobs)
    collection = put_together(alone, copies, (mentions, n_naming), pairs)
    arrays, facts = site_parts(unlisted(model, collection, settings, left_out, n_jobs))
    return Part({name: each for name, each in arrays.items() if each is not part.arrays.get(name)}, facts)


def _stacked(runs: Sequence[SparseRows]) -> SparseRows:
    ends = np.cumsum([0, *(int(each.indptr[-1]) for each in runs)])
    starts = [each.indptr[1:] + end for each, end in zip(runs, ends, strict=False)]
    indptr = np.concatenate([np.zeros(1, np.int64), *starts])
    return SparseRows(indptr, joined([each.indices for each in runs]), joined([each.data for each in runs]))


def _named(folder: WorkFolder, name: str) -> NamedTitles:
    return NamedTitles(**folder.read(name).arrays)


def _model(folder: WorkFolder, names: Joined) -> Model:
    part = folder.read(names.model)
    return model_of(part.arrays, part.facts)


def _texts(folder: WorkFolder, names: Joined) -> CleanTexts:
    return CleanTexts(_opened(folder.url, names)[1].texts, _model(folder, names).texts)


@lru_cache(maxsize=1)
def _opened(url: str, names: Joined) -> tuple[Part, Collection]:
    part = open_work_folder(url).read(names.alone)
    return part, collection_of(part.arrays, part.facts["labels"], part.facts["trees"])
