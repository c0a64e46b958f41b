"""What the ground floor keeps about people, and what becomes of it. See also: retention."""

from base.retention import actors, delete, impersonal, keep, pseudonymise

SAID = "EXISTS (SELECT FROM unnest(%(patterns)s::text[]) spelling WHERE it.{column} LIKE spelling)"
# A value of the trail that is exactly a name or an address of theirs is replaced, wherever it stands.
RETOLD = """(
    SELECT coalesce(jsonb_object_agg(field, CASE WHEN jsonb_typeof(sides) = 'array' THEN (
        SELECT jsonb_agg(CASE
            WHEN value #>> '{}' = ANY (%(spellings)s) THEN to_jsonb(%(pseudonym)s::text)
            WHEN value ->> 'name' = ANY (%(spellings)s)
                OR value ->> 'id' IN (%(person)s::text, %(account)s::text)
                THEN jsonb_set(value, '{name}', to_jsonb(%(pseudonym)s::text))
            ELSE value END ORDER BY place)
        FROM jsonb_array_elements(sides) WITH ORDINALITY one (value, place)
    ) ELSE sides END), '{}') FROM jsonb_each(it.facts) each (field, sides)
)"""


def declare() -> None:
    pseudonymise(
        "base.Change",
        where="%(person)s::uuid IN (it.subject, it.scope) OR %(account)s::uuid IN (it.subject, it.scope)",
        values={"name": "%(pseudonym)s", "facts": "'{}'"},
        what="what was changed about them: names before and after, evidence, goals",
        why="who changed what, and when, can be asked for",
        kept="as long as the work it tells of",
        because="that something was changed, and when, stays; what it said is gone",
    )
    pseudonymise(
        "base.Change",
        where="it.by = %(account)s::uuid",
        values={"by_name": "%(pseudonym)s"},
        what="the name of whoever changed something",
        why="who changed what, and when, can be asked for",
        kept="as long as the work it tells of",
        because="the change stays, and names nobody",
    )
    pseudonymise(
        "base.Change",
        where=(
            "EXISTS (SELECT FROM unnest(%(patterns)s::text[]) spelling WHERE it.facts::text LIKE spelling)"
            " AND jsonb_typeof(it.facts) = 'object'"
        ),
        values={"facts": RETOLD},
        what="their name in what was changed about others: as a manager, an owner, an assignee",
        why="who changed what, and when, can be asked for",
        kept="as long as the work it tells of",
    )
    keep(
        "base.Change",
        "by subject scope",
        what="ids of accounts, people and things",
        why="what belongs together stays together",
        because="an id that leads to no name says nothing",
    )
    impersonal("base.Change", "verb noun")
    delete(
        "base.OutboxMessage",
        where=SAID.format(column="payload::text") + " OR it.payload::text LIKE '%%' || %(account)s::text || '%%'",
        what="what is to be sent: ids, and now and then the name of whoever asked for it",
        why="a mail leaves exactly when its change is kept",
        expires=("created_at", "KEEP_SENT_DAYS"),
    )
    delete(
        "base.Answer",
        where=f"it.by = %(account)s::uuid OR {SAID.format(column='body')}",
        what="what a program was answered",
        why="a request that is repeated is answered as it was the first time",
        kept="a week",
    )
    pseudonymise(
        "base.WatchRun",
        where="it.asked_by = %(account)s::uuid",
        values={"asked_by_name": "%(pseudonym)s"},
        what="who asked for a check of all rules",
        why="the queue says who did",
        kept="for good",
    )
    actors("base.WatchRun", "asked_by")
    impersonal("base.WatchRun", "found failures")
    keep(
        "sessions.Session",
        "session_key session_data",
        what="that somebody is signed in",
        why="nobody signs in for every page",
        because="their account opens nothing any more, and a session runs out after two weeks",
        kept="2 weeks",
    )
    impersonal("socialaccount.SocialApp", "provider provider_id name client_id secret key settings")
