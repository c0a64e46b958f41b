"""Evidence is never rewritten; only erasing a person takes away what was said about them."""

from django.db import migrations

# `gaps.queries.erasing` names the person for its own transaction. Whoever was erased as an observer is no longer named.
APPEND_ONLY = """
CREATE FUNCTION is_being_erased(evidence uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM gaps_evidence
        WHERE id = evidence AND person_id::text = current_setting('sightline.erasing', true)
    )
$$;
CREATE TRIGGER evidence_is_never_rewritten BEFORE UPDATE ON gaps_evidence FOR EACH ROW
    WHEN (NOT (
        OLD.observer_id::text IS NOT DISTINCT FROM current_setting('sightline.erasing', true)
        AND NEW.observer_id IS NULL
        AND to_jsonb(OLD) - '{observer_id,source}'::text[] = to_jsonb(NEW) - '{observer_id,source}'::text[]
    ))
    EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER evidence_is_never_removed BEFORE DELETE ON gaps_evidence FOR EACH ROW
    WHEN (OLD.person_id::text IS DISTINCT FROM current_setting('sightline.erasing', true))
    EXECUTE FUNCTION refuse_rewriting();
"""
APPEND_ONLY_UNDONE = """
DROP TRIGGER evidence_is_never_removed ON gaps_evidence;
DROP TRIGGER evidence_is_never_rewritten ON gaps_evidence;
DROP FUNCTION is_being_erased(uuid);
"""
WHAT_BECAME_OF_IT = """
CREATE TRIGGER withdrawal_is_never_rewritten BEFORE UPDATE ON gaps_withdrawal
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER withdrawal_is_never_removed BEFORE DELETE ON gaps_withdrawal
    FOR EACH ROW WHEN (NOT is_being_erased(OLD.evidence_id)) EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER contest_is_never_rewritten BEFORE UPDATE ON gaps_contest
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER contest_is_never_removed BEFORE DELETE ON gaps_contest
    FOR EACH ROW WHEN (NOT is_being_erased(OLD.evidence_id)) EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER contestanswer_is_never_rewritten BEFORE UPDATE ON gaps_contestanswer
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER contestanswer_is_never_removed BEFORE DELETE ON gaps_contestanswer
    FOR EACH ROW WHEN (coalesce(current_setting('sightline.erasing', true), '') = '')
    EXECUTE FUNCTION refuse_rewriting();
"""
WHAT_BECAME_OF_IT_UNDONE = """
DROP TRIGGER contestanswer_is_never_removed ON gaps_contestanswer;
DROP TRIGGER contestanswer_is_never_rewritten ON gaps_contestanswer;
DROP TRIGGER contest_is_never_removed ON gaps_contest;
DROP TRIGGER contest_is_never_rewritten ON gaps_contest;
DROP TRIGGER withdrawal_is_never_removed ON gaps_withdrawal;
DROP TRIGGER withdrawal_is_never_rewritten ON gaps_withdrawal;
"""

# Starting values: design section 6.
TRUST = """
INSERT INTO gaps_trust (type, percent, months) VALUES
    ('observed', 100, 12), ('accepted', 90, 12), ('exercise', 80, 12), ('credential', 70, NULL),
    ('manager', 60, 6), ('peer', 50, 6), ('own', 30, 6), ('inferred', 20, 3);
"""


class Migration(migrations.Migration):
    dependencies = [("gaps", "0002_models")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDONE),
        migrations.RunSQL(WHAT_BECAME_OF_IT, WHAT_BECAME_OF_IT_UNDONE),
        migrations.RunSQL(TRUST, "DELETE FROM gaps_trust;"),
    ]
