"""Makes ``python -m recommender.cli`` equivalent to ``recommender``."""

from recommender.cli.group import main

main()
