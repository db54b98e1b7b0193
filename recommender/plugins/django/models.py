"""Changes that the lists do not know yet."""

from django.db import models

__all__ = ["PendingChange"]


class PendingChange(models.Model):
    """An article that was changed in some way: saved, deleted, published or tagged.

    A row is written in the transaction of its change, so that both are committed or neither is. It is deleted when the
    lists know the article as the database has it then.
    """

    article_id = models.TextField()

    class Meta:
        """The table has only its rows."""

        verbose_name = "pending change"

    def __str__(self) -> str:
        return str(self.article_id)
