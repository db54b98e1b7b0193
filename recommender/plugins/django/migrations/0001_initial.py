"""Makes the table of pending changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the table of pending changes."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="PendingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("article_id", models.TextField()),
            ],
            options={"verbose_name": "pending change"},
        ),
    )
