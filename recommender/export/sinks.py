"""Databases that hold the lists of a site, and the function `export_to` that brings them up to date."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from recommender.export.sink_plan import VECTORS, OpenSink, SinkPlan, Wanted
from recommender.progress import Progress, no_progress

if TYPE_CHECKING:
    from recommender.engine import Recommender

__all__ = ["Sink", "SinkReport", "checked_name", "export_to"]

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,47}")


class Sink(Protocol):
    """A database: `PostgresSink`, `SqliteVecSink` or `QdrantSink`. As a text it is shown to users, without passwords."""

    def opened(self) -> AbstractContextManager[OpenSink]:
        """Open a transaction. It is committed unless the block raises."""
        ...


@dataclass(frozen=True, slots=True)
class SinkReport:
    """What an export wrote into a sink.

    Parameters
    ----------
    version : int
        The version that the sink holds now.
    before : int or None
        The version that it held before. None for nothing.
    n_lists, n_articles, n_deleted : int
        Lists and articles that were written, and articles that left.
    whole : bool
        Whether everything was written.
    """

    version: int
    before: int | None
    n_lists: int
    n_articles: int
    n_deleted: int
    whole: bool


def export_to(
    site: Recommender,
    sink: Sink,
    *,
    k: int | None = None,
    vectors: str = "auto",
    whole: bool = False,
    progress: Progress = no_progress,
) -> SinkReport:
    """Bring a database up to date with a stored site, in one transaction.

    Only what changed since the version in the sink is written. All is written if the sink holds nothing, another site,
    a version that is too old, or lists or vectors of another length.

    Parameters
    ----------
    site : Recommender
        Loaded or saved.
    sink : Sink
    k : int or None
        Maximum number of entries per list, at least 1. None writes all entries.
    vectors : str
        "auto" writes the vectors of the pretrained model if the site has them, or else those of its words. "model",
        "words", "none".
    whole : bool
        Whether to write everything, whatever the sink holds.
    progress : callable

    Raises
    ------
    ValueError
        If `k` is below 1 or `vectors` is none of `VECTORS`.
    ArtifactError
        If the site was not saved.
    InputError
        If the sink holds something else under the same name, or there are no vectors of the wanted kind.
    RecommenderError
        If the database refuses. Then it holds what it held before.
    MissingExtraError
        If a package is not installed.
    """
    if k is not None and k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if vectors not in VECTORS:
        raise ValueError(f"vectors must be one of {', '.join(VECTORS)}, got {vectors!r}")
    with sink.opened() as held:
        plan = SinkPlan.of(site, held, Wanted(k, vectors, whole), progress)
        if plan.whole or plan.state != held.state:
            held.write(plan)
        before = None if held.state is None else held.state.version
    counts = len(plan.owners), len(plan.rows), len(plan.deleted)
    return SinkReport(plan.state.version, before, *counts, plan.whole)


def checked_name(name: str) -> str:
    """Return a name of a schema, a collection or the beginning of tables, if it needs quoting nowhere.

    Raises
    ------
    ValueError
        If it has other characters than small letters, digits and underscores, or more than 48.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"a name in a database has up to 48 of a-z, 0-9 and _ and begins with no digit, got {name!r}"
        )
    return name
