"""Sessions end with what they were begun for, and do not come back with it.

Whoever closes an account, lets its person leave or takes a role, in SQL or in Python, ends them in the same statement.
"""

from django.db import migrations, models

ENDS = """
CREATE FUNCTION account_ends_its_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.is_active AND NOT NEW.is_active OR NOT OLD.roles <@ NEW.roles THEN
        NEW.sessions_from := clock_timestamp();
    ELSE
        -- Somebody who read the row earlier and saves it whole brings nothing back.
        NEW.sessions_from := greatest(OLD.sessions_from, NEW.sessions_from);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_ends_its_sessions BEFORE UPDATE ON workforce_account
    FOR EACH ROW EXECUTE FUNCTION account_ends_its_sessions();
"""
ENDS_UNDONE = """
DROP TRIGGER account_ends_its_sessions ON workforce_account;
DROP FUNCTION account_ends_its_sessions();
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0015_erasures")]

    operations = [
        migrations.AddField("account", "sessions_from", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(ENDS, ENDS_UNDONE),
    ]
