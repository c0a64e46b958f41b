"""Whoever made a key answers for it, until somebody takes it over."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHO_MADE_IT = "UPDATE workforce_apikey SET owner_id = created_by_id"


class Migration(migrations.Migration):
    dependencies = [("workforce", "0016_sessions")]

    operations = [
        migrations.AddField(
            "apikey",
            "owner",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="keys",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("apikey", "rest_told_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(WHO_MADE_IT, migrations.RunSQL.noop),
        # The foreign key is checked at commit; now, so that the column can be changed in this transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "apikey",
            "owner",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="keys", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
