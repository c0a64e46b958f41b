"""Everybody's sums read a few small values of each standing, by person. The key of a standing has them beside it: what
is known of one person is one place of the index, and the table, twice as large, is left alone. Django's composite keys
have no word for that. Nobody waits while the index is made.
"""

from django.db import migrations

ANEW = """
CREATE UNIQUE INDEX CONCURRENTLY standing_key ON gaps_standing (person_id, skill_id) {include}
"""
INCLUDE = "INCLUDE (level, trust, changed_step_id, level_there, trust_there)"
# One statement, so that there is a key at any time.
TAKE = """
ALTER TABLE gaps_standing DROP CONSTRAINT gaps_standing_pkey,
    ADD CONSTRAINT gaps_standing_pkey PRIMARY KEY USING INDEX standing_key
"""
# What an attempt left behind that was broken off.
CLEAR = "DROP INDEX CONCURRENTLY IF EXISTS standing_key"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("gaps", "0013_evidence_lies_by_person")]

    operations = [
        migrations.RunSQL(CLEAR, TAKE),
        migrations.RunSQL(ANEW.format(include=INCLUDE), ANEW.format(include="")),
        migrations.RunSQL(TAKE, CLEAR),
    ]
