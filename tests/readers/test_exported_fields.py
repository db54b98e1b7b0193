"""Fields that pages of MDX export, and pieces of pages that others import."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path

import pytest

from recommender.readers import read_articles
from recommender.readers.markdown.exported_fields import exported_fields

TEXT = "The ferry to the islands sails twice a day until the autumn storms begin."


def _read(folder: Path, **pages: str) -> tuple[dict[str, tuple[str, str]], dict[str, int]]:
    for name, content in pages.items():
        (folder / f"{name}.mdx").write_text(content, encoding="utf-8")
    reader = read_articles(folder)
    found = {each.article_id: (each.title, str(each.published)[:10]) for each in reader}
    return found, dict(reader.left_out)


def test_titles_and_dates_of_pages_that_export_them(tmp_path: Path) -> None:
    exported = (
        "import { ann } from './people'\n\nexport const meta = {\n  title: 'Rain: the `wet` one',\n"
        "  authors: [ann],\n  date: '2026-05-01T10:00:00Z',\n  footer: `\n  <p>${ann}</p>\n  `,\n}\n\n"
    )
    found, left_out = _read(
        tmp_path,
        rain=exported + TEXT,
        wind="export const title = \"Wind\"\nexport const date = new Date('2026-06-01');\n\n" + TEXT,
        fog="export const metadata = { title: 'Fog', draft: true }\n\n" + TEXT,
        ice="---\ntitle: Ice\n---\nexport const meta = { title: 'No', date: '2026-07-01' }\n\n" + TEXT,
    )
    assert found == {
        "rain": ("Rain: the wet one", "2026-05-01"),
        "wind": ("Wind", "2026-06-01"),
        "ice": ("Ice", "2026-07-01"),
    }
    assert left_out == {"draft": 1}


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("export const meta = { 'a-b': \"it's\", c: -3, d: null, }", {"a-b": "it's", "c": "-3"}),
        ("export const meta = { e: [1, x, 'y',], }", {"e": ["1", "y"]}),
        ("export const meta = { ...base, title: 'a' + b, f() { return {} }, g: h({ i: 1 }), j: 'k' }", {"j": "k"}),
        ("export const meta = { /* no */ title: 'a' // no, 'b'\n, b: {c: 'd'} }", {"title": "a", "b": {"c": "d"}}),
        ("export const metadata: Metadata = { title: 'a', alternates: { canonical: '/a' } }", {"title": "a", "url": "/a"}),
        ("export const metadata = { alternates: { languages: { de: '/de/a' } } }", {"alternates": {"de": "/de/a"}}),
        ("export const meta = { title: 'open", {}),
        ("export const meta = {{{", {}),
        ("export default ({ children }) => <p>{children}</p>", {}),
        ("The line `export const title = 'x'` sets it.", {}),
    ],
)  # fmt: skip
def test_what_is_written_out_is_read(source: str, fields: dict[str, object]) -> None:
    assert exported_fields(source) == fields


@pytest.mark.parametrize(
    "piece", ["a:'", "[", "{a:", "/*", "`$", "a:1,", "// x\n", "(", "export const meta = {\n"]
)
def test_malformed_exports_take_linear_time(piece: str) -> None:
    spent = []
    for times in (10_000, 40_000):
        source = "export const meta = {a: " + piece * times
        before = time.process_time()
        exported_fields(source)
        spent.append(time.process_time() - before)
    assert spent[1] < 10 * spent[0] + 0.5


def test_pieces_that_a_page_imports_are_no_articles(tmp_path: Path) -> None:
    found, left_out = _read(
        tmp_path,
        rain="import Code from './code.mdx'\nimport Wind from './wind.mdx'\n\n# Rain\n\n<Code />\n\n" + TEXT,
        code="```js\nlet rain = 1\n```\n",
        wind="# Wind\n\n" + TEXT,
        fog=TEXT,
    )
    assert (sorted(found), left_out) == (["fog", "rain", "wind"], {"template": 1})


def test_a_text_that_repeats_the_title_gives_way_to_the_description(tmp_path: Path) -> None:
    page = "---\ntitle: lerp()\ndescription: <p>Mixes two <b>numbers</b>.</p>\n---\n\n# lerp()\n"
    (tmp_path / "lerp.mdx").write_text(page, encoding="utf-8")
    (tmp_path / "mix.mdx").write_text(page + "\nIt is linear.", encoding="utf-8")
    texts = {each.article_id: each.body for each in read_articles(tmp_path)}
    assert texts["lerp"] == "<p>Mixes two <b>numbers</b>.</p>"
    assert "It is linear." in texts["mix"]


def test_every_order_of_brackets_ends(tmp_path: Path) -> None:
    for begin in ("{", "["):
        for signs in product('{}[](),:;\n"a', repeat=4):
            assert isinstance(exported_fields(f"export const meta = {begin}{''.join(signs)}"), dict)
    found, _ = _read(tmp_path, rain=f"# Rain\n\nexport const meta = {{title: 'Rain' ]\n\n{TEXT}")
    assert found["rain"][0] == "Rain"
