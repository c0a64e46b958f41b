"""Whoever joins is looked for by indexes, also where the table was small when the connection planned for it.

A plan is kept for as long as the connection lives: made for ten people, it read everybody for each who joined after
them. And an index less to write: titles are found by `person_by_title`, which begins with them.
"""

import django.db.models.deletion
from django.db import migrations, models

BY_INDEX = "ALTER FUNCTION workforce_join(jsonb, date, text) SET enable_seqscan = off"
AS_EVER = "ALTER FUNCTION workforce_join(jsonb, date, text) RESET enable_seqscan"


class Migration(migrations.Migration):
    dependencies = [("workforce", "0020_source_names")]
    operations = [
        migrations.RunSQL(BY_INDEX, AS_EVER),
        migrations.AlterField(
            model_name="person",
            name="job_title",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="workforce.jobtitle",
            ),
        ),
    ]
