"""`manage.py run_watch`: check all rules now and say how many flags are open."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from base import watch


class Command(BaseCommand):
    help = "Check every rule over everything. The last line is the number of open flags per rule, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", type=float, default=600.0, help="seconds to wait for a run that is under way")

    def handle(self, *, wait: float, **options: Any) -> None:
        give_up = time.monotonic() + wait
        # A run under way may have checked some rules before the last edit; so wait for it, then check once more.
        while not watch.run_through((run := watch.expected_run()).pk):
            if time.monotonic() > give_up:
                self.stderr.write(f"Run {run.pk} is still under way. These are the flags so far.")
                break
            time.sleep(0.2)
        run.refresh_from_db()
        for code in run.failures:
            self.stderr.write(f"The rule {code} failed; its flags stay as they were. The log says why.")
        self.stdout.write(f"{run.opened} opened, {run.cleared} cleared")
        self.stdout.write(json.dumps(watch.open_flags()))
