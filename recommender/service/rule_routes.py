"""Pins and blocks over HTTP: read, made and withdrawn one by one."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, BeforeValidator, Field

from recommender.articles import MAX_ID_LENGTH
from recommender.control_characters import has_controls
from recommender.editors import Decision, EditorRules, revision_of
from recommender.service.cache_headers import purge_keys
from recommender.service.guarded_routes import EDITING, WRITING, ArticleId, Served, guarded_router
from recommender.service.problem_answers import ProblemError
from recommender.service.rule_models import Action, DecisionShown, Outcome, Rules, RuleShown
from recommender.service.sent_model import NOT_BLANK
from recommender.service.served_site import ServedSite

__all__ = ["CHANGES", "FRESH", "By", "outcome_of", "rule_routes"]

rule_routes = guarded_router()

CHANGES: dict[int | str, dict[str, Any]] = {
    404: {"description": "No such article or rule"},
    409: {"description": "Another editor was faster, or the rule contradicts another one"},
}
"""Answers of the routes that change rules, beside those of all routes."""

_MOST = 2**53


async def _fresh(response: Response) -> None:
    response.headers["cache-control"] = "no-store"


FRESH = Depends(_fresh)
"""The dependency of a route whose answers no cache keeps: an editor sees what was decided."""

By = Annotated[
    str, Field(description="Who decides", min_length=1, max_length=100, pattern=NOT_BLANK, examples=["Ana"])
]


def _no_text(value: object) -> object:
    """Let no text and no truth value pass for a number, as the description says."""
    if isinstance(value, bool | str):
        raise ValueError("wanted a whole number")
    return value


_Whole = BeforeValidator(_no_text)
_Revision = Annotated[
    int | None,
    Field(
        description="The revision that was seen. If the rules of the article were changed since, the answer is 409.",
        ge=0, le=_MOST, examples=[3],
    ),
]  # fmt: skip
_Other = Annotated[ArticleId, Path(description="Another article", examples=["flood-defences"])]


class _Who(BaseModel):
    by: By
    revision: Annotated[_Revision, _Whole] = None


class _Rule(NamedTuple):
    action: Action
    article: str
    other: str | None = None
    position: int | None = None


class _PinBody(_Who):
    position: Annotated[
        int | None,
        Field(description="From 1; the first free one without it", ge=1, le=100, examples=[1]),
        _Whole,
    ] = None


class _BlockBody(_Who):
    pair: Annotated[
        bool, Field(description="Whether neither may be in the list of the other", strict=True)
    ] = False


@rule_routes.get("/v1/rules", dependencies=[EDITING, FRESH])
async def get_rules(
    served: Served,
    offset: Annotated[int, Query(ge=0, le=_MOST, examples=[0])] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000, examples=[100])] = 100,
) -> Rules:
    """Return the pins and blocks of the site, those of the desk first."""
    return _rules(served, None, slice(offset, offset + limit))


@rule_routes.get("/v1/rules/{article_id}", dependencies=[EDITING, FRESH])
async def get_article_rules(served: Served, article_id: ArticleId) -> Rules:
    """Return the pins and blocks that name an article."""
    return _rules(served, article_id, slice(None))


@rule_routes.put("/v1/rules/{article_id}/pins/{other_id}", dependencies=[WRITING], responses=CHANGES)
async def put_pin(served: Served, article_id: ArticleId, other_id: _Other, body: _PinBody) -> Outcome:
    """Pin an article in the list of another one, or move the pin."""
    return await _decided(served, _Rule("pin", article_id, other_id, body.position), body)


@rule_routes.delete("/v1/rules/{article_id}/pins/{other_id}", dependencies=[WRITING], responses=CHANGES)
async def delete_pin(
    served: Served, article_id: ArticleId, other_id: _Other,
    by: Annotated[By, Query()], revision: Annotated[_Revision, Query()] = None,
) -> Outcome:  # fmt: skip
    """Withdraw a pin."""
    return await _withdrawn(served, _Rule("pin", article_id, other_id), _Who(by=by, revision=revision))


@rule_routes.put("/v1/rules/{article_id}/blocks/{other_id}", dependencies=[WRITING], responses=CHANGES)
async def put_block(served: Served, article_id: ArticleId, other_id: _Other, body: _BlockBody) -> Outcome:
    """Keep an article out of the list of another one."""
    return await _decided(served, _Rule(_block_action(body.pair), article_id, other_id), body)


@rule_routes.delete("/v1/rules/{article_id}/blocks/{other_id}", dependencies=[WRITING], responses=CHANGES)
async def delete_block(
    served: Served, article_id: ArticleId, other_id: _Other,
    by: Annotated[By, Query()], pair: Annotated[bool, Query(examples=[True])] = False,
    revision: Annotated[_Revision, Query()] = None,
) -> Outcome:  # fmt: skip
    """Withdraw a block."""
    return await _withdrawn(
        served, _Rule(_block_action(pair), article_id, other_id), _Who(by=by, revision=revision)
    )


@rule_routes.put("/v1/rules/{article_id}/everywhere", dependencies=[WRITING], responses=CHANGES)
async def put_block_everywhere(served: Served, article_id: ArticleId, body: _Who) -> Outcome:
    """Keep an article out of every list."""
    return await _decided(served, _Rule("block-everywhere", article_id), body)


@rule_routes.delete("/v1/rules/{article_id}/everywhere", dependencies=[WRITING], responses=CHANGES)
async def delete_block_everywhere(
    served: Served, article_id: ArticleId,
    by: Annotated[By, Query()], revision: Annotated[_Revision, Query()] = None,
) -> Outcome:  # fmt: skip
    """Let lists hold an article again."""
    return await _withdrawn(served, _Rule("block-everywhere", article_id), _Who(by=by, revision=revision))


async def outcome_of(served: ServedSite, arguments: dict[str, Any]) -> Outcome:
    """Change the rules, and return what came of it; see `change_rules`."""
    found = await served.write("rules", arguments)
    if "status" in found:
        raise ProblemError(found["status"], found["detail"])
    decision = found["decision"]
    shown = None if decision is None else DecisionShown.of(Decision.from_dict(decision))
    return Outcome(
        version=found["version"], revision=found["revision"], decision=shown, lists=found["lists"],
        keys=purge_keys(found["lists"]),
    )  # fmt: skip


async def _decided(served: ServedSite, rule: _Rule, who: _Who) -> Outcome:
    return await outcome_of(
        served, {"does": "decide", **_fields(rule), "by": who.by, "revision": who.revision}
    )


async def _withdrawn(served: ServedSite, rule: _Rule, who: _Who) -> Outcome:
    return await outcome_of(
        served, {"does": "withdraw", **_fields(rule), "by": who.by, "revision": who.revision}
    )


def _fields(rule: _Rule) -> dict[str, Any]:
    for article_id in (rule.article, rule.other):
        if article_id is not None and not _may_be_id(article_id):
            raise ProblemError(404, "no article has such an id")
    if rule.article == rule.other:
        raise ProblemError(409, "an article is neither pinned nor blocked in its own list; name two articles")
    return rule._asdict()


def _may_be_id(text: str) -> bool:
    return bool(text.strip()) and not has_controls(text) and len(text) <= MAX_ID_LENGTH


def _block_action(pair: bool) -> Action:
    return "block-pair" if pair else "block"


def _rules(served: ServedSite, article_id: str | None, some: slice) -> Rules:
    site = served.now
    editors: EditorRules = site.editors
    found = [each for each in editors.by_strength() if article_id is None or article_id in each.ids]
    return Rules(
        version=site.version or 0, revision=revision_of(editors), total=len(found),
        rules=[RuleShown.of(each) for each in found[some]],
    )  # fmt: skip
