"""Articles that are added, edited and deleted."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Response

from recommender.control_characters import has_controls
from recommender.service.article_models import ArticleBatch, ArticleIn, WrittenOut
from recommender.service.cache_headers import purge_keys
from recommender.service.guarded_routes import WRITING, ArticleId, Served, Settings, guarded_router
from recommender.service.problem_answers import ProblemError
from recommender.service.served_site import ServedSite

__all__ = ["article_routes"]

article_routes = guarded_router()

_WRITTEN: dict[str, Any] = {"response_model": WrittenOut, "dependencies": [WRITING]}


@article_routes.put(
    "/v1/articles/{article_id}",
    **_WRITTEN,
    responses={201: {"model": WrittenOut, "description": "Added"}},
)
async def put_article(article_id: ArticleId, article: ArticleIn, served: Served) -> Response:
    """Add an article, or put its new content in place of the old one."""
    found = await _written(served, [article.row(article_id)], [])
    return _answered(found, 201 if found["added"] else 200)


@article_routes.delete("/v1/articles/{article_id}", **_WRITTEN)
async def delete_article(article_id: ArticleId, served: Served) -> Response:
    """Delete an article, and repair the lists that held it."""
    found = await _written(served, [], [article_id])
    if found["unknown"]:
        raise ProblemError(404, f"no article has the id {article_id!a}; it may be deleted already")
    return _answered(found)


@article_routes.post("/v1/articles", **_WRITTEN)
async def post_articles(batch: ArticleBatch, served: Served, settings: Settings) -> Response:
    """Add, edit and delete articles in one step: all of it is done, or nothing."""
    n = len(batch.articles) + len(batch.delete)
    if n > settings.max_batch:
        raise ProblemError(
            413, f"at most {settings.max_batch:,} articles and ids at once, got {n:,}; send several batches"
        )
    return _answered(await _written(served, [each.row(each.id) for each in batch.articles], batch.delete))


async def _written(served: ServedSite, add: list[dict[str, Any]], delete: list[str]) -> dict[str, Any]:
    _check_ids(add, delete)
    found = await served.write("update", {"add": add, "delete": delete})
    return found | {"keys": purge_keys(found["lists"], found["added"], found["deleted"])}


def _check_ids(add: list[dict[str, Any]], delete: list[str]) -> None:
    """Raise `ProblemError` for ids that no article can have, and for an article that is to be two things at once."""
    for article_id in (*(each["id"] for each in add), *delete):
        if has_controls(article_id) or not article_id.strip():
            raise ProblemError(
                404, f"no article can have the id {article_id!a}; give one without control characters"
            )
    rows: dict[str, dict[str, Any]] = {}
    gone = set(delete)
    for row in add:
        if row["id"] in gone or rows.setdefault(row["id"], row) != row:
            detail = (
                f"{row['id']!a} is there twice, with different contents or to be deleted; give one of the two"
            )
            raise ProblemError(409, detail)


def _answered(found: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(found), status, {"cache-control": "no-store"}, "application/json")
