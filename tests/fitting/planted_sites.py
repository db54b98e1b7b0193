"""Sites for tests whose truth is known: what makes two articles related was put there."""

from __future__ import annotations

import random

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


def random_labels(labels, seed):
    """As many labels as there are, of articles drawn at random."""
    rng = random.Random(seed)
    ids = sorted(labels)
    return {query: dict.fromkeys(rng.sample(ids, len(judged)), 1) for query, judged in labels.items()}
