"""Look-alikes by the stems of their words; search over every name a skill had; the vocabulary that forgives typing."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# “Submitting the form” and “Submit a form” are one fingerprint. The stemmer drops stop words such as “before” and
# “not”, which change what a statement means, so they are kept as they are; only filler goes. C, C++ and C# differ.
STEMMED = """
CREATE OR REPLACE FUNCTION statement_fingerprint(statement text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(coalesce(string_agg(DISTINCT coalesce((ts_lexize('pg_catalog.english_stem', word))[1], word), ' '
        ORDER BY coalesce((ts_lexize('pg_catalog.english_stem', word))[1], word)), statement))
    FROM regexp_split_to_table(lower(statement), '[^[:alnum:]+#]+') word
    WHERE word <> '' AND word NOT IN
        ('a', 'an', 'the', 'and', 'or', 'of', 'to', 'in', 'for', 'by', 'with', 'on', 'at', 's', 'their', 'its')
$$;
"""
BARE = """
CREATE OR REPLACE FUNCTION statement_fingerprint(statement text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(coalesce(string_agg(DISTINCT word, ' ' ORDER BY word), ''))
    FROM regexp_split_to_table(lower(statement), '[^[:alnum:]]+') word
    WHERE word <> '' AND word NOT IN ('a', 'an', 'the', 'and', 'or', 'of', 'to', 'in', 'for', 'by', 'with', 'on', 'at')
$$;
"""
# A generated column keeps what an older function said until its row is written again.
ANEW = "UPDATE skills_skill SET statement = statement;"

# array_to_string is not immutable for every type; for text it is.
WORDS = """
CREATE FUNCTION skill_words(name text, statement text, also_called text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', name || ' ' || statement || ' ' || array_to_string(also_called, ' '))
$$;
"""

# The threshold belongs to this question alone, so it is set here and not for the connection.
WORDS_LIKE = """
CREATE FUNCTION words_like(words text[]) RETURNS TABLE (typed text, known text, uses integer)
LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.2 AS $$
    SELECT asked.word, candidate.word, candidate.uses
    FROM unnest(words) AS asked (word)
    CROSS JOIN LATERAL (
        SELECT known.word, known.uses FROM skills_word known
        WHERE known.word % asked.word
        ORDER BY similarity(known.word, asked.word) DESC, known.uses DESC LIMIT 40
    ) candidate
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('skills', '0004_digests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(STEMMED + ANEW, BARE + ANEW),
        migrations.RunSQL(WORDS, "DROP FUNCTION skill_words(text, text, text[]);"),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.TextField(primary_key=True, serialize=False)),
                ('uses', models.PositiveIntegerField(db_default=1, default=1)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='skill',
            name='skill_statement_trigrams',
        ),
        migrations.RemoveIndex(
            model_name='skill',
            name='skill_by_name',
        ),
        migrations.RemoveIndex(model_name='skill', name='skill_search'),
        migrations.RemoveField(model_name='skill', name='search'),
        migrations.AddField(
            model_name='skill',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('name'), models.F('statement'), models.F('also_called'), function='skill_words'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='skill_search'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('statement'), name='gin_trgm_ops'), name='skill_statement_trigrams'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(django.db.models.functions.text.Lower('name'), models.F('id'), name='skill_by_name'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Lower('name'), name='text_pattern_ops'), name='skill_by_first_letters'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(fields=['-created_at', 'id'], name='skill_by_age'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(fields=['origin', 'id'], name='skill_by_origin'),
        ),
        migrations.AddIndex(
            model_name='word',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('word'), name='gin_trgm_ops'), name='word_trigrams'),
        ),
        migrations.AddIndex(
            model_name='word',
            index=models.Index(django.contrib.postgres.indexes.OpClass(models.F('word'), name='text_pattern_ops'), name='word_beginnings'),
        ),
        migrations.RunSQL(WORDS_LIKE, "DROP FUNCTION words_like(text[]);"),
    ]
