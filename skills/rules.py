"""What can be wrong with a skill. Adding a rule is adding one function.

Structure decides, words are hinted at: `says_little` never stops anyone.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from base.rules import Reconciled, Rule, Rules, Severity
from skills.models import Context, Difference, Skill, SkillFlag
from skills.models.skill import ContextQuerySet, SkillQuerySet
from workforce.models import Person

SKILL_RULES = Rules("skill", SkillFlag)

# Published lists of verbs that cannot be observed (Mager; action mapping) and that say little without an object.
VAGUE_VERBS = (
    "appreciate|be aware|be familiar|become|comprehend|consider|define|deal with|ensure|handle|know|learn|maintain|"
    "manage|perform|recogni[sz]e|study|understand"
)
EMPTY_QUALIFIERS = (
    r"adequately|appropriately|as needed|as required|basic|effectively|efficiently|etc|properly|"
    r"successfully|various|well"
)


def contexts() -> ContextQuerySet:
    return Context.objects.filter(skill=OuterRef("pk"))


@SKILL_RULES.rule(
    "no_context",
    Severity.BLOCKS,
    title="No context",
    sentence="It has no context: no step needs it and nobody is waiting for it.",
    remedy="Place it at the step that needs it, for an outcome downstream.",
)
def no_context(skills: SkillQuerySet) -> SkillQuerySet:
    return skills.in_use().filter(~Exists(contexts()))


@SKILL_RULES.rule(
    "path_broken",
    Severity.BLOCKS,
    title="Path broken",
    sentence="Its outcome is no longer downstream of its step.",
    remedy="Choose an outcome that is downstream now, or mend the handoff that was taken away.",
)
def path_broken(skills: SkillQuerySet) -> SkillQuerySet:
    on_active_work = contexts().on_active_work()
    return skills.in_use().filter(~Exists(contexts().live()), Exists(on_active_work))


@SKILL_RULES.rule(
    "work_retired",
    Severity.BLOCKS,
    title="Work retired",
    sentence="Every step or outcome it was placed for is retired.",
    remedy="Place it where the work is done today, or retire the skill too.",
)
def work_retired(skills: SkillQuerySet) -> SkillQuerySet:
    on_active_work = contexts().on_active_work()
    return skills.in_use().filter(Exists(contexts()), ~Exists(on_active_work))


@SKILL_RULES.rule(
    "nobody_performs",
    Severity.WARNS,
    title="Nobody performs it",
    sentence="No active person holds a job role that performs any of its steps.",
    remedy="Map a job title to the role, or give the step to a role that people hold.",
)
def nobody_performs(skills: SkillQuerySet) -> SkillQuerySet:
    holder = Person.objects.active().filter(job_title__job_role=OuterRef("step__performed_by"))
    return skills.in_use().filter(Exists(contexts()), ~Exists(contexts().filter(Exists(holder))))


@SKILL_RULES.rule(
    "outcome_unmeasured",
    Severity.WARNS,
    title="Outcome not measured",
    sentence="An outcome it serves has no measure, or names nobody who benefits.",
    remedy="Give the outcome a measure and a beneficiary.",
)
def outcome_unmeasured(skills: SkillQuerySet) -> SkillQuerySet:
    nobody = Q(outcome__beneficiary="", outcome__beneficiary_role=None)
    unmeasured = contexts().filter(Q(outcome__measure="") | nobody)
    return skills.in_use().filter(Exists(unmeasured))


@SKILL_RULES.rule(
    "step_unrated",
    Severity.WARNS,
    title="Step not rated",
    sentence="The criticality of a step that needs it is missing, or was rated before the step was revised.",
    remedy="Rate what happens when the step fails, from 1 to 7.",
)
def step_unrated(skills: SkillQuerySet) -> SkillQuerySet:
    unrated = contexts().filter(Q(step__criticality=None) | Q(step__rated_revision__lt=F("step__revision")))
    return skills.in_use().filter(Exists(unrated))


@SKILL_RULES.rule(
    "looks_alike",
    Severity.WARNS,
    title="Looks alike",
    sentence="Another skill says nearly the same.",
    remedy="Use the existing one and keep the list short, or say why they differ.",
)
def looks_alike(skills: SkillQuerySet) -> SkillQuerySet:
    twin = Skill.objects.in_use().filter(fingerprint=OuterRef("fingerprint")).exclude(pk=OuterRef("pk"))
    told_apart = Difference.objects.filter(
        Q(one=OuterRef("pk"), other=OuterRef(OuterRef("pk"))) | Q(other=OuterRef("pk"), one=OuterRef(OuterRef("pk")))
    )
    return skills.in_use().filter(Exists(twin.filter(~Exists(told_apart))))


@SKILL_RULES.rule(
    "says_little",
    Severity.HINTS,
    title="Says little",
    sentence="It is a label without a verb, or its words leave open what one would see someone do.",
    remedy="Begin with a verb that can be observed, and name its object.",
)
def says_little(skills: SkillQuerySet) -> SkillQuerySet:
    return skills.in_use().filter(
        Q(statement__iregex=rf"^\s*({VAGUE_VERBS})\y")
        | Q(statement__iregex=rf"\y({EMPTY_QUALIFIERS})\y")
        | ~Q(statement__regex=r"\S\s+\S+\s+\S")
    )


def broken_by(skill: Skill) -> list[Rule]:
    """The rules that one skill breaks now, in the order people should meet them; one query."""
    return SKILL_RULES.broken_by(Skill.objects.filter(pk=skill.pk))


def recheck(skills: Collection[UUID]) -> dict[str, Reconciled | None]:
    """Bring the flags of these skills up to date, inside the edit that touched them."""
    return SKILL_RULES.check_all(among=skills)


def recheck_performers(skills: Collection[UUID]) -> Reconciled | None:
    """As `recheck`, where nothing changed but who holds which job role."""
    return SKILL_RULES.check(SKILL_RULES["nobody_performs"], among=skills)
