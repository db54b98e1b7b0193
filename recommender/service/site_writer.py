"""The one writer of a service: a process beside those that answer, so that an update delays no answer.

The first process that wants to write starts it, and the others find it by its socket. It ends when the process that
started it does. The next one that wants to write starts another.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from recommender.errors import ArtifactError, BusyError
from recommender.service.service_settings import ServiceSettings
from recommender.service.writer_talk import BEGUN, SOCKET, result_of

__all__ = ["SiteWriter"]

_MOST_WAITING = 32
_MOST_TRIES = 100
_PAUSE_S = 0.05
_GRACE_S = 25  # below what servers allow
_LONGEST_LINE = 2**30


class SiteWriter:
    """Asks the writer of a site.

    Parameters
    ----------
    path : Path
    settings : ServiceSettings
    """

    def __init__(self, path: Path, settings: ServiceSettings) -> None:
        self._path, self._settings = path, settings
        self._own_folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = Lock()
        self._n_waiting = 0

    async def ask(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the result of an operation. Raises what it raises.

        Raises
        ------
        BusyError
            If too many wait, or the writer does not begin in time. Nothing is done then.
        ArtifactError
            If the writer cannot be started, or ended before it answered, or does not answer in time.
        """
        if self._n_waiting >= _MOST_WAITING:
            raise BusyError(f"{self._path}: {self._n_waiting} writes wait; try again in a moment")
        self._n_waiting += 1
        try:
            question = json.dumps({"operation": operation, "arguments": arguments}).encode() + b"\n"
            for _ in range(_MOST_TRIES):
                answer = await self._answer(question)
                if answer is not None:
                    return result_of(answer)
                await asyncio.get_running_loop().run_in_executor(None, self._start)
                await asyncio.sleep(_PAUSE_S)
            raise ArtifactError(f"{self._path}: the writer of the service cannot be started; see its log")
        finally:
            self._n_waiting -= 1

    async def _answer(self, question: bytes) -> dict[str, Any] | None:
        """Return the answer of the writer, or None if there is no writer that has begun to make one."""
        try:
            reader, writer = await asyncio.open_unix_connection(
                str(self._folder() / SOCKET), limit=_LONGEST_LINE
            )
        except OSError:
            return None
        begun = b""
        try:
            async with asyncio.timeout(self._settings.write_timeout_s):
                writer.write(question)
                await writer.drain()
                begun = await reader.readline()
                line = await reader.readline()
        except TimeoutError as error:  # the writer does nothing for a question whose sender has gone
            raise self._late(has_begun=begun == BEGUN) from error
        except OSError:
            line = b""
        finally:
            writer.transport.abort()  # does not wait until a stopped writer has read the question
        if line.endswith(b"\n"):
            found: dict[str, Any] = orjson.loads(line)
            return found
        if begun != BEGUN:
            return None
        raise ArtifactError(
            f"{self._path}: the writer ended before it answered, so the change may be made or not; ask what changed"
        )

    def _late(self, *, has_begun: bool) -> ArtifactError:
        seconds = f"within {self._settings.write_timeout_s:g} seconds"
        if has_begun:
            return ArtifactError(
                f"{self._path}: the writer did not answer {seconds}, so the change may be made or not; ask what changed"
            )
        return BusyError(
            f"{self._path}: the writer did not begin {seconds}, and nothing is changed; try again later"
        )

    def _folder(self) -> Path:
        if self._settings.run_folder is not None:
            return Path(self._settings.run_folder)
        if self._own_folder is None:
            self._own_folder = tempfile.TemporaryDirectory(prefix="recommender-")
        return Path(self._own_folder.name)

    def _start(self) -> None:
        """Start a writer, and wait until it listens. It ends at once if there is one.

        Raises
        ------
        ArtifactError
            If it fails.
        """
        with self._starting:
            if self._process is not None and self._process.poll() is None:
                return
            settings = json.dumps(self._settings.to_dict() | {"run_folder": str(self._folder())})
            words = [sys.executable, "-m", "recommender.service.writer_process", str(self._path), settings]
            paths = os.pathsep.join(each for each in sys.path if each)
            environment = {
                name: each for name, each in os.environ.items() if not name.endswith(("_TOKEN", "_TOKEN_2"))
            }
            self._process = subprocess.Popen(  # noqa: S603, our own module
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment | {"PYTHONPATH": paths},
                start_new_session=True,
            )  # fmt: skip
            is_listening = self._process.stdout is not None and self._process.stdout.readline()
            if not is_listening and self._process.wait():
                raise ArtifactError(f"{self._path}: the writer of the service cannot be started; see its log")

    def stop(self) -> None:
        """End the writer after what it does, if this process started it."""
        with self._starting:
            process, self._process = self._process, None
        if process is not None and process.stdin is not None and process.stdout is not None:
            process.stdin.close()
            try:
                process.wait(_GRACE_S)
            except subprocess.TimeoutExpired:  # it is stopped, or does much: what is on disk stays whole
                process.kill()
                process.wait()
            process.stdout.close()
        if self._own_folder is not None:
            self._own_folder.cleanup()
            self._own_folder = None
