"""Folders of pages that are read together: ids say in which folder a page is."""

from __future__ import annotations

import pytest

from recommender import InputError, read_articles


@pytest.fixture
def project(tmp_path):
    """A project of Docusaurus with the same names in two folders."""
    for folder in ("docs", "blog", "docs/guide"):
        (tmp_path / folder).mkdir()
        for name in ("intro", "more"):
            page = f"---\ntitle: {name} of {folder}\n---\nIt rained on {folder}.\n"
            (tmp_path / folder / f"{name}.md").write_text(page, encoding="utf-8")
    return tmp_path


def ids(sources, **options):
    return [article.article_id for article in read_articles(sources, **options)]


def test_pages_of_several_folders_have_ids_below_the_folder_that_holds_them(project):
    names = ["docs/guide/intro", "docs/guide/more", "docs/intro", "docs/more", "blog/intro", "blog/more"]
    folders = [project / "docs", project / "blog"]
    assert sorted(ids(folders)) == sorted(names)
    assert sorted(ids(folders, id="file")) == sorted(f"{name}.md" for name in names)


def test_the_way_in_which_folders_are_named_does_not_matter(project, monkeypatch):
    monkeypatch.chdir(project / "docs")
    assert sorted(ids([".", "../blog/"])) == sorted(ids([project / "docs", str(project / "blog")]))


def test_one_folder_names_its_pages_below_itself(project):
    assert ids([project / "blog"]) == ids(project / "blog") == ["intro", "more"]


def test_a_folder_in_another_one_is_the_same_page_twice(project):
    with pytest.raises(InputError, match=r"id seen twice.*'docs/intro'"):
        ids([project, project / "docs"])


def test_ids_of_front_matter_stay_as_they_are(project):
    (project / "blog" / "own.md").write_text("---\nid: mine\ntitle: Own\n---\nIt rained.\n", encoding="utf-8")
    assert "mine" in ids([project / "docs", project / "blog"])
    assert "blog/own.md" in ids([project / "docs", project / "blog"], id="file")
