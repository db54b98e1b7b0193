"""Jupyter notebooks as pages: what is read of them, and where they are pages at all."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from recommender import InputError, read_articles
from recommender.errors import Problem
from recommender.readers.notebooks.notebook_source import notebook_markdown
from recommender.text import plain_text

PROSE = "It rained all night, and the river rose over the bridge at the lower mill before the morning."


def text(source: str | list[str], **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": metadata}


def code(source: str, **metadata: Any) -> dict[str, Any]:
    printed = [{"output_type": "stream", "text": ["never shown"]}]
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": printed}


def notebook(*cells: dict[str, Any], **metadata: Any) -> str:
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def written(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def read(tmp_path: Path, files: dict[str, str], **options: Any):
    reader = read_articles(written(tmp_path, files), **options)
    return {article.article_id: article for article in reader}, reader


def one(tmp_path: Path, content: str):
    (article,) = read_articles(written(tmp_path, {"page.ipynb": content}) / "page.ipynb")
    return article


def test_text_and_code_are_read_and_what_was_printed_is_not(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        notebook(
            text(["# Rain in May\n", "\n", f"{PROSE}\n", "![the *mill*](attachment:mill.png)"]),
            code("plot(rain)\n# ```"),
            {"cell_type": "raw", "source": "\\newpage"},
            text("After the rain."),
            language_info={"name": "R"},
        ),
    )
    assert (found.title, found.article_id) == ("Rain in May", "page")
    shown = plain_text(found.body)
    for kept in (PROSE, "plot(rain)", "# ```", "After the rain."):
        assert kept in shown
    for dropped in ("never shown", "attachment", "newpage", "Rain in May"):
        assert dropped not in shown
    assert 'class="language-R"' in found.body


FRONT = {
    "quarto": notebook(
        {
            "cell_type": "raw",
            "source": "---\ntitle: Rain\ndate: 2026-05-01\ncategories: [weather]\ndescription: Wet.\n---",
        },
        text(PROSE),
    ),
    "myst": notebook(
        text(f"---\ntitle: Rain\ndate: 2026-05-01\ncategories: [weather]\ndescription: Wet.\n---\n\n{PROSE}")
    ),
    "nbdev": notebook(
        text("# Rain\n\n> Wet.\n\n- categories: [weather]\n- date: 2026-05-01\n- toc: true"), text(PROSE)
    ),
    "fastpages": notebook(
        text('# "Rain"\n> "Wet."\n\n- categories: [weather]\n- date: 2026-05-01\n- hide: false'), text(PROSE)
    ),
    "nikola": notebook(
        text(PROSE),
        nikola={"title": "Rain", "date": "2026-05-01", "category": "weather", "description": "Wet."},
    ),
}


@pytest.mark.parametrize("content", FRONT.values(), ids=FRONT)
def test_front_matter_is_read_in_each_of_its_forms(tmp_path: Path, content: str) -> None:
    found = one(tmp_path, content)
    assert (found.title, found.section, found.description) == ("Rain", "weather", "Wet.")
    assert found.published is not None
    assert found.published.date().isoformat() == "2026-05-01"
    assert plain_text(found.body) == PROSE


def test_a_list_below_a_heading_is_no_front_matter(tmp_path: Path) -> None:
    found = one(tmp_path, notebook(text(f"# Rain\n\n- wet: {PROSE}\n- dry\n"), text("More.")))
    assert found.title == "Rain"
    assert PROSE in plain_text(found.body)


@pytest.mark.parametrize(
    "hidden",
    [
        code("secret", tags=["remove-cell"]),
        code("secret", tags=["hide-input", 3]),
        code("#| echo: false\nsecret"),
        code("#| label: a\n#| include: false\nsecret"),
        code("#|hide\nsecret"),
        code("#hide\nsecret"),
        code("# default_exp secret"),
        code("secret", nbsphinx="hidden"),
        text("secret", tags=["remove_cell"]),
        code("#| label: secret"),
        code("# | include: false\nsecret"),
        code("//| echo: false\nsecret"),
    ],
)
def test_what_a_generator_hides_is_not_read(tmp_path: Path, hidden: dict[str, Any]) -> None:
    found = one(tmp_path, notebook(text(f"# Rain\n\n{PROSE}"), hidden, code("# open\nshown")))
    shown = plain_text(found.body)
    assert "secret" not in shown
    assert "# open" in shown
    assert "shown" in shown


EXPORTED = (
    "import secret",
    "def rain(",
    "    may:int, # secret",
    "):",
    '    "How much it rained."',
    "    return secret",
    "class River:",
    '    """A river that',
    '    rises.""" # secret',
    "    bed = '''never ends",
)


def test_a_title_that_the_template_shows_is_the_title(tmp_path: Path) -> None:
    hidden = text("# Rain in May\n", tags=["remove_cell"]), text("# No title\nsecret", tags=["remove_cell"])
    found = one(tmp_path, notebook(*hidden, text(PROSE)))
    assert (found.title, plain_text(found.body)) == ("Rain in May", PROSE)


def test_an_empty_notebook_is_left_out_and_refuses_nothing(tmp_path: Path) -> None:
    files = {"_quarto.yml": "", "Untitled.ipynb": "\n", "new.ipynb": notebook(), "rain.ipynb": PAGE}
    found, reader = read(tmp_path, files)
    assert list(found) == ["rain"]
    assert reader.left_out == {"other": 2}


def test_two_notebooks_in_one_file_are_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 JSON values"):
        one(tmp_path, PAGE + PAGE)


@pytest.mark.parametrize("option", ["#| export", "#|export core", "# export", "#export"])
def test_what_nbdev_exports_is_read_as_it_documents_it(tmp_path: Path, option: str) -> None:
    exported = code("\n".join([option, *EXPORTED]))
    found = one(tmp_path, notebook(text(f"# Rain\n\n{PROSE}"), exported, code("#| exports\nshown")))
    shown = plain_text(found.body)
    for kept in ("rain", "How much it rained.", "River", "A river that rises.", "shown"):
        assert kept in shown
    assert "secret" not in shown


def test_a_notebook_of_version_3_is_read(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "source": "Rain"},
        text(PROSE),
        {"cell_type": "code", "input": "x"},
    ]
    found = one(tmp_path, json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}))
    assert found.title == "Rain"
    assert PROSE in plain_text(found.body)


PAGE = notebook(text(f"# Rain\n\n{PROSE}"))
PAGES = {f"{name}.md": f"---\ntitle: {name}\n---\n\n{PROSE}" for name in ("ice", "sun")}
SETTINGS = {
    "_quarto.yml": "project:\n  type: website\n",
    "myst.yml": "version: 1\n",
    "_toc.yml": "format: jb-book\nroot: intro\n",
    "settings.ini": "[DEFAULT]\nlib_name = rain\nnbs_path = .\n",
    "conf.py": "extensions = ['myst_nb']\n",
    "conf.py ": "POSTS = (\n    ('posts/*.md', 'posts', 'post.tmpl'),\n    ('posts/*.ipynb', 'posts', 'post.tmpl'),\n)\n",
    "mkdocs.yml": "plugins:\n  - search\n  - mkdocs-jupyter\n",
    "pelicanconf.py": "MARKUP = ('md', 'ipynb')\n",
    "pelicanconf.py ": "from pelican_jupyter import markup as nb_markup\n",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_notebooks_are_pages_below_settings_that_publish_them(tmp_path: Path, name: str) -> None:
    files = {f"docs/{page}": content for page, content in PAGES.items()}
    files |= {"docs/rain.ipynb": PAGE, "examples/other.ipynb": PAGE, f"docs/{name.strip()}": SETTINGS[name]}
    found, reader = read(tmp_path, files)
    assert [page for page in found if "rain" in page or "other" in page] == ["docs/rain"]
    assert any("1 .ipynb" in str(warning) for warning in reader.warnings)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hugo.toml", ""),
        ("conf.py", "extensions = ['sphinx']"),
        ("conf.py", "COMPILERS = {\"ipynb\": ['.ipynb']}\nPOSTS = (('posts/*.md', 'posts', 'post.tmpl'),)"),
        ("a.txt", ""),
        ("pelicanconf.py", "# MARKUP = ('md', 'ipynb')\nPLUGINS = ['ipynb.liquid']"),
    ],
)
def test_elsewhere_notebooks_are_downloads_that_are_counted(tmp_path: Path, name: str, content: str) -> None:
    found, reader = read(tmp_path, {**PAGES, "rain.ipynb": PAGE, name: content})
    assert sorted(found) == ["ice", "sun"]
    assert any("1 .ipynb" in str(warning) for warning in reader.warnings)


def test_settings_above_the_folder_count(tmp_path: Path) -> None:
    written(tmp_path, {"mkdocs.yml": SETTINGS["mkdocs.yml"]})
    found, _ = read(tmp_path / "docs", {**PAGES, "rain.ipynb": PAGE})
    assert sorted(found) == ["ice", "rain", "sun"]


def test_the_notebooks_of_fastpages_are_posts(tmp_path: Path) -> None:
    files = {
        "_config.yml": "title: Weather\n",
        "_posts/2026-04-30-ice.md": PAGES["ice.md"],
        "_posts/2026-05-02-made.md": PAGES["sun.md"],
        "_notebooks/2026-05-01-rain.ipynb": PAGE,
        "_notebooks/2026-05-02-made.ipynb": PAGE,
        "_notebooks/README.md": PAGES["ice.md"],
        "assets/data.ipynb": PAGE,
    }
    found, _ = read(tmp_path, files)
    assert sorted(found) == ["_notebooks/2026-05-01-rain", "_posts/2026-04-30-ice", "_posts/2026-05-02-made"]
    assert found["_notebooks/2026-05-01-rain"].published is not None


def test_a_page_holds_the_notebook_that_pelican_puts_into_it(tmp_path: Path) -> None:
    post = (
        "Title: Rain: a year\ndate: 2026-05-01\ntags: wet\n\n{% notebook downloads/rain.ipynb cells[1:] %}\n"
    )
    files = {
        "pelicanconf.py": "",
        "content/downloads/rain.ipynb": PAGE,
        "content/blog/a.md": post,
        "content/b.md": PROSE,
    }
    found, _ = read(tmp_path, files)
    assert sorted(found) == ["content/b", "content/blog/a"]
    assert found["content/blog/a"].title == "Rain: a year"
    assert PROSE in plain_text(found["content/blog/a"].body)


def test_a_folder_of_notebooks_is_read_with_the_format_or_without(tmp_path: Path) -> None:
    files = {f"{number}.ipynb": PAGE for number in range(5)}
    found, _ = read(tmp_path, files | {"about.md": PAGES["ice.md"]})
    assert sorted(found) == ["0", "1", "2", "3", "4", "about"]
    named, _ = read(tmp_path, PAGES, format="notebook")
    assert sorted(named) == ["0", "1", "2", "3", "4"]


def test_a_notebook_beside_the_page_that_was_made_of_it_is_a_copy(tmp_path: Path) -> None:
    found, reader = read(tmp_path, {**PAGES, "sun.ipynb": PAGE, "_quarto.yml": SETTINGS["_quarto.yml"]})
    assert sorted(found) == ["ice", "sun"]
    assert reader.left_out["copy"] == 1


@pytest.mark.parametrize(
    "content", ["{", "[]", "3", '{"cells": 3}', '{"cells": [3, {"cell_type": []}]} {}', "\x00", "[" * 5_000]
)
def test_what_is_no_notebook_is_an_error_that_names_the_file(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match=r"rain\.ipynb"):
        list(read_articles(written(tmp_path, {"rain.ipynb": content}) / "rain.ipynb"))


@pytest.mark.parametrize(
    "unit",
    [
        "#| a\n",
        "```",
        "![](attachment:",
        "# a\n> b\n- c: d\n",
        "---\n",
        "- a:\n",
        "#| export\n",
        ' """a\n',
        " '''",
        'def a("',
    ],
)
def test_time_is_linear_in_the_length(unit: str) -> None:
    for kind in (text, code):
        times = []
        for n in (20_000, 80_000):
            content = notebook(kind(unit * n), code("#export\n" + unit * n)).encode()
            begin = time.process_time()
            assert not isinstance(notebook_markdown(content), Problem)
            times.append(time.process_time() - begin)
        assert times[1] < 16 * max(times[0], 0.02)
