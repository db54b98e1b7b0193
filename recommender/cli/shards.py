"""Options of `recommender build` for a build in tasks, over processes and machines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from recommender.cli.terminal import Bars, plural, print_json, print_lines, table

if TYPE_CHECKING:
    from recommender.engine import Recommender
    from recommender.readers import ArticleReader
    from recommender.scoring.model import Model
    from recommender.sharding.estimate import Estimate
    from recommender.sharding.shard_settings import ShardSettings

__all__ = ["ShardOptions", "shard_options"]


class BuildOptions(Protocol):
    """What a build in tasks needs of the other options."""

    @property
    def output(self) -> Path: ...
    @property
    def n_jobs(self) -> int: ...
    @property
    def encoder(self) -> str | None: ...
    @property
    def as_json(self) -> bool: ...


_Command = TypeVar("_Command", bound=Callable[..., Any])
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_WORKERS = (1, 2, 8, 32)  # that a dry run counts with


def _bytes_of(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:IB?|B)?", value.strip().upper())
    if found is None or float(found[1]) <= 0:
        raise click.BadParameter(f"{value!r} is not a size; give for example 2G or 500M", context, parameter)
    return round(float(found[1]) * _UNITS[found[2]])


_OPTIONS = (
    click.option("--shards", is_flag=True, help="Build in tasks over shards, in processes of this machine."),
    click.option(
        "--backend",
        type=click.Choice(("loky", "threading", "dask")),
        help="What runs the tasks: processes, threads, or Dask.  [default: loky]",
    ),
    click.option("--scheduler", metavar="ADDRESS", help="Scheduler of Dask, such as tcp://10.0.0.1:8786."),
    click.option(
        "--memory", callback=_bytes_of, metavar="SIZE", help="Memory of all processes together, such as 2G."
    ),
    click.option(
        "--work",
        metavar="FOLDER",
        help="Folder that all workers reach, or an address such as s3://bucket/work, for what tasks write. The same "
        "command goes on from what is there.  [default: OUTPUT.work, removed at the end]",
    ),
    click.option(
        "--shard-mb",
        type=click.FloatRange(min=0, min_open=True),
        help="Megabytes of articles in a shard.  [default: 16]",
    ),
    click.option(
        "--fit-on",
        type=click.IntRange(min=1),
        metavar="N",
        help="Articles, chosen by their ids, that the model is fitted on.  [default: 50000]",
    ),
    click.option(
        "--dry-run",
        is_flag=True,
        help="Print tasks, bytes, memory and time from a measured sample, and write nothing.",
    ),
)


@dataclass(frozen=True, slots=True)
class ShardOptions:
    """The options of a build in tasks, as they were given."""

    shards: bool
    backend: str | None
    scheduler: str | None
    memory: int | None
    work: str | None
    shard_mb: float | None
    fit_on: int | None
    dry_run: bool

    @property
    def wanted(self) -> bool:
        """Whether the build is one in tasks: each of the options asks for one."""
        return any(getattr(self, name) not in (None, False) for name in self.__slots__)

    def check(self, others: Mapping[str, Any]) -> None:
        """Raise UsageError for options that do not go together."""
        if self.scheduler is not None and self.backend != "dask":
            raise click.UsageError("--scheduler is that of Dask; add --backend dask")
        if self.scheduler is not None and self.work is None:
            raise click.UsageError("--scheduler requires --work, a folder that all workers reach")
        given = [f"--{name}" for name, value in others.items() if value is not None]
        if self.wanted and given:
            raise click.UsageError(f"{given[0]} has no effect on a build in tasks; leave it out")

    def settings(self, output: Path) -> ShardSettings:
        """Return how the build is cut."""
        from recommender.sharding.shard_settings import ShardSettings

        usual = ShardSettings(self._work(output))
        return ShardSettings(
            usual.work, self.shard_mb or usual.shard_mb, self.fit_on or usual.fit_on, self.memory
        )

    def _work(self, output: Path) -> str:
        return self.work or f"{output}.work"

    def build(
        self,
        reader: ArticleReader,
        options: BuildOptions,
        model: Model | None,
        settings: dict[str, Any],
        bars: Bars,
    ) -> Recommender:
        """Build a site in tasks."""
        from joblib import cpu_count

        from recommender.engine import Recommender
        from recommender.index.kernels.large_arrays import bounded_memory
        from recommender.sharding.sizing import workers_within
        from recommender.sharding.task_runs import backend_of, driver_share

        how, n_jobs = self.settings(options.output), options.n_jobs
        most = n_jobs if n_jobs > 0 else max(1, cpu_count() + 1 + n_jobs)
        n = workers_within(self.memory, how.shard_bytes, most)
        if self.memory is not None:  # the site is mapped from parts, and is read when it is saved
            click.get_current_context().with_resource(bounded_memory(driver_share(self.memory, n)))
        with backend_of(self.backend or "loky", self.scheduler, n):
            return Recommender.from_articles(
                reader, encoder=options.encoder, model=model, progress=bars, shards=how,
                n_jobs=None if self.scheduler is not None else n, **settings,
            )  # fmt: skip

    def tidy(self, output: Path) -> None:
        """Remove what a build that is saved left in its work folder, unless that was named."""
        if self.wanted and self.work is None:
            from recommender.sharding.work_folder import remove_parts

            remove_parts(Path(self._work(output)))

    def print_estimate(
        self,
        reader: ArticleReader,
        options: BuildOptions,
        model: Model | None,
        settings: dict[str, Any],
        bars: Bars,
    ) -> None:
        """Print what a build will take."""
        from joblib import effective_n_jobs

        from recommender.sharding.estimate import estimated
        from recommender.sharding.sharded_build import checked_learning, settings_of

        learning = checked_learning(model, None, options.encoder)
        found = estimated(reader, settings_of(**settings), learning, self.settings(options.output), bars)
        _print(found, effective_n_jobs(options.n_jobs), as_json=options.as_json)


def shard_options(command: _Command) -> _Command:
    """Add the options for a build in tasks."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _document(estimate: Estimate, n_workers: int) -> dict[str, Any]:
    """Return what a build will take as JSON can hold it."""
    counts = sorted({*_WORKERS, n_workers})
    return {
        "articles": estimate.n_articles,
        "bytes": estimate.n_bytes,
        "work_bytes": round(estimate.work_bytes),
        "tasks": [each._asdict() for each in estimate.kinds],
        "seconds": {str(n): round(estimate.seconds(n), 3) for n in counts},
    }


def _print(estimate: Estimate, n_workers: int, *, as_json: bool) -> None:
    """Print what a build will take."""
    document = _document(estimate, n_workers)
    if as_json:
        print_json(document)
        return
    rows = [("task", "number", "seconds each", "memory each")]
    rows += [
        (each.name, f"{each.n:,}", f"{each.seconds:,.1f}", f"{each.memory / 1e9:.2f} GB")
        for each in estimate.kinds
    ]
    lines = [
        f"{plural(estimate.n_articles, 'article')}, {estimate.n_bytes / 1e6:,.1f} MB; "
        f"about {estimate.work_bytes / 1e9:,.2f} GB in the work folder",
        *table(rows),
    ]
    lines += [
        f"{plural(int(n), 'worker')}: about {float(seconds) / 60:,.1f} minutes"
        for n, seconds in document["seconds"].items()
    ]
    print_lines(lines)
