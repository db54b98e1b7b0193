from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from served_app import Client, build, client_of


@pytest.fixture(scope="module")
def site_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "site.rec"
    build(path)
    return path


@pytest.fixture(scope="module")
def client(site_path: Path) -> Iterator[Client]:
    """A service for all tests of a module that change nothing."""
    with client_of(site_path, cors=("https://example.org",)) as found:
        yield found
