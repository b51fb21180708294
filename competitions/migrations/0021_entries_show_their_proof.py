"""By what it was shown that conditions of entry are met which the identity number does not tell."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("competitions", "0020_terms_go_with_a_draft"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="proof",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="所交证明的名称和编号，如社会保险缴费记录、学籍证明、劳动合同",
                max_length=200,
                verbose_name="资格证明",
            ),
        ),
    ]
