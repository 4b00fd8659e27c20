from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inquiries', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(
                choices=[
                    ('addition', '补充'),
                    ('follow_up', '追问'),
                    ('answer', '答复'),
                    ('pointer', '指引'),
                    ('correction', '更正'),
                ],
                max_length=10,
                verbose_name='类别',
            ),
        ),
    ]
