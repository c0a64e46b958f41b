"""A run proves the chains of all its people at once, where a trigger would walk a million of them one by one."""

from django.db import migrations

TRIGGER = """
DROP TRIGGER person_manager_chain_ends ON workforce_person;
CREATE CONSTRAINT TRIGGER person_manager_chain_ends
    AFTER INSERT OR UPDATE OF manager_id ON workforce_person
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION person_manager_chain_ends();
"""
# workforce/queries/chains.py says so, for its own transaction, after it has proven it.
UNLESS_PROVEN = TRIGGER.format(
    when="NEW.manager_id IS NOT NULL AND current_setting('sightline.chains_proven', true) IS DISTINCT FROM 'yes'"
)
ALWAYS = TRIGGER.format(when="NEW.manager_id IS NOT NULL")

# Pages are written once and read once: compressing them costs more than the disk they save.
PLAIN_PAGES = "ALTER TABLE workforce_runpage ALTER COLUMN content SET STORAGE EXTERNAL"
PACKED_PAGES = "ALTER TABLE workforce_runpage ALTER COLUMN content SET STORAGE EXTENDED"

APPEND_ONLY = """
CREATE TRIGGER position_is_never_rewritten BEFORE UPDATE ON workforce_position
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
"""
APPEND_ONLY_UNDONE = "DROP TRIGGER position_is_never_rewritten ON workforce_position;"


class Migration(migrations.Migration):
    dependencies = [("workforce", "0004_runs"), ("base", "0002_truths")]

    operations = [
        migrations.RunSQL(UNLESS_PROVEN, ALWAYS),
        migrations.RunSQL(PLAIN_PAGES, PACKED_PAGES),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDONE),
    ]
