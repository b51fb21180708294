"""Nobody decides about themselves, whatever roles their account holds: from the unit's word to the naming."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Clearance, Honour, Objection, UnitNotice
from talents.permissions.publicity import may_look_into
from talents.workflow.endorsing import (
    answer_clearance,
    ask_offices,
    close_notice,
    endorse,
    put_up_notice,
    submit_nomination,
)
from talents.workflow.objections import decide_objection, look_into
from talents.workflow.publicity import name_chosen, post_notice
from tests.accounts.lending import again, lend
from tests.factories.endorsing import LONG_AGO, SCAN, levelled_round, on_its_way
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.publicity import drafted_notice, ended, posted_notice, received_objection
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.refusals import refused
from workflow.models import Notice
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


def oneself(nomination, role, body):
    """The account of the candidate, who serves at that body as well."""
    return account(role, body, user__owner_digest=bytes(nomination.person.identity_digest))


class TestOnTheWay:
    @pytest.fixture
    def road(self):
        city = OrganizationFactory(kind="city")
        unit = with_child(with_child(city, "district"), "unit")
        return unit, on_its_way(levelled_round(city), unit)

    @pytest.fixture
    def city_unit(self):
        call_command("load_calendar", verbosity=0)
        city = OrganizationFactory(kind="city")
        unit = with_child(with_child(city, "district"), "unit")
        return unit, eligible_nomination(round=levelled_round(city), unit=unit)

    def test_the_word_of_the_unit_is_not_given_by_the_candidate(self, road):
        unit, nomination = road
        me = oneself(nomination, Role.NOMINATOR, unit)

        assert refused(submit_nomination, nomination.pk, note="同意", actor=me) == "own-nomination"
        assert not nomination.endorsements.exists()
        submit_nomination(nomination.pk, note="同意", actor=account(Role.NOMINATOR, unit))

    def test_nor_that_of_a_level_above(self, road):
        unit, nomination = road
        submit_nomination(nomination.pk, note="同意", actor=account(Role.NOMINATOR, unit))
        asked = nomination.endorsements.get(state="asked")
        me = oneself(nomination, Role.APPROVER, asked.organization)

        assert refused(endorse, asked.pk, note="同意", actor=me) == "own-nomination"

    def test_nor_are_offices_asked_or_their_replies_registered_by_the_candidate(self, road):
        unit, nomination = road
        district = unit.parent
        me, other = oneself(nomination, Role.HANDLER, district), account(Role.HANDLER, district)
        said = {"is_clear": True, "reply": "无异议", "answered_on": timezone.localdate()}

        assert refused(ask_offices, nomination.pk, actor=me) == "own-nomination"
        first, *_ = ask_offices(nomination.pk, actor=other)
        deputy = account(Role.HANDLER, district)
        lend(me, deputy)
        for nobody in (me, again(deputy)):  # what is asked about oneself is as absent
            with pytest.raises(Clearance.DoesNotExist):
                answer_clearance(first.pk, **said, actor=nobody)
        assert answer_clearance(first.pk, **said, actor=other).state == "clear"

    def test_nor_are_replies_registered_by_staff_of_the_unit_that_recommends(self, road):
        unit, nomination = road
        first, *_ = ask_offices(nomination.pk, actor=account(Role.HANDLER, unit.parent))
        said = {"is_clear": True, "reply": "无异议", "answered_on": timezone.localdate()}

        of_unit = account(Role.HANDLER, unit)
        assert refused(answer_clearance, first.pk, **said, actor=of_unit) == "role-required"

    def test_nor_is_the_notice_of_the_unit_put_up_or_closed_by_the_candidate(self, city_unit):
        unit, nomination = city_unit
        me = oneself(nomination, Role.NOMINATOR, unit)
        put = {"place": "公告栏", "starts_on": timezone.localdate()}

        with pytest.raises(DomainError) as refusal:
            put_up_notice(nomination.pk, **put, actor=me)
        assert refusal.value.code == "own-nomination"
        assert f"上级工会“{unit.parent}”的经办人或审批人" in refusal.value.message
        other = account(Role.NOMINATOR, unit)
        up = put_up_notice(nomination.pk, **put, actor=other)
        closed = {"is_clear": True, "finding": "无异议", "scan": SCAN}
        UnitNotice.objects.update(starts_on=LONG_AGO, ends_on=LONG_AGO + timedelta(days=4))
        with pytest.raises(DomainError) as refusal:
            close_notice(up.pk, **closed, actor=me)
        assert refusal.value.code == "own-nomination"
        assert f"“{unit}”的其他经办人" in refusal.value.message
        assert close_notice(up.pk, **closed, actor=other).state == "clear"


class TestOnTheList:
    @pytest.fixture
    def city(self):
        call_command("load_calendar", verbosity=0)
        return OrganizationFactory(kind="city")

    def first_of(self, notice):
        return notice.entries.get(position=1).nomination

    def test_who_stands_on_it_does_not_put_it_up(self, city):
        notice = drafted_notice(RoundFactory(organizer=city))
        me = oneself(self.first_of(notice), Role.APPROVER, city)

        code = refused(post_notice, notice.pk, starts_on=timezone.localdate(), actor=me)

        assert code == "own-name-on-list"

    def test_an_objection_to_oneself_is_as_absent_and_nobody_tells_of_it(self, city, client):
        notice = posted_notice(RoundFactory(organizer=city))
        me = oneself(self.first_of(notice), Role.APPROVER, city)
        deputy, other = account(Role.APPROVER, city), account(Role.APPROVER, city)
        lend(me, deputy)
        objection = received_objection(notice)
        look_into(objection.pk, finding="已调阅档案", actor=account(Role.HANDLER, city))

        for nobody in (again(me), again(deputy)):
            assert not Objection.objects.visible_to(nobody).exists()
            assert not Notice.objects.filter(recipient=nobody, title__contains="异议").exists()
            with pytest.raises(Objection.DoesNotExist):
                decide_objection(objection.pk, is_upheld=False, actor=nobody)
            client.force_login(nobody)
            page = reverse("talents:objection", args=[objection.pk])
            assert client.get(page).status_code == 404
            assert client.get(f"{page}scan/").status_code == 404
            assert client.get(f"/api/v1/objections/{objection.pk}/").status_code == 404
            listed = client.get(reverse("talents:objections")).content.decode()
            assert objection.receipt not in listed
        assert Notice.objects.filter(recipient=other, title__contains="异议").count() == 2
        assert decide_objection(objection.pk, is_upheld=False, actor=other).state == "dismissed"

    def test_the_rules_of_an_objection_refuse_its_person_by_themselves_too(self, city):
        notice = posted_notice(RoundFactory(organizer=city))
        objection = received_objection(notice)
        me = oneself(self.first_of(notice), Role.APPROVER, city)

        assert may_look_into.why_not(me, objection).code == "own-nomination"

    def test_nor_names_themselves(self, city):
        notice = ended(posted_notice(RoundFactory(organizer=city)))
        me = oneself(self.first_of(notice), Role.APPROVER, city)

        code = refused(name_chosen, notice.pk, document_number="京工发〔2026〕9号", actor=me)

        assert code == "own-name-on-list"
        assert not Honour.objects.exists()
