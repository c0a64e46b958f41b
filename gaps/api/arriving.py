"""Statements as programs send them: each is checked on its own, and one that is wrong holds up no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from drf_standardized_errors.formatter import flatten_errors
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from gaps import actions
from gaps.actions import Statement
from gaps.actions.recording import ABOUT, MOST_AT_ONCE, SENTENCES
from gaps.models import HELD_LEVEL, Evidence, Type
from gaps.queries.named import Named, look_up
from workforce.models import Account


class NewEvidence(serializers.Serializer[Any]):
    person = serializers.UUIDField(required=False, help_text="Or `person_source_id`.")
    person_source_id = serializers.CharField(max_length=200, required=False, help_text="The key of the HR system.")
    skill = serializers.UUIDField()
    level = serializers.IntegerField(**HELD_LEVEL)
    type = serializers.ChoiceField(choices=Type.choices)
    observed_at = serializers.DateTimeField(help_text="The moment of what it is about.")
    valid_until = serializers.DateField(
        allow_null=True, required=False, help_text="When a credential expires, or earlier than the type allows."
    )
    observer = serializers.UUIDField(allow_null=True, required=False, help_text="Who saw it. Or `observer_source_id`.")
    observer_source_id = serializers.CharField(max_length=200, required=False)
    step = serializers.UUIDField(allow_null=True, required=False, help_text="Where it was seen.")
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=200, required=False, help_text="Who says so; the name of the key without one."
    )
    reference = serializers.CharField(
        max_length=200, allow_blank=True, required=False, help_text="Your own id: the same again is recorded once."
    )
    note = serializers.CharField(max_length=1000, allow_blank=True, required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if len({"person", "person_source_id"} & values.keys()) != 1:
            raise serializers.ValidationError({"person": "Send either person or person_source_id."})
        return values


class Recorded(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="Counted from 1.")
    evidence = serializers.UUIDField()
    result = serializers.ChoiceField(choices=["recorded", "known"], help_text="known: this reference came before.")


class RowProblem(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="Counted from 1.")
    code = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence that says what to do next.")
    attr = serializers.CharField(allow_null=True)


class Receipt(serializers.Serializer[Any]):
    recorded = serializers.IntegerField()
    known = serializers.IntegerField()
    rejected = serializers.IntegerField()
    results = Recorded(many=True)
    errors = RowProblem(many=True)  # type: ignore[assignment]


@dataclass(frozen=True)
class Problem:
    row: int
    code: str
    detail: str
    attr: str | None


class NotTaken(Exception):  # noqa: N818 - the sentence matters, not the suffix
    def __init__(self, code: str, detail: str, attr: str) -> None:
        super().__init__(detail)
        self.code, self.detail, self.attr = code, detail, attr


def receive(sent: Any, *, by: Account) -> dict[str, Any]:
    """Record one statement or up to a thousand. One alone that is wrong is refused as a whole: ValidationError."""
    rows = sent if isinstance(sent, list) else [sent]
    if len(rows) > MOST_AT_ONCE:
        raise ValidationError(f"Send at most {MOST_AT_ONCE:,} statements at a time.", code="too_many")
    checked, problems = check(rows)
    statements = find(checked, look_up(checked.values()), problems, by=by)
    verdicts = dict(zip(statements, actions.record_many(list(statements.values()), by=by), strict=True))
    problems += [
        Problem(row, verdict.code, SENTENCES[verdict.code], ABOUT[verdict.code])
        for row, verdict in verdicts.items()
        if verdict.is_refused
    ]
    if problems and not isinstance(sent, list):
        raise ValidationError({p.attr or "non_field_errors": [ErrorDetail(p.detail, p.code)] for p in problems})
    taken = [
        {"row": row, "evidence": verdict.evidence, "result": "recorded" if verdict.is_written else "known"}
        for row, verdict in verdicts.items()
        if not verdict.is_refused
    ]
    recorded = sum(one["result"] == "recorded" for one in taken)
    return {
        "recorded": recorded,
        "known": len(taken) - recorded,
        "rejected": len({problem.row for problem in problems}),
        "results": taken,
        "errors": sorted(problems, key=lambda problem: problem.row),
    }


def check(rows: Sequence[Any]) -> tuple[dict[int, dict[str, Any]], list[Problem]]:
    """{row: values} of those whose fields make sense. One serializer for all: making a thousand takes longer."""
    serializer, checked, problems = NewEvidence(), {}, []
    for row, told in enumerate(rows, start=1):
        try:
            checked[row] = serializer.run_validation(told)
        except ValidationError as refusal:
            found = flatten_errors(refusal.detail)
            problems += [Problem(row, one.code, str(one.detail), one.attr) for one in found]
    return checked, problems


def find(
    checked: dict[int, dict[str, Any]], named: Named, problems: list[Problem], *, by: Account
) -> dict[int, Statement]:
    """{row: statement} of those who name what exists."""
    found = {}
    for row, values in checked.items():
        try:
            found[row] = statement_of(values, named, by=by)
        except NotTaken as why:
            problems.append(Problem(row, why.code, why.detail, why.attr))
    return found


def statement_of(values: dict[str, Any], named: Named, *, by: Account) -> Statement:
    person = person_of(values, "person", named)
    if person is None:
        raise NotTaken("unknown_person", "Nobody has this id. Send the person first, or look it up.", "person")
    if values["skill"] not in named.skills:
        raise NotTaken("unknown_skill", "There is no skill with this id. Look it up under skills/.", "skill")
    if values.get("step") and values["step"] not in named.steps:
        raise NotTaken("unknown_step", "There is no step with this id. Look it up under steps/.", "step")
    return Statement(
        person_id=person,
        skill_id=values["skill"],
        level=values["level"],
        type=values["type"],
        observed_at=values["observed_at"],
        source=values.get("source") or by.name,
        valid_until=values.get("valid_until"),
        observer_id=person_of(values, "observer", named),
        step_id=values.get("step"),
        reference=values.get("reference", ""),
        note=values.get("note", ""),
    )


def person_of(values: dict[str, Any], field: str, named: Named) -> UUID | None:
    """Who is named by an id of ours or of their source; None where nobody is."""
    source_id = values.get(f"{field}_source_id")
    if source_id:
        found = named.by_source_id.get(source_id, [])
        if len(found) > 1:
            detail = f"Two systems know a “{source_id}”. Send {field} with our id instead."
            raise NotTaken("which_source", detail, f"{field}_source_id")
        if not found:
            raise NotTaken(f"unknown_{field}", "Nobody has this id. Send the person first.", f"{field}_source_id")
        return found[0]
    pk: UUID | None = values.get(field)
    if pk and pk not in named.people:
        raise NotTaken(f"unknown_{field}", "Nobody has this id. Send the person first, or look it up.", field)
    return pk


class EvidenceOutput(serializers.ModelSerializer[Evidence]):
    person_source_id = serializers.CharField(source="person.source_id")
    is_withdrawn = serializers.BooleanField(help_text="It no longer counts.")
    is_contested = serializers.BooleanField(help_text="The person says it is not so, and nobody has answered yet.")
    is_outdated = serializers.BooleanField(help_text="Its step has changed since; there it no longer counts.")

    class Meta:
        model = Evidence
        fields = (
            "id",
            "person",
            "person_source_id",
            "skill",
            "level",
            "type",
            "observed_at",
            "valid_until",
            "observer",
            "step",
            "step_revision",
            "source",
            "reference",
            "note",
            "recorded_at",
            "is_withdrawn",
            "is_contested",
            "is_outdated",
        )
