"""Apprentices done early, and years begun on a day gone by or for fewer months, say why."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('talents', '0061_words_of_blind_papers_are_decided'),
    ]

    operations = [
        migrations.AddField(
            model_name='cultivation',
            name='begun_for',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=200, verbose_name='补登或缩短事由'),
        ),
        migrations.AddField(
            model_name='mentorship',
            name='early_reason',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=200, verbose_name='提前出师事由'),
        ),
        AddConstraintNotValid(
            model_name='mentorship',
            constraint=models.CheckConstraint(condition=models.Q(('early_reason', ''), ('state', 'finished'), _connector='OR'), name='mentorship_early_reason_is_of_who_is_done', violation_error_message='提前出师事由只在出师时填写'),
        ),
    ]
