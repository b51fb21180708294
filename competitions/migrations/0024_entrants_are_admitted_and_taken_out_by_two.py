"""Who found that an entrant may take part, who was entered late, and what takes two: results and locked marks."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0023_codes_of_trades_are_checked'),
        ('intake', '0002_telephones_are_found_again'),
        ('organizations', '0007_standing_in_is_valid'),
        ('talents', '0044_declarations_are_given_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='admitted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='资格认定人'),
        ),
        migrations.AddField(
            model_name='entry',
            name='admitted_for',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=200, verbose_name='资格认定理由'),
        ),
        migrations.AddField(
            model_name='entry',
            name='admitted_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='资格认定日期'),
        ),
        migrations.AddField(
            model_name='entry',
            name='late_reason',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=200, verbose_name='逾期补报事由'),
        ),
        migrations.AddField(
            model_name='entry',
            name='out_agreed_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='取消成绩决定人'),
        ),
        migrations.AddField(
            model_name='entry',
            name='out_asked_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='取消成绩提出人'),
        ),
        migrations.AddField(
            model_name='entry',
            name='out_reason',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=200, verbose_name='取消成绩事由'),
        ),
        migrations.AddField(
            model_name='item',
            name='reopen_asked_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='退回重评提出人'),
        ),
        migrations.AddField(
            model_name='item',
            name='reopen_reason',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=200, verbose_name='退回重评事由'),
        ),
        AddConstraintNotValid(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('admitted_by__isnull', True), ('admitted_for', ''), ('admitted_on__isnull', True)), models.Q(models.Q(('admitted_for', ''), _negated=True), ('admitted_by__isnull', False), ('admitted_on__isnull', False)), _connector='OR'), name='entry_is_admitted_by_somebody_for_a_reason', violation_error_message='认定参赛资格须写明理由'),
        ),
        AddConstraintNotValid(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('out_agreed_by__isnull', True), ('out_asked_by__isnull', True), ('out_reason', '')), models.Q(models.Q(('out_agreed_by__isnull', True), models.Q(('out_agreed_by', models.F('out_asked_by')), _negated=True), _connector='OR'), models.Q(('out_reason', ''), _negated=True), ('out_asked_by__isnull', False)), _connector='OR'), name='entry_result_is_taken_away_by_two', violation_error_message='取消已公布的成绩须写明事由，由另一人决定'),
        ),
        AddConstraintNotValid(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reopen_asked_by__isnull', True), ('reopen_reason', '')), models.Q(models.Q(('reopen_reason', ''), _negated=True), ('reopen_asked_by__isnull', False), ('state', 'locked')), _connector='OR'), name='item_reopening_is_asked_of_locked_marks', violation_error_message='成绩锁定之后才须申请退回重评，并写明事由'),
        ),
    ]
