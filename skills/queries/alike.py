"""Statements that look alike: the same words in another form or order, or nearly the same letters."""

from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Greatest

from skills.models import Difference, Skill
from workforce.models import Account

# Share of three-letter pieces in common. A starting value: lower shows pairs that are not alike, higher hides some.
NEAR = 0.4


def look_alikes(
    statement: str, *, behaviour: str = "", seen_by: Account, but_not: UUID | None = None, limit: int = 3
) -> list[Skill]:
    """The nearest statements in use, most alike first, without those that somebody told apart from `but_not`.

    The behaviour is compared too: it is what an imported label says of “Support … by completing the form”.
    """
    texts = [text for text in (statement, behaviour) if text.strip()]
    if not texts:
        return []
    skills = Skill.objects.in_use().visible_to(seen_by)
    if but_not:
        skills = skills.exclude(pk=but_not)
        told_apart = Difference.objects.filter(Q(one=but_not) | Q(other=but_not)).values_list("one", "other")
        skills = skills.exclude(pk__in={pk for pair in told_apart for pk in pair})
    near = Q()
    for text in texts:
        near |= Q(statement__trigram_similar=text)
    scores = [TrigramSimilarity("statement", text) for text in texts]
    likeness = Greatest(*scores) if len(scores) > 1 else scores[0]
    nearest = skills.filter(near).annotate(likeness=likeness).order_by("-likeness", "pk")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(NEAR)])
        return list(nearest.prefetch_related("contexts__step__workflow", "contexts__outcome")[:limit])
