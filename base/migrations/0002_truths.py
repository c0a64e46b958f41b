"""What a CHECK cannot see, and the functions that several rooms build on."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER change_is_never_rewritten BEFORE UPDATE OR DELETE ON base_change
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
"""
APPEND_ONLY_UNDONE = """
DROP TRIGGER change_is_never_rewritten ON base_change;
DROP FUNCTION refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDONE),
    ]
