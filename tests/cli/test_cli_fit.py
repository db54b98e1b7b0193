"""`recommender fit` with judgements, clicks or links as labels."""

from __future__ import annotations

import gzip
import json
import random
import re
from pathlib import Path

import pytest

from recommender import Recommender, Weights
from recommender.evaluation import read_qrels
from recommender.fitting import fit_weights

COMMON = [f"word{i}" for i in range(300)]


def rows_of_a_site(n: int = 240, n_tags: int = 24) -> list[dict]:
    """Return articles of random words and a few words of their tag, with links to two others of the tag."""
    rng = random.Random(0)
    rows = []
    for i in range(n):
        tag = f"tag{i % n_tags}"
        words = rng.choices(COMMON, k=40) + rng.choices([f"{tag}word{j}" for j in range(12)], k=2)
        links = "".join(f'<a href="/a{(i + step * n_tags) % n:03}">x</a> ' for step in (1, 2))
        rows.append(
            {
                "id": f"a{i:03}",
                "title": f"Number {i}",
                "text": f"<p>{' '.join(words)}</p>{links}",
                "tags": [tag],
            }
        )
    return rows


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, invoke) -> Path:
    folder = tmp_path_factory.mktemp("fit")
    articles = folder / "articles.jsonl"
    articles.write_text("".join(json.dumps(row) + "\n" for row in rows_of_a_site()))
    invoke("build", articles, "-o", folder / "site.rec", "-q")
    related = [
        f"{one['id']} 0 {other['id']} 1\n"
        for one in rows_of_a_site()
        for other in rows_of_a_site()
        if one["tags"] == other["tags"] and one != other
    ]
    (folder / "qrels.tsv").write_text("".join(related))
    return folder


@pytest.fixture
def rec(site: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    Recommender.load(site / "site.rec").save(tmp_path / "site.rec")
    return tmp_path / "site.rec"


def bytes_of(rec: Path) -> dict[str, bytes]:
    """Return the bytes of each file, by names without those of data folders, which each version has its own."""
    return {
        re.sub("^data-[^/]*", "data", str(path.relative_to(rec))): path.read_bytes()
        for path in sorted(rec.rglob("*"))
        if path.is_file()
    }


def test_judgements_change_the_site_and_a_table_is_printed(rec: Path, site: Path, invoke) -> None:
    before = Recommender.load(rec)
    stdout = invoke("fit", rec, site / "qrels.tsv", "-q").stdout
    fitted = Recommender.load(rec, check=True)
    expected = fit_weights(before, read_qrels(site / "qrels.tsv"), source="judgements of qrels.tsv")
    assert stdout == f"{expected}\nwritten to {rec}\n"
    assert expected.accepted
    assert fitted.model.weights == expected.weights != Weights()
    assert fitted.model.fit["source"] == "judgements of qrels.tsv"
    assert list(fitted.related_all()) == list(before.relisted(weights=expected.weights).related_all())
    # a second fit gives the same result and writes nothing
    before_bytes = bytes_of(rec)
    assert invoke("fit", rec, site / "qrels.tsv", "-q").stdout == f"{expected}\n{rec} is unchanged\n"
    assert bytes_of(rec) == before_bytes


def test_links_are_the_default_labels(rec: Path, invoke) -> None:
    found = [
        json.loads(invoke("fit", rec, *words, "--json", "-o", rec.parent / "new.rec").stdout)
        for words in ((), ("--links",))
    ]
    assert found[0] == found[1]
    assert found[0]["source"] == "links in the texts"
    assert (found[0]["n_queries"], found[0]["n_labels"]) == (240, 480)
    assert found[0]["accepted"]
    assert found[0]["weights"]["tags"] > Weights().tags


def test_with_an_output_the_site_is_unchanged(rec: Path, site: Path, invoke) -> None:
    before = bytes_of(rec)
    document = json.loads(
        invoke("fit", rec, site / "qrels.tsv", "-o", rec.parent / "new.rec", "--json").stdout
    )
    assert document["written"] == str(rec.parent / "new.rec")
    assert bytes_of(rec) == before
    assert Recommender.load(rec.parent / "new.rec", check=True).model.weights.to_dict() == document["weights"]


def test_clicks_are_corrected_for_position(rec: Path, site: Path, invoke) -> None:
    chance = random.Random(0).random
    qrels = read_qrels(site / "qrels.tsv")
    lines = ["query,shown,position,clicked"]
    for query, related in qrels.items():
        for view in range(60):
            shown = random.Random(f"{query}{view}").sample([*related, "a000", "a111"], 4)
            for position, other in enumerate(shown, start=1):
                clicked = other != query and chance() < (0.6 if other in related else 0.05) / position
                lines.append(f"{query},{other},{position},{int(clicked)}")
    (rec.parent / "clicks.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    document = json.loads(invoke("fit", rec, "--clicks", rec.parent / "clicks.csv.gz", "--json").stdout)
    assert document["accepted"]
    assert document["source"] == "clicks of clicks.csv.gz, corrected for position"
    assert document["weights"]["tags"] > Weights().tags


def test_too_few_labels_change_nothing_and_are_not_an_error(rec: Path, invoke) -> None:
    (rec.parent / "few.tsv").write_text("".join(f"a{i:03} 0 a{i + 24:03} 1\n" for i in range(99)))
    before = bytes_of(rec)
    stdout = invoke("fit", rec, rec.parent / "few.tsv").stdout
    assert "99 labelled articles" in stdout
    assert "expected at least 100 articles with related ones, got 99" in stdout
    assert stdout.endswith(f"{rec} is unchanged\n")
    assert bytes_of(rec) == before
    # the same holds for a site that was fitted before
    Recommender.load(rec).relisted(
        weights=Weights(tags=0.4), fit={"default": Recommender.load(rec).model.weights.to_dict()}
    ).save(rec)
    before = bytes_of(rec)
    invoke("fit", rec, rec.parent / "few.tsv")
    assert bytes_of(rec) == before
    # an output is always written, so that later steps find it
    invoke("fit", rec, rec.parent / "few.tsv", "-o", rec.parent / "new.rec")
    assert Recommender.load(rec.parent / "new.rec").model.weights.tags == 0.4


def test_random_labels_restore_the_weights_of_the_build(rec: Path, site: Path, invoke) -> None:
    built = bytes_of(rec)
    invoke("fit", rec, site / "qrels.tsv")
    rng = random.Random(2)
    lines = [
        f"a{i:03} 0 a{other:03} 1\n"
        for i in range(240)
        for other in rng.sample([j for j in range(240) if j != i], 9)
    ]
    (rec.parent / "noise.tsv").write_text("".join(lines))
    document = json.loads(invoke("fit", rec, rec.parent / "noise.tsv", "--json").stdout)
    assert not document["accepted"]
    assert document["weights"] == document["default"]
    arrays = {name: data for name, data in built.items() if name.endswith(".npy")}
    assert {name: data for name, data in bytes_of(rec).items() if name.endswith(".npy")} == arrays


def test_invalid_usage(rec: Path, site: Path, invoke) -> None:
    qrels = site / "qrels.tsv"
    for words in (
        (qrels, "--links"),
        (qrels, "--clicks", "clicks.csv"),
        ("--links", "--clicks", "clicks.csv"),
    ):
        assert "one of QRELS, --clicks FILE and --links" in invoke("fit", rec, *words, code=2).stderr
    assert "--measure" in invoke("fit", rec, qrels, "-m", "guess", code=2).stderr
    assert "--n-jobs" in invoke("fit", rec, qrels, "--n-jobs", 0, code=2).stderr
    assert "does not exist" in invoke("fit", rec.parent / "none.rec", qrels, code=1).stderr
    assert "is not an artifact" in invoke("fit", rec, qrels, "-o", qrels, code=1).stderr


def test_measures_other_than_ndcg_need_whole_grades(rec: Path, invoke) -> None:
    lines = ["query,shown,position,clicked"]
    lines += [f"a{i:03},a{i + 24:03},{view % 2 + 1},{int(view < 3)}" for i in range(120) for view in range(9)]
    (rec.parent / "clicks.csv").write_text("\n".join(lines))
    stderr = invoke("fit", rec, "--clicks", rec.parent / "clicks.csv", "-m", "P@5", code=2).stderr
    assert "P@5 needs whole grades" in stderr
    assert "nDCG@10" in stderr


def test_recency_is_fitted_reported_and_adopted(tmp_path: Path, invoke) -> None:
    rng = random.Random(0)
    rows = [
        {
            "id": f"a{i:03}",
            "title": f"Number {i}",
            "text": " ".join([*rng.choices(COMMON, k=20), *rng.choices([f"t{i % 8}w{j}" for j in range(40)], k=30)]),
            "published": f"{2015 + i % 10}-{i % 12 + 1:02}-{i % 28 + 1:02}",
        }
        for i in range(240)
    ]  # fmt: skip
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    invoke("build", tmp_path / "articles.jsonl", "-o", tmp_path / "site.rec", "-q")
    related = [
        f"{one['id']} 0 {other['id']} 1\n"
        for one in rows
        for other in rows
        if int(one["id"][1:]) % 8 == int(other["id"][1:]) % 8 and other["published"] < one["published"]
    ]
    (tmp_path / "qrels.tsv").write_text("".join(related))
    stdout = invoke("fit", tmp_path / "site.rec", tmp_path / "qrels.tsv", "-o", tmp_path / "new.rec").stdout
    assert stdout.startswith("dates ")
    assert "dates: background replaces era: background gains +" in stdout
    fitted = Recommender.load(tmp_path / "new.rec", check=True)
    assert fitted.policy.recency == "background"
    assert fitted.model.fit["recency"]["chosen"] == {"mode": "background", "half_life": None}
    # a second fit writes nothing
    assert "is unchanged" in invoke("fit", tmp_path / "new.rec", tmp_path / "qrels.tsv").stdout


def test_links_do_not_select_modes_that_favour_recent_articles(tmp_path: Path, invoke) -> None:
    rows = [row | {"published": f"{2000 + int(row['id'][1:]) // 12}-01-01"} for row in rows_of_a_site()]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    invoke("build", tmp_path / "articles.jsonl", "-o", tmp_path / "site.rec", "-q")
    found = json.loads(invoke("fit", tmp_path / "site.rec", "--links", "--json").stdout)
    assert set(found["recency"]["values"]) == {"era", "none"}
