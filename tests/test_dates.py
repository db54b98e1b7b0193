"""Dates in articles, settings and paths: valid dates, values for "no date", and errors."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.dates import date_in_path, parse_date, parse_iso_date
from recommender.dates.grammar import from_text
from recommender.dates.iso import from_iso
from recommender.dates.names import MONTHS, folded, is_weekday, month_of, without_accents


def read(value, **options):
    """Return the parsed date as short text, with seconds only if they are not zero."""
    moment = parse_date(value, **options)
    return moment and moment.replace(tzinfo=None).isoformat(" ", "auto" if moment.second else "minutes")


def is_unreadable(value, **options):
    try:
        parse_date(value, **options)
    except ValueError:
        return True
    return False


READ = {
    "ISO 8601, as strict as it is": {
        "2026-05-01": "2026-05-01 00:00",
        "2026-05-01T09:30:00Z": "2026-05-01 09:30",
        "2026-05-01T09:30:00.1+02:00": "2026-05-01 07:30",
        "20260501T093000Z": "2026-05-01 09:30",
        "20260501093000000": "2026-05-01 09:30",
        "20260501": "2026-05-01 00:00",
        "2026-W18-5": "2026-05-01 00:00",
        "2026-05-01T09:30:15.123456789-0330": "2026-05-01 13:00:15.123456",
        "2026-05-01T09+02": "2026-05-01 07:00",
    },
    "ISO 8601, as it is written by hand": {
        "2014-7-9": "2014-07-09 00:00",
        "2014-7-9 6:05": "2014-07-09 06:05",
        "2014-7-09T06:00:00.000Z": "2014-07-09 06:00",
        "2014-07-09 6:00:00+0000": "2014-07-09 06:00",
        "2014-07-09 18:00 +0800": "2014-07-09 10:00",
        "2014-07-09t06:00:00z": "2014-07-09 06:00",
        "2014-07-09T24:00:00Z": "2014-07-10 00:00",
        "2016-12-31T23:59:60Z": "2016-12-31 23:59:59",
        "2014-07-09 06:00:00,5": "2014-07-09 06:00",
        "2014-07-09Z": "2014-07-09 00:00",
        "2014-07-09+02:00": "2014-07-08 22:00",
        "2014-07-09-05:00": "2014-07-09 05:00",
        "2014-07-09 -0500": "2014-07-09 05:00",
        "2014/7/9 6:00:01": "2014-07-09 06:00:01",
        "2014.07.09": "2014-07-09 00:00",
        "2014. 7. 9. 6:00": "2014-07-09 06:00",
        "２０１４－０７－０９": "2014-07-09 00:00",
        "٢٠١٤-٠٧-٠٩": "2014-07-09 00:00",
        "\u200e2014-07-09\u00a06:00": "2014-07-09 06:00",
    },
    "RFC 822 and its successors": {
        "Wed, 09 Jul 2014 06:00:00 GMT": "2014-07-09 06:00",
        "Mon, 09 Jul 2014 06:00:00 GMT": "2014-07-09 06:00",
        "9 Jul 14 06:00 -0000": "2014-07-09 06:00",
        "Wednesday, 09-Jul-94 06:00:00 GMT": "1994-07-09 06:00",
        "Wed, 9 Jul 2014 06:00:00 -0500 (Eastern)": "2014-07-09 11:00",
        "Mi, 09 Jul 2014 06:00:00": "2014-07-09 06:00",
        "mer., 09 juil. 2014 06:00:00 +0200": "2014-07-09 04:00",
        "mar, 04 mar 2014 06:00:00 +0000": "2014-03-04 06:00",
        "ср, 09 июл 2014 06:00:00 +0300": "2014-07-09 03:00",
        "Thứ, 09 Jul 2014": "2014-07-09 00:00",
    },
    "zones by their names": {
        "2014-07-09 06:00 EST": "2014-07-09 11:00",
        "2014-07-09 06:00 EDT": "2014-07-09 10:00",
        "2014-07-09 06:00:00 (PDT)": "2014-07-09 13:00",
        "2014-07-09 06:00 cest": "2014-07-09 04:00",
        "2014-07-09 06:00 MESZ": "2014-07-09 04:00",
        "2014-07-09 06:00 BST": "2014-07-09 05:00",
        "2014-07-09 06:00 IST": "2014-07-09 00:30",
        "2014-07-09 06:00 UTC+2": "2014-07-09 04:00",
        "2014-07-09 06:00 GMT-0430": "2014-07-09 10:30",
        "2014-07-09 06:00 Europe/Berlin": "2014-07-09 04:00",
        "2014-01-09 06:00 Europe/Berlin": "2014-01-09 05:00",
        "2014-07-09 06:00 America/Argentina/Buenos_Aires": "2014-07-09 09:00",
        "2014-07-09 06:00 Etc/GMT+2": "2014-07-09 08:00",
        "July 9, 2014 6 a.m. ET": "2014-07-09 10:00",
        "2014-07-09T06:00:00+02:00[Europe/Rome]": "2014-07-09 04:00",
    },
    "the names of months": {
        "July 9, 2014": "2014-07-09 00:00",
        "9 July 2014": "2014-07-09 00:00",
        "9 Jul. 2014": "2014-07-09 00:00",
        "July 9th 2014 at 6:00 pm": "2014-07-09 18:00",
        "Wednesday, July 9 2014 06:00": "2014-07-09 06:00",
        "09-Jul-2014": "2014-07-09 00:00",
        "2014-Jul-09": "2014-07-09 00:00",
        "the 1st of May, 2014": "2014-05-01 00:00",
        "06:00, 9 July 2014": "2014-07-09 06:00",
        "9. Juli 2014, 6:30 Uhr": "2014-07-09 06:30",
        "le mardi 1er juillet 2014 à 18h30": "2014-07-01 18:30",
        "miércoles, 9 de julio de 2014": "2014-07-09 00:00",
        "segunda-feira, 3 de março de 2014": "2014-03-03 00:00",
        "9 d’agost de 2014": "2014-08-09 00:00",
        "2014. július 9., szerda": "2014-07-09 00:00",
        "9. heinäkuuta 2014 klo 6.30": "2014-07-09 06:30",
        "9.7.2014 6.30": "2014-07-09 06:30",
        "9. juli 2014 18.05.09": "2014-07-09 18:05:09",
        "2014년 7월 9일 수요일 오후 3시 30분 5초": "2014-07-09 15:30:05",
        "9 lipca 2014": "2014-07-09 00:00",
        "9 июля 2014 г., 06:00": "2014-07-09 06:00",
        "9 Temmuz 2014 Çarşamba": "2014-07-09 00:00",
        "2014年7月9日(水) 6:00": "2014-07-09 06:00",
        "2014年7月9日 星期三 下午3时30分": "2014-07-09 15:30",
        "2014년 7월 9일 오후 3:30": "2014-07-09 15:30",
    },
    "days first": {
        "09.07.2014": "2014-07-09 00:00",
        "9.7.2014 06:00": "2014-07-09 06:00",
        "25/12/2014": "2014-12-25 00:00",
        "12/25/2014": "2014-12-25 00:00",
        "25-12-2014": "2014-12-25 00:00",
        "05/05/2014": "2014-05-05 00:00",
    },
    "programs": {
        "Wed Jul  9 06:00:00 2014": "2014-07-09 06:00",
        "Wed Jul  9 06:00:00 CEST 2014": "2014-07-09 04:00",
        "Wed Jul 09 06:00:00 +0000 2014": "2014-07-09 06:00",
        "Wed Jul 09 2014 06:00:00 GMT+0200 (Central European Summer Time)": "2014-07-09 04:00",
        "2014-07-09 06:00:00.5 +0000 UTC": "2014-07-09 06:00",
        "2014-07-09 06:00:00 +0200 CEST m=+0.01": "2014-07-09 04:00",
        "2014-07-09 06:00:00 -0500": "2014-07-09 11:00",
        "/Date(1404885600000)/": "2014-07-09 06:00",
        "/Date(1404885600000+0200)/": "2014-07-09 06:00",
        "20140709060000": "2014-07-09 06:00",
    },
    "am and pm": {
        "2014-07-09 12:30 AM": "2014-07-09 00:30",
        "2014-07-09 12:30 pm": "2014-07-09 12:30",
        "2014-07-09 06:00:00 PM": "2014-07-09 18:00",
        "July 9, 2014 6pm": "2014-07-09 18:00",
        "9 de julio de 2014, 6:00 p. m.": "2014-07-09 18:00",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"), [pair for spellings in READ.values() for pair in spellings.items()]
)
def test_a_date_is_parsed(written, expected):
    moment = parse_date(written)
    assert moment.tzinfo is UTC
    assert moment.replace(microsecond=0, tzinfo=None).isoformat(" ").startswith(expected[:19])
    assert parse_date(f"  {written}\n") == moment


def test_fractions_of_a_second_are_kept_to_the_microsecond():
    assert parse_date("2014-07-09 6:00:00.1234567 EST").microsecond == 123456
    assert parse_date("2014-07-09 6:00:00,5").microsecond == 500_000
    assert parse_date("1404885600.25").microsecond == 250_000


@pytest.mark.parametrize(
    "empty",
    [
        None, "", " \n", "nan", "NaT", "null", "None", "N/A", float("nan"), float("inf"), Decimal("nan"), "-infinity",
        "0000-00-00 00:00:00", "0000-00-00", "00/00/0000", "-001-11-30T00:00:00+00:00", "Wed, 30 Nov -0001 00:00:00 +0000",
        "30/11/-0001 00:00", "Mon, 01 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
        "01/01/0001 00:00:00", date(1, 1, 1), datetime(1, 1, 1), "0001-01-01 00:00:00 +0000 UTC", -62135596800,
        "/Date(-62135596800000)/", "1970-01-01", "1970-01-01T00:00:00Z", "1970-1-1", "Thu, 01 Jan 1970 00:00:00 GMT",
        "January 1, 1970", "01.01.1970", "Thu Jan 01 1970 01:00:00 GMT+0100 (CET)", "1969-12-31T19:00:00-05:00",
        "1970-01-01T00:00:00+09:00", date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC),
        0, 0.0, "0", "/Date(0)/", Decimal(0),
    ],
)  # fmt: skip
def test_values_for_no_date_are_none(empty):
    assert parse_date(empty) is None


@pytest.mark.parametrize(
    "unreadable",
    [
        # a part would be invented
        "2020", "2020-01", "2020-W01", "May 2020", "3 May", "10:00", "2020/05", "2020年5月", "3.5.", "Monday", 2020,
        "5 May 20:20",
        # the day or time does not exist
        "2026-02-30", "31 February 2020", "Fri, 31 Feb 2020 10:00:00 GMT", "2020-13-01", "2020/25/12", "13.25.2020",
        "20201302",
        "2020-01-02 25:00", "2020-01-02T10:61Z", "2020-01-02T24:00:01Z", "2020-01-02 13:00 PM", "2020-01-02T10:00:00+25:00",
        "2020-01-02T10:00:00+02:75", "2020-01-02 10:00 +02:75", "2020-00-00", "30/30/2020",
        # ambiguous
        "01/12/2019", "01/12/2019 10:00", "01-12-2019", "1 12 2019", "02.01.20", "20-01-02", "Jan 2, 20", "202001021015",
        # more than a date
        "2020-01-02 - 2020-01-05", "3-5 June 2020", "May June 3 2020", "until 2 Jan 2020", "2020-01-02?", "c. 2020-01-02",
        "version 1.2.2020", "v1.2.2020", "2020-01-02 (updated 2021-03-04)", "2020-01-02T10:00:00Z (updated 2021-03-04)",
        "today",
        # unknown or invalid zones
        "2020-01-02 10:00 XYZ", "2020-01-02 10:00 PET", "2020-01-02 10:00 (local)", "2020-01-02 10:00 Europe/Nowhere",
        "2020-01-02 10:00 America/Argentina", "2020-01-02 10:00 Europe/../../etc/passwd", "2020-01-02 10:00 /etc/passwd",
        "2020-01-02 10:00 right/Europe/Berlin", "2020-01-02 10:00 EST5EDT", "2020-01-02 10:00 +0000 PM",
        # implausible year
        "9999-12-31", "1449-12-31", "2201-01-01", "0079-08-24", "12020-01-02", date(1066, 10, 14), "119-01-02", "2 Jan 120",
        # implausible number
        1, -1, 12345, 99999999, 10**11 - 1, 10**30, 10**5000, "1.58829E+09", "1,588,291,200", 4133980800, True, False,
        "20200102.5",
        # not a date
        b"2020-01-02", [2020, 1, 2], {"year": 2020}, pytest.param(object(), id="object"),
        "x" * 10_000, "2020-01-02" + "0" * 200, "\ud800", "½", "年月日",
    ],
    ids=lambda value: repr(value)[:30] if not isinstance(value, int) or value < 10**40 else "huge",
)  # fmt: skip
def test_unreadable_and_ambiguous_dates_are_rejected(unreadable):
    with pytest.raises(ValueError) as caught:
        parse_date(unreadable)
    shown = str(caught.value)
    assert 0 < len(shown) <= 60
    if isinstance(unreadable, str) and len(unreadable) < 50:
        assert shown == repr(unreadable)


def test_day_first_decides_dates_with_slashes():
    assert read("01/12/2019 10:00", day_first=True) == "2019-12-01 10:00"
    assert read("01/12/2019 10:00", day_first=False) == "2019-01-12 10:00"
    assert read("1-12-2019", day_first=True) == "2019-12-01 00:00"
    for order in (True, False):
        assert (
            read("25/12/2019", day_first=order) == read("12/25/2019", day_first=order) == "2019-12-25 00:00"
        )
        assert read("01.12.2019", day_first=order) == "2019-12-01 00:00"
        assert read("2019/01/12", day_first=order) == "2019-01-12 00:00"


@given(st.integers(10**8, 4_133_980_799), st.sampled_from([1, 10**3, 10**6, 10**9]))
def test_unix_time_is_read_in_several_units(seconds, unit):
    number = seconds * unit
    if len(str(number)) == 12 and str(number).startswith(("19", "20")):
        return  # in 1976; ambiguous numbers are rejected
    moment = datetime.fromtimestamp(seconds, UTC)
    assert parse_date(number) == parse_date(str(number)) == parse_date(Decimal(number)) == moment
    assert parse_date(float(number)) == parse_date(f"{number}.0") == moment


def test_the_digits_of_a_date_are_read_as_numbers():
    assert (
        parse_date(20200102)
        == parse_date(20200102.0)
        == parse_date("20200102.0")
        == datetime(2020, 1, 2, tzinfo=UTC)
    )


def test_dates_and_datetimes_become_plain_datetimes_in_utc():
    class Timestamp(datetime):
        """Like those of pandas and pendulum."""

    rome = timezone(timedelta(hours=2))
    for value in (
        datetime(2026, 5, 1, 12, tzinfo=rome),
        Timestamp(2026, 5, 1, 12, tzinfo=rome),
        datetime(2026, 5, 1, 10),
    ):
        moment = parse_date(value)
        assert type(moment) is datetime
        assert (moment, moment.tzinfo) == (datetime(2026, 5, 1, 10, tzinfo=UTC), UTC)
    assert parse_date(date(2026, 5, 1)) == datetime(2026, 5, 1, tzinfo=UTC)


def test_timestamps_of_numpy_are_read():
    numpy = pytest.importorskip("numpy")
    assert read(numpy.datetime64("2026-05-01T10:00:00.123456789")) == "2026-05-01 10:00"
    assert read(numpy.int64(1588291200)) == read(numpy.float64(1588291200)) == "2020-05-01 00:00"
    assert parse_date(numpy.datetime64("NaT")) is None
    assert is_unreadable(numpy.datetime64("2026-05"))


def test_timestamps_of_pandas_are_read():
    pandas = pytest.importorskip("pandas")
    assert read(pandas.Timestamp("2026-05-01T12:00:00.123456789+02:00")) == "2026-05-01 10:00"
    assert type(parse_date(pandas.Timestamp("2026-05-01"))) is datetime
    assert parse_date(pandas.NaT) is None


# Names of months


def test_a_month_name_is_unambiguous_across_languages():
    meanings = {}
    for language, names in MONTHS.items():
        months = names.split()
        assert len(months) == 12, language
        for month, forms in enumerate(months, start=1):
            for form in forms.split("/"):
                meanings.setdefault(folded(form), set()).add(month)
    assert {name: months for name, months in meanings.items() if len(months) > 1} == {}
    assert {name for name, months in meanings.items() if {month_of(name)} != months} == set()


def test_an_ambiguous_prefix_is_not_a_month():
    assert [month_of(name) for name in ("ju", "jui", "cerv", "ma", "ιου")] == [None] * 5


@pytest.mark.parametrize("language", MONTHS)
def test_months_are_read_in_the_languages_of_feeds(language):
    for month, forms in enumerate(MONTHS[language].split(), start=1):
        for form in forms.split("/"):
            plain = "".join(
                each for each in unicodedata.normalize("NFD", form) if not unicodedata.combining(each)
            )
            for name in (form, form.upper(), form.title(), plain, unicodedata.normalize("NFD", form)):
                assert parse_date(f"3 {name} 2020") == datetime(2020, month, 3, tzinfo=UTC), name


def test_words_that_change_the_meaning_of_a_date_are_rejected():
    words = [
        "before",
        "until",
        "since",
        "after",
        "not",
        "circa",
        "ca",
        "expires",
        "updated",
        "by",
        "from",
        "in",
    ]
    assert [word for word in words if is_weekday(word) or month_of(word)] == []
    assert [word for word in words if not is_unreadable(f"{word} 2 Jan 2020")] == []


# Properties

MOMENTS = st.datetimes(datetime(1450, 1, 2), datetime(2200, 12, 30)).filter(
    lambda moment: moment.year != 1970
)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ENGLISH = [name.split("/")[0].capitalize() for name in MONTHS["en"].split()]


def month_name(moment):
    return ENGLISH[moment.month - 1]


def signed(moment, colon=""):
    return moment.strftime("%z")[:3] + colon + moment.strftime("%z")[3:5]


def clock(moment):
    return f"{moment:%H:%M:%S}"


SPELLINGS = {
    "iso": lambda m: m.isoformat(),
    "space": lambda m: f"{m.year}-{m.month}-{m.day} {m.hour}:{m.minute:02}:{m.second:02} {signed(m)}",
    "basic": lambda m: f"{m.year}{m:%m%dT%H%M%S}{signed(m)}",
    "slashes": lambda m: f"{m.year}/{m.month}/{m.day} {clock(m)}{signed(m, ':')}",
    "dots": lambda m: f"{m.day}.{m.month}.{m.year} {clock(m)} {signed(m)}",
    "rfc822": lambda m: f"{m:%a}, {m.day} {month_name(m)[:3]} {m.year} {clock(m)} {signed(m)}",
    "american": lambda m: (
        f"{month_name(m)} {m.day}, {m.year} {m.hour % 12 or 12}:{m:%M:%S} {'ap'[m.hour >= 12]}m {signed(m)}"
    ),
    "british": lambda m: f"{m.day} {month_name(m)} {m.year} at {clock(m)} GMT{signed(m, ':')}",
    "javascript": lambda m: (
        f"Mon {month_name(m)[:3]} {m:%d} {m.year} {clock(m)} GMT{signed(m)} (Some Standard Time)"
    ),
    "go": lambda m: f"{m.year}-{m:%m-%d} {clock(m)} {signed(m)} {signed(m)[:3]}",
    "twitter": lambda m: f"Mon {month_name(m)[:3]} {m:%d} {clock(m)} {signed(m)} {m.year}",
    "chinese": lambda m: f"{m.year}年{m.month}月{m.day}日 {clock(m)} {signed(m)}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(moment=MOMENTS, zone=OFFSETS)
def test_a_time_round_trips_in_every_notation(spelling, moment, zone):
    moment = moment.replace(microsecond=0, tzinfo=zone)
    assert parse_date(SPELLINGS[spelling](moment)) == moment


@pytest.mark.parametrize("spelling", ["rfc822", "american", "british", "space"])
@given(moment=MOMENTS, zone=OFFSETS)
def test_complete_dates_agree_with_dateutil(spelling, moment, zone):
    dateutil = pytest.importorskip("dateutil.parser")
    written = SPELLINGS[spelling](moment.replace(microsecond=0, tzinfo=zone)).replace("GMT", "")
    assert dateutil.parse(written) == parse_date(written)


@given(moment=MOMENTS.filter(lambda moment: moment.year >= 1900), zone=OFFSETS)
def test_mail_dates_agree_with_the_standard_library(moment, zone):
    written = format_datetime(moment.replace(tzinfo=zone))
    assert parsedate_to_datetime(written) == parse_date(written)
    short = written.replace(f" {moment.year} ", f" {moment.year % 100:02} ")
    if (
        not 50 <= moment.year % 100 <= 68
    ):  # the two-digit century turns in 1950 in RFC 2822, and in 1969 in Python
        assert parsedate_to_datetime(short) == parse_date(short)


@given(
    st.text(alphabet="0123456789-:T WZ+.,/", max_size=32)
    | st.from_regex(r"[12][0-9]{3}-?[01][0-9]-?[0-3][0-9][T ][0-9:.+Z-]{0,16}", fullmatch=True)
)
def test_both_parsers_agree(written):
    """The standard library parses ISO 8601 first, for speed. The grammar parses most of it too."""
    both = []
    for reader in (from_iso, from_text):
        try:
            both.append(reader(written))
        except (ValueError, OverflowError):
            return
    if both[1] is not None:
        iso = both[0] if both[0].tzinfo else both[0].replace(tzinfo=UTC)
        assert iso == both[1]


PIECES = st.sampled_from(
    [
        "2020", "2021-03-04", "31", "12", "1", "02", "99", "0001", "May", "мая", "Mar", "juin", "Mon,", "mardi", "de", "at",
        "+0200", "EST", "GMT", "10:00", "24:00", "am", "年", "月", "日", "T", "Z", *",./-:+()' ", "  ",
        "١", "²", "\u200f", "\ud800", "ﷺ",
    ]
)  # fmt: skip


@st.composite
def mutated_dates(draw):
    text = SPELLINGS[draw(st.sampled_from(sorted(SPELLINGS)))](
        draw(MOMENTS).replace(microsecond=0, tzinfo=draw(OFFSETS))
    )
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 3)))
        text = text[:start] + draw(st.just("") | PIECES | st.characters()) + text[end:]
    return text


def stands_in(text, day):
    """Return whether a text contains the year, month and day of a date, as numbers or month name."""
    text = "".join(str(unicodedata.decimal(each, each)) for each in without_accents(text))
    for compact in re.findall(r"(?<![0-9])[0-9]{8}(?![0-9])|(?<![0-9])[0-9]{14}(?![0-9])", text):
        if compact[:8] == day.strftime("%Y%m%d"):
            return True
    numbers = re.findall("[0-9]+", text)
    months = {month_of(folded(word)) for word in re.findall(r"[^\W\d_]+", text)}
    return (
        any(number in (f"{day.year:04}", f"{day.year % 100:02}") for number in numbers)
        and any(int(number) == day.day for number in numbers)
        and (day.month in months or any(int(number) == day.month for number in numbers))
    )


@given(
    st.text(max_size=120)
    | mutated_dates()
    | st.lists(PIECES, max_size=8).map("".join)
    | st.lists(PIECES, max_size=8).map(" ".join),
    st.none() | st.booleans(),
)
def test_no_part_of_a_date_is_invented(text, day_first):
    try:
        moment = parse_date(text, day_first=day_first)
    except ValueError:
        return
    if moment is None or re.fullmatch(
        r"\s*[0-9.]{9,}\s*", unicodedata.normalize("NFKC", text)
    ):  # time since 1970
        return
    assert moment.tzinfo is UTC
    if not re.search(r"\d-?W\d", text):
        near = [moment + timedelta(days=days) for days in (-1, 0, 1)]  # the date in the zone of the text
        assert any(stands_in(text, day) for day in near), moment


@given(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.binary()
    | st.decimals()
    | st.dates()
    | st.datetimes()
    | st.fractions()
)
def test_any_value_is_a_date_none_or_an_error(value):
    try:
        moment = parse_date(value)
    except ValueError:
        return
    assert moment is None or moment.tzinfo is UTC


# Settings and paths


@given(st.datetimes(timezones=st.none() | st.just(UTC)) | st.dates())
def test_a_setting_takes_iso_dates_of_all_years(value):
    moment = parse_iso_date(value)
    assert moment.tzinfo is UTC
    assert parse_iso_date(value.isoformat()) == moment
    assert moment.isoformat().startswith(value.isoformat()[:10])


@pytest.mark.parametrize(
    "value",
    [
        "3 May 2020",
        "01/02/2020",
        "2020",
        "2020-W01",
        "2026-02-30",
        1588291200,
        None,
        "",
        "2020-01-02+02:00",
        "0001-01-01T00:00+14:00",
    ],
)
def test_a_setting_takes_only_iso_dates(value):
    with pytest.raises(ValueError) as caught:
        parse_iso_date(value)
    assert str(caught.value) == repr(value)


@pytest.mark.parametrize(
    ("path", "day"),
    {
        "_posts/2019-01-10-ice-plant.md": "2019-01-10",
        "2020-7-8-rye.markdown": "2020-07-08",
        "2019-01-10.md": "2019-01-10",
        "2019_01_10_ice_plant.html": "2019-01-10",
        "2019-01-10-ice-plant/index.md": "2019-01-10",
        "blog/2021/03/04/slug/index.html": "2021-03-04",
        "https://news.example/2021/03/04/slug?page=2": "2021-03-04",
        "2021/03/04-slug.md": "2021-03-04",
        "archive/2021/03/04.html": "2021-03-04",
        "20210304-slug.md": "2021-03-04",
        "a\\2021-03-04-slug.md": "2021-03-04",
        "2019-01-01/2021-03-04-slug.md": "2021-03-04",
        "2021/03/2021-03-04-slug.md": "2021-03-04",
        "2021-03-04 Slug of a note.md": "2021-03-04",
    }.items(),
)
def test_dates_in_paths_of_site_generators(path, day):
    assert date_in_path(path) == datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "index.html", "2021", "2021/03", "2021/03/slug.md", "2021-03-slug.md", "2021-annual-report.md",
        "v1/2/3", "release-1.2.3.md", "1.2.2021.md", "2021/03/10-tips-for-bakers/", "2021/03/10-tips-for-bakers.html",
        "2021/3/4/page", "2021-13-45-slug.md", "2021-02-30-slug.md", "1850-01-10-slug.md", "2150-01-10.md",
        "3021/03/04/slug",
        "99999999-slug.md", "12345678.html", "202103041.html", "2021-03-045.md", "x2021-03-04.md", "12021-03-04-slug.md",
        "0001-01-01-slug.md", "1970-01-01-slug.md", "item-20210304x", "٢٠٢١-٠٣-٠٤.md",
    ],
)  # fmt: skip
def test_other_numbers_in_paths_are_not_dates(path):
    assert date_in_path(path) is None


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["2021", "03", "04", "13", *"-/_.x", "index.html"]), max_size=9).map("".join)
)
def test_any_path_yields_a_date_or_none(path):
    day = date_in_path(path)
    assert day is None or stands_in(path, day)
