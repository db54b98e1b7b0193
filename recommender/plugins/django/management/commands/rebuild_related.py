"""``manage.py rebuild_related`` makes the lists of all articles."""

from __future__ import annotations

import warnings
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommender.engine import Recommender
from recommender.errors import RecommenderError
from recommender.plugins.django.configuration import Configuration, configuration
from recommender.plugins.django.reported_progress import ReportedProgress, reading_lines, refused
from recommender.plugins.django.row_articles import Reading, articles_of_rows
from recommender.plugins.django.site_updates import forget_pending, pending_keys, update_related, writer


class Command(BaseCommand):
    """Make the lists of all articles from the rows of the database."""

    help = "Makes the related lists of all articles. Pages show the former lists until it has ended."

    def add_arguments(self, parser: Any) -> None:
        """Add the options."""
        parser.add_argument(
            "--dry-run", action="store_true", help="Read and check all rows, and write nothing."
        )
        parser.add_argument("--on-error", choices=("raise", "skip"), default="raise",
                            help="Rows that cannot be read: change nothing (raise), or go on without them.")  # fmt: skip
        parser.add_argument(
            "--wait", type=float, default=60, metavar="SECONDS", help="How long to wait for another writer."
        )

    def handle(self, **options: Any) -> None:
        """Make the lists."""
        settings, reading = configuration(), Reading()
        with ReportedProgress(self.stderr, options["verbosity"]) as progress:
            if options["dry_run"]:
                articles = [each.article_id for each in articles_of_rows(settings, reading, progress)]
                self._say(reading, options)
                self._compare(settings, articles)
                return
            there = writer(settings.site)
            is_first = not settings.site.exists()
            try:
                # nobody updates the former site meanwhile: that would be lost
                with there.alone(options["wait"]):
                    pending = {alias: list(pending_keys(alias)) for alias in settings.databases}
                    site = self._built(settings, reading, progress, options)
                    if is_first and settings.site.exists():
                        raise CommandError(
                            f"{settings.site}: another process made it meanwhile; run this again"
                        )
                    site.save(settings.site)
                for alias, keys in pending.items():
                    forget_pending(alias, keys)
                update_related()  # what was changed while the lists were made
            except RecommenderError as error:
                raise CommandError(str(error)) from error
        self._say(reading, options)
        if options["verbosity"]:
            self.stdout.write(f"{len(site):,} lists made, in {settings.site}")

    def _built(
        self, settings: Configuration, reading: Reading, progress: Any, options: dict[str, Any]
    ) -> Recommender:
        from recommender.editors import read_editor_rules

        editors = None if settings.editors is None else read_editor_rules(settings.editors)
        articles = articles_of_rows(settings, reading, progress)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", UserWarning)
            site = Recommender.from_articles(
                articles, k=settings.k, policy=settings.policy, editors=editors, encoder=settings.encoder,
                progress=progress,
            )  # fmt: skip
        for each in said if options["verbosity"] else ():
            self.stderr.write(f"Warning: {each.message}")
        if reading.problems and options["on_error"] == "raise":
            raise CommandError(
                refused(reading, "nothing was changed; --on-error skip goes on without these rows")
            )
        return site

    def _say(self, reading: Reading, options: dict[str, Any]) -> None:
        for line in reading_lines(reading, options["verbosity"]):
            self.stderr.write(line)

    def _compare(self, settings: Configuration, articles: list[str]) -> None:
        """Say what a rebuild would add and take away."""
        before = set(Recommender.load(settings.site)) if settings.site.exists() else set()
        new, gone = len(set(articles) - before), len(before - set(articles))
        self.stdout.write(
            f"{len(articles):,} lists would be made: {new:,} of new articles; {gone:,} lists would go"
        )
