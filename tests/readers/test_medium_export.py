"""The export of Medium: stories with their addresses; drafts, responses and records of the author are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.readers import read_articles

pytest.importorskip("trafilatura")

STYLE = (
    "<style>header, section[data-field=subtitle], section[data-field=description] {display: none;}</style>"
)
TITLED = '<h3 class="graf graf--h3 graf--leading graf--title">{title}</h3>'
POST = """<!DOCTYPE html><html><head><title>{title}</title>{style}</head><body><article class="h-entry">
<header><h1 class="p-name">{title}</h1></header><section data-field="subtitle" class="p-summary">{subtitle}</section>
<section data-field="body" class="e-content"><section><div>{heading}<p class="graf graf--p">{text}</p></div></section>
</section><footer>{footer}<p>Exported from <a href="https://medium.com">Medium</a> on May 9, 2026.</p></footer>
</article></body></html>"""
STORY = """<p>By <a href="https://medium.com/@ann" class="p-author h-card">Ann</a> on <a href="https://medium.com/p/1a"><time
 class="dt-published" datetime="2026-05-01T09:30:00.000Z">May 1, 2026</time></a>.</p><p><a
 href="https://medium.com/@ann/{name}" class="p-canonical">Canonical link</a></p>"""
DRAFT = '<p><a href="https://medium.com/p/3f">View original.</a></p>'
CLAPS = '<html><head><title>Claps</title>{style}</head><body><section><h3>Ann’s claps, page 1</h3><ul><li class="h-entry"><a\
 class="h-cite u-like-of" href="https://medium.com/p/2b">A long story about rain</a></li></ul></section></body></html>'
LONG = "It rained on the hills for nine days, and the river rose above the old bridge. " * 5


def _post(title: str, text: str, footer: str = STORY, heading: str = TITLED, subtitle: str = "Wet.") -> str:
    footer = footer.format(name=title.replace(" ", "-"))
    return POST.format(
        title=title,
        text=text,
        style=STYLE,
        footer=footer,
        heading=heading.format(title=title),
        subtitle=subtitle,
    )


def _written(folder: Path) -> Path:
    pages = {
        "README.html": CLAPS.format(style=STYLE),
        "claps/claps-0001.html": CLAPS.format(style=STYLE),
        "ips.html": CLAPS.format(style=STYLE),
        "posts/2026-05-01_Rain-in-May-1a.html": _post("Rain in May", LONG),
        "posts/2026-05-02_I-agree-that-rain-2b.html": _post(
            "I agree that rain…", f"I agree that rain is wet. {LONG}", heading=""
        ),
        "posts/2026-05-03_Sun-5e.html": _post("Sun at last", LONG, heading=""),
        "posts/draft_Snow-3f.html": _post("Snow", LONG, DRAFT),
        "old/2026-05-01_Rain-in-May-1a.html": _post("Rain in May", LONG),
    }
    for name, page in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page, encoding="utf-8")
    return folder


def test_stories_are_read_and_all_else_is_left_out(tmp_path: Path) -> None:
    reader = read_articles(_written(tmp_path))
    rain, sun = sorted(reader, key=lambda article: article.title)
    assert dict(reader.left_out) == {"template": 3, "other": 1, "draft": 1, "copy": 1}
    assert (rain.title, rain.url, rain.description) == (
        "Rain in May",
        "https://medium.com/@ann/Rain-in-May",
        "Wet.",
    )
    assert str(rain.published) == "2026-05-01 09:30:00+00:00"
    assert rain.metadata["author"] == "Ann"
    assert "nine days" in rain.body
    assert "Exported" not in rain.body
    assert sun.title == "Sun at last"  # without a heading, but its title is not the start of its text


def test_responses_and_drafts_are_kept_on_request(tmp_path: Path) -> None:
    titles = {article.title for article in read_articles(_written(tmp_path), keep=["other", "draft"])}
    assert titles == {"Rain in May", "Sun at last", "I agree that rain…", "Snow"}
