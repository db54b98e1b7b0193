"""Declared languages: accepted if the texts agree or are too short, dropped if most texts contradict them."""

import subprocess
import sys
import warnings

import pytest

from recommender import Article, Recommender
from recommender.readers import read_articles
from recommender.text.declared_languages import believed_languages, contradicted

GERMAN = [
    (
        "Der Deich hält",
        "Nach drei Tagen Regen ist der Fluss wieder gefallen. Die Feuerwehr hat die Sperrung der Brücke "
        "am Abend aufgehoben, und die Schulen im Tal öffnen morgen wie gewohnt.",
    ),
    (
        "Fischer warten",
        "Die Fischer im Hafen warten auf eine Entscheidung über die Quote für den Hering. Ohne sie "
        "müssen vier Boote im Winter im Hafen bleiben, sagte der Vorstand am Dienstag.",
    ),
    (
        "Neues Brot",
        "Der Bäcker an der Mühle hat auf Roggen umgestellt, weil der Preis für Weizen sich verdoppelt "
        "hat. Die Kunden stehen vor dem Laden, und der Ofen brennt schon um drei Uhr.",
    ),
]
ENGLISH = [
    (
        "The dyke holds",
        "After three days of rain the river has fallen again. The bridge was opened in the evening, and "
        "the schools of the valley will open tomorrow as usual. Nobody was hurt, the town said.",
    ),
    (
        "Skippers wait",
        "The harbour board met on Tuesday to talk about the herring quota and the price of diesel for "
        "small boats. Skippers said the cut would close four boats before winter.",
    ),
]
DANISH = (
    "Diget holder",
    "Efter tre dage med regn er åen faldet igen. Broen blev åbnet om aftenen, og skolerne i dalen "
    "åbner i morgen som sædvanligt. Ingen kom til skade, siger kommunen til avisen.",
)
NORWEGIAN = (
    "Diket holder",
    "Etter tre dager med regn har elva falt igjen. Brua ble åpnet om kvelden, og skolene i dalen "
    "åpner i morgen som vanlig. Ingen ble skadet, sier kommunen til avisa.",
)
JAPANESE = (
    "東京で大雪",
    "都心では電車が止まり、空港も午後まで閉鎖されました。学校は明日から通常どおり授業"
    "を再開する予定だと市は発表しています。けが人はいませんでした。",
)
CODE = (
    "IMG_0417",
    "0x7f3a 0x7f3b a[17]=0x1f; b[18]=0x2f; c[19]=0x3f; 0x7f3c 0x7f3d a[20]=0x4f; d[1]=0x5f; e[2]=0x6f; " * 3,
)
SHORT = ("Bild", "Foto: Anna Weiß")


def pages(texts, tag, *, declared=True):
    metadata = {"html_lang": tag} if declared else {}
    return [Article(f"{tag}{row}", *text, language=tag, metadata=metadata) for row, text in enumerate(texts)]


def names(tag, texts):
    return [each.declared for each in contradicted([tag] * len(texts), texts)]


@pytest.mark.parametrize("tag", ["en", "en-US", "EN_gb", "fr", "nb-NO", "zh", "ru", "hr"])
def test_a_template_in_another_language_is_contradicted(tag):
    (found,) = contradicted([tag] * 3, GERMAN)
    assert (found.n_read, found.others, found.n_articles) == (3, [("de", 3)], 3)


@pytest.mark.parametrize(
    ("tag", "texts"),
    [
        ("de", GERMAN), ("de-AT", GERMAN), ("lb", GERMAN), ("gsw", GERMAN), ("en", ENGLISH * 2), ("ja-JP", [JAPANESE] * 3),
        ("nb", [DANISH] * 3), ("no", [DANISH] * 3), ("sv", [NORWEGIAN] * 3), ("da", [NORWEGIAN] * 3),
        ("en", [CODE] * 9), ("en", [SHORT] * 9), ("en", GERMAN[:2]), ("en", [*GERMAN[:2], *[SHORT] * 9]),
        ("tlh", GERMAN), ("und", GERMAN), ("English", GERMAN), (None, GERMAN),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_language_is_accepted_if_texts_agree_are_in_a_related_language_or_are_too_short(tag, texts):
    assert names(tag, texts) == []


def test_more_than_half_of_the_long_texts_must_contradict():
    assert names("en", [*GERMAN[:2], *ENGLISH]) == []
    assert names("en", [*GERMAN, *ENGLISH]) == ["en"]
    assert names("en", [*GERMAN, *ENGLISH, *[SHORT] * 50]) == ["en"]
    assert names("en", [*GERMAN, *[CODE] * 3]) == [], "what is no language contradicts none"


def test_each_declared_language_is_checked_separately():
    declared = ["en"] * 3 + ["de"] * 3 + ["fr-FR", "fr-CA", "fr"] + [None] * 3
    found = contradicted(declared, [*GERMAN, *GERMAN, JAPANESE, DANISH, GERMAN[0], *[JAPANESE] * 3])
    assert [(each.declared, each.others) for each in found] == [
        ("en", [("de", 3)]), ("fr", [("da", 1), ("de", 1), ("ja", 1)])
    ]  # fmt: skip


def test_the_sample_of_many_pages_is_reproducible():
    many = GERMAN * 400
    (found,) = contradicted(["en"] * len(many), many)
    assert (found.n_read, found.n_articles) == (200, 1_200)
    mixed = (GERMAN + ENGLISH) * 300
    assert contradicted(["en"] * len(mixed), mixed, n_jobs=1) == contradicted(
        ["en"] * len(mixed), mixed, n_jobs=2
    )


def test_no_declaration_of_the_sample_site_is_contradicted():
    articles = list(read_articles("data/sample/articles.jsonl"))
    assert (
        contradicted([each.language for each in articles], [(each.title, each.body) for each in articles])
        == []
    )


def test_pages_with_a_wrong_template_get_the_language_of_their_texts():
    real = Article("x", *ENGLISH[0], language="en")
    with pytest.warns(
        UserWarning, match=r"declare lang='en', but of 3 sampled texts 3 are in de; .* these 4 articles"
    ):
        site = Recommender.from_articles([*pages([*GERMAN, SHORT], "en"), real])
    assert [each.language for each in site.summaries] == ["de"] * 4 + ["en"]
    assert site.model.languages == ("de", "en")
    assert [site.model.languages[code] for code in site.collection.languages] == ["de"] * 4 + ["en"]


def test_a_language_from_another_source_is_accepted():
    other = {"html_lang": "en"}
    said = [Article(f"s{row}", *text, language="fr", metadata=other) for row, text in enumerate(GERMAN)]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert believed_languages(pages(GERMAN, "en", declared=False), GERMAN) == ["en"] * 3
        assert believed_languages(said, GERMAN) == ["fr"] * 3
        assert believed_languages(pages(ENGLISH * 2, "en"), ENGLISH * 2) == ["en"] * 4
        odd = [
            Article("o", "x", language="en", metadata={"html_lang": value}) for value in (5, ["en"], "", None)
        ]
        assert believed_languages(odd, [("x", "")] * 4) == ["en"] * 4


def test_no_text_is_read_if_no_page_declares_a_language():
    def unread():
        raise AssertionError("read")
        yield

    assert believed_languages(pages(GERMAN, "en", declared=False), unread()) == ["en"] * 3


def test_no_heavy_module_is_imported_if_no_page_declares_a_language():
    code = (
        "from recommender import Article\n"
        "from recommender.text.declared_languages import believed_languages\n"
        "believed_languages([Article('a', 'x', language='en')], [('x', '')])\n"
        "import sys; print(*{'numba', 'py3langid', 'joblib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
