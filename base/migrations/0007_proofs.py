"""What a request took for granted is proved in the message that asks its first question. See also: base/granted.py."""

from django.db import migrations

PROVE = """
CREATE FUNCTION base_prove(is_so boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF is_so IS NOT TRUE THEN
        RAISE EXCEPTION 'This has changed since it was read.' USING ERRCODE = 'SL001';
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0006_trail_of_the_erased")]
    operations = [migrations.RunSQL(PROVE, "DROP FUNCTION base_prove(boolean)")]
