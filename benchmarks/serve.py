"""``run serve``: lists and drafts over HTTP by `recommender serve`, beside an endpoint of constant bytes."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import numpy as np

from benchmarks.corpora import Corpus, open_corpus
from benchmarks.http_load import request_bytes, run_load, run_paced
from benchmarks.machine import ROOT
from benchmarks.ours import K, build_site
from benchmarks.processes import MeasuringError
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from recommender import Article, read_articles

__all__ = ["command", "measure", "table"]

NAME = "serve"
_TOKEN = "a-token"  # noqa: S105, of a server of this measurement alone
_PATIENCE_S = 300
_TICK = os.sysconf("SC_CLK_TCK")
_WRITE_PAUSE_S = 0.5
_N_REQUESTS = 20_000  # then they are asked again from the first
_DRAFT_CHARACTERS = 2_000


def measure(corpus: Corpus, *, settings: dict[str, Any], seed: int) -> Result:
    """Measure one process of a service, asked by this one.

    Parameters
    ----------
    corpus : Corpus
    settings : dict
        ``server``, ``articles`` (None for all), ``site`` (the folder of their site, None to build it), ``connections``,
        ``seconds`` of each round, ``rounds``, ``drafts`` a second.
    seed : int
        Of the order of requests.
    """
    result = new_result(NAME, seed, {"k": K, **settings})
    articles = list(islice(read_articles(corpus.articles), settings["articles"]))
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        path = Path(folder) / "site.rec"
        if settings["site"] is None:
            build_site(articles, -1).save(path)
        else:
            shutil.copytree(settings["site"], path)
        paths = [f"/v1/articles/{quote(each.article_id, safe='')}/related" for each in articles]
        server, rng = settings["server"], np.random.default_rng(seed)
        ours = ["-m", "recommender", "serve", str(path), "--server", server]
        figures: dict[str, Any] = {"n_articles": len(articles), "lists": [], "constant": []}
        with _started(ours, Path(folder) / "log", "/readyz") as (port, process_id):
            figures["prepared"] = _prepared(port)
            length = int(np.mean([len(_get(port, each)) for each in paths[:200]]))
            asked = [request_bytes(paths[at]) for at in rng.integers(len(paths), size=_N_REQUESTS)]
            load = partial(
                run_load, requests=asked, seconds=settings["seconds"], connections=settings["connections"]
            )
            with _started(_constant(server), Path(folder) / "log", "/", length) as (other, other_id):
                for _ in range(settings["rounds"]):
                    figures["constant"].append(_counted(other_id, partial(load, other)))
                    figures["lists"].append(_counted(process_id, partial(load, port)))
            drafts = [_draft(articles[at]) for at in rng.permutation(len(articles))[:500]]
            posted = [drafts[at % len(drafts)] for at in range(int(settings["drafts"] * settings["seconds"]))]
            run_paced(port, posted[:20], a_second=settings["drafts"])
            paced = partial(run_paced, port, posted, a_second=settings["drafts"])
            figures["drafts"] = _counted(process_id, paced)
            with _writing(port, articles[:50]) as n_writes:
                figures["lists_while_writing"] = _counted(process_id, partial(load, port))
            figures["writes"] = n_writes[0]
    return result | {"corpus": corpus.describe(), "figures": figures}


def _draft(article: Article) -> bytes:
    body = json.dumps({"title": article.title, "text": article.body[:_DRAFT_CHARACTERS] or "a"}).encode()
    return request_bytes("/v1/related", method="POST", body=body)


def _constant(server: str) -> list[str]:
    quiet = ["--no-access-log", "--log-level", "warning", "benchmarks.constant_app:app"]
    return ["-m", server, *(["--interface", "asgi"] if server == "granian" else []), *quiet]


@contextmanager
def _started(words: Sequence[str], log: Path, path: str, n_bytes: int = 0) -> Iterator[tuple[int, int]]:
    """Start a server. Yield its port and the id of the process that answers, once it does."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    environment = os.environ | {"RECOMMENDER_WRITE_TOKEN": _TOKEN, "BENCHMARK_BYTES": str(n_bytes)}
    command = [sys.executable, *words, "--port", str(port)]
    with log.open("ab") as file, subprocess.Popen(command, cwd=ROOT, stderr=file, env=environment) as process:
        try:
            end = time.monotonic() + _PATIENCE_S
            while not _answers(port, path):
                if process.poll() is not None or time.monotonic() > end:
                    raise MeasuringError(f"{' '.join(words)} does not answer: {log.read_text()[-2_000:]}")
                time.sleep(0.2)
            yield port, _answering(process.pid, "granian" in words)
        finally:
            process.terminate()


def _answers(port: int, path: str) -> bool:
    try:
        return bool(_get(port, path))
    except (OSError, MeasuringError):
        return False


def _get(port: int, path: str, method: str = "GET", body: bytes | None = None) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    headers = {"authorization": f"Bearer {_TOKEN}", "content-type": "application/json"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 300:
        raise MeasuringError(f"{method} {path}: wanted an answer, got {answer.status} {content[:200]!r}")
    return content


def _prepared(port: int) -> int:
    """Wait until no more lists are made ready, and return how many are."""
    before = -1
    while True:
        lines = _get(port, "/metrics").decode().splitlines()
        now = int(
            float(next(each.split()[-1] for each in lines if each.startswith("recommender_prepared_lists ")))
        )
        if now == before:
            return now
        before = now
        time.sleep(2)


def _answering(process_id: int, has_workers: bool) -> int:
    """Return the process that answers: of a server with workers that which has used most time, or the server itself."""
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return max(map(int, children), key=_cpu_s) if has_workers and children else process_id


def _cpu_s(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _counted(process_id: int, load: Callable[[], Any]) -> dict[str, Any]:
    before = _cpu_s(process_id)
    found = load()
    return {**found.to_dict(), "server_cpu_s": _cpu_s(process_id) - before}


@contextmanager
def _writing(port: int, articles: Sequence[Article]) -> Iterator[list[int]]:
    """Edit one article after the other, as long as the block lasts. Yield a list with their number."""
    stop, n_writes = threading.Event(), [0]

    def write() -> None:
        while not stop.wait(_WRITE_PAUSE_S):
            each = articles[n_writes[0] % len(articles)]
            fields = {"title": f"{each.title} {n_writes[0]}", "text": each.body}
            _get(port, f"/v1/articles/{quote(each.article_id, safe='')}", "PUT", json.dumps(fields).encode())
            n_writes[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield n_writes
    finally:
        stop.set()
        thread.join()


def table(results: Sequence[Result]) -> str:
    """Return a table of lists beside constant bytes, of lists while articles are written, and of drafts."""
    header = [
        "corpus", "articles", "server", "lists a second", "p99 ms", "processor µs a list", "constant bytes", "p99 ms",
        "processor µs", "ratio", "by processor time", "while writing", "p99 ms", "drafts a second", "p50 ms", "p99 ms",
        "faults", "machine load", "commit", "started",
    ]  # fmt: skip
    return markdown_table(header, map(_row, results))


def _row(result: Result) -> list[str]:
    figures = result["figures"]
    lists, constant = (_median_round(figures[name]) for name in ("lists", "constant"))
    per_list, per_constant = (each["server_cpu_s"] / max(1, each["requests"]) for each in (lists, constant))
    writing, drafts = figures["lists_while_writing"], figures["drafts"]
    faults = sum(sum(each["faults"].values()) for each in (*figures["lists"], writing, drafts))
    return [
        result["corpus"]["name"], f"{figures['n_articles']:,}", result["settings"]["server"],
        f"{lists['rate']:,.0f}", f"{lists['p99_ms']:.1f}", f"{per_list * 1e6:.0f}",
        f"{constant['rate']:,.0f}", f"{constant['p99_ms']:.1f}", f"{per_constant * 1e6:.0f}",
        f"{lists['rate'] / constant['rate']:.2f}", f"{per_constant / per_list:.2f}",
        f"{writing['rate']:,.0f}", f"{writing['p99_ms']:.1f}",
        f"{result['settings']['drafts']}", f"{drafts['p50_ms']:.1f}", f"{drafts['p99_ms']:.1f}", f"{faults:,}",
        f"{result['load_average_before'][0]:.1f}", *origin(result),
    ]  # fmt: skip


def _median_round(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return sorted(rounds, key=lambda each: float(each["rate"]))[len(rounds) // 2]


@click.command(NAME)
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="Folder or file of articles.")
@click.option("--articles", type=click.IntRange(min=1), help="Articles of the site.  [default: all]")
@click.option("--site", type=click.Path(exists=True), help="Their site, built before.  [default: build it]")
@click.option("--server", type=click.Choice(("granian", "uvicorn")), default="granian", show_default=True)
@click.option(
    "--connections", type=click.IntRange(min=1), default=16, show_default=True, help="That are kept open."
)
@click.option(
    "--seconds", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="Of each round."
)
@click.option(
    "--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Of lists and constant bytes."
)
@click.option("--drafts", type=click.IntRange(min=1), default=50, show_default=True, help="Drafts a second.")
@click.option("--seed", default=0, show_default=True, help="Seed of the order of requests.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus: Path, seed: int, out: Path, **settings: Any) -> None:
    """Ask one process of a service for lists and drafts, and an endpoint of constant bytes under the same server."""
    found = open_corpus(corpus)
    result = measure(found, settings=settings, seed=seed)
    path = write_result(out, result, found.name)
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
