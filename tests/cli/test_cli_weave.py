"""`recommender weave`: what it prints, its exit codes, and its options in a settings file."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from recommender.cli.settings_file import settings_of
from recommender.cli.weave import command

PAGE = "2026/ferry-timetable/index.html"


@pytest.fixture
def public(sample, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(sample / "pages", "public"))


def test_the_first_command_writes_lists_and_the_second_nothing(invoke, public):
    first = invoke("weave", public)
    assert first.stdout.splitlines()[0] == "10 pages, 6 articles, 6 lists"
    assert "6 pages written" in first.stdout
    assert "related-articles" in (public / PAGE).read_text("utf-8")
    assert (Path(".recommender") / ".gitignore").read_text() == "*\n"
    assert "0 pages written" in invoke("weave", public).stdout
    woven = json.loads(invoke("weave", public, "--heading", "Read on", "--json").stdout)
    assert len(woven["changed"]) == 6
    assert "Read on</h2>" in (public / PAGE).read_text("utf-8")


def test_dry_run_names_pages_and_remove_takes_lists_away(invoke, public):
    before = (public / PAGE).read_bytes()
    dry = invoke("weave", public, "--dry-run").stdout
    assert PAGE in dry
    assert "6 pages would be written" in dry
    assert (public / PAGE).read_bytes() == before
    invoke("weave", public)
    assert invoke("weave", public, "--remove").stdout == "6 pages written\n"
    assert (public / PAGE).read_bytes() == before


def test_options_come_from_the_settings_file_and_the_command_line_overrides_it(invoke, public):
    Path("recommender.toml").write_text(
        '[weave]\npublic-dir = "public"\nk = 1\nheading = "Lies weiter"\nexclude = ["2026/bakery-rye/*"]\n'
    )
    invoke("weave")
    text = (public / PAGE).read_text("utf-8")
    assert text.count("related-articles-item") == 1
    assert "Lies weiter" in text
    assert "related-articles" not in (public / "2026/bakery-rye/index.html").read_text("utf-8")
    invoke("weave", "-k", 2, "--heading", "More")
    text = (public / PAGE).read_text("utf-8")
    assert text.count("related-articles-item") == 2
    assert "More</h2>" in text


def test_options_come_from_pyproject(invoke, public):
    Path("pyproject.toml").write_text("[tool.other]\nx = 1\n[tool.recommender.weave]\nk = 1\n")
    invoke("weave", public)
    assert (public / PAGE).read_text("utf-8").count("related-articles-item") == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[weave]\nheadng = 'x'\n", "unknown setting, got headng; did you mean heading?"),
        ("[weeve]\nk = 1\n", "unknown setting, got weeve; did you mean weave?"),
        ("[weave\n", "not TOML"),
        ("weave = 3\n", "wanted options by name"),
        ("[weave]\nthumbnails = 3\n", "wrong value of thumbnails, got 3; give true or false"),
        ("[weave]\nk = true\n", "wrong value of k, got True; give one value"),
        ("[weave]\nk = [3]\n", "wrong value of k"),
        ("[weave]\nheading = ['a', 'b']\n", "wrong value of heading"),
        ("[weave]\ntemplate = {file = 'a'}\n", "wrong value of template"),
        ("[weave]\nexclude = [['a']]\n", "wrong value of exclude, got [['a']]; give a list of texts"),
        ("[weave]\nexclude = {a = 1}\n", "wrong value of exclude"),
    ],
)
def test_a_wrong_settings_file_is_refused_by_name(invoke, public, settings, said):
    Path("recommender.toml").write_text(settings)
    result = invoke("weave", public, code=1)
    assert said in result.stderr
    assert "recommender.toml" in result.stderr


def test_a_wrong_value_in_the_settings_file_is_a_usage_error(invoke, public):
    Path("recommender.toml").write_text("[weave]\nk = 'many'\n")
    assert "'many' is not a valid integer" in invoke("weave", public, code=2).stderr


def test_a_number_in_the_settings_file_is_not_rounded(invoke, public):
    Path("recommender.toml").write_text("[weave]\nk = 2.5\n")
    assert "'2.5' is not a valid integer" in invoke("weave", public, code=2).stderr


def test_one_value_is_a_list_of_one_and_a_number_is_a_text(invoke, public):
    Path("recommender.toml").write_text("[weave]\nexclude = '2026/*'\nheading = 2026\n")
    assert "0 articles" in invoke("weave", public).stdout
    Path("recommender.toml").write_text("[weave]\nheading = 2026\n")
    invoke("weave", public)
    assert "2026</h2>" in (public / PAGE).read_text("utf-8")


@pytest.mark.parametrize(
    ("setting", "name", "value"),
    [
        ("same-language = true", "cross_language", False),
        ("same-language = false", "cross_language", True),
        ("cross-language = true", "cross_language", True),
        ("quiet = true", "progress", False),
        ("progress = true", "progress", True),
        ("dry-run = false", "dry_run", False),
    ],
)
def test_a_flag_means_in_the_settings_file_what_it_means_when_typed(setting, name, value):
    assert settings_of(command, tomllib.loads(setting), "recommender.toml")[name] is value


def test_a_broken_pyproject_of_others_stops_nothing(invoke, public):
    Path("pyproject.toml").write_text("[tool.other\n")
    invoke("weave", public)


def test_a_wrong_template_and_a_missing_folder_are_named(invoke, public):
    Path("mine.html").write_text("{% for x %}")
    assert "mine.html:1: wrong template" in invoke("weave", public, "--template", "mine.html", code=1).stderr
    assert "no such folder" in invoke("weave", "nowhere", code=1).stderr
    assert not Path(".recommender/nowhere").exists()
