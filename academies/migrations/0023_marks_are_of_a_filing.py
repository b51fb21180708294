"""A file that was given back is marked anew; what was marked before stays, and does not count."""

from django.db import migrations, models

FILLED = """
update academies_panelmark m set filed_at = coalesce(r.filed_at, m.marked_at)
from academies_review r where r.id = m.review_id
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0022_history_that_never_was_is_struck_by_two")]

    operations = [
        migrations.AddField(
            model_name="panelmark",
            name="filed_at",
            field=models.DateTimeField(null=True, verbose_name="所评自评的报送时间"),
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="panelmark",
            name="filed_at",
            field=models.DateTimeField(verbose_name="所评自评的报送时间"),
        ),
        migrations.RemoveConstraint(model_name="panelmark", name="panel_mark_once_per_expert"),
        migrations.AddConstraint(
            model_name="panelmark",
            constraint=models.UniqueConstraint(
                fields=("review", "expert", "filed_at"),
                name="panel_mark_once_per_expert_and_filing",
                violation_error_message="您已为该学院评分，评分不能修改",
            ),
        ),
    ]
