"""The model of a site and the one scorer."""
