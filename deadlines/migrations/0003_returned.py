from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0002_revision_append_only'),
    ]

    operations = [
        migrations.AlterField(
            model_name='revision',
            name='cause',
            field=models.CharField(
                choices=[
                    ('opened', '开始计时'),
                    ('extended', '延期'),
                    ('calendar', '放假安排调整'),
                    ('override', '另有法定时限'),
                    ('joint', '转为联办'),
                    ('moved', '坐诊日期调整'),
                    ('returned', '退回补办'),
                ],
                max_length=10,
                verbose_name='原因',
            ),
        ),
    ]
