"""An office that had not objected may object later, with what stood there before kept beside it."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('talents', '0052_lists_and_objections_on_file_are_checked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='clearance',
            name='cleared_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='原无异议登记人'),
        ),
        migrations.AddField(
            model_name='clearance',
            name='cleared_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='原无异议复函文号'),
        ),
        migrations.AddField(
            model_name='clearance',
            name='cleared_on',
            field=models.DateField(null=True, verbose_name='原无异议答复日期'),
        ),
        migrations.AddField(
            model_name='clearance',
            name='cleared_reply',
            field=models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='原无异议答复'),
        ),
        migrations.AddField(
            model_name='clearance',
            name='objected_for',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='改登有异议事由'),
        ),
        AddConstraintNotValid(
            model_name='clearance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cleared_by__isnull', True), ('cleared_number', ''), ('cleared_on__isnull', True), ('cleared_reply', ''), ('objected_for', '')), models.Q(('answered_on__gte', models.F('cleared_on')), ('cleared_by__isnull', False), ('cleared_on__isnull', False), ('state__in', ['clear', 'objected']), models.Q(('cleared_reply', ''), _negated=True), models.Q(('objected_for', ''), _negated=True)), _connector='OR'), name='clearance_objected_later_for_a_reason', violation_error_message='改登有异议须写明事由，日期不早于原答复，原答复保留'),
        ),
    ]
