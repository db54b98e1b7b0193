"""Export of the lists of a site to files, and to databases that are kept up to date."""

from recommender.export.keyed_lists import KeyedLists
from recommender.export.linked_lists import LinkedLists
from recommender.export.list_source import ListSource
from recommender.export.lists_since import ListsSince
from recommender.export.postgres import PostgresSink
from recommender.export.qdrant import QdrantSink, point_id
from recommender.export.sinks import Sink, SinkReport, export_to
from recommender.export.sqlite_vec import SqliteVecSink
from recommender.export.writer import FORMATS, export

__all__ = [
    "FORMATS",
    "KeyedLists",
    "LinkedLists",
    "ListSource",
    "ListsSince",
    "PostgresSink",
    "QdrantSink",
    "Sink",
    "SinkReport",
    "SqliteVecSink",
    "export",
    "export_to",
    "point_id",
]
