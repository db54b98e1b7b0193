"""Parallel trees: versions and translations are recognised by paths, and a page lists its own tree."""

import random

import pytest

from recommender import Article, ArticleSummary, Policy, Recommender
from recommender.collection.counterparts import Counterparts
from recommender.collection.parallel_trees import parallel_trees
from recommender.ranking import site_sizes
from recommender.text import TextSpool

PAGES = ("install", "guide/quay", "guide/pump", "api/alarm")


def trees(*groups, pages=PAGES, field="article_id", text=None):
    """Return the trees of pages under each pattern, as a set of tree names by pattern.

    A pattern is a path with a star where the page stands, and the language of its pages. `text` gives the body of a page.
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
    spool = TextSpool()
    for _, path, _ in rows if text else ():
        spool.append("", text(path))
    languages = [language for _, _, language in rows]
    found, tags = parallel_trees(summaries, languages, counterparts=Counterparts(spool if text else None))
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


TRANSLATED_NAMES = {
    "pt/*": ("instalar", "guia/cais", "guia/bomba"), "pt-br/*": ("instalação", "manual/cais", "manual/alarme"),
    "en/*": ("install", "guide/quay", "guide/pump"),
}  # fmt: skip


def test_editions_with_translated_names_of_pages_have_none_in_common():
    found = trees(("pt/*", "pt"), ("pt-br/*", "pt"), ("en/*", "en"), pages=TRANSLATED_NAMES)
    assert found == {
        "pt/*": {(("pt",), "pt")}, "pt-br/*": {(("pt-BR",), "pt-BR")}, "en/*": {(("en",), "en")},
    }  # fmt: skip


@pytest.mark.parametrize(
    "groups",
    [
        [("us/*", "en"), ("uk/*", "en"), ("en/*", "en")],
        [("it/*", "it"), ("no/*", "it")],
        [("pt-br/*", "en"), ("pt/*", "en")],
        [("pt-br/*", "pt"), ("sport/*", "pt")],
    ],
    ids=["countries in the news", "sections", "another language", "one edition"],
)
def test_folders_whose_pages_differ_are_no_editions(groups):
    pages = {pattern: tuple(f"{at}{page}" for page in PAGES) for at, (pattern, _) in enumerate(groups)}
    assert set().union(*trees(*groups, pages=pages).values()) == {((), None)}


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


def test_drafts_list_the_newest_version_of_each_page():
    site = built("v1", "v2", "v10", "next")
    listed = site.related_to("Quays and pumps", "A pump lifts water over the quay of the harbour.")
    assert sorted(entry.article_id for entry in listed) == sorted(f"v10/{name}" for name in SUBJECTS)
    everything = site.related_to("Quays and pumps", "A pump lifts water over the quay.", trees="all", k=20)
    assert len(everything) == 16


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


CHANGES = {
    "v1": "Formerly a letter to the office was needed, which the master signed in the evening before the tide.",
    "v2": "The keeper may set two limits in a table, one for the night and one for the day; a bell tells them apart.",
    "v3": "A form with three fields replaces what was asked for on paper, and answers come within an hour of sending.",
}
BLOG = Article(
    "blog/day", "A day at the harbour",
    "The keeper of the quay reads the depth, a pump lifts water, an alarm rings, and a crane lifts loads from ships.",
)  # fmt: skip


def changed(policy=None, seed=0, published=None, extra=(BLOG,)):
    """Return a site of versions whose pages are no near copies, and of pages beside them."""
    articles = [
        Article(
            f"docs/{version}/{name}",
            title,
            f"{text} {CHANGES[version]}",
            published=(published or {}).get(version),
        )
        for version in CHANGES
        for name, (title, text) in SUBJECTS.items()
    ]
    articles += extra
    random.Random(seed).shuffle(articles)
    return Recommender.from_articles(articles, policy=policy or Policy(floor=0))


@pytest.mark.parametrize("copies", ["best", "keep", "original", "longest"])
def test_a_page_beside_versions_lists_the_newest_version_of_each_page(copies):
    policy = Policy(floor=0, copies=copies)
    site, shuffled = changed(policy), changed(policy, seed=1)
    assert len(set(site.collection.copies.groups)) == len(site), "the pages are no near copies"
    listed = [entry.article_id for entry in site.related("blog/day")]
    assert sorted(listed) == sorted(f"docs/v3/{name}" for name in SUBJECTS)
    assert listed == [entry.article_id for entry in shuffled.related("blog/day")]
    for name in SUBJECTS:
        listed = {entry.article_id for entry in site.related(f"docs/v1/{name}")}
        assert listed == {f"docs/v1/{other}" for other in SUBJECTS if other != name} | {"blog/day"}
    absence = site.why_not("blog/day", "docs/v1/quay")
    assert (absence.rule, absence.numbers["represented_by"]) == ("tree", "docs/v3/quay")
    assert "docs/v1/quay" in {entry.article_id for entry in site.related("blog/day", trees="all", k=20)}


def test_an_older_version_stands_in_where_the_newest_may_not_be_listed():
    old = [
        Article(
            "docs/v2/buoy", "Buoys", f"A buoy marks the quay and the depth of the harbour. {CHANGES['v2']}"
        )
    ]
    site = changed(extra=[BLOG, *old])
    listed = {entry.article_id for entry in site.related("blog/day")}
    assert listed == {f"docs/v3/{name}" for name in SUBJECTS} | {"docs/v2/buoy"}
    without = {entry.article_id for entry in site.related("blog/day", exclude=["docs/v1/quay"])}
    assert without == listed - {"docs/v3/quay"}, "a page that is shown is not listed in another version"


def test_readers_expect_the_stable_version_before_the_next():
    pages = [
        Article(f"docs/{version}/{name}" if version else f"docs/{name}", title, f"{text} {version}.")
        for version in ("2.0", "1.0", "", "3.0-rc1", "next")
        for name, (title, text) in SUBJECTS.items()
    ]
    site = Recommender.from_articles([*pages, BLOG], policy=Policy(floor=0))
    listed = {entry.article_id for entry in site.related("blog/day")}
    assert listed == {f"docs/{name}" for name in SUBJECTS}
    versions = [page for page in pages if page.article_id.count("/") == 2]
    site = Recommender.from_articles([*versions, BLOG], policy=Policy(floor=0))
    listed = {entry.article_id for entry in site.related("blog/day")}
    assert listed == {f"docs/2.0/{name}" for name in SUBJECTS}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("python-3.11", "python-3.12"), ("3.0-SNAPSHOT", "2.0"), ("2.1b1", "2.0"), ("release-1.2", "release-1.3"),
        ("1.0.0.RELEASE", "1.1.0.RELEASE"), ("stable", "latest"), ("master", "next"), ("current", "16"), ("main", ""),
    ],
)  # fmt: skip
def test_versions_whose_pages_say_the_same(one, other):
    def text(path):
        return " ".join(SUBJECTS[path.rpartition("/")[2]]) + f" See {path}."

    pages = tuple(SUBJECTS)
    patterns = [f"docs/{name}/*".replace("//", "/") for name in (one, other)]
    found = trees(*english(*patterns), pages=pages, text=text)
    assert all(len(each) == 1 and ((), None) not in each for each in found.values())
    assert found[patterns[0]] != found[patterns[1]]


CHAPTERS = {
    "intro": "This chapter begins with {0}. Who has met {0} before may skip to the second section.",
    "terms": "A list of the words that belong to {0}, each with a sentence and a picture from the lesson.",
    "exercises": "Solve three of these and write down how you came to the answer about {0}.",
    "answers": "Compare what you wrote with these lines; if {0} puzzles you still, ask your teacher.",
}
LESSONS = {
    "1.1": (
        "fractions",
        "Halves and quarters of a cake, cut with a knife and shared among eleven hungry guests.",
    ),
    "1.2": (
        "triangles",
        "Three corners, a ruler, chalk on the floor and a rope with twelve knots tied by Egyptians.",
    ),
    "1.3": (
        "chances",
        "Dice, coins, and drawing black marbles out of bags; rain tomorrow, umbrellas, lotteries.",
    ),
}


def test_numbered_chapters_with_pages_of_the_same_names_are_no_versions():
    details = {
        "fractions": ("cakes numerators wholes", "denominator bar upper lower", "add seven twelfths", "multiple nineteen"),
        "triangles": ("corners ropes Egypt", "hypotenuse cathetus angle", "measure roof beams", "square root ladder"),
        "chances": ("dice coins lotteries", "event outcome sample", "marbles bag black", "one sixth rain"),
    }  # fmt: skip

    def text(path):
        lesson, _, name = path.partition("/")
        subject, about = LESSONS[lesson]
        own = details[subject][list(CHAPTERS).index(name)]
        return f"{about} {own}. {own.title()} and {subject}: {about.lower()}"

    patterns = english(*(f"{lesson}/*" for lesson in LESSONS))
    assert set().union(*trees(*patterns, pages=tuple(CHAPTERS), text=text).values()) == {((), None)}
    assert ((), None) not in set().union(*trees(*patterns, pages=tuple(CHAPTERS)).values()), "names alone do"


def test_conferences_of_two_years_and_folders_of_parts_are_no_versions():
    def text(path):
        return " ".join(SUBJECTS[path.rpartition("/")[2]])

    for patterns in (("2023/*", "2024/*"), ("lessons/1/*", "lessons/2/*")):
        assert set().union(*trees(*english(*patterns), pages=tuple(SUBJECTS), text=text).values()) == {
            ((), None)
        }


def test_a_version_with_other_pages_joins_by_its_name():
    pages = {
        "docs/v2/*": PAGES,
        "docs/v3/*": PAGES,
        "docs/v1/*": ("old", "older", "oldest"),
        "docs/v4": ("",),
    }
    found = trees(*english(*pages), pages=pages)
    assert found["docs/v1/*"] == {(("docs/v1",), None)}
    assert found["docs/v4"] == {((), None)}, "a page of releases is no version"


def test_docusaurus_keeps_versions_in_another_folder_than_the_docs():
    found = trees(*english("docs/*", "website/versioned_docs/version-1.0/*"))
    assert found["docs/*"] == {(("docs/ without a version",), None)}
    assert found["website/versioned_docs/version-1.0/*"] == {(("docs/version-1.0",), None)}


def test_all_of_many_versions_are_trees():
    found = trees(*english(*(f"v{number}/*" for number in range(300))))
    assert {names for each in found.values() for names, _ in each} == {
        (f"v{number}",) for number in range(300)
    }


def test_segments_deep_in_a_path_name_no_trees():
    deep = "/".join(["a"] * 400)
    assert set().union(*trees(*english(f"{deep}/v1/*", f"{deep}/v2/*")).values()) == {((), None)}
    found = trees((f"{deep}/*.de", "de"), (f"{deep}/*.fr", "fr"))
    assert {names for each in found.values() for names, _ in each} == {("de",), ("fr",)}


def families_of(*groups):
    rows = [(pattern.replace("*", page), language) for pattern, language in groups for page in PAGES]
    found, _ = parallel_trees(
        [ArticleSummary(path, "") for path, _ in rows], [language for _, language in rows]
    )
    by_pattern = {}
    for place, (pattern, _) in enumerate(groups):
        by_pattern[pattern] = set(found.families[place * len(PAGES) : (place + 1) * len(PAGES), 0].tolist())
    return by_pattern


def test_translations_of_two_areas_are_two_families():
    found = families_of(
        ("docs/de/*", "de"), ("docs/en/*", "en"), ("help/en/*", "en"), ("help/fr/*", "fr"), ("*.de", "de"), ("*.fr", "fr")
    )  # fmt: skip
    assert found["docs/de/*"] == found["docs/en/*"]
    assert found["help/en/*"] == found["help/fr/*"]
    assert found["*.de"] == found["*.fr"]
    assert len(set().union(*found.values())) == 3


def test_editions_for_countries_have_the_pages_of_a_translation_beside_them():
    german = {
        "install": "Der Kai ist tief genug für große Schiffe aus Übersee und hat einen Wärter.",
        "guide/quay": "Die Pumpe hebt jeden Morgen Wasser über die Mauer in das alte Becken.",
        "guide/pump": "Ein Alarm läutet laut, sobald der Pegel am Abend unter die Marke fällt.",
        "api/alarm": "Der Kran hebt Lasten vom Deck und steht den Händlern gegen Gebühr offen.",
    }

    def text(path):
        country, _, name = path.partition("/")
        return german.get(name, name) + f" Preise gelten in {country}."

    found = trees(("de/*", "de"), ("ch/*", "de"), ("at/*", "de"), text=text)
    assert found == {
        "de/*": {(("de",), "de")}, "ch/*": {(("ch",), None)}, "at/*": {(("at",), "de-AT")},
    }  # fmt: skip
    assert trees(("ch/*", "de"), ("hr/*", "de"), text=text)["ch/*"] == {((), None)}, "none names a language"


def test_editions_of_one_language_may_have_a_default():
    def text(path):
        return " ".join(SUBJECTS[path.rpartition("/")[2]]) + f" Prices in {path}."

    found = trees(*english("*", "en-gb/*", "en-us/*"), pages=tuple(SUBJECTS), text=text)
    assert found == {
        "*": {(("no language in the path",), None)}, "en-gb/*": {(("en-GB",), "en-GB")}, "en-us/*": {(("en-US",), "en-US")},
    }  # fmt: skip


GERMAN = {
    "quay": ("Kaimauern", "Jeder Kai hat eine Tiefe, einen Namen und einen Wärter. Längere Schiffe warten vor dem Hafen."),
    "pump": ("Pumpen", "Eine Pumpe hebt Wasser über den Kai. Ihr Wärter liest jeden Morgen die Tiefe des Hafens ab."),
    "alarm": ("Alarme", "Ein Alarm läutet, wenn die Tiefe am Kai fällt. Der Wärter des Hafens stellt die Pumpe ab."),
    "crane": ("Kräne", "Ein Kran hebt Lasten von Schiffen auf den Kai. Der Hafen vermietet ihn stundenweise dem Wärter."),
}  # fmt: skip
NEWS = [
    Article(
        "neu/tag", "Ein Tag am Hafen",
        "Der Wärter am Kai liest die Tiefe ab, die Pumpe hebt Wasser, der Kran hebt Lasten.", language="de",
    ),
    Article("neu/day", "A day at the harbour", BLOG.body, language="en"),
]  # fmt: skip


@pytest.mark.parametrize("declared", [False, True])
def test_untranslated_pages_hide_no_translation(declared):
    """Of eight pages of the German tree of the newest version five are copies of the English ones."""
    more = {name: (f"Table {name}", f"{text} Table {name} of the harbour office lists them by name and hour.")
            for name, (_, text) in list(SUBJECTS.items())}  # fmt: skip
    english_pages = SUBJECTS | {f"{name}-table": each for name, each in more.items()}
    german_pages = {
        "v1": GERMAN,
        "v2": english_pages | {name: GERMAN[name] for name in ("quay", "pump", "crane")},
    }
    articles = [
        Article(f"{version}/{tag}/{name}", title, text, language=language if declared else None)
        for version in ("v1", "v2")
        for tag, pages in (("en", english_pages), ("de", german_pages[version]))
        for name, (title, text) in pages.items()
        for language in ["de" if pages.get(name) == GERMAN.get(name) else "en"]
    ]
    site = Recommender.from_articles([*articles, *NEWS], policy=Policy(floor=0))
    languages = {each.article_id: each.language for each in site.summaries}
    assert (languages["v2/de/alarm"], languages["v2/de/quay"]) == ("en", "de")
    german = {entry.article_id for entry in site.related("neu/tag")}
    assert german == {"v2/de/quay", "v2/de/pump", "v2/de/crane", "v1/de/alarm"}
    english = {entry.article_id for entry in site.related("neu/day")}
    assert english <= {f"v2/en/{name}" for name in english_pages}
    own = {entry.article_id for entry in site.related("v2/de/alarm")}
    assert {languages[each] for each in own} == {"en"}, "an English page lists English pages"
    beside = {entry.article_id for entry in site.related("v2/en/quay")}
    assert beside <= {f"v2/en/{name}" for name in english_pages} | {"neu/day"}


def test_what_fills_a_list_is_the_newest_version_too():
    alone = Article("blog/stars", "Stars", "Astronomers count nebulae without instruments nightly.")
    dates = {"v1": "2026-05-03", "v2": "2026-05-02", "v3": "2026-05-01"}  # the oldest was edited last
    site = changed(Policy(fallback=["newest"]), published=dates, extra=[BLOG, alone])
    listed = [entry.article_id for entry in site.related("blog/stars")]
    assert {each for each in listed if each.startswith("docs")} == {f"docs/v3/{name}" for name in SUBJECTS}


def test_a_pin_of_a_page_that_is_shown_in_another_version_is_left_out():
    pinned = Article(
        "blog/week",
        "A week at the harbour",
        BLOG.body + " It rains.",
        metadata={"related_pins": ["docs/v2/quay"]},
    )
    site = changed(extra=[pinned])
    assert site.related("blog/week")[0].article_id == "docs/v2/quay"
    listed = {entry.article_id for entry in site.related("blog/week")}
    assert listed == {"docs/v2/quay", "docs/v3/pump", "docs/v3/alarm", "docs/v3/crane"}
    without = {entry.article_id for entry in site.related("blog/week", exclude=["docs/v1/quay"])}
    assert without == {"docs/v3/pump", "docs/v3/alarm", "docs/v3/crane"}


def test_large_sites_list_one_version_too(monkeypatch):
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    site = changed()
    assert {entry.article_id for entry in site.related("blog/day")} == {
        f"docs/v3/{name}" for name in SUBJECTS
    }


RELEASED = (
    "install",
    "guide/quay",
    "guide/pump",
    "guide/crane",
    "api/alarm",
    "api/tide",
    "api/wind",
    "faq",
    "news",
)


def _says(path):
    """Return the body of a page: words of the page, of the page in its tree, and of the site."""
    tree, page = path.replace("-", "_").split("/", 1)
    words = [f"{page}_{at}".replace("/", "_") for at in range(30)]
    return " ".join([*words, *(f"{tree}_{word}" for word in words[:10]), "the pump and the quay"])


def _says_its_own(path):
    return " ".join(f"{path}_{at}".replace("/", "_").replace("-", "_") for at in range(30))


NUMBERED = [("vue2", "vue3"), ("SDL2", "SDL3"), ("python-2", "python-3"), ("sdl2_net", "sdl3_net")]


@pytest.mark.parametrize(("one", "other"), NUMBERED)
def test_a_product_with_two_numbers_has_versions_where_its_pages_say_the_same(one, other):
    found = trees(*english(f"{one}/*", f"{other}/*"), pages=RELEASED, text=_says)
    assert found == {f"{name}/*": {((name.lower(),), None)} for name in (one, other)}


@pytest.mark.parametrize("text", [_says_its_own, None])
def test_numbered_folders_of_other_pages_are_no_versions(text):
    found = trees(*english("harbour1/*", "harbour2/*"), pages=RELEASED, text=text)
    assert set.union(*found.values()) == {((), None)}


@pytest.mark.parametrize("word", ["week", "chapter", "Part-", "lesson_"])
def test_parts_of_a_course_are_no_versions(word):
    found = trees(*english(f"{word}1/*", f"{word}2/*"), pages=RELEASED, text=_says)
    assert set.union(*found.values()) == {((), None)}
