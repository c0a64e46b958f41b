"""What must never be false about contexts and published skills; a CHECK cannot see other rows."""

from django.db import migrations

DOWNSTREAM = """
CREATE FUNCTION context_outcome_is_downstream_of_its_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stray record;
BEGIN
    -- Once per statement over all its rows, so that loading a million contexts stays one anti-join.
    SELECT written.step_id, written.outcome_id INTO stray FROM written
    WHERE NOT EXISTS (
        SELECT FROM workflows_lineofsight sight
        WHERE sight.step_id = written.step_id AND sight.outcome_id = written.outcome_id
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'outcome % is not downstream of step %', stray.outcome_id, stray.step_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'context_outcome_is_downstream_of_its_step';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER context_outcome_is_downstream_of_its_step AFTER INSERT ON skills_context
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION context_outcome_is_downstream_of_its_step();

-- A context that is only reworded may stay on a broken path: that is what the watch flags. A moved one may not.
CREATE FUNCTION context_moves_downstream() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM workflows_lineofsight sight
        WHERE sight.step_id = NEW.step_id AND sight.outcome_id = NEW.outcome_id
    ) THEN
        RAISE EXCEPTION 'outcome % is not downstream of step %', NEW.outcome_id, NEW.step_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'context_outcome_is_downstream_of_its_step';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER context_moves_downstream BEFORE UPDATE OF step_id, outcome_id ON skills_context
    FOR EACH ROW WHEN (OLD.step_id IS DISTINCT FROM NEW.step_id OR OLD.outcome_id IS DISTINCT FROM NEW.outcome_id)
    EXECUTE FUNCTION context_moves_downstream();
"""
DOWNSTREAM_UNDONE = """
DROP TRIGGER context_moves_downstream ON skills_context;
DROP FUNCTION context_moves_downstream();
DROP TRIGGER context_outcome_is_downstream_of_its_step ON skills_context;
DROP FUNCTION context_outcome_is_downstream_of_its_step();
"""

PUBLISHED = """
CREATE FUNCTION published_skill_has_a_context() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject uuid;
BEGIN
    -- Two statements, because a field is looked up in the record when its statement first runs.
    IF TG_TABLE_NAME = 'skills_skill' THEN
        subject := NEW.id;
    ELSE
        subject := OLD.skill_id;
    END IF;
    IF EXISTS (SELECT FROM skills_skill skill WHERE skill.id = subject AND skill.state = 'published')
        AND NOT EXISTS (SELECT FROM skills_context context WHERE context.skill_id = subject)
    THEN
        RAISE EXCEPTION 'published skill % has no context', subject
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_skill_has_a_context';
    END IF;
    RETURN NULL;
END $$;
-- True at every commit; inside a transaction a context may be replaced.
CREATE CONSTRAINT TRIGGER published_skill_has_a_context
    AFTER INSERT OR UPDATE OF state ON skills_skill DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'published') EXECUTE FUNCTION published_skill_has_a_context();
CREATE CONSTRAINT TRIGGER published_skill_keeps_a_context
    AFTER DELETE OR UPDATE OF skill_id ON skills_context DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION published_skill_has_a_context();
"""
PUBLISHED_UNDONE = """
DROP TRIGGER published_skill_keeps_a_context ON skills_context;
DROP TRIGGER published_skill_has_a_context ON skills_skill;
DROP FUNCTION published_skill_has_a_context();
"""


class Migration(migrations.Migration):
    dependencies = [("skills", "0002_models")]

    operations = [
        migrations.RunSQL(DOWNSTREAM, DOWNSTREAM_UNDONE),
        migrations.RunSQL(PUBLISHED, PUBLISHED_UNDONE),
    ]
