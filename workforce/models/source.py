"""An HR system that sends people, and how far it is trusted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from base.models import Noun, is_between, says_something

# What people may put right here. Dates and status belong to the source: who is employed is not ours to correct.
CORRECTABLE = [
    "display_name",
    "given_name",
    "family_name",
    "work_email",
    "employee_number",
    "job_title",
    "manager_source_id",
    "department",
    "location",
    "employment_type",
]
STANDING = ["display_name", "given_name", "family_name", "job_title", "manager_source_id", "department", "location"]
KEY_FIELDS = ["source_id", "display_name", "job_title"]


def standing() -> list[str]:
    return list(STANDING)


def key_fields() -> list[str]:
    return list(KEY_FIELDS)


class SourceQuerySet(models.QuerySet["Source"]):
    def named(self, name: str) -> "Source":
        """The one of this name, in whichever letters; known from now on where there was none. See also: spelt."""
        return self.get_or_create(name__iexact=name, defaults={"name": name})[0]

    def spelt(self, name: str) -> str:
        """The name as the source spells it; as it is where no source is called so."""
        found = None if "\x00" in name else self.filter(name__iexact=name).first()
        return found.name if found else name

    def stands_in(self, name: str) -> list[str]:
        """The fields in which a correction here stands against this source."""
        source = self.filter(name=name).first()
        return source.corrections_stand if source else []


class Source(Noun):
    """One HR system and the thresholds of its guards (design section 8). Percentages are of its own active people."""

    name = models.CharField(max_length=60, unique=True)
    # A run may deactivate the larger of the two; below the number, nobody is asked.
    leavers_number = models.PositiveIntegerField(default=10)
    leavers_percent = models.PositiveSmallIntegerField(default=5)
    rows_percent = models.PositiveSmallIntegerField(default=90)
    managers_percent = models.PositiveSmallIntegerField(default=10)
    titles_percent = models.PositiveSmallIntegerField(default=20)
    blanks_percent = models.PositiveSmallIntegerField(default=2)
    key_fields = ArrayField(models.CharField(max_length=40), default=key_fields)
    # The fields in which what people put right here stands against the source; in the others the source wins.
    corrections_stand = ArrayField(models.CharField(max_length=40), default=standing, blank=True)
    # Of the last snapshot that was applied: what the next one is measured by, and nothing older may follow.
    snapshot_rows = models.PositiveIntegerField(null=True, editable=False)
    snapshot_opened_at = models.DateTimeField(null=True, editable=False)
    # Programs that let people leave one by one: when they were stopped last, and until when they may go on regardless.
    leavers_braked_at = models.DateTimeField(null=True, editable=False)
    leavers_allowed_until = models.DateTimeField(null=True, editable=False)
    # Of which stop people admins have had their letter: set before it is sent.
    leavers_told_at = models.DateTimeField(null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            says_something("name"),
            # “Workday” and “workday” as two would take nobody from each other, and have everybody twice.
            models.UniqueConstraint(Lower("name"), name="source_has_a_name_of_its_own"),
            is_between("leavers_percent", 0, 100),
            is_between("rows_percent", 0, 100),
            is_between("managers_percent", 0, 100),
            is_between("titles_percent", 0, 100),
            is_between("blanks_percent", 0, 100),
            models.CheckConstraint(
                condition=Q(corrections_stand__contained_by=CORRECTABLE), name="source_corrections_are_of_known_fields"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def are_leavers_allowed(self) -> bool:
        """Whether programs may let people leave now, however many. See also: actions/braking.py."""
        return self.leavers_allowed_until is not None and timezone.now() < self.leavers_allowed_until


class SourceRevision(models.Model):
    """Counts the writes to the people and groups of a source: whatever was counted at this number is still true.

    A row of its own, because each joiner counts it up, and the conditions of a source would be read anew each time.
    """

    source = models.CharField(max_length=60, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.source} {self.number}"
