"""A site's own encoder: its vectors bring together what shares no word, and another's are refused."""

import json
import warnings

import numpy as np
import pytest
from hand_made_sites import assert_same_bytes

from recommender import Article, ArtifactError, Policy, Recommender, Weights
from recommender.scoring.queries import Queries
from recommender.scoring.weights import CONTENT

# English and German for one matter each, and no word in both
WORDS = {
    "harbour": "hafen", "ship": "schiff", "storm": "sturm", "bread": "brot", "oven": "ofen", "flour": "mehl",
    "song": "lied", "choir": "chor", "stage": "buehne", "snow": "schnee", "road": "strasse", "plough": "pflug",
    "goal": "tor", "match": "spiel", "coach": "trainer",
}  # fmt: skip
MATTERS = [list(WORDS)[start : start + 3] for start in range(0, len(WORDS), 3)]

ANY_LANGUAGE = Policy(cross_language=True)


class Meanings:
    """A dimension a matter, whatever the language, and one that all texts have."""

    def __init__(self, name="meanings"):
        self.name = name
        self.read = 0

    def fit_transform(self, X):
        return self.transform(X)

    def transform(self, X):
        known = {
            word: matter
            for matter, words in enumerate(MATTERS)
            for each in words
            for word in (each, WORDS[each])
        }
        rows = []
        for title, body in X:
            row = np.zeros(len(MATTERS) + 1)
            row[-1] = 1.0
            for word in f"{title} {body}".lower().replace(".", " ").split():
                if word in known:
                    row[known[word]] += 1
            rows.append(row / np.linalg.norm(row))
            self.read += 1
        return np.array(rows, dtype=np.float32).reshape(len(rows), len(MATTERS) + 1)

    def settings(self):
        return {"name": self.name}

    def fingerprint(self):
        return self.name.encode().hex()


def articles():
    """Of each matter two articles in English and two in German; the two of a language share two words."""
    for number, (a, b, c) in enumerate(MATTERS):
        for language, (one, two, three) in (("en", (a, b, c)), ("de", (WORDS[a], WORDS[b], WORDS[c]))):
            yield Article(f"{language}{number}-0", "", f"{one}. {two}.")
            yield Article(f"{language}{number}-1", "", f"{one}. {two}. {three}.")


def build(**settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return Recommender.from_articles(articles(), policy=ANY_LANGUAGE, **settings)


@pytest.fixture(scope="module")
def site():
    return build(encoder=Meanings())


@pytest.fixture
def saved(site, tmp_path):
    site.save(tmp_path / "own.rec")
    return tmp_path / "own.rec"


def test_articles_that_share_no_word_are_in_each_others_lists(site):
    plain = build(encoder="lexical")
    for article in articles():
        matter, language = article.article_id[2], article.article_id[:2]
        listed = site.related(article.article_id, why=True)
        assert {entry.article_id[2] for entry in listed} == {matter}  # no unrelated article in a list
        assert len(listed) == 3
        assert {entry.article_id[:2] for entry in plain.related(article.article_id)} == {language}
        first = listed[0]
        assert first.article_id[:2] == language  # words and meaning are more than meaning
        for entry in listed[1:]:
            assert entry.parts.keys() <= {"neural", "hub"}
            assert entry.parts["neural"] > 0
            assert entry.terms == ()


def test_random_pairs_are_worth_nothing_at_the_mean_cosine(site):
    collection = site.collection
    cosines = np.asarray(collection.neural @ collection.neural.T)
    same = np.array([article_id[2] for article_id in site])
    unrelated = cosines[same[:, None] != same]
    assert 0.05 < unrelated.min() < unrelated.max() < site.model.mean_cosine
    scorer, n = site.site.scorer, len(site)
    everything = np.tile(np.arange(n, dtype=np.int32), (n, 1))
    queries = Queries.of_articles(collection, np.arange(n))
    near = scorer.signals(queries, everything, scorer.scratch())[CONTENT.index("neural")]
    assert not near[same[:, None] != same].any()
    assert near[same[:, None] == same].min() > 0.5
    # even where everything may be listed
    every = site.relisted(policy=ANY_LANGUAGE.changed(floor=0))
    assert all(len(related) == 3 for related in every.related_all(k=10))


def test_a_weight_of_nothing_is_a_site_without_the_encoder(site):
    without = site.relisted(weights=Weights(neural=0.0), policy=ANY_LANGUAGE.changed(floor=0.01))
    for related in without.related_all(why=True):
        assert all("neural" not in entry.parts for entry in related)
        assert {entry.article_id[:2] for entry in related} == {related.article_id[:2]}


def test_a_list_made_now_is_the_list_as_built(site):
    for related in site.related_all():
        assert site.related(related.article_id, 15) == related  # no list has more entries


def test_threads_change_no_byte():
    one, two = build(encoder=Meanings(), n_jobs=1), build(encoder=Meanings(), n_jobs=2)
    assert_same_bytes(one, two)


def test_texts_are_read_once(site):
    encoder = Meanings()
    build(encoder=encoder)
    assert encoder.read == len(site)


def test_reasons_add_up_and_can_be_written_as_json(site):
    for related in site.related_all(why=True):
        for entry in related:
            assert sum(entry.parts.values()) == pytest.approx(entry.score, abs=1e-6)
            assert type(entry.score) is float
            assert all(type(part) is float for part in entry.parts.values())
            json.dumps([entry.score, dict(entry.parts)])


def test_a_loaded_site_gives_the_lists_without_the_encoder(site, saved):
    loaded = Recommender.load(saved, check=True)
    assert list(loaded.related_all(why=True)) == list(site.related_all(why=True))
    assert loaded.related("en0-0", 15, why=True) == site.related("en0-0", 15, why=True)


def test_a_draft_meets_articles_in_other_words_if_the_encoder_is_given(saved):
    encoder = Meanings()
    loaded = Recommender.load(saved, encoder=encoder)
    found = loaded.related_to(body="Mehl.", why=True)
    assert {entry.article_id for entry in found} == {"en1-0", "en1-1", "de1-0", "de1-1"}
    assert encoder.read == 1
    for entry in found:
        assert sum(entry.parts.values()) == pytest.approx(entry.score, abs=1e-6)
        assert entry.parts["neural"] > 0
    assert {article_id[2] for article_id in loaded.related_to(body="Snow on the road").article_ids} == {"3"}


def test_a_draft_without_the_encoder_says_how_to_give_it(saved):
    loaded = Recommender.load(saved)
    with pytest.raises(
        ArtifactError, match=r"custom encoder Meanings; pass it: Recommender.load\(path, encoder="
    ):
        loaded.related_to(body="Mehl.")


def test_an_encoder_of_another_fingerprint_is_refused_naming_both(site, saved):
    other = Meanings("others")  # vectors of the same length
    loaded = Recommender.load(saved, encoder=other)
    with pytest.raises(ArtifactError, match="pass the original encoder or build again") as caught:
        loaded.related_to(body="Mehl.")
    assert other.fingerprint() in str(caught.value)
    assert site.model.neural["fingerprint"] in str(caught.value)
    assert other.read == 0


@pytest.mark.parametrize("n", [1, 2, 5])
def test_articles_of_one_text_and_one_vector_score_like_copies(n):
    same = [Article(f"a{number}", "Harbour storm", "Ship in the harbour.") for number in range(n)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        site = Recommender.from_articles(same, encoder=Meanings(), policy=Policy(copies="keep"))
    ids = [article.article_id for article in same]
    for related in site.related_all(why=True):
        assert list(related.article_ids) == [each for each in ids if each != related.article_id]
        assert all(0.9 < entry.score < 1.5 for entry in related)
