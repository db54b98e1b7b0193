"""The desk: its page, and what it asks for. Lists and cards come by article, searches by page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from string import Template
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from recommender.engine import Recommender
from recommender.export.html_page import page_controls, page_file
from recommender.service.answers import Answer, responded
from recommender.service.click_routes import click_log
from recommender.service.desk_health import clicks_by_day, copies_of_site, health_of_site
from recommender.service.desk_index import DeskIndex, IndexKeeper, Wanted
from recommender.service.desk_lists import article_shown, reasons_shown
from recommender.service.guarded_routes import EDITING, Served, guarded_router
from recommender.service.problem_answers import ProblemError
from recommender.service.rule_routes import FRESH
from recommender.service.served_site import ServedSite

__all__ = ["desk_routes"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-cache"),
)
_SCRIPTS = (
    "start", "connection", "parts", "views", "reader", "deciding", "health", "finding", "address",
)  # fmt: skip
_SHOWS = '<option value="pinned">Lists with pins</option>\n'  # beside what the exported page can show
_SHARED = ("chart", "keys")  # with the exported page
_FILES = {"desk.css": "text/css", "desk.js": "text/javascript"}

desk_routes = guarded_router()

_Answer = Callable[[DeskIndex, Recommender], dict[str, Any]]
_Text = Annotated[str, Query(max_length=1_000)]
_Offset = Annotated[int, Query(ge=0, le=2**53)]
_Limit = Annotated[int, Query(ge=1, le=200)]


@desk_routes.get("/desk", include_in_schema=False)
@desk_routes.get("/desk/", include_in_schema=False)
async def page(request: Request) -> Response:
    """Return the page. It holds no data, so that it needs no token."""
    if not request.url.path.endswith("/"):
        return Response(status_code=308, headers={"location": "desk/"})
    return _file(request, "desk.html", "text/html")


@desk_routes.get("/desk/{name}.{kind}", include_in_schema=False)
async def file(request: Request, name: str, kind: str) -> Response:
    """Return the script or the style of the page."""
    full = f"{name}.{kind}"
    if full not in _FILES:
        raise ProblemError(404, f"no such file, got {full!r}")
    return _file(request, full, _FILES[full])


@desk_routes.get("/desk/site", include_in_schema=False, dependencies=[EDITING, FRESH])
async def site(request: Request, served: Served) -> dict[str, Any]:
    """Return the counts at the top of the page, and what can be chosen."""
    return await _indexed(request, served, lambda index, site: _site_shown(index))


@desk_routes.get("/desk/articles", include_in_schema=False, dependencies=[EDITING, FRESH])
async def articles(
    request: Request, served: Served, q: _Text = "", section: _Text = "", language: _Text = "",
    show: Literal["all", "orphans", "empty", "short", "hubs", "pinned"] = "all",
    order: Literal["site", "newest", "title", "shown", "shortest"] = "site",
    offset: _Offset = 0, limit: _Limit = 50,
) -> dict[str, Any]:  # fmt: skip
    """Return one page of the articles that an editor looks for."""
    wanted = Wanted(q, section, language, show, order)

    def found(index: DeskIndex, site: Recommender) -> dict[str, Any]:
        rows = index.found(wanted)
        return {"total": len(rows), "articles": index.cards(rows[offset : offset + limit].tolist())}

    return await _indexed(request, served, found)


@desk_routes.get("/desk/article", include_in_schema=False, dependencies=[EDITING, FRESH])
async def article(request: Request, served: Served, id: _Text) -> dict[str, Any]:
    """Return the list of an article, where the article is shown, and its rules."""
    return await _indexed(request, served, lambda index, site: article_shown(index, site, id))


@desk_routes.get("/desk/why", include_in_schema=False, dependencies=[EDITING, FRESH])
async def why(request: Request, served: Served, id: _Text) -> dict[str, Any]:
    """Return the reasons of the entries of a list."""
    return await _indexed(request, served, lambda index, site: reasons_shown(site, id), whole=True)


@desk_routes.get("/desk/health", include_in_schema=False, dependencies=[EDITING, FRESH])
async def health(request: Request, served: Served) -> dict[str, Any]:
    """Return how the lists are now: lengths, reach, sources and drift."""
    return await _indexed(request, served, health_of_site, whole=True)


@desk_routes.get("/desk/copies", include_in_schema=False, dependencies=[EDITING, FRESH])
async def copies(
    request: Request, served: Served, offset: _Offset = 0, limit: Annotated[int, Query(ge=1, le=50)] = 20
) -> dict[str, Any]:
    """Return some groups of near copies."""
    return await _indexed(
        request,
        served,
        lambda index, site: copies_of_site(index, site, slice(offset, offset + limit)),
        whole=True,
    )


@desk_routes.get("/desk/clicks", include_in_schema=False, dependencies=[EDITING, FRESH])
async def clicks(request: Request) -> dict[str, Any]:
    """Return how many lists readers saw and clicked in, day by day."""
    return clicks_by_day(await click_log(request).lists())


async def _indexed(
    request: Request, served: ServedSite, answer: _Answer, *, whole: bool = False
) -> dict[str, Any]:  # fmt: skip
    """Return what is made of the index and the site, in a thread, with the version that it is of.

    Lists of the newest version are looked up without waiting for the `whole` of it.
    """
    state = request.app.state
    if not hasattr(state, "desk"):
        state.desk = IndexKeeper()
    keeper: IndexKeeper = state.desk

    def call(site: Recommender) -> dict[str, Any]:
        index = keeper.of(served.now)
        return {"version": index.version, **answer(index, site)}

    if whole:
        return (await served.call(call))[1]
    return await asyncio.get_running_loop().run_in_executor(None, call, served.now)


def _site_shown(index: DeskIndex) -> dict[str, Any]:
    most = int(index.shown.argmax()) if len(index.shown) and index.shown.max() > 0 else None
    return {
        "articles": len(index.lists),
        "lists": int((index.lengths > 0).sum()),
        "mean_length": float(index.lengths.mean()) if len(index.lengths) else 0.0,
        "orphans": int((index.shown == 0).sum()),
        "k": index.full,
        "most_shown": None if most is None else index.cards([most])[0],
        **index.articles.choices,
    }


def _file(request: Request, name: str, kind: str) -> Response:
    return responded(request, _content(name, f"{kind}; charset=utf-8"))


@cache
def _content(name: str, kind: str) -> Answer:
    """Return a file of the page as an answer."""
    folder = files(__package__).joinpath("desk")
    if name == "desk.js":
        scripts = (folder.joinpath(f"desk.{each}.js").read_text("utf-8") for each in _SCRIPTS)
        shared = (page_file(f"page.{each}.js") for each in _SHARED)
        content = "".join(('"use strict";\n', *shared, *scripts))
    elif name == "desk.css":  # after the style of the exported page
        content = page_file("page.css") + folder.joinpath(name).read_text("utf-8")
    else:
        page = Template(folder.joinpath(name).read_text("utf-8"))
        content = page.substitute(controls=page_controls(_SHOWS))
    return Answer(content.encode(), _HEADERS, kind.encode())
