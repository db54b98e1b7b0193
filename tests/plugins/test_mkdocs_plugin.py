"""The plug for MkDocs in real builds: by the programs themselves, and then in this process."""

import json
import logging

import pytest
import yaml
from small_site import HOSTILE, Read, documented, installed, lists, pages, run, subject

from recommender import Recommender

pytest.importorskip("mkdocs", reason="MkDocs is in the dev group")
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, ConfigurationError


@pytest.fixture
def paths(tmp_path, monkeypatch):
    found = installed(tmp_path / "installed")
    for each in reversed(found):
        monkeypatch.syspath_prepend(each)
    return found


@pytest.fixture
def project(tmp_path, paths):
    """A project with a home page and twelve pages."""
    folder = tmp_path / "project"
    for name, (title, text) in pages().items():
        write(folder, f"{name.partition('-')[0]}/{name}.md", f"# {shown(title)}\n\n{text}\n")
    write(folder, "index.md", "# Papers\n\nAll the papers, in one place.\n")
    configure(folder)
    return folder


def shown(title):
    return title.replace("&", "&amp;").replace("<", "&lt;")


def write(folder, path, text):
    file = folder / "docs" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def configure(folder, related=None, **settings):
    plugin = "related" if related is None else {"related": related}
    config = {"site_name": "Papers", "plugins": ["search", plugin], **settings}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")


def build(folder, *, strict=True, dirty=False, serve_url=None, **settings):
    """Build as the command line does. Return the lists."""
    config = load_config(str(folder / "mkdocs.yml"), strict=strict, **settings)
    config.plugins.on_startup(command="serve" if serve_url else "build", dirty=dirty)
    mkdocs_build(config, dirty=dirty, serve_url=serve_url)
    return lists(folder / "site")


def page_of(folder, name):
    return folder / "site" / subject(name) / name / "index.html"


@pytest.mark.parametrize(("program", "more"), [("mkdocs", ""), ("properdocs", "theme: material\n")])
def test_the_programs_put_a_list_under_every_page_without_a_warning(project, paths, program, more):
    """With the configuration that the documentation begins with."""
    pytest.importorskip(program, reason=f"{program} is in the dev group")
    (project / "mkdocs.yml").write_text(documented("mkdocs.md", "yaml") + more)
    run(paths, project, program, "build", "--strict", "--quiet")
    found = lists(project / "site")
    assert found.keys() >= {f"{subject(name)}/{name}/index.html" for name in pages()}
    for page, linked in found.items():
        assert page not in linked
        if subject(page):
            assert [subject(each) for each in linked[:2]] == [subject(page)] * 2
    read = Read(page_of(project, "comet-2").read_text())
    assert HOSTILE in read.titles
    assert "alert(1)" not in "".join(json.dumps(read.links))
    words = (project / "site/search/search_index.json").read_text()
    assert "Related articles" not in words
    assert "related-articles" not in words


def test_material_has_the_list_in_the_content_and_its_own_language(project):
    pytest.importorskip("material", reason="Material for MkDocs is in the dev group")
    configure(project, theme={"name": "material", "language": "de"})
    found = build(project)
    assert len(found) >= 12
    text = page_of(project, "ferry-2").read_text()
    assert Read(text).headings == ["Ähnliche Artikel"]
    inside = text[text.index("<article") : text.index("</article")]
    assert Read(inside).links


def test_a_second_build_updates_the_site_and_names_what_changed(project, monkeypatch):
    before = build(project)
    monkeypatch.setattr(Recommender, "from_articles", lambda *_, **__: pytest.fail("built again"))
    edits = []
    update = Recommender.update
    monkeypatch.setattr(Recommender, "update", lambda site, *args: edits.append(args) or update(site, *args))
    assert build(project) == before
    assert edits == []
    title, text = pages()["ferry-1"]
    write(project, "ferry/ferry-1.md", f"# {title} of the river\n\n{text}\n")
    build(project)
    ((edited, gone),) = edits
    assert [each.article_id for each in edited] == ["ferry/ferry-1.md"]
    assert gone == []
    assert f"{title} of the river" in Read(page_of(project, "ferry-2").read_text()).titles


def test_a_deleted_page_is_in_no_list(project):
    build(project)
    (project / "docs/ferry/ferry-1.md").unlink()
    found = build(project)  # every link is followed
    assert found["ferry/ferry-2/index.html"][0] == "ferry/ferry-3/index.html"


def test_links_work_without_directories_and_outside_the_navigation(project):
    nav = ["index.md", {"Elsewhere": "https://example.com/"}, {"Ferries": ["ferry/ferry-1.md"]}]
    configure(project, use_directory_urls=False, nav=nav, not_in_nav="*")
    found = build(project)
    assert found["ferry/ferry-1.html"][:2] == ["ferry/ferry-2.html", "ferry/ferry-3.html"]


def test_entries_have_the_titles_of_pages_rather_than_those_of_the_navigation(project):
    configure(project, nav=[{"Overview": "ferry/ferry-1.md"}, "ferry/ferry-2.md"], not_in_nav="*")
    write(
        project,
        "ferry/ferry-3.md",
        f"---\ntitle: Letters & <b>more</b>\n---\n# Ferry\n\n{pages()['ferry-3'][1]}\n",
    )
    build(project)
    titles = Read(page_of(project, "ferry-2").read_text()).titles
    assert {"Ferry log", "Letters & more"} <= set(titles)


def test_a_page_that_is_kept_out_has_no_list_and_is_in_none(project):
    kept_out = {
        "ferry-1": "related: false",
        "orchard-1": "search:\n  exclude: true",  # of Material
        "loom-1": "draft: true",
        "comet-1": "hidden: true",
        "comet-2": "robots: noindex",
    }
    for name, matter in kept_out.items():
        title, text = pages()[name]
        write(project, f"{subject(name)}/{name}.md", f"---\n{matter}\n---\n# {shown(title)}\n\n{text}\n")
    found = build(project)
    assert "ferry/ferry-2/index.html" in found
    linked = {*found, *(each for links in found.values() for each in links)}
    assert not [page for page in linked if any(name in page for name in kept_out)]


def test_patterns_and_drafts_of_the_program_keep_pages_out_also_in_a_preview(project):
    configure(project, {"exclude": ["loom/*"]}, draft_docs="orchard-1.md\n")
    found = build(project, serve_url="http://localhost:8000/")
    assert (project / "site/orchard/orchard-1/index.html").is_file()
    linked = set(found) | {each for links in found.values() for each in links}
    assert not any("loom" in page or "orchard-1" in page for page in linked)


def test_hidden_pages_have_a_list_but_are_in_none(project):
    title, text = pages()["ferry-1"]
    write(project, "ferry/ferry-1.md", f"---\nrelated_hidden: true\n---\n# {title}\n\n{text}\n")
    found = build(project)
    assert found["ferry/ferry-1/index.html"]
    assert not any("ferry/ferry-1/index.html" in linked for linked in found.values())


def test_the_list_stands_at_a_marker_or_only_there(project):
    title, text = pages()["ferry-1"]
    write(project, "ferry/ferry-1.md", f"# {title}\n\n{text}\n\n<!-- related -->\n\n## After\n\nMore.\n")
    build(project)
    text = page_of(project, "ferry-1").read_text()
    assert text.index("related-articles-heading") < text.index('id="after"')
    configure(project, {"append": False})
    assert list(build(project)) == ["ferry/ferry-1/index.html"]


def test_a_theme_may_show_the_entries_itself(project):
    overrides = project / "overrides"
    overrides.mkdir()
    (overrides / "main.html").write_text(
        '{% extends "base.html" %}{% block content %}{{ super() }}'
        "{% for entry in related_articles %}[{{ entry.url }}]{% endfor %}{% endblock %}"
    )
    configure(project, {"append": False}, theme={"name": "mkdocs", "custom_dir": "overrides"})
    build(project)
    assert "[../ferry-3/]" in page_of(project, "ferry-2").read_text()


def test_pictures_count_from_their_page_or_from_the_root(project):
    for name, image in (
        ("ferry-1", "boat.png"),
        ("ferry-2", "img/quay.png"),
        ("ferry-3", "https://cdn.example/x.png"),
    ):
        title, text = pages()[name]
        write(project, f"ferry/{name}.md", f"---\nimage: {image}\n---\n# {title}\n\n{text}\n")
    write(project, "ferry/boat.png", "png")
    write(project, "img/quay.png", "png")
    configure(project, {"thumbnails": True, "k": 2})
    build(project)
    assert set(Read(page_of(project, "ferry-3").read_text()).images) == {"../boat.png", "../../img/quay.png"}
    assert "https://cdn.example/x.png" in Read(page_of(project, "ferry-1").read_text()).images


def test_wrong_settings_are_all_named(project, caplog):
    configure(project, {"kk": 3, "floor": 7, "thumbnails": "yes", "heading": 4})
    with caplog.at_level(logging.ERROR, logger="mkdocs"), pytest.raises((ConfigurationError, Abort)):
        build(project)
    said = caplog.text
    for each in (
        "option 'kk': no such setting; did you mean k?",
        "option 'floor': floor must be from 0 to 1, got 7",
        "option 'thumbnails': wanted true or false, got 'yes'",
        "option 'heading': wanted text, got 4",
    ):
        assert each in said


def test_a_wrong_template_ends_the_build_with_its_line(project, caplog):
    (project / "list.html").write_text("\n{% for %}")
    configure(project, {"template": "list.html"})
    with caplog.at_level(logging.ERROR, logger="mkdocs"), pytest.raises(Abort):
        build(project)
    assert "list.html:2: wrong template" in caplog.text


def test_fields_that_cannot_be_read_are_warnings_and_fail_a_strict_build(project, caplog):
    title, text = pages()["ferry-1"]
    write(project, "ferry/ferry-1.md", f"---\ndate: someday\n---\n# {title}\n\n{text}\n")
    with caplog.at_level(logging.WARNING, logger="mkdocs"):
        assert build(project, strict=False)["ferry/ferry-1/index.html"]
    assert "ferry/ferry-1.md: a date that cannot be read" in caplog.text


@pytest.mark.parametrize("names", [(), ("ferry-1",)], ids=["an empty site", "one page"])
def test_a_site_without_related_pages_has_no_lists(tmp_path, paths, names):
    (tmp_path / "project/docs").mkdir(parents=True)
    for name in names:
        write(tmp_path / "project", f"{name}.md", "\n\n".join(pages()[name]))
    configure(tmp_path / "project")
    assert build(tmp_path / "project") == {}


def test_a_dirty_build_shows_the_lists_of_the_last_whole_one(project, monkeypatch):
    configure(project, {"cache": "kept"})
    before = build(project)
    monkeypatch.setattr(Recommender, "update", lambda *_: pytest.fail("updated without all pages"))
    title, text = pages()["ferry-1"]
    write(project, "ferry/ferry-1.md", f"# {title}\n\n{text} And more.\n")
    assert build(project, strict=False, dirty=True) == before


def test_a_build_without_a_cache_to_write_to_goes_on(project):
    (project / "file").write_text("no folder")
    configure(project, {"cache": "file"})
    assert len(build(project)) >= 12
