"""The day's work for whoever signs in, and what the words mean."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from base.marks import CRITICALITY, LEVELS
from base.pages import page
from skills import today
from workforce.access import people_admin
from workforce.models import Account, JobRole, Run
from workforce.queries import titles
from workforce.requests import SignedIn


@require_safe
def home(request: SignedIn) -> HttpResponse:
    """Each role finds its own part; somebody with several finds them below each other."""
    account = request.user
    context = {
        "today": timezone.localdate(),
        "first_name": account.name.split()[0],
        **(designing(account) if account.can_design else {}),
        **(keeping_people(account) if account.can_manage_people else {}),
        **(working(account) if account.person else {}),
        "people_admin": people_admin(),
    }
    return page(request, "skills/home.html", context)


def designing(account: Account) -> dict[str, Any]:
    return {
        "begun": today.begun(account),
        "waits": today.waits(account),
        "workflows": today.own_workflows(account),
        "asked": today.asked_of(account),
        "lately": today.lately(account),
    }


def keeping_people(account: Account) -> dict[str, Any]:
    found = titles.titles(titles.Wanted())
    return {
        "held": Run.objects.held().count(),
        "titles": found.rows[:5],
        "titles_count": found.count,
        "titled_people": found.people,
    }


def working(account: Account) -> dict[str, Any]:
    person = account.person
    role: JobRole | None = person.job_title.job_role if person and person.job_title else None
    return {
        "person": person,
        "job_role": role,
        "steps": today.own_steps(role) if role else [],
        "team": today.team_of(person) if person else [],
    }


@require_safe
def words(request: SignedIn) -> HttpResponse:
    """One word per thing, and what stands behind the figures from 1 to 7 and from 0 to 4."""
    return page(request, "skills/words.html", {"criticality": CRITICALITY, "levels": LEVELS})
