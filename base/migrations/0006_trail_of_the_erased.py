"""Whoever is erased leaves the trail as well: names and what was said go, that something was changed stays."""

from django.db import migrations

GATE = """
DROP TRIGGER change_is_never_rewritten ON base_change;
CREATE TRIGGER change_is_never_rewritten BEFORE UPDATE ON base_change FOR EACH ROW
    WHEN (NOT (
        coalesce(current_setting('sightline.erasing', true), '') <> ''
        AND to_jsonb(OLD) - '{by_name,name,facts}'::text[] = to_jsonb(NEW) - '{by_name,name,facts}'::text[]
    ))
    EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER change_is_never_removed BEFORE DELETE ON base_change
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
"""
UNDONE = """
DROP TRIGGER change_is_never_removed ON base_change;
DROP TRIGGER change_is_never_rewritten ON base_change;
CREATE TRIGGER change_is_never_rewritten BEFORE UPDATE OR DELETE ON base_change
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0005_answers_letter_by_letter")]

    operations = [migrations.RunSQL(GATE, UNDONE)]
