"""A body that recommends has a list of its own up; objections come by letter; late opinions are told."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0007_standing_in_is_valid'),
        ('talents', '0050_early_certificates_are_checked'),
        ('workflow', '0005_heads_stand_on_records'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='publicnotice',
            name='public_notice_one_up_at_a_time',
        ),
        migrations.AddField(
            model_name='endorsement',
            name='is_late',
            field=models.BooleanField(db_default=False, default=False, help_text='逐级审核的最后一日以后才出具的', verbose_name='逾期'),
        ),
        migrations.AddField(
            model_name='objection',
            name='channel',
            field=models.CharField(choices=[('online', '网页'), ('letter', '来信'), ('phone', '来电'), ('visit', '来访'), ('email', '电子邮件')], db_default='online', default='online', max_length=6, verbose_name='反映方式'),
        ),
        migrations.AddField(
            model_name='objection',
            name='entered_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='objection',
            name='received_on',
            field=models.DateField(blank=True, help_text='来信以寄出邮戳或收到之日，来电、来访以当日计', null=True, verbose_name='收到日期'),
        ),
        migrations.AddField(
            model_name='objection',
            name='scan',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.attachment', verbose_name='来信或记录扫描件'),
        ),
        migrations.AddField(
            model_name='publicnotice',
            name='of_level',
            field=models.BooleanField(db_default=False, default=False, verbose_name='拟推荐人选的公示'),
        ),
        migrations.AlterField(
            model_name='objection',
            name='received_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='登记时间'),
        ),
        AddConstraintNotValid(
            model_name='endorsement',
            constraint=models.CheckConstraint(condition=models.Q(('is_late', False), ('state', 'given'), _connector='OR'), name='endorsement_late_was_given'),
        ),
        AddConstraintNotValid(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'online'), ('entered_by__isnull', True), ('received_on__isnull', True)), models.Q(('channel__in', ['letter', 'phone', 'visit', 'email']), ('entered_by__isnull', False), ('received_on__isnull', False)), _connector='OR'), name='objection_entered_by_staff_says_when_it_came', violation_error_message='代为登记的异议须写明反映方式和收到日期'),
        ),
        migrations.AddConstraint(
            model_name='publicnotice',
            constraint=models.UniqueConstraint(condition=models.Q(('of_level', False), ('state__in', ['posted', 'concluded'])), fields=('round', 'organization'), name='public_notice_one_up_at_a_time', violation_error_message='本轮次已有一份公示在挂或已命名公布'),
        ),
        AddConstraintNotValid(
            model_name='publicnotice',
            constraint=models.CheckConstraint(condition=models.Q(('of_level', False), models.Q(('named_count', 0), ('panel__isnull', True), ('state__in', ['draft', 'posted', 'dropped'])), _connector='OR'), name='public_notice_of_a_level_names_nobody', violation_error_message='拟推荐人选的公示不据以命名'),
        ),
    ]
