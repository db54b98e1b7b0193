"""The date of a page in the address that its front matter gives."""

import pytest

from recommender import read_articles

PAGE = "---\ntitle: Trains\n{matter}\n---\nTwo trains a day go to the quay and back.\n"


@pytest.mark.parametrize(
    ("matter", "day"),
    [
        ('path: "2014/12/12/trains"', "2014-12-12"),
        ("permalink: /2019/01/05/trains/", "2019-01-05"),
        ("url: https://quay.example/2020/02/03/trains", "2020-02-03"),
        ('path: "2014/12/12/trains"\ndate: 2014-12-24', "2014-12-24"),
        ('path: "guide/trains"', None),
        ("path: 7", None),
    ],
)
def test_an_address_says_the_date_where_no_field_does(tmp_path, matter, day):
    (tmp_path / "trains.md").write_text(PAGE.format(matter=matter))
    (article,) = read_articles(tmp_path)
    assert (article.published and str(article.published.date())) == day
