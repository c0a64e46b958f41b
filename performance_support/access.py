"""The doors to resources and where they are placed, for pages and API alike.

Everybody may use what is offered. Designers keep the library; whoever owns or verifies a resource keeps that one.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from base.models import Change
from base.pages import as_id
from gaps.seeing import people_seen_by, sees_everybody
from performance_support.models import (
    Champion,
    Cohort,
    Community,
    Learning,
    Lrs,
    Participant,
    Placement,
    PlanOverrule,
    PlanRule,
    Programme,
    Resource,
    ResourceVersion,
    Statement,
    TimeGrant,
    Tip,
)
from performance_support.models.programme import ProgrammeQuerySet
from performance_support.queries import environment
from skills.models import Skill
from workflows.models import Step, Workflow
from workforce.models import Account, Person, Team
from workforce.models.person import PersonQuerySet
from workforce.queries.accounts import administrators


class Ability(StrEnum):
    VIEW = "view"
    EDIT = "edit"


def resource_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Resource:
    """The one door to a resource. A draft does not exist for those who do not design; 403 with whom to ask."""
    resource = get_object_or_404(Resource.objects.visible_to(account).with_people(), pk=pk)
    if ability is Ability.EDIT:
        may_keep(account, resource)
    return resource


def resource_by_text(account: Account, text: str, ability: Ability = Ability.VIEW) -> Resource:
    """The same door, for an id that a form carried as text. 404 where it is none."""
    if (pk := as_id(text)) is None:
        raise Http404("There is no such resource.")
    return resource_for(account, pk, ability)


def placement_for(
    account: Account, pk: UUID, ability: Ability = Ability.VIEW, *, resource_pk: UUID | None = None
) -> Placement:
    """The one door to a placement: whoever may see its resource. With `resource_pk` it must be that resource's."""
    placements = Placement.objects.filter(resource__in=Resource.objects.visible_to(account)).with_places()
    if resource_pk:
        placements = placements.filter(resource=resource_pk)
    placement = get_object_or_404(placements.select_related("resource__owner", "resource__verifier"), pk=pk)
    if ability is Ability.EDIT:
        may_keep(account, placement.resource)
    return placement


def version_for(resource: Resource, number: int) -> ResourceVersion:
    """One of its versions, through the resource it is of."""
    return get_object_or_404(resource.versions, number=number)


def keeps(account: Account, resource: Resource) -> bool:
    return account.can_design or account.pk in {resource.owner_id, resource.verifier_id}


def may_keep(account: Account, resource: Resource) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not keeps(account, resource):
        raise PermissionDenied(
            f"Only designers and whoever answers for “{resource}” change it. Ask {resource.asked} to do it."
        )


def may_erase_files(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.is_administrator:
        admin = administrators().first()
        raise PermissionDenied(f"Only administrators erase a file for good. Ask {admin or 'whoever runs Sightline'}.")


def may_connect(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.is_administrator:
        admin = administrators().first()
        raise PermissionDenied(f"Only administrators connect a record store. Ask {admin or 'whoever runs Sightline'}.")


def lrs_for(account: Account) -> Lrs:
    """The one door to the record store. 404 where none is connected."""
    may_connect(account)
    return get_object_or_404(Lrs)


def statement_for(account: Account, pk: UUID) -> Statement:
    """The one door to a statement on its way, for whoever looks after the record store."""
    may_connect(account)
    return get_object_or_404(Statement.objects.select_related("lrs"), pk=pk)


def may_set_intervals(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.is_administrator:
        admin = administrators().first()
        raise PermissionDenied(f"Only administrators set review intervals. Ask {admin or 'whoever runs Sightline'}.")


def intervals_for(account: Account, batch: UUID) -> UUID:
    """The one door to intervals that were set together. 404 where nobody set any under this id."""
    may_set_intervals(account)
    if not Change.objects.filter(noun="reviewinterval", scope=batch).exists():
        raise Http404("No intervals were set under this id.")
    return batch


def may_add(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_design:
        raise PermissionDenied(
            "Designers write support. Leave a tip at the step instead, or ask a designer to give you the role."
        )


# --- people -----------------------------------------------------------------------------------


def champion_for(account: Account, pk: UUID) -> Champion:
    """The one door to an invitation: for whoever is asked. 403 with whom to ask for everybody else."""
    champion = get_object_or_404(Champion.objects.with_names(), pk=pk)
    if champion.account_id != account.pk:
        raise PermissionDenied(f"Only {champion.account} answers this. Ask them.")
    return champion


def may_name(account: Account, step: Step) -> None:
    """Who may ask for champions and make tips resources. Raises PermissionDenied with whom to ask."""
    if not keeps_step(account, step):
        raise PermissionDenied(
            f"Designers and whoever answers for the workflow do this. Ask {step.workflow.owner.name}."
        )


def may_name_for_skill(account: Account, skill: Skill) -> None:
    """The same for a skill: designers, and whoever answers for it. Raises PermissionDenied with whom to ask."""
    if not (account.can_design or (skill.owner_id and skill.owner_id == account.pk)):
        raise PermissionDenied(
            f"Designers and whoever answers for the skill do this. Ask {skill.owner or 'a designer'}."
        )


def keeps_step(account: Account, step: Step) -> bool:
    return account.can_design or step.workflow.owner_id == account.pk


def community_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Community:
    """The one door to a community. Designers and whoever keeps it change it."""
    community = get_object_or_404(Community.objects.active().with_places(), pk=pk)
    if ability is Ability.EDIT and not (account.can_design or community.owner_id == account.pk):
        raise PermissionDenied(f"Only designers and whoever keeps a community change it. Ask {community.owner.name}.")
    return community


def cohort_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Cohort:
    """The one door to a cohort. Everybody may look and join; designers and whoever began it change it."""
    cohort = get_object_or_404(Cohort.objects.with_places(), pk=pk)
    if ability is Ability.EDIT and not (account.can_design or cohort.owner_id == account.pk):
        raise PermissionDenied(f"Only designers and whoever began a cohort change it. Ask {cohort.owner.name}.")
    return cohort


def tip_for(account: Account, pk: UUID, *, to_promote: bool = False, to_remove: bool = False) -> Tip:
    """The one door to a tip. Whoever wrote it may take it away; whoever keeps the step may do both."""
    tip = get_object_or_404(Tip.objects.active().with_people(), pk=pk)
    is_own = to_remove and tip.written_by_id == account.pk
    if (to_promote or to_remove) and not is_own:
        may_name(account, tip.step)
    return tip


# --- time to learn ----------------------------------------------------------------------------


def manager_granting_for(account: Account) -> Person:
    """Whoever leads somebody grants time to the own people. 403 with whom to ask."""
    if account.person is None or not Person.objects.active().reporting_to(account.person).exists():
        raise PermissionDenied("Only whoever leads people grants them time. Ask your manager.")
    return account.person


def grant_for(account: Account, pk: UUID) -> TimeGrant:
    """The one door to ending it: whoever granted it, and the managers above. Missing for everybody else."""
    granting = Person.objects.in_tree_of(account.person) if account.person else Person.objects.none()
    mine = TimeGrant.objects.filter(manager__in=granting) | TimeGrant.objects.filter(manager=account.person_id)
    return get_object_or_404(mine.select_related("manager"), pk=pk)


def learner_for(account: Account) -> Person:
    """Oneself. 403 for a sign-in that belongs to no person."""
    if account.person is None:
        raise PermissionDenied("This sign-in belongs to no person, so nothing can be noted. Ask an administrator.")
    return account.person


def learning_for(account: Account, pk: UUID) -> Learning:
    """The one door to what somebody noted: their own. For everybody else it is not there."""
    return get_object_or_404(Learning, pk=pk, person=account.person_id)


def people_led_by(account: Account) -> list[UUID]:
    """Whoever reports to them, however far down, and works here."""
    if account.person is None:
        return []
    return [*Person.objects.active().in_tree_of(account.person).values_list("pk", flat=True)]


# --- the plan ---------------------------------------------------------------------------------


def plan_rule_for(account: Account, pk: UUID) -> PlanRule:
    """The one door to changing a row of the decision table, also one that was taken out."""
    may_rule(account)
    return get_object_or_404(PlanRule, pk=pk)


def may_rule(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_design:
        raise PermissionDenied("Designers keep the decision table. Ask one of them to change it.")


def plan_overrule_for(account: Account, pk: UUID) -> PlanOverrule:
    """The one door to taking back what was decided otherwise: for whoever keeps the step."""
    overrule = get_object_or_404(PlanOverrule.objects.valid().select_related("step__workflow__owner"), pk=pk)
    may_name(account, overrule.step)
    return overrule


# --- programmes -------------------------------------------------------------------------------


def people_of_programmes(account: Account) -> list[UUID] | None:
    """Whom of those who take part an account sees: oneself and the own reporting tree; None for everybody."""
    if sees_everybody(account):
        return None
    return [*people_seen_by(account).values_list("pk", flat=True)]


def programmes_seen_by(account: Account) -> ProgrammeQuerySet:
    """Those in which somebody takes part whom they see, and the own."""
    people = people_of_programmes(account)
    if people is None:
        return Programme.objects.all()
    return Programme.objects.with_people_among(people) | Programme.objects.owned_by(account)


def programme_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Programme:
    """The one door to a programme. Missing for whoever sees nobody in it; 403 with whom to ask for who only looks."""
    programme = get_object_or_404(programmes_seen_by(account).with_work(), pk=pk)
    if ability is Ability.EDIT and not keeps_programme(account, programme):
        raise PermissionDenied(f"Only {programme.owner.name}, managers of who takes part and people admins change it.")
    return programme


def programme_to_read(account: Account, pk: UUID) -> Programme:
    """The same door for its page alone: flags lead designers there, who see its work, and in it nobody."""
    if account.can_design:
        return get_object_or_404(Programme.objects.with_work(), pk=pk)
    return programme_for(account, pk)


def keeps_programme(account: Account, programme: Programme) -> bool:
    """Whoever planned it, whoever leads somebody in it, and people admins."""
    if account.can_manage_people or programme.owner_id == account.pk:
        return True
    return bool({*people_in(programme, account)} - {account.person_id})


def people_in(programme: Programme, account: Account) -> list[UUID]:
    """Who takes part, as far as this account sees them."""
    seen = people_of_programmes(account)
    part = programme.participants.all() if seen is None else programme.participants.filter(person__in=seen)
    return [*part.values_list("person", flat=True)]


def may_plan(account: Account) -> bool:
    return account.can_manage_people or bool(people_led_by(account))


def people_to_plan_for(account: Account) -> PersonQuerySet:
    """Whom one may send: the own people; everybody for people admins. 403 with whom to ask for everybody else."""
    if account.can_manage_people:
        return Person.objects.active()
    if not (led := people_led_by(account)):
        raise PermissionDenied("Only managers and people admins plan programmes. Ask your manager.")
    return Person.objects.active().filter(pk__in=led)


def people_to_talk_with(programme: Programme, account: Account, *, only: UUID | None = None) -> list[Person]:
    """The own people in it; nobody notes talks of somebody else. 403 for whoever leads none of them."""
    led = Person.objects.filter(pk__in={*people_led_by(account)} & {*people_in(programme, account)})
    if not led.exists():
        raise PermissionDenied("Only whoever leads somebody in it notes that they talked. Ask their manager.")
    return [*(led.filter(pk=only) if only else led)]


def own_part_for(account: Account, pk: UUID) -> Participant:
    """One's own part in a programme; for everybody else it is not there."""
    return get_object_or_404(Participant.objects.select_related("programme"), programme=pk, person=account.person_id)


@dataclass(frozen=True)
class Cell:
    """One fact for one team and workflow, and what was said about it."""

    team: Team | None
    workflow: Workflow
    said: str


def cell_for(account: Account, programme: Programme, *, fact: str, team: UUID | None, workflow: UUID | None) -> Cell:
    """The door to saying that something is arranged. Missing where the programme has no such team or workflow."""
    facts = environment.facts([programme.pk], people=people_in(programme, account))
    match = [each for each in facts if (each.fact, each.team, each.workflow) == (fact, team, workflow)]
    if not match:
        raise Http404("This programme has no such team, workflow or fact.")
    of_team = get_object_or_404(Team, pk=team) if team else None
    return Cell(of_team, get_object_or_404(Workflow, pk=workflow), match[0].words)
