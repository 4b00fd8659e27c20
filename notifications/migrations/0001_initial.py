import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMessageText',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('channel', models.CharField(choices=[('email', '邮件'), ('phone', '电话')], max_length=10, verbose_name='渠道')),
                ('heading', models.CharField(blank=True, max_length=100, verbose_name='标题')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='内容')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 邮件和电话文本',
                'verbose_name_plural': 'historical 邮件和电话文本',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSmsTemplate',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('provider', models.CharField(choices=[('aliyun', '阿里云'), ('tencent', '腾讯云')], max_length=20, verbose_name='服务商')),
                ('text', models.TextField(max_length=500, verbose_name='模板内容')),
                ('signature', models.CharField(max_length=40, verbose_name='短信签名')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='模板编号')),
                ('approved', models.BooleanField(default=False, verbose_name='服务商已审核通过')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 短信模板',
                'verbose_name_plural': 'historical 短信模板',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('channel', models.CharField(choices=[('sms', '短信'), ('email', '邮件'), ('phone', '电话'), ('robot', '工作群机器人'), ('console', '工作台')], max_length=10, verbose_name='渠道')),
                ('recipient', models.CharField(max_length=200, verbose_name='接收方')),
                ('subject', models.CharField(db_index=True, max_length=80, verbose_name='对象')),
                ('audience', models.CharField(blank=True, editable=False, max_length=40)),
                ('heading', models.CharField(max_length=100, verbose_name='标题')),
                ('text', models.TextField(verbose_name='内容')),
                ('template_code', models.CharField(blank=True, max_length=40, verbose_name='模板编号')),
                ('signature', models.CharField(blank=True, max_length=40, verbose_name='短信签名')),
                ('variables', models.JSONField(blank=True, default=list, verbose_name='模板变量')),
                ('link_seed', models.CharField(blank=True, editable=False, max_length=36)),
                ('phone_fallback', models.CharField(blank=True, max_length=20, verbose_name='改为电话告知的号码')),
                ('dedup_key', models.CharField(max_length=120, unique=True)),
                ('status', models.CharField(choices=[('queued', '待发送'), ('sending', '发送中'), ('sent', '已发送'), ('delivered', '已送达'), ('unknown', '结果待核对'), ('to_call', '待电话告知'), ('failed', '发送失败'), ('withheld', '不再发送')], default='queued', max_length=10, verbose_name='状态')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='生成时间')),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now, verbose_name='最早发送时间')),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('handed_over_at', models.DateTimeField(blank=True, null=True, verbose_name='交付渠道时间')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('last_error', models.CharField(blank=True, max_length=300, verbose_name='失败原因')),
                ('provider', models.CharField(blank=True, max_length=20, verbose_name='服务商')),
                ('receipt_id', models.CharField(blank=True, max_length=120, verbose_name='服务商回执号')),
                ('ask_receipt_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发送时间')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='送达时间')),
            ],
            options={
                'verbose_name': '消息',
                'verbose_name_plural': '消息',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('status__in', ['queued', 'sending'])), fields=['not_before'], name='message_due'), models.Index(condition=models.Q(('status', 'to_call')), fields=['not_before'], name='message_to_call'), models.Index(condition=models.Q(('ask_receipt_at__isnull', False)), fields=['ask_receipt_at'], name='message_receipt_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('status__in', ('sent', 'delivered'))), ('status', 'failed'), models.Q(models.Q(('status__in', ['sent', 'delivered', 'failed']), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='sent_message_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', False), ('status', 'delivered')), models.Q(models.Q(('status', 'delivered'), _negated=True), ('delivered_at__isnull', True)), _connector='OR'), name='delivered_message_has_time')],
            },
        ),
        migrations.CreateModel(
            name='MessageText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('channel', models.CharField(choices=[('email', '邮件'), ('phone', '电话')], max_length=10, verbose_name='渠道')),
                ('heading', models.CharField(blank=True, max_length=100, verbose_name='标题')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='内容')),
            ],
            options={
                'verbose_name': '邮件和电话文本',
                'verbose_name_plural': '邮件和电话文本',
                'ordering': ['kind', 'channel'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'channel'), name='one_text_for_kind_and_channel', violation_error_message='该类别在该渠道已有文本，请直接修改。')],
            },
        ),
        migrations.CreateModel(
            name='SmsTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('provider', models.CharField(choices=[('aliyun', '阿里云'), ('tencent', '腾讯云')], max_length=20, verbose_name='服务商')),
                ('text', models.TextField(max_length=500, verbose_name='模板内容')),
                ('signature', models.CharField(max_length=40, verbose_name='短信签名')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='模板编号')),
                ('approved', models.BooleanField(default=False, verbose_name='服务商已审核通过')),
            ],
            options={
                'verbose_name': '短信模板',
                'verbose_name_plural': '短信模板',
                'ordering': ['kind', 'provider', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('approved', False), models.Q(('code', ''), _negated=True), _connector='OR'), name='approved_template_has_code', violation_error_message='审核通过的模板须填写模板编号。')],
            },
        ),
    ]
