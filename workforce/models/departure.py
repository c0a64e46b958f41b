"""Who left because a program said so of them alone, outside any run."""

from django.db import models

from workforce.models.person import Person
from workforce.models.source import Source


class Departure(models.Model):
    """The last time that a program let this person leave. Runs have guards of their own and leave none."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="departure")
    source = models.ForeignKey(Source, models.CASCADE, db_index=False, related_name="departures")
    at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        indexes = [models.Index(fields=["source", "at"], name="departure_by_age")]

    def __str__(self) -> str:
        return str(self.person_id)
