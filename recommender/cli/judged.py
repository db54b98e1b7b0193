"""Opens and evaluates the lists of `recommender evaluate`, from an artifact or a run file."""

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

_NAMED = 5  # ids named in a message


class Judged(NamedTuple):
    """Evaluated lists.

    `missing` are the judged articles that are not on the site. For run files `missing` is empty and
    `exposure` None.
    """

    name: str
    run: Run
    evaluation: Evaluation
    missing: Sequence[str] = ()
    exposure: Exposure | None = None


def open_lists(path: Path) -> Recommender | Run:
    """Open an artifact, which is a folder, or a TREC run file."""
    from recommender.engine import Recommender

    if path.is_dir() or not path.exists():
        return Recommender.load(path)
    try:
        return read_run(path)
    except InputError as error:
        error.add_note(f"{path} is a file and not an artifact; it was read as a TREC run")
        raise


def judge_lists(
    path: Path, lists: Recommender | Run, qrels: Qrels, measures: tuple[Measure, ...], judged_only: bool
) -> Judged:
    """Evaluate the lists opened from `path`, with warnings on missing articles and short lists."""
    if isinstance(lists, Mapping):
        evaluation = evaluate(lists, qrels, measures, judged_only=judged_only)
        _warn_of_own(path, evaluation)
        return Judged(str(path), lists, evaluation)
    known = set(lists.summaries.column("article_id"))
    missing = [query_id for query_id in qrels if query_id not in known]
    run = run_from_lists(lists.related(query_id) for query_id in qrels if query_id in known)
    evaluation = evaluate(run, qrels, measures, judged_only=judged_only)
    _warn_of_depth(path, evaluation, lists.k)
    _warn_of_missing(path, qrels, known, missing)
    return Judged(str(path), run, evaluation, missing, _exposure(lists))


def _exposure(site: Recommender) -> Exposure:
    from scipy.sparse import csr_array

    vectors = csr_array(site.collection.sparse.to_csr(site.model.lexical.n_terms))
    return exposure(site.lists.rows, vectors, site.summaries.published.view("datetime64[us]"))


def _warn_of_depth(path: Path, evaluation: Evaluation, k: int) -> None:
    deeper = [str(measure) for measure in evaluation.values if (measure.cutoff or 0) > k]
    if deeper:
        say(f"Warning: {path}: lists were built with -k {k}, less than the cut-off of {', '.join(deeper)}")


def _warn_of_missing(path: Path, qrels: Qrels, known: set[str], missing: list[str]) -> None:
    if missing:
        say(
            f"Warning: {path}: {len(missing):,} of {len(qrels):,} judged articles are not on this site "
            f"and score 0: {_named(missing)}"
        )
    relevant = {i for grades in qrels.values() for i, grade in grades.items() if grade > 0}
    absent = sorted(relevant - known - set(missing))
    if absent:
        what = "article is" if len(absent) == 1 else "articles are"
        say(f"Warning: {path}: {len(absent):,} related {what} not on this site: {_named(absent)}")


def _warn_of_own(path: Path, evaluation: Evaluation) -> None:
    if evaluation.n_own:
        say(
            f"Warning: {path}: entries and judgements that name the query article itself were left out: "
            f"{evaluation.n_own:,}"
        )


def _named(ids: list[str]) -> str:
    return ", ".join(ids[:_NAMED]) + (", ..." if len(ids) > _NAMED else "")
