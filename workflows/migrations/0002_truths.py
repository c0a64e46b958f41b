"""A handoff never leads back to its own step; a CHECK cannot see the outcome's step."""

from django.db import migrations

ONWARD = """
CREATE FUNCTION handoff_leads_onward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM workflows_outcome outcome WHERE outcome.id = NEW.outcome_id AND outcome.produced_by_id = NEW.to_step_id
    ) THEN
        RAISE EXCEPTION 'a handoff cannot lead back to the step that produces its outcome'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'handoff_leads_onward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handoff_leads_onward BEFORE INSERT OR UPDATE OF outcome_id, to_step_id ON workflows_handoff
    FOR EACH ROW EXECUTE FUNCTION handoff_leads_onward();

CREATE FUNCTION outcome_stays_at_its_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an outcome is produced by one step, for good'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'outcome_stays_at_its_step';
END $$;
CREATE TRIGGER outcome_stays_at_its_step BEFORE UPDATE OF produced_by_id ON workflows_outcome
    FOR EACH ROW WHEN (OLD.produced_by_id IS DISTINCT FROM NEW.produced_by_id)
    EXECUTE FUNCTION outcome_stays_at_its_step();

CREATE FUNCTION step_stays_in_its_workflow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a step belongs to one workflow, for good'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'step_stays_in_its_workflow';
END $$;
CREATE TRIGGER step_stays_in_its_workflow BEFORE UPDATE OF workflow_id ON workflows_step
    FOR EACH ROW WHEN (OLD.workflow_id IS DISTINCT FROM NEW.workflow_id)
    EXECUTE FUNCTION step_stays_in_its_workflow();
"""
ONWARD_UNDONE = """
DROP TRIGGER step_stays_in_its_workflow ON workflows_step;
DROP FUNCTION step_stays_in_its_workflow();
DROP TRIGGER outcome_stays_at_its_step ON workflows_outcome;
DROP FUNCTION outcome_stays_at_its_step();
DROP TRIGGER handoff_leads_onward ON workflows_handoff;
DROP FUNCTION handoff_leads_onward();
"""


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial")]

    operations = [migrations.RunSQL(ONWARD, ONWARD_UNDONE)]
