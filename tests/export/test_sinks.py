"""What every database promises that lists are exported to: it holds a version of the site, all of it or the former one."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hashing_encoder import HashingEncoder

from recommender import Article, Recommender
from recommender.cli import main
from recommender.errors import ArtifactError, InputError, MissingExtraError, RecommenderError
from recommender.export import PostgresSink, QdrantSink, SinkReport, SqliteVecSink, export_to, point_id

apsw = pytest.importorskip("apsw", reason="needs the extra sqlite-vec")
sqlite_vec = pytest.importorskip("sqlite_vec", reason="needs the extra sqlite-vec")
qdrant_client = pytest.importorskip("qdrant_client", reason="needs the extra qdrant")
psycopg = pytest.importorskip("psycopg", reason="needs the extra postgres")

TOPICS = (
    "rain on the valley road",
    "the choir of Marbury sang",
    "ferry tickets cost more",
    "a crack in the dam",
)


def an_article(at: int, **fields: Any) -> Article:
    topic = TOPICS[at % len(TOPICS)]
    given: dict[str, Any] = {
        "title": f"Part {at} of {topic}",
        "body": f"{topic.capitalize()}, and so it was in week {at // 4} of the year.",
        "section": ("World", None)[at % 2],
        "published": f"2026-03-{at + 1:02}" if at % 3 else None,
        "url": f"https://example.org/{at}",
        "metadata": {"author": {"name": "Ö. Li"}, "tags": ["a", "b"][: at % 3]},
    }
    return Article(f"a{at:02}", **(given | fields))


def articles() -> list[Article]:
    translated = [
        an_article(20, title="Dam", language="en", url="/en/dam", metadata={"translationKey": "dam"}),
        an_article(21, title="Der Damm", body="Der Damm hat einen Riss, und die Straße ist nass und zu.",
                   language="de", url="/de/dam", metadata={"translationKey": "dam"}),
    ]  # fmt: skip
    return [*map(an_article, range(20)), *translated]


def hostile() -> list[Article]:
    """Articles whose ids and texts a database might take for something else."""
    ids = [
        "'; DROP TABLE x; --",
        "=1+1",
        "..",
        "%s",
        "{s}",
        "{p}",
        "台灣海峽",
        "cafe\u0301",
        "caf\u00e9",
        "x\\N",
    ]
    found = []
    for at, each in enumerate([*ids, "界" * 800]):
        metadata = {each[:9]: [each[:9], {"deep": "\\u0000"}]}
        given = an_article(at, title=f"{each[:30]} \\N\t'\"", metadata=metadata)
        found.append(Article(**given.to_dict() | {"article_id": each}))
    return found


SITES: dict[str, Callable[[], list[Article]]] = {
    "site": articles,
    "other": lambda: articles()[:9],
    "none": list,
    "one": lambda: [an_article(1)],
    "hostile": hostile,
    "nul": lambda: [
        an_article(1, section="s\0", metadata={"k\0": ["v\0", {"in": "\0"}]}),
        an_article(2),
    ],
    "long": lambda: [an_article(1), *(Article(each * 900, "Rain on the valley road") for each in "界語")],
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory) -> Callable[[str], Path]:
    """Return the folder of one of `SITES`, which is built once. Tests that change it copy it."""
    folder = tmp_path_factory.mktemp("sites")

    def found(name: str) -> Path:
        path = folder / f"{name}.rec"
        if not path.exists():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # short lists and the like are meant here
                Recommender.from_articles(SITES[name](), k=3, encoder=HashingEncoder(8)).save(path)
        return path

    return found


@pytest.fixture
def load(stored, tmp_path) -> Callable[[str], Recommender]:
    """Return one of `SITES` of the test's own."""

    def loaded(name: str) -> Recommender:
        shutil.copytree(stored(name), tmp_path / f"{name}.rec")
        return Recommender.load(tmp_path / f"{name}.rec", encoder=HashingEncoder(8).fit())

    return loaded


@pytest.fixture
def built(stored) -> Path:
    return stored("site")


@pytest.fixture
def site(load) -> Recommender:
    return load("site")


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL with pgvector. As root, the package makes a user `pgserver` for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR
        pgserver = pytest.importorskip("pgserver", reason="has no wheel for this Python")
    folder = tempfile.mkdtemp(prefix="pg")  # not in pytest's own, which other users may not enter
    for last in (False, True):
        try:
            started = pgserver.get_server(folder, cleanup_mode="delete")
            break
        except subprocess.TimeoutExpired:  # it waits for ten seconds, which a busy machine may need more than
            if last:
                raise
            pgserver.PostgresServer._instances.clear()
    yield started.get_uri()
    started.cleanup()


class Postgres:
    def __init__(self, uri: str) -> None:
        self.uri = uri
        with self.connected() as connection:
            for (schema,) in connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname IN ('recommender', 'fresh', 'other')"
            ).fetchall():
                connection.execute(f"DROP SCHEMA {schema} CASCADE")

    def connected(self):
        return psycopg.connect(self.uri, client_encoding="utf8")

    def sink(self, name: str = "recommender") -> PostgresSink:
        return PostgresSink(self.uri, name)

    def tables(self, name: str) -> dict[str, list[tuple]] | None:
        with self.connected() as connection:
            if connection.execute("SELECT to_regclass(%s)", [f"{name}.export"]).fetchone() == (None,):
                return None
            select = {
                "articles": "article_id, title, published, section, url, metadata",
                "related": "owner, rank, article, score, source, version",
                "translations": "owner, language, article",
                "vectors": "article_id, vector::text",
                "export": "version, k, vectors, n_dimensions",
            }
            found = {
                table: connection.execute(f"SELECT {columns} FROM {name}.{table}").fetchall()
                for table, columns in select.items()
                if connection.execute("SELECT to_regclass(%s)", [f"{name}.{table}"]).fetchone() != (None,)
            }
        found["vectors"] = [(each, json.loads(vector)) for each, vector in found.get("vectors", [])]
        found["articles"] = [
            (*row[:2], None if row[2] is None else row[2].isoformat(), *row[3:]) for row in found["articles"]
        ]
        return found


class SqliteVec:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "lists.db"

    def connected(self):
        connection = apsw.Connection(str(self.file))
        connection.enable_load_extension(True)
        connection.load_extension(sqlite_vec.loadable_path())
        return closing(connection)

    def sink(self, name: str = "recommender") -> SqliteVecSink:
        return SqliteVecSink(self.file, name)

    def tables(self, name: str) -> dict[str, list[tuple]] | None:
        if not self.file.exists():
            return None
        with self.connected() as connection:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            if f"{name}_export" not in names:
                return None
            select = {
                "articles": "article_id, title, published, section, url, metadata",
                "related": "article_id, rank, related_id, score, source, version",
                "translations": "article_id, language, translated_id",
                "vectors": "article_id, vector",
                "export": "version, k, vectors, n_dimensions",
            }
            found = {
                table: list(connection.execute(f"SELECT {columns} FROM {name}_{table}"))
                for table, columns in select.items()
                if f"{name}_{table}" in names
            }
        found["vectors"] = [(each, np.frombuffer(v, "<f4").tolist()) for each, v in found.get("vectors", [])]
        found["articles"] = [(*row[:-1], json.loads(row[-1])) for row in found["articles"]]
        return found


class Qdrant:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "qdrant"

    def connected(self):
        return closing(qdrant_client.QdrantClient(path=str(self.folder)))

    def sink(self, name: str = "recommender") -> QdrantSink:
        return QdrantSink(str(self.folder), name)

    def tables(self, name: str) -> dict[str, list[tuple]] | None:
        with self.connected() as client:
            if name not in {each.alias_name for each in client.get_aliases().aliases}:
                return None
            points = client.scroll(name, limit=10_000, with_vectors=True)[0]
            facts = client.get_collection(name).config.metadata
        assert all(point.id == point_id(point.payload["article_id"]) for point in points)
        found: dict[str, list[tuple]] = {"articles": [], "related": [], "translations": [], "vectors": []}
        for payload, vector in ((point.payload, point.vector) for point in points):
            owner = payload["article_id"]
            names = ("title", "published", "section", "url", "metadata")
            found["articles"].append((owner, *(payload[each] for each in names)))
            for entry in payload["related"]:
                names = ("rank", "article_id", "score", "source")
                found["related"].append((owner, *(entry[each] for each in names), payload["version"]))
            for each in payload["translations"]:
                found["translations"].append((owner, each["language"], each["article_id"]))
            if vector:
                found["vectors"].append((owner, vector["vector"]))
        found["export"] = [tuple(facts[each] for each in ("version", "k", "vectors", "n_dimensions"))]
        return found


@pytest.fixture(params=["postgres", "sqlite-vec", "qdrant"])
def database(request, tmp_path):
    if request.param == "postgres":
        return Postgres(request.getfixturevalue("server"))
    return {"sqlite-vec": SqliteVec, "qdrant": Qdrant}[request.param](tmp_path)


def expected(site: Recommender, k: int = 3) -> dict[str, list[tuple]]:
    lists = {each.article_id: each for each in site.related_all(k)}
    names = ("article_id", "title", "published", "section", "url", "metadata")
    summaries = [each.to_dict() for each in site.summaries]
    return {
        "articles": [tuple(each[name] for name in names) for each in summaries],
        "related": [(o, e.rank, e.article_id, e.score, e.source) for o, each in lists.items() for e in each],
        "translations": [
            (owner, t.language, t.article_id) for owner, each in lists.items() for t in each.translations
        ],
        "vectors": [
            (each["article_id"], vector)
            for each, vector in zip(summaries, site.collection.neural.tolist(), strict=True)
            if any(vector)
        ],
        "export": [(site.version, k, "model", 8)],
    }


def check(database, site: Recommender, name: str = "recommender", k: int = 3) -> None:
    """Assert that a sink holds a site, and nothing else."""
    held, wanted = database.tables(name), expected(site, k)
    held["related"] = [row[:-1] for row in held["related"]]
    found, due = (dict(each.pop("vectors")) for each in (held, wanted))
    assert {table: sorted(rows, key=str) for table, rows in held.items()} == {
        table: sorted(rows, key=str) for table, rows in wanted.items()
    }
    assert found.keys() == due.keys()
    for each, vector in due.items():
        assert found[each] == pytest.approx(vector, abs=1e-6)


def versions(database, name: str = "recommender") -> dict[str, set[int]]:
    """Return the versions in the rows of each list."""
    found: dict[str, set[int]] = {}
    for owner, *_, version in database.tables(name)["related"]:
        found.setdefault(owner, set()).add(version)
    return found


def change(site: Recommender, add: list[Article], delete: tuple[str, ...] = ()) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        changes = site.update(add, delete)
    site.save(site._state.stored.store.path)
    return changes


def test_a_sink_has_all_of_a_site(database, site):
    assert export_to(site, database.sink()) == SinkReport(1, None, 22, 22, 0, True)
    check(database, site)
    assert {row[1] for row in expected(site)["translations"]} == {"en", "de"}


def test_a_later_export_writes_what_changed_and_no_more(database, site):
    export_to(site, database.sink())
    later = [
        ([an_article(30, title="Rain again on the valley road")], ("a04",)),
        ([an_article(5, metadata={"author": "new", "nul": None})], ()),  # no list shows that
        ([an_article(6, title="A new title of a choir")], ("a01", "a30")),
        ([an_article(4)], ()),
    ]
    for number, (add, delete) in enumerate(later):
        changes = change(site, add, delete)
        if number == 2:
            site.compact()
        before = versions(database)
        report = export_to(site, database.sink())
        assert not report.whole
        assert report.n_lists == len(changes.lists)
        assert report.n_articles == len(add)
        assert report.n_deleted == len(delete)
        check(database, site)
        for owner, found in versions(database).items():
            assert len(found) == 1
            if owner not in changes.lists and owner not in changes.edited:
                assert found == before[owner]  # its rows are those of before
    assert export_to(site, database.sink()) == SinkReport(5, 5, 0, 0, 0, False)
    export_to(site, database.sink("fresh"))
    check(database, site, "fresh")


def test_what_does_not_follow_from_the_sink_is_written_whole(database, site, built, load):
    sink = database.sink()
    change(site, [an_article(30)])
    export_to(site, sink)
    other = load("other")
    change(other, [], ("a03",))  # has version 2 as well
    assert export_to(other, sink) == SinkReport(2, 2, 8, 8, 15, True)
    check(database, other)
    assert export_to(other, sink, k=2).whole
    check(database, other, k=2)
    assert not export_to(other, sink, k=2).whole
    assert export_to(other, sink, k=2, whole=True).whole
    export_to(other, sink, vectors="none")
    assert database.tables("recommender")["vectors"] == []
    assert database.tables("recommender")["export"] == [(2, 3, "none", 0)]
    export_to(other, sink)
    check(database, other)
    export_to(Recommender.load(built), sink)  # an older version
    check(database, Recommender.load(built))


def test_a_restored_backup_that_went_its_own_way_is_written_whole(database, site, tmp_path):
    shutil.copytree(tmp_path / "site.rec", tmp_path / "backup.rec")
    change(site, [], ("a03",))
    export_to(site, database.sink())
    restored = Recommender.load(tmp_path / "backup.rec", encoder=HashingEncoder(8).fit())
    change(restored, [], ("a04",))
    change(restored, [], ("a05",))
    assert export_to(restored, database.sink()).whole
    check(database, restored)


def test_no_articles_and_one(database, site, load):
    empty, one = load("none"), load("one")
    export_to(site, database.sink())
    assert export_to(empty, database.sink()) == SinkReport(1, 1, 0, 0, 22, True)
    assert database.tables("recommender")["articles"] == database.tables("recommender")["related"] == []
    assert export_to(one, database.sink()).n_articles == 1
    check(database, one)


def test_ids_and_texts_of_any_characters(database, load):
    site = load("hostile")
    export_to(site, database.sink())
    check(database, site)
    change(site, [], ("'; DROP TABLE x; --", "=1+1", "%s", "caf\u00e9"))
    export_to(site, database.sink())
    check(database, site)


def test_nul_characters(database, load):
    site = load("nul")
    if isinstance(database, Postgres):
        with pytest.warns(UserWarning, match="4 texts have a NUL character, .* written as U"):
            export_to(site, database.sink())
        rows = {row[0]: row for row in database.tables("recommender")["articles"]}
        assert rows["a01"][3] == "s\ufffd"
        assert rows["a01"][5] == {"k\ufffd": ["v\ufffd", {"in": "\ufffd"}]}
    else:
        export_to(site, database.sink())
        check(database, site)


def test_readers_see_the_former_version_until_all_is_written(database, site):
    """And others write meanwhile, but for another export."""
    if isinstance(database, Qdrant):
        pytest.skip("one process at a time opens a folder of Qdrant")
    export_to(site, database.sink())
    former, seen = database.tables("recommender"), []

    def progress(step: str, done: int, total: int) -> None:
        seen.append(database.tables("recommender") == former)

    change(site, [an_article(5, title="Another")], ("a01", "a02"))
    for whole in (False, True):
        export_to(site, database.sink(), whole=whole, progress=progress)
        former = database.tables("recommender")
    assert seen == [True] * len(seen)
    assert len(seen) >= 4
    check(database, site)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
@pytest.mark.parametrize("whole", [False, True])
def test_a_killed_export_leaves_the_former_version(database, site, whole, monkeypatch):
    monkeypatch.setattr("recommender.export.sink_plan.REPORT_INTERVAL", 2)
    monkeypatch.setattr("recommender.export.qdrant._MOST_POINTS", 2)  # so that Qdrant writes whole
    export_to(site, database.sink())
    was = database.tables("recommender")
    change(site, [an_article(5, title="Another on the rain")], ("a01", "a02"))

    def killed(step: str, done: int, total: int) -> None:
        if done >= 4:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        try:
            export_to(site, database.sink(), whole=whole, progress=killed)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert database.tables("recommender") == was
    assert not export_to(site, database.sink()).whole
    check(database, site)
    if isinstance(database, Qdrant):
        with database.connected() as client:
            assert len(client.get_collections().collections) == 1


def test_an_error_of_the_site_changes_nothing(database, site):
    export_to(site, database.sink())
    was = database.tables("recommender")
    change(site, [an_article(5, title="Another")])

    def breaks(step: str, done: int, total: int) -> None:
        raise RuntimeError("the site broke")

    for whole in (False, True):
        with pytest.raises(RuntimeError, match="the site broke"):
            export_to(site, database.sink(), whole=whole, progress=breaks)
        assert database.tables("recommender") == was


def test_what_is_no_export_is_refused(database, site):
    if isinstance(database, Postgres):
        with database.connected() as connection:
            connection.execute("CREATE SCHEMA recommender CREATE TABLE articles (kept int)")
    elif isinstance(database, SqliteVec):
        with closing(apsw.Connection(str(database.file))) as connection:
            connection.execute("CREATE TABLE recommender_articles (kept INTEGER)")
    else:
        with database.connected() as client:
            client.create_collection("recommender", vectors_config={})
    with pytest.raises(InputError, match=r"no export.*; choose another .*--name"):
        export_to(site, database.sink())
    export_to(site, database.sink("other"))
    check(database, site, "other")


def test_facts_columns_and_points_of_others_stay(database, site):
    export_to(site, database.sink())
    with database.connected() as connection:
        if isinstance(database, Qdrant):
            name = next(each.collection_name for each in connection.get_aliases().aliases)
            connection.update_collection(name, metadata={"owner": "the shop"})
            theirs = qdrant_client.models.PointStruct(id=5, vector={}, payload={"price": 9})
            connection.upsert(name, [theirs])
        else:
            place = "recommender." if isinstance(database, Postgres) else "recommender_"
            for table in ("articles", "export", "related", "translations"):
                connection.execute(f"ALTER TABLE {place}{table} ADD COLUMN theirs TEXT DEFAULT 'x'")
    change(site, [an_article(5, title="Another")], ("a01",))
    assert not export_to(site, database.sink()).whole
    if isinstance(database, Qdrant):
        with database.connected() as client:
            assert client.get_collection("recommender").config.metadata["owner"] == "the shop"
            assert client.retrieve("recommender", [5])[0].payload == {"price": 9}
    else:
        assert export_to(site, database.sink(), whole=True).whole
        check(database, site)


@pytest.mark.parametrize("theirs", ["vectors", "related_by_target", "export", "Vectors", "RELATED"])
def test_tables_and_indexes_of_others_are_never_dropped(site, server, tmp_path, theirs):
    """One of them has columns such as ours, and comes where an export without vectors is already."""
    columns = "article_id TEXT, vector TEXT" if theirs == "vectors" else "layout INTEGER, version INTEGER"
    for database in (Postgres(server), SqliteVec(tmp_path)):
        if isinstance(database, Postgres):
            if theirs not in ("vectors", "export"):
                continue  # its names have cases, and an index of this name is refused by the server
            name = f"recommender.{theirs}"
        else:
            name = f"recommender_{theirs}"
        if theirs == "vectors":
            export_to(site, database.sink(), vectors="none")
        with database.connected() as connection:
            if isinstance(database, Postgres) and theirs == "export":
                connection.execute("CREATE SCHEMA recommender")
            if theirs == "related_by_target":
                connection.execute("CREATE TABLE kept (layout INTEGER)")
                connection.execute(f"CREATE INDEX {name} ON kept (layout)")
            else:
                connection.execute(f"CREATE TABLE {name} ({columns})")
                connection.execute(f"INSERT INTO {name} VALUES ('1', '2')")
        with pytest.raises(RecommenderError, match=r"no export of this format|already exists"):
            export_to(site, database.sink())
        with database.connected() as connection:
            if theirs == "related_by_target":
                kept = list(
                    connection.execute("SELECT tbl_name FROM sqlite_master WHERE name LIKE '%target'")
                )
                assert kept == [("kept",)]
            else:
                assert len(list(connection.execute(f"SELECT * FROM {name}"))) == 1


def test_what_a_table_lost_is_written_anew(site, server, tmp_path):
    for database in (Postgres(server), SqliteVec(tmp_path)):
        place = "recommender." if isinstance(database, Postgres) else "recommender_"
        for sql in ("DROP TABLE {}vectors", "DELETE FROM {}export"):
            export_to(site, database.sink(), vectors="none" if "export" in sql else "auto")
            with database.connected() as connection:
                connection.execute(sql.format(place))
            change(site, [], (next(iter(site)),))
            assert export_to(site, database.sink()).whole
            check(database, site)


def test_an_export_that_fails_takes_no_file_away_from_another(site, tmp_path, monkeypatch):
    """Both began where there was no file, and the second one waits in vain."""
    file = tmp_path / "x.db"
    monkeypatch.setattr("recommender.export.sqlite_vec._WAIT_MS", 10)

    def waits_in_vain(step: str, done: int, total: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "exists", lambda path: False)
            with pytest.raises(RecommenderError, match="locked"):
                export_to(site, SqliteVecSink(file))

    export_to(site, SqliteVecSink(file), progress=waits_in_vain)
    with closing(apsw.Connection(str(file))) as connection:
        assert list(connection.execute("SELECT count(*) FROM articles")) == [(22,)]
    with pytest.raises(RecommenderError, match="was removed while it was written; export again"):
        export_to(site, SqliteVecSink(file), whole=True, progress=lambda *_: file.unlink(missing_ok=True))


def test_names_that_libraries_take_for_memory_are_files(site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export_to(site, SqliteVecSink(":memory:"))
    assert (tmp_path / ":memory:").is_file()
    (tmp_path / ":memory:").unlink()
    export_to(site, QdrantSink(":memory:"))
    assert (tmp_path / ":memory:").is_dir()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"collections": 5}'])
def test_a_folder_that_is_no_qdrant_is_an_error(site, tmp_path, content):
    (tmp_path / "meta.json").write_bytes(content)
    with pytest.raises(RecommenderError, match="what was there stays"):
        export_to(site, QdrantSink(str(tmp_path)))
    with pytest.raises(InputError, match="is not understood; give an address"):
        QdrantSink("http://u:s3cr3t@[::1")


def test_arguments_are_checked(database, site, tmp_path):
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        export_to(site, database.sink(), k=0)
    with pytest.raises(ValueError, match="vectors must be one of auto, model, words, none, got 'both'"):
        export_to(site, database.sink(), vectors="both")
    with pytest.raises(InputError, match="no vectors of kind words; they need more articles"):
        export_to(site, database.sink(), vectors="words")
    for name in ("Blog", "a b", 'a"; --', "1a", "x" * 49):
        with pytest.raises(ValueError, match="a name in a database has up to 48 of"):
            database.sink(name)
    with pytest.raises(ArtifactError, match="not saved"):
        export_to(copy.copy(site), database.sink())
    unsaved = copy.copy(site)
    unsaved.save(tmp_path / "unsaved.rec")
    unsaved.update(delete=["a01"])
    with pytest.raises(ArtifactError, match="updates that are not saved; save it first"):
        export_to(unsaved, database.sink())
    assert database.tables("recommender") is None


@pytest.mark.parametrize(
    ("kind", "package"), [("postgres", "psycopg"), ("sqlite-vec", "sqlite_vec"), ("qdrant", "qdrant_client")]
)
def test_a_missing_package_is_told_with_its_extra(site, kind, package, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, package, None)
    sink = {"postgres": PostgresSink, "sqlite-vec": SqliteVecSink, "qdrant": QdrantSink}[kind](
        str(tmp_path / "x")
    )
    with pytest.raises(MissingExtraError, match=rf"package {package}, .*recommender\[{kind}\]"):
        export_to(site, sink)


def test_lists_in_sqlite_that_hold_an_article_are_found_by_an_index(site, tmp_path):
    database = SqliteVec(tmp_path)
    for whole in (False, True):
        export_to(site, database.sink("blog"), whole=whole)
        with database.connected() as connection:
            query = "EXPLAIN QUERY PLAN SELECT article_id FROM blog_related WHERE related_id = 'a01'"
            assert "blog_related_by_target" in str(list(connection.execute(query)))


def test_word_vectors_are_written_where_there_is_no_model(tmp_path):
    given = [an_article(at % 28, title=f"Part {at} on {at * 7 % 13}") for at in range(60)]
    given = [Article(**each.to_dict() | {"article_id": f"n{at}"}) for at, each in enumerate(given)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        site = Recommender.from_articles(given)
    site.save(tmp_path / "x.rec")
    export_to(site, SqliteVecSink(tmp_path / "x.db"))
    database = SqliteVec(tmp_path)
    database.file = tmp_path / "x.db"
    with database.connected() as connection:
        (row,) = connection.execute("SELECT vectors, n_dimensions FROM export")
        assert row == ("words", site.collection.dense.shape[1])
        ((count,),) = connection.execute("SELECT count(*) FROM vectors")
        assert count == 60


# PostgreSQL alone.


def run(*words: object, code: int = 0, **environment: str) -> str:
    unset = dict.fromkeys(
        ("DATABASE_URL", "PGHOST", "PGDATABASE", "PGSERVICE", "QDRANT_URL", "QDRANT_API_KEY")
    )
    result = CliRunner().invoke(main, ["export", *map(str, words)], env=unset | environment)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def test_the_command_line_names_the_place_without_its_password(site, server, tmp_path, built):
    database = Postgres(server)
    with_password = server.replace("postgres:@", "postgres:s3cr3t@")
    said = run(built, "--format", "postgres", DATABASE_URL=with_password)
    assert said.startswith("22 lists written to PostgreSQL ")
    assert said.endswith("/postgres schema recommender; version 1\n")
    change(site, [], ("a01",))
    report = run(tmp_path / "site.rec", "--format", "postgres", "-o", with_password)
    assert "0 articles and 1 deletion since version 1 written to PostgreSQL" in report
    assert "nothing to write to PostgreSQL" in run(
        tmp_path / "site.rec", "--format", "postgres", "-o", server
    )
    check(database, site)
    run(
        tmp_path / "site.rec",
        "--format",
        "postgres",
        "--name",
        "other",
        "-k",
        "1",
        "--vectors",
        "none",
        "-o",
        server,
    )
    assert database.tables("other")["export"] == [(2, 1, "none", 0)]
    assert "s3cr3t" not in said + report


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("postgresql://u:s3cr3t@127.0.0.1:1/x", "PostgreSQL 127.0.0.1:1/x schema recommender: connection"),
        ("host=127.0.0.1 port=1 password=s3cr3t", "PostgreSQL 127.0.0.1:1 schema recommender: connection"),
        ("postgresql+psycopg://u:s3cr3t@h/x", "is not understood; give postgresql://user@host/database"),
        ("postgresql://u:s3cr3t@h/x?nonsense=1", "is not understood; give postgresql://user@host/database"),
        ("s3cr3t", "is not understood; give postgresql://user@host/database"),
        ("{server}&user=nobody", 'role "nobody" does not exist; nothing was changed there'),
        ("{server}&dbname=nowhere&password=s3cr3t", 'database "nowhere" does not exist'),
    ],
)
def test_what_postgres_refuses_is_one_line_without_the_password(built, server, output, says):
    said = run(built, "--format", "postgres", "-o", output.format(server=server), code=1)
    assert said.startswith("Error: ")
    assert says in said
    assert said.count("\n") == 1
    assert "s3cr3t" not in said


def test_rights_that_are_missing_are_told_and_nothing_is_written(site, server):
    database = Postgres(server)
    with database.connected() as connection:
        connection.execute("DROP EXTENSION IF EXISTS vector CASCADE")
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
    sink = PostgresSink(f"{server}&user=reader")
    with (
        pytest.warns(UserWarning, match="needs CREATE EXTENSION vector by an administrator; no vectors"),
        pytest.raises(RecommenderError, match="permission denied for database postgres; nothing was changed"),
    ):
        export_to(site, sink)
    with database.connected() as connection:
        connection.execute("CREATE SCHEMA recommender AUTHORIZATION reader")
    with pytest.warns(UserWarning, match="no vectors are written"):
        assert export_to(site, sink).whole  # a schema of its own is enough
    assert database.tables("recommender")["export"] == [(1, 3, "none", 0)]
    with database.connected() as connection:
        connection.execute("DROP SCHEMA recommender CASCADE")
        connection.execute("DROP ROLE reader")


def test_a_database_of_another_encoding_holds_what_it_can(site, load, server):
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    latin = Postgres(f"{server}&dbname=latin")
    export_to(site, latin.sink())  # with umlauts
    check(latin, site)
    with pytest.raises(
        RecommenderError, match='no equivalent in encoding "LATIN1"; nothing was changed there'
    ):
        export_to(load("hostile"), latin.sink())
    check(latin, site)


def test_rows_of_others_that_refer_to_articles_stay(site, server):
    database = Postgres(server)
    export_to(site, database.sink())
    with database.connected() as connection:
        connection.execute(
            "CREATE TABLE recommender.views (article_id text REFERENCES recommender.articles ON DELETE CASCADE, n int)"
        )
        connection.execute("INSERT INTO recommender.views SELECT article_id, 1 FROM recommender.articles")
    change(site, [an_article(2, title="Another")], ("a01",))
    export_to(site, database.sink(), whole=True)
    with database.connected() as connection:
        assert connection.execute("SELECT count(*) FROM recommender.views").fetchone() == (21,)


def test_ids_that_postgres_cannot_index_are_told_before_anything_is_written(load, server):
    with pytest.raises(InputError, match="an id has more than 2,600 bytes") as caught:
        export_to(load("long"), Postgres(server).sink())
    assert len(caught.value.problems) == 2
    assert Postgres(server).tables("recommender") is None


def test_the_queries_of_the_page_find_a_list_and_the_nearest(site, server):
    database = Postgres(server)
    export_to(site, database.sink())
    page = (Path(__file__).parents[2] / "docs" / "sinks.md").read_text(encoding="utf-8")
    of_list, nearest = (
        each.replace("rain-in-may", "a04") for each in re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    )
    index = re.search(r"`(CREATE INDEX [^`]*)`", page)[1]
    with database.connected() as connection:
        connection.execute(
            "CREATE TEMPORARY TABLE products AS SELECT article_id AS slug, 9 AS price FROM recommender.articles"
        )
        rows = connection.execute(of_list).fetchall()
        assert rows == [(e.rank, e.title, e.url, 9) for e in site["a04"]]
        rows = connection.execute(nearest).fetchall()
        connection.execute(index)
        connection.execute("SET LOCAL enable_seqscan = off")
        assert connection.execute(nearest).fetchall() == rows
    vectors, ids = site.collection.neural, list(site)
    near = {
        each.article_id: float(vectors[ids.index(each.article_id)] @ vectors[ids.index("a04")])
        for each in site.summaries
        if each.section == "World" and each.published is not None and each.article_id != "a04"
    }
    assert [row[2] for row in rows] == pytest.approx(sorted(near.values(), reverse=True)[:5], abs=1e-6)
    assert all(near[row[0]] == pytest.approx(row[2], abs=1e-6) for row in rows)


# The command line and the other databases.


def test_the_command_line_writes_to_files_and_qdrant(built, tmp_path):
    assert "22 lists written to" in run(built, "--format", "sqlite-vec", "-o", tmp_path / "x.db")
    assert "nothing to write" in run(built, "--format", "sqlite-vec", "-o", tmp_path / "x.db")
    assert "22 lists written to Qdrant" in run(built, "--format", "qdrant", QDRANT_URL=str(tmp_path / "q"))


def test_what_files_and_qdrant_refuse_is_one_line(built, tmp_path):
    (tmp_path / "x.txt").write_text("not a database, but long enough to be read as the header of a file" * 20)
    secret = {"QDRANT_API_KEY": "s3cr3t"}
    for words, says in (
        (("sqlite-vec", "-o", tmp_path / "x.txt"), "SQLite says: file is not a database; nothing was changed"),
        (("sqlite-vec", "-o", tmp_path / "no" / "x.db"), "SQLite says: unable to open database file"),
        (("qdrant", "-o", "http://u:s3cr3t@127.0.0.1:9"), "Qdrant http://127.0.0.1:9 collection recommender: "),
        (("qdrant", "-o", tmp_path / "x.txt"), "what was there stays"),
    ):  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a key that goes over HTTP
            said = run(built, "--format", *words, code=1, **secret)
        assert said.splitlines()[-1].startswith("Error: ")
        assert says in said
        assert "s3cr3t" not in said
    assert (tmp_path / "x.txt").read_text().startswith("not a database")
    assert not (tmp_path / "no").exists()


def test_a_database_that_is_locked_is_told(site, tmp_path, monkeypatch):
    monkeypatch.setattr("recommender.export.sqlite_vec._WAIT_MS", 10)
    with closing(apsw.Connection(str(tmp_path / "x.db"))) as other:
        other.execute("CREATE TABLE kept (n)")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecommenderError, match="database is locked; nothing was changed"):
            export_to(site, SqliteVecSink(tmp_path / "x.db"))
        other.execute("COMMIT")
        export_to(site, SqliteVecSink(tmp_path / "x.db"))
        assert list(other.execute("SELECT count(*) FROM articles")) == [(22,)]


@pytest.mark.parametrize("words", [
    ("postgres",), ("qdrant",), ("sqlite-vec",), ("jsonl",), ("postgres", "-o", "-"),
    ("sqlite-vec", "-o", "x", "--since", "1"), ("sqlite-vec", "-o", "x", "--key", "url"), ("sqlite-vec", "-o", "x", "--why"),
    ("jsonl", "-o", "x", "--whole"), ("jsonl", "-o", "x", "--vectors", "none"), ("sqlite-vec", "-o", "x", "--name", "A B"),
])  # fmt: skip
def test_what_does_not_fit_together_is_exit_2(built, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "Error: " in run(built, "--format", *words, code=2)
    assert list(tmp_path.iterdir()) == []
