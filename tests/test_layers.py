"""The shape of the package: imports go one way, without circles, and a look-up imports nothing heavy."""

import ast
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

# A module imports from its own row and from the rows above it.
LAYERS = [
    {
        "errors",
        "progress",
        "frozen_dict",
        "control_characters",
        "code_cache",
        "collector_pause",
        "compiling",
        "worker_processes",
        "bounded_toml",
    },
    {"metadata"},
    {"dates"},
    {"listing"},
    {"articles"},
    {"index"},
    {"readers", "text", "editors"},
    {"encoders"},
    {"collection"},
    {"rules"},
    {"scoring"},
    {"ranking"},
    {"exposure"},
    {"lists"},
    {"argument_checks"},
    {"store", "arguments"},
    {"encoding"},
    {"building", "explanations", "updating"},
    {"sharding"},
    {"links"},
    {"site_view"},
    {"stored_view"},
    {"link_view"},
    {"engine"},
    {"site_changes"},
    {"kept_site", "live_site"},
    {"evaluation", "rendering"},
    {"export", "fitting", "tuning"},
    {"weaving"},
    {"plugins"},
    {"service"},
    {"cli"},
    {"__main__"},
]
ROW = {name: row for row, names in enumerate(LAYERS) for name in names}
MODULES = sorted(Path("recommender").rglob("*.py"))
HEAVY = {"torch", "numba", "sklearn", "pandas", "scipy", "pyarrow", "lxml", "trafilatura", "matplotlib"}
HEAVY |= {"psycopg", "apsw", "qdrant_client"}
MOST_PARAMETERS = 6
CONSTRUCTORS = {"__init__", "from_articles"}
PRESCRIBED = {"apps.py", "models.py", "related.py"}  # by Django, which finds them by their names


def module_name(path):
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imported(path):
    """Yield the modules that a module imports, also inside functions and under TYPE_CHECKING, and the names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from ((node.module, alias.name) for alias in node.names)


def import_graph(paths):
    """Return which modules of some files each module imports."""
    names = {module_name(path): path for path in paths}
    graph = {}
    for name, path in names.items():
        full = (f"{module}.{each}" if each else module for module, each in imported(path))
        parts = {each if each in names else each.rpartition(".")[0] for each in full}
        graph[name] = (parts & names.keys()) - {name}
    return graph


def circles(graph):
    """Return the modules that can reach themselves."""
    reached = defaultdict(set)
    for start in graph:
        waiting = list(graph[start])
        while waiting:
            module = waiting.pop()
            if module not in reached[start]:
                reached[start].add(module)
                waiting += graph[module]
    return sorted(module for module in graph if module in reached[module])


def stage_of(path):
    return path.relative_to("recommender").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_back_along_the_walk_only(path):
    stage = stage_of(path)
    if stage == "__init__":
        return
    assert stage in ROW, f"{path}: add {stage} to LAYERS"
    for name, _ in imported(path):
        parts = name.split(".")
        assert parts[0] not in {"benchmarks", "tests", "notebooks"}
        if parts[0] == "recommender" and len(parts) > 1:
            assert parts[1] == stage or ROW[parts[1]] < ROW[stage], f"{path} imports {name}"


def test_no_module_reaches_itself_inside_a_stage_or_across():
    assert not circles(import_graph(MODULES))


def test_a_planted_circle_inside_a_stage_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stage = Path("recommender/stage")
    stage.mkdir(parents=True)
    for name, text in {
        "one.py": "def f():\n    from recommender.stage.two import g\n",
        "two.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from recommender.stage import one\n",
        "three.py": "from recommender.stage.one import f\n",
    }.items():
        (stage / name).write_text(text, encoding="utf-8")
    graph = import_graph(sorted(Path("recommender").rglob("*.py")))
    assert circles(graph) == ["recommender.stage.one", "recommender.stage.two"]


def test_no_module_imports_a_private_name_of_another():
    private = [
        (str(path), name)
        for path in [*MODULES, *Path("benchmarks").rglob("*.py")]
        for module, name in imported(path)
        if name and name.startswith("_") and module != "__future__"
    ]
    assert not private


def test_no_basename_occurs_twice_outside_the_command_line():
    names = Counter(
        path.name
        for path in MODULES
        if path.name != "__init__.py"
        and stage_of(path) != "cli"
        and not (stage_of(path) == "plugins" and path.name in PRESCRIBED)
    )
    assert not [name for name, count in names.items() if count > 1]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_stay_small_and_functions_take_few_parameters(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 300
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name not in CONSTRUCTORS:
            names = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            assert len({*names} - {"self", "cls"}) <= MOST_PARAMETERS, f"{path}:{node.lineno} {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_user_input_is_never_checked_by_assert(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_nothing_can_read_or_write_a_pickle(path):
    names = {name for name, _ in imported(path)}
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


def test_importing_the_package_imports_nothing_heavy():
    assert not loaded_after("import recommender, recommender.evaluation, recommender.export") & HEAVY


def test_looking_up_a_list_imports_nothing_heavy(tmp_path):
    """With reasons too, on a site whose dates, sections, tags and titles count."""
    from recommender import Article, Recommender

    articles = [
        Article(
            f"a{number:02}", f"Rain on road {number // 2}, part {number % 2}", "",
            published=f"20{number // 2 + 10}-05-01", section=f"part {number // 2 % 3}",
            metadata={"tags": [f"road {number // 2}"]},
        )
        for number in range(40)
    ]  # fmt: skip
    built = Recommender.from_articles(articles)
    built.save(tmp_path / "x.rec")
    code = (
        "from recommender import Recommender\n"
        f"site = Recommender.load({str(tmp_path / 'x.rec')!r})\n"
        "site['a00'], site.related('a00', 3, why=True), list(site.related_all()), 'a01' in site, list(site)\n"
        "site.related('a00', 1, exclude=[site['a00'][0].article_id])\n"
        "used = set(site.related('a00', why=True)[0].parts)\n"
        "assert used == {'lexical', 'hub', 'mention', 'time', 'section', 'tags'}, used"
    )
    assert not loaded_after(code) & HEAVY
    command = (
        "import sys\nfrom recommender.cli import main\n"
        f"main(['related', {str(tmp_path / 'x.rec')!r}, 'a00'], standalone_mode=False)\n"
        "assert not any(name.startswith('recommender.readers') for name in sys.modules)"
    )
    loaded_after(command)
    built.update(
        [replace(articles[0], title="Rain on road 0, again"), replace(articles[1], article_id="new")], ["a39"]
    )
    built.save(tmp_path / "x.rec")
    code = (
        "from recommender import Recommender\n"
        f"site = Recommender.load({str(tmp_path / 'x.rec')!r})\n"
        "assert site.n_updates == 1 and 'new' in site and 'a39' not in site\n"
        "len(site), site['a00'], site.related_many(['new', 'a01'], 3), list(site.related_all()), list(site)\n"
        "site.related('a00', 1, exclude=[site['a00'][0].article_id])\n"
        "site.refresh(), site.changes_since(1), site.k, site.policy, site.version"
    )
    assert not loaded_after(code) & HEAVY
