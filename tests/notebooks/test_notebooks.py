"""Every notebook runs in a fresh kernel, prints what it was saved with, and uses public names only."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

nbformat = import_module("nbformat")
nbclient = import_module("nbclient")
import_module("ipykernel")
import_module("matplotlib")

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
OTHERS = {"matplotlib", "numpy", "sklearn"}
LARGEST = 400_000  # bytes; a code host shows it at once

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


@cache
def saved(path: Path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def executed(path: Path, folder: Path):
    """The notebook run in a fresh kernel, in a copy of the checkout that it may write to."""
    (folder / "data").symlink_to(ROOT / "data")
    (folder / "notebooks").mkdir()
    fresh = nbformat.read(path, as_version=4)
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    place = {"metadata": {"path": str(folder / "notebooks")}}
    inline = dict(os.environ, MPLBACKEND="module://matplotlib_inline.backend_inline")
    client = nbclient.NotebookClient(
        fresh, timeout=120, kernel_name="python3", resources=place, coalesce_streams=True
    )
    client.execute(env=inline)
    return fresh


def printed(notebook) -> list[str]:
    """Texts that the cells print or end in; pictures differ from machine to machine and are left out."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                texts.append(output.text)
            elif "image/png" not in output.data:
                texts.append(output.data["text/plain"])
    return texts


def pictures(notebook) -> int:
    return sum("image/png" in o.get("data", {}) for c in notebook.cells for o in c.get("outputs", []))


def trees(path: Path) -> list[ast.Module]:
    return [ast.parse(cell.source) for cell in saved(path).cells if cell.cell_type == "code"]


def refused(tree: ast.Module) -> list[str]:
    """Names that a notebook may not use: not public, or of a package it does not need."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.endswith("__"):
            found.append(f".{node.attr}")
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if not is_outside(alias.name)]
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = [alias.name for alias in node.names]
            if module.split(".")[0] == "recommender" and "._" not in module:
                public = importlib.import_module(module).__all__
                found += [f"{module}.{name}" for name in names if name not in public]
            elif not is_outside(module):
                found.append(module)
    return found


def is_outside(module: str) -> bool:
    package = module.split(".")[0]
    return package in OTHERS or package in sys.stdlib_module_names


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@each_notebook
def test_it_runs_and_prints_what_it_was_saved_with(path: Path, tmp_path: Path) -> None:
    fresh = executed(path, tmp_path)
    assert printed(fresh) == printed(saved(path)), "if that is meant: python tests/docs/refresh.py"
    assert pictures(fresh) == pictures(saved(path)) > 0


@each_notebook
def test_it_uses_public_names_only(path: Path) -> None:
    assert [name for tree in trees(path) for name in refused(tree)] == []


@pytest.mark.parametrize(
    "source",
    [
        "import pandas",
        "from recommender import plain_text",
        "from recommender.engine import _lists",
        "site._search()",
    ],
)
def test_the_check_of_names_refuses_what_is_not_public(source: str) -> None:
    assert refused(ast.parse(source))


@each_notebook
def test_it_is_saved_small_whole_and_in_order(path: Path) -> None:
    assert path.stat().st_size < LARGEST
    counts = [cell.execution_count for cell in saved(path).cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert not any(str(ROOT) in text for text in printed(saved(path)))
