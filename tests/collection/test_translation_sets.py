"""The same page in other languages: found by paths, keys and what pages say, given apart, and kept by updates."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from recommender import Article, Policy, Recommender, TranslatedArticle, read_articles
from recommender.cli import main
from recommender.export import export
from tests.hand_made_sites import assert_same_bytes

EN = "The crane on the quay lifts the boxes of ship number {} before the tide turns and the pilot leaves."
DE = "Der Kran am Kai hebt die Kisten von Schiff Nummer {}, bevor die Flut kommt und der Lotse geht."
FR = "La grue du quai lève les caisses du navire numéro {} avant que la marée tourne et que le pilote parte."
TEXT = {"en": EN, "de": DE, "fr": FR}
ANY = Policy(floor=0, cross_language=True, translations="apart", copies="keep")


def page(language: str, number: int, **more: object) -> Article:
    name = f"{language}-{number}"
    said = {"language": language, "url": f"https://x.example/{name}/", "metadata": more}
    return Article(name, f"Crane {number}", TEXT[language].format(number), **said)  # type: ignore[arg-type]


def by_key(language: str, number: int) -> Article:
    return page(language, number, translationKey=f"crane {number}")


def by_address(language: str, number: int) -> Article:
    named = {other: f"https://x.example/{other}-{number}/" for other in TEXT}
    return page(language, number, alternates={**named, "x-default": "https://x.example/en-0/"})


def by_id(language: str, number: int) -> Article:
    named = [{"locale": other, "id": f"{other}-{number}"} for other in TEXT if other != language]
    return page(language, number, translations=named)


def by_path(language: str, number: int) -> Article:
    name = f"{language}/crane-{number}"
    return Article(name, f"Crane {number}", TEXT[language].format(number), language=language)


WAYS = {"key": by_key, "address": by_address, "id": by_id, "path": by_path}


def languages_of(site: Recommender, article_id: str) -> dict[str, str]:
    return {each.language: each.article_id for each in site.translations(article_id)}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_page_has_its_other_languages_apart_and_never_in_its_list(way, tmp_path):
    articles = [way(language, number) for number in range(4) for language in TEXT]
    site = Recommender.from_articles(articles, policy=ANY)
    site.save(tmp_path / "x.rec")
    for each in (site, Recommender.load(tmp_path / "x.rec")):
        for one, article in enumerate(articles):
            mine = {
                other.language: other.article_id
                for at, other in enumerate(articles)
                if at // 3 == one // 3 and at != one
            }
            assert languages_of(each, article.article_id) == mine
            related = each.related(article.article_id, k=30)
            assert {found.language: found.article_id for found in related.translations} == mine
            assert len(each.related(article.article_id, k=30, trees="all")) == len(articles) - 3
            assert [found[:2] for found in related.article_ids] == [
                article.article_id[:2]
            ] * 3  # one of each page
            assert related[:1].translations == each.related(article.article_id, why=True).translations
            for other in mine.values():
                found = each.why_not(article.article_id, other)
                assert (found.rule, found.stage) == ("translation", "translations")
    everywhere = site.relisted(policy=Policy(floor=0, cross_language=True, copies="keep"))
    assert any(each.translations[0].article_id in each.article_ids for each in everywhere.related_all())


@pytest.mark.parametrize("way", [by_key, by_address, by_id], ids=["key", "address", "id"])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)], ids=str)
def test_languages_that_come_and_go_are_those_of_a_build(way, order, tmp_path):
    others = [way(language, number) for number in range(1, 9) for language in TEXT]
    late = [way(language, 0) for language in TEXT]
    site = Recommender.from_articles(others, policy=ANY, k=4)
    site.save(tmp_path / "x.rec")
    there = {each.article_id: each for each in others}
    for step in (*order, order[0]):
        coming = late[step]
        gone = [coming.article_id] if coming.article_id in there else []
        changes = site.update([] if gone else [coming], gone)
        there = {name: each for name, each in there.items() if name not in gone}
        there |= {} if gone else {coming.article_id: coming}
        of_page = {each for each in there if each.endswith("-0")}
        assert of_page <= set(changes.lists)  # their pages show that another language came or went
        site.save(tmp_path / "x.rec")
        scratch = Recommender.from_articles(there.values(), policy=ANY, k=4, model=site.model)
        for each in (site, Recommender.load(tmp_path / "x.rec")):
            assert [*each.related_all()] == [*scratch.related_all()]
            assert {found.article_id for found in each.translations("en-3")} == {"de-3", "fr-3"}
        assert_same_bytes(Recommender.load(tmp_path / "x.rec"), site)
    site.compact()
    assert [*Recommender.load(tmp_path / "x.rec").related_all()] == [*site.related_all()]


def test_who_is_named_by_all_and_names_nobody_is_no_translation():
    home = page("en", 0)
    named = [
        page("de", at, alternates={"de": f"https://x.example/de-{at}/", "en": home.url}) for at in range(1, 5)
    ]
    assert not any(each.translations for each in Recommender.from_articles([home, *named]).related_all())


def test_a_key_that_all_pages_share_is_none():
    pages = [page(language, at, translationKey="site") for at in range(80) for language in TEXT]
    assert not len(Recommender.from_articles(pages).collection.translations)


def test_neither_a_private_page_nor_one_in_the_same_language_is_a_translation():
    pages = [
        page("en", 1, translationKey="a"),
        page("en", 2, translationKey="a"),
        page("de", 1, translationKey="a", access="private"),
        page("fr", 1, translationKey="a", expires="2020-01-01"),
        page("fr", 2, translationKey="a"),
    ]
    site = Recommender.from_articles(pages)
    assert languages_of(site, "en-1") == {"fr": "fr-2"}
    assert languages_of(site, "de-1") == {"en": "en-1", "fr": "fr-2"}


def test_exports_and_the_command_line_give_them_apart(tmp_path):
    site = Recommender.from_articles([by_key(language, at) for at in range(3) for language in TEXT])
    site.save(tmp_path / "x.rec")
    wanted = [
        {"article_id": f"{tag}-1", "language": tag, "title": "Crane 1", "url": f"https://x.example/{tag}-1/"}
        for tag in ("de", "fr")
    ]
    assert [TranslatedArticle(**each) for each in wanted] == list(site.translations("en-1"))
    export(site, tmp_path / "lists.jsonl", format="jsonl")
    lines = map(json.loads, (tmp_path / "lists.jsonl").read_text(encoding="utf-8").splitlines())
    assert {line["article_id"]: line["translations"] for line in lines}["en-1"] == wanted
    shown = CliRunner().invoke(main, ["related", str(tmp_path / "x.rec"), "en-1", "--json"])
    assert json.loads(shown.stdout)["translations"] == wanted
    plain = CliRunner().invoke(main, ["related", str(tmp_path / "x.rec"), "en-1"]).stdout
    assert "also in de: Crane 1 (de-1)" in plain


def test_the_head_of_a_page_names_its_languages(tmp_path):
    for language in TEXT:
        head = "".join(
            f'<link rel="alternate" hreflang="{other}" href="https://x.example/{other}/crane.html">'
            for other in TEXT
        )
        text = (
            f'<html lang="{language}"><head><title>Crane</title>{head}'
            f'<link rel="canonical" href="https://x.example/{language}/crane.html"></head>'
            f"<body><article><h1>Crane</h1><p>{TEXT[language].format(1) * 5}</p></article></body></html>"
        )
        (tmp_path / f"{language}-crane.html").write_text(text, encoding="utf-8")
    site = Recommender.from_articles(read_articles(tmp_path))
    assert languages_of(site, "en-crane") == {"de": "de-crane", "fr": "fr-crane"}
