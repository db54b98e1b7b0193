"""The table of measurements. A new one is a module of its own and a line here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import click

from benchmarks import (
    build,
    candidates,
    crosslingual,
    difficulty,
    encode,
    fit,
    judged_encoders,
    links,
    lists,
    load,
    narrow,
    pages,
    quality,
    query,
    selfjoin,
    serve,
    signals,
    updates,
    weave,
)
from benchmarks.results import Result

__all__ = ["MEASUREMENTS", "Measurement"]


class Measurement(NamedTuple):
    """A measurement.

    Attributes
    ----------
    command : click.Command
        ``run NAME``: measures, writes a result, prints its table.
    table : callable
        Takes results of this measurement and returns Markdown; reads nothing else.
    """

    command: click.Command
    table: Callable[[Sequence[Result]], str]


MEASUREMENTS = {
    build.NAME: Measurement(build.command, build.table),
    candidates.NAME: Measurement(candidates.command, candidates.table),
    crosslingual.NAME: Measurement(crosslingual.command, crosslingual.table),
    difficulty.NAME: Measurement(difficulty.command, difficulty.table),
    encode.NAME: Measurement(encode.command, encode.table),
    judged_encoders.NAME: Measurement(judged_encoders.command, judged_encoders.table),
    fit.NAME: Measurement(fit.command, fit.table),
    links.NAME: Measurement(links.command, links.table),
    lists.NAME: Measurement(lists.command, lists.table),
    load.NAME: Measurement(load.command, load.table),
    narrow.NAME: Measurement(narrow.command, narrow.table),
    pages.NAME: Measurement(pages.command, pages.table),
    quality.NAME: Measurement(quality.command, quality.table),
    query.NAME: Measurement(query.command, query.table),
    selfjoin.NAME: Measurement(selfjoin.command, selfjoin.table),
    serve.NAME: Measurement(serve.command, serve.table),
    signals.NAME: Measurement(signals.command, signals.table),
    updates.NAME: Measurement(updates.command, updates.table),
    weave.NAME: Measurement(weave.command, weave.table),
}
