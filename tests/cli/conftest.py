from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recommender.cli import main

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="session")
def sample() -> Path:
    return SAMPLE


@pytest.fixture(scope="session")
def invoke():
    """Run a command line, check its exit code and return its separate output and messages."""

    def run(*words: object, code: int = 0, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words], input=stdin)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture(scope="session")
def site_rec(invoke, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifact of the sample corpus, shared by tests that only read it."""
    output = tmp_path_factory.mktemp("sample") / "site.rec"
    invoke("build", SAMPLE / "articles.jsonl", "-o", output)
    return output


@pytest.fixture
def bad_rows(tmp_path: Path) -> Path:
    """Two valid rows, a row without id, one that is not JSON, and a duplicate id."""
    file = tmp_path / "bad.jsonl"
    file.write_text(
        '{"id": "a", "title": "Rain floods the valley road"}\n'
        '{"title": "No id"}\n'
        "not JSON\n"
        '{"id": "b", "title": "Valley road open after rain"}\n'
        '{"id": "a", "title": "Rain again"}\n'
    )
    return file
