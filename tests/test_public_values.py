"""Public values are plain: equal after pickle, copies and JSON, hashable where frozen, and shown by a useful repr."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
import tomllib
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

import recommender
from recommender import (
    Absence,
    Article,
    ArticleSummary,
    ArtifactError,
    InputError,
    LinkSuggestion,
    MissingExtraError,
    Policy,
    Recommender,
    RelatedArticle,
    RelatedList,
    SharedTerm,
    UnknownArticleError,
    Weights,
    read_articles,
)
from recommender.editors import Block, EditorRules, Pin
from recommender.errors import Problem
from recommender.evaluation import Measure, compare, evaluate, parse_measure, run_from_lists
from recommender.fitting import Recency
from recommender.frozen_dict import FrozenDict
from recommender.tuning import Targets
from recommender.updating.changes import Changes, ListChanges

ARTICLES = [
    Article("a", "Rain floods the valley road", "Rain closed the valley road on Monday.", metadata={"tags": ["rain"]}),
    Article("b", "Valley road open again", "The road that rain had closed is open.", published="2026-05-01"),
    Article("c", "Choir wins a prize", "The choir sang four songs by heart."),
]  # fmt: skip


@pytest.fixture(scope="module")
def site():
    return Recommender.from_articles(ARTICLES)


def values(site):
    """Return every kind of public value, as users receive or make them."""
    listed = site.related("a", why=True)
    qrels = {"a": {"b": 1}, "b": {"a": 1}}
    run = run_from_lists(site.related_all())
    return [
        *ARTICLES[:2], site.summaries[0], ArticleSummary("x", "X"),
        Policy(same=["section"], where={"section": "sport"}, caps={"author": 1}, published_after="2026-05-01"),
        Weights(dense=0.1), listed, listed[0], listed[0].terms[0], RelatedList(None), SharedTerm("rain", 0.2),
        RelatedArticle("b", 1, 0.5), site.why_not("a", "c"), Absence("a", "b", "floor", "below the floor", {"score": 0.1}),
        Pin("a", "b", 1), Block("b", "a"), EditorRules((Pin("a", "b"),), (Block("c"),)), Problem("no id", "''"),
        parse_measure("nDCG@10"), Targets(), Recency("latest", 30.0), FrozenDict({"a": [1]}),
        evaluate(run, qrels), next(iter(compare(evaluate(run, qrels), evaluate(run, qrels)).values())),
        site.update(ARTICLES[:1]), Changes(("a",), edited=("a",)), ListChanges(4, ("a",), ("c",)), site.drift(),
        LinkSuggestion("rain", "Much rain.", 5, 5, 9, "b", "Rain", None, 0.5), site.link_suggestions("b", floor=0.0),
    ]  # fmt: skip


NAMES = [
    "article", "article with a date", "stored summary", "summary", "policy", "weights", "list", "entry", "term",
    "empty list", "own term", "own entry", "absence", "own absence", "pin", "block", "editors' rules", "problem",
    "measure", "targets", "recency", "frozen dict", "evaluation", "comparison", "no changes", "changes",
    "changed lists", "drift", "link suggestion", "link suggestions",
]  # fmt: skip
each = pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)


AS_JSON = {Measure: str, Targets: asdict, Recency: list, FrozenDict: dict}
"""Settings that are written as they are."""


def same(one, other):
    """Whether two values are equal; values that compare by identity are compared by what they show."""
    return type(one) is type(other) and (
        one == other or (type(one).__eq__ is object.__eq__ and repr(one) == repr(other))
    )


@each
def test_values_survive_pickle_and_copies(site, number):
    value = values(site)[number]
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert same(pickle.loads(pickle.dumps(value, protocol)), value)
    assert same(copy.deepcopy(value), value)
    assert same(copy.copy(value), value)


@each
def test_values_have_a_hash_and_a_repr_that_names_them(site, number):
    value = values(site)[number]
    assert isinstance(hash(value), int)
    assert type(value).__name__ in repr(value) or isinstance(value, FrozenDict)
    assert "object at 0x" not in repr(value)


@each
def test_values_become_json(site, number):
    value = values(site)[number]
    document = value.to_dict() if hasattr(value, "to_dict") else AS_JSON[type(value)](value)
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_values_cross_processes(site):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for value in (ARTICLES[0], site["a"], Policy(caps={"author": 1})):
            assert pool.submit(copy.copy, value).result(timeout=60) == value


@pytest.mark.parametrize(
    "error",
    [
        InputError(Problem("no id")), ArtifactError("damaged"), UnknownArticleError("no article"),
        MissingExtraError("Reading Parquet", "pyarrow", "parquet"),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_errors_survive_pickle_and_copies(error):
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
    assert getattr(pickle.loads(pickle.dumps(error)), "problems", None) == getattr(error, "problems", None)


def test_what_to_dict_gives_makes_an_equal_value(site):
    policy = Policy(half_lives={"sport": 7}, published_before="2026-05-01", same="section")
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy
    assert Weights(**Weights(tags=0.5).to_dict()) == Weights(tags=0.5)
    for article in ARTICLES:
        assert Article(**json.loads(json.dumps(article.to_dict()))) == article


def test_frozen_values_do_not_change():
    policy = Policy(caps={"author": 1})
    for change in (
        lambda: policy.caps.update(author=2), lambda: policy.caps.pop("author"), lambda: policy.caps.clear(),
        lambda: ARTICLES[0].metadata.update(tags=[]), lambda: policy.where.setdefault("section", ("a",)),
    ):  # fmt: skip
        with pytest.raises(TypeError, match="does not change"):
            change()
    with pytest.raises(AttributeError):
        policy.floor = 0.1


# ---------------------------------------------------------------- the site as a collection of lists


def test_a_site_is_a_collection_of_lists(site):
    assert list(site) == ["a", "b", "c"]
    assert len(site) == 3
    assert "a" in site
    assert "x" not in site
    assert 5 not in site
    assert site["a"] == site.related("a")
    assert {article_id: site[article_id].article_ids for article_id in site} == {
        "a": ("b",),
        "b": ("a",),
        "c": (),
    }
    assert site.related_many(["b", "a"]) == [site["b"], site["a"]]
    assert site.related_many(iter(["b"]), 1, why=True) == [site.related("b", 1, why=True)]
    with pytest.raises(UnknownArticleError):
        site["x"]


def test_a_slice_of_a_list_is_a_list():
    entries = tuple(RelatedArticle(f"a{n}", n, 1 / n) for n in range(1, 6))
    listed = RelatedList("x", entries)
    assert isinstance(listed[1:3], RelatedList)
    assert listed[1:3].article_ids == ("a2", "a3")
    assert listed[1:3].article_id == "x"
    assert listed[0] is entries[0]
    assert repr(listed[:2]) == "<RelatedList of 'x': 'a1', 'a2'>"


def test_the_version_is_that_of_the_package():
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["hatch"]["version"]["path"] == "recommender/__init__.py"
    assert recommender.__version__.count(".") == 2
    shown = subprocess.run(
        [sys.executable, "-m", "recommender", "--version"], capture_output=True, text=True, check=True
    )
    assert recommender.__version__ in shown.stdout


# ---------------------------------------------------------------- wrong arguments

WRONG_CALLS = {
    "k of zero": (lambda site: site.related("a", 0), ValueError, "k must be 1 or more, got 0"),
    "k as text": (lambda site: site.related("a", "5"), TypeError, "k must be a whole number, got '5'"),
    "k as a truth value": (lambda site: site.related("a", True), TypeError, "k must be a whole number"),
    "k of all lists": (lambda site: list(site.related_all(0)), ValueError, "k must be 1 or more"),
    "one id to exclude": (
        lambda site: site.related("a", exclude="b"), TypeError, r"exclude must be a list of ids.*exclude=\['b'\]",
    ),
    "one id to exclude from a draft": (lambda site: site.related_to("Rain", exclude="b"), TypeError, "exclude must be"),
    "numbers to exclude": (lambda site: site.related("a", exclude=[5]), TypeError, "exclude must hold ids as text, got 5"),
    "a number to exclude": (lambda site: site.related("a", exclude=7), TypeError, "exclude must be a list of ids, got 7"),
    "one id for many": (lambda site: site.related_many("ab"), TypeError, "article_ids must be a list of ids"),
    "an id as a number": (lambda site: site.related(5), TypeError, "article_id must be text, got 5"),
    "no id for why_not": (lambda site: site.why_not("a", None), TypeError, "other_id must be text, got None"),
    "an unknown setting": (lambda site: site.related("a", flor=3), TypeError, "no such setting: flor; did you mean floor"),
    "an unknown setting of a draft": (lambda site: site.related_to("Rain", sektion="x"), TypeError, "setting: sektion"),
    "a floor out of range": (lambda site: site.related("a", floor=3), ValueError, "floor must be from 0 to 1, got 3"),
    "a floor as a list": (lambda site: site.related("a", floor=[1]), ValueError, "floor must be from 0 to 1"),
    "where as text": (lambda site: site.related("a", where="sport"), ValueError, "where must be fields with their values"),
    "same as a number": (lambda site: site.related("a", same=None, caps=3), ValueError, "caps must be fields"),
    "articles as text": (lambda site: Recommender.from_articles("a"), TypeError, "articles must be an iterable of Article"),
    "articles as dicts": (lambda site: Recommender.from_articles([{"id": "a"}]), TypeError, "an iterable of Article"),
    "k of a build as text": (lambda site: Recommender.from_articles(ARTICLES, k="5"), TypeError, "k must be a whole number"),
    "policy as a dict": (lambda site: Recommender.from_articles(ARTICLES, policy={}), TypeError, "policy must be a Policy"),
    "weights as a dict": (lambda site: site.relisted(weights={"dense": 1}), TypeError, "weights must be a Weights"),
    "editors as a list": (lambda site: site.relisted(editors=[]), TypeError, "editors must be an EditorRules"),
    "nothing to exclude": (
        lambda site: site.related("a", exclude=[None]), TypeError, "exclude must hold ids as text, got None",
    ),
    "no ids for many": (
        lambda site: site.related_many(["a", None]), TypeError, "article_ids must hold ids as text, got None",
    ),
    "an unknown setting for none": (lambda site: site.related_many([], flor=3), TypeError, "no such setting: flor"),
    "a misspelt exclude": (lambda site: site.related("a", exlude=["b"]), TypeError, "exlude; did you mean exclude"),
    "a misspelt section": (lambda site: site.related_to("Rain", sction="x"), TypeError, "sction; did you mean section"),
    "a misspelt setting of a policy": (lambda site: Policy.from_dict({"flor": 3}), ValueError, "flor; did you mean floor"),
    "reasons as text": (lambda site: site.related("a", why="no"), TypeError, "why must be True or False, got 'no'"),
    "where_not without values": (
        lambda site: site.related("a", where_not={"section": None}),
        ValueError, "where_not must be fields with their values",
    ),
    "metadata as a list": (lambda site: site.related_to("Rain", metadata=[]), ValueError, "'metadata' is not a mapping"),
    "terms by name": (lambda site: site.terms("a", "x"), TypeError, "n_terms must be a whole number, got 'x'"),
    "fewer than no terms": (lambda site: site.terms("a", -1), ValueError, "n_terms must be 1 or more, got -1"),
    "k of a build as None": (
        lambda site: Recommender.from_articles(ARTICLES, k=None), TypeError, "k must be a whole number",
    ),
    "candidates as text": (
        lambda site: Recommender.from_articles(ARTICLES, n_candidates="200"),
        TypeError, "n_candidates must be a whole number",
    ),
    "candidates as NaN": (
        lambda site: Recommender.from_articles(ARTICLES, n_candidates=float("nan")),
        TypeError, "n_candidates must be a whole",
    ),
    "an encoder as a number": (
        lambda site: Recommender.from_articles(ARTICLES, encoder=5), TypeError, "encoder must be the name",
    ),
    "threads as text": (
        lambda site: site.relisted(n_jobs="zz"), TypeError, "n_jobs must be a whole number or None, got 'zz'",
    ),
    "no threads": (lambda site: site.relisted(n_jobs=0), ValueError, "n_jobs must be 1 or more, or -1"),
    "endless threads": (
        lambda site: Recommender.from_articles(ARTICLES, n_jobs=float("inf")), TypeError, "n_jobs must be a whole number",
    ),
    "progress as a number": (lambda site: site.relisted(progress=5), TypeError, "progress must be callable"),
    "a path as a number": (lambda site: Recommender.load(5), TypeError, "path must be text or a path, got 5"),
    "a path as bytes": (lambda site: site.save(b"x"), TypeError, "path must be text or a path"),
    "check as text": (lambda site: Recommender.load("x", check="no"), TypeError, "check must be True or False"),
    "fit as a number": (lambda site: site.relisted(weights=Weights(), fit=1), TypeError, "fit must be a mapping"),
    "fit without weights": (
        lambda site: site.relisted(fit={"a": 1}), TypeError, "fit must be a mapping that comes with weights",
    ),
    "weights of nothing": (lambda site: Weights(lexical=None), TypeError, "weights must be numbers, got lexical=None"),
    "a policy of nothing": (lambda site: Policy.from_dict(None), TypeError, "settings must be a mapping"),
    "pins as text": (lambda site: EditorRules("zz"), TypeError, "pins must be an iterable of Pin"),
    "pins as dicts": (lambda site: EditorRules([{"on": "a"}]), TypeError, "pins must hold Pin values"),
    "rules of an array": (lambda site: EditorRules.from_dict(np.arange(3)), InputError, "not the JSON of editors' rules"),
    "no source": (lambda site: read_articles(None), TypeError, "source must be a path, a binary file object"),
    "sources as numbers": (lambda site: read_articles([1]), TypeError, "source must be a path.* got 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_CALLS)
def test_a_wrong_argument_is_refused_by_its_name(site, name):
    call, error, message = WRONG_CALLS[name]
    with pytest.raises(error, match=message):
        call(site)


def test_numbers_of_numpy_are_numbers(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        built = Recommender.from_articles(
            ARTICLES, k=np.int64(3), n_candidates=np.int32(50), n_jobs=np.int64(1)
        )
    weights = Weights(lexical=np.float32(0.5), time=np.int64(0))
    assert json.loads(json.dumps(weights.to_dict()))["lexical"] == 0.5
    assert Pin("a", "b", np.int64(1)) == Pin("a", "b", 1)
    fitted = built.relisted(weights=weights, fit={"queries": np.int64(7), "gain": np.float32(0.5)})
    fitted.save(tmp_path / "site.rec")
    assert Recommender.load(tmp_path / "site.rec").model.fit == {"queries": 7, "gain": 0.5}
    assert type(built.k) is int


def test_settings_may_be_iterators_for_many_lists_too(site):
    shown = site["a"].article_ids[:1]
    one = site.related("a", exclude=shown)
    assert site.related_many(["a", "a"], exclude=iter(shown)) == [one, one]
    wanted = site.related("a", where={"section": ["sport", "news"]}, floor=0)
    assert site.related_many(["a", "a"], where={"section": iter(["sport", "news"])}, floor=0) == [
        wanted,
        wanted,
    ]


def test_a_list_has_at_most_as_many_places_as_there_are_articles(site):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        built = Recommender.from_articles(ARTICLES, k=10**9, n_candidates=10**9)
    assert [len(related) for related in built.related_all()] == [len(built.related(i, 10**9)) for i in built]
    assert site.related("a", 2**63) == site.related("a", len(site))


def test_a_summary_comes_back_from_its_dictionary(site):
    for summary in site.summaries:
        assert ArticleSummary(**json.loads(json.dumps(summary.to_dict()))) == summary


def test_measures_are_the_ones_that_are_named():
    assert isinstance(parse_measure("nDCG@10"), Measure)
