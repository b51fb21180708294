"""Nominations tell the trade by its code of the national list; rows on file are checked in the next."""

import django.core.validators
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

PATTERN = "^[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}"
WORDS = "职业编码按《职业分类大典》填写，如“6-18-02-04”；大典没有的留空"


class Migration(migrations.Migration):
    dependencies = [("talents", "0058_reasons_of_the_done_are_checked")]

    operations = [
        migrations.AddField(
            model_name="nomination",
            name="occupation_code",
            field=models.CharField(
                "职业编码",
                blank=True,
                db_default="",
                max_length=20,
                validators=[django.core.validators.RegexValidator(rf"{PATTERN}\Z", WORDS)],
                help_text="如6-18-02-04；填写的，由竞赛决定的职业按编码对应，不论名称怎样写",
            ),
        ),
        AddConstraintNotValid(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(occupation_code="")
                | models.Q(occupation_code__regex=f"{PATTERN}$"),
                name="nomination_occupation_code_is_of_the_list",
                violation_error_message=WORDS,
            ),
        ),
    ]
