"""Files of the sources: Debian packages, and repositories as `git clone` leaves them."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

_LARGEST = 4 * 2**20  # bytes of a file of a repository; six wordnets are above it


def files_of_deb(deb: Path) -> Iterator[tuple[str, bytes]]:
    packed = subprocess.run(["dpkg", "--fsys-tarfile", str(deb)], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        for member in files:
            stream = files.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield member.name, stream.read()


def blob(repository: Path, path: str) -> bytes:
    command = ["git", "-C", str(repository), "show", f"HEAD:{path}"]
    data = subprocess.run(command, capture_output=True, check=False).stdout  # a snapshot may lack large files
    return data if len(data) <= _LARGEST else b""


def show(repository: Path, path: str) -> str:
    return blob(repository, path).decode("utf8", "replace")


def paths(repository: Path, folder: str) -> list[str]:
    command = ["git", "-C", str(repository), "ls-tree", "-r", "--name-only", "HEAD", folder]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\n")
