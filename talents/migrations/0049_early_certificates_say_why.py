"""Those certified before their last day, when no reason was asked for, say that none was."""

from django.db import migrations

SAY = """
update talents_cultivation set early_reason = '本项规定施行前办理，未登记事由'
 where state = 'passed' and closed_on < ends_on and early_reason = ''
"""
UNSAY = """
update talents_cultivation set early_reason = ''
 where early_reason = '本项规定施行前办理，未登记事由'
"""


class Migration(migrations.Migration):
    dependencies = [("talents", "0048_cultivation_ends_early_for_a_reason")]

    operations = [migrations.RunSQL(SAY, UNSAY)]
