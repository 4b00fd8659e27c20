import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceItemsList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('month', models.PositiveSmallIntegerField(verbose_name='月份')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版次')),
                ('status', models.CharField(choices=[('draft', '草稿'), ('sent', '已发送')], max_length=8, verbose_name='状态')),
                ('rows', models.JSONField(default=list)),
                ('refused_rows', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='生成时间')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发送时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='生成人')),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发送人')),
            ],
            options={
                'verbose_name': '服务事项清单',
                'verbose_name_plural': '服务事项清单',
                'ordering': ['-year', '-month', '-version'],
                'constraints': [models.UniqueConstraint(fields=('year', 'month', 'version'), name='a_version_of_a_month_once', violation_error_message='该月清单已有这一版。'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('year', 'month'), name='one_draft_for_a_month', violation_error_message='该月清单已有草稿。'), models.CheckConstraint(condition=models.Q(('month__gte', 1), ('month__lte', 12)), name='month_of_the_year'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('sent_by__isnull', False), ('status', 'sent')), models.Q(('sent_at__isnull', True), ('sent_by__isnull', True), ('status', 'draft')), _connector='OR'), name='sent_list_says_when_and_by_whom')],
            },
        ),
    ]
