"""One person, one tier, one year: a second title is refused at naming, also to two rounds at once."""

import threading

import pytest
from django.core.management import call_command

from organizations.roles import Role
from talents.models import Honour
from talents.workflow import publicity
from talents.workflow.publicity import name_chosen
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.policies import amended
from tests.factories.publicity import ended, posted_notice
from tests.factories.talents import POLICY, PersonFactory, RoundFactory
from tests.talents.test_candidates_at_once import unlocked
from tests.talents.test_holders import EXCLUDING
from tests.talents.test_trouble import at_once
from workflow.refusals import DomainError


def over(selection, person):
    """A list of the round with this person on it, whose days are over."""
    return ended(posted_notice(selection, person=person))


def naming(notice, number):
    approver = account(Role.APPROVER, notice.organization)
    return lambda: name_chosen(notice.pk, document_number=number, actor=approver)


@pytest.fixture
def city(db):
    call_command("load_calendar", verbosity=0)
    return OrganizationFactory(kind="city")


@pytest.mark.parametrize("excludes", [False, True])
@pytest.mark.parametrize(
    ("titled", "is_in_the_way"),
    [
        ({}, "always"),
        ({"year": 2025}, "where holders are excluded"),
        ({"tier": "district"}, "never"),
    ],
    ids=["same tier and year", "another year", "another tier"],
)
def test_whose_title_is_in_the_way(city, excludes, titled, is_in_the_way):
    edition = amended(POLICY, instead=EXCLUDING if excludes else ("", ""))
    selection, person = RoundFactory(organizer=city, edition=edition), PersonFactory()
    facts = {"scheme": edition.code, "tier": "beijing-great", "year": 2026} | titled
    HonourFactory(person=person, organization=city, **facts)
    act = naming(over(selection, person), "京工发〔2026〕9号")
    if is_in_the_way == "always" or (is_in_the_way != "never" and excludes):
        with pytest.raises(DomainError, match="请退回其推荐") as refusal:
            act()
        assert refusal.value.code == "same-tier-held"
        assert Honour.objects.count() == 1
    else:
        assert len(act()) == 1


@pytest.mark.django_db(transaction=True)
class TestTwoRoundsAtOnce:
    def acts(self, settings):
        settings.INLINE_JOBS = False
        call_command("load_calendar", verbosity=0)
        city, person = OrganizationFactory(kind="city"), PersonFactory()
        rounds = [RoundFactory(organizer=city) for _ in range(2)]
        return [naming(over(one, person), f"第{at}号") for at, one in enumerate(rounds)]

    def test_the_person_has_one_title(self, settings):
        assert at_once(*self.acts(settings)) == ["list", "same-tier-held"]
        assert Honour.objects.count() == 1

    def test_control_without_holding_the_person_there_are_two(self, settings, monkeypatch):
        acts = self.acts(settings)
        check, met = publicity._check_new_to_tier, threading.Barrier(2)
        monkeypatch.setattr(publicity, "_hold_persons", lambda notice: None)
        monkeypatch.setattr(publicity, "entries_held", unlocked)

        def lingers(*told):
            check(*told)
            met.wait(timeout=20)

        monkeypatch.setattr(publicity, "_check_new_to_tier", lingers)
        assert at_once(*acts) == ["list", "list"]
        assert Honour.objects.count() == 2
