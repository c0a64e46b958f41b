"""What is said about people, for how long, and what becomes of it. See also: base.retention."""

from base.retention import actors, delete, impersonal, keep, pseudonymise

THEIRS = "it.person_id = %(person)s"
OF_THEIR_EVIDENCE = "(SELECT id FROM gaps_evidence WHERE person_id = %(person)s)"
OF_THEIR_CONTESTS = """it.contest_id IN (
    SELECT contest.id FROM gaps_contest contest JOIN gaps_evidence evidence ON evidence.id = contest.evidence_id
    WHERE evidence.person_id = %(person)s
)"""
PLANS = "gaps become plans that a person and a manager agree on"
AS_PERSON = "as long as the person"


def declare() -> None:
    declare_evidence()
    delete(
        "gaps.GoalDate",
        where="it.goal_id IN (SELECT id FROM gaps_goal WHERE person_id = %(person)s)",
        what="other days proposed for a role they want to grow into, and what was answered",
        why=PLANS,
        kept=AS_PERSON,
    )
    for model, what in (
        ("gaps.Standing", "the level that counts in each skill"),
        ("gaps.Goal", "roles they want to grow into, and who agreed"),
        ("gaps.Overrule", "labels that somebody gave a gap, with the reason"),
        ("gaps.Cause", "what somebody named as the cause of a gap"),
    ):
        delete(model, where=THEIRS, what=what, why=PLANS, kept=AS_PERSON)
    delete(
        "gaps.FigurePeriod",
        where=THEIRS,
        what="what their figures were from day to day",
        why="a trend shows whether a team becomes ready",
        expires=("until", "KEEP_FIGURES_DAYS"),
    )
    delete(
        "gaps.AccessNote",
        where=THEIRS,
        what="who looked at their record, and when",
        why="they see it",
        expires=("first_at", "KEEP_ACCESS_NOTES_DAYS"),
    )
    actors("gaps.Evidence", "recorded_by")
    for model, columns in (
        ("gaps.Goal", "proposed_by manager_agreed_by ended_by"),
        ("gaps.GoalDate", "proposed_by answered_by"),
        ("gaps.Overrule", "overruled_by taken_back_by"),
        ("gaps.Cause", "named_by taken_back_by"),
        ("gaps.Contest", "contested_by"),
        ("gaps.ContestAnswer", "answered_by"),
        ("gaps.Withdrawal", "withdrawn_by"),
        ("gaps.AccessNote", "seen_by"),
    ):
        actors(model, columns)
    impersonal("gaps.CoverTarget", "reason")
    actors("gaps.Reweighing", "asked_by")
    impersonal("gaps.Reweighing", "failure")
    declare_ratings()


def declare_evidence() -> None:
    """In the order in which one rests on the other."""
    said = "what was said about their skills, and by whom"
    delete(
        "gaps.ContestAnswer",
        where=OF_THEIR_CONTESTS,
        what="answers to what they contested",
        why="a person can contest the own record",
        kept=AS_PERSON,
    )
    for model, what in (("gaps.Contest", "what they contested"), ("gaps.Withdrawal", "what was withdrawn, and why")):
        delete(
            model,
            where=f"it.evidence_id IN {OF_THEIR_EVIDENCE}",
            what=what,
            why="a person can contest the own record",
            kept=AS_PERSON,
        )
    delete(
        "gaps.Evidence",
        where=THEIRS,
        what=said,
        why="requirements are held against evidence with a named source",
        kept=AS_PERSON,
    )
    pseudonymise(
        "gaps.Evidence",
        where="it.observer_id = %(person)s AND it.person_id <> %(person)s",
        values={
            "observer": "NULL",
            "source": "CASE WHEN it.source = ANY (%(spellings)s) THEN %(pseudonym)s ELSE it.source END",
        },
        what="their name as the observer of somebody else's work",
        why="nothing counts without a named source",
        kept="as long as the other person",
        because="what they saw is the other person's record",
    )


def declare_ratings() -> None:
    delete(
        "gaps.RatingRow",
        where="it.person = ANY (%(spellings)s)",
        what="rows of lists of ratings that could not be brought in",
        why="whoever brought the list mends them",
        kept="a week",
    )
    keep(
        "gaps.RatingPiece",
        "content",
        what="a file of ratings",
        why="it is read again when it is brought in",
        because="it is gone after a week",
        kept="a week",
    )
    actors("gaps.RatingList", "created_by applied_by undone_by")
    keep(
        "gaps.RatingList",
        "shape",
        what="the first rows of a file of ratings",
        why="whoever brings it sees which column is which",
        because="they are gone after a week",
        kept="a week",
    )
    impersonal("gaps.RatingList", "failure file_name mapping source scale bands counts values undo_reason reached")
