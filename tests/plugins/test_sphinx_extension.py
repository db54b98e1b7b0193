"""The plug for Sphinx in real builds: by the program itself, and then in this process."""

import io
import json

import pytest
from small_site import HOSTILE, Read, documented, installed, lists, pages, run, subject

from recommender import Recommender

pytest.importorskip("sphinx", reason="Sphinx is in the dev group")
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace, patch_docutils


@pytest.fixture
def project(tmp_path):
    """A project with a home page and twelve pages."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name, (title, text) in pages().items():
        write(folder, name, title, text)
    names = "\n   ".join(f"{subject(name)}/{name}" for name in pages())
    (folder / "index.rst").write_text(f"Papers\n======\n\nAll of them.\n\n.. toctree::\n\n   {names}\n")
    configure(folder)
    return folder


def write(folder, name, title, text, fields=""):
    file = folder / subject(name) / f"{name}.rst"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{fields}\n\n{title}\n{'=' * 80}\n\n{text}\n")


def configure(folder, **settings):
    given = {"project": "Papers", "extensions": ["recommender.plugins.sphinx_extension"], **settings}
    (folder / "conf.py").write_text("".join(f"{name} = {value!r}\n" for name, value in given.items()))


def build(folder, builder="html", *, out=None, **options):
    """Build as the command line does. Return what was said."""
    said = io.StringIO()
    out = out or folder / "_build" / builder
    with patch_docutils(str(folder)), docutils_namespace():
        app = Sphinx(
            folder, folder, out, folder / "_build/doctrees", builder, status=said, warning=said, **options
        )
        app.build()
    assert app.statuscode == 0, said.getvalue()
    assert "WARNING" not in said.getvalue()
    return said.getvalue()


def written(folder):
    """Return the pages whose files changed since the last call."""
    return {
        file.relative_to(folder).as_posix(): file.stat().st_mtime_ns for file in (folder / "_build/html").rglob("*-?.html")
    }  # fmt: skip


def test_the_program_puts_a_list_under_every_page_in_parallel_and_without_a_warning(project, tmp_path):
    """With the configuration that the documentation begins with."""
    (project / "conf.py").write_text(documented("sphinx.md", "py") + "smartquotes = False\n")
    run(installed(tmp_path / "installed"), project, "sphinx", "-q", "-W", "-j", "2", ".", "_build/html")
    found = lists(project / "_build/html")
    assert found.keys() >= {f"{subject(name)}/{name}.html" for name in pages()}
    assert not {"genindex.html", "search.html"} & found.keys()
    for page, linked in found.items():
        assert page not in linked
        if subject(page):
            assert [subject(each) for each in linked[:2]] == [subject(page)] * 2
    assert HOSTILE in Read((project / "_build/html/comet/comet-2.html").read_text()).titles
    assert "Related articles" not in (project / "_build/html/searchindex.js").read_text()


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_furo_has_the_list_in_the_content_in_the_language_of_the_project(project, builder):
    pytest.importorskip("furo", reason="Furo is in the dev group")
    configure(project, html_theme="furo", language="de")
    build(project, builder)
    found = lists(project / "_build" / builder)
    assert len(found) >= 12
    page = next(page for page in found if "ferry-2" in page)
    text = (project / "_build" / builder / page).read_text()
    assert Read(text).headings == ["Ähnliche Artikel"]
    assert Read(text[text.index("<article") : text.index("</article")]).links


def test_a_second_build_writes_the_changed_page_and_those_whose_list_changed(project, monkeypatch):
    build(project)
    before, shown = written(project), lists(project / "_build/html")
    monkeypatch.setattr(Recommender, "from_articles", lambda *_, **__: pytest.fail("built again"))
    assert "no targets are out of date" in build(project)
    title, text = pages()["ferry-1"]
    write(project, "ferry-1", f"{title} of the river", text)
    build(project)
    after = written(project)
    changed = {page for page in after if after[page] != before[page]}
    titled = {page for page, linked in shown.items() if "ferry/ferry-1.html" in linked}
    assert {f"_build/html/{page}" for page in titled if subject(page)} <= changed
    assert "_build/html/ferry/ferry-1.html" in changed
    assert len(changed) < len(after)
    for page in titled:
        assert f"{title} of the river" in Read((project / "_build/html" / page).read_text()).titles


def test_an_interrupted_build_is_made_up_for(project, monkeypatch):
    build(project)
    title, text = pages()["ferry-1"]
    write(project, "ferry-1", f"{title} of the river", text)
    with monkeypatch.context() as patch:
        patch.setattr("sphinx.builders.html.StandaloneHTMLBuilder.write_doc", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(project)
    build(project)
    assert f"{title} of the river" in Read((project / "_build/html/ferry/ferry-2.html").read_text()).titles


def test_builders_that_share_the_doctrees_each_write_what_changed(project):
    for builder in ("html", "dirhtml"):
        build(project, builder)
    title, text = pages()["ferry-1"]
    write(project, "ferry-1", f"{title} of the river", text)
    for builder, page in (("html", "ferry/ferry-2.html"), ("dirhtml", "ferry/ferry-2/index.html")):
        build(project, builder)
        assert f"{title} of the river" in Read((project / "_build" / builder / page).read_text()).titles


def test_a_deleted_page_is_in_no_list(project):
    build(project)
    (project / "ferry/ferry-1.rst").unlink()
    index = project / "index.rst"
    index.write_text(index.read_text().replace("   ferry/ferry-1\n", ""))
    build(project)
    (project / "_build/html/ferry/ferry-1.html").unlink()  # Sphinx leaves it
    assert lists(project / "_build/html")["ferry/ferry-2.html"][0] == "ferry/ferry-3.html"


def test_a_page_that_is_kept_out_has_no_list_and_is_in_none(project):
    kept_out = {
        "ferry-1": ":related: false",
        "orchard-1": ":orphan:",
        "loom-1": ":nosearch:",
        "comet-1": ":draft: true",
        "comet-2": ".. meta::\n   :robots: noindex",
    }
    for name, fields in kept_out.items():
        write(project, name, *pages()[name], fields=fields)
    build(project)
    found = lists(project / "_build/html")
    assert "ferry/ferry-2.html" in found
    linked = {*found, *(each for links in found.values() for each in links)}
    assert not [page for page in linked if any(name in page for name in kept_out)]


def test_settings_apply_and_a_change_of_them_writes_all_pages(project):
    build(project)
    configure(
        project, related_articles={"k": 1, "exclude": "loom/*", "heading": "See also", "excerpts": True}
    )
    build(project)
    found = lists(project / "_build/html")
    assert not any(
        "loom" in page for page in [*found, *(each for linked in found.values() for each in linked)]
    )
    assert {len(linked) for linked in found.values()} == {1}
    read = Read((project / "_build/html/ferry/ferry-2.html").read_text())
    assert read.headings == ["See also"]


def test_the_list_stands_at_the_directive_or_only_there(project):
    title, text = pages()["ferry-1"]
    write(project, "ferry-1", title, f"{text}\n\n.. related-articles::\n\nAfter\n-----\n\nMore.")
    build(project)
    text = (project / "_build/html/ferry/ferry-1.html").read_text()
    assert text.index("related-articles-heading") < text.index('id="after"')
    configure(project, related_articles={"append": False})
    build(project)
    assert list(lists(project / "_build/html")) == ["ferry/ferry-1.html"]


@pytest.mark.parametrize("builder", ["singlehtml", "epub"])
def test_builders_without_pages_of_their_own_have_no_lists(project, builder):
    configure(project, version="1", copyright="Us")
    build(project, builder)
    assert not (project / "_build/doctrees/related-articles").exists()


def test_wrong_settings_are_all_named(project):
    configure(project, related_articles={"kk": 3, "floor": 7, "excerpts": "yes"})
    with pytest.raises(ConfigError) as caught:
        build(project)
    for each in ("kk: no such setting; did you mean k?", "floor: floor must be from 0 to 1, got 7",
                 "excerpts: wanted true or false, got 'yes'"):  # fmt: skip
        assert f"related_articles: {each}" in str(caught.value)
    configure(project, related_articles=["k"])
    with pytest.raises(ConfigError, match="wanted settings by name"):
        build(project)


def test_a_project_of_one_page_has_no_lists(tmp_path):
    (tmp_path / "index.rst").write_text("Papers\n======\n\nNothing yet.\n")
    configure(tmp_path)
    build(tmp_path)
    assert lists(tmp_path / "_build/html") == {}


def test_what_is_recorded_of_the_lists_that_were_written_may_be_lost(project):
    build(project)
    (record,) = (project / "_build/doctrees/related-articles").glob("html-*.json")
    assert len(json.loads(record.read_text())) == 13
    record.write_text("[")
    before = written(project)
    build(project)
    after = written(project)
    assert all(after[page] != before[page] for page in after)
