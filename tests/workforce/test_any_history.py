"""Any deliveries in any order, beside a plain model that shares no code with the product."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from base.models import Change
from tests.workforce.feed import admin, deliver, row
from workforce.models import Account, Person, Source

pytestmark = pytest.mark.django_db

ROW = st.fixed_dictionaries(
    {"number": st.integers(0, 5)},
    optional={
        "location": st.sampled_from(["", "Leeds", "York"]),
        "job_title": st.sampled_from(["Clerk", "clerk", "Lead"]),
        "status": st.sampled_from(["active", "leave", "inactive"]),
        "updated_at": st.sampled_from([f"2026-0{month}-01T00:00:00+00:00" for month in range(1, 6)]),
    },
)
DELIVERY = st.tuples(
    st.sampled_from(["hr", "agency"]),
    st.sampled_from(["delta", "snapshot"]),
    st.booleans(),
    st.lists(ROW, max_size=6, unique_by=lambda told: told["number"]),
)
Model = dict[tuple[str, str], dict[str, Any]]


def expected(model: Model, source: str, mode: str, told: list[dict[str, Any]]) -> None:
    """What a delivery does, said as simply as possible."""
    for facts in told:
        key = (source, facts["source_id"])
        known = model.get(key)
        stamp = facts.get("updated_at", "")
        if known and stamp and known["updated_at"] and stamp < known["updated_at"]:
            continue
        fresh = {**(known or {"status": "active", "updated_at": ""})}
        if mode == "snapshot" and "status" not in facts and fresh["status"] == "inactive":
            fresh["status"] = "active"
        same_title = known and known["job_title"].lower() == facts["job_title"].lower()
        fresh |= {name: facts[name] for name in ("location", "status", "job_title") if name in facts}
        if same_title:
            fresh["job_title"] = known["job_title"]
        fresh["updated_at"] = max(fresh["updated_at"], stamp)
        model[key] = fresh
    if mode == "snapshot":
        here = {(source, facts["source_id"]) for facts in told}
        for key, known in model.items():
            if key[0] == source and key not in here:
                known["status"] = "inactive"


def found() -> Model:
    return {
        (one.source, one.source_id): {
            "status": one.status,
            "location": one.location,
            "job_title": one.job_title.name.lower(),
            "updated_at": one.updated_at.isoformat() if one.updated_at else "",
        }
        for one in Person.objects.with_names()
    }


def comparable(model: Model) -> Model:
    return {key: {**known, "job_title": known["job_title"].lower()} for key, known in model.items()}


def trusting(by: Account) -> None:
    """Sources whose every word is taken; the guards have tests of their own."""
    for name in ("hr", "agency"):
        Source.objects.create(
            name=name, leavers_number=1000, rows_percent=0, titles_percent=100, managers_percent=100, blanks_percent=100
        )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(DELIVERY, max_size=6))
def test_any_history_of_deliveries_ends_as_the_plain_model_says(history):
    with transaction.atomic():
        by = admin()
        trusting(by)
        model: Model = {}
        for source, mode, is_dry, rows in history:
            told = [sent(**facts) for facts in rows]
            run = deliver(told, source=source, mode=mode, is_dry=is_dry, by=by)
            if not told and mode == "snapshot" and run.state == "held":
                continue  # An empty first snapshot is never believed.
            assert run.state == "applied", run.guards
            if not is_dry:
                expected(model, source, mode, told)
            assert found() == comparable(model)
        # Every version of a person has its record in the trail, and nothing else has one.
        assert {one.pk: one.version for one in Person.objects.all()} == {
            pk: Change.objects.filter(subject=pk).count() for pk in Person.objects.values_list("pk", flat=True)
        }
        transaction.set_rollback(True)


def sent(number: int, **facts: Any) -> dict[str, Any]:
    told = (
        row(number, location="", **{"job_title": "Clerk", **facts}) if "location" not in facts else row(number, **facts)
    )
    if "status" not in facts:
        del told["status"]
    return told
