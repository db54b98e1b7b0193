"""Parse dates in article fields, settings, file names and paths."""

from recommender.dates.parsing import parse_date, parse_iso_date
from recommender.dates.paths import date_in_path

__all__ = ["date_in_path", "parse_date", "parse_iso_date"]
