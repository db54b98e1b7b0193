"""Tests of links by the roles of Sphinx: which page of a folder each one names, and what it shows."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from recommender import read_articles
from recommender.readers.restructured.rst_links import RstLinks
from recommender.text.links import SiteLinks
from recommender.text.normalise import plain_text

TEXT = "It rained for many days and the river rose above the quay of the old town."
FOLDER = {
    "docs/conf.py": "",
    "docs/guide/wet-days.rst": f".. _rain: \n.. _Wet   Days:\n\n====\nWet *days*\n====\n\n{TEXT}\n\n"
    f".. _in-may:\n\nIn May\n------\n\n{TEXT}",
    "docs/guide/sun.rst": f"Sun\n===\n\n{TEXT}\n\n.. _no-heading:\n\n{TEXT}",
    "docs/sun.rst": f"Sunshine\n========\n\n{TEXT}",
    "docs/wind.rst": TEXT,
}
ROLES = {
    ":doc:`/guide/wet-days`": ("docs/guide/wet-days", "Wet days"),
    ":doc:`wet-days`": ("docs/guide/wet-days", "Wet days"),
    ":doc:`rain <../guide/wet-days>`": ("docs/guide/wet-days", "rain"),
    ":std:doc:`wet-days`": ("docs/guide/wet-days", "Wet days"),
    ":ref:`rain`": ("docs/guide/wet-days", "Wet days"),
    ":ref:`the rain <rain>`": ("docs/guide/wet-days", "the rain"),
    ":ref:`wet days`": ("docs/guide/wet-days", "Wet days"),
    ":ref:`in-may`": ("docs/guide/wet-days", "In May"),
    ":ref:`no-heading`": ("docs/guide/sun", "no-heading"),
    ":doc:`sun`": ("docs/guide/sun", "Sun"),
    ":doc:`../sun`": ("docs/sun", "Sunshine"),
    ":doc:`/sun`": (None, "/sun"),  # two folders may be the root
    ":doc:`../wind`": ("docs/wind", "../wind"),
    ":doc:`snow`": (None, "snow"),
    ":ref:`python:rain`": (None, "python:rain"),
    "``:doc:`wet-days```": (None, ":doc:`wet-days`"),
    ":class:`weather.Rain`": (None, "weather.Rain"),
}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_leads_to_the_page_that_it_names(role: str, tmp_path: Path) -> None:
    page, label = ROLES[role]
    for path, text in (FOLDER | {"docs/guide/a.rst": f"A\n=\n\n{TEXT}\n\nSee {role}.\n"}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    articles, links = list(read_articles(tmp_path)), SiteLinks()
    for article in articles:
        links.see(article)
    ids, arrays = [article.article_id for article in articles], links.to_arrays()
    place = ids.index("docs/guide/a")
    start, end = arrays["links_indptr"][place : place + 2].tolist()
    assert [ids[row] for row in arrays["links_indices"][start:end].tolist()] == (
        [] if page is None else [page]
    )
    assert plain_text(articles[place].body).endswith(f"See {label}.")


@pytest.mark.parametrize(
    "part",
    [
        ".. _",
        ".. _a:\n",
        ".. _a:\n\n",
        "=",
        "=\n",
        "a\n=\n",
        "\n",
        "`",
        '<a class="reference external" href="ref:a">',
    ],
)
def test_long_repetitions_are_fast(part: str) -> None:
    started, links = time.process_time(), RstLinks()
    links.see("a.rst", part * 20_000)
    links.resolved(part * 20_000, "b.rst")
    assert time.process_time() - started < 5
