"""The export of Substack: a table of posts with their texts beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.readers import read_articles

HEADER = (
    "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"
)
POST = "{id},2026-05-01T09:30:00.123Z,{published},,,newsletter,everyone,{title},Wet.,\n"


def _export(folder: Path) -> Path:
    rows = [
        ("11.rain-in-may", "true", "Rain, in May"),
        ("12", "true", "Sun"),
        ("13.snow", "false", "Snow"),
        ("14.gone", "true", "Gone"),
    ]
    table = HEADER + "".join(
        POST.format(id=id, published=state, title=f'"{title}"') for id, state, title in rows
    )
    (folder / "posts.csv").write_text(table, encoding="utf-8-sig")
    (folder / "posts").mkdir()
    for name, text in {
        "11.rain-in-may": "It rained.",
        "12.sun-at-last": "It shone.",
        "13.snow": "It snowed.",
    }.items():
        (folder / "posts" / f"{name}.html").write_text(f"<p>{text}</p>")
    (folder / "posts" / "11.opens.csv").write_text("post_id,email\n")
    (folder / "email_list.csv").write_text("email\na@b.example\n")
    return folder


@pytest.mark.parametrize("place", ["", "posts.csv"])
def test_posts_have_their_texts(tmp_path: Path, place: str) -> None:
    reader = read_articles(_export(tmp_path) / place)
    with pytest.warns(UserWarning, match=r"posts without a text, got '14\.gone' has no file in posts/"):
        rain, sun, gone = list(reader)
    assert (rain.article_id, rain.title, rain.body, rain.description) == (
        "11.rain-in-may",
        "Rain, in May",
        "<p>It rained.</p>",
        "Wet.",
    )
    assert str(rain.published) == "2026-05-01 09:30:00.123000+00:00"
    assert [article.url for article in (rain, sun, gone)] == ["/p/rain-in-may", "/p/sun-at-last", "/p/gone"]
    assert sun.body == "<p>It shone.</p>"
    assert dict(rain.metadata) == {"type": "newsletter", "audience": "everyone"}
    assert dict(reader.left_out) == {"draft": 1}


def test_drafts_are_kept_on_request(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="posts without a text"):
        titles = [article.title for article in read_articles(_export(tmp_path), keep="draft")]
    assert titles == ["Rain, in May", "Sun", "Snow", "Gone"]


def test_a_table_of_another_system_beside_posts_is_no_export(tmp_path: Path) -> None:
    _export(tmp_path)
    (tmp_path / "posts.csv").write_text("post_id,title\n1,Rain\n")
    (tmp_path / "posts" / "rain.md").write_text("# Rain\n\nIt rained.")
    assert "posts/rain" in [article.article_id for article in read_articles(tmp_path)]
