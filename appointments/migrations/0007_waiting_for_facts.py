import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0006_not_seen'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name=model,
            name='answer_by',
            field=models.DateField(default=timezone.localdate, verbose_name='请于此日前补充'),
            preserve_default=False,
        )
        for model in ('supplement', 'historicalsupplement')
    ] + [
        migrations.AddField(
            model_name='supplement',
            name='added_by',
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name='+',
                to=settings.AUTH_USER_MODEL,
                verbose_name='代为登记的人',
            ),
        ),
        migrations.AddField(
            model_name='historicalsupplement',
            name='added_by',
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name='+',
                to=settings.AUTH_USER_MODEL,
                verbose_name='代为登记的人',
            ),
        ),
        migrations.RemoveConstraint(model_name='booking', name='decided_booking_has_its_time'),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(('status__in', ('accepted', 'refused', 'solved', 'attended', 'absent')), _negated=True),
                    ('decided_at__isnull', False),
                    _connector='OR',
                ),
                name='decided_booking_has_its_time',
            ),
        ),
    ] + [
        migrations.AlterField(
            model_name=model,
            name='status',
            field=models.CharField(
                choices=[('open', '待核实'), ('done', '已核实'), ('left_out', '已调出'), ('void', '不再需要')],
                max_length=8,
                verbose_name='状态',
            ),
        )
        for model in ('verification', 'historicalverification')
    ]
