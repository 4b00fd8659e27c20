import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('appointments', '0001_initial'),
        ('core', '__first__'),
        ('deadlines', '0001_initial'),
        ('departments', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalInquiry',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('reference', models.CharField(db_index=True, max_length=16, verbose_name='咨询编号')),
                ('status', models.CharField(choices=[('open', '待答复'), ('answered', '已答复'), ('pointed_on', '已指引'), ('booked', '已帮办预约'), ('withdrawn', '已撤回')], max_length=12, verbose_name='状态')),
                ('source', models.CharField(choices=[('site', '网上提问'), ('window', '窗口登记'), ('phone', '来电登记')], max_length=8, verbose_name='来源')),
                ('link_seed', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('link_digest', models.CharField(db_index=True, editable=False, max_length=64)),
                ('submission_digest', models.CharField(db_index=True, editable=False, max_length=64)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='提问时间')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='本轮起算')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='轮次')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('question', models.TextField(max_length=1000, verbose_name='问题')),
                ('company_name', models.CharField(blank=True, max_length=100, verbose_name='企业名称')),
                ('contact_name', models.CharField(blank=True, max_length=50, verbose_name='称呼')),
                ('mobile', models.CharField(max_length=11, verbose_name='手机')),
                ('email', models.EmailField(blank=True, max_length=100, verbose_name='邮箱')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='appointments.choice', verbose_name='领域')),
                ('booking', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='appointments.booking', verbose_name='帮办的挂号')),
                ('consent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='appointments.consenttext', verbose_name='知情同意书版本')),
                ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='departments.department', verbose_name='答复部门')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('obligation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='deadlines.obligation', verbose_name='答复时限')),
                ('taken_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
            ],
            options={
                'verbose_name': 'historical 窗口咨询',
                'verbose_name_plural': 'historical 窗口咨询',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=16, unique=True, verbose_name='咨询编号')),
                ('status', models.CharField(choices=[('open', '待答复'), ('answered', '已答复'), ('pointed_on', '已指引'), ('booked', '已帮办预约'), ('withdrawn', '已撤回')], max_length=12, verbose_name='状态')),
                ('source', models.CharField(choices=[('site', '网上提问'), ('window', '窗口登记'), ('phone', '来电登记')], max_length=8, verbose_name='来源')),
                ('link_seed', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('link_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('submission_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='提问时间')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='本轮起算')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='轮次')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('question', models.TextField(max_length=1000, verbose_name='问题')),
                ('company_name', models.CharField(blank=True, max_length=100, verbose_name='企业名称')),
                ('contact_name', models.CharField(blank=True, max_length=50, verbose_name='称呼')),
                ('mobile', models.CharField(max_length=11, verbose_name='手机')),
                ('email', models.EmailField(blank=True, max_length=100, verbose_name='邮箱')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='appointments.choice', verbose_name='领域')),
                ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='appointments.booking', verbose_name='帮办的挂号')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='appointments.consenttext', verbose_name='知情同意书版本')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='departments.department', verbose_name='答复部门')),
                ('obligation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='deadlines.obligation', verbose_name='答复时限')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
            ],
            options={
                'verbose_name': '窗口咨询',
                'verbose_name_plural': '窗口咨询',
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['opened_at'], name='inquiry_open'), models.Index(fields=['mobile'], name='inquiry_mobile')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='closed_inquiry_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'booked'), _negated=True), ('booking__isnull', False), _connector='OR'), name='booked_inquiry_has_its_booking')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalFrequentAnswer',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('question', models.CharField(max_length=200, verbose_name='问题')),
                ('answer', models.TextField(max_length=2000, verbose_name='答复')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='排序')),
                ('is_published', models.BooleanField(default=False, verbose_name='公开')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='更新时间')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('area', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'kind': 'area'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='appointments.choice', verbose_name='领域')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_from', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='inquiries.inquiry')),
            ],
            options={
                'verbose_name': 'historical 常见问题',
                'verbose_name_plural': 'historical 常见问题',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='FrequentAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=200, verbose_name='问题')),
                ('answer', models.TextField(max_length=2000, verbose_name='答复')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='排序')),
                ('is_published', models.BooleanField(default=False, verbose_name='公开')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('area', models.ForeignKey(limit_choices_to={'kind': 'area'}, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='appointments.choice', verbose_name='领域')),
                ('made_from', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='inquiries.inquiry')),
            ],
            options={
                'verbose_name': '常见问题',
                'verbose_name_plural': '常见问题',
                'ordering': ['area__position', 'area', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('addition', '补充'), ('follow_up', '追问'), ('answer', '答复'), ('pointer', '指引'), ('correction', '更正')], max_length=10, verbose_name='类别')),
                ('round', models.PositiveSmallIntegerField(verbose_name='轮次')),
                ('text', models.TextField(max_length=2000, verbose_name='内容')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('to_place', models.CharField(blank=True, max_length=200, verbose_name='指引渠道')),
                ('helped', models.BooleanField(blank=True, null=True, verbose_name='是否解决')),
                ('to_department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='departments.department', verbose_name='指引部门')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='departments.department', verbose_name='答复单位')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='entries', to='inquiries.inquiry', verbose_name='窗口咨询')),
            ],
            options={
                'verbose_name': '咨询往来',
                'verbose_name_plural': '咨询往来',
                'ordering': ['written_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'pointer'), _negated=True), ('to_department__isnull', False), models.Q(('to_place', ''), _negated=True), _connector='OR'), name='pointer_says_where')],
            },
        ),
    ]
