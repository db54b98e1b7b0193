"""The message for a package that is not there, or cannot be imported."""

from __future__ import annotations

import copy
import pickle

import pytest

from recommender.errors import MissingExtraError


def _raised(import_it: str) -> ImportError:
    with pytest.raises(ImportError) as caught:
        exec(import_it)
    return caught.value


BROKEN = """
try:
    import no_such_module.clean
except ImportError:
    raise ImportError("clean is a project of its own now") from None
"""


def test_a_package_that_is_not_installed_is_told_with_the_pip_line() -> None:
    message = "Reading HTML pages needs the package no_such_module, which is not installed"
    message += "; run: pip install 'recommender[html]'"
    for cause in (None, _raised("import no_such_module"), _raised("import no_such_module.core")):
        assert str(MissingExtraError("Reading HTML pages", "no_such_module", "html", cause)) == message


def test_a_package_whose_import_fails_is_told_with_the_module_that_is_missing() -> None:
    error = MissingExtraError("Reading HTML pages", "trafilatura", "html", _raised(BROKEN))
    assert "trafilatura, which cannot be imported: the module no_such_module is missing" in str(error)
    assert "pip install --upgrade 'recommender[html]'" in str(error)


def test_another_failure_of_an_import_is_shown() -> None:
    cause = ImportError("libxml2.so.2:\n no such file")
    error = MissingExtraError("Reading HTML pages", "trafilatura", "html", cause)
    assert "cannot be imported: libxml2.so.2: no such file; run: " in str(error)


def test_it_can_be_pickled_and_copied() -> None:
    error = MissingExtraError("Reading HTML pages", "trafilatura", "html", _raised(BROKEN))
    for other in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert type(other) is MissingExtraError
        assert str(other) == str(error)
