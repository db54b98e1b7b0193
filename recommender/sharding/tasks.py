"""The tasks that fit a model and encode shards. Each reads parts and returns what its own holds.

A task is given names and settings, never arrays, and computes with the functions of a build in memory: an article is
encoded by the model alone, and articles are ranked in blocks of rows, which change no score.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TypeAlias

from recommender.articles import Article
from recommender.building import fitted_ranking, model_of_sample, open_encoders
from recommender.encoders.named import reopen_encoder
from recommender.encoding import encoded_alone
from recommender.lists.site import ListSettings
from recommender.progress import no_progress
from recommender.scoring.model import Model
from recommender.scoring.weights import Weights
from recommender.sharding.article_shards import Shards, articles_of, id_hash
from recommender.sharding.part_file import Part
from recommender.sharding.work_folder import WorkFolder
from recommender.store.layout import collection_arrays, model_of, model_parts
from recommender.text.cleaning import clean_articles

__all__ = ["encode_shard", "fit_model"]

Settings: TypeAlias = tuple[ListSettings, Weights, str | None]


def fit_model(folder: WorkFolder, n_jobs: int | None, shards: Shards, settings: Settings) -> Part:
    """Fit the model on the articles of the shards that its sample holds."""
    lists, weights, encoder = settings

    def sample() -> Iterator[Article]:
        for name in shards.names:
            for article in articles_of(folder.read(name)):
                if id_hash(article.article_id) <= shards.fit_bound:
                    yield article

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        encoders = open_encoders(encoder, lists.policy, n_jobs)
        ranking = fitted_ranking(sample(), lists, weights, encoders, n_jobs, no_progress)
        model = model_of_sample(ranking, shards.n_articles)
    told = [str(each.message) for each in caught if issubclass(each.category, UserWarning)]
    arrays, facts = model_parts(model)
    return Part(arrays, facts | {"warnings": told})


def encode_shard(folder: WorkFolder, n_jobs: int | None, model_name: str, shard: str) -> Part:
    """Encode the articles of a shard one by one."""
    model = _model(folder.read(model_name))
    neural = None if model.neural is None else reopen_encoder(model.neural, None)
    cleaned = clean_articles(articles_of(folder.read(shard)), no_progress, model.texts)
    alone = encoded_alone(model, cleaned, neural, n_jobs, no_progress)
    return Part(collection_arrays(alone), {"labels": list(alone.labels), "trees": list(alone.trees.names)})


def _model(part: Part) -> Model:
    return model_of(part.arrays, part.facts)
