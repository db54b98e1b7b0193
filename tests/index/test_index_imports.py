"""The index package stands alone: it imports no other package of recommender."""

import ast
from pathlib import Path

import pytest

MODULES = sorted(Path("recommender/index").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_the_index_imports_nothing_else_of_the_package(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    ours = [name for name in names if name.split(".")[0] == "recommender"]
    assert all(name.startswith("recommender.index.") for name in ours)


@pytest.mark.parametrize("path", [each for each in MODULES if "kernels" in each.parts], ids=str)
def test_kernels_import_only_kernels(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [name for name in names if name.split(".")[0] == "recommender"]
    assert all(name.startswith("recommender.index.kernels.") for name in ours)
