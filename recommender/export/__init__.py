"""All lists of a site into files that other programs, and people, can read."""

from recommender.export.list_source import ListSource
from recommender.export.writer import FORMATS, export

__all__ = ["FORMATS", "ListSource", "export"]
