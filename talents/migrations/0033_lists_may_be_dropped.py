"""A list that was not put up may be given up; what was up is checked again by the next migration."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('talents', '0032_notices_are_looked_at'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='publicnotice',
            name='public_notice_posted_is_dated_and_sealed',
        ),
        migrations.AlterField(
            model_name='publicnotice',
            name='state',
            field=models.CharField(choices=[('draft', '待公示'), ('posted', '公示中'), ('replaced', '已由新版替代'), ('concluded', '已公布'), ('dropped', '已作废')], default='draft', max_length=10, verbose_name='状态'),
        ),
        AddConstraintNotValid(
            model_name='publicnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_on__isnull', True), ('sha256', ''), ('starts_on__isnull', True), ('state__in', ['draft', 'dropped'])), models.Q(('ends_on__gte', models.F('starts_on')), ('posted_by__isnull', False), ('sha256__regex', '^[0-9a-f]{64}$'), ('starts_on__isnull', False), ('state__in', ['posted', 'replaced', 'concluded'])), _connector='OR'), name='public_notice_posted_is_dated_and_sealed'),
        ),
    ]
