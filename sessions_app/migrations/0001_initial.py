import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '__first__'),
        ('departments', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Chair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_lead', models.BooleanField(default=False, verbose_name='牵头')),
                ('leader_name', models.CharField(blank=True, max_length=50, verbose_name='主要负责同志')),
                ('leader_title', models.CharField(blank=True, max_length=50, verbose_name='职务')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='departments.department', verbose_name='部门')),
            ],
            options={
                'verbose_name': '坐诊部门',
                'verbose_name_plural': '坐诊部门',
                'ordering': ['-is_lead', 'department__position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalSitting',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('number', models.PositiveSmallIntegerField(verbose_name='期次')),
                ('day', models.DateField(help_text='首场坐诊的日期', verbose_name='坐诊日期')),
                ('status', models.CharField(choices=[('planned', '已列入日程'), ('published', '已发布'), ('cancelled', '已取消')], default='planned', editable=False, max_length=10, verbose_name='状态')),
                ('publish_at', models.DateTimeField(blank=True, null=True, verbose_name='定时发布')),
                ('publish_problem', models.CharField(blank=True, editable=False, max_length=300, verbose_name='未能按时发布的原因')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='发布时间')),
                ('opens_at', models.DateTimeField(editable=False, null=True, verbose_name='预约开放')),
                ('closes_at', models.DateTimeField(editable=False, null=True, verbose_name='预约截止')),
                ('override_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='特批理由')),
                ('cancelled_at', models.DateTimeField(editable=False, null=True, verbose_name='取消时间')),
                ('cancel_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='取消原因')),
                ('remarks', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发布人')),
            ],
            options={
                'verbose_name': 'historical 坐诊期次',
                'verbose_name_plural': 'historical 坐诊日程',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('main', '主场'), ('special', '专场'), ('extra', '加诊')], default='main', max_length=8, verbose_name='类型')),
                ('starts_at', models.DateTimeField(verbose_name='开始')),
                ('ends_at', models.DateTimeField(verbose_name='结束')),
                ('place', models.CharField(default='安宁市政务服务中心党建书屋开放式专窗（连然街道金晖路1号宁湖大厦裙楼1楼大厅）', max_length=120, verbose_name='地点')),
                ('theme', models.CharField(blank=True, max_length=200, verbose_name='主题/职责范围')),
                ('liaison', models.CharField(blank=True, max_length=50, verbose_name='联络员')),
                ('liaison_phone', models.CharField(blank=True, max_length=30, verbose_name='联络电话')),
                ('departments', models.ManyToManyField(through='sessions_app.Chair', to='departments.department', verbose_name='坐诊部门')),
            ],
            options={
                'verbose_name': '场次',
                'verbose_name_plural': '场次',
                'ordering': ['starts_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='session_ends_after_it_starts', violation_error_message='结束时间应晚于开始时间。')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalChair',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('is_lead', models.BooleanField(default=False, verbose_name='牵头')),
                ('leader_name', models.CharField(blank=True, max_length=50, verbose_name='主要负责同志')),
                ('leader_title', models.CharField(blank=True, max_length=50, verbose_name='职务')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='departments.department', verbose_name='部门')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sessions_app.session')),
            ],
            options={
                'verbose_name': 'historical 坐诊部门',
                'verbose_name_plural': 'historical 坐诊部门',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='chair',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chairs', to='sessions_app.session'),
        ),
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('number', models.PositiveSmallIntegerField(verbose_name='期次')),
                ('day', models.DateField(help_text='首场坐诊的日期', verbose_name='坐诊日期')),
                ('status', models.CharField(choices=[('planned', '已列入日程'), ('published', '已发布'), ('cancelled', '已取消')], default='planned', editable=False, max_length=10, verbose_name='状态')),
                ('publish_at', models.DateTimeField(blank=True, null=True, verbose_name='定时发布')),
                ('publish_problem', models.CharField(blank=True, editable=False, max_length=300, verbose_name='未能按时发布的原因')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='发布时间')),
                ('opens_at', models.DateTimeField(editable=False, null=True, verbose_name='预约开放')),
                ('closes_at', models.DateTimeField(editable=False, null=True, verbose_name='预约截止')),
                ('override_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='特批理由')),
                ('cancelled_at', models.DateTimeField(editable=False, null=True, verbose_name='取消时间')),
                ('cancel_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='取消原因')),
                ('remarks', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('published_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, to=settings.AUTH_USER_MODEL, verbose_name='发布人')),
            ],
            options={
                'verbose_name': '坐诊期次',
                'verbose_name_plural': '坐诊日程',
                'ordering': ['day'],
                'indexes': [models.Index(condition=models.Q(('publish_at__isnull', False), ('status', 'planned')), fields=['publish_at'], name='sitting_publication_due')],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='one_sitting_for_a_number_of_the_year', violation_error_message='该年度已有这一期。'), models.CheckConstraint(condition=models.Q(models.Q(('closes_at__isnull', False), ('opens_at__isnull', False), ('published_at__isnull', False)), models.Q(('closes_at__isnull', True), ('opens_at__isnull', True), ('published_at__isnull', True)), _connector='OR'), name='published_with_its_booking_window'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='published_status_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('status', 'cancelled')), models.Q(models.Q(('status', 'cancelled'), _negated=True), ('cancelled_at__isnull', True)), _connector='OR'), name='cancelled_status_has_its_time'), models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), models.Q(('closes_at__gt', models.F('opens_at')), ('opens_at__gte', models.F('published_at'))), _connector='OR'), name='booking_opens_after_publication_and_before_it_closes', violation_error_message='预约开放时间应在发布之后、截止之前。')],
            },
        ),
        migrations.AddField(
            model_name='session',
            name='sitting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='sessions_app.sitting', verbose_name='期次'),
        ),
        migrations.CreateModel(
            name='HistoricalSession',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('main', '主场'), ('special', '专场'), ('extra', '加诊')], default='main', max_length=8, verbose_name='类型')),
                ('starts_at', models.DateTimeField(verbose_name='开始')),
                ('ends_at', models.DateTimeField(verbose_name='结束')),
                ('place', models.CharField(default='安宁市政务服务中心党建书屋开放式专窗（连然街道金晖路1号宁湖大厦裙楼1楼大厅）', max_length=120, verbose_name='地点')),
                ('theme', models.CharField(blank=True, max_length=200, verbose_name='主题/职责范围')),
                ('liaison', models.CharField(blank=True, max_length=50, verbose_name='联络员')),
                ('liaison_phone', models.CharField(blank=True, max_length=30, verbose_name='联络电话')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sitting', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sessions_app.sitting', verbose_name='期次')),
            ],
            options={
                'verbose_name': 'historical 场次',
                'verbose_name_plural': 'historical 场次',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='号')),
                ('taken', models.BooleanField(default=False)),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='slots', to='sessions_app.session')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='slots', to='sessions_app.sitting')),
            ],
            options={
                'verbose_name': '号',
                'verbose_name_plural': '号',
                'ordering': ['sitting_id', 'number'],
                'constraints': [models.UniqueConstraint(fields=('sitting', 'number'), name='each_number_once_in_a_sitting'), models.CheckConstraint(condition=models.Q(models.Q(('number__gte', 1), ('number__lte', 5), ('session__isnull', True)), models.Q(('number__gt', 5), ('session__isnull', False)), _connector='OR'), name='five_numbers_and_extra_ones_only_with_an_extra_session')],
            },
        ),
        migrations.AddConstraint(
            model_name='chair',
            constraint=models.UniqueConstraint(fields=('session', 'department'), name='a_department_once_in_a_session', violation_error_message='同一场次中该部门重复。'),
        ),
        migrations.AddConstraint(
            model_name='chair',
            constraint=models.UniqueConstraint(condition=models.Q(('is_lead', True)), fields=('session',), name='one_lead_in_a_session', violation_error_message='同一场次只能有一个牵头部门。'),
        ),
    ]
