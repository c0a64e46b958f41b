"""Whoever joins is looked for, and so is their manager, in the order of the index that is meant, with nothing else to go by.

That the source is theirs was asked beside it (0013): in a table without statistics the planner then expected one row,
which it sorts for nothing, and took the index of a source's people by id. It read all of them for each who joined, over
every connection that was opened before autovacuum came by. What is found is compared afterwards.
"""

from importlib import import_module

from django.db import migrations

JOIN = """
CREATE OR REPLACE FUNCTION workforce_join(sent jsonb, today date, patience text)
RETURNS TABLE (work_email text, manager uuid, manager_source_id text, created_at timestamptz, changed_at timestamptz)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    person workforce_person := jsonb_populate_record(NULL::workforce_person, sent);
    title text := lower(sent->>'job_title');
    department text := lower(sent->>'department');
    called text COLLATE "C" := lower(person.user_name);
    address text := lower(person.work_email);
    named uuid;
    boss record;
    is_known boolean;
    is_shared boolean;
BEGIN
    PERFORM set_config('lock_timeout', patience, true), pg_advisory_xact_lock(hashtext('people of'), hashtext(person.source));
    -- Known already, under either name; or somebody waits for them as a manager, which may close a loop.
    SELECT (person.source, person.source_id) = (
        SELECT p.source, p.source_id FROM workforce_person p
        WHERE (p.source, p.source_id) >= (person.source, person.source_id) ORDER BY p.source, p.source_id LIMIT 1
    ) OR (person.source, called) = (
        SELECT p.source, lower(coalesce(p.user_name, nullif(p.work_email, ''), p.source_id)) COLLATE "C"
        FROM workforce_person p
        WHERE (p.source, lower(coalesce(p.user_name, nullif(p.work_email, ''), p.source_id)) COLLATE "C")
            >= (person.source, called)
        ORDER BY p.source, lower(coalesce(p.user_name, nullif(p.work_email, ''), p.source_id)) COLLATE "C" LIMIT 1
    ) OR EXISTS (
        SELECT FROM workforce_person p WHERE p.source = person.source AND p.manager_source_id = person.source_id
        AND p.manager_id IS NULL AND p.manager_source_id <> ''
    ),
    (SELECT t.id FROM workforce_jobtitle t WHERE lower(t.name) = title),
    (SELECT t.id FROM workforce_team t WHERE lower(t.name) = department),
    person.status <> 'inactive' AND address <> '' AND EXISTS (
        SELECT FROM workforce_person p
        WHERE lower(p.work_email) = address AND p.source || '' = person.source AND p.status <> 'inactive'
    ) INTO is_known, person.job_title_id, person.team_id, is_shared;
    IF is_known OR person.job_title_id IS NULL AND title <> '' OR person.team_id IS NULL AND department <> '' THEN RETURN; END IF;
    IF is_shared THEN person.work_email := ''; END IF;
    IF person.manager_source_id <> '' THEN
        named := sent->>'manager';
        SELECT p.id, p.source_id INTO boss FROM workforce_person p
        WHERE p.id = named AND p.source || '' = person.source;
        IF NOT FOUND THEN
            SELECT next.id, next.source_id INTO boss FROM (
                SELECT p.id, p.source, p.source_id FROM workforce_person p
                WHERE (p.source, p.source_id) >= (person.source, person.manager_source_id)
                ORDER BY p.source, p.source_id LIMIT 1
            ) next WHERE (next.source, next.source_id) = (person.source, person.manager_source_id);
        END IF;
        IF FOUND THEN
            person.manager_id := boss.id;
            person.manager_source_id := boss.source_id;
        END IF;
    END IF;
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
    UPDATE workforce_sourcerevision SET number = number + 1 WHERE source = person.source;
    IF NOT FOUND THEN INSERT INTO workforce_sourcerevision (source, number) VALUES (person.source, 1); END IF;
    work_email := person.work_email;
    manager := person.manager_id;
    manager_source_id := person.manager_source_id;
    RETURN NEXT;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0022_source_revisions")]
    operations = [migrations.RunSQL(JOIN, import_module("workforce.migrations.0022_source_revisions").JOIN)]
