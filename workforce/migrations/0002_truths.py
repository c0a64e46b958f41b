"""A manager chain has no loop; a CHECK cannot see other rows."""

from django.db import migrations

NO_LOOP = """
CREATE FUNCTION person_manager_chain_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    loops boolean;
BEGIN
    -- Two transactions could each write half of a loop; whoever comes second looks again.
    PERFORM pg_advisory_xact_lock(hashtext('person_manager_chain_ends'));
    WITH RECURSIVE chain (id) AS (
        SELECT NEW.manager_id
        UNION
        SELECT person.manager_id FROM chain JOIN workforce_person person ON person.id = chain.id
        WHERE person.manager_id IS NOT NULL
    )
    SELECT EXISTS (SELECT FROM chain WHERE chain.id = NEW.id) INTO loops;
    IF loops THEN
        RAISE EXCEPTION '% would be their own manager', NEW.display_name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_manager_chain_ends';
    END IF;
    RETURN NULL;
END $$;
-- At commit, so that a reorganisation may pass through any order.
CREATE CONSTRAINT TRIGGER person_manager_chain_ends
    AFTER INSERT OR UPDATE OF manager_id ON workforce_person
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.manager_id IS NOT NULL) EXECUTE FUNCTION person_manager_chain_ends();
"""
NO_LOOP_UNDONE = """
DROP TRIGGER person_manager_chain_ends ON workforce_person;
DROP FUNCTION person_manager_chain_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial")]

    operations = [migrations.RunSQL(NO_LOOP, NO_LOOP_UNDONE)]
