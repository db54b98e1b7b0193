"""``vectors``: make a set of vectors, print its facts, and export it to other benchmarks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.hdf5 import write_hdf5
from benchmarks.truth import query_truth
from benchmarks.vectors import open_vectors, vectors_options

__all__ = ["export"]

_NEIGHBOURS = 100


@click.command("vectors")
@vectors_options
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path),
    help="Output file, an .hdf5 in the form of ann-benchmarks.",
)
def export(output: Path | None, **source: Any) -> None:
    """Make a set of vectors and print its facts. With -o, write it with 100 exact neighbours of each query."""
    if output is not None and output.suffix != ".hdf5":
        raise click.UsageError(f"wanted -o FILE.hdf5, got {output}")
    vectors = open_vectors(**source)
    click.echo(json.dumps(vectors.facts, indent=1))
    if output is not None:
        truth = query_truth(vectors, _NEIGHBOURS)
        distances = (1 - truth.similarities).astype(np.float32)
        write_hdf5(output, vectors.vectors, vectors.queries, truth.rows, distances)
        click.echo(f"written to {output}", err=True)
