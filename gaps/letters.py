"""Letters to the other side: what became of a goal, of another day for it, or of a contest."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from base.models import Change
from gaps.models import Contest, Goal, GoalDate
from workforce.models import Account, Person
from workforce.queries import lines

SUBJECTS = {
    "propose": "{by} proposes {goal} as a target role",
    "agree": "{by} agrees to {goal} as a target role",
    "decline": "{by} declines {goal} as a target role",
    "drop": "{by} gives up {goal} as a target role",
    "redate": "{by} proposes another day for {goal} as a target role",
    "contest": "{by} contests what was said",
    "answer": "{by} has answered what you contested",
}


DATES = {
    "propose": "{by} proposes another day for {goal} as a target role",
    "agree": "{by} agrees to the new day for {goal} as a target role",
    "decline": "{by} declines the new day for {goal} as a target role",
    "withdraw": "{by} withdraws the new day for {goal} as a target role",
    "reopen": "{by} takes back the answer about the day for {goal} as a target role",
}


def account_of(person: Person) -> Account | None:
    return Account.objects.active_people().filter(person=person).exclude(email="").first()


def leader_of(person: Person) -> Account | None:
    """The nearest manager above who can sign in."""
    return next((account for above in lines.above(person) if (account := account_of(above))), None)


def other_side(person: Person, by: Account) -> Account | None:
    return leader_of(person) if by.person_id == person.pk else account_of(person)


def about_goal(goal: Goal, deed: str, by: Account) -> EmailMessage | None:
    """To the other side, once for each deed; None where they cannot be reached or have been told."""
    to = other_side(goal.person, by)
    version = goal.version if deed == "redate" else 0
    return letter(to, goal, deed, by, {"goal": goal}) if to and claimed(goal, deed, version=version) else None


def about_contest(contest: Contest, deed: str, by: Account) -> EmailMessage | None:
    """A contest goes to the manager, its answer to the person."""
    to = other_side(contest.evidence.person, by)
    return letter(to, contest, deed, by, {"contest": contest}) if to and claimed(contest, deed) else None


def about_date(date: GoalDate, deed: str, by: Account, *, version: int) -> EmailMessage | None:
    """The same for another day; None as well where it has moved on since, and a newer letter tells of that."""
    to = other_side(date.goal.person, by)
    if to is None or date.version != version or not claimed(date, deed, version=version):
        return None
    return letter(to, date.goal, deed, by, {"date": date}, subject=DATES[deed])


def letter(
    to: Account, about: Goal | Contest, deed: str, by: Account, context: dict[str, object], *, subject: str = ""
) -> EmailMessage:
    person = about.person if isinstance(about, Goal) else about.evidence.person
    route = reverse("my_page") if to.person_id == person.pk else reverse("person_gaps", args=[person.pk])
    told = {**context, "account": to, "by": by, "deed": deed, "person": person, "site": settings.SITE_URL}
    body = render_to_string("gaps/mail/other_side.txt", {**told, "address": f"{settings.SITE_URL}{route}"})
    subject = (subject or SUBJECTS[deed]).format(by=by.name, goal=about)
    return EmailMessage(" ".join(f"Sightline: {subject}".split()), body, to=[to.email or ""])


@transaction.atomic
def claimed(about: Goal | GoalDate | Contest, deed: str, *, version: int = 0) -> bool:
    """True for the first who is to tell of it: a message may come twice, a mail may not. The trail is the claim."""
    type(about)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=about.pk)
    told = {"deed": [None, deed], **({"version": [None, version]} if version else {})}
    if Change.objects.filter(subject=about.pk, verb="tell", facts=told).exists():
        return False
    system = Account.objects.system()
    noun = str(about._meta.model_name)
    Change.objects.create(
        by=system.pk,
        by_name=system.name,
        verb="tell",
        noun=noun,
        subject=about.pk,
        name=str(about)[:200],
        scope=about.pk,
        facts=told,
    )
    return True
