"""Removes stale compiled code: numba does not notice a change in a module that is compiled into another.

This stands here and not in tests/: pytest cannot collect doctests below two conftest.py files.
"""

from pathlib import Path


def pytest_configure():
    """Delete compiled code older than the last change of any compiled module."""
    compiled = [
        path for path in Path("recommender").rglob("*.py") if "numba" in path.read_text(encoding="utf-8")
    ]
    changed = max((path.stat().st_mtime for path in compiled), default=0.0)
    for kept in Path("recommender").rglob("__pycache__/*.nbc"):
        if kept.stat().st_mtime < changed:
            kept.unlink(missing_ok=True)
