"""``python -m recommender.cli`` is the same as ``recommender``."""

from recommender.cli.group import main

main()
