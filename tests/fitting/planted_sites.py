"""Sites for tests whose truth is known: what makes two articles related was put there."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from recommender import Article, Recommender

COMMON = [f"word{i}" for i in range(300)]


def tagged_site(n=240, n_tags=24, seed=0):
    """Articles of random words, a few of them their tag's; those of one tag are related."""
    rng = random.Random(seed)
    articles, tags = [], {}
    for i in range(n):
        tag = f"tag{i % n_tags}"
        words = rng.choices(COMMON, k=40) + rng.choices([f"{tag}word{j}" for j in range(12)], k=2)
        rng.shuffle(words)
        tags[f"a{i:03}"] = tag
        articles.append(Article(f"a{i:03}", f"Number {i}", " ".join(words), metadata={"tags": [tag]}))
    return Recommender.from_articles(articles), {
        query: {other: 1 for other in tags if other != query and tags[other] == tag}
        for query, tag in tags.items()
    }


def naming_site(n=240, seed=0):
    """Articles that share many words with their neighbours and name two of elsewhere, which are the related ones."""
    rng = random.Random(seed)
    titles = [f"the {name}ish affair" for name in (f"zor{i}" for i in range(n))]
    labels, articles = {}, []
    for i in range(n):
        named = [(i + step) % n for step in rng.sample(range(40, n - 40), 2)]
        topic = [f"topic{i // 12}word{j}" for j in range(30)]
        words = rng.choices(topic, k=30) + rng.choices(COMMON, k=30)
        text = " ".join(words[:30] + [titles[j] for j in named] + words[30:])
        articles.append(Article(f"a{i:03}", titles[i].capitalize(), text))
        labels[f"a{i:03}"] = {f"a{j:03}": 1 for j in named}
    return Recommender.from_articles(articles), labels


def dated_site(related, n=240, n_topics=8, seed=0, days_of=None):
    """Articles of a topic's words at random dates over eight years; of one topic those are related that `related` says.

    `related` gets the days of one article and of another of its topic, and the rank of the other among all of the topic,
    newest first.
    """
    rng = random.Random(seed)
    days = [days_of(i) if days_of else rng.random() * 3000 for i in range(n)]
    articles = []
    for i in range(n):
        words = rng.choices(COMMON, k=20) + rng.choices(
            [f"topic{i % n_topics}word{j}" for j in range(40)], k=30
        )
        rng.shuffle(words)
        moment = datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=days[i])
        articles.append(Article(f"a{i:03}", f"Number {i}", " ".join(words), moment))
    labels = {}
    for i in range(n):
        topic = sorted(range(i % n_topics, n, n_topics), key=lambda j: -days[j])
        labels[f"a{i:03}"] = {
            f"a{j:03}": 1 for rank, j in enumerate(topic) if j != i and related(days[i], days[j], rank)
        }
    return Recommender.from_articles(articles), {query: judged for query, judged in labels.items() if judged}


def random_labels(labels, seed):
    """As many labels as there are, of articles drawn at random."""
    rng = random.Random(seed)
    ids = sorted(labels)
    return {query: dict.fromkeys(rng.sample(ids, len(judged)), 1) for query, judged in labels.items()}
