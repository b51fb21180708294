"""Which level an entrant's certificates said when marks were closed."""

from django.db import migrations, models

LEVELS = [
    ("0", "学徒工"),
    ("5", "初级工"),
    ("4", "中级工"),
    ("3", "高级工"),
    ("2", "技师"),
    ("1", "高级技师"),
    ("T", "特级技师"),
    ("S", "首席技师"),
]


class Migration(migrations.Migration):
    dependencies = [("competitions", "0038_kinds_of_contests_are_checked")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="level_on_file",
            field=models.CharField(
                blank=True, choices=LEVELS, editable=False, max_length=1, null=True, verbose_name="锁定时在册证书的等级"
            ),
        ),
    ]
