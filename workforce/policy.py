"""What is known about people and their accounts, why, and what becomes of it. See also: base.retention."""

from base.retention import actors, delete, impersonal, keep, pseudonymise

# Whoever was erased is nobody who could be brought back (workforce.models.RESTORABLE).
LONG_GONE = "least(it.left_at, now() - interval '31 days')"


def declare() -> None:
    declare_people()
    declare_accounts()
    declare_runs()
    declare_impersonal()


def declare_people() -> None:
    for model, what in (
        ("workforce.Position", "former titles and teams"),
        ("workforce.Correction", "what was put right here against the HR system"),
    ):
        delete(
            model,
            where="it.person_id = %(person)s",
            what=what,
            why="figures of a past day count people in the role they had",
            kept="as long as the person",
        )
    delete(
        "workforce.Departure",
        where="it.person_id = %(person)s",
        what="when somebody last left, for the brake on too many leavers",
        why="a feed that goes wrong is stopped",
        kept="as long as the person",
    )
    delete(
        "workforce.Membership",
        where="it.person_id = %(person)s",
        what="the lists of the identity provider they are on",
        why="the provider asks for them",
        kept="as long as the person",
    )
    pseudonymise(
        "workforce.Person",
        where="it.manager_id = %(person)s",
        values={"manager": "NULL", "manager_source_id": "''"},
        what="the manager of others, as their source names them",
        why="a manager may arrive after the people",
        kept="as long as they report to them",
    )
    pseudonymise(
        "workforce.Person",
        where="it.id = %(person)s",
        values={
            "source_id": "%(pseudonym)s", "display_name": "%(pseudonym)s", "given_name": "''", "family_name": "''",
            "employee_number": "''", "work_email": "''", "user_name": "NULL", "manager": "NULL", "team": "NULL",
            "manager_source_id": "''", "job_title": "NULL", "location": "''", "employment_type": "''",
            "start_date": "NULL", "end_date": "NULL", "updated_at": "NULL", "position_since": "NULL",
            "status": "'inactive'", "left_at": LONG_GONE,
            "withdrawn_at": "NULL", "changed_at": "now()",
        },
        what="who works here: name, work address, title, team, manager, dates",
        why="requirements, gaps and cover are about people in roles",
        kept="KEEP_LEAVERS_DAYS days after they have left",
        because="an empty row remains, so that what others did with them still adds up",
    )  # fmt: skip
    keep(
        "workforce.Person",
        "source created_at",
        what="which system told of them, and when",
        why="nobody else's rows are touched by a feed",
        because="it says nothing about whom",
    )


def declare_accounts() -> None:
    signing_in = "signing in"
    delete(
        "account.EmailConfirmation",
        where="it.email_address_id IN (SELECT id FROM account_emailaddress WHERE user_id = %(account)s)",
        what="confirmations of an address", why=signing_in, kept="3 days",
    )  # fmt: skip
    delete(
        "account.EmailAddress", where="it.user_id = %(account)s",
        what="addresses", why=signing_in, kept="as long as the account",
    )  # fmt: skip
    delete(
        "mfa.Authenticator", where="it.user_id = %(account)s",
        what="second factors", why=signing_in, kept="as long as the account",
    )  # fmt: skip
    delete(
        "socialaccount.SocialToken",
        where="it.account_id IN (SELECT id FROM socialaccount_socialaccount WHERE user_id = %(account)s)",
        what="tokens of the provider", why=signing_in, kept="as long as the account",
    )  # fmt: skip
    delete(
        "socialaccount.SocialAccount", where="it.user_id = %(account)s",
        what="what the provider said about them", why=signing_in, kept="as long as the account",
    )  # fmt: skip
    delete(
        "workforce.RunNotice", where="it.account_id = %(account)s",
        what="mails about runs", why="nobody is told twice", kept="as long as the run",
    )  # fmt: skip
    pseudonymise(
        "workforce.ApiKey",
        where="it.owner_id = %(account)s AND it.revoked_at IS NULL",
        values={"revoked_at": "now()", "revoked_by": "%(account)s"},
        what="keys that they answered for",
        why="a key may do what its owner may",
        kept="until somebody revokes them",
        because="revoked, because nobody answers for them any more",
    )
    pseudonymise(
        "workforce.Account",
        where="it.id = %(account)s",
        values={
            "password": "'!'", "last_login": "NULL",
            "email": "lower(replace(%(pseudonym)s, ' ', '-')) || '@erased.invalid'", "full_name": "%(pseudonym)s",
            "person": "NULL", "roles": "'{}'", "is_active": "false", "wants_digest": "false",
        },
        what="the account: name, address, roles, last sign-in",
        why="signing in, and who did what",
        kept="as long as the person",
        because="what they did for others stays, and names nobody",
    )  # fmt: skip
    actors("workforce.Account", "closed_by")
    keep(
        "workforce.Account", "kind created_at closed_at sessions_from", what="what kind of account, and since when",
        why="who did what", because="it says nothing about whom",
    )  # fmt: skip


def declare_runs() -> None:
    pseudonymise(
        "workforce.RunChange",
        where=(
            "it.person = %(person)s::uuid OR it.source_id = %(source_id)s AND it.run_id IN "
            "(SELECT run.id FROM workforce_run run JOIN workforce_source source ON source.id = run.source_id "
            "WHERE source.name = %(source)s)"
        ),
        values={"source_id": "%(pseudonym)s", "name": "%(pseudonym)s", "facts": "'{}'"},
        what="what a run of the HR system changed about them",
        why="a bad run can be understood",
        kept="as long as the run",
        because="the numbers of the run still add up",
    )
    keep(
        "workforce.RunChange", "person", what="whom it was about", why="a run leads to the people it changed",
        because="the id leads to no name",
    )  # fmt: skip
    pseudonymise(
        "workforce.RunProblem",
        where=(
            "it.source_id = %(source_id)s AND it.run_id IN (SELECT run.id FROM workforce_run run "
            "JOIN workforce_source source ON source.id = run.source_id WHERE source.name = %(source)s)"
        ),
        values={"source_id": "''", "detail": "'A row about somebody who was erased.'"},
        what="what was wrong with their row",
        why="whoever looks after the HR system can put it right",
        kept="as long as the run",
    )
    impersonal("workforce.RunChange", "verb")
    impersonal("workforce.RunProblem", "field code")
    keep(
        "workforce.RunPage", "content dropped blanks", what="rows on their way in", why="a run is applied as a whole",
        because="they are gone at the end of the run, an hour later", kept="until the run ends",
    )  # fmt: skip
    keep(
        "workforce.UploadPiece", "content", what="an uploaded file", why="it is read again once columns are chosen",
        because="it is gone once it was applied, or after a week", kept="a week",
    )  # fmt: skip
    keep(
        "workforce.WebhookEvent", "body", what="how many people a run changed", why="other systems are told",
        because="it holds numbers and ids of runs, and nobody's", kept="30 days",
    )  # fmt: skip


def declare_impersonal() -> None:
    actors("workforce.ApiKey", "account created_by owner revoked_by")
    impersonal("workforce.ApiKey", "name prefix digest scopes")
    actors("workforce.JobRole", "retired_by")
    impersonal("workforce.JobRole", "name description")
    impersonal("workforce.JobTitle", "name")
    impersonal("workforce.Team", "name")
    impersonal("workforce.Group", "source name external_id")
    impersonal("workforce.Source", "name key_fields corrections_stand")
    impersonal("workforce.SourceRevision", "source")
    actors("workforce.Run", "opened_by closed_by decided_by")
    impersonal("workforce.Run", "failure reason counts guards dropped")
    actors("workforce.Upload", "created_by applied_by")
    impersonal("workforce.Upload", "failure file_name shape mapping")
    actors("workforce.Webhook", "retired_by owner")
    impersonal("workforce.Webhook", "url kinds off_why")
    impersonal("workforce.WebhookEvent", "kind")
    impersonal("workforce.Delivery", "failure")
    impersonal("workforce.DeliveryTry", "failure")
    keep(
        "workforce.NameWord", "word", what="words of all names, and how often they occur",
        why="a misspelt name finds people", because="it is counted anew every hour, without them",
    )  # fmt: skip
    actors("workforce.Erasure", "erased_by")
    impersonal("workforce.Erasure", "reason counts pseudonym")
