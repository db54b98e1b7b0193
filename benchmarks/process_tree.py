"""The memory and the processor time of a command and of all processes that it starts, read from /proc on Linux."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import click

__all__ = ["Held", "command", "held"]

_PROC = Path("/proc")


class Held(NamedTuple):
    """Bytes of all processes of a tree together.

    Attributes
    ----------
    rss : int
        Resident. Pages that several processes share count for each.
    pss : int
        Resident, and shared pages are divided by the number of processes that have them.
    own : int
        Of no file: what only swap could take away.
    """

    rss: int
    pss: int
    own: int


def held(root: int) -> Held:
    """Return what a process and all that descend from it hold now."""
    found, waiting = Counter[str](), [root]
    while waiting:
        process = waiting.pop()
        try:
            for children in (_PROC / str(process)).glob("task/*/children"):
                waiting += map(int, children.read_text(encoding="ascii").split())
            lines = (_PROC / str(process) / "smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue  # ended meanwhile
        found.update(
            {name: 1024 * int(size.split()[0]) for name, size in (line.split(":") for line in lines)}
        )
    return Held(found["Rss"], found["Pss"], found["Anonymous"])


@click.command("memory", context_settings={"ignore_unknown_options": True})
@click.option("--every", default=0.5, show_default=True, help="Seconds between two looks.")
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED)
def command(words: tuple[str, ...], every: float) -> None:
    """Run a command after --, and print the peak memory of all its processes together as JSON."""
    if not (_PROC / "self/smaps_rollup").exists():
        raise click.ClickException(
            "the memory of processes is read from /proc/PID/smaps_rollup, which Linux has"
        )
    started, most = time.perf_counter(), Held(0, 0, 0)
    with subprocess.Popen(words, stdout=sys.stderr) as process:
        while process.poll() is None:
            most = Held(*map(max, zip(most, held(process.pid), strict=True)))
            time.sleep(every)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {f"peak_{name}_bytes": value for name, value in most._asdict().items()}
    found |= {
        "wall_s": round(time.perf_counter() - started, 1),
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
    }
    click.echo(json.dumps(found | {"exit": process.returncode, "cores": os.cpu_count()}))
    sys.exit(process.returncode)
