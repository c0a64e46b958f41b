"""The people who are here compared with those who have come. Whoever is unchanged leaves no trace here."""

import datetime as dt
from itertools import compress
from uuid import UUID

from django.db import connection

from workforce.feeds.rows import BIT
from workforce.models import Source

TEXTS = ["employee_number", "work_email", "given_name", "family_name", "display_name", "location", "employment_type"]
# What counts as a change, each with what stands here: column of the person or name of what it refers to.
HERE = {
    **{name: f"person.{name}" for name in [*TEXTS, "manager_source_id", "status", "start_date", "end_date"]},
    "job_title": "coalesce(job_title.name, '')",
    "department": "coalesce(team.name, '')",
}
# Two spellings of one title that differ in case are one title.
FOLDED = {"job_title", "department"}


def given(name: str) -> str:
    return f"incoming.given & {BIT[name]} <> 0"


def taken(name: str) -> str:
    value = f"coalesce(incoming.{name}, '')" if name not in {"start_date", "end_date"} else f"incoming.{name}"
    here = f"coalesce({HERE[name]}, '')" if name not in {"start_date", "end_date"} else HERE[name]
    return f"CASE WHEN {given(name)} THEN {value} ELSE {here} END AS {name}"


def folded(name: str, side: str) -> str:
    return f"lower({side}.{name})" if name in FOLDED else f"{side}.{name}"


# An explicit last day goes before what the status says, and that before absence.
STATUS = """
CASE
    WHEN new.end_date <= %(today)s THEN 'inactive'
    WHEN said.status = 'inactive' AND new.end_date IS NOT NULL
        THEN CASE WHEN person.status <> 'inactive' THEN person.status ELSE 'active' END
    WHEN said.status = 'inactive' THEN 'inactive'
    WHEN new.start_date > %(today)s THEN 'pending'
    WHEN said.status = 'pending' AND new.start_date <= %(today)s THEN 'active'
    ELSE said.status
END
"""
SAID = f"""
CASE
    WHEN incoming.source_id IS NULL THEN 'inactive'
    WHEN {given("status")} THEN incoming.status
    WHEN person.id IS NULL THEN 'active'
    -- A snapshot that knows no status lists whoever works here.
    WHEN person.status = 'inactive' AND %(is_snapshot)s THEN 'active'
    ELSE person.status
END
"""
PLAIN = [name for name in HERE if name != "status"]
MATTERS = list(HERE)
DIFFERS = (
    f"({', '.join(folded(name, 'new') if name != 'status' else 'now.status' for name in MATTERS)}) IS DISTINCT FROM "
    f"({', '.join(f'lower({HERE[name]})' if name in FOLDED else HERE[name] for name in MATTERS)})"
)
# A UUID of version 7: new people stand side by side in an index; ids without order would touch all its pages. Its
# random part is mixed from one random number for all of them, since to ask for one each took half of the comparison.
NEW_ID = """
overlay(
    overlay(md5((SELECT gen_random_uuid()::text) || incoming.source_id)
        PLACING lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000)::bigint), 12, '0') || '7' FROM 1)
    PLACING '8' FROM 17
)::uuid
"""
# With the usual 4 MB every join of a large run goes through files. Whether a column tells people apart, or has few
# values, a tenth of the usual sample knows as well.
COMPARE = f"""
SET LOCAL work_mem = '64MB';
SET LOCAL default_statistics_target = 10;
DROP TABLE IF EXISTS difference;
CREATE TEMPORARY TABLE difference ON COMMIT DROP AS
SELECT
    coalesce(person.id, {NEW_ID}) AS id, person.id IS NULL AS is_new, incoming.source_id IS NULL AS is_missing,
    coalesce(incoming.source_id, person.source_id) AS source_id, person.version AS seen_version,
    {", ".join(f"new.{name}" for name in PLAIN)}, now.status,
    {", ".join(f"{here} AS old_{name}" for name, here in HERE.items())},
    person.job_title_id AS old_job_title_id, person.team_id AS old_team_id, person.manager_id AS old_manager_id,
    person.position_since AS old_position_since, person.updated_at AS old_updated_at,
    -- A clock ahead of ours must not lock out what comes next. (Of nothing and now, `least` would say now.)
    CASE WHEN incoming.updated_at IS NOT NULL THEN least(incoming.updated_at, now()) END AS updated_at
FROM incoming
{{join}} JOIN (SELECT * FROM workforce_person WHERE source = %(source)s) person
    ON person.source_id = incoming.source_id
LEFT JOIN workforce_jobtitle job_title ON job_title.id = person.job_title_id
LEFT JOIN workforce_team team ON team.id = person.team_id
CROSS JOIN LATERAL (SELECT {", ".join(taken(name) for name in PLAIN)}) new
CROSS JOIN LATERAL (SELECT {SAID} AS status) said
CROSS JOIN LATERAL (SELECT {STATUS} AS status) now
WHERE (incoming.given >= 0 OR incoming.source_id IS NULL)
-- Whoever changed here after this snapshot was begun is not missing from it: it could not know.
AND (incoming.source_id IS NOT NULL OR person.status <> 'inactive' AND person.changed_at < %(opened_at)s)
AND (
    {DIFFERS} OR incoming.updated_at > person.updated_at
    OR incoming.updated_at IS NOT NULL AND person.updated_at IS NULL
)
"""
# As DIFFERS, after some of the values were taken back.
AFTER = [folded(name, "difference") for name in MATTERS]
BEFORE = [f"lower(difference.old_{name})" if name in FOLDED else f"difference.old_{name}" for name in MATTERS]
STILL_DIFFERS = f"({', '.join(AFTER)}) IS DISTINCT FROM ({', '.join(BEFORE)})"
FACTS = f"""
(SELECT coalesce(jsonb_object_agg(fact.name, jsonb_build_array(fact.before, fact.after)), '{{{{}}}}') FROM (VALUES
    {", ".join(f"('{name}', to_jsonb(difference.old_{name}), to_jsonb(difference.{name}))" for name in MATTERS)}
) fact (name, before, after) WHERE ({{which}}) AND fact.before IS DISTINCT FROM fact.after)
"""
VERB = """
CASE WHEN is_new THEN 'add'
    WHEN status = 'inactive' AND old_status <> 'inactive' THEN 'leave'
    WHEN status <> 'inactive' AND old_status = 'inactive' THEN 'restore'
    ELSE 'change' END
"""


def facts(which: str = "true") -> str:
    return FACTS.format(which=which)


def compare(source: Source, *, is_snapshot: bool, opened_at: dt.datetime, today: dt.date) -> None:
    """Fill `difference` from `incoming`: one row per person who is new, changed, or (snapshot) missing."""
    join = "FULL" if is_snapshot else "LEFT"
    with connection.cursor() as cursor:
        cursor.execute(
            COMPARE.format(join=join),
            {"source": source.name, "is_snapshot": is_snapshot, "opened_at": opened_at, "today": today},
        )
        cursor.execute("ANALYZE difference (id, is_new, source_id, manager_source_id, job_title, department)")


REPORT = """
INSERT INTO workforce_runproblem (run_id, source_id, field, code, detail, is_rejected)
SELECT %(run)s, source_id, %(field)s, %(code)s, {detail}, %(is_rejected)s FROM difference WHERE {which}
"""
REFUSED = {
    "older": (
        "updated_at",
        "NOT is_missing AND updated_at < old_updated_at",
        "'This is older than what is here, which the source changed at ' || old_updated_at || '.'",
    ),
    "no_name": (
        "display_name",
        "NOT is_missing AND display_name = ''",
        "'A new person needs a name: display_name, or given and family name.'",
    ),
    "ends_before_start": (
        "end_date",
        "NOT is_missing AND end_date < start_date",
        "'With what is here already, the last day lies before the first one.'",
    ),
}
IS_REFUSED = f"SELECT {', '.join(f'bool_or({which})' for _, which, _ in REFUSED.values())} FROM difference"

# The same for whoever asks about one person and reads the answer at once.
REFUSED_SENTENCES = {
    "older": "This is older than what is here: its updated_at lies before that of the last change.",
    "no_name": "A new person needs a name: display_name, or given and family name.",
    "ends_before_start": "With what is here already, the last day lies before the first one.",
}


def turn_away(run: UUID | None) -> dict[str, int]:
    """Take out of `difference` what may not be applied, and say why: {code: rows}."""
    found = dict.fromkeys(REFUSED, 0)
    with connection.cursor() as cursor:
        cursor.execute(IS_REFUSED)
        # Mostly none: that takes one look at everybody instead of six.
        refused = compress(REFUSED.items(), cursor.fetchone())
        for code, (field, which, detail) in refused:
            if run is not None:
                sql = REPORT.format(which=f"{which} AND {STILL_DIFFERS}", detail=detail)
                cursor.execute(sql, {"run": run, "field": field, "code": code, "is_rejected": True})
            # Without a run nobody reads a report: whoever asks is told by the count.
            cursor.execute(f"DELETE FROM difference WHERE {which} RETURNING {STILL_DIFFERS}")
            found[code] = sum(differs for (differs,) in cursor.fetchall())
    return found


SHARED = """
WITH fresh AS (
    SELECT id, lower(work_email) AS address FROM difference
    WHERE work_email <> '' AND lower(work_email) IS DISTINCT FROM lower(old_work_email) AND status <> 'inactive'
), shared AS (
    SELECT address FROM fresh GROUP BY address HAVING count(*) > 1
    UNION
    SELECT fresh.address FROM fresh JOIN workforce_person other ON lower(other.work_email) = fresh.address
    WHERE other.source = %(source)s AND other.id <> fresh.id AND other.status <> 'inactive'
    AND NOT EXISTS (
        SELECT FROM difference moving WHERE moving.id = other.id AND lower(moving.work_email) <> fresh.address
    )
), kept AS (
    UPDATE difference SET work_email = coalesce(old_work_email, '') FROM fresh JOIN shared USING (address)
    WHERE difference.id = fresh.id RETURNING difference.source_id, fresh.address
)
INSERT INTO workforce_runproblem (run_id, source_id, field, code, detail, is_rejected)
SELECT %(run)s, source_id, 'work_email', 'email_shared',
    address || ' belongs to several people, so it tells nobody apart and was not taken. The rest of the row was.', false
FROM kept WHERE %(run)s IS NOT NULL
"""


def keep_shared_addresses_out(source: Source, run: UUID | None) -> None:
    """An address leads to one person or to none: sign-on goes by it."""
    with connection.cursor() as cursor:
        cursor.execute(SHARED, {"source": source.name, "run": run})


def forget_what_is_as_before() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM difference WHERE NOT is_new AND NOT ({STILL_DIFFERS}) "
            "AND (updated_at IS NULL OR updated_at = old_updated_at)"
        )


# Whoever would be gone, now or on a day to come: a last day that nobody had named, or an earlier one, is no smaller a
# thing than a status, it only works later. A first day moved ahead sends home who is here.
# See also: departures.is_shorter.
LEAVES = """
NOT difference.is_new AND difference.old_status <> 'inactive' AND (
    difference.status = 'inactive' OR difference.status = 'pending' AND difference.old_status <> 'pending'
    OR difference.end_date < coalesce(difference.old_end_date, 'infinity')
)
"""
# Cleared, or changed to somebody whom nobody knows: people would be without their manager either way.
LOSES_MANAGER = """
NOT difference.is_new AND difference.manager_source_id <> difference.old_manager_source_id AND (
    difference.manager_source_id = '' OR difference.old_manager_id IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM workforce_person known
        WHERE known.source = %(source)s AND known.source_id = difference.manager_source_id
    )
    AND difference.manager_source_id NOT IN (SELECT source_id FROM difference arriving WHERE arriving.is_new)
)
"""
SUMS = f"""
SELECT
    count(*) FILTER (WHERE {LEAVES}) AS leavers,
    count(*) FILTER (WHERE {LOSES_MANAGER}) AS managers,
    count(*) FILTER (WHERE NOT is_new AND old_job_title <> '' AND lower(job_title) <> lower(old_job_title)) AS titles
FROM difference
"""
WHOLE = """
SELECT count(*) FILTER (WHERE status IN ('active', 'leave')),
    count(*) FILTER (WHERE manager_source_id <> '' AND status <> 'inactive')
FROM workforce_person WHERE source = %s
"""


def sums(source: Source) -> dict[str, int]:
    """What the guards measure: how much would change, and how much there is."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"source": source.name})
        leavers, managers, titles = cursor.fetchone()
        cursor.execute(WHOLE, [source.name])
        active, managed = cursor.fetchone()
    return {"leavers": leavers, "managers": managers, "titles": titles, "active": active, "managed": managed}


def turned_away_before() -> int:
    """People whose rows were turned away when their page came, or because they contradict each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incoming WHERE given < 0")
        count: int = cursor.fetchone()[0]
    return count


def counts() -> dict[tuple[str, bool], int]:
    """{(verb, whether the person was missing): people} of the differences that remain."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {VERB}, is_missing, count(*) FROM difference WHERE is_new OR {STILL_DIFFERS} GROUP BY 1, 2"
        )
        return {(verb, is_missing): count for verb, is_missing, count in cursor.fetchall()}
