"""What was said stays said."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what {table} says is kept as it was said'
        USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_is_append_only';
END $$;
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE ON performance_support_{table}
    FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
"""
UNDONE = """
DROP TRIGGER {table}_is_append_only ON performance_support_{table};
DROP FUNCTION {table}_is_append_only();
"""


def append_only(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(APPEND_ONLY.format(table=table), UNDONE.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("performance_support", "0001_resources")]
    operations = [
        append_only("resourceversion"),
        append_only("verification"),
    ]
