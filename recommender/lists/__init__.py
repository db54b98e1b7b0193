"""The steps that turn a ranking into the lists that are shown."""
