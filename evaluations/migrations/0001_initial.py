import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_initial'),
        ('core', '__first__'),
        ('deadlines', '0002_revision_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='办理轮次')),
                ('origin', models.CharField(choices=[('unsatisfied', '评价不满意'), ('sample', '未评价抽查'), ('reported', '企业反映'), ('inspector', '督查决定')], max_length=11, verbose_name='回访原因')),
                ('status', models.CharField(choices=[('open', '待核实'), ('confirmed', '核实无误'), ('sent_back', '重新办理'), ('unrectified', '无整改成效')], max_length=11, verbose_name='状态')),
                ('office', models.CharField(choices=[('bureau', '市政务服务局'), ('inspection', '市政府办公室督查科')], max_length=10, verbose_name='回访单位')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='发起时间')),
                ('assigned_at', models.DateTimeField(blank=True, null=True, verbose_name='指派时间')),
                ('call_again_at', models.DateTimeField(blank=True, null=True, verbose_name='约定再拨时间')),
                ('finding', models.TextField(blank=True, max_length=2000, verbose_name='核实情况')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='核实时间')),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='回访人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='follow_ups', to='cases.case', verbose_name='诉求')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核实人')),
                ('obligation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='deadlines.obligation', verbose_name='回访时限')),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
            ],
            options={
                'verbose_name': '回访',
                'verbose_name_plural': '回访',
                'ordering': ['-opened_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['office', 'assigned_to'], name='follow_up_open'), models.Index(fields=['opened_at', 'id'], name='follow_up_by_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('case', 'round'), name='one_open_follow_up_of_a_round', violation_error_message='本轮已有回访正在核实。'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('finding', ''), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('assigned_to__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('finding', ''), _negated=True)), _connector='OR'), name='decided_follow_up_says_who_when_and_what', violation_error_message='回访结论须记明核实情况、核实人和时间。'), models.CheckConstraint(condition=models.Q(models.Q(('assigned_at__isnull', True), ('assigned_to__isnull', True)), models.Q(('assigned_at__isnull', False), ('assigned_to__isnull', False)), _connector='OR'), name='assigned_follow_up_says_when', violation_error_message='指派回访须记明回访人和时间。')],
            },
        ),
        migrations.CreateModel(
            name='FollowUpCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('reached', '已接通'), ('not_reached', '未接通'), ('wrong_number', '号码有误'), ('call_again', '约定再拨')], max_length=12, verbose_name='结果')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='记录')),
                ('again_at', models.DateTimeField(blank=True, null=True, verbose_name='约定再拨时间')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拨打人')),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='calls', to='evaluations.followup', verbose_name='回访')),
            ],
            options={
                'verbose_name': '回访电话',
                'verbose_name_plural': '回访电话',
                'ordering': ['follow_up', 'at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('again_at__isnull', False), ('outcome', 'call_again')), models.Q(models.Q(('outcome', 'call_again'), _negated=True), ('again_at__isnull', True)), _connector='OR'), name='call_again_says_when', violation_error_message='约定再拨须写明时间。')],
            },
        ),
        migrations.CreateModel(
            name='FollowUpReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('unsatisfied', '评价不满意'), ('sample', '未评价抽查'), ('reported', '企业反映'), ('inspector', '督查决定')], max_length=11, verbose_name='原因')),
                ('note', models.TextField(blank=True, max_length=1000, verbose_name='说明')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('submission_digest', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='记录人')),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='reasons', to='evaluations.followup', verbose_name='回访')),
            ],
            options={
                'verbose_name': '回访原因',
                'verbose_name_plural': '回访原因',
                'ordering': ['follow_up', 'at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalFollowUp',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='办理轮次')),
                ('origin', models.CharField(choices=[('unsatisfied', '评价不满意'), ('sample', '未评价抽查'), ('reported', '企业反映'), ('inspector', '督查决定')], max_length=11, verbose_name='回访原因')),
                ('status', models.CharField(choices=[('open', '待核实'), ('confirmed', '核实无误'), ('sent_back', '重新办理'), ('unrectified', '无整改成效')], max_length=11, verbose_name='状态')),
                ('office', models.CharField(choices=[('bureau', '市政务服务局'), ('inspection', '市政府办公室督查科')], max_length=10, verbose_name='回访单位')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='发起时间')),
                ('assigned_at', models.DateTimeField(blank=True, null=True, verbose_name='指派时间')),
                ('call_again_at', models.DateTimeField(blank=True, null=True, verbose_name='约定再拨时间')),
                ('finding', models.TextField(blank=True, max_length=2000, verbose_name='核实情况')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='核实时间')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('assigned_to', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='回访人')),
                ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cases.case', verbose_name='诉求')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核实人')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('obligation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='deadlines.obligation', verbose_name='回访时限')),
                ('opened_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
            ],
            options={
                'verbose_name': 'historical 回访',
                'verbose_name_plural': 'historical 回访',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReferral',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('status', models.CharField(choices=[('proposed', '待审批'), ('approved', '同意报送'), ('rejected', '不同意报送')], max_length=8, verbose_name='状态')),
                ('facts', models.TextField(max_length=2000, verbose_name='基本情况')),
                ('opinion', models.TextField(max_length=2000, verbose_name='报送理由和建议')),
                ('proposed_at', models.DateTimeField(verbose_name='提请时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='审批意见')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('follow_up', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.followup', verbose_name='回访')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提请人')),
            ],
            options={
                'verbose_name': 'historical 报市纪委市监委',
                'verbose_name_plural': 'historical 报市纪委市监委',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('proposed', '待审批'), ('approved', '同意报送'), ('rejected', '不同意报送')], max_length=8, verbose_name='状态')),
                ('facts', models.TextField(max_length=2000, verbose_name='基本情况')),
                ('opinion', models.TextField(max_length=2000, verbose_name='报送理由和建议')),
                ('proposed_at', models.DateTimeField(verbose_name='提请时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='审批意见')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='referrals', to='evaluations.followup', verbose_name='回访')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提请人')),
            ],
            options={
                'verbose_name': '报市纪委市监委',
                'verbose_name_plural': '报市纪委市监委',
                'ordering': ['-proposed_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'rejected'), _negated=True), fields=('follow_up',), name='one_standing_referral_of_a_follow_up', violation_error_message='本次回访已提请报送。'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('status', 'proposed')), models.Q(models.Q(('status', 'proposed'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='decided_referral_says_who_and_when', violation_error_message='审批须记明审批人和时间。'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='nobody_approves_their_own_referral', violation_error_message='提请人不能审批自己的提请。'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'rejected'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='rejected_referral_says_why', violation_error_message='不同意报送须写明理由。')],
            },
        ),
    ]
