"""Tables of newsrooms and scrapers: odd names of columns, and tables without ids."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles

TABLES = {
    "link,judul,tanggal,kategori\nhttps://a.example/1,Hujan,2026-05-01,Cuaca\n": ("Hujan", "", "Cuaca"),
    "url;titre;texte;rubrique;date_publication\n/1;Pluie;Il pleut.;Temps;2026-05-01\n": (
        "Pluie",
        "Il pleut.",
        "Temps",
    ),
    "id_article\theader\tarticle_text\tdatetime\n1\tRain\tIt rained.\t2026-05-01\n": (
        "Rain",
        "It rained.",
        None,
    ),
    "url,og:title,og:description,date\n/1,Rain,It rained.,2026-05-01\n": ("Rain", "It rained.", None),
    ",news_url,Headlines,Story,posted_on\n0,/1,Rain,It rained.,2026-05-01\n": ("Rain", "It rained.", None),
    "标题|正文|链接|发布时间|分类\n雨|下雨了。|/1|2026-05-01|天气\n": ("雨", "下雨了。", "天气"),
}


@pytest.mark.parametrize("table", TABLES)
def test_columns_under_rare_names_are_read(table: str) -> None:
    (article,) = read_articles(io.BytesIO(table.encode()))
    assert (article.title, article.body, article.section) == TABLES[table]
    assert str(article.published) == "2026-05-01 00:00:00+00:00"


def test_known_names_come_before_rare_ones_and_objects_do_not_count() -> None:
    row = b'{"id": 1, "article": {"x": 1}, "header": "Head", "title": "Rain", "text": "It rained.", "news": [1]}'
    (article,) = read_articles(io.BytesIO(row))
    assert (article.title, article.body) == ("Rain", "It rained.")
    assert article.metadata["header"] == "Head"
    assert article.metadata["article"] == {"x": 1}
    document = b'{"news": [{"id": 1, "title": "Rain"}, {"id": 2, "title": "Sun"}]}'
    assert len(list(read_articles(io.BytesIO(document)))) == 2


def test_a_table_without_an_id_says_what_to_name_and_is_read_with_it(tmp_path: Path) -> None:
    table = tmp_path / "news.csv"
    table.write_text("Headline,Content\nRain,It rained.\nSun,It shone.\n")
    with pytest.raises(
        InputError, match=r"no column 'id', .* or name one with id= or --id, such as --id title"
    ):
        list(read_articles(table))
    for id in ("title", "Headline"):
        assert [article.article_id for article in read_articles(table, id=id)] == ["Rain", "Sun"]
    with pytest.raises(
        InputError, match="no column 'slug', got columns 'Headline', 'Content'; name another one"
    ):
        list(read_articles(table, id="slug"))


def test_a_table_without_names_of_columns_is_told_so() -> None:
    with pytest.raises(InputError, match="name the columns in the first line: id or url, title, text"):
        list(read_articles(io.BytesIO(b"https://a.example/1,Rain in May,It rained.\n"), format="csv"))


def test_parquet_without_an_id(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pa.table({"headlines": ["Rain"], "story": ["It rained."]}), tmp_path / "news.parquet")
    (article,) = read_articles(tmp_path / "news.parquet", id="headlines")
    assert (article.article_id, article.title, article.body) == ("Rain", "Rain", "It rained.")
