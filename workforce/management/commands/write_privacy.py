from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from workforce.paper import written


class Command(BaseCommand):
    help = "Write docs/privacy.md from the rules that the code executes."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "privacy.md").write_text(written())
