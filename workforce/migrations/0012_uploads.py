"""Files of people that are brought by hand."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workforce', '0011_scim'),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('wanted_at', models.DateTimeField(editable=False, null=True)),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
                ('fence', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('done', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('total', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('failure', models.TextField(blank=True, db_default='', default='', editable=False)),
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('mode', models.CharField(choices=[('delta', 'Delta'), ('snapshot', 'Snapshot')], max_length=10)),
                ('file_name', models.CharField(max_length=200)),
                ('shape', models.JSONField(default=dict)),
                ('mapping', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('mapping', 'Waits for its columns'), ('checking', 'Being read'), ('checked', 'Checked'), ('applying', 'Being sent'), ('applied', 'Sent'), ('refused', 'Cannot be read')], default='mapping', max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('applied_at', models.DateTimeField(null=True)),
                ('applied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dry_run', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checked_upload', to='workforce.run')),
                ('run', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='upload', to='workforce.run')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='workforce.source')),
            ],
        ),
        migrations.CreateModel(
            name='UploadPiece',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='workforce.upload')),
            ],
        ),
        migrations.AddIndex(
            model_name='upload',
            index=models.Index(fields=['source', '-created_at'], name='upload_of_a_source'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', True), ('applied_by__isnull', True)), models.Q(('applied_at__isnull', False), ('applied_by__isnull', False)), _connector='OR'), name='upload_applied_at_goes_with_applied_by', violation_error_message='Set both applied_at and applied_by, or neither.'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('run__isnull', True), ('dry_run__isnull', False), _connector='OR'), name='upload_is_checked_before_it_is_applied'),
        ),
        migrations.AddConstraint(
            model_name='uploadpiece',
            constraint=models.UniqueConstraint(fields=('owner', 'number'), name='uploadpiece_is_once_per_number'),
        ),
    ]
