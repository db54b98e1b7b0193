"""Names of languages, in English and in the language itself, and their tags."""

from __future__ import annotations

__all__ = ["tag_of_name"]

_NAMES = """
af afrikaans | ar arabic العربية | az azerbaijani azərbaycanca | be belarusian беларуская | bg bulgarian български
bn bengali bangla বাংলা | bs bosnian bosanski | ca catalan català | cs czech čeština | cy welsh cymraeg
da danish dansk | de german deutsch | el greek ελληνικά | en english | eo esperanto | es spanish español castellano
et estonian eesti | eu basque euskara | fa persian farsi فارسی | fi finnish suomi | fr french français
ga irish gaeilge | gl galician galego | gu gujarati ગુજરાતી | he hebrew עברית | hi hindi हिन्दी | hr croatian hrvatski
hu hungarian magyar | hy armenian հայերեն | id indonesian | is icelandic íslenska | it italian italiano
ja japanese 日本語 | ka georgian ქართული | kk kazakh қазақша | km khmer ខ្មែរ | kn kannada ಕನ್ನಡ | ko korean 한국어
lt lithuanian lietuvių | lv latvian latviešu | mk macedonian македонски | ml malayalam മലയാളം | mr marathi मराठी
ms malay melayu | my burmese မြန်မာ | nb bokmål | ne nepali नेपाली | nl dutch nederlands | nn nynorsk
no norwegian norsk | pa punjabi ਪੰਜਾਬੀ | pl polish polski | pt portuguese português | ro romanian română
ru russian русский | sk slovak slovenčina | sl slovenian slovene slovenščina | sq albanian shqip
sr serbian српски srpski | sv swedish svenska | sw swahili kiswahili | ta tamil தமிழ் | te telugu తెలుగు | th thai ไทย
tl tagalog filipino | tr turkish türkçe | uk ukrainian українська | ur urdu اردو | uz uzbek oʻzbekcha
vi vietnamese | zh chinese 中文 汉语 漢語 | zh-Hans 简体中文 | zh-Hant 繁體中文 繁体中文
"""


def tag_of_name(name: str) -> str | None:
    """Return the BCP 47 tag of a language that is given by name, or None.

    Examples
    --------
    >>> [tag_of_name(name) for name in ("English", "Español", "en", "angelic")]
    ['en', 'es', None, None]
    """
    return _TAGS.get(name.strip().casefold())


def _tags() -> dict[str, str]:
    entries = [line.split() for line in _NAMES.replace("|", "\n").splitlines() if line.strip()]
    return {name.casefold(): tag for tag, *names in entries for name in names}


_TAGS = _tags()
