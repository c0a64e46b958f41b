from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from base.errors import RuleBroken
from workforce import actions
from workforce.models import Account, Role


class Command(BaseCommand):
    help = "Let somebody sign in: the first administrator of a new installation, for instance. Asks for a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", help="The full name; the address, if it is not given.")
        parser.add_argument("--role", action="append", choices=Role.values, default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        email, name = options["email"], options["name"] or options["email"]
        roles = [Role(role) for role in options["role"]]
        password = getpass("Password: ")
        try:
            validate_email(email)
            validate_password(password)
            actions.open_account(email, full_name=name, roles=roles, password=password, by=Account.objects.system())
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        except RuleBroken as broken:
            raise CommandError(broken.message) from broken
        self.stdout.write(f"{email} can sign in.")
