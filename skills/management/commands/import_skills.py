import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.errors import RuleBroken
from skills import actions, carrying
from skills.models import Import
from workforce.models import Account


class Command(BaseCommand):
    help = (
        "Import a list of skills: CSV, Excel, Rich Skill Descriptors or the ESCO package. Brings in what is new "
        "and what changed; what looks like a skill that is here waits for a person among the imports. "
        "The last line is the verdicts as JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--plan", action="store_true", help="plan only, and change nothing")
        parser.add_argument("--list", default="", help="what the list is called; its skills carry that as their origin")
        parser.add_argument("--name", default="", help="the column with the name")
        parser.add_argument("--statement", default="", help="the column with the statement")
        parser.add_argument("--key", default="", help="the column that tells its rows apart, such as an id or address")
        parser.add_argument("--by", default="", help="the e-mail address of the account that will own the drafts")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = self.planned(**options)
            if not options["plan"] and plan.rows.chosen().exists():
                self.carried(actions.apply_import(plan, by=plan.created_by))
        except (RuleBroken, OSError) as broken:
            raise CommandError(getattr(broken, "message", str(broken))) from broken
        self.stdout.write(json.dumps(plan.rows.counts()))

    def planned(self, file: Path, **options: Any) -> Import:
        by = self.account(options["by"])
        with file.open("rb") as content:
            plan = actions.add_import(content, file_name=file.name, name=options["list"], by=by)
        columns = {field: options[field] for field in ("name", "statement", "key") if options[field]}
        if columns or not plan.is_wanted:
            plan = actions.map_columns(plan, name=plan.name, mapping=plan.mapping | columns, by=by)
        return self.carried(plan)

    def account(self, email: str) -> Account:
        if not email:
            return Account.objects.system()
        try:
            return Account.objects.get_by_natural_key(email)
        except Account.DoesNotExist as error:
            raise RuleBroken(f"There is no account with the address {email}.", code="no_account") from error

    def carried(self, plan: Import) -> Import:
        """Do here and now what a worker would do."""
        carrying.work_on(plan.pk)
        plan.refresh_from_db()
        if plan.failure:
            raise RuleBroken(plan.failure, code="failed")
        return plan
