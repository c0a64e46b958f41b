from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.errors import RuleBroken
from workforce import actions
from workforce.models import Account, Person
from workforce.queries.erasing import plan_erasure


class Command(BaseCommand):
    help = "Erase somebody who has left, as docs/privacy.md says. Cannot be taken back; --plan shows what it would do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="The id in the HR system, or the id here.")
        parser.add_argument("--source", help="Of which system the id is, where several use it.")
        parser.add_argument("--plan", action="store_true", help="Only say what would be done.")
        parser.add_argument("--reason", help="Why, without naming anybody; asked for, if it is not given.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = self.found(options["who"], options["source"])
        if options["plan"]:
            self.tell_plan(person)
            return
        reason = options["reason"] or input("Why (name nobody; this stays): ")
        if not reason.strip():
            raise CommandError("Say why; the reason is kept.")
        try:
            erasure = actions.erase_person(person, reason=reason, by=Account.objects.system())
        except RuleBroken as broken:
            raise CommandError(broken.message) from broken
        self.stdout.write(f"Done; what remains is called {erasure}. Rows touched: {sum(erasure.counts.values())}.")

    def found(self, who: str, source: str | None) -> Person:
        people = Person.objects.known_as(who)
        if source:
            people = people.of_source(source)
        if not people.exists() and (pk := as_uuid(who)):
            people = Person.objects.filter(pk=pk)
        match list(people[:2]):
            case [person]:
                return person
            case []:
                raise CommandError(f"Nobody has the id {who}.")
            case _:
                raise CommandError(f"Several systems use the id {who}. Say which with --source.")

    def tell_plan(self, person: Person) -> None:
        for rule, rows in plan_erasure(person):
            self.stdout.write(f"{rows:>7}  {rule.model}: {rule.what}. {rule.fate_in_words}.")


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
