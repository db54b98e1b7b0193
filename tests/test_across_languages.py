"""A site in several languages: related articles and translations are found by a table of words."""

import os
import random
import subprocess
import sys
import warnings
from dataclasses import replace

import pytest
from hand_made_sites import assert_same_bytes

from recommender import Policy, Recommender
from recommender.collection import foreign_neighbours
from recommender.encoders.multilingual import MULTILINGUAL
from recommender.ranking import site_sizes
from tests.concept_table import ConceptTable, concept_encoder
from tests.five_languages import LANGUAGES, RELATED, STORIES, article, five_languages, translated

ACROSS = Policy(cross_language=True)


def built(articles, policy=ACROSS, **settings):
    return Recommender.from_articles(articles, encoder=five_languages(), policy=policy, **settings)


@pytest.fixture(scope="module")
def site():
    return built(translated())


def translations(site):
    return {each: {found.article_id for found in site.translations(each)} for each in site}


def test_each_story_is_found_in_all_other_languages_before_anything_else(site):
    for name in ("dam", "choir"):
        for tag in LANGUAGES:
            found = site[f"{name}-{tag}"].article_ids[:4]
            assert set(found) == {f"{name}-{other}" for other in LANGUAGES if other != tag}


def test_without_the_table_stories_in_other_scripts_are_not_found():
    words = Recommender.from_articles(translated(), encoder="lexical", policy=ACROSS)
    found = {each.partition("-")[0] for each in words["dam-zh"].article_ids[:4]}
    assert words.model.neural is None
    assert found != {"dam"}


def test_translations_are_told_apart_from_related_stories(site):
    found = translations(site)
    for name in STORIES:
        for tag in LANGUAGES:
            assert found[f"{name}-{tag}"] == {f"{name}-{other}" for other in LANGUAGES if other != tag}
    assert not found["strike-en"]  # another story on the strike, with other numbers
    assert "strike-de" in site["strike-en"].article_ids


def test_translations_stand_apart_from_lists_where_asked():
    apart = built(translated(), Policy(cross_language=True, translations="apart"))
    assert not {each for each in apart["ferry-en"].article_ids if each.startswith("ferry")}
    assert {"strike-de", "strike-en"} <= set(apart["ferry-en"].article_ids)
    assert {each.language for each in apart["ferry-en"].translations} == {"ar", "de", "ru", "zh"}


def test_a_list_holds_another_page_in_one_language_its_own_if_there_is_one(site):
    pages = {f"{name}-{tag}": name for name in STORIES for tag in LANGUAGES}
    for own, name in pages.items():
        entries = [each for each in site[own].article_ids if each in pages and pages[each] != name]
        assert len(entries) == len({pages[each] for each in entries})
        assert all(each.endswith(own[-3:]) for each in entries)
    foreign = {pages.get(each, each) for each in site["strike-en"].article_ids}
    absent = site.why_not("strike-en", "ferry-ru")
    assert "ferry" in foreign
    assert (absent.stage, absent.numbers["represented_by"]) == ("translations", "ferry-en")
    assert site.why_not("ferry-ru", "ferry-en").rule == "listed"
    for every in built(translated(), replace(ACROSS, trees="all")).related_all():
        assert {each.article_id for each in site[every.article_id]} <= set(every.article_ids) | set(pages)


def test_large_sites_hold_another_page_in_one_language_too(monkeypatch):
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    every = built(translated())
    for own in every:
        others = [each for each in every[own].article_ids if each.partition("-")[0] != own.partition("-")[0]]
        stories = [each.partition("-")[0] for each in others if not each.startswith("strike")]
        assert len(stories) == len(set(stories))
    assert {"strike-en", "ferry-en"} <= set(every["ferry-en"].article_ids) | {"ferry-en"}


def test_the_language_that_scores_best_stands_for_a_page_without_the_own_one(site):
    left = [each for each in translated() if each.article_id != "ferry-en"]
    some, every = (built(left, replace(ACROSS, trees=each)) for each in ("own", "all"))
    found = [each for each in every["strike-en"].article_ids if each.startswith("ferry")]
    assert len(found) > 1
    assert [each for each in some["strike-en"].article_ids if each.startswith("ferry")] == found[:1]


def test_two_articles_in_one_language_are_no_translations():
    twice = [*translated(), replace(article("dam", "en", STORIES["dam"]["en"]), article_id="dam-again")]
    found = translations(built(twice))
    for own, others in found.items():
        spoken = [each.rpartition("-")[2].replace("again", "en") for each in (own, *others)]
        assert len(spoken) == len(set(spoken))


def test_a_join_finds_the_same_translations(site, monkeypatch):
    monkeypatch.setattr(foreign_neighbours, "COMPARED", 0)
    assert translations(built(translated())) == translations(site)


@pytest.mark.parametrize("says", [True, False])
def test_both_scripts_of_chinese_are_translations_where_the_site_says_so(says):
    """The words of the table are the same, whatever an article says of its script."""
    chinese = [each for each in translated() if each.language == "zh"]
    given = [each for each in translated() if each.language != "zh"]
    given += [replace(each, language="zh-Hant" if says else "zh") for each in chinese]
    given += [
        replace(each, language="zh-Hans" if says else "zh", article_id=f"{each.article_id}-2")
        for each in chinese
    ]
    found = translations(built(given))
    assert ("dam-zh-2" in found["dam-zh"]) is says
    assert ({"dam-zh", "dam-zh-2"} <= found["dam-en"]) is says


def test_declared_translations_and_found_ones_are_one_set():
    given = translated()
    keyed = [
        replace(each, metadata={"translationKey": "d"}) if each.article_id in ("dam-en", "dam-de") else each
        for each in given
    ]
    other = [
        replace(each, body="Nothing known. 1 2 3 4 5.") if each.article_id == "dam-de" else each
        for each in keyed
    ]
    assert translations(built(keyed)) == translations(built(given))
    found = translations(built(other))
    assert "dam-de" in found["dam-en"]  # declared, whatever it says
    assert "dam-de" in found["dam-zh"]  # which is a translation of dam-en


def test_nothing_depends_on_the_order_of_the_articles(site):
    shuffled = translated()
    random.Random(5).shuffle(shuffled)
    assert_same_bytes(site, built(shuffled, n_jobs=2))


def test_short_texts_in_one_language_meet_without_a_common_word():
    pairs = ("ferry boat", "storm gale", "mayor council", "library books", "bakery bread", "bridge crossing")
    names = [word for pair in pairs for word in pair.split()]
    given = [article(word, "en", (f"The {word} again", f"No more on {n}.")) for n, word in enumerate(names)]
    words = Recommender.from_articles(given, policy=Policy(floor=0.0))
    both = Recommender.from_articles(
        given, encoder=concept_encoder(ConceptTable(pairs)), policy=Policy(floor=0.0)
    )
    for one, other in map(str.split, pairs):
        assert both[f"{one}-en"].article_ids[0] == f"{other}-en"
        assert both.related(f"{one}-en", why=True)[0].parts["neural"] > 0
    assert (
        sum(words[f"{each.split()[0]}-en"].article_ids[:1] == [f"{each.split()[1]}-en"] for each in pairs) < 3
    )


def test_of_long_texts_in_one_language_words_say_nearly_all():
    rng = random.Random(3)
    bodies = [" ".join(f"w{rng.randrange(900)}" for _ in range(700)) + " ferry harbour" for _ in range(12)]
    given = [article(f"long{n}", "en", (f"Title {n}", body)) for n, body in enumerate(bodies)]
    site = built(given, Policy(floor=0.0))
    parts = [each.parts for name in site for each in site.related(name, why=True)]
    assert parts
    assert all(each["neural"] < 0.05 * each["lexical"] for each in parts if "neural" in each)


@pytest.mark.filterwarnings("ignore:.*share no word")
@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_articles_are_a_site_too(n):
    site = built(translated()[:n])
    assert len(site) == n
    assert len(site.related_to("Ferry", "The ferry of the islands", language="en")) <= n


def test_a_draft_is_compared_across_languages(site):
    title, body = RELATED["de"]
    found = site.related_to(title, body, language="de", exclude=["strike-de"]).article_ids
    assert "strike-en" in found[:3]
    assert [each for each in found if each.startswith("ferry")] == ["ferry-de"]
    assert {"ferry-zh", "ferry-ar"} <= set(
        site.related_to(title, body, language="de", trees="all").article_ids
    )
    unnamed = site.related_to(*STORIES["dam"]["ru"], exclude=["dam-ru"], trees="all")
    assert set(unnamed.article_ids[:4]) == {"dam-ar", "dam-de", "dam-en", "dam-zh"}


def test_reasons_add_up_and_name_the_crossing(site):
    for entry in site.related("dam-zh", why=True):
        assert sum(entry.parts.values()) == pytest.approx(entry.score, abs=1e-4)
    across = site.related("dam-zh", k=1, why=True)[0]
    assert across.parts["across"] > 0
    assert "language" in across.parts
    assert str(site.why_not("dam-zh", "choir-en"))


def test_updates_store_and_reopen_as_a_build_by_the_model_does(tmp_path):
    given = translated()
    start = [each for each in given if each.language != "zh" and each.article_id != "dam-ar"]
    site = built(start)
    assert {each.language for each in site["dam-en"].translations} == {"de", "ru"}
    site.save(tmp_path / "site.rec")
    added = [each for each in given if each not in start]
    changes = site.update(added, delete=["dam-ru"])
    assert {"dam-en", "dam-de", "choir-en"} <= set(changes.lists)
    assert {each.language for each in site["dam-en"].translations} == {"ar", "de", "zh"}
    site.save(tmp_path / "site.rec")
    opened = Recommender.load(tmp_path / "site.rec", encoder=five_languages())
    left = [each for each in given if each.article_id != "dam-ru"]
    scratch = Recommender.from_articles(left, model=site.model, encoder=five_languages(), policy=ACROSS)
    assert_same_bytes(site, scratch)
    assert_same_bytes(opened, scratch)
    assert translations(opened) == translations(scratch)


def test_an_edit_that_changes_the_numbers_ends_a_translation(site):
    edited = built(translated())
    title, body = STORIES["dam"]["en"]
    other = article("dam", "en", (title, body.replace("47", "5").replace("630", "12").replace("18", "2")))
    changes = edited.update([other])
    assert "dam-en" in changes.lists
    assert "dam-de" in changes.lists
    assert not edited["dam-en"].translations
    assert {each.language for each in edited["dam-de"].translations} == {"ar", "ru", "zh"}


def test_the_default_crosses_languages_where_lists_may():
    given = translated()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        several = Recommender.from_articles(given, policy=ACROSS)
        one = Recommender.from_articles([each for each in given if each.language == "en"], policy=ACROSS)
        within = Recommender.from_articles(given)
    assert several.model.neural["name"] == MULTILINGUAL
    assert len(several.model.centres) == len(LANGUAGES) + 1
    assert one.model.neural is None
    assert within.model.neural is None


def test_a_process_that_reads_lists_opens_no_table(site, tmp_path):
    given = built(translated())
    given.save(tmp_path / "site.rec")
    code = (
        "import sys; from recommender import Recommender; "
        f"site = Recommender.load({str(tmp_path / 'site.rec')!r}); "
        "print(len(site.related('dam-en', why=True)), len(site.translations('dam-en'))); "
        "print([name for name in sys.modules if name.rpartition('.')[2] in ('word_table', 'word_sums', 'numba', 'scipy')])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=False
    )
    assert run.stdout.split("\n")[1] == "[]", run.stderr
    assert run.stdout.split("\n")[0].split()[1] == "4"
