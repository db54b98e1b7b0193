"""Formats are recognised by content."""

from __future__ import annotations

import io
import json

import pytest

from recommender.errors import InputError
from recommender.readers.inputs.sources import open_source
from recommender.readers.recognise import recognise

ROW = {"id": 1, "title": "Rain", "text": "It rained."}
LONG = {"id": 1, "title": "Rain", "text": "It rained. " * 10_000}
SOURCES = {
    "jsonl": (
        json.dumps(ROW),
        json.dumps(ROW) + "\n" + json.dumps(ROW),
        json.dumps(LONG),
        json.dumps(LONG) + "\n" + json.dumps(LONG),
        json.dumps({"title": "Rain", "images": [{"src": "/a.jpg"}]}),
        'oops\n{"id": "a", "title": "cut',
        "",
    ),
    "json": (
        json.dumps([ROW]),
        json.dumps([ROW], indent=1),
        json.dumps([LONG]),
        json.dumps(ROW, indent=2) + "\n" + json.dumps(ROW, indent=2),
        json.dumps({"posts": [ROW]}),
        json.dumps({"posts": [ROW]}, indent=1),
        json.dumps({"count": 1, "posts": [ROW]}),
        json.dumps({"took": 1, "hits": {"hits": [{"_source": ROW}]}}),
        json.dumps({"meta": {"version": 1}, "data": {"articles": [ROW]}}),
        json.dumps({"response": {"status": "ok", "results": [LONG]}}),
        json.dumps({"error": "no access"}),
        "[]",
        "[\n" + json.dumps(ROW) + ",\n" + json.dumps(ROW) + "\n]",
        '{"posts": [\n' + json.dumps(ROW) + ",\n" + json.dumps(ROW) + "\n]}",
        '{"posts": [\n' + json.dumps(LONG) + ",\n" + json.dumps(LONG) + "\n]}",
        json.dumps({"posts": [ROW]}) + "\n" + json.dumps({"posts": [ROW]}),
    ),
    "jsonfeed": (json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": []}),),
    "ghost": (
        json.dumps({"db": [{"meta": {"exported_on": 1}, "data": {"posts": []}}]}),
        json.dumps({"meta": {"exported_on": 1, "version": "5"}, "data": {"posts": []}}),
    ),
    "rss": (
        '<?xml version="1.0"?><rss version="2.0"><channel/></rss>',
        '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel/></rss>',
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "Warning: Undefined variable in feed.php\n<?xml version='1.0'?><rss version='2.0'><channel/></rss>",
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd"><rss version="0.91"/>',
    ),
    "wordpress": ('<rss version="2.0"><channel><wp:wxr_version>1.2</wp:wxr_version></channel></rss>',),
    "mediawiki": ('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><siteinfo/></mediawiki>',),
    "movabletype": (
        "AUTHOR: ann\nTITLE: Rain\nDATE: 05/01/2026 10:00:00\n-----\nBODY:\n<p>It rained, a lot.</p>\n-----\n",
    ),
    "html": ("<!doctype html><title>Rain</title>", "<html><body>Rain</body></html>"),
    "csv": ("id,title\n1,Rain", "ID;Title\n1;Rain", "slug|title\nrain|Rain", "sep=;\r\nid;title"),
    "tsv": ("id\ttitle\n1\tRain",),
    "parquet": ("PAR1",),
}


@pytest.mark.parametrize(
    ("format", "text"), [(format, text) for format, texts in SOURCES.items() for text in texts]
)
def test_a_source_is_recognised_by_its_content(format: str, text: str) -> None:
    with open_source(io.BytesIO(text.encode())) as source:
        if not text.startswith("oops"):
            assert recognise(source) == format
        assert recognise(source, "csv") == "csv"


def test_a_theme_of_blogger_is_refused_with_what_to_give() -> None:
    theme = "<?xml version='1.0'?><!DOCTYPE html><html b:version='2' xmlns:b='http://www.google.com/2005/gml/b'><head/>"
    with (
        open_source(io.BytesIO(theme.encode())) as source,
        pytest.raises(InputError, match="Back up content"),
    ):
        recognise(source)
