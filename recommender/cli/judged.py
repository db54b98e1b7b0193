"""The lists that `recommender evaluate` is given, judged: an artifact or a run file in, what was found of it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recommender.cli.terminal import say
from recommender.errors import InputError
from recommender.evaluation import (
    Evaluation,
    Exposure,
    Measure,
    Qrels,
    Run,
    evaluate,
    exposure,
    read_run,
    run_from_lists,
)

if TYPE_CHECKING:
    from recommender.engine import Recommender

__all__ = ["Judged", "judge_lists", "open_lists"]

_NAMED = 5  # ids that a message names


class Judged(NamedTuple):
    """Lists with what was found of them; of a run file, `missing` is empty and `exposure` None.

    `missing` are judged articles that are not on the site.
    """

    name: str
    run: Run
    found: Evaluation
    missing: Sequence[str] = ()
    exposure: Exposure | None = None


def open_lists(path: Path) -> Recommender | Run:
    """Return the site of an artifact, which is a folder, or the run of a TREC file."""
    from recommender.engine import Recommender

    if path.is_dir() or not path.exists():
        return Recommender.load(path)
    try:
        return read_run(path)
    except InputError as error:
        error.add_note(f"{path} is a file, so not an artifact; it was read as a TREC run")
        raise


def judge_lists(
    path: Path, given: Recommender | Run, judged: Qrels, wanted: tuple[Measure, ...], judged_only: bool
) -> Judged:
    """Judge the lists that were opened from `path`, and warn of what the figures cannot show."""
    if isinstance(given, Mapping):
        found = evaluate(given, judged, wanted, judged_only=judged_only)
        _warn_of_own(path, found)
        return Judged(str(path), given, found)
    known = set(given.summaries.column("article_id"))
    missing = [query_id for query_id in judged if query_id not in known]
    run = run_from_lists(given.related(query_id) for query_id in judged if query_id in known)
    found = evaluate(run, judged, wanted, judged_only=judged_only)
    _warn_of_depth(path, found, given.facts["k"])
    _warn_of_missing(path, judged, known, missing)
    return Judged(str(path), run, found, missing, _exposure(given))


def _exposure(site: Recommender) -> Exposure:
    from scipy.sparse import csr_array

    arrays = site.arrays
    data, indices, indptr = (arrays[f"sparse_{name}"] for name in ("data", "indices", "indptr"))
    vectors = csr_array((data, indices, indptr), shape=(len(site), int(indices.max(initial=0)) + 1))
    return exposure(arrays["list_rows"], vectors, arrays["published"].view("datetime64[us]"))


def _warn_of_depth(path: Path, found: Evaluation, k: int) -> None:
    deeper = [str(measure) for measure in found.values if (measure.cutoff or 0) > k]
    if deeper:
        say(f"Warning: {path}: {', '.join(deeper)} look further than the lists, which were built with -k {k}")


def _warn_of_missing(path: Path, judged: Qrels, known: set[str], missing: list[str]) -> None:
    if missing:
        say(
            f"Warning: {path}: {len(missing):,} of {len(judged):,} judged articles are not on this site "
            f"and count as 0: {_named(missing)}"
        )
    wanted = {i for grades in judged.values() for i, grade in grades.items() if grade > 0}
    lost = sorted(wanted - known - set(missing))
    if lost:
        what = "article is" if len(lost) == 1 else "articles are"
        say(
            f"Warning: {path}: {len(lost):,} related {what} not on this site and cannot be found: {_named(lost)}"
        )


def _warn_of_own(path: Path, found: Evaluation) -> None:
    if found.n_own:
        say(
            f"Warning: {path}: left out entries and judgements that name the query article itself: {found.n_own:,}"
        )


def _named(ids: list[str]) -> str:
    return ", ".join(ids[:_NAMED]) + (", ..." if len(ids) > _NAMED else "")
