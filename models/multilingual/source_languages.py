"""The languages of the table, and the many codes by which sources name them."""

from __future__ import annotations

Unit = dict[str, str]
"""A text that says the same in several languages, by language. A variant of a language is named after a "+"."""

GLOSS = "en+gloss"
"""An English text that says what the unit means; the sentence encoder reads it instead of the unit's words."""

_NAMES = """
af ar az be bg bn ca cs da de el en es et eu fa fi fil fr gl gu he hi hu hy id is it ja ka kk kn ko lt lv mk mr ms nb nl nn
pl pt ro ru si sk sl sq sr sv sw ta te th tr uk ur vi zh
"""
LANGUAGES = frozenset(_NAMES.split())

# Serbian, Croatian and Bosnian are one language here: their words in two scripts do not collide. A variant has a "+".
_SAME = """
afr=af ara=ar arb=ar aze=az bel=be ben=bn bos=sr+lat hbs=sr+lat hrv=sr+lat srp=sr bul=bg cat=ca ces=cs dan=da deu=de ell=el
eng=en est=et eus=eu fas=fa pes=fa fil=fil tgl=fil fin=fi fra=fr glg=gl guj=gu heb=he hin=hi hun=hu hye=hy ind=id isl=is
ita=it jpn=ja kan=kn kat=ka kaz=kk kor=ko lav=lv lvs=lv lit=lt mar=mr mkd=mk msa=ms zsm=ms nld=nl nob=nb nno=nn pol=pl
por=pt ron=ro rus=ru sin=si slk=sk slv=sl spa=es sqi=sq als=sq swa=sw swh=sw swe=sv tam=ta tel=te tha=th tur=tr ukr=uk
urd=ur vie=vi cmn=zh zho=zh hr=sr+lat bs=sr+lat sh=sr+lat no=nb tl=fil zh-tw=zh+hant zh-hant=zh+hant sr-latn=sr+lat
sr@latin=sr+lat pt-br=pt es-es=es hi-in=hi gu-in=gu nb-no=nb sv-se=sv hy-am=hy zh-cn=zh srp-latn=sr+lat srp-cyrl=sr
aze-latn=az zho-cn=zh zho-tw=zh+hant es-la=es
"""
_CODES = dict(item.split("=") for item in _SAME.split())


def language_of(code: str) -> str:
    """Return our name of a language, a variant after "+", or "" for a language or variant that is not read."""
    code = code.replace("_", "-").lower()
    name = _CODES.get(code, code)
    return name if name.split("+")[0] in LANGUAGES else ""
