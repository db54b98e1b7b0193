"""Every Python example in README.md and docs/ runs and prints what the page shows; pages name what there is."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest

from recommender import Article, Recommender
from recommender.collection.summary_table import OWN_FIELDS
from recommender.encoders.models import PACKAGES
from recommender.encoders.multilingual import MULTILINGUAL
from recommender.encoders.nano_e5 import NANO_E5
from recommender.store.layout import site_parts

ROOT = Path(__file__).resolve().parents[2]
FENCED = re.compile(r"```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = [
    page
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    if ">>> " in page.read_text(encoding="utf-8")
]


def examples_of(page: Path) -> doctest.DocTest:
    """All blocks of a page as one test, each line where it stands in the page."""
    text = page.read_text(encoding="utf-8")
    kept = [""] * (text.count("\n") + 1)
    for block in FENCED.finditer(text):
        first = text.count("\n", 0, block.start(1))
        lines = block[1].splitlines()
        kept[first : first + len(lines)] = lines
    return doctest.DocTestParser().get_doctest("\n".join(kept), {}, page.name, str(page), 0)


def test_there_are_pages_with_examples() -> None:
    assert {"articles.md", "artifact.md", "ranking.md", "walk.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_print_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)  # pages read data/ and write build/, as from the root of a checkout
    said: list[str] = []
    test = examples_of(page)
    assert test.examples, f"{page.name}: its examples stand in no ```python block"
    failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append).failed
    assert not failed, "".join(said) + "\nif that is meant: python tests/docs/refresh.py"


@pytest.mark.parametrize(
    "page",
    [
        ROOT / "README.md",
        *sorted((ROOT / "docs").glob("*.md")),
        ROOT / "models" / "README.md",
        ROOT / "CONVENTIONS.md",
    ],
    ids=lambda page: page.name,
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


def test_the_artifact_page_names_every_array_and_its_type() -> None:
    page = (ROOT / "docs" / "artifact.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| (u?int\d+|float\d+) \|", page, re.MULTILINE))
    articles = [
        Article(name, "Rain in May", "It rained.", section="weather", metadata={"tags": ["rain"]})
        for name in ("a", "b")
    ]
    arrays, _ = site_parts(Recommender.from_articles(articles).site)
    columns = ("article_id", "title", *OWN_FIELDS, "metadata")
    for suffix in ("spelling", "offsets"):
        told |= {f"articles_{column}_{suffix}": told[f"articles_X_{suffix}"] for column in columns}
        del told[f"articles_X_{suffix}"]
    for name in [name for name in told if "labels_X_" in name]:
        told |= {name.replace("X", label): told[name] for label in ("section", "tags")}
        del told[name]
    assert told == {name: str(array.dtype) for name, array in arrays.items()}


def test_every_encoder_that_can_be_installed_by_name_has_a_card() -> None:
    cards = re.findall(
        r"^## (\S+)$", (ROOT / "models" / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [card.lower() for card in cards] == ["lexical", MULTILINGUAL, NANO_E5, *PACKAGES]


def test_the_artifact_page_names_every_key_of_the_manifest(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "artifact.md").read_text(encoding="utf-8")
    table = page.partition("## manifest.json")[2].partition("\n## ")[0]
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    }
    Recommender.from_articles([Article(name, "Rain in May") for name in ("a", "b")]).save(
        tmp_path / "site.rec"
    )
    manifest = json.loads((tmp_path / "site.rec" / "manifest.json").read_text(encoding="utf-8"))
    facts = manifest.pop("facts")
    assert told == {*manifest, *(f"facts.{name}" for name in facts), *facts["model"]}
