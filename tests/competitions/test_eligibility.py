"""Who may be entered, to the day: the ages of 世赛 items, asked on the first day of the item."""

from datetime import date

import pytest
from django.core.management import call_command

from competitions.selectors.eligibility import findings_about
from tests.factories.competitions import EntryFactory, ItemFactory

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("tier", "criterion", "oldest"),
    [("worldskills", "worldskills_age", 22), ("worldskills-mechatronics", "mechatronics_age", 25)],
)
@pytest.mark.parametrize(("born", "is_met"), [((8, 31), False), ((9, 1), False), ((9, 2), True)])
def test_the_age_of_worldskills_items_counts_on_the_first_day(
    tier, criterion, oldest, born, is_met
):
    """“不超过22周岁”: who turns 23 on the first day is too old, who does so the day after is not."""
    call_command("load_policies", verbosity=0)
    entry = EntryFactory(item=ItemFactory(entry_tier=tier, starts_on=FIRST_DAY))
    entry.person.birth_on = date(FIRST_DAY.year - oldest - 1, *born)
    entry.person.save()

    told = {finding.criterion.code: finding for finding in findings_about(entry)}

    assert told[criterion].met is is_met
