"""``run difficulty``: whether generated vectors are as hard to search as the same number of real ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.effort import PROBES, WIDTHS, effort
from benchmarks.geometry import geometry
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from benchmarks.vectors import CACHE, VectorSet, open_vectors
from data.generate_vectors import PRESETS
from recommender.errors import MissingExtraError

__all__ = ["command", "measure", "table"]

NAME = "difficulty"
_ASKED = 1000  # queries per curve


def measure(sets: Sequence[VectorSet], *, like: str | None, n: int, seed: int, cache: Path = CACHE) -> Result:
    """Measure real sets, and for each a generated one of the same size and dimensions.

    Parameters
    ----------
    sets : sequence of VectorSet
        Real sets.
    like : {"lsa", "sentence"} or None
        Preset of the generated sets; None as in `open_vectors`.
    n : int
        Largest number of vectors of each set, drawn at random.
    seed : int
        Seed of the draws and of the generator.
    cache : Path
        Folder of generated sets.
    """
    result = new_result(NAME, seed, {"n": n, "like": like, "n_queries": _ASKED})
    figures = []
    for real in sets:
        shape = (min(n, len(real.vectors)), real.vectors.shape[1])
        generated = open_vectors(generated=shape, like=like, n_queries=_ASKED, seed=seed, cache=cache)
        for each in (real, generated):
            figures.append({"set": each.facts, **_figures(each, shape[0], seed)})
    return result | {"figures": figures}


def _figures(vectors: VectorSet, n: int, seed: int) -> dict[str, Any]:
    chosen = np.random.default_rng(seed).choice(len(vectors.vectors), n, replace=False)
    rows = np.ascontiguousarray(vectors.vectors[np.sort(chosen)])
    queries = np.ascontiguousarray(vectors.queries[:_ASKED])
    return {"n": n, **geometry(rows, seed), "effort": _effort(rows, queries, seed)}


def _effort(
    rows: NDArray[np.float32], queries: NDArray[np.float32], seed: int
) -> dict[str, dict[str, dict[str, float]]]:
    try:
        return effort(rows, queries, seed)
    except MissingExtraError as error:
        click.echo(f"left out: {error}", err=True)
        return {}


def table(results: Sequence[Result]) -> str:
    """Return tables of the geometry of sets and of the effort to search them, each real set above its generated one."""
    head = ["vectors", "number"]
    figures = [(result, each) for result in results for each in result["figures"]]
    shape = [
        *("nearest", "10th", "100th", "random", "contrast", "intrinsic dimension", "hubness", "near copies"),
        *("effective dimensions", "commit", "started"),
    ]
    text = "Cosines and intrinsic dimension: median, and 10 % and 90 % quantiles.\n\n"
    text += markdown_table([*head, *shape], ([*_name(f), *_shape_cells(f), *origin(r)] for r, f in figures))
    curves = [*(f"IVF {n}" for n in PROBES), *(f"HNSW {n}" for n in WIDTHS), "commit", "started"]
    text += "\nRecall@10 of fixed indexes: IVF by lists probed, with the share of vectors compared; "
    text += "HNSW by candidates kept, with comparisons a query.\n\n"
    rows = ([*_name(f), *_effort_cells(f["effort"]), *origin(r)] for r, f in figures)
    return text + markdown_table([*head, *curves], rows)


def _name(figures: dict[str, Any]) -> list[str]:
    return [f"{figures['set']['name']}", f"{figures['n']:,}"]


def _shape_cells(figures: dict[str, Any]) -> list[str]:
    return [
        *(_range(figures["similarity"][rank], 2) for rank in ("1", "10", "100", "random")),
        f"{figures['contrast']:.2f}",
        _range(figures["intrinsic_dimension"], 0),
        f"{figures['hubness']:.1f}",
        f"{100 * figures['near_copies']:.1f} %",
        f"{figures['effective_dimensions']:.0f}",
    ]


def _range(quantiles: Sequence[float], digits: int) -> str:
    low, median, high = (f"{value:.{digits}f}" for value in quantiles)
    return f"{median} ({low}-{high})"


def _effort_cells(found: dict[str, dict[str, dict[str, float]]]) -> Iterator[str]:
    for probes in PROBES:
        cell = found.get("ivf", {}).get(str(probes))
        yield f"{cell['recall']:.3f} ({100 * cell['share']:.2f} %)" if cell else "-"
    for width in WIDTHS:
        cell = found.get("hnsw", {}).get(str(width))
        yield f"{cell['recall']:.3f} ({cell['comparisons']:.0f})" if cell else "-"


@click.command(NAME)
@click.option(
    "--corpus", "corpora", type=click.Path(path_type=Path), multiple=True, help="Articles; may be repeated."
)
@click.option(
    "--vectors",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A file of vectors; may be repeated.",
)
@click.option(
    "--like",
    type=click.Choice(sorted(PRESETS)),
    help="Preset of generated vectors; by default chosen by dimensions.",
)
@click.option(
    "--number",
    "n",
    type=click.IntRange(min=1000),
    default=50_000,
    show_default=True,
    help="Vectors per set.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of the draws and of the generator.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(
    corpora: tuple[Path, ...], files: tuple[Path, ...], like: str | None, n: int, seed: int, out: Path
) -> None:
    """Compare generated vectors with real ones: their geometry, and the effort of fixed indexes to search them."""
    sets = [open_vectors(corpus=path, seed=seed) for path in corpora]
    sets += [open_vectors(vectors=path, seed=seed) for path in files]
    if not sets:
        raise click.UsageError("wanted --corpus PATH or --vectors FILE, real vectors to compare with")
    result = measure(sets, like=like, n=n, seed=seed)
    path = write_result(out, result, sets[0].name if len(sets) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
