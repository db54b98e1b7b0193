"""Compiled code is kept beside its module, and does not notice a change in another that is compiled into it.

Here and not above: a second conftest.py on the way to another cannot be collected with its doctests.
"""

from pathlib import Path


def pytest_configure():
    """Forget what was compiled before the last change of any module that is compiled."""
    compiled = [
        path for path in Path("recommender").rglob("*.py") if "numba" in path.read_text(encoding="utf-8")
    ]
    changed = max((path.stat().st_mtime for path in compiled), default=0.0)
    for kept in Path("recommender").rglob("__pycache__/*.nbc"):
        if kept.stat().st_mtime < changed:
            kept.unlink(missing_ok=True)
