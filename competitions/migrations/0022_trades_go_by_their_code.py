"""The code of an occupation is one of the national list, and nobody rises in it twice a year."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.core.validators import RegexValidator
from django.db import migrations, models

PATTERN = "[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}"
WORDS = "职业编码按《职业分类大典》填写，如“6-18-02-04”；大典没有的留空"
#: What was typed before there was a rule: other dashes and digits are put right, anything else is no code;
#: as it was typed it stands in the record of the item.
MENDED = r"""
update competitions_item set occupation_code = told.code
from (
  select id, translate(regexp_replace(occupation_code, E'[\\u2010-\\u2014\\u2212\\uff0d]+', '-', 'g'), '０１２３４５６７８９ 　', '0123456789') as code
  from competitions_item
  where occupation_code <> '' and occupation_code !~ '^[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}$'
) told
where told.id = competitions_item.id and told.code ~ '^[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}$';
update competitions_item set occupation_code = ''
where occupation_code <> '' and occupation_code !~ '^[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}$';
"""
#: Of those who were proposed twice in a year under two names, the first proposal bears the code.
TOLD = """
update competitions_promotion p set occupation_code = i.occupation_code
from competitions_item i
where i.id = p.item_id and i.occupation_code <> '' and not exists (
  select from competitions_promotion o join competitions_item oi on oi.id = o.item_id
  where o.person_id = p.person_id and o.year = p.year and oi.occupation_code = i.occupation_code
    and o.state not in ('refused', 'withdrawn') and o.id < p.id
);
"""


class Migration(migrations.Migration):
    dependencies = [("competitions", "0021_entries_show_their_proof")]

    operations = [
        migrations.AddField(
            model_name="promotion",
            name="occupation_code",
            field=models.CharField(
                blank=True, db_default="", max_length=20, verbose_name="职业编码"
            ),
        ),
        migrations.RunSQL(MENDED, migrations.RunSQL.noop),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="item",
            name="occupation_code",
            field=models.CharField(
                blank=True,
                help_text="如6-18-02-04；填写的，同一职业一年晋升一次按编码判断",
                max_length=20,
                validators=[RegexValidator(rf"^{PATTERN}\Z", WORDS)],
                verbose_name="职业编码",
            ),
        ),
        AddConstraintNotValid(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("occupation_code", ""),
                    ("occupation_code__regex", f"^{PATTERN}$"),
                    _connector="OR",
                ),
                name="item_occupation_code_is_of_the_national_list",
                violation_error_message=WORDS,
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("occupation_code", ""), _negated=True)
                & models.Q(("state__in", ["refused", "withdrawn"]), _negated=True),
                fields=("person", "occupation_code", "year"),
                name="promotion_once_a_year_per_occupation_code",
                violation_error_message="该人员同一职业（按职业编码）本年度已提出晋升",
            ),
        ),
    ]
