"""Everything that tests need is installed: a missing program must fail here, and not skip its tests in silence."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

GROUP = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["dev"]
REQUIREMENTS = [Requirement(each) for each in GROUP]
NAMES = [each.name for each in REQUIREMENTS if each.marker is None or each.marker.evaluate()]


@pytest.mark.parametrize(
    "name", [*NAMES, "pyarrow", "trafilatura", "jinja2", "sentence-transformers", "model2vec"]
)
def test_what_the_tests_need_is_installed(name):
    try:
        assert version(name)
    except PackageNotFoundError:
        pytest.fail(f"{name} is not installed, so tests that need it would be skipped; run: make test")
