"""`recommender serve`: a site over HTTP."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.options import artifact_argument, example
from recommender.cli.serve_address import free_address
from recommender.cli.serve_clicks import click_options, click_settings, compared_policy
from recommender.cli.terminal import say
from recommender.code_cache import CODE_CACHE, TEMPORARY
from recommender.errors import MissingExtraError

if TYPE_CHECKING:
    from recommender.service import ServiceSettings

__all__ = ["command"]

_FACTORY = "recommender.service.app:create_app_from_environment"
_SERVERS = ("granian", "uvicorn")
_GRACE_S = 30
_MIB = 2**20


@click.command(
    "serve",
    epilog=example(
        "recommender serve site.rec",
        "curl http://127.0.0.1:8000/v1/articles/some-article-id/related",
        "RECOMMENDER_WRITE_TOKEN=secret recommender serve site.rec --port 8080 --workers 2",
    ),
)
@artifact_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="Port to listen on."
)
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Number of processes."
)
@click.option(
    "--server",
    type=click.Choice(_SERVERS),
    default="granian",
    show_default=True,
    help="Program that listens.",
)
@click.option(
    "--cors",
    multiple=True,
    metavar="ORIGIN",
    help="Pages of this origin may ask; * for all. Can be repeated.",
)
@click.option(
    "--filter", "filters", multiple=True, metavar="FIELD",
    help="Requests without a token may filter lists by this field too. Can be repeated.  [always: language, section, tags]",
)  # fmt: skip
@click.option(
    "--max-age", "max_age_s", type=click.IntRange(min=0), metavar="SECONDS", default=60, show_default=True,
    help="How long caches may keep a list.",
)  # fmt: skip
@click.option(
    "--stale", "stale_s", type=click.IntRange(min=0), metavar="SECONDS", default=86_400, show_default=True,
    help="How long they may give it while they ask for the next one.",
)  # fmt: skip
@click.option(
    "--max-k",
    type=click.IntRange(min=1),
    metavar="N",
    default=100,
    show_default=True,
    help="Most entries of a list.",
)
@click.option(
    "--max-body", type=click.FloatRange(0, min_open=True), metavar="MIB", default=10, show_default=True,
    help="Longest body of a request.",
)  # fmt: skip
@click.option(
    "--max-batch", type=click.IntRange(min=1), metavar="N", default=1_000, show_default=True,
    help="Most articles of one write.",
)  # fmt: skip
@click.option(
    "--timeout", "timeout_s", type=click.FloatRange(0, min_open=True), metavar="SECONDS", default=10, show_default=True,
    help="Longest time for an answer.",
)  # fmt: skip
@click.option(
    "--write-wait", "write_wait_s", type=click.FloatRange(0), metavar="SECONDS", default=5, show_default=True,
    help="How long a write waits for another writer.",
)  # fmt: skip
@click.option(
    "--write-timeout", "write_timeout_s", type=click.FloatRange(0, min_open=True), metavar="SECONDS", default=120,
    show_default=True, help="Longest time for the answer of a write.",
)  # fmt: skip
@click.option(
    "--prepared", type=click.FloatRange(0), metavar="MIB", default=512, show_default=True,
    help="Memory of a process for lists as bytes.",
)  # fmt: skip
@click.option(
    "--log",
    type=click.Choice(("all", "errors", "none")),
    default="all",
    show_default=True,
    help="Requests to log.",
)
@click.option(
    "--compact/--no-compact", "compacts", default=True,
    help="Whether to make the updates part of the base when they are many.  [default: compact]",
)  # fmt: skip
@click_options
def command(artifact: Path, host: str, port: int, workers: int, server: str, **values: Any) -> None:
    """Serve the lists of a site over HTTP.

    Tokens come from the environment: RECOMMENDER_WRITE_TOKEN is wanted of requests that change the site, which are refused
    if it is not set, and RECOMMENDER_READ_TOKEN, if it is set, of all others. The same names with _2 hold a second
    token. /openapi.json describes all requests. Changes of the site by others are seen within a tenth of a second.
    SIGTERM and Ctrl-C let requests end, for half a minute at most.
    """
    from recommender.engine import Recommender

    settings = _settings(values)
    Recommender.load(artifact)  # a wrong folder fails before anything listens
    host, port = free_address(host, port)
    try:
        from recommender.service.app import SETTINGS, SITE
        from recommender.service.supervisor import SUPERVISOR
    except ImportError as error:
        raise MissingExtraError("A service", "fastapi", "serve", error) from error
    with tempfile.TemporaryDirectory(prefix="recommender-") as folder:
        shared = replace(settings, run_folder=folder)
        os.environ |= {
            SITE: str(artifact.absolute()),
            SETTINGS: json.dumps(shared.to_dict()),
            SUPERVISOR: str(os.getpid()),
        }
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        say(f"{artifact} is served at {address}/")
        say(f"the desk is at {address}/desk/, and {address}/openapi.json describes all requests")
        if TEMPORARY is not None:
            say(
                "compiled code has no lasting place, so each start compiles it anew: "
                f"set {CODE_CACHE} to a folder of this user"
            )
        (_run_uvicorn if server == "uvicorn" else _run_granian)(host, port, workers)


def _settings(values: dict[str, Any]) -> ServiceSettings:
    from recommender.service import ServiceSettings

    body, prepared = (int(values.pop(name) * _MIB) for name in ("max_body", "prepared"))
    values["clicks"], values["compare"] = click_settings(values), compared_policy(values)
    try:
        return ServiceSettings(max_body_bytes=max(body, 1), prepared_bytes=prepared, **values)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _run_uvicorn(host: str, port: int, workers: int) -> None:
    try:
        import uvicorn
    except ImportError as error:
        raise MissingExtraError("A service under uvicorn", "uvicorn", "serve", error) from error
    from recommender.cli.stop_signals import stop_requested
    from recommender.service.service_log import LOGGING

    with stop_requested():  # uvicorn raises the signal again when it has ended
        uvicorn.run(
            _FACTORY, factory=True, host=host, port=port, workers=workers, lifespan="on", log_config=LOGGING,
            access_log=False, server_header=False, proxy_headers=False, timeout_graceful_shutdown=_GRACE_S,
            timeout_worker_healthcheck=_GRACE_S,
        )  # fmt: skip


def _run_granian(host: str, port: int, workers: int) -> None:
    try:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels
    except ImportError as error:
        raise MissingExtraError("A service", "granian", "serve", error) from error
    from recommender.service.service_log import LOGGING

    Granian(
        _FACTORY, factory=True, address=host, port=port, workers=workers, interface=Interfaces.ASGI,
        log_access=False, log_dictconfig=LOGGING, log_level=LogLevels.warning, workers_kill_timeout=_GRACE_S,
    ).serve()  # fmt: skip
