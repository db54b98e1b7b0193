"""Steps that run in a measured process: ``python -m benchmarks.steps STEP JSON`` prints its answer as JSON.

Modules that a step does not need are not imported, so the process costs as much as that of a user.
"""

from __future__ import annotations

import time

_STARTED = time.perf_counter()

import json  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

_NEVER = sys.maxsize


class Stages:
    """Seconds by stage. A stage lasts from its first report to the first report of the next one."""

    def __init__(self, name: str, since: float) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._since = name, since

    def __call__(self, name: str, done: int = 0, total: int = 0) -> None:
        """Start a stage; the parameters are those of progress reports of `Recommender.from_articles`."""
        if name != self._name:
            now = time.perf_counter()
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._since
            self._name, self._since = name, now


def build(articles: str, artifact: str, n_jobs: int | None, first: int = _NEVER) -> dict[str, Any]:
    """Build a site as ``recommender build`` does, from the `first` articles; return the seconds of each stage."""
    stages = Stages("importing", _STARTED)
    from itertools import islice

    from recommender import Recommender, read_articles

    stages("reading")
    reader = read_articles(articles)
    site = Recommender.from_articles(islice(reader, first), n_jobs=n_jobs, progress=stages)
    stages("saving")
    site.save(artifact)
    stages("done")
    return {"n_articles": len(site), "stages_s": stages.seconds}


def load(artifact: str, repeats: int) -> list[float]:
    """Open an artifact repeatedly; return the seconds of each time, without imports."""
    from recommender import Recommender

    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        Recommender.load(artifact)
        seconds.append(time.perf_counter() - start)
    return seconds


def encode(**settings: Any) -> dict[str, Any]:
    """See `benchmarks.encoding_ways.encode`."""
    from benchmarks.encoding_ways import encode

    return encode(**settings)


def judge_encoder(**settings: Any) -> dict[str, Any]:
    """See `benchmarks.encoder_ways.judge_encoder`."""
    from benchmarks.encoder_ways import judge_encoder

    return judge_encoder(**settings)


def read(step: str) -> Any:
    """Return a function of `benchmarks.reading`, imported when it is called."""

    def run(**settings: Any) -> Any:
        from benchmarks import reading

        return getattr(reading, step)(**settings)

    return run


STEPS = {"build": build, "load": load, "encode": encode, "judge_encoder": judge_encoder}
STEPS |= {name: read(name) for name in ("build_without_drafts", "look_up", "ask_drafts")}


def main() -> int:
    """Run the step given by the arguments."""
    from recommender import RecommenderError

    step, settings = sys.argv[1:]
    try:
        answer = STEPS[step](**json.loads(settings))  # type: ignore[operator]
    except RecommenderError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
