"""Names of months and weekdays in many languages, with or without accents, in full or abbreviated."""

from __future__ import annotations

import unicodedata
from functools import cache

__all__ = ["MONTHS", "folded", "is_weekday", "month_of", "without_accents"]

# January to December. After a slash: other forms, and abbreviations that are not prefixes of a name.
MONTHS = {
    "en": "january february march/mar april may june july august september october november december",
    "de": "januar/jänner februar/feber märz/maerz/mrz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ca": "gener febrer març abril maig juny juliol agost/ag setembre octubre novembre desembre",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "nl": "januari februari maart/mrt april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuu/tammikuuta helmikuu/helmikuuta maaliskuu/maaliskuuta huhtikuu/huhtikuuta toukokuu/toukokuuta "
    "kesäkuu/kesäkuuta heinäkuu/heinäkuuta elokuu/elokuuta syyskuu/syyskuuta lokakuu/lokakuuta "
    "marraskuu/marraskuuta joulukuu/joulukuuta",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "id": "januari februari maret april mei juni juli agustus/agt/ags september oktober november desember",
    "pl": "styczeń/stycznia luty/lutego marzec/marca kwiecień/kwietnia maj/maja czerwiec/czerwca lipiec/lipca "
    "sierpień/sierpnia wrzesień/września październik/października listopad/listopada grudzień/grudnia",
    "cs": "leden/ledna únor/února březen/března duben/dubna květen/května červen/června/čvn červenec/července/čvc "
    "srpen/srpna září říjen/října listopad/listopadu prosinec/prosince",
    "sk": "január/januára február/februára marec/marca apríl/apríla máj/mája jún/júna júl/júla "
    "august/augusta september/septembra október/októbra november/novembra december/decembra",
    "sl": "januar/januarja februar/februarja marec/marca april/aprila maj/maja junij/junija julij/julija "
    "avgust/avgusta september/septembra oktober/oktobra november/novembra december/decembra",
    "ru": "январь/января февраль/февраля март/марта апрель/апреля май/мая июнь/июня июль/июля "
    "август/августа сентябрь/сентября октябрь/октября ноябрь/ноября декабрь/декабря",
    "uk": "січень/січня лютий/лютого березень/березня квітень/квітня травень/травня червень/червня липень/липня "
    "серпень/серпня вересень/вересня жовтень/жовтня листопад/листопада грудень/грудня",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "el": "ιανουάριος/ιανουαρίου φεβρουάριος/φεβρουαρίου μάρτιος/μαρτίου απρίλιος/απριλίου μάιος/μαΐου "
    "ιούνιος/ιουνίου ιούλιος/ιουλίου αύγουστος/αυγούστου σεπτέμβριος/σεπτεμβρίου οκτώβριος/οκτωβρίου "
    "νοέμβριος/νοεμβρίου δεκέμβριος/δεκεμβρίου",
}
"""Month names by language. Croatian is excluded because its listopad is October, but November elsewhere."""

_WEEKDAYS = """
mo tu we th fr sa su di mi do so ma wo vr za zo ti ke to pe la lu me je ve wt pt nd sr po ut st ct pa pi ne
monday tuesday wednesday thursday friday saturday sunday
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miércoles jueves viernes sábado domingo
segunda terça quarta quinta sexta feira
lunedì martedì mercoledì giovedì venerdì sabato domenica
dilluns dimarts dimecres dijous divendres dissabte diumenge dl dt dc dj dv ds dg
luni marți miercuri joi vineri sâmbătă duminică
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
måndag tisdag onsdag torsdag fredag lördag söndag
mandag tirsdag onsdag torsdag fredag lørdag søndag
maanantai maanantaina tiistai tiistaina keskiviikko keskiviikkona torstai torstaina perjantai perjantaina lauantai
lauantaina sunnuntai sunnuntaina
hétfő kedd szerda csütörtök péntek szombat vasárnap
pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt cmt
senin selasa rabu kamis jumat sabtu minggu
poniedziałek wtorek środa czwartek piątek sobota niedziela
pondělí úterý středa čtvrtek pátek sobota neděle
pondelok utorok streda štvrtok piatok nedeľa
ponedeljek torek sreda četrtek petek nedelja
понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
понеділок вівторок середа четвер пятниця п ятниця субота неділя нд
понеделник вторник сряда четвъртък петък събота неделя
δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή
月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天
周一 周二 周三 周四 周五 周六 周日 月 火 水 木 金 土 日
월요일 화요일 수요일 목요일 금요일 토요일 일요일 월 화 수 목 금 토 일
"""
_LETTERS = str.maketrans("ıłøđ", "ilod", "ʼ")  # letters without a separable accent; the apostrophe is dropped


def without_accents(text: str) -> str:
    """Return text in compatibility form (NFKC), without accents and invisible characters.

    Examples
    --------
    >>> without_accents("Août"), without_accents("２０２０")
    ('Aout', '2020')
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize(
        "NFKC", "".join(each for each in apart if unicodedata.category(each) not in ("Mn", "Cf"))
    )


def folded(name: str) -> str:
    """Return a name in lower case without accents.

    Examples
    --------
    >>> folded("Août"), folded("KASIM") == folded("kasım")
    ('aout', True)
    """
    return without_accents(name.casefold()).translate(_LETTERS)


def month_of(name: str) -> int | None:
    """Return the month, 1 to 12, for a folded name or abbreviation.

    None if unknown or ambiguous across languages.

    Abbreviations are prefixes of at least three letters.

    Examples
    --------
    >>> month_of("sept"), month_of("juin"), month_of("jui")
    (9, 6, None)
    """
    return _months().get(name)


def is_weekday(name: str) -> bool:
    """Return whether a folded name is a weekday, or a prefix of one with at least three letters."""
    return name in _weekdays()


@cache
def _months() -> dict[str, int]:
    whole = {
        folded(form): month
        for names in MONTHS.values()
        for month, forms in enumerate(names.split(), start=1)
        for form in forms.split("/")
    }
    meanings: dict[str, set[int]] = {}
    for name, month in whole.items():
        for length in range(3, len(name)):
            meanings.setdefault(name[:length], set()).add(month)
    return {short: months.pop() for short, months in meanings.items() if len(months) == 1} | whole


@cache
def _weekdays() -> frozenset[str]:
    names = {folded(name) for name in _WEEKDAYS.split()}
    return frozenset(name[:length] for name in names for length in range(min(3, len(name)), len(name) + 1))
