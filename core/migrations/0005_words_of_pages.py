from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_heartbeat'),
    ]

    operations = [
        migrations.AlterField(
            model_name=model,
            name='value',
            field=models.CharField(blank=True, max_length=200, verbose_name='取值'),
        )
        for model in ('setting', 'historicalsetting')
    ]
