"""A requirement that comes, changes or goes leaves a period behind, so that a past day can be reckoned again."""

from django.db import migrations

KEPT = """
CREATE FUNCTION begin_requirement_periods() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO gaps_requirementperiod (job_role_id, skill_id, level, criticality, steps, since)
    SELECT job_role_id, skill_id, level, criticality, steps, now() FROM now_needed
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION end_requirement_periods() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE gaps_requirementperiod period SET until = greatest(now(), since) FROM once_needed
    WHERE period.job_role_id = once_needed.job_role_id AND period.skill_id = once_needed.skill_id
    AND period.until IS NULL;
    RETURN NULL;
END $$;
-- Most updates only move dates; those leave the period as it is.
CREATE FUNCTION follow_requirement_periods() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    WITH moved AS (
        SELECT now_needed.* FROM now_needed JOIN once_needed USING (job_role_id, skill_id)
        WHERE (now_needed.level, now_needed.criticality, now_needed.steps)
            IS DISTINCT FROM (once_needed.level, once_needed.criticality, once_needed.steps)
    ),
    -- Moved twice in one transaction: the period that began there only takes the newer figures.
    same AS (
        UPDATE gaps_requirementperiod period SET level = moved.level, criticality = moved.criticality,
            steps = moved.steps
        FROM moved WHERE period.job_role_id = moved.job_role_id AND period.skill_id = moved.skill_id
        AND period.until IS NULL AND period.since >= now() RETURNING period.job_role_id, period.skill_id
    )
    UPDATE gaps_requirementperiod period SET until = now() FROM moved
    WHERE period.job_role_id = moved.job_role_id AND period.skill_id = moved.skill_id
    AND period.until IS NULL AND period.since < now();
    INSERT INTO gaps_requirementperiod (job_role_id, skill_id, level, criticality, steps, since)
    SELECT job_role_id, skill_id, level, criticality, steps, now() FROM now_needed
    WHERE NOT EXISTS (
        SELECT FROM gaps_requirementperiod period WHERE period.job_role_id = now_needed.job_role_id
        AND period.skill_id = now_needed.skill_id AND period.until IS NULL
    );
    RETURN NULL;
END $$;
CREATE TRIGGER requirement_begins_a_period AFTER INSERT ON gaps_requirement
    REFERENCING NEW TABLE AS now_needed FOR EACH STATEMENT EXECUTE FUNCTION begin_requirement_periods();
CREATE TRIGGER requirement_ends_a_period AFTER DELETE ON gaps_requirement
    REFERENCING OLD TABLE AS once_needed FOR EACH STATEMENT EXECUTE FUNCTION end_requirement_periods();
CREATE TRIGGER requirement_moves_a_period AFTER UPDATE ON gaps_requirement
    REFERENCING OLD TABLE AS once_needed NEW TABLE AS now_needed
    FOR EACH STATEMENT EXECUTE FUNCTION follow_requirement_periods();
INSERT INTO gaps_requirementperiod (job_role_id, skill_id, level, criticality, steps, since)
    SELECT job_role_id, skill_id, level, criticality, steps, asked_since FROM gaps_requirement;
"""
UNDONE = """
DROP TRIGGER requirement_moves_a_period ON gaps_requirement;
DROP TRIGGER requirement_ends_a_period ON gaps_requirement;
DROP TRIGGER requirement_begins_a_period ON gaps_requirement;
DROP FUNCTION follow_requirement_periods();
DROP FUNCTION end_requirement_periods();
DROP FUNCTION begin_requirement_periods();
"""


class Migration(migrations.Migration):
    dependencies = [("gaps", "0004_periods")]

    operations = [migrations.RunSQL(KEPT, UNDONE)]
