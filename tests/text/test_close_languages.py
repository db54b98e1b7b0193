"""Languages that are often mistaken for each other do not divide a site of one language."""

import pytest

from recommender.text.languages import detect_languages

NORWEGIAN = [
    ("Isverket må repareres", "Skipperne sier at isverket må repareres før vinteren, ellers blir fisken liggende på kaia. "
     "Havnestyret har ikke funnet penger til det, og ordføreren vil ikke svare på hvorfor det har tatt så lang tid."),
    ("Kvoten kuttes", "Etter møtet på tirsdag ble det klart at sildekvoten kuttes igjen. Fire båter kommer til å ligge i "
     "opplag før jul, og mannskapene vet ikke hva de skal leve av når regningene kommer."),
    ("Nytt brød", "Bakeren i Møllegata har gått over til rugmel etter at hveten ble dobbelt så dyr. Kundene står i kø for "
     "det mørke brødet, og ovnen er varm fra klokka tre om natta."),
]  # fmt: skip
SWEDISH = [
    ("Isverket måste lagas", "Skepparna säger att isverket måste lagas före vintern, annars blir fisken liggande på kajen. "
     "Hamnstyrelsen har inte hittat några pengar, och borgmästaren vill inte svara på varför det har tagit så lång tid."),
    ("Kvoten sänks", "Efter mötet på tisdagen stod det klart att sillkvoten sänks igen. Fyra båtar kommer att ligga stilla "
     "före jul, och besättningarna vet inte vad de ska leva av när räkningarna kommer."),
    ("Nytt bröd", "Bagaren på Kvarngatan har gått över till rågmjöl sedan vetet blev dubbelt så dyrt. Kunderna köar för det "
     "mörka brödet, och ugnen är varm från klockan tre på natten."),
]  # fmt: skip
HEADLINES = [
    "Fiskekvoten kuttes igjen", "Skipperne frykter kutt", "Fiskekvoten skæres ned igen",
    "Isværket skal repareres inden vinteren", "Skipperne frygter nedskæring af sildekvoten", "Fiskekvoten sänks igen",
    "Kvoten vert kutta att, seier skipperane",
]  # fmt: skip
SERBIAN = [
    ("Most", "Most preko reke biće zatvoren do kraja nedelje zbog popravke ograde."),
    ("Pijaca", "Na pijaci je danas bilo manje kupaca nego prošle subote, kažu prodavci."),
    ("Škola", "Deca iz našeg sela idu u školu autobusom koji često kasni."),
    ("Sneg", "Sneg je pao noćas, a putevi su bili zavejani sve do podne."),
    ("Pozorište", "Nova predstava počinje u sredu, ulaznice su već rasprodate."),
    ("Vrtić", "Roditelji traže da vrtić radi duže jer posao završavaju kasno."),
    ("Voda", "Voda neće teći u dve ulice dok radnici menjaju staru cev."),
    ("Lekar", "Lekar dolazi u ambulantu samo dva puta nedeljno, a čekaonica je puna."),
    ("Voz", "Voz za grad kreće u šest ujutru i stiže posle osam."),
    ("Zahtev", "Opština je odbila zahtev stanara, koji su najavili žalbu sudu."),
]


def test_headlines_alone_do_not_divide_a_site():
    assert len(set(detect_languages([None] * 7, [(title, "") for title in HEADLINES]))) == 1


@pytest.mark.parametrize("times", [1, 8], ids=["short", "long"])
def test_languages_that_no_text_tells_apart_do_not_divide_a_site(times):
    """Serbian in Latin script looks as much like Bosnian as like Croatian."""
    texts = [(title, " ".join([body] * times)) for title, body in SERBIAN]
    found = detect_languages([None] * len(texts), texts)
    assert len(set(found)) == 1
    assert found[0] in {"sr", "hr", "bs"}


def test_long_texts_in_two_close_languages_divide_a_site():
    found = detect_languages([None] * 6, [*NORWEGIAN, *SWEDISH])
    assert found == ["no"] * 3 + ["sv"] * 3


def test_headlines_follow_the_languages_of_the_long_texts():
    titles = [
        ("Bagaren på Kvarngatan köar inte längre för vetet", ""),
        ("Ordføreren ville ikke svare på hvorfor", ""),
    ]
    assert detect_languages([None] * 8, [*NORWEGIAN, *SWEDISH, *titles])[6:] == ["sv", "no"]


def test_a_declared_language_is_told_apart_from_a_close_one():
    headline = ("Skepparna fruktar sänkt sillkvot", "")
    assert detect_languages(["no"] * 3 + [None], [*NORWEGIAN, headline])[-1] == "no"
    assert detect_languages(["no"] * 3 + ["sv", None], [*NORWEGIAN, SWEDISH[0], headline])[-1] == "sv"


def test_headlines_in_languages_that_differ_divide_a_site():
    titles = [
        ("Die Schulen im Tal öffnen morgen wieder", ""),
        ("The schools of the valley will open tomorrow", ""),
    ]
    assert detect_languages([None] * 2, titles) == ["de", "en"]
