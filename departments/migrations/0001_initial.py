import django.db.models.deletion
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
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='名称')),
                ('kind', models.CharField(choices=[('bureau', '牵头单位（市政务服务局）'), ('inspection', '督查单位（市政府办公室督查科）'), ('member', '配合部门')], default='member', max_length=12, verbose_name='性质')),
                ('remit', models.TextField(blank=True, max_length=500, verbose_name='职责范围')),
                ('liaison', models.CharField(blank=True, max_length=50, verbose_name='联络员')),
                ('liaison_phone', models.CharField(blank=True, max_length=30, verbose_name='联络电话')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='排序')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '部门',
                'verbose_name_plural': '部门',
                'ordering': ['position', 'name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'member'), _negated=True), fields=('kind',), name='one_bureau_and_one_inspection_office', violation_error_message='牵头单位和督查单位各只能有一个。')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalDepartment',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(db_index=True, max_length=40, verbose_name='名称')),
                ('kind', models.CharField(choices=[('bureau', '牵头单位（市政务服务局）'), ('inspection', '督查单位（市政府办公室督查科）'), ('member', '配合部门')], default='member', max_length=12, verbose_name='性质')),
                ('remit', models.TextField(blank=True, max_length=500, verbose_name='职责范围')),
                ('liaison', models.CharField(blank=True, max_length=50, verbose_name='联络员')),
                ('liaison_phone', models.CharField(blank=True, max_length=30, verbose_name='联络电话')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='排序')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 部门',
                'verbose_name_plural': 'historical 部门',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMembership',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('role', models.CharField(choices=[('window_clerk', '窗口人员'), ('bureau_staff', '政务服务局经办'), ('bureau_supervisor', '政务服务局负责人'), ('department_staff', '部门经办'), ('department_head', '部门负责人'), ('inspector', '督查人员'), ('inspection_approver', '督查审批人'), ('leader', '市领导'), ('system_administrator', '系统管理员'), ('security_officer', '安全管理员'), ('auditor', '审计管理员')], max_length=24, verbose_name='角色')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='departments.department', verbose_name='部门')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
            ],
            options={
                'verbose_name': 'historical 人员角色',
                'verbose_name_plural': 'historical 人员角色',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('window_clerk', '窗口人员'), ('bureau_staff', '政务服务局经办'), ('bureau_supervisor', '政务服务局负责人'), ('department_staff', '部门经办'), ('department_head', '部门负责人'), ('inspector', '督查人员'), ('inspection_approver', '督查审批人'), ('leader', '市领导'), ('system_administrator', '系统管理员'), ('security_officer', '安全管理员'), ('auditor', '审计管理员')], max_length=24, verbose_name='角色')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='members', to='departments.department', verbose_name='部门')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, to=settings.AUTH_USER_MODEL, verbose_name='人员')),
            ],
            options={
                'verbose_name': '人员角色',
                'verbose_name_plural': '人员角色',
                'ordering': ['department__position', 'role', 'user__username'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', True), ('role__in', ['auditor', 'leader', 'security_officer', 'system_administrator'])), models.Q(models.Q(('role__in', ['auditor', 'leader', 'security_officer', 'system_administrator']), _negated=True), ('department__isnull', False)), _connector='OR'), name='department_as_the_role_needs', violation_error_message='该角色与所属部门不匹配。')],
            },
        ),
    ]
