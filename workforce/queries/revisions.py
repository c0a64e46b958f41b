"""Since when nobody wrote to the people and groups of a source. See also: SourceRevision."""

from django.db import connection

COUNT_UP = """
INSERT INTO workforce_sourcerevision AS one (source, number) VALUES (%s, 1)
ON CONFLICT (source) DO UPDATE SET number = one.number + 1
"""


def count_up(source: str) -> None:
    """Whatever was counted about the people and groups of this source is counted anew from here on."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_UP, [source])


def revision_of(source: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM workforce_sourcerevision WHERE source = %s", [source])
        row = cursor.fetchone()
    return row[0] if row else 0
