"""Where a page goes on to after something was said about somebody."""

from django.urls import reverse

from gaps.access import may_see_record
from workforce.models import Account, Person


def record_page(account: Account, person: Person) -> str:
    """Where the record is read; a colleague who only gave a view goes back to the person."""
    if account.person_id == person.pk:
        return reverse("my_page")
    return reverse("person_gaps" if may_see_record(account, person) else "person_show", args=[person.pk])
