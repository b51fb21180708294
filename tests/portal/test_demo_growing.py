"""What the demo puts behind its craftsmen is taken by the services as anybody's would be."""

from datetime import date

import pytest

from organizations.models import Organization, User
from portal.demo import growing
from talents.models import ActionEntry, PairLog
from talents.workflow.growth import agree_pair, finish_pair
from tests.factories.filings import identity_number
from tests.factories.growth import PairFactory, consented, cultivated
from tests.factories.organizations import OrganizationFactory, with_child
from tests.factories.talents import PersonFactory
from workflow.storage import vault

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(kind="city"), Organization.Kind.UNIT)


def test_results_with_papers_and_goals_partly_reached(unit):
    system, number = User.objects.system(), identity_number()
    person = PersonFactory(
        organization=unit,
        identity_cipher=vault.encrypt(number.encode()),
        identity_digest=vault.digest(number),
    )
    row = cultivated(unit, actor=system, person=person, starts_on=date(2025, 12, 10))

    growing.results_of(person, 0)
    growing.aims_of(row)

    kinds = ActionEntry.objects.filter(person=person, scan__isnull=False)
    assert set(kinds.values_list("kind", flat=True)) == {"patent", "small", "four"}
    assert sorted(row.goals.values_list("outcome", flat=True)) == ["", "met", "partly"]


def test_days_of_teaching_are_confirmed_by_both_and_prove_that_somebody_is_done(unit):
    system = User.objects.system()
    pair = PairFactory(organization=unit)
    agree_pair(consented(pair).pk, actor=system)

    growing.taught(pair, date(2025, 4, 1), "练习平焊")
    growing.attained(pair.apprentice, "焊工")

    assert PairLog.objects.get().is_confirmed
    assert finish_pair(pair.pk, level="3", actor=system, note="考核合格").state == "finished"
