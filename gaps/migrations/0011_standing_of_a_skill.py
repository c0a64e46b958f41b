"""Whoever asks where one person stands in one skill goes by the person: twelve people are twelve places of the index and
of the table. As long as there was an index of (skill, person), PostgreSQL took that one, in which each of their skills is
in a place of its own, and which was seven times as large as the skills alone. Nobody waits while this is made.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("gaps", "0010_reweighing")]

    operations = [
        AddIndexConcurrently("standing", models.Index(fields=["skill"], name="standing_of_a_skill")),
        RemoveIndexConcurrently("standing", "standing_in_a_skill"),
    ]
