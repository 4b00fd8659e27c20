import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField(unique=True)),
                ('rows', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': '审计封存',
                'verbose_name_plural': '审计封存',
                'ordering': ['last'],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.CharField(max_length=80, unique=True, verbose_name='任务')),
                ('last_at', models.DateTimeField(verbose_name='最近运行')),
                ('last_count', models.PositiveIntegerField(default=0, verbose_name='办理件数')),
                ('last_error', models.CharField(blank=True, max_length=100, verbose_name='错误')),
            ],
            options={
                'verbose_name': '后台任务',
                'verbose_name_plural': '后台任务',
                'ordering': ['job'],
            },
        ),
        migrations.CreateModel(
            name='Setting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=50, unique=True, verbose_name='代码')),
                ('value', models.CharField(blank=True, max_length=200, verbose_name='取值')),
            ],
            options={
                'verbose_name': '业务参数',
                'verbose_name_plural': '业务参数',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('full_name', models.CharField(max_length=50, verbose_name='姓名')),
                ('must_change_password', models.BooleanField(default=True, verbose_name='下次登录须改密码')),
                ('password_changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='密码修改时间')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': '工作人员账号',
                'verbose_name_plural': '工作人员账号',
                'ordering': ['username'],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='时间')),
                ('by', models.CharField(choices=[('staff', '工作人员'), ('holder', '企业（凭链接）'), ('system', '系统任务'), ('anyone', '未登录')], max_length=10, verbose_name='身份')),
                ('action', models.CharField(max_length=60, verbose_name='事项')),
                ('subject', models.CharField(db_index=True, max_length=80, verbose_name='对象')),
                ('before', models.CharField(blank=True, max_length=200, verbose_name='原状态')),
                ('after', models.CharField(blank=True, max_length=200, verbose_name='新状态')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('clause', models.CharField(blank=True, max_length=20, verbose_name='条款')),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='网络地址')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
            ],
            options={
                'verbose_name': '审计记录',
                'verbose_name_plural': '审计记录',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('source', models.CharField(choices=[('official', '国务院办公厅通知'), ('estimated', '推算（待通知）')], max_length=10, verbose_name='来源')),
                ('document_number', models.CharField(blank=True, max_length=100, verbose_name='文号')),
                ('in_force', models.BooleanField(default=True, verbose_name='现行有效')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='录入时间')),
                ('exceptions', models.JSONField(default=dict, verbose_name='放假和调休')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '年度工作日历',
                'verbose_name_plural': '年度工作日历',
                'ordering': ['-year', '-entered_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('in_force', True)), fields=('year',), name='one_calendar_version_in_force', violation_error_message='该年度已有现行有效的日历。')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('date', models.DateField(primary_key=True, serialize=False, verbose_name='日期')),
                ('kind', models.CharField(choices=[('weekday', '工作日'), ('weekend', '周末'), ('holiday', '法定节假日'), ('makeup', '调休上班')], max_length=10, verbose_name='类别')),
                ('name', models.CharField(blank=True, max_length=30, verbose_name='名称')),
                ('is_working', models.BooleanField(verbose_name='上班')),
                ('working_days_to_date', models.PositiveIntegerField()),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='core.calendaryear')),
            ],
            options={
                'verbose_name': '日历',
                'verbose_name_plural': '日历',
                'ordering': ['date'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_working', True)), fields=('working_days_to_date',), name='one_working_day_for_each_number')],
            },
        ),
        migrations.CreateModel(
            name='FormerPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128)),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_passwords', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '历史密码',
                'verbose_name_plural': '历史密码',
                'ordering': ['-replaced_at'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalSetting',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('key', models.CharField(db_index=True, editable=False, max_length=50, verbose_name='代码')),
                ('value', models.CharField(blank=True, max_length=200, verbose_name='取值')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 业务参数',
                'verbose_name_plural': 'historical 业务参数',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalUser',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(db_index=True, error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('full_name', models.CharField(max_length=50, verbose_name='姓名')),
                ('must_change_password', models.BooleanField(default=True, verbose_name='下次登录须改密码')),
                ('password_changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='密码修改时间')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 工作人员账号',
                'verbose_name_plural': 'historical 工作人员账号',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='SearchGram',
            fields=[
                ('pk', models.CompositePrimaryKey('part', 'gram', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(max_length=12)),
                ('gram', models.CharField(max_length=2)),
                ('key', models.BigIntegerField()),
            ],
            options={
                'verbose_name': '检索字对',
                'verbose_name_plural': '检索字对',
            },
        ),
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('pk', models.CompositePrimaryKey('part', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(max_length=12)),
                ('key', models.BigIntegerField()),
                ('text', models.TextField()),
            ],
            options={
                'verbose_name': '检索文本',
                'verbose_name_plural': '检索文本',
            },
        ),
    ]
