"""Everything that tests need is installed: a missing program must fail here, and not skip its tests in silence."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

GROUP = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["dev"]
NAMES = [re.match(r"[\w.-]+", each)[0] for each in GROUP if "platform_system" not in each]


@pytest.mark.parametrize(
    "name", [*NAMES, "pyarrow", "trafilatura", "jinja2", "sentence-transformers", "model2vec"]
)
def test_what_the_tests_need_is_installed(name):
    try:
        assert version(name)
    except PackageNotFoundError:
        pytest.fail(f"{name} is not installed, so tests that need it would be skipped; run: make test")
