"""The same four articles written in each format."""

from __future__ import annotations

import csv
import html
import json
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from recommender.articles import Article

# Bodies are HTML paragraphs because Markdown is rendered to HTML.
ARTICLES = [
    Article(
        "story-1",
        "Fish & chips cost < 5 €",
        "<p>Fish &amp; chips, “golden”, at 3 &lt; 5 €.</p>\n<p>Second paragraph, with a tab\tand a, comma; a colon.</p>",
        published="2026-05-01T09:30:00+00:00",
        section="Food",
        language="en",
        url="https://example.org/food/1?a=1&b=2",
        metadata={"author": "Ana Núñez"},
    ),
    Article(
        "story-2",
        "台海兩岸關係與半導體貿易",
        "<p>臺灣的晶片出口在五月份增長了百分之三。</p>",
        published="2026-05-02T00:00:00+00:00",
        section="國際",
        language="zh-Hant",
        url="https://example.org/world/2",
        metadata={"author": "李薇"},
    ),
    Article("story-3", "No date at all", "<p>It says &quot;when&quot; nowhere.</p>", language="en"),
    Article("7", "A number for an id", "<p>Line one\nline two 𝄞.</p>", section="Odd", language="en"),
]

RECORDS = [
    {
        "id": article.article_id,
        "title": article.title,
        "text": article.body,
        "published": article.published.isoformat() if article.published else None,
        "section": article.section,
        "language": article.language,
        "url": article.url,
        **article.metadata,
    }
    for article in ARTICLES
]


def write_jsonl(folder: Path) -> Path:
    lines = [json.dumps(record | ({"id": 7} if record["id"] == "7" else {})) for record in RECORDS]
    return _write(folder / "articles.jsonl", "\n".join(lines))


def write_csv(folder: Path) -> Path:
    return _write_table(folder / "articles.csv", ",")


def write_semicolons(folder: Path) -> Path:
    return _write_table(folder / "semicolons.csv", ";")


def write_tsv(folder: Path) -> Path:
    return _write_table(folder / "articles.tsv", "\t")


def write_parquet(folder: Path) -> Path:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [
        record | {"published": article.published} for record, article in zip(RECORDS, ARTICLES, strict=True)
    ]
    columns = {name: [row.get(name) for row in rows] for name in RECORDS[0]}
    columns["published"] = pa.array(columns["published"], pa.timestamp("ns", "UTC"))
    parquet.write_table(pa.table(columns), folder / "articles.parquet")
    return folder / "articles.parquet"


def write_rss(folder: Path) -> Path:
    items = [
        "<item>"
        + _tag("guid", record["id"], ' isPermaLink="false"')
        + _tag("title", record["title"])
        + _tag("link", record["url"])
        + _tag("pubDate", article.published and format_datetime(article.published))
        + _tag("category", record["section"])
        + _tag("dc:creator", record.get("author"))
        + _tag("dc:language", record["language"])
        + _tag("content:encoded", record["text"])
        + "</item>"
        for record, article in zip(RECORDS, ARTICLES, strict=True)
    ]
    names = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    feed = (
        f'{head}<rss version="2.0" {names}><channel><title>Site</title>'
        + "\n".join(items)
        + "</channel></rss>"
    )
    return _write(folder / "feed.rss", feed)


def write_atom(folder: Path) -> Path:
    entries = [
        f'<entry xml:lang="{record["language"]}">'
        + _tag("id", record["id"])
        + _tag("title", record["title"])
        + (f'<link href="{escape(record["url"])}"/>' if record["url"] else "")
        + _tag("published", record["published"])
        + (f'<category term="{record["section"]}"/>' if record["section"] else "")
        + (f"<author><name>{record['author']}</name></author>" if "author" in record else "")
        + _tag("content", record["text"], ' type="html"')
        + "</entry>"
        for record in RECORDS
    ]
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Site</title>' + "\n".join(entries) + "</feed>"
    return _write(folder / "feed.atom", feed)


def write_jsonfeed(folder: Path) -> Path:
    items = [
        {
            "id": 7 if record["id"] == "7" else record["id"],
            "title": record["title"],
            "content_html": record["text"],
            "date_published": record["published"],
            "tags": [record["section"]] if record["section"] else [],
            "language": record["language"],
            "url": record["url"],
            "authors": [{"name": record["author"]}] if "author" in record else [],
        }
        for record in RECORDS
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Site", "items": items}
    return _write(folder / "feed.json", json.dumps(feed, ensure_ascii=False, indent=1))


def write_json(folder: Path) -> Path:
    document = {"total": len(RECORDS), "data": {"articles": RECORDS}}
    return _write(folder / "articles.json", json.dumps(document, ensure_ascii=False, indent=1))


def write_wordpress(folder: Path) -> Path:
    items = [_wordpress_item(number, record) for number, record in enumerate(RECORDS, 1)]
    names = {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "excerpt": "http://wordpress.org/export/1.2/excerpt/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "wp": "http://wordpress.org/export/1.2/",
    }
    declared = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in names.items())
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {declared}><channel><title>Site</title>'
    )
    head += "<wp:wxr_version>1.2</wp:wxr_version>\n"
    return _write(folder / "export.xml", head + "\n".join(items) + "\n</channel></rss>")


def _wordpress_item(number: int, record: dict[str, Any]) -> str:
    moment = datetime.fromisoformat(record["published"]) if record["published"] else None
    return (
        "<item>"
        + _tag("title", record["title"])
        + _tag("link", record["url"])
        + _tag("dc:creator", record.get("author"))
        + _tag("dc:language", record["language"])
        + _tag("guid", record["id"], ' isPermaLink="false"')
        + f"<content:encoded><![CDATA[{record['text']}]]></content:encoded>"
        + "<excerpt:encoded><![CDATA[]]></excerpt:encoded>"
        + _tag("wp:post_date_gmt", f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "0000-00-00 00:00:00")
        + "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
        + (f'<category domain="category">{record["section"]}</category>' if record["section"] else "")
        + "</item>"
    )


def write_ghost(folder: Path) -> Path:
    sections = sorted({record["section"] for record in RECORDS if record["section"]})
    posts = [
        {
            "id": record["id"],
            "title": record["title"],
            "html": record["text"],
            "published_at": record["published"],
            "locale": record["language"],
            "canonical_url": record["url"],
            "status": "published",
        }
        for record in RECORDS
    ]
    authors = sorted({record["author"] for record in RECORDS if "author" in record})
    data = {
        "posts": posts,
        "tags": [{"id": f"t{number}", "name": name} for number, name in enumerate(sections)],
        "posts_tags": [
            {"post_id": record["id"], "tag_id": f"t{sections.index(record['section'])}", "sort_order": 0}
            for record in RECORDS
            if record["section"]
        ],
        "users": [{"id": f"u{number}", "name": name} for number, name in enumerate(authors)],
        "posts_authors": [
            {"post_id": record["id"], "author_id": f"u{authors.index(record['author'])}", "sort_order": 0}
            for record in RECORDS
            if "author" in record
        ],
    }
    export = {"db": [{"meta": {"version": "5.70.0"}, "data": data}]}
    return _write(folder / "ghost.json", json.dumps(export, ensure_ascii=False))


def write_yaml_markdown(folder: Path) -> Path:
    for record in RECORDS:
        names = {"published": "date", "language": "lang"}
        front = [
            f"{names.get(name, name)}: {json.dumps(value, ensure_ascii=False)}"
            for name, value in record.items()
            if name not in ("id", "text") and value is not None
        ]
        _write(
            folder / "site" / f"{record['id']}.md",
            "\n".join(["---", *front, "---", _markdown(record["text"])]),
        )
    return folder / "site"


def write_toml_markdown(folder: Path) -> Path:
    for number, record in enumerate(RECORDS):
        front = [
            f"{name} = {value if name == 'published' else json.dumps(value, ensure_ascii=False)}"
            for name, value in record.items()
            if name not in ("text", "section") and value is not None
        ]
        if record["section"]:
            front.append(f'categories = ["{record["section"]}"]')
        page = "\r\n".join(["+++", *front, "+++", _markdown(record["text"])])
        _write(folder / "posts" / "2026" / f"{number}.markdown", page)
    return folder / "posts"


def write_html(folder: Path) -> Path:
    for record in RECORDS:
        data = {
            "@type": ["NewsArticle"],
            "headline": record["title"],
            "articleBody": record["text"],
            "articleSection": record["section"],
            "datePublished": record["published"],
            "inLanguage": record["language"],
            "url": record["url"],
            "author": {"@type": "Person", "name": record.get("author")},
        }
        graph = {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Site"}, data]}
        page = f"<!doctype html><title>Wrong</title><script type='application/ld+json'>{json.dumps(graph)}</script>"
        _write(folder / "pages" / f"{record['id']}.html", page)
    return folder / "pages"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path


def _write_table(path: Path, delimiter: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(RECORDS[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(RECORDS)
    return path


def _tag(name: str, value: str | None, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(value)}</{name}>" if value else ""


def _markdown(body: str) -> str:
    return html.unescape(body.replace("</p>\n<p>", "\n\n").removeprefix("<p>").removesuffix("</p>"))


WRITERS = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "semicolons": write_semicolons,
    "tsv": write_tsv,
    "parquet": write_parquet,
    "rss": write_rss,
    "atom": write_atom,
    "jsonfeed": write_jsonfeed,
    "json": write_json,
    "wordpress": write_wordpress,
    "ghost": write_ghost,
    "yaml": write_yaml_markdown,
    "toml": write_toml_markdown,
    "html": write_html,
}
FORMATS = {"semicolons": "csv", "atom": "rss", "yaml": "markdown", "toml": "markdown"}
