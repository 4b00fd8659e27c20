import django.db.models.deletion
import django.utils.timezone
import reports.models.exports
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
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('bulletin', '季度通报'), ('important', '重要情况报告'), ('special', '专报')], max_length=9, verbose_name='种类')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年份')),
                ('quarter', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='季度')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版次')),
                ('status', models.CharField(choices=[('draft', '草稿'), ('approved', '已审定'), ('issued', '已印发'), ('dropped', '已作废')], max_length=8, verbose_name='状态')),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='发文字号')),
                ('addressee', models.CharField(max_length=120, verbose_name='主送机关')),
                ('sections', models.JSONField(default=list, verbose_name='正文')),
                ('figures', models.JSONField(default=dict, verbose_name='数据')),
                ('cases', models.JSONField(default=list, verbose_name='办件清单')),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='起草时间')),
                ('figures_at', models.DateTimeField(blank=True, null=True, verbose_name='数据时间')),
                ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='退回时间')),
                ('returned_reason', models.CharField(blank=True, max_length=500, verbose_name='修改意见')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='审定时间')),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='印发时间')),
                ('why', models.CharField(blank=True, max_length=500, verbose_name='更正理由')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审定人')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='corrected_by', to='reports.report', verbose_name='更正')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='印发人')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人')),
                ('returned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='退回人')),
                ('writers', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='执笔人')),
            ],
            options={
                'verbose_name': '通报和报告',
                'verbose_name_plural': '通报和报告',
                'ordering': ['-made_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'bulletin'), models.Q(('status', 'dropped'), _negated=True)), fields=('kind', 'year', 'quarter', 'version'), name='a_version_of_a_bulletin_once', violation_error_message='该季度通报已有这一版，请在列表中查看。'), models.CheckConstraint(condition=models.Q(models.Q(('quarter__isnull', True), ('year__isnull', True), models.Q(('kind', 'bulletin'), _negated=True)), models.Q(('quarter__gte', 1), ('quarter__lte', 4), ('year__isnull', False)), _connector='OR'), name='bulletin_has_a_quarter', violation_error_message='通报须注明年份和季度。'), models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('version', 1), ('why', '')), models.Q(('version__gt', 1), models.Q(('corrects__isnull', False), ('status', 'dropped'), _connector='OR'), models.Q(('why', ''), _negated=True)), _connector='OR'), name='later_version_corrects_and_says_why', violation_error_message='新的一版须写明更正的是哪一版、为何更正。'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('issued_at__isnull', True), ('status', 'draft')), models.Q(('approved_at__isnull', False), ('issued_at__isnull', True), ('status', 'approved')), models.Q(('approved_at__isnull', False), ('issued_at__isnull', False), ('status', 'issued')), models.Q(('issued_at__isnull', True), ('status', 'dropped')), _connector='OR'), name='report_status_agrees_with_its_dates', violation_error_message='状态与审定、印发时间不一致。'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('made_by')), _negated=True)), _connector='OR'), name='report_is_approved_by_another', violation_error_message='起草人不能审定自己的文稿。'), models.CheckConstraint(condition=models.Q(models.Q(('issued_at__isnull', True), ('issued_by__isnull', True)), models.Q(('issued_at__isnull', False), ('issued_by__isnull', False)), _connector='OR'), name='issued_report_says_by_whom', violation_error_message='印发须记明印发人。')],
            },
        ),
        migrations.CreateModel(
            name='IssuedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='发文字号')),
                ('addressee', models.CharField(max_length=120, verbose_name='主送机关')),
                ('sections', models.JSONField(verbose_name='正文')),
                ('figures', models.JSONField(verbose_name='数据')),
                ('cases', models.JSONField(verbose_name='办件清单')),
                ('figures_at', models.DateTimeField(blank=True, null=True, verbose_name='数据时间')),
                ('issued_at', models.DateTimeField(verbose_name='印发时间')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, related_name='issued', to='reports.report', verbose_name='通报和报告')),
            ],
            options={
                'verbose_name': '印发文稿',
                'verbose_name_plural': '印发文稿',
            },
        ),
        migrations.CreateModel(
            name='ExportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=60)),
                ('name', models.CharField(max_length=120, verbose_name='文件')),
                ('status', models.CharField(choices=[('queued', '排队中'), ('working', '正在生成'), ('done', '可下载'), ('failed', '未能生成'), ('expired', '已过期')], max_length=7, verbose_name='状态')),
                ('lines_done', models.PositiveIntegerField(default=0, verbose_name='已写行数')),
                ('lines_all', models.PositiveIntegerField(default=0, verbose_name='总行数')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('lease_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='申请时间')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('kept_until', models.DateTimeField(blank=True, null=True, verbose_name='保留至')),
                ('file', models.FileField(blank=True, upload_to=reports.models.exports.export_path)),
                ('error', models.CharField(blank=True, max_length=100, verbose_name='原因')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
            ],
            options={
                'verbose_name': '导出任务',
                'verbose_name_plural': '导出任务',
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('status__in', ('queued', 'working'))), fields=['asked_at'], name='export_ahead'), models.Index(condition=models.Q(('status', 'expired'), _negated=True), fields=['kept_until'], name='export_kept')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('queued', 'working'))), fields=('owner', 'key'), name='one_export_of_a_kind_at_a_time', violation_error_message='该文件正在生成，请稍候。'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), models.Q(('finished_at__isnull', False), ('kept_until__isnull', False), models.Q(('file', ''), _negated=True)), _connector='OR'), name='finished_export_has_a_file', violation_error_message='导出文件缺失。')],
            },
        ),
        migrations.CreateModel(
            name='PublishedResults',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('quarter', models.PositiveSmallIntegerField(verbose_name='季度')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版次')),
                ('status', models.CharField(choices=[('draft', '草稿'), ('approved', '已审定'), ('published', '已公布'), ('withdrawn', '已撤下')], max_length=9, verbose_name='状态')),
                ('content', models.JSONField(default=dict, verbose_name='数据')),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='统计时间')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='审定时间')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='公布时间')),
                ('differs_why', models.CharField(blank=True, max_length=500, verbose_name='与通报不一致的说明')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('withdrawn_reason', models.CharField(blank=True, max_length=500, verbose_name='撤下理由')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审定人')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='统计人')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='公布人')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤下人')),
            ],
            options={
                'verbose_name': '季度成效',
                'verbose_name_plural': '季度成效公布',
                'ordering': ['-year', '-quarter', '-version'],
            },
        ),
        migrations.CreateModel(
            name='PublishedFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField(verbose_name='数据')),
                ('counted_at', models.DateTimeField(verbose_name='统计时间')),
                ('results', models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, related_name='published', to='reports.publishedresults', verbose_name='季度成效')),
            ],
            options={
                'verbose_name': '公布的成效',
                'verbose_name_plural': '公布的成效',
            },
        ),
        migrations.AddConstraint(
            model_name='publishedresults',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'withdrawn'), _negated=True), fields=('year', 'quarter'), name='one_standing_results_of_a_quarter', violation_error_message='该季度成效已生成，请在列表中打开；要重做的，先撤下。'),
        ),
        migrations.AddConstraint(
            model_name='publishedresults',
            constraint=models.UniqueConstraint(fields=('year', 'quarter', 'version'), name='a_version_of_results_once', violation_error_message='该季度成效已有这一版，请在列表中查看。'),
        ),
        migrations.AddConstraint(
            model_name='publishedresults',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__gte', 1), ('quarter__lte', 4)), name='results_have_a_quarter'),
        ),
        migrations.AddConstraint(
            model_name='publishedresults',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('published_at__isnull', True), ('status', 'draft'), ('withdrawn_at__isnull', True)), models.Q(('approved_at__isnull', False), ('published_at__isnull', True), ('status', 'approved'), ('withdrawn_at__isnull', True)), models.Q(('approved_at__isnull', False), ('published_at__isnull', False), ('status', 'published'), ('withdrawn_at__isnull', True)), models.Q(('status', 'withdrawn'), ('withdrawn_at__isnull', False)), _connector='OR'), name='results_status_agrees_with_its_dates', violation_error_message='状态与审定、公布、撤下时间不一致。'),
        ),
        migrations.AddConstraint(
            model_name='publishedresults',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('made_by')), _negated=True)), _connector='OR'), name='results_are_approved_by_another', violation_error_message='统计人不能审定自己生成的季度成效。'),
        ),
        migrations.AddConstraint(
            model_name='publishedresults',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('approved_at__isnull', False), ('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='published_results_say_by_whom', violation_error_message='公布须先审定，并记明公布人。'),
        ),
        migrations.AddConstraint(
            model_name='publishedresults',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='withdrawn_results_say_by_whom_and_why', violation_error_message='撤下须写明理由，并记明撤下人。'),
        ),
    ]
