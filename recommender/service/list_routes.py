"""Lists of articles, of drafts and of searches, and why an article is not in one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response

from recommender.dates import parse_date
from recommender.engine import Recommender
from recommender.lists.related import RelatedList
from recommender.service.answers import Answer, responded
from recommender.service.cache_headers import version_header
from recommender.service.comparing import Comparing
from recommender.service.guarded_routes import (
    EDITING,
    READING,
    ArticleId,
    Headers,
    Served,
    Settings,
    check_filters,
    guarded_router,
)
from recommender.service.list_answers import list_body
from recommender.service.list_models import AbsenceOut, Draft, ListOut, ListQuery, SearchQuery
from recommender.service.problem_answers import ProblemError
from recommender.service.service_description import described_problems
from recommender.service.service_settings import ServiceSettings

__all__ = ["list_routes"]

list_routes = guarded_router()

_LIST: dict[str, Any] = {"response_model": ListOut, "dependencies": [READING]}
_FILTERED = described_problems({403: "A filter by this field wants a token"})


@list_routes.get("/v1/articles/{article_id:path}/related", **_LIST, responses=_FILTERED)
async def get_related(
    request: Request, article_id: ArticleId, query: Annotated[ListQuery, Query()], served: Served, settings: Settings,
    headers: Headers,
) -> Response:  # fmt: skip
    """Return the list of an article. It is empty if nothing is related.

    Without parameters it is looked up. `where`, `language`, `score_threshold` and `exclude` make it anew, of all articles.
    """
    rules = _rules(request, query, _where(query))
    comparing: Comparing | None = request.app.state.comparing
    if comparing is not None and not (rules or query.why):
        k = _k(query, settings, served.now)
        version, found, arm = await comparing.related(served, article_id, k, query.exclude)
        body = list_body(found[query.offset :], query.fields, arm=arm)
        return responded(
            request,
            Answer(body, headers.of_list(article_id, served.lists.left_s)),
            (version_header(version),),
        )

    def related(site: Recommender) -> RelatedList:
        return site.related(
            article_id, _k(query, settings, site), why=query.why, exclude=query.exclude, **rules
        )

    if query.why or query.exclude or rules or _k(query, settings, served.now) > served.now.k:
        version, found = await served.call(_checked(related))
    else:
        version, found = served.now.version or 0, related(served.now)
    body = list_body(found[query.offset :], query.fields, why=query.why)
    return responded(
        request, Answer(body, headers.of_list(article_id, served.lists.left_s)), (version_header(version),)
    )


@list_routes.post("/v1/related", **_LIST, responses=_FILTERED)
async def post_related(
    request: Request, draft: Draft, served: Served, settings: Settings, headers: Headers
) -> Response:
    """Return the list for a text that is not on the site."""
    given: dict[str, Any] = draft.model_dump(include={"section", "language", "metadata"}, exclude_unset=True)
    if (published := _moment(draft.published)) is not None:
        given["published"] = published
    rules = _rules(request, draft, {name: list(values) for name, values in draft.where.items()})

    def related(site: Recommender) -> RelatedList:
        k = _k(draft, settings, site)
        return site.related_to(
            draft.title, draft.text, k, why=draft.why, exclude=draft.exclude, **given, **rules
        )

    version, found = await served.call(_checked(related))
    body = list_body(found[draft.offset :], draft.fields, why=draft.why)
    return responded(request, Answer(body, headers.fresh()), (version_header(version),))


@list_routes.get("/v1/search", **_LIST)
async def get_search(
    request: Request,
    query: Annotated[SearchQuery, Query()],
    served: Served,
    settings: Settings,
    headers: Headers,
) -> Response:
    """Return the articles that are about a text, best first, whatever their scores and languages."""

    def related(site: Recommender) -> RelatedList:
        floor = 0.0 if query.score_threshold is None else query.score_threshold
        k = _k(query, settings, site)
        return site.related_to(
            query.q, "", k, why=query.why, exclude=query.exclude, floor=floor, cross_language=True
        )

    version, found = await served.call(_checked(related))
    body = list_body(found[query.offset :], query.fields, why=query.why)
    return responded(request, Answer(body, headers.fresh()), (version_header(version),))


@list_routes.get(
    "/v1/articles/{article_id:path}/why-not/{other_id:path}",
    response_model=AbsenceOut,
    dependencies=[EDITING],
)
async def get_why_not(
    request: Request, article_id: ArticleId, other_id: ArticleId, served: Served, headers: Headers
) -> Response:
    """Return why one article is not in the list of another: the rule, in words, with its numbers."""
    version, found = await served.call(lambda site: site.why_not(article_id, other_id))
    answer = Answer(
        orjson.dumps(found.to_dict(), option=orjson.OPT_SERIALIZE_NUMPY, default=str), headers.fresh()
    )
    return responded(request, answer, (version_header(version),))


def _k(query: ListQuery | Draft | SearchQuery, settings: ServiceSettings, site: Recommender) -> int:
    """Return how many entries must be made: those up to the last one that is wanted, or as many as the settings allow."""
    return min(query.offset + (query.limit or site.k), max(settings.max_k, site.k))


def _moment(published: str | None) -> datetime | None:
    """Return the date of a draft. One that cannot be read counts as none."""
    try:
        return None if published is None else parse_date(published)
    except ValueError:
        return None


def _where(query: ListQuery) -> dict[str, list[Any]]:
    """Return the fields and values that a query allows."""
    found: dict[str, list[Any]] = {}
    for each in query.where:
        name, _, value = each.partition("=")
        found.setdefault(name.strip(), []).append(value.strip())
    if query.language is not None:
        found.setdefault("language", []).append(query.language)
    return found


def _rules(request: Request, query: ListQuery | Draft, where: dict[str, list[Any]]) -> dict[str, Any]:
    """Return the settings of a call. Raises `ProblemError` for a filter that needs a token."""
    check_filters(request, where)
    rules: dict[str, Any] = {} if query.score_threshold is None else {"floor": query.score_threshold}
    if where:
        rules["where"] = where
    if "language" in where:
        rules["cross_language"] = True
    return rules


def _checked(call: Callable[[Recommender], RelatedList]) -> Callable[[Recommender], RelatedList]:
    """Return a call whose errors of arguments are those of the request."""

    def checked(site: Recommender) -> RelatedList:
        try:
            return call(site)
        except (TypeError, ValueError) as error:
            raise _fault(error) from error

    return checked


def _fault(error: Exception) -> Exception:
    from recommender.errors import RecommenderError

    return error if isinstance(error, RecommenderError) else ProblemError(422, str(error))
