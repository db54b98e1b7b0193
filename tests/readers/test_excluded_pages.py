"""Pages that patterns exclude are not read, and are counted."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("docs/a.md", "docs/tags/b.md", "docs/tags/deep/c.md", "blog/tags/d.md", "blog/e.md"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\ntitle: {name}\n---\nThe ferry sails twice a day.\n")
    return tmp_path


def _ids(*args, **options) -> list[str]:
    return sorted(article.article_id for article in read_articles(*args, **options))


@pytest.mark.parametrize("exclude", ["docs/tags/*", ["docs/tags/*"], ("./docs/tags/*",)])
def test_pages_that_match_are_left_out_and_counted(folder: Path, exclude) -> None:
    reader = read_articles(folder, exclude=exclude)
    assert sorted(article.article_id for article in reader) == ["blog/e", "blog/tags/d", "docs/a"]
    assert reader.left_out == {"excluded": 2}
    assert {Path(row.source).name for row in reader.left_out_rows} == {"b.md", "c.md"}


def test_they_are_not_even_read_and_keeping_all_does_not_bring_them_back(folder: Path) -> None:
    (folder / "docs/tags/b.md").write_bytes(b"\xff\xfe\xff")
    assert _ids(folder, exclude="*/tags/*", keep="all") == ["blog/e", "docs/a"]
    with pytest.raises(ValueError, match="keep must be"):
        read_articles(folder, keep="excluded")


def test_of_several_folders_paths_are_those_of_the_ids(folder: Path) -> None:
    both = [folder / "docs", folder / "blog"]
    assert _ids(both, exclude="docs/tags/*") == ["blog/e", "blog/tags/d", "docs/a"]


def test_a_page_in_another_form_of_unicode_matches(folder: Path) -> None:
    (folder / unicodedata.normalize("NFD", "docs/tags/ö.md")).write_text("It rained.")
    assert "docs/tags/ö" not in _ids(folder, exclude=unicodedata.normalize("NFC", "docs/tags/ö*"))


def test_a_pattern_that_matches_nothing_is_told(folder: Path) -> None:
    with pytest.warns(UserWarning, match=r"no page matches 'tags/\*', which is to be excluded"):
        assert len(_ids(folder, exclude=["tags/*", "blog/*"])) == 3


def test_a_pattern_for_articles_without_paths_is_told(tmp_path: Path) -> None:
    table = tmp_path / "articles.csv"
    table.write_text("id,title,text,url\na,Rain,It rained.,/tag/rain\n")
    with pytest.warns(UserWarning, match="nothing was excluded: patterns are for the paths of pages"):
        assert _ids(table, exclude="/tag/*") == ["a"]


def test_a_file_that_is_given_itself_is_read(folder: Path) -> None:
    assert _ids(folder / "blog/e.md", exclude=["*"]) == ["e"]


def test_a_folder_that_is_excluded_as_a_whole_is_an_error(folder: Path) -> None:
    with pytest.raises(InputError, match=r"all pages are excluded, got 5 by \*; exclude fewer"):
        _ids(folder, exclude="*")


@pytest.mark.parametrize("exclude", [[""], [3]])
def test_what_is_no_pattern_is_refused(folder: Path, exclude) -> None:
    with pytest.raises(ValueError, match="exclude must be patterns of paths"):
        read_articles(folder, exclude=exclude)
