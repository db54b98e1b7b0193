"""Dates as the tools of the field write them: in fields of articles, in settings, in file names and paths."""

from recommender.dates.parsing import parse_date, parse_iso_date
from recommender.dates.paths import date_in_path

__all__ = ["date_in_path", "parse_date", "parse_iso_date"]
