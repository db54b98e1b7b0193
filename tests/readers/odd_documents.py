"""Documents of the forms that a format may have, beside those of `written_articles`: what each accepts, in one page."""

from __future__ import annotations

import gzip
import json
from html import escape

__all__ = ["DOCUMENTS"]

_DOC = {
    "type": "doc",
    "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "Rain & sun"}, {"type": "hardBreak"}]},
        {"type": "list", "items": ["one", {"type": "text", "value": "two"}]},
    ],
}
_MOBILEDOC = {
    "version": "0.3.2",
    "cards": [["html", {"html": "<p>Card</p>"}]],
    "sections": [[1, "p", [[0, [], 0, "Rain"]]], [3, "ul", [[[0, [], 0, "one"]]]], [10, 0]],
}
_POSTS = [
    {
        "id": 1,
        "date_gmt": "2026-05-01T10:00:00",
        "title": {"rendered": "Rain"},
        "content": {"rendered": "<p>It rained.</p>", "protected": False},
        "_embedded": {"author": [{"name": "Ann"}], "wp:term": [[{"taxonomy": "category", "name": "Weather"}]]},
    },
    {"_id": "es", "_source": {"title": "Rain", "text": "It rained.", "tags": {"a": {"name": "Weather"}}}},
    {"sys": {"id": "c", "createdAt": "2026-05-01"}, "fields": {"title": {"en-GB": "Rain"}, "body": {"en-GB": _DOC}}},
    {
        "id": 3,
        "attributes": {
            "title": "Rain",
            "content": [{"type": "paragraph", "children": [{"type": "text", "text": "It rained."}]}],
            "category": {"data": {"attributes": {"name": "Weather"}}},
        },
    },
    {"node": {"id": "g", "title": "Rain", "tags": {"nodes": [{"name": "Weather"}]}, "excerpt": "It rained."}},
    {"id": 5, "title": "Rain", "mobiledoc": json.dumps(_MOBILEDOC), "lexical": json.dumps({"root": _DOC})},
    {"id": 6, "title": "Rain", "body": {"time": 1, "blocks": [{"type": "list", "data": {"items": ["a <b>b</b>"]}}]}},
]  # fmt: skip

_NOTEBOOK = {
    "cells": [
        {"cell_type": "raw", "source": "---\ntitle: Rain\nid: rain\ndate: 2026-05-01\n---"},
        {
            "cell_type": "markdown",
            "source": ["It rained.\n", "![a](attachment:b.png)"],
            "metadata": {"tags": ["a"]},
        },
        {"cell_type": "code", "source": "#| label: a\nrain(1)", "outputs": [{"text": ["wet"], "data": {}}]},
    ],
    "metadata": {"kernelspec": {"language": "R"}, "nikola": {"tags": "a, b"}},
    "nbformat": 4,
}

_RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/"><title>Site</title></channel>
<item rdf:about="https://example.org/rain"><title>Rain</title><link>https://example.org/rain</link>
<dc:date>2026-05-01T10:00:00Z</dc:date><dc:subject>Weather</dc:subject><description>It rained.</description></item>
</rdf:RDF>"""
_MEDIA = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:georss="http://www.georss.org/georss"
 xmlns:gml="http://www.opengis.net/gml" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>
<title>Site</title><itunes:category text="News"/><item><guid>a</guid><title>Rain</title>
<media:group><media:content url="https://example.org/a.jpg" width="10"><media:credit>Ann</media:credit></media:content>
</media:group>
<georss:where><gml:Point><gml:pos>45.2 -71.9</gml:pos></gml:Point></georss:where><georss:box>1 2 3 4</georss:box>
<enclosure url="https://example.org/a.mp3" length="12" type="audio/mpeg"/><itunes:duration>1:02</itunes:duration>
<source url="https://example.org/">Other</source><pubDate>Fri, 01 May 2026 10:00:00 +0200</pubDate>
<description>&lt;p&gt;It rained.&lt;/p&gt;</description></item></channel></rss>"""

_PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Rain in May | Site</title>
<meta property="og:title" content="Rain in May"><meta property="og:image" content="/a.jpg">
<meta name="description" content="It rained."><meta name="robots" content="max-image-preview:large">
<meta property="article:published_time" content="2026-05-01T10:00:00+02:00"><meta name="keywords" content="rain, May">
<link rel="canonical" href="https://example.org/rain"><link rel="alternate" hreflang="de" href="/de/regen">
<link rel="amphtml" href="/amp/rain"><base href="https://example.org/"><script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [{"@id": "#a", "@type": "Person", "name": "Ann"},
{"@type": "NewsArticle", "identifier": "rain", "author": {"@id": "#a"}, "keywords": ["rain", "May"]}]}</script></head><body>
<nav><a href="/">Home</a></nav><main><article itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">Rain in May</h1><time itemprop="datePublished" datetime="2026-05-01">1 May</time>
<div itemprop="articleBody"><p>It <b>rained</b> &amp; rained. <a href="sun">Sun</a></p><table><tr><td>mm<td>12</table>
<pre><code>x &lt; 1</code></pre><ul><li>one<li>two</ul><blockquote>Quoted</blockquote></div></article></main>
<!-- recommender:related 4717fa82eb5b435b -->
<ul><li>Old</ul>
<!-- /recommender:related --><script>var a = "</p>";</script></body></html>"""
_JEKYLL = """---
id: rain
layout: post
title: "Rain in May"
date: 2026-05-01 10:00:00 +0200
categories: [weather]
---
<p>It rained.</p>{% include note.html %}<p>{{ page.title }} again.</p>"""

_TEXT = """# Rain in May

It *rained* on the [road](sun.md "Sun"). ![clouds](a.jpg){width=30} {{< figure src="a.jpg" caption="Clouds" >}}

!!! note "Note"
    Bring a coat.

:::tip[Tip]
Or a hat.
:::

> [!warning] Careful[^1]

| mm | day |
|----|-----|
| 12 | Mon |

```python
x = 1
```

[[May|June]] %%hidden%% $x^2$ {% raw %}a{% endraw %} {: .class #id}

[^1]: A note.
[ref]: https://example.org 'Ref'
"""
_JSON_FRONT = {
    "id": "rain",
    "title": "Rain",
    "date": "2026-05-01",
    "tags": ["weather"],
    "draft": False,
    "weight": 3,
}
_FRONT = """---
id: rain
title: Rain
slug: rain
date: 2026-05-01
tags:
  - weather
  - {name: May, n: 1}
lang: no
aliases: ['/old', "/older"]
author: {name: Ann}
summary: >-
  It
  rained.
---
"""
_LINES = "\n".join(
    json.dumps(each) for each in ({"id": 7, "title": "Rain"}, {"headline": "Sun", "url": "/sun"})
)

DOCUMENTS: dict[str, tuple[str, bytes]] = {
    name: (format, text if isinstance(text, bytes) else text.encode())
    for name, (format, text) in {
        "posts of other systems": ("json", json.dumps(_POSTS, indent=1)),
        "posts as lines": ("jsonl", "\n".join(map(json.dumps, _POSTS))),
        "gzip": ("jsonl", gzip.compress(_LINES.encode(), mtime=0)),
        "rdf": ("rss", _RDF),
        "feed with media": ("rss", _MEDIA),
        "page": ("html", _PAGE),
        "page with front matter": ("html", _JEKYLL),
        "markdown": ("markdown", _FRONT + _TEXT),
        "json front matter": ("markdown", f";;;\n{json.dumps(_JSON_FRONT, indent=1)}\n;;;\n{_TEXT}"),
        "braces": ("markdown", json.dumps(_JSON_FRONT, indent=1) + f"\n\n{_TEXT}"),
        "pelican": ("markdown", f"Id: rain\nTitle: Rain\nDate: 2026-05-01 10:00\nTags: a, b\nSlug: rain\n\n{_TEXT}"),
        "restructured text": ("rst", (
            f"Rain\n====\n\n:date: 2026-05-01\n:id: rain\n\n.. note:: It :ref:`rained <r>` [1]_.\n\n{_TEXT}\n\n"
            ".. [1] |wet|\n.. |wet| replace:: wet\n"
        )),
        "asciidoc": ("asciidoc", (
            "= Rain\nAnn\n:id: rain\n:revdate: 2026-05-01\n:a: *b*\n\n"
            "ifdef::a[]\n{a} xref:c.adoc[d `e`] <<f,g>>\nendif::[]\n\n"
            f".T\n[source]\n----\nx\n----\n\n* {_TEXT}\n\n|===\n|h |i\n|===\n\nj:: footnote:[{_TEXT}]\n"
        )),
        "org": ("org", (
            ":PROPERTIES:\n:ID: a\n:END:\n#+title: Rain\n#+id: rain\n#+date: <2026-05-01 Fri>\n#+filetags: :a:b:\n\n"
            f"* TODO [#A] b :c:\n- d :: /e/ [[id:a][f]] =g=[fn:1]\n#+begin_src h :exports none\n{_TEXT}\n#+end_src\n"
            f"| i | j |\n: k\n[fn:1] \\(l\\) {_TEXT}\n"
        )),
        "notebook": ("notebook", json.dumps(_NOTEBOOK, indent=1)),
        "movable type": ("movabletype", f"TITLE: Rain\nDATE: 05/01/2026 10:00 PM\n-----\nBODY:\n{_TEXT}\n-----\n--------\n"),
        "mediawiki": ("mediawiki", (
            "<mediawiki><page><title>Rain</title><ns>0</ns><id>1</id><revision>"
            f"<text>{{{{stub|{escape(_TEXT)}}}}} [[a|b]]</text></revision></page></mediawiki>"
        )),
        "substack": ("substack", (
            "post_id,post_date,is_published,title,subtitle\n"
            f"1.rain,2026-05-01,true,Rain,{json.dumps(_TEXT)[1:20]}\n"
        )),
        "dokuwiki": ("dokuwiki", f"===== Rain =====\n{{{{tag>a b}}}} [[a|b]] <code>{_TEXT}</code> (({_TEXT}))\n  * {_TEXT}"),
        "hexo": ("markdown", f"title: Rain\nid: rain\ndate: 2026-05-01\ntags:\n- weather\n---\n{_TEXT}"),
    }.items()
}  # fmt: skip
"""The format and the bytes of each, by name."""
