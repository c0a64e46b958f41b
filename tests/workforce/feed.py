"""An HR system that sends people."""

from typing import Any

from django.utils import timezone

from tests.make import make_account
from workforce import actions
from workforce.actions import runs
from workforce.models import Account, Person, Role, Run


def row(number: int | str, **facts: Any) -> dict[str, Any]:
    """One person as a good feed sends them."""
    return {
        "source_id": f"E{number}",
        "display_name": f"Person {number}",
        "job_title": "Clerk",
        "department": "Office",
        "status": "active",
        "start_date": "2020-01-01",
        **facts,
    }


def staff(count: int, **facts: Any) -> list[dict[str, Any]]:
    return [row(number, **facts) for number in range(count)]


def admin() -> Account:
    return make_account(Role.PEOPLE_ADMIN)


def deliver(
    *pages: list[Any], mode: str = "delta", source: str = "hr", is_dry: bool = False, by: Account | None = None
) -> Run:
    """A run from its opening to its end."""
    by = by or admin()
    run = actions.open_run(source, mode=mode, is_dry=is_dry, by=by)
    for page in pages:
        actions.add_page(run, page, by=by)
    return finish(run, by=by)


def finish(run: Run, *, by: Account | None = None) -> Run:
    actions.close_run(run, by=by or run.opened_by)
    runs.apply_run(run.pk)
    run.refresh_from_db()
    return run


def snapshot(*pages: list[Any], **facts: Any) -> Run:
    return deliver(*pages, mode="snapshot", **facts)


def problems(run: Run) -> list[tuple[str, str]]:
    return sorted(run.problems.values_list("source_id", "code"))


def person(number: int | str) -> Person:
    return Person.objects.with_names().get(source_id=f"E{number}")


def now() -> str:
    return timezone.now().isoformat()


def approve(run: Run, *, reason: str = "It is right", by: Account | None = None) -> Run:
    """Approve a held run and let a worker do it."""
    actions.approve_run(run, reason=reason, by=by or admin())
    runs.apply_run(run.pk)
    run.refresh_from_db()
    return run
