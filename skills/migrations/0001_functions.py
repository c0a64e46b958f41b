"""What the skill table is built on."""

from django.db import migrations

# Immutable, so that a generated column may use it. Filler words say nothing about what somebody can do.
FINGERPRINT = """
CREATE FUNCTION statement_fingerprint(statement text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(coalesce(string_agg(DISTINCT word, ' ' ORDER BY word), ''))
    FROM regexp_split_to_table(lower(statement), '[^[:alnum:]]+') word
    WHERE word <> '' AND word NOT IN ('a', 'an', 'the', 'and', 'or', 'of', 'to', 'in', 'for', 'by', 'with', 'on', 'at')
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("base", "0002_truths"), ("workflows", "0002_truths")]

    operations = [migrations.RunSQL(FINGERPRINT, "DROP FUNCTION statement_fingerprint(text);")]
