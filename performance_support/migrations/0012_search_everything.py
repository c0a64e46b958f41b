import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    """PostgreSQL derives the column anew: one that is generated cannot be changed in place."""

    dependencies = [
        ('performance_support', '0011_lrs'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='resource', name='resource_search'),
        migrations.RemoveField(model_name='resource', name='search'),
        migrations.AddField(
            model_name='resource',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.contrib.postgres.search.SearchVector('title', 'summary', 'text', 'file_name', 'file_alt', config='simple'), '||', models.Func(models.F('steps'), function='jsonb_to_tsvector', output_field=django.contrib.postgres.search.SearchVectorField(), template='%(function)s(\'simple\', %(expressions)s, \'["string"]\')'), output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='resource',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='resource_search'),
        ),
    ]
