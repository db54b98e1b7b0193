"""The app of Django."""

from django.apps import AppConfig

__all__ = ["RelatedConfig"]


class RelatedConfig(AppConfig):
    """Related articles of the models that the setting RECOMMENDER names."""

    name = "recommender.plugins.django"
    label = "recommender_related"
    verbose_name = "Related articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow changes of the listed models, and check the setting with Django's other checks."""
        from recommender.plugins.django import change_signals, setting_checks

        setting_checks.register()
        change_signals.connect()
