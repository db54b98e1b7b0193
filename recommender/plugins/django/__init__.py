"""Related articles in Django and Wagtail: ``INSTALLED_APPS += ["recommender.plugins.django"]``.

`related_to` and `related_queryset` return the related rows of a row, `arelated_to` does so in async views, and
`update_related` applies changes that wait. docs/django.md and docs/wagtail.md begin with what to type.
"""

from recommender.plugins.django.related_rows import arelated_to, related_queryset, related_to
from recommender.plugins.django.site_updates import update_related

__all__ = ["arelated_to", "related_queryset", "related_to", "update_related"]
