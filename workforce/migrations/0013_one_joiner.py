"""One person who joins, in one statement (queries/scim/joining.py). A function keeps its plans for as long as the
connection lives: planning the same by hand took longer than doing it.

It finds people by one entry of one index, also while the table has no statistics: in a new table every index of `source`
looks as cheap as any other, and the planner took one that reads all people of the source, for each who joined, until
autovacuum came by. So two look-ups ask for the next entry in the order of the index that is meant, and the third hides
its source from all other indexes.
"""

from django.db import migrations

JOIN = """
CREATE FUNCTION workforce_join(sent jsonb, today date, patience text)
RETURNS TABLE (work_email text, manager uuid, manager_source_id text, created_at timestamptz, changed_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    person workforce_person := jsonb_populate_record(NULL::workforce_person, sent);
    title text := coalesce(sent->>'job_title', '');
    department text := coalesce(sent->>'department', '');
    named uuid := sent->>'manager';
    called text COLLATE "C" := lower(person.user_name);
    boss record;
BEGIN
    PERFORM set_config('lock_timeout', patience, true), pg_advisory_xact_lock(hashtext('people of'), hashtext(person.source));
    -- Known already, under either name; or somebody waits for them as a manager, which may close a loop.
    IF person.source_id = (
        SELECT p.source_id FROM workforce_person p WHERE (p.source, p.source_id) >= (person.source, person.source_id)
        AND p.source <= person.source ORDER BY p.source, p.source_id LIMIT 1
    ) OR called = (
        SELECT lower(coalesce(p.user_name, nullif(p.work_email, ''), p.source_id)) COLLATE "C" FROM workforce_person p
        WHERE (p.source, lower(coalesce(p.user_name, nullif(p.work_email, ''), p.source_id)) COLLATE "C")
            >= (person.source, called) AND p.source <= person.source
        ORDER BY p.source, lower(coalesce(p.user_name, nullif(p.work_email, ''), p.source_id)) COLLATE "C" LIMIT 1
    ) OR EXISTS (
        SELECT FROM workforce_person p WHERE p.source = person.source AND p.manager_source_id = person.source_id
        AND p.manager_id IS NULL AND p.manager_source_id <> ''
    ) THEN RETURN; END IF;
    IF title <> '' THEN
        SELECT t.id INTO person.job_title_id FROM workforce_jobtitle t WHERE lower(t.name) = lower(title);
        IF NOT FOUND THEN RETURN; END IF;
    END IF;
    IF department <> '' THEN
        SELECT t.id INTO person.team_id FROM workforce_team t WHERE lower(t.name) = lower(department);
        IF NOT FOUND THEN RETURN; END IF;
    END IF;
    IF person.manager_source_id <> '' THEN
        SELECT p.id, p.source_id INTO boss FROM workforce_person p
        WHERE p.source = person.source AND (p.source_id = person.manager_source_id OR p.id = named)
        ORDER BY p.id = named DESC LIMIT 1;
        IF FOUND THEN
            person.manager_id := boss.id;
            person.manager_source_id := boss.source_id;
        END IF;
    END IF;
    IF person.status <> 'inactive' AND person.work_email <> '' AND EXISTS (
        SELECT FROM workforce_person p
        WHERE lower(p.work_email) = lower(person.work_email) AND p.source || '' = person.source AND p.status <> 'inactive'
    ) THEN person.work_email := ''; END IF;
    INSERT INTO workforce_person AS made (
        id, version, source, source_id, user_name, employee_number, work_email, given_name, family_name, display_name,
        location, employment_type, status, manager_source_id, manager_id, job_title_id, team_id, position_since, left_at
    ) VALUES (
        person.id, 1, person.source, person.source_id, person.user_name, person.employee_number, person.work_email,
        person.given_name, person.family_name, person.display_name, person.location, person.employment_type,
        person.status, person.manager_source_id, person.manager_id, person.job_title_id, person.team_id, today,
        CASE WHEN person.status = 'inactive' THEN now() END
    ) RETURNING made.created_at, made.changed_at INTO created_at, changed_at;
    INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
    VALUES ((sent->>'by')::uuid, sent->>'by_name', 'add', 'person', person.id, left(person.display_name, 400), person.id, '{}');
    UPDATE workforce_source SET revision = revision + 1 WHERE name = person.source;
    work_email := person.work_email;
    manager := person.manager_id;
    manager_source_id := person.manager_source_id;
    RETURN NEXT;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0012_uploads"), ("base", "0002_truths")]
    operations = [migrations.RunSQL(JOIN, "DROP FUNCTION workforce_join(jsonb, date, text)")]
