"""The doors to what is said about people, for pages and API alike.

A person's record is for themselves, for the managers above them and for people admins; whoever else looks leaves a note
that the person sees. Designers and everybody else see figures about groups, and none about fewer than five people.
"""

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from gaps.models import Cause, Contest, Evidence, Goal, GoalDate, Overrule, RatingList, Requirement, Trust, Type
from gaps.queries import looking
from gaps.seeing import own_tree, people_seen_by, sees_everybody
from skills.models import Skill
from workflows.models import Step
from workforce.models import Account, Person
from workforce.queries.accounts import administrators

# Among fewer people a figure would say who it is.
SMALLEST_GROUP = 5
# What a colleague may say; anything else is for the managers above and for people admins.
SAID_BY_COLLEAGUES = (Type.PEER, Type.OBSERVED, Type.ACCEPTED)


# --- whose record -----------------------------------------------------------------------------


def may_see_record(account: Account, person: Person) -> bool:
    """Whether the one gate, `people_seen_by`, lets this account see this person."""
    return account.person_id == person.pk or people_seen_by(account).filter(pk=person.pk).exists()


def leads(account: Account, person: Person) -> bool:
    """Whether the chain of managers leads from this person to whoever asks."""
    return account.person is not None and Person.objects.in_tree_of(account.person).filter(pk=person.pk).exists()


def record_for(account: Account, pk: UUID, *, page: str) -> Person:
    """The one door to a person's record. Whoever looks at somebody else's is noted, and the person sees it.

    `page` is what they looked at, in words: “gaps”, “evidence”.
    """
    person = get_object_or_404(Person.objects.with_names(), pk=pk)
    if not may_see_record(account, person):
        raise PermissionDenied(f"Only {whom_to_ask(person)} see what is said about {person}. Ask one of them.")
    if account.person_id != person.pk:
        looking.note(account, [person.pk], page=page)
    return person


def note_list(account: Account, people: Collection[UUID], *, page: str) -> None:
    """The same for a page that shows the records of many at once, such as a team's heatmap."""
    looking.note(account, [pk for pk in people if pk != account.person_id], page=page)


def person_to_lead_for(account: Account, pk: UUID) -> Person:
    """The door to what a manager decides about somebody: goals, causes, labels. People admins may, too.

    Whoever decides sees what it is about, so this is a look at the record like any other.
    """
    person = get_object_or_404(Person.objects.with_names(), pk=pk)
    if not (leads(account, person) or account.can_manage_people):
        raise PermissionDenied(
            f"Only {whom_to_ask(person, oneself=False)} decide this about {person}. Ask one of them."
        )
    note_list(account, [person.pk], page="what is decided")
    return person


def person_to_judge_for(account: Account, pk: UUID, type: str) -> Person:
    """The door to saying something about somebody. Nobody speaks for others, and only others vouch for one's work."""
    person = get_object_or_404(Person.objects.with_names(), pk=pk)
    if account.can_manage_people:
        return person
    if account.person_id == person.pk:
        if type != Type.OWN:
            raise PermissionDenied("About yourself you record your own view. Ask whoever saw you at work for theirs.")
        return person
    if account.person is None or type == Type.OWN:
        raise PermissionDenied("An own view is recorded by the person themselves. Ask them for it.")
    if not (leads(account, person) or type in SAID_BY_COLLEAGUES):
        raise PermissionDenied(f"Only {whom_to_ask(person, oneself=False)} record this. You can give a peer's view.")
    return person


def may_decide(account: Account, person: Person) -> bool:
    """Whether this account decides about somebody else's goals, contests and gaps. See also: person_to_lead_for."""
    return account.person_id != person.pk and (leads(account, person) or account.can_manage_people)


def types_said_by(account: Account, person: Person) -> list[Type]:
    """What this account may say about a person on a page, the likeliest first. See also: person_to_judge_for."""
    if account.person_id == person.pk:
        return [Type.OWN]
    if leads(account, person):
        return [Type.MANAGER, Type.OBSERVED, Type.EXERCISE, Type.CREDENTIAL, Type.ACCEPTED]
    said = [Type.PEER, Type.OBSERVED, Type.ACCEPTED] if account.person else []
    return [Type.EXERCISE, Type.CREDENTIAL, *said] if account.can_manage_people else said


def person_to_speak_about_for(account: Account, pk: UUID) -> Person:
    """The door to the question of what somebody can do; `types_said_by` says what may be answered."""
    person = get_object_or_404(Person.objects.with_names(), pk=pk)
    if not types_said_by(account, person):
        raise PermissionDenied(f"Only colleagues say what {person} can do, and this sign-in belongs to no person.")
    if not (person.is_at_work or may_see_record(account, person)):
        raise Http404
    return person


def skill_of_record_for(account: Account, pk: UUID) -> Skill:
    """The door to a skill that a record names. Whoever sees the record sees the skill, published or not."""
    return get_object_or_404(Skill, pk=pk)


def whom_to_ask(person: Person, *, oneself: bool = True) -> str:
    manager = f"{person.manager}, the managers above" if person.manager else "their managers"
    return f"{f'{person}, ' if oneself else ''}{manager} and people admins"


# --- what is said about them ------------------------------------------------------------------


def evidence_for(account: Account, pk: UUID) -> Evidence:
    """The one door to a piece of evidence: whoever may see the record it is in."""
    found = get_object_or_404(Evidence.objects.with_fate().select_related("person__manager"), pk=pk)
    record_for(account, found.person_id, page="evidence")
    return found


def evidence_seen_by(account: Account) -> QuerySet[Evidence]:
    """What is said about whoever's record this account may open."""
    seen = Evidence.objects.with_fate().select_related("person")
    return seen if sees_everybody(account) else seen.filter(person__in=people_seen_by(account))


def may_send_evidence(account: Account) -> None:
    """Raises PermissionDenied with whom to ask. A program speaks for others, so it needs what people admins may do."""
    if not account.can_manage_people:
        raise PermissionDenied("Only keys with the scope hris send evidence. Ask an administrator.")


def may_bring_ratings(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_manage_people:
        raise PermissionDenied("Only people admins bring in lists of ratings. Ask one of them, or an administrator.")


def rating_list_for(account: Account, pk: UUID) -> RatingList:
    """The one door to a list of ratings: people admins see each other's, nobody else sees any."""
    may_bring_ratings(account)
    return get_object_or_404(RatingList.objects.select_related("created_by", "applied_by", "undone_by"), pk=pk)


def evidence_to_contest_for(account: Account, pk: UUID) -> Evidence:
    """Only the person it is about contests it."""
    found = evidence_for(account, pk)
    if account.person_id != found.person_id:
        raise PermissionDenied(f"Only {found.person} contests what is said about {found.person}.")
    return found


def evidence_to_withdraw_for(account: Account, pk: UUID) -> Evidence:
    """Whoever said it, the managers above, and people admins."""
    found = get_object_or_404(Evidence.objects.with_fate().select_related("person__manager"), pk=pk)
    said_it = found.recorded_by_id == account.pk or (
        found.observer_id is not None and found.observer_id == account.person_id
    )
    if not said_it:
        person_to_lead_for(account, found.person_id)
    return found


def contest_for(account: Account, pk: UUID) -> Contest:
    """The one door to answering a contest: the managers above, and people admins; never the person themselves."""
    contest = get_object_or_404(Contest.objects.select_related("evidence__person__manager", "evidence__skill"), pk=pk)
    if account.person_id == contest.evidence.person_id:
        raise PermissionDenied("You contested it, so somebody else answers. Ask your manager or a people admin.")
    person_to_lead_for(account, contest.evidence.person_id)
    return contest


def goal_for(account: Account, pk: UUID) -> Goal:
    """The one door to a goal: the person, the managers above, and people admins; each side may answer and drop it."""
    goal = get_object_or_404(Goal.objects.select_related("person__manager", "job_role"), pk=pk)
    if account.person_id != goal.person_id:
        person_to_lead_for(account, goal.person_id)
    return goal


def goal_date_for(account: Account, pk: UUID) -> GoalDate:
    """The one door to another day for a goal: whoever may answer the goal."""
    date = get_object_or_404(GoalDate.objects.select_related("proposed_by"), pk=pk)
    date.goal = goal_for(account, date.goal_id)
    return date


def person_to_aim_for(account: Account, pk: UUID) -> Person:
    """The door to proposing a target role: the person, the managers above, and people admins."""
    if account.person_id == pk:
        return get_object_or_404(Person.objects.with_names(), pk=pk)
    return person_to_lead_for(account, pk)


def overrule_for(account: Account, pk: UUID) -> Overrule:
    """The one door to taking an overrule back: whoever decides about the person."""
    overrule = get_object_or_404(Overrule.objects.select_related("person__manager", "skill"), pk=pk)
    person_to_lead_for(account, overrule.person_id)
    return overrule


def cause_for(account: Account, pk: UUID) -> Cause:
    """The same for the cause of a gap."""
    cause = get_object_or_404(Cause.objects.select_related("person__manager", "skill"), pk=pk)
    person_to_lead_for(account, cause.person_id)
    return cause


def entry_for(account: Account, batch: UUID) -> None:
    """The door to taking back what one entered at once: nobody else's is there."""
    if not Evidence.objects.entered_in(batch, account).exists():
        raise Http404


def people_to_enter_for(account: Account) -> set[UUID]:
    """Whom somebody may enter views about, all on one page: everybody who reports to them however far down."""
    found = own_tree(account) - {account.person_id}
    if not found:
        raise PermissionDenied("Only whoever leads people enters levels for a team. You can record your own view.")
    return {pk for pk in found if pk}


# --- what is the same for everybody -----------------------------------------------------------


def requirement_for(account: Account, pk: UUID) -> Requirement:
    """The one door to a requirement. Everybody may look: it says what work asks, and nothing about people."""
    return get_object_or_404(Requirement.objects.with_names(), pk=pk)


def requirement_of_role_for(account: Account, job_role: UUID, skill: UUID) -> Requirement:
    """The same door, by what it is about: its id goes once the role no longer needs the skill."""
    return get_object_or_404(Requirement.objects.with_names(), job_role=job_role, skill=skill)


def step_to_staff_for(account: Account, pk: UUID) -> Step:
    """The door to saying how many people a step needs: designers, and whoever leads people who do it."""
    step = get_object_or_404(Step.objects.select_related("workflow__owner", "performed_by"), pk=pk)
    if not (account.can_design or leads_a_performer(account, step)):
        raise PermissionDenied(f"Only designers and managers of its performers set this. Ask {step.workflow.owner}.")
    return step


def leads_a_performer(account: Account, step: Step) -> bool:
    if account.person is None or step.performed_by is None:
        return False
    return Person.objects.in_tree_of(account.person).active().holding(step.performed_by).exists()


def may_set_trust(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.is_administrator:
        admin = administrators().first()
        raise PermissionDenied(
            f"Only administrators say how far evidence is trusted. Ask {admin or 'whoever runs Sightline'}."
        )


def trust_for(account: Account, type: str) -> Trust:
    """The door to how far a type of evidence is trusted: administrators set it."""
    may_set_trust(account)
    return get_object_or_404(Trust, type=type)
