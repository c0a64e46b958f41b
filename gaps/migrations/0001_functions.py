"""What the ids of evidence are made by."""

from django.db import migrations

# Version 7 as its standard has it: 48 bits of milliseconds, the rest random. PostgreSQL 18 brings its own; 15 does not.
ORDERED = """
CREATE FUNCTION ordered_uuid() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("base", "0002_truths"), ("skills", "0006_imports")]

    operations = [migrations.RunSQL(ORDERED, "DROP FUNCTION ordered_uuid();")]
