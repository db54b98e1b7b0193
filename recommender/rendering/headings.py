"""The heading above a list, in the language of the page."""

from __future__ import annotations

from recommender.text.language_tags import script_and_region
from recommender.text.languages import primary_language

__all__ = ["HEADINGS", "SAME_LANGUAGE", "heading_in"]

HEADINGS = {
    "af": "Verwante artikels", "ar": "مقالات ذات صلة", "az": "Əlaqəli məqalələr", "be": "Падобныя артыкулы",
    "bg": "Свързани статии", "bn": "সম্পর্কিত নিবন্ধ", "bs": "Povezani članci", "ca": "Articles relacionats",
    "cs": "Související články", "cy": "Erthyglau cysylltiedig", "da": "Relaterede artikler", "de": "Ähnliche Artikel",
    "el": "Σχετικά άρθρα", "en": "Related articles", "eo": "Rilataj artikoloj", "es": "Artículos relacionados",
    "et": "Seotud artiklid", "eu": "Lotutako artikuluak", "fa": "مطالب مرتبط", "fi": "Aiheeseen liittyvät artikkelit",
    "fil": "Mga kaugnay na artikulo", "fr": "Articles similaires", "ga": "Ailt ghaolmhara", "gl": "Artigos relacionados",
    "he": "מאמרים קשורים", "hi": "संबंधित लेख", "hr": "Povezani članci", "hu": "Kapcsolódó cikkek",
    "hy": "Առնչվող հոդվածներ", "id": "Artikel terkait", "is": "Tengdar greinar", "it": "Articoli correlati",
    "ja": "関連記事", "ka": "მსგავსი სტატიები", "kk": "Ұқсас мақалалар", "ko": "관련 글", "lt": "Susiję straipsniai",
    "lv": "Saistītie raksti", "mk": "Поврзани статии", "mr": "संबंधित लेख", "ms": "Artikel berkaitan",
    "ne": "सम्बन्धित लेखहरू", "nl": "Gerelateerde artikelen", "nn": "Relaterte artiklar", "no": "Relaterte artikler",
    "pl": "Powiązane artykuły", "pt": "Artigos relacionados", "ro": "Articole similare", "ru": "Статьи по теме",
    "sk": "Súvisiace články", "sl": "Sorodni članki", "sq": "Artikuj të ngjashëm", "sr": "Повезани чланци",
    "sr-latn": "Povezani članci", "sv": "Relaterade artiklar", "sw": "Makala zinazohusiana",
    "ta": "தொடர்புடைய கட்டுரைகள்", "te": "సంబంధిత వ్యాసాలు", "th": "บทความที่เกี่ยวข้อง", "tr": "İlgili yazılar",
    "uk": "Статті за темою", "ur": "متعلقہ مضامین", "uz": "O‘xshash maqolalar", "vi": "Bài viết liên quan",
    "zh": "相关文章", "zh-hant": "相關文章",
}  # fmt: skip
"""What "Related articles" is in each language, by its tag in lower case."""

SAME_LANGUAGE = {"nb": "no", "tl": "fil", "iw": "he", "in": "id", "cmn": "zh"}
"""Other tags of a language of `HEADINGS`."""


def heading_in(language: str | None) -> str:
    """Return the heading in a language, given as a BCP 47 tag. It is English where we have no translation.

    Examples
    --------
    >>> [heading_in(tag) for tag in ("de-AT", "nb", "zh-TW", "tlh", None)]
    ['Ähnliche Artikel', 'Relaterte artikler', '相關文章', 'Related articles', 'Related articles']
    """
    primary = primary_language(language)
    primary = SAME_LANGUAGE.get(primary, primary)
    script, _ = script_and_region(language)
    return HEADINGS.get(f"{primary}-{script}") or HEADINGS.get(primary) or HEADINGS["en"]
