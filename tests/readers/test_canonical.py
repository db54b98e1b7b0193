"""Detection of pages that are copies of other pages."""

from __future__ import annotations

from recommender.readers.pages.canonical import copies_among

RAIN = "https://a.example/2026/rain/"


def test_variants_with_the_address_of_another_page_are_copies() -> None:
    pages = {
        "2026/rain/index.html": (RAIN, False, "Rain"),
        "2026/rain/amp/index.html": (RAIN, True, "Rain, for phones"),
        "2026/rain/print.html": ("http://www.a.example/2026/rain", True, None),
    }
    assert copies_among(pages) == {"2026/rain/amp/index.html", "2026/rain/print.html"}


def test_a_page_at_a_second_address_with_the_same_title_is_a_copy() -> None:
    pages = {
        "2026/rain/index.html": (RAIN, False, "Rain"),
        "old/rain.html": (RAIN, False, "Rain"),
        "ra%C3%ADn.html": (RAIN, False, "Wind"),
    }
    assert copies_among(pages) == {"old/rain.html"}


def test_a_template_with_a_fixed_canonical_address_creates_no_copies() -> None:
    home = "https://a.example/"
    pages = {f"{name}.html": (home, False, name) for name in ("index", "rain", "wind")}
    assert copies_among(pages) == set()
    amp = {f"{name}.html": (home, True, name) for name in ("index", "rain", "wind")}
    assert copies_among(amp) == set()


def test_addresses_that_differ_in_their_query_are_different() -> None:
    pages = {f"{n}.html": (f"https://a.example/?p={n}", True, "Weather") for n in range(3)}
    assert copies_among(pages) == set()


def test_a_variant_without_address_is_a_copy_of_the_page_at_the_plain_path() -> None:
    pages = {
        "news/rain.html": (None, False, "Rain"),
        "amp/news/rain.html": (None, True, "Rain"),
        "news/rain.print.html": (None, False, "Rain - print version"),
        "news/rain-print.html": (None, False, "Rain"),
        "news/ice-print.html": (None, False, "Ice"),
        "how-to.html": (None, False, "How to"),
        "how-to-print.html": (None, False, "How to print"),
        "how-to-amp.html": (None, False, "Amplifiers"),
    }
    copies = {"amp/news/rain.html", "news/rain.print.html", "news/rain-print.html"}
    assert copies_among(pages) == copies | {"how-to-print.html"}


def test_a_variant_without_original_is_not_a_copy() -> None:
    assert (
        copies_among({"rain.amp.html": (RAIN, True, "Rain"), "wind.amp.html": (None, True, "Wind")}) == set()
    )


def test_invalid_addresses_are_ignored() -> None:
    assert copies_among({"a.html": ("http://[", False, "A"), "b.html": ("http://[", False, "B")}) == set()
