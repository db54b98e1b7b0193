"""The process that writes the site of a service: `python -m recommender.service.writer_process SITE SETTINGS`.

It listens on a socket in the folder that the processes of the service share. A question is a line of JSON, and so is the
answer, after a line that says that work has begun. It ends at the end of standard input, after what it does.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import sys
import traceback
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from recommender.compiling import tell_of_compiling
from recommender.errors import ArtifactError, BusyError, InputError
from recommender.live_site import LiveSite
from recommender.progress import no_progress
from recommender.service.service_log import ServiceLog
from recommender.service.service_settings import ServiceSettings
from recommender.service.writer_operations import OPERATIONS
from recommender.service.writer_talk import BEGUN, SOCKET, answer_of
from recommender.store.write_lock import open_locked

__all__ = ["main"]

_LOCK = "writer.lock"
_NICE = 5  # so that answers come first where processors are scarce
_PATIENCE_S = 10.0  # for a question to arrive


def main(path: Path, settings: ServiceSettings) -> None:
    """Answer questions until standard input ends, or at once if another writer listens."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # the service says when it ends
    folder = Path(settings.run_folder or ".")
    try:
        lock = open_locked(folder / _LOCK)
    except BusyError:
        return
    with suppress(OSError):
        os.nice(_NICE)
    log = ServiceLog()
    tell_of_compiling(partial(log.message, "info"))
    live = _opened(path, settings, log)
    (folder / SOCKET).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening, selectors.DefaultSelector() as ready:
        listening.bind(str(folder / SOCKET))
        listening.listen(128)
        ready.register(listening, selectors.EVENT_READ)
        ready.register(sys.stdin.buffer, selectors.EVENT_READ)
        os.write(sys.stdout.fileno(), b"listening\n")
        while sys.stdin.buffer not in {key.fileobj for key, _ in ready.select()}:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.settimeout(_PATIENCE_S)
                _answer(connection, live, log)
            live.tidy()
        (folder / SOCKET).unlink(missing_ok=True)
    os.close(lock)


def _opened(path: Path, settings: ServiceSettings, log: ServiceLog) -> LiveSite:
    """Return the site. If it cannot be opened, the log says why and the process ends."""
    try:
        return LiveSite(
            path,
            settings.write_wait_s,
            -1,
            no_progress,
            partial(log.message, "info"),
            compacts=settings.compacts,
        )
    except ArtifactError as error:
        log.message("error", str(error))
        sys.exit(1)


def _answer(connection: socket.socket, live: LiveSite, log: ServiceLog) -> None:
    with connection.makefile("rb") as questions:
        line = questions.readline()
    if not line.endswith(b"\n"):
        return
    connection.sendall(BEGUN)
    connection.sendall(orjson.dumps(_made(line, live, log), option=orjson.OPT_APPEND_NEWLINE))


def _made(line: bytes, live: LiveSite, log: ServiceLog) -> dict[str, Any]:
    """Return the result of an operation, or its error. No question ends the writer: it would be asked again."""
    try:
        question = orjson.loads(line)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {"result": OPERATIONS[question["operation"]](live, question["arguments"])}
    except (InputError, BusyError) as error:
        return answer_of(error)
    except ArtifactError as error:
        log.message("error", str(error))
        return answer_of(error)
    except Exception as error:
        log.message("error", f"{type(error).__name__}: {error}", traceback=traceback.format_exc())
        return answer_of(ArtifactError("the change failed; the log of the service says why"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), ServiceSettings.from_dict(json.loads(sys.argv[2])))
