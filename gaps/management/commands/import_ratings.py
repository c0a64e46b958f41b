import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.errors import RuleBroken
from gaps import bringing
from gaps.actions import add_ratings, apply_ratings, plan_ratings, undo_ratings
from gaps.actions.rating import TYPES
from gaps.export import rejected_ratings
from gaps.models import RatingList, Type
from gaps.ratings import FIELDS, SCALES, guess, scale_of
from workforce.models import Account

State = RatingList.State


class Command(BaseCommand):
    help = (
        "Bring in existing ratings from a CSV or Excel file. Shows the scale that is applied and what each row would "
        "do; records nothing before --apply. Bringing the same list again records nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--source", required=True, help="what the ratings are called, such as “Survey 2026”")
        parser.add_argument("--scale", choices=[*SCALES], help="their scale; it is never guessed")
        parser.add_argument("--map", action="append", default=[], help="one line of the scale, such as 3=2 or 60-79=3")
        parser.add_argument("--type", choices=[*TYPES], default=Type.INFERRED.value, help="on whose word (inferred)")
        for field in FIELDS:
            parser.add_argument(f"--{field.replace('_', '-')}", default="", help=f"the column with the {field}")
        parser.add_argument("--problems", type=Path, help="a CSV file for the rows that cannot be brought in")
        parser.add_argument("--apply", action="store_true", help="record what is new")
        parser.add_argument("--undo", default="", metavar="REASON", help="withdraw all that lists of this source said")
        parser.add_argument("--by", default="", help="the e-mail address of the account that acts")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            by = self.account(options["by"])
            if options["undo"]:
                self.take_back(options["source"], reason=options["undo"], by=by)
                return
            plan = self.planned(by, options)
            if options["apply"]:
                plan = self.worked_on(apply_ratings(plan, by=by)) if plan.new else plan
                self.stdout.write(f"{plan.done:,} ratings are recorded.")
        except (RuleBroken, OSError) as broken:
            raise CommandError(getattr(broken, "message", str(broken))) from broken

    def account(self, email: str) -> Account:
        if not email:
            return Account.objects.system()
        try:
            return Account.objects.get_by_natural_key(email)
        except Account.DoesNotExist as error:
            raise RuleBroken(f"There is no account with the address {email}.", code="no_account") from error

    def planned(self, by: Account, options: dict[str, Any]) -> RatingList:
        if not options["file"] or not options["scale"]:
            raise RuleBroken("Name the file and its --scale.", code="nothing_said")
        bands = scale_of(options["scale"], options["map"])
        for band in bands:
            self.stdout.write(f"{band.words} on their scale is level {band.level} here")
        with options["file"].open("rb") as file:
            plan = add_ratings(file, file_name=options["file"].name, by=by)
        plan = plan_ratings(
            plan,
            source=options["source"],
            type=options["type"],
            scale=options["scale"],
            bands=bands,
            mapping=guess(plan.shape["header"], {field: options[field] for field in FIELDS if options[field]}),
            by=by,
        )
        plan = self.worked_on(plan)
        for verdict, rows in plan.counts.items():
            self.stdout.write(f"{verdict}: {rows:,}")
        if options["problems"]:
            with options["problems"].open("w", newline="", encoding="utf-8-sig") as file:
                csv.writer(file).writerows(rejected_ratings(plan))
        return plan

    def worked_on(self, plan: RatingList) -> RatingList:
        """Here, instead of in a worker; one that was quicker does it as well."""
        bringing.work_on(plan.pk)
        plan.refresh_from_db()
        if plan.failure:
            raise RuleBroken(plan.failure, code="failed")
        if plan.is_wanted:
            raise RuleBroken("A worker has the list by now. Follow it on the page of ratings.", code="elsewhere")
        return plan

    def take_back(self, source: str, *, reason: str, by: Account) -> None:
        for plan in RatingList.objects.of_source(source).in_state(State.APPLIED, State.STOPPED):
            done = self.worked_on(undo_ratings(plan, reason=reason, by=by)).done
            self.stdout.write(f"{done:,} ratings of {source} are withdrawn.")
