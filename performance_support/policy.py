"""Who keeps support, and what people said about it. See also: base.retention."""

from base.retention import actors, delete, impersonal, keep


def declare() -> None:
    delete(
        "performance_support.Reminder",
        where="it.account_id = %(account)s",
        what="which weekly mails they were sent",
        why="nobody is told twice",
        kept="as long as the account",
    )
    delete(
        "performance_support.Champion",
        where="it.account_id = %(account)s",
        what="what they may be asked about, and when",
        why="people ask people",
        kept="as long as they offer it",
    )
    delete(
        "performance_support.Learning",
        where="it.person_id = %(person)s",
        what="what they noted that they learnt, in which form and how long",
        why="they see their own sums; others see one sum of at least five people, and nobody is ranked by it",
        expires=("logged_at", "KEEP_LEARNING_DAYS"),
    )
    delete(
        "performance_support.TimeGrant",
        where="it.manager_id = %(person)s",
        what="how much time to learn they granted to whoever reports to them",
        why="their people see that they may",
        kept="as long as the person",
    )
    actors("performance_support.TimeGrant", "granted_by")
    delete(
        "performance_support.Member",
        where="it.account_id = %(account)s",
        what="with whom they learn, and since when",
        why="peers are found at the step; only they themselves join",
        kept="as long as the cohort",
    )
    actors("performance_support.Member", "invited_by")
    actors("performance_support.Cohort", "owner retired_by")
    impersonal("performance_support.Cohort", "name goal meets url")
    delete(
        "performance_support.Talk",
        where="it.participant_id IN (SELECT id FROM performance_support_participant WHERE person_id = %(person)s)",
        what="that their manager talked with them before or after a programme",
        why="a talk carries learning over to the work",
        kept="as long as the programme",
    )
    delete(
        "performance_support.Participant",
        where="it.person_id = %(person)s",
        what="in which programmes they take part, and what they want from it",
        why="programmes are checked for what carries them over to the work",
        kept="as long as the programme",
    )
    delete(
        "performance_support.TalkRequest",
        where="it.account_id = %(account)s",
        what="which mails about talks they were sent",
        why="nobody is told twice",
        kept="as long as the account",
    )
    keep(
        "performance_support.Arrangement",
        "words noted_by",
        what="what they said is arranged around a programme",
        why="somebody stands for what no table tells",
        because="the account behind it loses its name",
    )
    actors("performance_support.Talk", "noted_by")
    actors("performance_support.Programme", "owner retired_by")
    actors("performance_support.ProgrammeFlag", "assigned_to snoozed_by")
    impersonal("performance_support.PlanRule", "training practice support")
    impersonal("performance_support.PlanOverrule", "training practice support reason said")
    impersonal("performance_support.Programme", "name purpose")
    impersonal("performance_support.ProgrammeFlag", "code snooze_reason")
    delete(
        "performance_support.Statement",
        where="it.about_id = %(account)s",
        what="which support they opened and how they voted, on its way to the organisation’s learning record store; "
        "once it is there, that a statement was sent, and no longer whose",
        why="learning records are kept in one place, where an administrator has connected one",
        expires=("made_at", "KEEP_STATEMENTS_DAYS"),
    )
    impersonal("performance_support.Lrs", "url key sealed kinds failure")
    keep(
        "performance_support.Tip",
        "written_by text",
        what="what they have learnt at a step",
        why="it helps whoever does it next",
        because="the account behind it loses its name",
    )
    keep(
        "performance_support.Vote",
        "voted_by comment",
        what="whether something helped, and what they said about it",
        why="two votes make help stale",
        because="the account behind it loses its name",
    )
    actors("performance_support.Resource", "owner verifier created_by verified_by archived_by")
    actors("performance_support.ResourceVersion", "written_by")
    actors("performance_support.ErasedFile", "erased_by")
    actors("performance_support.ResourceFlag", "assigned_to snoozed_by")
    actors("performance_support.Verification", "verified_by")
    actors("performance_support.Placement", "placed_by")
    actors("performance_support.PlanOverrule", "overruled_by taken_back_by")
    actors("performance_support.PlanRule", "retired_by")
    actors("performance_support.Champion", "asked_by")
    actors("performance_support.Community", "owner retired_by")
    actors("performance_support.Tip", "retired_by")
    actors("performance_support.TipVote", "voted_by")
    impersonal("performance_support.Community", "name meets url")
    impersonal(
        "performance_support.Resource",
        "title summary text steps url file file_name file_type file_alt language stale_because search",
    )
    impersonal("performance_support.ResourceVersion", "content")
    impersonal("performance_support.ErasedFile", "file reason")
    impersonal("performance_support.ResourceFlag", "code snooze_reason")
    impersonal("performance_support.Verification", "revisions way note")
    impersonal("performance_support.Placement", "moments")
    impersonal("performance_support.Link", "url leads_to trouble state")
    impersonal("performance_support.HelpWord", "word")
