"""What the service describes is what it does: schemathesis asks it, with all its checks and along all links."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from served_app import READ, WRITE, build
from test_service_servers import served

N_EXAMPLES = os.environ.get("RECOMMENDER_EXAMPLES", "2")
"""Examples of each endpoint; set it to 100 for a long run."""


@pytest.mark.filterwarnings("ignore:1 of 28 articles")
def test_schemathesis_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path / "site.rec")
    monkeypatch.setenv("RECOMMENDER_READ_TOKEN", READ)
    with served(tmp_path / "site.rec", "--timeout", "60", "--log", "errors", token=WRITE) as (process, port):
        words = [
            "schemathesis.cli",
            "run",
            f"http://127.0.0.1:{port}/openapi.json",
            "--checks",
            "all",
            "--no-color",
        ]
        words += [
            "-H",
            f"Authorization: Bearer {WRITE}",
            "-n",
            N_EXAMPLES,
            "--seed",
            "16",
            "--request-timeout",
            "60",
        ]
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert process.poll() is None
