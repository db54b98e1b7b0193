"""Pages of reStructuredText, as Sphinx, Pelican, Nikola, ABlog and PEPs have them."""

import time

import pytest

from recommender.readers import read_articles
from recommender.readers.restructured.rst_fields import split_fields
from recommender.readers.restructured.rst_text import rendered
from recommender.text import plain_text

PROSE = "It rained all night, and the river rose over the bridge at the lower mill before the morning."
SPHINX = f"""\
:orphan:

.. _rain:
.. A comment that nobody sees.

================
Rain and *wind*
================

.. currentmodule:: weather

{PROSE} See :doc:`the wind </wind>`, :class:`~weather.Cloud` and :math:`x^2`.

.. versionadded:: 2.1
   Drops are round.

.. code-block:: python
   :linenos:
   :caption: Drops

   drop = Cloud().drop()

.. function:: fall(height, *drops)

   Let drops fall.

.. tab-set::

   .. tab-item:: Wet

      Take a coat.

.. automodule:: weather
   :members:

.. image:: rain.png
"""


def site(tmp_path, **pages):
    for name, text in pages.items():
        path = tmp_path / f"{name.replace('__', '/')}.rst"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    reader = read_articles(tmp_path)
    return {article.article_id: article for article in reader}, reader


def test_directives_and_roles_of_sphinx_give_their_text(tmp_path):
    found, reader = site(tmp_path, guide__rain=SPHINX, guide__wind=f"Wind\n----\n\n{PROSE}\n")
    rain = found["guide/rain"]
    assert rain.title == "Rain and wind"
    text = plain_text(rain.body)
    for kept in ("See the wind, Cloud and", "2.1 Drops are round.", "drop = Cloud().drop()", "fall(height, *drops)",
                 "Let drops fall.", "Wet", "Take a coat."):  # fmt: skip
        assert kept in text, kept
    for dropped in (
        "comment",
        "currentmodule",
        "members",
        "linenos",
        "recommender-part",
        "rain.png",
        "::",
        "x^2",
    ):
        assert dropped not in text, dropped
    assert not reader.warnings


def test_fields_of_pelican_below_the_title(tmp_path):
    fields = ":date: 2026-05-01 10:20\n:category: weather\n:tags: rain, wind\n:summary: Wet.\n:lang: en\n"
    found, _ = site(
        tmp_path, rain=f"Rain\n####\n\n{fields}\n{PROSE}\n", wind=f"Wind\n####\n\n:status: draft\n\n{PROSE}\n"
    )
    assert [*found] == ["rain"]
    rain = found["rain"]
    assert (rain.title, str(rain.published)[:16], rain.section, rain.language) == (
        "Rain",
        "2026-05-01 10:20",
        "weather",
        "en",
    )
    assert rain.metadata["tags"] == ["rain", "wind"]
    assert plain_text(rain.body) == PROSE


@pytest.mark.parametrize("suffix", ["rst", "md"])
def test_fields_of_nikola_in_comments(tmp_path, suffix):
    fields = ".. title: Rain: the sequel\n.. slug: rain\n.. date: 2026-05-01 10:00:00 UTC+02:00\n.. tags: rain, {}\n"
    wrap = "{}\n" if suffix == "rst" else "<!--\n{}-->\n"
    for name, tag in (("rain", "wind"), ("wind", "draft")):
        (tmp_path / f"{name}.{suffix}").write_text(wrap.format(fields.format(tag)) + f"\n{PROSE}\n")
    (rain,) = read_articles(tmp_path)
    assert (rain.title, str(rain.published)) == ("Rain: the sequel", "2026-05-01 08:00:00+00:00")
    assert rain.metadata["tags"] == ["rain", "wind"]
    assert plain_text(rain.body) == PROSE


def test_a_proposal_is_published_whatever_its_status(tmp_path):
    header = "PEP: 7\nTitle: Rain\n  and wind\nAuthor: Ann <a@b.c>\nStatus: Draft\nType: Process\nCreated: 05-Jul-2001\n"
    found, _ = site(
        tmp_path, **{"pep-0007": f"{header}\nAbstract\n========\n\n{PROSE}\n\nMore\n====\n\nNo.\n"}
    )
    pep = found["pep-0007"]
    assert (pep.title, str(pep.published)[:10]) == ("Rain and wind", "2001-07-05")
    assert plain_text(pep.body).split()[0] == "Abstract"


def test_posts_of_ablog_have_the_date_of_their_directive():
    page = "Rain\n====\n\n.. post:: 2026-05-01\n   :tags: rain, wind\n   :author: ann\n   :excerpt: 2\n\nIt rained.\n"
    fields = split_fields(page).fields
    assert "excerpt" not in fields
    assert (fields["date"], fields["tags"], fields["author"]) == ("2026-05-01", ["rain", "wind"], "ann")
    assert split_fields("Rain\n====\n\n.. post::\n\nIt rained.\n").fields["status"] == "draft"


def test_tables_of_contents_and_pages_filled_from_code_are_listings(tmp_path):
    found, reader = site(
        tmp_path,
        guide__index="Guide\n=====\n\n.. toctree::\n   :maxdepth: 2\n\n   rain\n   wind\n",
        guide__api="API\n===\n\n.. automodule:: weather\n   :members:\n",
        guide__rain=f"Rain\n====\n\n{PROSE}\n",
    )
    assert [*found] == ["guide/rain"]
    assert dict(reader.left_out) == {"listing": 2}


def test_the_index_beside_the_settings_of_sphinx_is_the_home_page(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/conf.py").write_text("project = 'Weather'\n")
    contents = f"Weather\n=======\n\n{PROSE * 9}\n\n.. toctree::\n\n   rain\n"
    found, reader = site(
        tmp_path, docs__index=contents, docs__rain__index=contents, docs__wind=f"Wind\n====\n\n{PROSE}\n"
    )
    assert sorted(found) == ["docs/rain/index", "docs/wind"]
    assert dict(reader.left_out) == {"section": 1}


def test_what_another_page_includes_is_no_article_nor_is_an_index_with_a_sentence(tmp_path):
    found, reader = site(
        tmp_path,
        guide__index=f"Guide\n=====\n\n{PROSE}\n\n.. toctree::\n\n   rain\n",
        guide__rain=f"Rain\n====\n\n{PROSE}\n\n.. include:: ../shared/part.rst\n",
        guide__essay__index=f"Essay\n=====\n\n{PROSE * 9}\n\n.. toctree::\n\n   rain\n",
        shared__part="The bridge at the lower mill is closed until the river has fallen.\n",
    )
    assert sorted(found) == ["guide/essay/index", "guide/rain"]
    assert dict(reader.left_out) == {"listing": 1, "template": 1}


def test_included_files_are_part_of_the_page_and_others_are_not_read(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "part.txt").write_text("The **bridge** is closed.\n")
    found, _ = site(
        tmp_path,
        rain=f"Rain\n====\n\n{PROSE}\n\n.. include:: part.txt\n\n.. include:: /etc/hostname\n\n"
        ".. raw:: html\n   :file: part.txt\n",
        wind=f"Wind\n====\n\n{PROSE}\n",
    )
    assert plain_text(found["rain"].body) == f"{PROSE}\n\nThe bridge is closed."


HOSTILE = {
    "marks": lambda n: " *a" * n,
    "references": lambda n: "a_ " * n,
    "substitutions in each other": lambda n: (
        "".join(f".. |{i}| replace:: |{i + 1}| |{i + 1}|\n" for i in range(40)) + "\n|0|"
    ),
    "a long substitution": lambda n: "|a| " * n + "\n\n.. |a| replace:: " + "b" * n,
    "targets": lambda n: ".. _t: x\n" * n,
    "headings": lambda n: "Rain\n====\n\n" * n,
    "nested blocks": lambda n: "".join(" " * i + "a\n\n" for i in range(900)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_markup_that_is_costly_for_docutils_is_read_as_it_is(kind):
    rendered("Rain\n====\n")  # imports
    started = time.process_time()
    _, text = rendered(HOSTILE[kind](20_000))
    assert time.process_time() - started < 3
    assert text


def test_sphinx_keeps_its_own_directives():
    from docutils.parsers.rst import directives

    before = dict(directives._directives)
    rendered(".. toctree::\n\n   rain\n\n.. note:: It rained.\n")
    after = dict(directives._directives)
    assert set(after) - set(before) <= {"recommender-part"}
    assert all(after[name] is each for name, each in before.items())
