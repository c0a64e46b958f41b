"""Who did what to skills. See also: base.retention."""

from base.retention import actors, delete, impersonal


def declare() -> None:
    delete(
        "skills.Digest",
        where="it.account_id = %(account)s",
        what="which weekly mails they were sent",
        why="nobody is told twice",
        kept="as long as the account",
    )
    actors("skills.Skill", "owner created_by published_by retired_by")
    actors("skills.Context", "placed_by")
    actors("skills.Difference", "said_by")
    actors("skills.SkillFlag", "assigned_to snoozed_by")
    actors("skills.Import", "created_by applied_by undone_by")
    impersonal(
        "skills.Skill",
        "name statement behaviour description origin origin_key origin_print also_called details fingerprint search",
    )
    impersonal("skills.Context", "contribution condition degree")
    impersonal("skills.Difference", "reason")
    impersonal("skills.SkillFlag", "code snooze_reason")
    impersonal("skills.Import", "failure name file_name shape mapping")
    impersonal("skills.ImportPiece", "content")
    impersonal(
        "skills.ImportRow",
        "origin_key row_print name statement description also_called details cells verdict reason difference choice "
        "result",
    )
    impersonal("skills.Word", "word")
