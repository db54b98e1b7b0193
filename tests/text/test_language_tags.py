"""Scripts and regions: what tags say, what Chinese characters say, and what a list makes of them."""

import warnings

import pytest

from recommender import Article, Policy, Recommender
from recommender.text.chinese_scripts import chinese_script
from recommender.text.language_tags import script_and_region, variants_of

warnings.simplefilter("ignore")

PORTUGUESE = [
    ("cota", "Cota do arenque", "O conselho do porto discutiu a cota do arenque, a fábrica de gelo e o preço do óleo."),
    ("gelo", "Fábrica de gelo", "A fábrica de gelo do porto precisa de obras, dizem os donos dos barcos de arenque."),
    ("pesca", "Pesca parada", "Os donos dos barcos de arenque param a pesca até o conselho do porto subir a cota."),
]  # fmt: skip
SIMPLIFIED = [
    ("quota", "鲱鱼配额减少", "港务会周二讨论了鲱鱼配额、制冰厂和柴油价格，渔民担忧冬季之前停航。"),
    ("ice", "制冰厂需要修理", "渔民要求港务会在冬季之前修好制冰厂，鲱鱼必须冷藏，柴油价格不能再涨。"),
]
TRADITIONAL = [
    ("quota", "鯡魚配額減少", "港務會週二討論了鯡魚配額、製冰廠和柴油價格，漁民擔憂冬季之前停航。"),
    ("ice", "製冰廠需要修理", "漁民要求港務會在冬季之前修好製冰廠，鯡魚必須冷藏，柴油價格不能再漲。"),
]


def site(**groups):
    """Return a site with the articles of each group in a language; the id begins with the group."""
    articles = [
        Article(f"{group}/{name}", title, body, language=language)
        for group, (language, texts) in groups.items()
        for name, title, body in texts
    ]
    return Recommender.from_articles(articles, policy=Policy(copies="keep"))


def groups_in(entries):
    return {entry.article_id.partition("/")[0] for entry in entries}


@pytest.mark.parametrize(
    ("tag", "script", "region"),
    [
        ("zh-Hans", "hans", ""), ("zh_Hant_HK", "hant", "hk"), ("zh-CN", "hans", "cn"), ("zh-TW", "hant", "tw"),
        ("sr-Latn-RS", "latn", "rs"), ("pt-BR", "", "br"), ("es-419", "", "419"), ("en_US.UTF-8", "", "us"),
        ("de-1996", "", ""), ("en-x-gb", "", ""), ("ca-ES-valencia", "", "es"), ("English", "", ""), ("", "", ""),
        (None, "", ""),
    ],
)  # fmt: skip
def test_a_tag_says_its_script_and_its_region(tag, script, region):
    assert script_and_region(tag) == (script, region)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pt-BR", "pt-PT"),
        ("pt-Latn", "pt-Cyrl"),
        ("pt-Latn-BR", "pt-PT"),
        ("pt-419", "pt-PT"),
        ("pt-150", "pt-BR"),
    ],
)
def test_editions_of_other_scripts_or_regions_are_not_listed(one, other):
    built = site(a=(one, PORTUGUESE), b=(other, PORTUGUESE))
    for article_id in built:
        assert groups_in(built.related(article_id)) <= {article_id[0]}
    absence = built.why_not("a/cota", "b/cota")
    assert (absence.rule, absence.explanation) == ("language", f"it is in {other}, the article in {one}")
    opened = built.related("a/cota", cross_language=True)
    assert groups_in(opened) == {"a", "b"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("pt", "pt-BR"), ("pt-Latn", "pt-BR"), ("pt_br", "pt-BR"), ("PT", "pt"), ("pt-001", "pt-BR")],
)
def test_what_a_tag_does_not_say_is_not_compared(one, other):
    built = site(a=(one, PORTUGUESE[:2]), b=(other, PORTUGUESE[2:]))
    assert "b/pesca" in [entry.article_id for entry in built.related("a/cota")]
    assert groups_in(built.related("b/pesca")) == {"a"}


def test_the_characters_of_a_chinese_text_tell_its_script():
    assert {chinese_script(title + text) for _, title, text in SIMPLIFIED} == {"Hans"}
    assert {chinese_script(title + text) for _, title, text in TRADITIONAL} == {"Hant"}
    assert chinese_script("他在山上看日出") == ""
    assert chinese_script("iPhone 15 Pro") == ""
    assert chinese_script(SIMPLIFIED[0][2] + TRADITIONAL[0][2]) == "", "half and half"


@pytest.mark.parametrize("tag", [None, "zh"])
def test_chinese_scripts_that_the_site_does_not_say_are_told_apart(tag):
    built = site(a=(tag, SIMPLIFIED), b=(tag, TRADITIONAL))
    assert {each.language for each in built.summaries} == {"zh-Hans", "zh-Hant"}
    assert [entry.article_id for entry in built.related("a/quota")] == ["a/ice"]
    assert [entry.article_id for entry in built.related("b/quota")] == ["b/ice"]
    _, title, text = TRADITIONAL[1]
    assert groups_in(built.related_to(title, text)) == {"b"}


def test_a_site_in_one_script_keeps_its_tags():
    assert {each.language for each in site(a=("zh", SIMPLIFIED)).summaries} == {"zh"}
    assert {each.language for each in site(a=("zh-TW", TRADITIONAL)).summaries} == {"zh-TW"}


def test_scripts_and_regions_are_stored(tmp_path):
    built = site(a=("pt-BR", PORTUGUESE), b=("pt-PT", PORTUGUESE), c=("pt", PORTUGUESE))
    built.save(tmp_path / "s.rec")
    again = Recommender.load(tmp_path / "s.rec")
    for article_id in built:
        assert again.related(article_id) == built.related(article_id)
        expected = {article_id[0], "c"} if article_id[0] != "c" else {"a", "b", "c"}
        assert groups_in(again.related(article_id)) == expected


@pytest.mark.parametrize("tag", ["en-中国", "zh-繁體", "en-ÅÄ", "en-²³¹"])
def test_subtags_in_other_letters_say_nothing(tag):
    assert script_and_region(tag) == ("", "")
    assert variants_of([tag]).tolist() == [[0, 0]]


@pytest.mark.parametrize(("one", "other"), [("pt-419", "pt-BR"), ("pt-BR", "pt-419"), ("pt-150", "pt-PT")])
def test_a_region_goes_with_the_countries_that_it_contains(one, other):
    built = site(a=(one, PORTUGUESE[:2]), b=(other, PORTUGUESE[2:]))
    assert "b/pesca" in [entry.article_id for entry in built.related("a/cota")]
    assert groups_in(built.related("b/pesca")) == {"a"}
