"""Pages that a run does not look at again hold what they would hold if it did, whatever happened in between."""

import os
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from woven_sites import contents, page, small_site, write_site

from recommender import Article
from recommender.kept_site import KeptSite
from recommender.readers.html.woven_blocks import BEGIN, END
from recommender.rendering import ListTemplate
from recommender.weaving import WeaveSettings, remove_lists, weave, weaver
from recommender.weaving.page_files import replace_page

SETTINGS = WeaveSettings(ListTemplate(), k=2)
PLAIN = small_site(2)


@pytest.fixture(scope="module")
def woven_once(tmp_path_factory):
    root = tmp_path_factory.mktemp("woven")
    weave(write_site(root / "public", PLAIN), root / "state", SETTINGS)
    return contents(root)


@pytest.fixture
def woven(woven_once, tmp_path):
    """A folder of pages with lists."""
    return write_site(tmp_path, woven_once)


def again(root, chosen=SETTINGS):
    return weave(root / "public", root / "state", chosen).changed


def all_again(root, chosen=SETTINGS):
    """Weave once more without what is known of the last run."""
    with sqlite3.connect(root / "state/pages.sqlite") as file:
        file.execute("DELETE FROM run")
    file.close()
    return again(root, chosen)


def edit(root, path):
    file = root / "public" / path
    file.write_bytes(file.read_bytes().replace(b"people came", b"sailors and bakers came"))


def touch(root, path):
    file = root / "public" / path
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)


def delete(root, path):
    (root / "public" / path).unlink(missing_ok=True)


def add(root, path):
    write_site(root / "public", {f"new/{path}": page("The ferry and the rye", "ferry", 7)})


def hide(root, path):
    file = root / "public" / path
    file.write_bytes(file.read_bytes().replace(b"</head>", b"<meta name=robots content=noindex></head>"))


def tamper(root, path):
    """Somebody takes the list out by hand."""
    file = root / "public" / path
    content = file.read_bytes()
    if BEGIN.encode() in content:
        start, end = content.index(BEGIN.encode()), content.index(END.encode()) + len(END)
        file.write_bytes(content[:start] + content[end:])


def rename(root, path):
    file = root / "public" / path
    file.rename(file.with_name("moved.html"))


def interrupt(root, path):
    """The site goes on, and the run is killed before it has written a page."""
    site = KeptSite(root / "state/site.rec", k=SETTINGS.k)
    site.bring_up_to_date(
        [Article("x", "The ferry and the lamp", "The ferry passes the lamp of the lighthouse.")]
    )


MOVES = (edit, touch, delete, add, hide, tamper, rename, interrupt)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 5)), min_size=1, max_size=3))
def test_a_run_leaves_no_page_that_a_full_run_would_change(moves, woven_once, tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    write_site(root, woven_once)
    for move, at in moves:
        path = sorted(PLAIN)[at]
        if (root / "public" / path).exists():
            move(root, path)
    again(root)
    assert again(root) == []
    assert all_again(root) == []


@pytest.mark.parametrize("move", MOVES)
def test_each_change_is_seen(woven, move):
    root = woven
    path = "ferry/1/index.html"
    move(root, path)
    changed = again(root)
    assert bool(changed) == (move is not touch) or move is interrupt
    assert all_again(root) == []


def test_pages_are_looked_at_again_where_lists_are_rendered_differently_or_a_page_has_moved(woven):
    root = woven
    for chosen in (
        replace(SETTINGS, template=ListTemplate(heading="Read on")),
        replace(SETTINGS, k=1),
        SETTINGS,
    ):
        assert again(root, chosen) == sorted(PLAIN)
        assert all_again(root, chosen) == []
    by_url = replace(SETTINGS, id_field="title")
    again(root, by_url)
    file = root / "public/rye/1/index.html"
    file.rename(root / "public/rye/moved.html")
    assert "rye/2/index.html" in again(root, by_url)
    assert all_again(root, by_url) == []


def test_a_page_that_is_as_it_was_is_not_read_twice(woven, monkeypatch):
    root = woven
    again(root)
    monkeypatch.setattr(weaver, "without_woven", lambda content: pytest.fail("looked at again"))
    assert again(root) == []


def test_an_article_that_expires_leaves_the_pages_though_no_page_has_changed(tmp_path, monkeypatch):
    head = '<meta name="expires" content="2026-05-02">'
    pages = small_site(2) | {"ferry/3/index.html": page("The ferry, part 3", "ferry", 3, head=head)}
    folder = write_site(tmp_path / "public", pages)
    dates = [
        replace(SETTINGS, k=5, policy=replace(SETTINGS.policy, now=day))
        for day in ("2026-05-01", "2026-05-03")
    ]
    weave(folder, tmp_path / "state", dates[0])
    weave(folder, tmp_path / "state", dates[1])
    assert all_again(tmp_path, dates[1]) == []


def test_a_pair_of_marks_that_somebody_wrote_is_text_and_stays(tmp_path):
    hand = f"{BEGIN}-->\n<p>Our favourites</p>\n{END}"
    copied = f"{BEGIN}0123456789abcdef -->\n<p>A copy</p>\n{END}"
    pages = {
        path: text.replace("</article>", f"{hand}{copied}</article>") for path, text in small_site(2).items()
    }
    folder = write_site(tmp_path / "public", pages)
    before = contents(folder)
    woven = weave(folder, tmp_path / "state", SETTINGS)
    for path, content in contents(folder).items():
        assert b"Our favourites" in content
        assert b"A copy" in content
        assert content != before[path]
    assert woven.altered == sorted(pages)
    assert weave(folder, tmp_path / "state", SETTINGS).changed == []
    remove_lists(folder)
    assert contents(folder) == before


def test_a_list_that_was_only_indented_is_ours_and_one_that_was_edited_is_not(woven):
    root = woven
    file = root / "public/rye/1/index.html"
    content = file.read_text()
    file.write_text(content.replace("<ul class=", "\n\t\t<ul class="))
    assert again(root) == ["rye/1/index.html"]
    assert file.read_text() == content
    file.write_text(content.replace("Related articles</h2>", "My own choice</h2>"))
    assert weave(root / "public", root / "state", SETTINGS).altered == ["rye/1/index.html"]
    assert "My own choice</h2>" in file.read_text()


def test_what_a_killed_run_left_is_removed_and_what_others_write_is_not(woven):
    root = woven
    folder = root / "public/rye/1"
    left = folder / ".index.html.0123456789ab.weave-partial"
    left.write_text("half a page")
    others = [folder / ".index.html.0123456789ab.partial", folder / ".notes.weave-partial"]
    for file in others:
        file.write_text("not ours")
    weave(root / "public", root / "state", SETTINGS, dry_run=True)
    assert left.exists()
    again(root)
    assert not left.exists()
    assert all(file.exists() for file in others)


def test_a_page_that_another_run_writes_now_is_left_to_it(woven, monkeypatch):
    root = woven
    file = root / "public/rye/1/index.html"
    real = os.fsync

    def meanwhile(descriptor):
        monkeypatch.setattr(os, "fsync", real)
        remove_lists(root / "public")
        assert [each for each in file.parent.iterdir() if each.name.endswith(".weave-partial")]
        real(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    replace_page(file, b"<p>new</p>")
    assert file.read_bytes() == b"<p>new</p>"
