"""Everything the composer shows, from what was typed: the sentence, the rules, the line of sight, the look-alikes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from base.changes import last_change_of
from base.errors import RuleBroken
from base.marks import LEVELS
from base.rules import Rule, Severity
from skills import actions, rules
from skills.actions import CannotPublish, Draft
from skills.forms import ComposeForm
from skills.models import Context, Skill
from skills.queries import alike, composing
from skills.views.remedies import remedy_in_composer
from skills.wording import OPENERS, marked, parts_of, with_article
from workflows.models import Outcome, Step
from workflows.queries import line_of_sight
from workforce.models import Account

QUESTIONS = {
    "nobody_performs": "does somebody perform it?",
    "outcome_unmeasured": "is the outcome measured?",
    "step_unrated": "is the step rated?",
}


@dataclass(frozen=True)
class Line:
    """One rule as the composer shows it, with the words and the place to mend it."""

    rule: Rule
    title: str
    says: str
    words: str
    anchor: str
    at: Step | Outcome | None


@dataclass(frozen=True)
class Alike:
    """A statement beside the draft: its words in runs, and whether each run differs."""

    skill: Skill
    runs: list[tuple[str, bool]]
    serves: str
    context: Context | None


class Composer:
    """One look at the draft. Each part is worked out when the template asks for it, once."""

    def __init__(self, form: ComposeForm, skill: Skill | None, *, account: Account) -> None:
        form.is_valid()
        self.form, self.skill, self.account = form, skill, account

    def facts(self, **more: Any) -> dict[str, Any]:
        refusal: RuleBroken | None = more.get("refusal") or more.get("outdated")
        return {"composer": self, "form": self.form, "skill": self.skill, "refusal": refusal, **more}

    @cached_property
    def workflows(self) -> Any:
        return composing.steps_by_workflow()

    @cached_property
    def step(self) -> Step | None:
        steps = (step for _, group in self.workflows for step in group)
        return next((step for step in steps if step.pk == self.form.fact("step")), None)

    @cached_property
    def downstream(self) -> composing.Downstream:
        return composing.downstream_of(self.step)

    @cached_property
    def outcome(self) -> Outcome | None:
        return self.downstream.find(self.form.fact("outcome"))

    @cached_property
    def context(self) -> Context | None:
        pk = self.form.fact("context")
        return composing.context_of(self.skill, pk) if self.skill and pk else None

    @property
    def seen(self) -> dict[str, int | None]:
        return {"seen": self.form.fact("seen"), "context_seen": self.form.fact("context_seen")}

    @cached_property
    def draft(self) -> Draft:
        parts = self.form.parts
        return Draft(
            statement=self.form.sentence,
            behaviour=parts.behaviour,
            skill=self.skill,
            context=self.context,
            step=self.step,
            outcome=self.outcome,
            required_level=self.form.fact("level") or 3,
            contribution=parts.contribution,
            condition=self.form.fact("given") or "",
            degree=self.form.fact("degree") or "",
        )

    # --- its parts

    @property
    def place(self) -> int | None:
        return self.step.position if self.step else None

    @property
    def role(self) -> str:
        return with_article(str(self.step.performed_by)).removeprefix("the ") if self.step else ""

    @property
    def levels(self) -> list[tuple[int, str]]:
        return [(value, words) for value, words in LEVELS.items() if value]

    @property
    def offers(self) -> list[tuple[str, list[Outcome]]]:
        found = self.downstream
        groups = [("Handed to the next step", found.next), ("Further downstream", found.further)]
        return [*groups, ("Final outcome", found.final)]

    @property
    def offered(self) -> str:
        """What the outcome field was drawn for; while it stands, the field is left alone under the person's hands."""
        return f"{self.step and self.step.pk}:{self.outcome and self.outcome.pk}"

    @property
    def choices_moved(self) -> bool:
        return self.form.data.get("offered") != self.offered

    @property
    def begin(self) -> str:
        draft = self.draft
        return draft.contribution or draft.statement or "not worded yet"

    # --- somebody else was quicker

    @cached_property
    def stored(self) -> Skill | None:
        return composing.as_stored(self.skill) if self.skill else None

    @property
    def clashes(self) -> list[tuple[str, Any, Any]]:
        """(what, theirs, yours) where the two differ."""
        theirs, yours, context = self.stored, self.draft, self.context
        pairs = [("Statement", theirs and theirs.statement, yours.statement)]
        if context:
            pairs += [
                ("Step", str(context.step), str(yours.step or "")),
                ("Outcome", str(context.outcome), str(yours.outcome or "")),
                ("Level", str(context.required_level), str(yours.required_level)),
                ("Given", context.condition, yours.condition),
                ("To what degree", context.degree, yours.degree),
            ]
        return [pair for pair in pairs if pair[1] != pair[2]]

    # --- the sentence

    @property
    def openers(self) -> list[str]:
        verb = self.form.parts.verb
        return [*OPENERS] if verb in OPENERS else [verb, *OPENERS]

    @cached_property
    def somebody(self) -> str:
        """Who could be served: whoever waits for the outcome."""
        outcome = self.outcome or next(iter(self.downstream.all), None)
        role = composing.receiver_of(outcome) if outcome else None
        return with_article(role.name) if role else outcome.beneficiary if outcome else ""

    @property
    def level(self) -> int:
        return self.draft.required_level

    @cached_property
    def saved(self) -> Any:
        return last_change_of(self.skill) if self.skill else None

    # --- the rules

    @cached_property
    def broken(self) -> list[Rule]:
        broken = actions.rehearse(self.draft, by=self.account)
        codes = {rule.code for rule in broken}
        # The rule knows the same words in another form; the composer also shows what is merely near.
        if self.alike and "looks_alike" not in codes:
            codes.add("looks_alike")
        return [rule for rule in rules.SKILL_RULES if rule.code in codes]

    @property
    def blocking(self) -> list[Rule]:
        return [rule for rule in self.broken if rule.blocks]

    @property
    def warnings(self) -> list[Rule]:
        return [rule for rule in self.broken if rule.severity is Severity.WARNS]

    @property
    def lines(self) -> list[Line]:
        return [
            Line(rule, self.title_of(rule), rule.sentence, *remedy_in_composer(rule.code, self.step, self.outcome))
            for rule in self.broken
        ]

    def title_of(self, rule: Rule) -> str:
        count = len(self.alike)
        if rule.code == "looks_alike" and count > 1:
            return f"it looks like {count} others"
        return rule.title.lower()

    @cached_property
    def unknown(self) -> set[str]:
        return self.draft.unknown

    @property
    def waiting(self) -> list[str]:
        """What nobody can say before a step or an outcome is chosen, as questions."""
        return [question for code, question in QUESTIONS.items() if code in self.unknown]

    @cached_property
    def passing(self) -> list[Rule]:
        told = {rule.code for rule in self.broken} | self.unknown
        return [rule for rule in rules.SKILL_RULES if rule.code not in told]

    @property
    def why_not(self) -> str:
        """The very sentence with which publishing refuses; empty when nothing stands in the way."""
        return CannotPublish(self.blocking).message if self.blocking else ""

    @property
    def passes(self) -> list[str]:
        return [words for rule in self.passing if (words := self.pass_words(rule.code))]

    def pass_words(self, code: str) -> str:
        """What is true because a rule passes, with its figures."""
        step, outcome = self.step, self.outcome
        return {
            "no_context": "A step needs it, and somebody waits for the result.",
            "path_broken": "Its outcome is downstream of its step.",
            "work_retired": "The workflow and the step are in use.",
            "nobody_performs": self.performers_in_words() if step else "Somebody performs it.",
            "outcome_unmeasured": f"Its outcome is measured: {outcome.measure}." if outcome else "It is measured.",
            "step_unrated": f"Step {step.position} is rated: criticality {step.criticality}."
            if step
            else "It is rated.",
            "looks_alike": "No other statement in use says nearly the same.",
            "says_little": "It says something: an action you can see, no empty words.",
        }.get(code, "")

    def performers_in_words(self) -> str:
        count = composing.people_performing(self.step) if self.step else 0
        people = "1 person is" if count == 1 else f"{count} people are"
        return f"Somebody performs it: {people} {self.step.performed_by}." if self.step else ""

    # --- the line of sight

    @cached_property
    def sight(self) -> line_of_sight.Sight | None:
        """The way from the step to the end; while no outcome is chosen, where it could lead."""
        aim = self.outcome or next(iter(self.downstream.final), None) or next(iter(self.downstream.all), None)
        return line_of_sight.sight(self.step, aim) if self.step and aim else None

    @property
    def final(self) -> Outcome | None:
        return self.sight.legs[-1].outcome if self.sight and self.sight.legs else None

    @cached_property
    def ruler(self) -> list[tuple[Step, bool]]:
        """The steps of the workflow, and whether each lies downstream of the chosen one."""
        if self.step is None:
            return []
        reached = composing.steps_downstream_of(self.step)
        steps = next(group for workflow, group in self.workflows if workflow.pk == self.step.workflow_id)
        return [(step, step.pk in reached) for step in steps]

    # --- look-alikes

    @cached_property
    def alike(self) -> list[Alike]:
        statement = self.form.sentence
        found = alike.look_alikes(
            statement,
            behaviour=self.form.parts.behaviour,
            seen_by=self.account,
            but_not=self.skill.pk if self.skill else None,
        )
        return [
            Alike(
                skill=skill,
                runs=marked(skill.statement, statement),
                serves=parts_of(skill.statement).serves,
                context=next(iter(skill.contexts.all()), None),
            )
            for skill in found
        ]
