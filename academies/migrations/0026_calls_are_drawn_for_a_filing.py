"""Calls are drawn for a filing, each in a place of its own; those made until now get theirs.

Until now a second draw of the same file numbered from one again.
"""

from django.db import migrations, models

FILLED = """
update academies_phonecheck c set filed_at = coalesce(r.filed_at, now()), place = n.place
from academies_review r, (
  select id, row_number() over (partition by review_id order by place, id) as place
  from academies_phonecheck
) n
where r.id = c.review_id and n.id = c.id
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0025_reports_opened_again_lapse")]

    operations = [
        migrations.AddField(
            model_name="phonecheck",
            name="filed_at",
            field=models.DateTimeField(null=True, verbose_name="所抽自评的报送时间"),
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="phonecheck",
            name="filed_at",
            field=models.DateTimeField(verbose_name="所抽自评的报送时间"),
        ),
        migrations.RemoveConstraint(
            model_name="phonecheck", name="phone_check_once_per_person"
        ),
        migrations.AddConstraint(
            model_name="phonecheck",
            constraint=models.UniqueConstraint(
                fields=("review", "filed_at", "person"),
                name="phone_check_once_per_person_and_filing",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonecheck",
            constraint=models.UniqueConstraint(
                fields=("review", "filed_at", "place"), name="phone_check_has_a_place_of_its_own"
            ),
        ),
    ]
