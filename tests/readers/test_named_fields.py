"""Fields that the user names: tables and documents with names that nobody else uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender import InputError, read_articles
from recommender.readers.change_lines import read_change

FIELDS = {"title": "Kopf", "text": "Leib", "published": "Tag", "tags": "Worte"}
TABLE = (
    "Nr;Kopf;Leib;Tag;Worte;title\n"
    "1;Regen im Mai;Es regnete.;2026-05-01;wetter, mai;Herr\n"
    "2;Otter;Am Fluss.;2026-05-02;tiere;Frau\n"
)


def test_a_table_with_names_of_its_own_is_read_by_the_names_that_the_user_gives(tmp_path: Path) -> None:
    (file := tmp_path / "a.csv").write_text(TABLE)
    with pytest.raises(InputError, match="no column 'id'"):
        list(read_articles(file))
    with pytest.warns(UserWarning, match="no row has a field") as caught:
        found = list(read_articles(file, id="Nr", fields=FIELDS | {"url": "Adresse"}))
    assert [str(each.message) for each in caught] == [
        "no row has a field that was named, got 'Adresse' for 'url'; correct --field or fields="
    ]
    assert [(each.article_id, each.title, each.body) for each in found] == [
        ("1", "Regen im Mai", "Es regnete."), ("2", "Otter", "Am Fluss."),
    ]  # fmt: skip
    assert [f"{each.published:%F}" for each in found] == ["2026-05-01", "2026-05-02"]
    assert found[0].metadata == {"Nr": "1", "tags": ["wetter", "mai"]}


def test_documents_and_pages_and_lines_have_them_too(tmp_path: Path) -> None:
    row = {"id": "1", "Kopf": "Regen im Mai", "Leib": "Es regnete.", "Tag": "2026-05-01", "Worte": ["wetter"]}
    (file := tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n")
    (article,) = read_articles(file, fields=FIELDS)
    assert (article.title, article.body, article.metadata["tags"]) == (
        "Regen im Mai",
        "Es regnete.",
        ["wetter"],
    )
    change = read_change(json.dumps(row).encode(), 1, fields=FIELDS)
    assert change.article == article
    (pages := tmp_path / "pages").mkdir()
    (pages / "rain.md").write_text(
        "---\ntitle: x\nKopf: Regen im Mai\nTag: 2026-05-01\n---\nEs regnete lange.\n"
    )
    (page,) = read_articles(pages, fields={"title": "Kopf", "published": "Tag"})
    assert (page.title, f"{page.published:%F}", page.body) == (
        "Regen im Mai",
        "2026-05-01",
        "<p>Es regnete lange.</p>",
    )


def test_a_document_without_a_known_name_has_its_articles_where_the_names_are(tmp_path: Path) -> None:
    rows = [
        {"Nr": "1", "Kopf": "Regen im Mai", "Leib": "Es regnete."},
        {"Nr": "2", "Kopf": "Otter", "Leib": "Da."},
    ]
    for number, content in enumerate(
        (
            json.dumps(rows),
            json.dumps({"Zeitung": {"Artikel": rows}}, indent=1),
            "\n".join(map(json.dumps, rows)),
        )
    ):
        (file := tmp_path / f"{number}.json").write_text(content)
        found = list(read_articles(file, id="Nr", fields={"title": "Kopf", "text": "Leib"}))
        assert [(each.article_id, each.title) for each in found] == [("1", "Regen im Mai"), ("2", "Otter")]
    (one := tmp_path / "one.jsonl").write_text(json.dumps(rows[0]))
    assert len(list(read_articles(one, id="Nr", fields={"title": "Kopf"}))) == 1


@pytest.mark.parametrize("fields", [{"id": "Nr"}, {"colour": "x"}, {"title": ""}])
def test_an_unknown_field_or_an_empty_name_is_refused(tmp_path: Path, fields: dict[str, str]) -> None:
    (file := tmp_path / "a.csv").write_text(TABLE)
    with pytest.raises(ValueError, match=r"fields must be some of title, text|must be that of a field"):
        read_articles(file, fields=fields)
    with pytest.raises(TypeError, match="must be a mapping"):
        read_articles(file, fields="title=Kopf")  # type: ignore[arg-type]
