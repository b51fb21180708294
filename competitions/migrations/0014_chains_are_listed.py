"""Chains are listed; what contests said before stays, without blanks, so that equal names are one."""

import django.db.models.deletion
from django.db import migrations, models

#: As the list writes names: no blanks. A few thousand rows at most.
FOLDED = r"""
update competitions_competition set chain = regexp_replace(chain, '[\s\u3000]+', '', 'g')
 where chain ~ '[\s\u3000]'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0013_awards_say_by_which_decision'),
        ('organizations', '0005_craftsmen_have_accounts'),
    ]

    operations = [
        migrations.RunSQL(FOLDED, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='产业链')),
                ('basis', models.CharField(max_length=200, verbose_name='列入依据')),
                ('is_current', models.BooleanField(default=True, verbose_name='在用')),
                ('edited_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='更正时间')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chains', to='organizations.organization', verbose_name='维护单位')),
            ],
            options={
                'verbose_name': '产业链',
                'verbose_name_plural': '产业链',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'name'), name='chain_once_per_list', violation_error_message='该产业链已列入清单'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('basis', ''), _negated=True)), name='chain_says_what_and_by_what', violation_error_message='请写明产业链名称和列入依据')],
            },
        ),
    ]
