"""Cost of the assembly within a build, and whether the same articles give the same bytes."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from benchmarks.lists.subject import ALL_RULES, Subject
from benchmarks.ours import K
from benchmarks.results import spread
from recommender import Policy, Recommender
from recommender.store.layout import site_parts

__all__ = ["cost"]

_STEP = "assembling"


def cost(subject: Subject) -> dict[str, Any]:
    """Return the seconds of the step and of the whole build, with default rules and with all rules on."""
    figures: dict[str, Any] = {}
    for name, policy in {"default": Policy(), "all rules": ALL_RULES}.items():
        _build(subject, policy, subject.plan.n_jobs)  # compiles everything
        builds = [_build(subject, policy, subject.plan.n_jobs) for _ in range(subject.plan.n_builds)]
        again = {jobs: _build(subject, policy, jobs)[0] for jobs in (1, 2)}
        figures[name] = {
            "assembling": spread([seconds for _, seconds, _ in builds]),
            "build": spread([seconds for _, _, seconds in builds]),
            "share": spread([part / whole for _, part, whole in builds]),
            "same_in_all_runs": len({found for found, _, _ in builds}) == 1,
            "same_with_1_and_2_threads": len(set(again.values()) | {builds[0][0]}) == 1,
        }
    return figures


def _build(subject: Subject, policy: Policy, n_jobs: int) -> tuple[str, float, float]:
    """Return the sha256 of a site, and the seconds of the step and of the whole build."""
    moments: list[float] = []

    def progress(step: str, done: int, total: int) -> None:
        if step == _STEP:
            moments.append(time.perf_counter())

    start = time.perf_counter()
    site = Recommender.from_articles(subject.articles, k=K, policy=policy, n_jobs=n_jobs, progress=progress)
    whole = time.perf_counter() - start
    parts = site_parts(site.site)
    found = hashlib.sha256(json.dumps(parts.facts, sort_keys=True, default=str).encode())
    for name, array in sorted(parts.arrays.items()):
        found.update(name.encode() + array.tobytes())
    return found.hexdigest(), moments[-1] - moments[0], whole
