from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.errors import RuleBroken
from workforce import actions
from workforce.models import Account, Scope


class Command(BaseCommand):
    help = "Create an API key and print it, and nothing else. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scope", action="append", choices=Scope.values, default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            _, secret = actions.create_key(options["name"], scopes=options["scope"], by=Account.objects.system())
        except RuleBroken as broken:
            raise CommandError(broken.message) from broken
        self.stdout.write(secret)
