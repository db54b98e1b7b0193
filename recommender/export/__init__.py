"""Export of all lists of a site to JSON, CSV, Parquet, SQLite and HTML."""

from recommender.export.list_source import ListSource
from recommender.export.lists_since import ListsSince
from recommender.export.writer import FORMATS, export

__all__ = ["FORMATS", "ListSource", "ListsSince", "export"]
