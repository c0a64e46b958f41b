from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from gaps.management import sample_growth
from performance_support import actions
from performance_support.management import sample_support
from skills.management import sample_company
from skills.models import Skill
from workforce.models import Account
from workforce.queries.names import NAMES


class Command(BaseCommand):
    help = "Load the sample company from demo/. Once it is there, nothing changes."

    def handle(self, *args: Any, **options: Any) -> None:
        if sample_company.is_loaded():
            self.stdout.write("The sample company is there already; nothing has changed.")
            return
        with transaction.atomic():
            company = sample_company.load(settings.BASE_DIR / "demo")
            # Before what people did since, because a step that changes turns its support stale.
            helps = sample_support.load(company)
            said = sample_growth.load(company)
            actions.note_the_day(by=Account.objects.system())
            # Otherwise a misspelt name would find nobody before the clock has counted the words.
            NAMES.rebuild()
        self.stdout.write(
            f"Northmoor Supply is here: {len(company.people)} people, {len(company.roles)} job roles, "
            f"{len(company.steps)} steps, {len(company.outcomes)} outcomes, {Skill.objects.count()} skills, of which "
            f"{Skill.objects.context_free().count()} are context-free, {said} pieces of evidence, and {helps} "
            "resources that help at steps."
        )
        if not settings.IS_TRIAL:
            self.stderr.write("Its passwords are published: leave it only where nobody else can reach it.")
        self.stdout.write(f"Sign in as designer@demo.example with the password {sample_company.PASSWORD}.")
