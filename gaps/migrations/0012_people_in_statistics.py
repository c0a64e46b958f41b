"""A person stands in some thirty skills, by some forty statements. PostgreSQL reckons that from a sample of pages, in which
the rows of one person lie side by side, and so finds the fewer people the larger the table is: of a million an eighth, at
380 standings each. It then reads the standings of twelve people by three processes, as if they were thousands.

A share holds in a company of any size, and is far closer where people have ten or a hundred. It counts from the next time
that statistics are gathered.
"""

from django.db import migrations

SHARES = {"gaps_standing": 1 / 30, "gaps_evidence": 1 / 40}


class Migration(migrations.Migration):
    dependencies = [("gaps", "0011_standing_of_a_skill")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ALTER COLUMN person_id SET (n_distinct = -{share:.3f})",
            f"ALTER TABLE {table} ALTER COLUMN person_id RESET (n_distinct)",
        )
        for table, share in SHARES.items()
    ]
