"""Weaving as a user sees it: lists in pages, everything else untouched, and a second run that changes nothing."""

import json
import os
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import pytest
from woven_sites import contents, page, small_site, write_site

from recommender.errors import InputError
from recommender.readers import read_articles
from recommender.readers.html.woven_blocks import BEGIN, END
from recommender.rendering import ListTemplate
from recommender.weaving import WeaveSettings, remove_lists, weave, weaver

SETTINGS = WeaveSettings(ListTemplate(), k=2)
LINK = re.compile(r'class="related-articles-link" href="([^"]*)"')


@pytest.fixture(scope="module")
def woven_once(tmp_path_factory):
    """A site that was woven once: its folder, its state, and what its generator had written."""
    root = tmp_path_factory.mktemp("woven")
    folder = write_site(root / "public", small_site())
    before = contents(folder)
    weave(folder, root / "state", SETTINGS)
    return root, before


@pytest.fixture
def site(woven_once, tmp_path):
    """A copy of the woven site for a test that changes it."""
    root, before = woven_once
    write_site(tmp_path, contents(root))
    return tmp_path, before


def links(folder, path):
    text = Path(folder, path).read_text("utf-8")
    return [urljoin(f"/{path}", link).lstrip("/") for link in LINK.findall(text)]


def test_each_article_lists_its_relatives_by_links_that_lead_to_their_files(woven_once):
    root, before = woven_once
    for path in before:
        found = links(root / "public", path)
        assert len(found) == 2
        for link in found:
            assert link.split("/")[0] == path.split("/")[0]
            assert Path(root / "public", link, "index.html").is_file()


def test_all_else_in_a_page_stays_as_it_was(woven_once):
    root, before = woven_once
    for path, content in contents(root / "public").items():
        start, end = content.index(BEGIN.encode()), content.index(END.encode()) + len(END)
        assert content[:start] + content[end:] == before[path]


def test_a_second_run_writes_nothing(site):
    root, _ = site
    times = {path: path.stat().st_mtime_ns for path in (root / "public").rglob("*")}
    woven = weave(root / "public", root / "state", SETTINGS)
    assert (woven.changed, woven.n_lists) == ([], 9)
    assert times == {path: path.stat().st_mtime_ns for path in (root / "public").rglob("*")}


def test_what_a_generator_writes_again_gets_the_same_lists_also_without_the_state(site):
    root, before = site
    first = contents(root / "public")
    write_site(root / "public", before)
    weave(root / "public", root / "state", SETTINGS)
    assert contents(root / "public") == first
    write_site(root / "public", before)
    weave(root / "public", root / "other state", SETTINGS)
    assert contents(root / "public") == first


def test_removing_gives_back_what_the_generator_wrote(site):
    root, before = site
    assert remove_lists(root / "public", dry_run=True).changed == sorted(before)
    assert contents(root / "public") != before
    assert remove_lists(root / "public").changed == sorted(before)
    assert contents(root / "public") == before


def test_a_new_page_enters_the_lists_of_older_ones_and_a_deleted_one_leaves_them(site):
    root, _ = site
    write_site(root / "public", {"ferry/4/index.html": page("The ferry, part 4", "ferry", 4)})
    (root / "public/ferry/1/index.html").unlink()
    woven = weave(root / "public", root / "state", SETTINGS)
    assert links(root / "public", "ferry/4/index.html")
    assert any("ferry/4/" in links(root / "public", f"ferry/{n}/index.html") for n in (2, 3))
    for path in contents(root / "public"):
        assert "ferry/1/" not in links(root / "public", path)
    assert not any(path.startswith(("rye", "lighthouse")) for path in woven.changed)


def test_a_page_that_is_no_article_now_loses_its_list_and_its_place_in_others(site):
    root, before = site
    hidden = before["rye/1/index.html"].replace(b"</head>", b"<meta name=robots content=noindex></head>")
    shown = contents(root / "public")["rye/1/index.html"].replace(
        b"</head>", b"<meta name=robots content=noindex></head>"
    )
    write_site(root / "public", {"rye/1/index.html": shown})
    woven = weave(root / "public", root / "state", SETTINGS)
    assert Path(root / "public/rye/1/index.html").read_bytes() == hidden
    assert woven.left_out == {"noindex": 1}
    assert all("rye/1/" not in links(root / "public", path) for path in before)


def test_a_dry_run_writes_no_page_and_names_those_that_would_change(tmp_path):
    folder = write_site(tmp_path / "public", small_site(2))
    before = contents(folder)
    woven = weave(folder, tmp_path / "state", SETTINGS, dry_run=True)
    assert contents(folder) == before
    assert woven.changed == sorted(before)


def test_a_page_that_cannot_be_written_stops_no_other_and_is_named(site, monkeypatch):
    root, before = site
    write_site(root / "public", before)
    real = weaver.replace_page

    def full_disk(path, content):
        if path.parts[-3] == "rye":
            raise OSError(28, "No space left on device")
        real(path, content)

    monkeypatch.setattr(weaver, "replace_page", full_disk)
    woven = weave(root / "public", root / "state", SETTINGS)
    assert len(woven.problems) == 3
    assert "No space left" in str(woven.problems[0])
    assert contents(root / "public")["rye/1/index.html"] == before["rye/1/index.html"]
    monkeypatch.undo()
    assert len(weave(root / "public", root / "state", SETTINGS).changed) == 3
    assert not [path for path in contents(root / "public") if "partial" in path]


def test_a_damaged_state_is_made_anew(site):
    root, before = site
    first = contents(root / "public")
    (root / "state/pages.sqlite").write_bytes(b"no database" * 500)
    for file in (root / "state/site.rec").rglob("*"):
        if file.is_file() and file.name != "manifest.json":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    write_site(root / "public", before)
    weave(root / "public", root / "state", SETTINGS)
    assert contents(root / "public") == first


@pytest.mark.parametrize("column", ["digest", "facts", "place", "path", "a byte", "an end", "the schema"])
def test_damage_in_the_state_changes_no_page(site, column):
    """SQLite finds no change of a value, such as one flipped bit in a text or in the place of a list."""
    root, before = site
    first, file = contents(root / "public"), root / "state/pages.sqlite"
    weave(root / "public", root / "state", SETTINGS)  # keeps places
    if column == "the schema":
        file.write_bytes(file.read_bytes().replace(b"CREATE TABLE pages", b"CR\xccATE TABLE pages"))
    elif column in ("a byte", "an end"):
        content = bytearray(file.read_bytes())
        content[4_096 :: 97 if column == "a byte" else 1] = (
            b"" if column == "an end" else bytes(len(content[4_096::97]))
        )
        file.write_bytes(content)
    else:
        with sqlite3.connect(file) as state:
            state.execute(
                f"UPDATE pages SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} - 9 "
                f"ELSE CAST(replace(CAST({column} AS TEXT), 'e', char(7)) AS BLOB) END"
            )
        state.close()
    write_site(root / "public", before)
    weave(root / "public", root / "state", SETTINGS)
    assert contents(root / "public") == first


def test_a_database_of_somebody_else_in_the_place_of_the_state_stays(site):
    root, before = site
    first, file = contents(root / "public"), root / "state/pages.sqlite"
    file.unlink()
    with sqlite3.connect(file) as theirs:
        theirs.execute("CREATE TABLE pages (mine TEXT)")
    theirs.close()
    content = file.read_bytes()
    write_site(root / "public", before)
    with pytest.warns(UserWarning, match="another database"):
        weave(root / "public", root / "state", SETTINGS)
    assert file.read_bytes() == content
    assert contents(root / "public") == first


def test_lists_in_pages_are_no_part_of_their_text(woven_once):
    root, _ = woven_once
    for article in read_articles(root / "public", id="path"):
        assert "related-articles" not in article.body
        assert "Related articles" not in article.body


def test_excluded_pages_are_neither_listed_nor_written(tmp_path):
    folder = write_site(tmp_path / "public", small_site())
    settings = WeaveSettings(k=5, exclude=("ferry/1/*",))
    woven = weave(folder, tmp_path / "state", settings)
    assert woven.n_articles == 8
    assert links(folder, "ferry/1/index.html") == []
    assert all("ferry/1/" not in links(folder, path) for path in contents(folder))


def test_the_data_file_has_each_list_by_id_and_by_url(tmp_path):
    folder = write_site(tmp_path / "public", small_site())
    settings = replace(SETTINGS, data=tmp_path / "related.json", markers_only=True)
    assert weave(folder, tmp_path / "state", settings).changed == []
    lists = json.loads((tmp_path / "related.json").read_text())
    assert len(lists) == 18
    assert lists["/ferry/1/"] == lists["ferry/1/index"]
    assert {entry["url"] for entry in lists["/ferry/1/"]} == {"/ferry/2/", "/ferry/3/"}
    assert "score" not in lists["/ferry/1/"][0]


def test_a_link_stays_a_link_and_permissions_stay(tmp_path):
    folder = write_site(tmp_path / "public", small_site(2))
    elsewhere = tmp_path / "rye.html"
    linked = folder / "rye/1/index.html"
    linked.rename(elsewhere)
    linked.symlink_to(elsewhere)
    elsewhere.chmod(0o640)
    weave(folder, tmp_path / "state", SETTINGS)
    assert linked.is_symlink()
    assert BEGIN in elsewhere.read_text()
    assert elsewhere.stat().st_mode & 0o777 == 0o640


def test_a_link_to_another_page_of_the_folder_is_no_second_page(tmp_path):
    folder = write_site(tmp_path / "public", small_site(2))
    (folder / "newest.html").symlink_to("rye/1/index.html")
    with pytest.warns(UserWarning, match="read already"):
        assert weave(folder, tmp_path / "state", SETTINGS).n_articles == 6
    assert (
        "../2/" in (folder / "rye/1/index.html").read_text()
    )  # right for this path, not for that of the link
    with pytest.warns(UserWarning, match="read already"):
        assert weave(folder, tmp_path / "state", SETTINGS).changed == []


def test_a_page_whose_name_is_not_utf_8_stops_no_other(tmp_path):
    folder = write_site(tmp_path / "public", small_site(2))
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.html")).write_text(page("Rye", "rye"))
    woven = weave(folder, tmp_path / "state", SETTINGS)
    assert woven.n_lists == 6
    assert "not UTF-8" in str(woven.problems[0])


def test_a_compressed_copy_that_is_older_now_is_named(tmp_path):
    folder = write_site(tmp_path / "public", {**small_site(2), "rye/1/index.html.gz": b"x"})
    assert weave(folder, tmp_path / "state", SETTINGS).compressed == ["rye/1/index.html"]


@pytest.mark.parametrize("pages", [{}, {"notes.txt": "x"}])
def test_a_folder_without_pages_is_refused(tmp_path, pages):
    folder = write_site(tmp_path / "public", pages)
    folder.mkdir(exist_ok=True)
    with pytest.raises(InputError, match="no HTML files"):
        weave(folder, tmp_path / "state", SETTINGS)
    with pytest.raises(InputError, match="no such folder"):
        weave(tmp_path / "nowhere", tmp_path / "state", SETTINGS)


def test_ids_from_addresses_and_from_a_field_that_no_page_has(site):
    root, _ = site
    first = contents(root / "public")
    weave(root / "public", root / "other", replace(SETTINGS, id_field="url"))
    assert contents(root / "public") == first
    with pytest.raises(InputError, match="no id"):
        weave(root / "public", root / "state", replace(SETTINGS, id_field="nope"))
    assert contents(root / "public") == first


def test_exclusions_that_match_nothing_or_everything_and_data_that_would_be_a_page(site):
    root, _ = site
    first = contents(root / "public")
    with pytest.warns(UserWarning, match="no page matches 'ferry/'"):
        weave(root / "public", root / "state", replace(SETTINGS, exclude=("ferry/",)))
    with pytest.raises(InputError, match="all pages are excluded"):
        weave(root / "public", root / "state", replace(SETTINGS, exclude=("*",)))
    with pytest.raises(InputError, match="taken for a page"):
        weave(root / "public", root / "state", replace(SETTINGS, data=root / "public/lists.html"))
    assert contents(root / "public") == first


def test_a_state_that_would_be_published_is_refused(tmp_path):
    folder = write_site(tmp_path / "public", small_site(1))
    with pytest.raises(InputError, match="would be published"):
        weave(folder, folder / "state", SETTINGS)


def test_one_page_and_pages_without_relatives_have_no_list(tmp_path):
    folder = write_site(tmp_path / "public", {"rye.html": page("Rye", "rye")})
    before = contents(folder)
    woven = weave(folder, tmp_path / "state", SETTINGS)
    assert (woven.n_articles, woven.n_lists, woven.changed) == (1, 0, [])
    assert contents(folder) == before


HOSTILE = "&lt;script&gt;alert(1)&lt;/script&gt; &quot;&gt;&lt;img src=x onerror=alert(2)&gt; {{ 7 * 7 }}"


def test_hostile_titles_and_paths_stay_text(tmp_path):
    name = 'a"><script>alert(3)<.html'
    pages = small_site(2) | {f"ferry/{name}": page(HOSTILE, "ferry", 4)}
    folder = write_site(tmp_path / "public", pages)
    weave(folder, tmp_path / "state", WeaveSettings(ListTemplate(excerpts=True, thumbnails=True), k=5))
    shown = Path(folder, "ferry/1/index.html").read_text()
    block = shown[shown.index(BEGIN) : shown.index(END)]
    assert "{{ 7 * 7 }}" in block
    assert "<script" not in block
    assert "<img src=x" not in block
    assert "%3Cscript%3E" in block
