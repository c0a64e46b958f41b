from django.db import migrations, models

# Bytes go to PostgreSQL as a literal of two characters each, which it reads twice as long as the text that they are.
# A new type takes the usual storage with it, which would compress: lines are wanted back a moment later (0005).
TEXT = """
ALTER TABLE workforce_runpage ALTER COLUMN content TYPE text USING convert_from(content, 'UTF8');
ALTER TABLE workforce_runpage ALTER COLUMN content SET STORAGE EXTERNAL
"""
BYTES = """
ALTER TABLE workforce_runpage ALTER COLUMN content TYPE bytea USING convert_to(content, 'UTF8');
ALTER TABLE workforce_runpage ALTER COLUMN content SET STORAGE EXTERNAL
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0023_joiners_by_their_index")]
    operations = [
        migrations.RunSQL(
            TEXT, BYTES, state_operations=[migrations.AlterField("runpage", "content", models.TextField())]
        )
    ]
