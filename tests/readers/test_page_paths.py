"""Reasons and languages derived from the path of a page."""

from __future__ import annotations

import pytest

from recommender.readers.pages.page_paths import language_in_name, path_reason, stem_of

EVERYWHERE = {
    "_drafts/rain.md": "draft",
    "site/_drafts/2026/rain.md": "draft",
    "index.md": "section",
    "README.md": "section",
    "index.en.md": "section",
    "_index.md": "section",
    "post/_index.nl.md": "section",
    "docs/_category_.md": "section",
    "docs/_partial.mdx": "template",
    "docs/_snippets/note.md": "template",
    "docs/_media/example.md": "template",
    "_layouts/post.html": "template",
    "docs/de_DE/_include/note.md": "template",
    "content/_includes/head/meta.html": "template",
    "team/[name].md": "template",
    "pages/[...404].md": "template",
    "examples/tree/template.html": "template",
    "404.html": "error-page",
    "404.md": "error-page",
    "404/index.html": "error-page",
    "pages/404.md": "error-page",
    "500.html": "error-page",
    "offline.html": "error-page",
    "not-found.md": "error-page",
    "tags.md": "listing",
    "archives.md": "listing",
    "search.md": "listing",
    "SUMMARY.md": "listing",
    "CONTRIBUTING.md": "template",
    "PULL_REQUEST_TEMPLATE.md": "template",
    "content/LICENSE.md": "template",
    "agent/SKILL.md": "template",
}
ARTICLES = (
    "rain.md",
    "post/rain/index.md",
    "guide/README.md",
    "_posts/2026-05-01-rain.md",
    "_recipes/soup.md",
    "concepts/__init__.md",
    "plugins/offline.md",
    "guide/template.md",
    "tips/not-found.md",
    "error-messages.md",
    "posts/tags.md",
    "posts/search.md",
    "2021/404.md",
    "404-errors-explained.md",
    "page2/rain.md",
    "rain/2.md",
)
RENDERED = (
    "tags/sea/index.html",
    "tag/sea.html",
    "categories/index.html",
    "author/ann/index.html",
    "page/2/index.html",
)
RENDERED += (
    "blog/page/12/index.html",
    "blog/page-3.html",
    "2026/05/index.html",
    "blog/archive/index.html",
)
OF_A_REPOSITORY = (
    "src/lib/components/demos/loops/react.md",
    "license.md",
    "contributing.md",
    "Changelog.md",
    "code_of_conduct.md",
    "security.md",
    "claude.md",
)
OF_A_REPOSITORY += (
    "archetypes/default.md",
    "rules/__tests__/rain.md",
    "layouts/index.html",
    "themes/paper/rain.md",
    ".github/labels.md",
)
ABOUT_TEMPLATES = (
    "content/themes/paper/index.md",
    "docs/themes/paper.md",
    "website/docs/api/layouts/grid.mdx",
    "content/post/layouts/index.html",
)
FORMAL = (
    "privacy-policy.md",
    "src/pages/privacy_policy.mdx",
    "content/en/terms-of-service.md",
    "app/(legal)/imprint/page.mdx",
    "de/datenschutz.html",
    "de/kontakt/index.html",
    "contact.md",
    "content/about-us/contact.md",
    "content/contact/index.fr.md",
    "pages/terms.md",
    "docs/cookie-policy.md",
)
NOT_FORMAL = (
    "docs/contact.md",
    "docs/privacy.md",
    "_posts/2026-05-01-contact.md",
    "api/contacts.md",
    "guide/terms.md",
    "cookies.md",  # of the documentation of a framework
    "content/post/privacy-policy.md",
    "privacy-in-the-cloud.md",
    "legal/landmark-case.md",
)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_paths_of_pages_left_out(path: str) -> None:
    assert path_reason(path) == path_reason(path, is_rendered=True) == EVERYWHERE[path]


@pytest.mark.parametrize("path", ARTICLES)
def test_paths_of_articles(path: str) -> None:
    assert path_reason(path) is None


def test_drafts_that_pelican_wrote_are_drafts() -> None:
    paths = ("drafts/rain.html", "drafts/rain.md", "news/drafts/rain.html", "drafts/2026/rain.html")
    assert [path_reason(path, path.endswith(".html")) for path in paths] == ["draft", None, None, None]


@pytest.mark.parametrize("path", RENDERED)
def test_generated_lists_are_recognised_only_in_rendered_sites(path: str) -> None:
    assert (path_reason(path, is_rendered=True), path_reason(path)) == ("listing", None)


@pytest.mark.parametrize("path", OF_A_REPOSITORY)
def test_repository_files_are_recognised_only_in_repositories(path: str) -> None:
    assert (path_reason(path, is_repository=True), path_reason(path)) == ("template", None)
    assert path_reason(f"sub/{path}", is_repository=True) == (None if "/" not in path else "template")
    assert path_reason(f"docs/{path}", is_repository=True) == (
        None if "/" not in path or path.startswith("themes") else "template"
    )


@pytest.mark.parametrize("path", ABOUT_TEMPLATES)
def test_pages_about_themes_and_layouts_are_articles(path: str) -> None:
    assert path_reason(path, is_repository=True) is None


@pytest.mark.parametrize("path", FORMAL)
def test_formal_pages_are_left_out(path: str) -> None:
    assert path_reason(path) == path_reason(path, is_rendered=True) == "formal"


@pytest.mark.parametrize("path", NOT_FORMAL)
def test_articles_with_names_like_formal_pages_stay(path: str) -> None:
    assert path_reason(path) is None


@pytest.mark.parametrize(
    "path", ["templates/404.md", "content/web/status/404/index.md", "blog/404.md", "errors/500.mdx"]
)
def test_pages_about_errors_are_articles_of_a_source(path: str) -> None:
    assert (path_reason(path), path_reason(path, is_rendered=True)) == (None, "error-page")


@pytest.mark.parametrize("path", ["content/fr/404.md", "website/docs/v1.2/404.md", "src/pages/404.mdx"])
def test_error_pages_lie_at_the_top_of_a_site(path: str) -> None:
    assert path_reason(path) == "error-page"


@pytest.mark.parametrize(
    ("path", "language", "stem"),
    [
        ("rain.nl.md", "nl", "rain"),
        ("post/rain.pt-BR.md", "pt-BR", "rain"),
        ("rain.zh_Hans.md", "zh_Hans", "rain"),
        ("index.de.html", "de", "index"),
        ("node.js.md", None, "node.js"),
        ("socket.io.md", None, "socket.io"),
        ("v1.md", None, "v1"),
        ("nl.md", None, "nl"),
        ("release-2.0.md", None, "release-2.0"),
    ],
)
def test_the_language_in_the_name_of_a_file(path: str, language: str | None, stem: str) -> None:
    assert (language_in_name(path), stem_of(path)) == (language, stem)


OF_GENERATORS = {
    "genindex.html": "listing",
    "api/genindex-all.html": "listing",
    "py-modindex.html": "listing",
    "toc.html": "listing",
    "_modules/sea/boat.html": "template",
    "_sources/sea.html": "template",
    "yandex_0123456789abcdef.html": "template",
    "google0123456789abcdef.html": "template",
    "lib/fastclick/README.html": "template",
    "lib/harbour.html": None,
    "amp/index.html": "section",
    "amp/tags/sea/index.html": "listing",
    "tags/sea/amp/index.html": "listing",
    "blog/p/3/index.html": "listing",
    "de/kategorie/index.html": "listing",
    "archives/2026/index.html": "listing",
    "amp/rain.html": None,
    "topics/db/queries.html": None,
    "guide/tags/index.html": None,
    "reference/search.html": None,
    "projects/p5/index.html": None,
    "archives/the-fire-of-1911.html": None,
    "2026/05/01/index.html": None,
    "1984/index.html": None,
    "summary.html": None,
    "google.html": None,
}


@pytest.mark.parametrize("path", OF_GENERATORS)
def test_paths_in_rendered_sites(path: str) -> None:
    assert path_reason(path, is_rendered=True) == OF_GENERATORS[path]
