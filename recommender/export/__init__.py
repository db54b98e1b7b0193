"""Export of all lists of a site to JSON, CSV, Parquet, SQLite, HTML and WordPress."""

from recommender.export.keyed_lists import KeyedLists
from recommender.export.linked_lists import LinkedLists
from recommender.export.list_source import ListSource
from recommender.export.lists_since import ListsSince
from recommender.export.writer import FORMATS, export

__all__ = ["FORMATS", "KeyedLists", "LinkedLists", "ListSource", "ListsSince", "export"]
