"""Parallel trees: versions and translations are recognised by paths, and a page lists its own tree."""

import random

import pytest

from recommender import Article, ArticleSummary, Policy, Recommender
from recommender.collection.parallel_trees import parallel_trees

PAGES = ("install", "guide/quay", "guide/pump", "api/alarm")


def trees(*groups, pages=PAGES, field="article_id"):
    """Return the trees of pages under each pattern, as a set of tree names by pattern.

    A pattern is a path with a star where the page stands, and the language of its pages.
    """
    rows = [
        (pattern, pattern.replace("*", page), language)
        for pattern, language in groups
        for page in (pages[pattern] if isinstance(pages, dict) else pages)
    ]
    summaries = [
        ArticleSummary(path if field == "article_id" else str(row), "", url=path if field == "url" else None)
        for row, (_, path, _) in enumerate(rows)
    ]
    found, tags = parallel_trees(summaries, [language for _, _, language in rows])
    members = found.members.tolist() or [[-1, -1]] * len(rows)
    of_pattern = {}
    for (pattern, _, _), codes, tag in zip(rows, members, tags, strict=True):
        names = tuple(found.names[code] for code in codes if code >= 0)
        of_pattern.setdefault(pattern, set()).add((names, tag))
    return of_pattern


def english(*patterns):
    return [(pattern, "en") for pattern in patterns]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("v1", "v2"), ("1.0", "1.1"), ("version-1.2", "version-2"), ("latest", "stable"), ("1.x", "2.x"),
        ("v1.0-beta", "v1.0"), ("stable", "main"), ("9.6", "16"), ("V1", "next"), ("release-3", "current"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "docs/", "docs/versions/"])
def test_versions_are_recognised(one, other, before):
    found = trees(*english(f"{before}{one}/*", f"{before}{other}/*"))
    names = [name for pattern in found.values() for each, _ in pattern for name in each]
    assert all(len(pattern) == 1 for pattern in found.values()), "all pages of a version are in one tree"
    assert len(set(names)) == 2


def test_pages_without_a_version_beside_versions_are_a_tree_with_their_folders():
    pages = {"docs/*": (*PAGES, "guide/new"), "docs/1.0/*": PAGES, "news/*": PAGES}
    found = trees(*english(*pages), pages=pages)
    assert found["docs/*"] == {(("docs/ without a version",), None)}
    assert found["docs/1.0/*"] == {(("docs/1.0",), None)}
    assert found["news/*"] == {((), None)}


def test_docusaurus_versions_are_parallel_to_the_docs():
    found = trees(*english("docs/*", "versioned_docs/version-1.0/*"))
    assert {len(names) for names in found.values()} == {1}
    assert found["docs/*"] != found["versioned_docs/version-1.0/*"]
    assert ((), None) not in found["docs/*"] | found["versioned_docs/version-1.0/*"]


@pytest.mark.parametrize("field", ["article_id", "url"])
@pytest.mark.parametrize(
    ("german", "french"),
    [
        ("de/*", "fr/*"), ("docs/de/*", "docs/fr/*"), ("i18n/de/docs/*", "i18n/fr/docs/*"), ("*.de", "*.fr"),
        ("https://de.port.example/*", "https://fr.port.example/*"), ("https://port.example/de/*/", "https://port.example/fr/*/"),
        ("https://port.example/*.de.html", "https://port.example/*.fr.html"),
    ],
)  # fmt: skip
def test_translations_are_recognised(german, french, field):
    assert trees((german, "de"), (french, "fr"), field=field) == {
        german: {(("de",), "de")}, french: {(("fr",), "fr")},
    }  # fmt: skip


@pytest.mark.parametrize(("default", "german"), [("*", "de/*"), ("docs/*", "docs/i18n/de/*"), ("*", "*.de")])
def test_translations_of_pages_that_name_no_language(default, german):
    found = trees((default, "en"), (german, "de"))
    assert found == {default: {(("no language in the path",), None)}, german: {(("de",), "de")}}


def test_editions_for_regions_and_names_of_countries():
    found = trees(("pt-br/*", "pt"), ("pt_PT/*", "pt"), ("jp/*", "ja"), ("zh-hant/*", "zh"))
    assert found == {
        "pt-br/*": {(("pt-BR",), "pt-BR")}, "pt_PT/*": {(("pt-PT",), "pt-PT")}, "jp/*": {(("jp",), "ja")},
        "zh-hant/*": {(("zh-Hant",), "zh-Hant")},
    }  # fmt: skip


def test_versions_within_translations():
    found = trees(("en/v1/*", "en"), ("en/v2/*", "en"), ("de/v1/*", "de"), ("de/v2/*", "de"))
    assert found["de/v2/*"] == {(("de", "v2"), "de")}
    assert found["en/v1/*"] == {(("en", "v1"), "en")}


def test_a_small_tree_joins_if_half_of_it_has_counterparts():
    pages = {"v1/*": PAGES, "v2/*": PAGES, "v3/*": ("install", "guide/crane")}
    assert trees(*english(*pages), pages=pages)["v3/*"] == {(("v3",), None)}


@pytest.mark.parametrize(
    "groups",
    [
        english("2023/*", "2024/*"), english("blog/05/*", "blog/06/*"), english("lessons/1/*", "lessons/2/*"),
        english("html/head/*", "html/main/*"), english("news/*", "sport/*"), english("a/it/*", "a/no/*"),
        [("ca/*", "en"), ("de/*", "en"), ("ga/*", "en"), ("id/*", "en")], [("it/*", "en"), ("*", "en")],
    ],
    ids=["years", "months", "lessons", "elements", "sections", "departments", "states", "a section"],
)  # fmt: skip
def test_folders_that_are_no_versions_and_no_languages(groups):
    assert set().union(*trees(*groups).values()) == {((), None)}


@pytest.mark.parametrize(
    "pages",
    [
        {"v1/*": ("a", "b", "c", "d", "e", "f", "g"), "v2/*": ("a", "b", "c", "h", "i", "j", "k")},
        {"v1/*": ("a", "b"), "v2/*": ("a", "b")},
        {"news/v1*": ("",), "news/v2*": ("",), "news/v3*": ("",), "news/v4*": ("",)},
    ],
    ids=["less than half", "two pages", "releases"],
)
def test_trees_need_counterparts(pages):
    assert set().union(*trees(*english(*pages), pages=pages).values()) == {((), None)}


SUBJECTS = {
    "quay": (
        "Quays",
        "Each quay has a depth, a name and a keeper. Ships longer than the quay wait outside the harbour.",
    ),
    "pump": (
        "Pumps",
        "A pump lifts water over the quay. Its keeper reads the depth of the harbour each morning.",
    ),
    "alarm": (
        "Alarms",
        "An alarm rings when the depth at a quay falls. The keeper of the harbour stops the pump.",
    ),
    "crane": (
        "Cranes",
        "A crane lifts loads from ships to the quay. The harbour rents it to the keeper by the hour.",
    ),
}


def built(*versions, policy=None, seed=0, end="This page is about version {} of the harbour."):
    articles = [
        Article(f"{version}/{name}", title, f"{text} {end.format(version)}", section="manual")
        for version in versions
        for name, (title, text) in SUBJECTS.items()
    ]
    random.Random(seed).shuffle(articles)
    return Recommender.from_articles(articles, policy=policy or Policy(copies="keep", floor=0))


def test_a_page_lists_all_of_its_own_version_and_no_other():
    site = built("v1", "v2", "v3")
    for article_id in site:
        version, _, name = article_id.partition("/")
        listed = {entry.article_id for entry in site.related(article_id)}
        assert listed == {f"{version}/{other}" for other in SUBJECTS if other != name}
    absence = site.why_not("v1/quay", "v2/quay")
    assert (absence.rule, absence.stage) == ("tree", "parallel trees")
    assert absence.explanation == "it is in the parallel tree v2, the article in v1"
    assert "v2/quay" in [entry.article_id for entry in site.related("v1/quay", trees="all")]


@pytest.mark.parametrize("same", [(), ("section",)])
def test_equal_pages_of_versions_leave_every_list_whole(same):
    site = built("v1", "v2", "v3", policy=Policy(floor=0, same=same), end="")
    for article_id in site:
        version, _, name = article_id.partition("/")
        listed = {entry.article_id for entry in site.related(article_id)}
        assert listed == {f"{version}/{other}" for other in SUBJECTS if other != name}


def test_all_trees_are_listed_where_the_policy_says_so():
    site = built("v1", "v2", policy=Policy(copies="keep", floor=0, trees="all"))
    assert "v2/quay" in [entry.article_id for entry in site.related("v1/quay")]
    assert "v2/quay" not in [entry.article_id for entry in site.related("v1/quay", trees="own")]


def test_lists_across_languages_hold_translations():
    articles = [
        Article(f"{tag}/{name}", title, text, language=tag)
        for tag in ("en", "de")
        for name, (title, text) in SUBJECTS.items()
    ]
    site = Recommender.from_articles(articles, policy=Policy(copies="keep", floor=0))
    assert site.collection.trees.counts() == {"de": 4, "en": 4}
    assert {entry.article_id[:2] for entry in site.related("de/quay")} == {"de"}
    assert "en/quay" in [entry.article_id for entry in site.related("de/quay", cross_language=True)]


def test_trees_are_stored_and_do_not_depend_on_the_order(tmp_path):
    one, other = built("v1", "v2"), built("v1", "v2", seed=1)
    one.save(tmp_path / "s.rec")
    again = Recommender.load(tmp_path / "s.rec")
    assert again.collection.trees.counts() == {"v1": 4, "v2": 4}
    for article_id in one:
        assert one.related(article_id) == other.related(article_id) == again.related(article_id)
        assert again.related(article_id, k=2) == one.related(article_id, k=2)


def test_drafts_may_list_every_tree():
    site = built("v1", "v2")
    listed = site.related_to("Quays and pumps", "A pump lifts water over the quay of the harbour.")
    assert {entry.article_id[:2] for entry in listed} == {"v1", "v2"}


def test_a_translation_gives_its_language_to_pages_that_say_none():
    german = [
        "Der Kai ist tief genug für Schiffe.",
        "Die Pumpe hebt das Wasser.",
        "Der Alarm läutet laut und lange.",
        "x = 17",
    ]
    names = ["quay", "pump", "alarm", "code"]
    articles = [Article(f"de/{name}", name, text) for name, text in zip(names, german, strict=True)]
    articles += [
        Article(f"en/{name}", name, text) for name, (_, text) in zip(names, SUBJECTS.values(), strict=True)
    ]
    languages = {each.article_id: each.language for each in Recommender.from_articles(articles).summaries}
    assert languages["de/code"] == "de"
    assert set(languages.values()) == {"de", "en"}
