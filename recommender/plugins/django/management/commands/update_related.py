"""``manage.py update_related`` applies changes that wait."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommender.engine import Recommender
from recommender.errors import RecommenderError
from recommender.plugins.django.configuration import configuration
from recommender.plugins.django.reported_progress import ReportedProgress, reading_lines
from recommender.plugins.django.site_updates import synchronise, update_related, writer


class Command(BaseCommand):
    """Apply the changes that wait, or compare all rows."""

    help = (
        "Applies changes that wait because the site was busy or their process was stopped. Run it from cron."
    )

    def add_arguments(self, parser: Any) -> None:
        """Add the options."""
        parser.add_argument("--all", action="store_true",
                            help="Compare all rows with the lists: also changes that send no signal, and articles whose "
                                 "time has come or is over.")  # fmt: skip
        parser.add_argument(
            "--wait", type=float, default=60, metavar="SECONDS", help="How long to wait for another writer."
        )

    def handle(self, **options: Any) -> None:
        """Apply the changes."""
        settings = configuration()
        try:
            with ReportedProgress(self.stderr, options["verbosity"]) as progress:
                if options["all"]:
                    done, reading = synchronise(options["wait"], progress)
                    for line in reading_lines(reading, options["verbosity"]):
                        self.stderr.write(line)
                else:
                    done = update_related(wait_s=options["wait"])
                with writer(settings.site).locked(options["wait"]):
                    expired = writer(settings.site).update((), ())  # repairs the lists of what has expired
            done = done._replace(lists=done.lists + expired.lists)
            if options["verbosity"]:
                self.stdout.write(f"{done.changed:,} articles changed; {done.lists:,} lists changed")
                self._advise(Recommender.load(settings.site))
        except RecommenderError as error:
            raise CommandError(str(error)) from error
        if done.failed:
            raise CommandError(f"{done.failed:,} rows could not be read, see above; the others are done")

    def _advise(self, site: Recommender) -> None:
        settings = configuration()
        if (site.k, site.policy) != (settings.k, settings.policy):
            self.stderr.write(
                "Note: RECOMMENDER has another k or policy than the lists; run manage.py rebuild_related"
            )
        elif advice := site.drift().advice:
            self.stderr.write(f"Note: {advice}; run manage.py rebuild_related")
