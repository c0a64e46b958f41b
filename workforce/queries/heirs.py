"""Who goes on with what somebody owned who has left."""

from workforce.models import Account, Person, Role
from workforce.queries import lines


def heir_of(leaver: Person) -> Account | None:
    """The nearest manager above who can sign in; else an administrator; None where there is neither."""
    above = lines.ids_above(leaver)
    accounts = {account.person_id: account for account in Account.objects.active_people().filter(person__in=above)}
    nearest = next((accounts[pk] for pk in above if pk in accounts), None)
    administrators = Account.objects.active_people().filter(roles__contains=[Role.ADMINISTRATOR])
    return nearest or administrators.exclude(person=leaver).order_by("created_at", "pk").first()
