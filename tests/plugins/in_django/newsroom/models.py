"""Stories of a made-up newspaper."""

from django.db import models
from django.utils import timezone


class Desk(models.Model):
    name = models.CharField(max_length=80)
    chief = models.CharField(max_length=80, blank=True)

    def __str__(self):
        return self.name


class Topic(models.Model):
    name = models.CharField(max_length=80)

    def __str__(self):
        return self.name


class Published(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(is_published=True)


class Story(models.Model):
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    written = models.DateTimeField(default=timezone.now)
    desk = models.ForeignKey(Desk, null=True, blank=True, on_delete=models.SET_NULL)
    topics = models.ManyToManyField(Topic, blank=True, related_name="stories")
    language = models.CharField(max_length=12, blank=True)
    is_published = models.BooleanField(default=True)

    objects = models.Manager()
    published = Published()

    def get_absolute_url(self):
        return f"/stories/{self.pk}/"

    def summary(self):
        return f"About {self.title}"

    def wrong(self):
        raise RuntimeError(f"no luck with {self.title}")


class Brief(Story):
    """A proxy."""

    class Meta:
        proxy = True


class Interview(Story):
    """A model whose rows are stories too."""

    guest = models.CharField(max_length=80)


class Recipe(models.Model):
    id = models.UUIDField(primary_key=True)
    title = models.CharField(max_length=200)
    body = models.TextField()
    status = models.CharField(max_length=10, default="published")

    def get_absolute_url(self):
        return f"/recipes/{self.pk}/"


class Nameless(models.Model):
    """A model without an address and a title."""

    body = models.TextField()
