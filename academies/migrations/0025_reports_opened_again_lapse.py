"""An accepted report that is opened again by exception is closed again after its day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('academies', '0024_failures_are_taken_back_by_two'),
    ]

    operations = [
        migrations.AddField(
            model_name='trainingreport',
            name='reopened_until',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='重新开放至'),
        ),
    ]
