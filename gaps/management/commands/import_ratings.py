import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.errors import RuleBroken
from base.sheets import harmless
from gaps.actions import bring_in_ratings, plan_ratings, take_back_ratings
from gaps.actions.rating import TYPES, RatingPlan
from gaps.models import Type
from gaps.queries.ratings import problems
from gaps.ratings import FIELDS, SCALES, scale_of
from workforce.models import Account


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
        parser.add_argument("--undo", default="", metavar="REASON", help="withdraw all that this source said")
        parser.add_argument("--by", default="", help="the e-mail address of the account that acts")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            by = self.account(options["by"])
            if options["undo"]:
                count = take_back_ratings(options["source"], reason=options["undo"], by=by)
                self.stdout.write(f"{count:,} ratings of {options['source']} are withdrawn.")
                return
            plan = self.planned(by, options)
            if options["apply"]:
                done = bring_in_ratings(plan, on_piece=lambda n: self.stdout.write(f"{n:,} recorded"), by=by)
                self.stdout.write(f"{done:,} ratings are recorded.")
        except (RuleBroken, OSError) as broken:
            raise CommandError(getattr(broken, "message", str(broken))) from broken

    def account(self, email: str) -> Account:
        if not email:
            return Account.objects.system()
        try:
            return Account.objects.get_by_natural_key(email)
        except Account.DoesNotExist as error:
            raise RuleBroken(f"There is no account with the address {email}.", code="no_account") from error

    def planned(self, by: Account, options: dict[str, Any]) -> RatingPlan:
        if not options["file"] or not options["scale"]:
            raise RuleBroken("Name the file and its --scale.", code="nothing_said")
        bands = scale_of(options["scale"], options["map"])
        for band in bands:
            theirs = f"{band.low:g}" if band.low == band.high else f"{band.low:g} to {band.high:g}"
            self.stdout.write(f"{theirs} on their scale is level {band.level} here")
        columns = {field: options[field] for field in FIELDS}
        with options["file"].open("rb") as file:
            plan = plan_ratings(
                file, source=options["source"], type=options["type"], bands=bands, columns=columns, by=by
            )
        for verdict, rows in plan.counts.items():
            self.stdout.write(f"{verdict}: {rows:,}")
        if options["problems"]:
            self.write_problems(options["problems"])
        return plan

    def write_problems(self, path: Path) -> None:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(["Row", "Why", "Person", "Skill", "Level", "Day"])
            for row in problems():
                writer.writerow([row.number, row.verdict, *map(harmless, row[2:])])
