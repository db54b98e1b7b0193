"""Articles with their lists and vectors as points of a Qdrant collection."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import orjson

from recommender.errors import InputError, MissingExtraError, Problem, RecommenderError
from recommender.export.list_source import list_record
from recommender.export.sink_plan import LAYOUT, SinkArticle, SinkPlan, SinkState
from recommender.export.sinks import checked_name
from recommender.lists.related import RelatedList

__all__ = ["QdrantSink", "point_id"]

_VECTOR = "vector"
_MOST_BYTES = 16 * 2**20  # of one request; a server takes 32 MB
_MOST_POINTS = 1_000
_TIMEOUT_S = 60
_INDEXED = {
    "article_id": "keyword",
    "section": "keyword",
    "language": "keyword",
    "published": "datetime",
}


def point_id(article_id: str) -> str:
    """Return the id of an article's point: a UUID of version 5 in the namespace of URLs.

    Examples
    --------
    >>> point_id("rain-in-may")
    'f86fb01a-80dc-5132-8f77-af130f3428c5'
    """
    return str(uuid5(NAMESPACE_URL, article_id))


class QdrantSink:
    """A collection of Qdrant with a point for each article.

    The name is an alias: what is written whole is a new collection, to which the alias is moved in one step.

    Parameters
    ----------
    location : str
        Address of a server, such as ``http://localhost:6333``, or a folder for the local mode of the client.
    collection : str
    api_key : str or None

    Raises
    ------
    ValueError
        If `collection` would need quotes.
    InputError
        If `location` is neither.
    """

    def __init__(self, location: str, collection: str = "recommender", api_key: str | None = None) -> None:
        self._collection, self._api_key = checked_name(collection), api_key
        self._is_remote = "://" in location
        if self._is_remote:
            self._location, self._shown = location, _without_password(location)
        else:  # the client takes some names, such as ":memory:", for no folders
            self._location = self._shown = str(Path(location).absolute())

    def __str__(self) -> str:
        return f"Qdrant {self._shown} collection {self._collection}"

    @contextmanager
    def opened(self) -> Iterator[OpenCollection]:
        """Connect. Qdrant has no transactions; `OpenCollection.write` says what readers see."""
        client_class, failure = _qdrant()
        options: dict[str, Any] = {"path": self._location}
        if self._is_remote:
            options = {"url": self._location, "api_key": self._api_key, "check_compatibility": False}
        try:
            client = client_class(timeout=_TIMEOUT_S, **options)
        except Exception as error:  # no address, a folder that another process uses, or files of any content
            raise self._refused(error) from error
        with closing(client):
            try:
                yield OpenCollection(client, self._collection, is_remote=self._is_remote)
            except (failure, OSError) as error:
                raise self._refused(error) from error

    def _refused(self, error: Exception) -> RecommenderError:
        said = " ".join(str(error).split())
        said = said.replace(self._api_key, "***") if self._api_key else said
        return RecommenderError(f"{self}: {said}; what was there stays")


class _Point(NamedTuple):
    """A point, and about how many bytes of a request it takes."""

    point: Any
    n_bytes: int


class OpenCollection:
    """A collection while it is written."""

    no_vectors = ""

    def __init__(self, client: Any, name: str, *, is_remote: bool) -> None:
        self._client, self._name, self._is_remote = client, name, is_remote
        aliases = {each.alias_name: each.collection_name for each in client.get_aliases().aliases}
        self._collections = {each.name for each in client.get_collections().collections}
        self._aliased = frozenset(aliases.values())
        self._current = aliases.get(name)
        if name in self._collections or (self._current and not self._is_own(self._current)):
            what = f"the collection {name} is no export"
            raise InputError(Problem(what, next_move="choose another one with --name"))
        self.state = None if self._current is None else self._stored_state(self._current)

    def digests(self) -> Mapping[str, int]:
        """Return the digest of each article. Points of others have none; they stay until all is written."""
        if self._current is None:
            return {}
        found: dict[str, int] = {}
        place = None
        while True:
            points, place = self._client.scroll(
                self._current, limit=10_000, offset=place, with_payload=["article_id", "digest"]
            )
            payloads = (each.payload or {} for each in points)
            found.update((each["article_id"], each["digest"]) for each in payloads if "digest" in each)
            if place is None:
                return found

    def write(self, plan: SinkPlan) -> None:
        """Carry a plan out.

        What fits into one request changes points in place. A server has all of it or nothing, each list is old or new,
        and the version follows. Anything else becomes a new collection, which readers get in one step.
        """
        if not plan.whole:
            batches = _batches(self._points(plan))
            first, more = next(batches, []), next(batches, None)
            if more is None and len(plan.deleted) <= _MOST_POINTS:
                self._change(plan, first)
                return
            plan = plan.as_whole()
        self._write_whole(plan)

    def _change(self, plan: SinkPlan, points: list[Any]) -> None:
        from qdrant_client import models

        operations: list[Any] = []
        if plan.deleted:
            gone = [point_id(each) for each in plan.deleted]
            operations.append(models.DeleteOperation(delete=models.PointIdsList(points=gone)))
        if points:
            operations.append(models.UpsertOperation(upsert=models.PointsList(points=points)))
        if operations:
            self._client.batch_update_points(self._current, operations, wait=True)
        self._client.update_collection(self._current, metadata=_facts(plan.state))

    def _write_whole(self, plan: SinkPlan) -> None:
        from qdrant_client import models

        new = f"{self._name}-{secrets.token_hex(8)}"
        size = plan.state.n_dimensions
        vectors = {_VECTOR: models.VectorParams(size=size, distance=models.Distance.COSINE)} if size else {}
        self._client.create_collection(new, vectors_config=vectors, metadata=_facts(plan.state))
        try:
            for points in _batches(self._points(plan)):
                self._client.upsert(new, points, wait=True)
            if self._is_remote:  # the local mode has no indexes
                for field, kind in _INDEXED.items():
                    self._client.create_payload_index(new, field, field_schema=kind)
        except BaseException:
            with suppress(Exception):  # the first error counts; the next export removes it
                self._client.delete_collection(new)
            raise
        moves: list[Any] = []
        if self._current is not None:
            moves.append(models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=self._name)))
        alias = models.CreateAlias(collection_name=new, alias_name=self._name)
        moves.append(models.CreateAliasOperation(create_alias=alias))
        self._client.update_collection_aliases(moves)
        for each in self._collections:  # the former one, and what killed exports left
            if self._is_own(each) and (each == self._current or each not in self._aliased):
                self._client.delete_collection(each)

    def _points(self, plan: SinkPlan) -> Iterator[_Point]:
        from qdrant_client import models

        for article, related in plan.pairs():
            payload = _payload(article, related, plan.state.version)
            vector = {} if article.vector is None else {_VECTOR: article.vector.tolist()}
            point = models.PointStruct(
                id=point_id(article.summary.article_id), vector=vector, payload=payload
            )
            yield _Point(point, len(orjson.dumps([payload, vector])) + 100)

    def _stored_state(self, collection: str) -> SinkState | None:
        """Return what a collection says that it holds. None for servers that keep no such facts (before 1.16)."""
        facts = dict(self._client.get_collection(collection).config.metadata or {})
        if facts.get("layout") != LAYOUT or not facts.keys() >= set(SinkState._fields):
            return None
        return SinkState(**{name: facts[name] for name in SinkState._fields})  # others may add facts

    def _is_own(self, collection: str) -> bool:
        return re.fullmatch(f"{self._name}-[0-9a-f]{{16}}", collection) is not None


def _without_password(address: str) -> str:
    try:
        split = urlsplit(address)
    except ValueError:
        move = "give an address such as http://localhost:6333, or a folder"
        raise InputError(Problem("the address of Qdrant is not understood", next_move=move)) from None
    return f"{split.scheme}://{split.netloc.rpartition('@')[2]}"


def _payload(article: SinkArticle, related: RelatedList, version: int) -> dict[str, Any]:
    """Return what a page needs to show a list, and what a search can filter by."""
    return {
        **article.summary.to_dict(),
        "translations": [],
        **list_record(related),
        "digest": article.digest,
        "version": version,
    }


def _facts(state: SinkState) -> dict[str, Any]:
    return {"layout": LAYOUT, **state._asdict()}


def _batches(points: Iterable[_Point]) -> Iterator[list[Any]]:
    """Yield the points in lists that each fit into one request."""
    batch: list[Any] = []
    size = 0
    for point, n_bytes in points:
        if batch and (size + n_bytes > _MOST_BYTES or len(batch) == _MOST_POINTS):
            yield batch
            batch, size = [], 0
        batch.append(point)
        size += n_bytes
    if batch:
        yield batch


def _qdrant() -> tuple[Any, type[Exception]]:
    """Return the client, and what it raises where a server refuses."""
    try:
        from qdrant_client import QdrantClient
        from qdrant_client.http.exceptions import ApiException
    except ImportError as error:
        raise MissingExtraError("Writing to Qdrant", "qdrant_client", "qdrant", error) from error
    return QdrantClient, ApiException
