import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.TextField(max_length=1000, verbose_name='意见内容')),
                ('contact', models.CharField(blank=True, max_length=100, verbose_name='联系方式')),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='提交时间')),
                ('handled_note', models.CharField(blank=True, max_length=300, verbose_name='处理情况')),
            ],
            options={
                'verbose_name': '意见反馈',
                'verbose_name_plural': '意见反馈',
                'ordering': ['-sent_at'],
            },
        ),
    ]
