"""The plug for Pelican in real builds, by the program itself."""

import contextlib

import pytest
from small_site import HOSTILE, Read, documented, installed, lists, pages, run, subject

from recommender.errors import InputError

pytest.importorskip("pelican", reason="Pelican is in the dev group")
from pelican import Pelican
from pelican.settings import read_settings

from recommender.plugins import pelican_plugin

SETTINGS = {
    "SITENAME": "Papers",
    "SITEURL": "https://papers.example",
    "PATH": "content",
    "TIMEZONE": "UTC",
    "AUTHOR": "Me",
    "PLUGINS": ["related_articles"],
    "RELATIVE_URLS": True,
    "ARTICLE_URL": "{category}/{slug}/",
    "ARTICLE_SAVE_AS": "{category}/{slug}/index.html",
    "FEED_ALL_ATOM": "feeds/all.xml",
    **dict.fromkeys(("CATEGORY_FEED_ATOM", "TRANSLATION_FEED_ATOM", "AUTHOR_FEED_ATOM", "AUTHOR_FEED_RSS")),
}


@pytest.fixture
def paths(tmp_path):
    return installed(tmp_path / "installed")


@pytest.fixture
def project(tmp_path):
    """A blog with twelve articles."""
    folder = tmp_path / "project"
    for number, (name, (title, text)) in enumerate(pages().items(), start=1):
        write(folder, name, f"Title: {title}\nDate: 2026-03-{number:02}\nSummary: About it.", text)
    configure(folder)
    return folder


def write(folder, name, matter, text):
    file = folder / "content" / (subject(name) or "") / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{matter}\nSlug: {name}\n\n{text}\n", encoding="utf-8")


def configure(folder, **settings):
    given = SETTINGS | settings
    text = "".join(f"{name} = {value!r}\n" for name, value in given.items())
    folder.mkdir(exist_ok=True)
    (folder / "pelicanconf.py").write_text(text, encoding="utf-8")


def build(folder):
    """Run Pelican in this process, from the folder, as its command line does."""
    with contextlib.chdir(folder):
        Pelican(read_settings("pelicanconf.py", override={"PLUGINS": [pelican_plugin]})).run()


def run_program(folder, paths):
    return run(paths, folder, "pelican", "-s", "pelicanconf.py", "--fatal=warnings")


def test_every_article_has_a_list_and_only_on_its_own_page(project, paths):
    """With the configuration that the documentation begins with, which must not be shadowed by ours."""
    ours = (project / "pelicanconf.py").read_text().replace("PLUGINS", "_UNUSED").replace("PATH", "_UNUSED")
    (project / "pelicanconf.py").write_text(documented("pelican.md", "py") + ours)
    run_program(project, paths)
    found = lists(project / "output")
    assert set(found) == {f"{subject(name)}/{name}/index.html" for name in pages()}
    for page, linked in found.items():
        assert page not in linked
        assert [subject(each) for each in linked[:2]] == [subject(page)] * 2
    read = Read((project / "output/comet/comet-2/index.html").read_text())
    assert HOSTILE.replace("<script>alert(1)</script> ", "") in read.titles  # a title is HTML to Pelican
    for other in ("index.html", "archives.html", "category/ferry.html", "feeds/all.xml"):
        assert "related-articles" not in (project / "output" / other).read_text()
    title, text = pages()["ferry-1"]  # again, with one article changed and one deleted
    write(project, "ferry-1", f"Title: {title} of the river\nDate: 2026-03-01", text)
    (project / "content/ferry/ferry-3.md").unlink()
    (project / "output/ferry/ferry-3/index.html").unlink()
    run_program(project, paths)
    again = lists(project / "output")
    assert again["ferry/ferry-2/index.html"][0] == "ferry/ferry-1/index.html"
    assert f"{title} of the river" in Read((project / "output/ferry/ferry-2/index.html").read_text()).titles


def test_what_is_not_published_is_in_no_list_and_templates_see_the_articles(project):
    for name, matter in (
        ("ferry-1", "Status: draft"),
        ("orchard-1", "Status: hidden"),
        ("loom-1", "Related: false"),
    ):
        title, text = pages()[name]
        write(project, name, f"Title: {title}\nDate: 2026-03-01\n{matter}", text)
    title, text = pages()["comet-2"]
    write(project, "comet-2", f"Title: {title}\nDate: 2026-03-01", f"{text}\n\n<!-- related -->\n\n## After")
    write(project, "ferry-2-fr", "Title: Le carnet du bac\nDate: 2026-03-01\nLang: fr",
          "Le bac a quitté le port avec la marée, et le pilote a marqué le chenal entre les bouées.")  # fmt: skip
    (project / "theme").mkdir()
    (project / "theme/article.html").write_text(
        "{{ article.content }}<p id=own>{% for each in article.related %}[{{ each.slug }}]{% endfor %}</p>"
    )
    configure(project, THEME_TEMPLATES_OVERRIDES=["theme"], RELATED_ARTICLES={"k": 2, "heading": "See also"})
    build(project)
    found = lists(project / "output")
    linked = {each for links in found.values() for each in links}
    assert not [
        each for each in (*linked, *found) if any(name in each for name in ("ferry-1", "orchard-1", "loom-1"))
    ]
    assert not [each for each in linked if "-fr" in each]
    assert max(map(len, found.values())) == 2
    page = (project / "output/comet/comet-2/index.html").read_text()
    assert "[comet-1][comet-3]" in page or "[comet-3][comet-1]" in page
    assert page.index("See also") < page.index("After")


def test_wrong_settings_are_all_named(project):
    configure(project, RELATED_ARTICLES={"kk": 3, "floor": 7})
    with pytest.raises(InputError) as caught:
        build(project)
    assert str(caught.value).splitlines() == [
        "RELATED_ARTICLES: kk: no such setting; did you mean k?",
        "RELATED_ARTICLES: floor: floor must be from 0 to 1, got 7",
    ]


@pytest.mark.parametrize("names", [(), ("ferry-1",)], ids=["no articles", "one article"])
def test_a_blog_without_related_articles_has_no_lists(tmp_path, names):
    (tmp_path / "project/content").mkdir(parents=True)
    for name in names:
        write(tmp_path / "project", name, "Title: Ferry\nDate: 2026-03-01", pages()[name][1])
    configure(tmp_path / "project")
    build(tmp_path / "project")
    assert lists(tmp_path / "project/output") == {}
