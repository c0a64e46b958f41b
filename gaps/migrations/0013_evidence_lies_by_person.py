"""What was said of one person is written over the months, and so lies all over the table: to make somebody's standing
anew, forty places of it were fetched, from the disk in a large company. An index that has all that a standing is made of
lies by person: fetched is one place of it, and what was written since the table was last looked through. It is looked
through after every hundredth, not every fifth, so that this is little. Nobody waits while the index is made.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

READ = ["id", "level", "type", "observed_at", "valid_until", "observer", "source", "step", "step_revision"]
INDEX = models.Index(fields=["person", "skill"], include=READ, name="evidence_about_a_person")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("gaps", "0012_people_in_statistics")]

    operations = [
        AddIndexConcurrently("evidence", INDEX),
        RemoveIndexConcurrently("evidence", "evidence_of_a_person"),
        migrations.RunSQL(
            "ALTER TABLE gaps_evidence SET (autovacuum_vacuum_insert_scale_factor = 0.01)",
            "ALTER TABLE gaps_evidence RESET (autovacuum_vacuum_insert_scale_factor)",
        ),
    ]
