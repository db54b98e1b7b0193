"""Language detection: declared languages, languages of texts, and the prior of the site."""

import random
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.readers import read_articles
from recommender.text.languages import detect_languages, primary_language

SAMPLE = [
    (article.language, (article.title, article.body))
    for article in read_articles("data/sample/articles.jsonl")
]
TRUTH = [primary_language(language) for language, _ in SAMPLE]
GERMAN = (
    "Der Deich hält",
    "Nach drei Tagen Regen ist der Fluss wieder gefallen. Die Feuerwehr hat die Sperrung der Brücke am Abend "
    "aufgehoben, und die Schulen im Tal öffnen morgen wie gewohnt. Verletzt wurde nach Angaben der Stadt niemand.",
)
ENGLISH = (
    "The dyke holds",
    "After three days of rain the river has fallen again. The bridge was opened in the evening, and the schools "
    "of the valley will open tomorrow as usual. Nobody was hurt, the town said.",
)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"), ("en-GB", "en"), ("EN_us", "en"), (" de ", "de"), ("zh-Hant", "zh"), ("zh-cmn-Hans-CN", "zh"),
        ("nb-NO", "no"), ("iw", "he"), ("eng", "en"), ("gsw-CH", "gsw"),
        ("", ""), (None, ""), ("und", ""), ("mul", ""), ("zxx", ""), ("x-default", ""), ("English", ""), ("e1", ""),
        ("日本", ""),
    ],
)  # fmt: skip
def test_a_tag_gives_its_primary_language(tag, language):
    assert primary_language(tag) == language


def test_a_declared_language_overrides_the_text():
    assert detect_languages(["fr-CA", "EN_us", None], [GERMAN, GERMAN, GERMAN]) == ["fr", "en", "de"]


def test_texts_are_not_read_if_every_article_declares_its_language():
    def unread():
        raise AssertionError("read")
        yield

    assert detect_languages(["en", "zh-Hant"], unread()) == ["en", "zh"]


@pytest.mark.parametrize("head", [0, 100, None], ids=["titles", "a sentence", "whole"])
def test_the_languages_of_the_sample_are_detected_from_its_texts(head):
    texts = [(title, body[:head]) for _, (title, body) in SAMPLE]
    found = detect_languages([None] * len(texts), texts)
    assert sum(map(str.__eq__, found, TRUTH)) >= 207
    assert found.count("zh") == 8


def test_a_few_tags_are_enough_and_are_kept():
    some = [language if row % 10 == 0 else None for row, (language, _) in enumerate(SAMPLE)]
    found = detect_languages(some, [text for _, text in SAMPLE])
    assert sum(map(str.__eq__, found, TRUTH)) >= 207
    assert found[::10] == TRUTH[::10]


FOREIGN_LOOKING = [
    ("Homo floresiensis", ""),
    ("Quantum Hall effect in GaAs/AlGaAs", ""),
    ("On a theorem of Ljunggren and Bjørn Løvås", "Let $f: X \\to Y$, $\\dim X = n$. We show $H^i(X, \\mathcal{O}_X) = 0$."),
    ("`_wcstoimax_l`", "```cpp\nintmax_t _wcstoimax_l(const wchar_t *nptr, wchar_t **endptr, int base);\n```"),
    ("3RD QTR NET", "Shr 18 cts vs 19 cts\nNet 400,413 vs 421,451\nRevs 9,343,228 vs 9,1"),
    ("ASUS F5R", ""),
    ("Bayern München 3 Borussia Dortmund 1", ""),
    ("São Paulo to Rio de Janeiro", ""),
    ("", ""),
    ("42", "1 2 3 4 5 6 7 8 9"),
    ("x^2 + y^2 = z^2", ""),
]  # fmt: skip


@pytest.mark.parametrize("declared", [True, False], ids=["tags", "no tags"])
def test_names_formulas_and_code_on_an_english_site_are_english(declared):
    english = [text for language, text in SAMPLE if language == "en"]
    languages = ["en" if declared else None] * len(english) + [None] * len(FOREIGN_LOOKING)
    assert set(detect_languages(languages, english + FOREIGN_LOOKING)) == {"en"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        (("渡輪航行海峽中線遭攔查", "兩岸海巡隔空喊話十一分鐘，船上乘客平安。"), "zh"),
        (("東京で大雪", "都心では電車が止まり、空港も午後まで閉鎖されました。"), "ja"),
        (("서울에 눈이 온다", ""), "ko"),
        (("Наводнение в долине отступило", "Школы откроются завтра, сообщили в городе."), "ru"),
        (("القاهرة اليوم", "فتحت المدارس أبوابها بعد المطر."), "ar"),
        (("Tempête sur la côte", "Les écoles de la vallée ont rouvert mardi, et le pont sera réparé cet été."), "fr"),
    ],
)  # fmt: skip
def test_a_clearly_foreign_article_is_detected_among_ten_thousand_english_ones(text, language):
    languages, texts = ["en"] * 10_000 + [None], [ENGLISH] * 10_000 + [text]
    assert detect_languages(languages, texts)[-1] == language
    assert detect_languages([None], [text]) == [language]


def test_ambiguous_words_are_in_the_language_of_their_site():
    words = ("Taxi in Berlin", "")
    assert detect_languages(["en"] * 100 + [None], [ENGLISH] * 100 + [words])[-1] == "en"
    assert detect_languages(["de"] * 100 + [None], [GERMAN] * 100 + [words])[-1] == "de"


def test_foreign_words_in_an_article_do_not_make_it_foreign():
    quoted = ("The word 渡輪", ENGLISH[1] + " They call the ferry 渡輪航行海峽, and Москва is Moscow.")
    chinese = (
        "iPhone 在台灣",
        "新款 iPhone 與 MacBook Pro 今天在台北開賣，Apple 表示供貨充足，門市前清晨就有人排隊。",
    )
    assert detect_languages([None, None], [quoted, chinese]) == ["en", "zh"]


def test_upper_case_is_read_as_lower_case():
    capitals = tuple(part.upper() for part in GERMAN)
    assert detect_languages([None], [capitals]) == ["de"]


def test_empty_texts_get_the_most_common_language_of_the_site():
    assert detect_languages(["de", "de", "en", None], [("", "")] * 4) == ["de", "de", "en", "de"]
    assert detect_languages(["fr", "de", None], [("", "")] * 3) == ["fr", "de", "de"]
    assert detect_languages(["yi", "yi", None], [("", "")] * 3)[-1] == "yi", "a language that the model lacks"
    assert detect_languages([None, None], [GERMAN, ("", "")]) == ["de", "de"]


def test_a_site_without_known_languages_has_no_language():
    assert detect_languages([], []) == []
    assert detect_languages([None], [("", "")]) == [""]
    assert detect_languages([None] * 50, [("", "")] * 50) == [""] * 50
    assert set(detect_languages([None] * 3, [("42", "17"), ("AB12", ""), ("--", "...")])) == {""}


def test_text_without_language_gets_the_language_of_the_site():
    code = (
        "IMG_0417",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA 0x7f3a 0x7f3b <div id=a17></div> a[17]=0x1f;",
    )
    assert detect_languages([None], [code]) == [""]
    assert detect_languages([None] * 9, [code] * 8 + [GERMAN]) == ["de"] * 9


def test_without_evidence_all_languages_are_equally_likely():
    from recommender.text.language_scores import language_scores

    assert len(set(language_scores([("", "")]).log_likelihoods[0])) == 1


@pytest.mark.parametrize("n_texts", [1, 3])
def test_a_wrong_number_of_texts_is_rejected(n_texts):
    with pytest.raises(ValueError, match="argument"):
        detect_languages([None, "en"], [GERMAN] * n_texts)


def test_results_do_not_depend_on_threads_or_order():
    rows = list(range(len(SAMPLE))) * 30  # more than a thread takes at a time
    random.Random(0).shuffle(rows)
    texts = [
        (title[: row % 30], body[: row % 50]) for row, (title, body) in enumerate(SAMPLE[r][1] for r in rows)
    ]
    found = detect_languages([None] * len(texts), iter(texts), n_jobs=1)
    assert found == detect_languages([None] * len(texts), iter(texts), n_jobs=2)
    assert found == detect_languages([None] * len(texts), texts[::-1], n_jobs=3)[::-1]
    assert len(Counter(found)) > 2


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=80)), min_size=1, max_size=8))
def test_scores_equal_those_of_py3langid(texts):
    from py3langid.langid import LanguageIdentifier

    from recommender.text.language_scores import MACROLANGUAGES, language_scores

    model = own_model(LanguageIdentifier)
    names, scores, _ = language_scores(texts)
    for (title, body), row in zip(texts, scores, strict=True):
        lines = f"{title}\n{body}".split("\n")
        lowered = "\n".join(line.lower() if line.isupper() else line for line in lines)
        lowered = lowered.encode(errors="replace").decode()
        if lowered.isupper():
            continue
        expected = dict.fromkeys(names, 0.0)
        for name, chance in model.rank(lowered):
            expected[MACROLANGUAGES.get(name, name)] += chance
        if model.rank(lowered)[0][1] < 0.015:
            continue  # no evidence: the library counts languages of two scripts twice
        np.testing.assert_allclose(np.exp(row.astype(float)), list(expected.values()), rtol=0.02, atol=1e-4)


def own_model(identifier, made=[]):  # noqa: B006 - made once
    if not made:
        made.append(identifier.from_model_file("data/model.npz.xz", norm_probs=True))
    return made[0]


def test_no_heavy_module_is_imported_before_a_text_is_read():
    code = (
        "from recommender.text.languages import detect_languages\n"
        "detect_languages(['en'], [('', '')])\n"
        "import sys; print(*{'numba', 'py3langid', 'joblib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_paragraph_in_capitals_below_a_heading_has_its_language() -> None:
    dutch = (
        "Licentie\n\nHET WERK WORDT TER BESCHIKKING GESTELD OVEREENKOMSTIG DE VOORWAARDEN VAN DEZE LICENTIE. "
        "HET WERK WORDT BESCHERMD OP GROND VAN HET AUTEURSRECHT EN ANDERE TOEPASSELIJKE WETGEVING."
    )
    assert detect_languages([None], [("", dutch)]) == ["nl"]
