"""One mail to each people admin about a run that waits or has failed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workforce', '0008_webhooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='RunNotice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('about', models.CharField(choices=[('held', 'Waits for a decision'), ('failed', 'Has failed')], max_length=10)),
                ('sent_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='workforce.run')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'account', 'about'), name='runnotice_is_written_once')],
            },
        ),
    ]
