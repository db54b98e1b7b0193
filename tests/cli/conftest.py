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
    """Run a command as if typed; output and messages come apart, and only the expected exit code passes."""

    def run(*words: object, code: int = 0, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words], input=stdin)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture(scope="session")
def site_rec(invoke, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, built once; tests only read it."""
    output = tmp_path_factory.mktemp("sample") / "site.rec"
    invoke("build", SAMPLE / "articles.jsonl", "-o", output)
    return output


@pytest.fixture
def bad_rows(tmp_path: Path) -> Path:
    """Two good rows; a row without id, one that is no JSON, and an id seen before."""
    file = tmp_path / "bad.jsonl"
    file.write_text(
        '{"id": "a", "title": "Rain floods the valley road"}\n'
        '{"title": "Nobody"}\n'
        "not JSON\n"
        '{"id": "b", "title": "Valley road open after rain"}\n'
        '{"id": "a", "title": "Rain again"}\n'
    )
    return file
