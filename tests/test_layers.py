"""The shape of the package: data moves one way, and a look-up opens nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

# A module imports from its own row and from the rows above it.
LAYERS = [
    {"errors", "progress"},
    {"metadata"},
    {"dates"},
    {"articles"},
    {"readers", "text", "editors"},
    {"encoders"},
    {"index"},
    {"ranking"},
    {"artifact"},
    {"assembly"},
    {"listing", "live"},
    {"building", "telling", "absence"},
    {"engine"},
    {"evaluation", "export"},
    {"fitting", "tuning"},
    {"cli"},
]
ROW = {name: row for row, names in enumerate(LAYERS) for name in names}
MODULES = sorted(Path("recommender").rglob("*.py"))
HEAVY = {"torch", "numba", "sklearn", "pandas", "scipy", "pyarrow", "lxml", "trafilatura", "matplotlib"}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module


def stage_of(path):
    return path.relative_to("recommender").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_back_along_the_walk_only(path):
    stage = stage_of(path)
    if stage == "__init__":
        return
    assert stage in ROW, f"{path}: say in LAYERS where {stage} stands"
    for name in imported(path):
        parts = name.split(".")
        assert parts[0] not in {"benchmarks", "tests", "notebooks"}
        if parts[0] == "recommender" and len(parts) > 1:
            assert parts[1] == stage or ROW[parts[1]] < ROW[stage], f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_user_input_is_never_checked_by_assert_and_modules_stay_small(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_nothing_can_read_or_write_a_pickle(path):
    names = set(imported(path))
    assert not names & {"pickle", "cloudpickle", "dill", "shelve", "marshal"}
    text = path.read_text(encoding="utf-8")
    assert "allow_pickle=True" not in text
    assert "joblib.dump" not in text
    assert "joblib.load" not in text


def loaded_after(code):
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_importing_the_package_opens_nothing_heavy():
    assert not loaded_after("import recommender, recommender.evaluation, recommender.export") & HEAVY


def test_looking_up_a_list_opens_nothing_heavy(tmp_path):
    """With reasons too, on a site whose dates, sections, tags and titles count."""
    from recommender import Article, Recommender

    articles = [
        Article(
            f"a{number}", f"Rain on road {number // 2}", f"road {number // 2} again, after rain in May",
            published=f"20{number // 2 + 10}-05-01", section=f"part {number // 2 % 3}",
            metadata={"tags": [f"road {number // 2}"]},
        )
        for number in range(40)
    ]  # fmt: skip
    Recommender.from_articles(articles).save(tmp_path / "x.rec")
    code = (
        "from recommender import Recommender\n"
        f"site = Recommender.load({str(tmp_path / 'x.rec')!r})\n"
        "site.related('a0', why=True), list(site.related_all()), site.related('a0', k=30, why=True)\n"
        "used = set(site.related('a0', why=True)[0].parts)\n"
        "assert used == {'lexical', 'mention', 'time', 'section', 'tags'}, used"
    )
    assert not loaded_after(code) & HEAVY
