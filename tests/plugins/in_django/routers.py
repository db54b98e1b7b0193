"""Routers of the project of the tests."""


class Recipes:
    def db_for_read(self, model, **hints):
        return "archive" if model.__name__ == "Recipe" else None

    db_for_write = db_for_read
