"""What is proposed to be put right about an evaluation that came with the history, and by whom it was."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('academies', '0019_two_failures_are_not_undone'),
        ('intake', '0002_telephones_are_found_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluation',
            name='corrected_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='更正复核人'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='proposal',
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False, verbose_name='拟更正内容'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='proposal_reason',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=500, verbose_name='更正事由'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='proposed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='更正提出时间'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='proposed_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='更正提出人'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('proposal', {}), models.Q(('batch__isnull', False), ('proposed_at__isnull', False), ('proposed_by__isnull', False), models.Q(('proposal_reason', ''), _negated=True)), _connector='OR'), name='evaluation_proposal_says_why_and_by_whom', violation_error_message='更正须写明事由和提出人，且只更正导入的历年结果'),
        ),
        AddConstraintNotValid(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('corrected_by', models.F('proposed_by')), _negated=True), name='evaluation_is_corrected_by_another', violation_error_message='更正须由提出人以外的人复核'),
        ),
    ]
