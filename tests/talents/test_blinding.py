"""What is taken out of the words that experts read: regions in their short form, and studios."""

from datetime import date

import pytest

from talents.models import Studio
from talents.rules.blinding import Redaction
from tests.factories.organizations import OrganizationFactory, UserFactory, with_child
from tests.factories.talents import NominationFactory, PersonFactory, RoundFactory

pytestmark = pytest.mark.django_db


def test_regions_below_the_round_and_the_studios_of_the_person_are_taken_out():
    city = OrganizationFactory(kind="city", name="北京市总工会")
    district = with_child(city, "district", name="海淀区总工会")
    unit = with_child(district, "unit", name="东升精密机械有限公司")
    somebody = PersonFactory(name="赵焊花", organization=unit)
    row = NominationFactory(round=RoundFactory(organizer=city), unit=unit, person=somebody)
    Studio.objects.create(
        name="赵焊花创新工作室", organization=unit, leader=somebody, field="焊接",
        founded_on=date(2020, 1, 1), proposed_by=UserFactory(),
    )  # fmt: skip
    Studio.objects.create(
        name="银河职工创新工作室", organization=unit, leader=PersonFactory(organization=unit),
        field="焊接", founded_on=date(2020, 1, 1), proposed_by=UserFactory(),
    ).members.create(person=somebody, joined_on=date(2021, 1, 1))  # fmt: skip
    blanked = Redaction.of(row)

    assert blanked("获海淀首席技师，领衔赵焊花创新工作室") == "获某某首席技师，领衔某某"
    assert blanked("参加银河职工创新工作室，银河团队骨干") == "参加某某，某某团队骨干"
    assert blanked("获北京大工匠提名") == "获北京大工匠提名"
