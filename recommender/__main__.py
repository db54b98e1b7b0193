"""Makes ``python -m recommender`` equivalent to ``recommender``."""

from recommender.cli import main

if __name__ == "__main__":
    main()
