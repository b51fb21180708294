"""From the unit to the round: notice, offices, opinion by level, faults by field, places under a guard."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import Clearance, Endorsement, Nomination
from talents.rules.endorsing import EndorsementRule
from talents.selectors.nominations import history_of
from talents.services.nominations import correct_nomination, resubmit_nomination
from talents.services.quotas import allocate_quotas
from talents.services.scans import Scan
from talents.workflow import confirm_chosen, confirm_nomination, endorsing, return_nomination
from talents.workflow.endorsing import (
    answer_clearance,
    ask_offices,
    close_notice,
    endorse,
    put_up_notice,
    submit_nomination,
)
from tests.factories.endorsing import (
    SCAN,
    all_clear,
    asked_of,
    levelled_round,
    notice_clear,
    notice_up,
    on_its_way,
)
from tests.factories.filings import filing
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import eligible_nomination
from tests.factories.workflow import moved
from tests.refusals import refused
from workflow.models import Notice, Record
from workflow.refusals import DomainError


class House:
    """City, district, unit, and who serves there; one round with levels."""

    def __init__(self):
        self.city = OrganizationFactory()
        self.district = with_child(self.city, "district")
        self.unit = with_child(self.district, "unit")
        self.filer = account(Role.NOMINATOR, self.unit)
        self.clerk = account(Role.HANDLER, self.district)
        self.second = account(Role.HANDLER, self.district)
        self.approver = account(Role.APPROVER, self.city)
        self.round = levelled_round(self.city)

    def submitted(self, **facts):
        nomination = on_its_way(self.round, self.unit, **facts)
        submit_nomination(nomination.pk, note="同意推荐", actor=self.filer)
        return nomination

    def asked(self, nomination):
        return Endorsement.objects.get(nomination=nomination, state="asked")

    def endorsed(self):
        nomination = all_clear(self.submitted())
        endorse(self.asked(nomination).pk, note="同意推荐", actor=self.clerk)
        return nomination


@pytest.fixture
def house(db):
    return House()


def test_a_nomination_goes_from_the_unit_over_the_district_to_the_city(house, check):
    nomination = eligible_nomination(round=house.round, unit=house.unit)
    today = timezone.localdate()
    up = put_up_notice(
        nomination.pk, place="公司公告栏", starts_on=today - timedelta(days=20), actor=house.filer
    )
    close_notice(up.pk, is_clear=True, finding="公示期间无异议", scan=SCAN, actor=house.filer)
    submit_nomination(nomination.pk, note="经职代会通过，同意推荐", actor=house.filer)
    for row in ask_offices(nomination.pk, actor=house.clerk):
        answer_clearance(
            row.pk, is_clear=True, reply="无异议", answered_on=today, actor=house.clerk
        )
    endorse(house.asked(nomination).pk, note="审核属实，同意推荐", actor=house.clerk)
    check(house.round)
    confirm_nomination(nomination.pk, actor=house.approver)

    said = list(nomination.endorsements.order_by("level").values_list("organization", "opinion"))
    assert said == [
        (house.unit.pk, "经职代会通过，同意推荐"),
        (house.district.pk, "审核属实，同意推荐"),
    ]
    told = Notice.objects.filter(recipient=house.clerk, title__startswith="推荐待出具意见")
    moves = Record.objects.filter(code="talents.endorsed").values_list("organization", flat=True)
    assert (told.count(), set(moves)) == (1, {house.unit.pk, house.district.pk})
    assert Nomination.objects.get(pk=nomination.pk).state == "checked"


def test_the_city_confirms_nobody_a_level_has_not_endorsed_one_by_one_or_together(house, check):
    waiting, ready = house.submitted(), house.endorsed()
    check(house.round)

    assert (
        refused(confirm_nomination, waiting.pk, actor=house.approver) == "endorsement-outstanding"
    )
    assert refused(confirm_nomination, ready.pk, actor=house.second) == "confirmer-not-organizer"
    done = confirm_chosen(house.round.pk, [waiting.pk, ready.pk], actor=house.approver)
    assert done.confirmed == [ready.pk]
    assert done.refused[waiting.pk].code == "endorsement-outstanding"


@pytest.mark.parametrize(
    ("so_far", "code"),
    [
        (lambda nomination: None, "unit-notice-missing"),
        (lambda n: notice_up(n, ends_on=timezone.localdate()), "unit-notice-running"),
        (notice_up, "unit-notice-unclosed"),
        (
            lambda n: (notice_clear(n), Nomination.objects.filter(pk=n.pk).update(post="新岗位")),
            "unit-notice-outdated",
        ),
    ],
)
def test_a_unit_hands_in_nothing_before_its_notice_ended_without_objection(house, so_far, code):
    nomination = eligible_nomination(round=house.round, unit=house.unit)
    so_far(nomination)
    assert refused(submit_nomination, nomination.pk, note="同意", actor=house.filer) == code


def test_a_notice_lasts_five_working_days_and_ends_with_its_stamped_scan(house):
    nomination = eligible_nomination(round=house.round, unit=house.unit)
    friday = timezone.localdate() - timedelta(days=(timezone.localdate().weekday() - 4) % 7)
    up = put_up_notice(nomination.pk, place="公告栏", starts_on=friday, actor=house.filer)
    assert (up.ends_on - friday).days >= 6

    def close(scan):
        return refused(
            close_notice, up.pk, is_clear=True, finding="无异议", scan=scan, actor=house.filer
        )

    assert close(SCAN) == "unit-notice-running"
    again = refused(put_up_notice, nomination.pk, place="x", starts_on=friday, actor=house.filer)
    assert again == "unit-notice-up"
    type(up).objects.filter(pk=up.pk).update(ends_on=friday)
    if friday == timezone.localdate():
        type(up).objects.filter(pk=up.pk).update(
            starts_on=friday - timedelta(days=9), ends_on=friday - timedelta(days=1)
        )
    assert close(None) == "scan-required"
    assert close(Scan(b"MZ program", "扫描.pdf")) == "scan-kind"


def test_a_notice_is_not_said_to_have_been_up_before_the_round_began(house):
    nomination = eligible_nomination(round=house.round, unit=house.unit)
    opened = timezone.localdate() - timedelta(days=10)
    type(house.round).objects.filter(pk=house.round.pk).update(opens_on=opened)
    day_before = {"place": "公告栏", "starts_on": opened - timedelta(days=1), "actor": house.filer}

    assert refused(put_up_notice, nomination.pk, **day_before) == "unit-notice-before-round"
    up = put_up_notice(nomination.pk, **(day_before | {"starts_on": opened}))
    assert up.starts_on == opened


def test_the_district_waits_for_every_office_and_an_objection_stops_it(house):
    nomination = house.submitted()
    asked = house.asked(nomination)
    assert refused(endorse, asked.pk, note="同意", actor=house.clerk) == "offices-outstanding"
    rows = ask_offices(nomination.pk, actor=house.clerk)
    answer_clearance(
        rows[0].pk, is_clear=False, reply="正在立案", answered_on=timezone.localdate(),
        actor=house.clerk,
    )  # fmt: skip
    assert refused(endorse, asked.pk, note="同意", actor=house.clerk) == "office-objected"
    assert Notice.objects.filter(recipient=house.filer, title__startswith="部门有异议").exists()


def test_nobody_endorses_what_they_filed_or_at_two_levels(house):
    nomination = all_clear(house.submitted(filed_by=house.clerk, handled_by=[house.clerk.pk]))
    asked = house.asked(nomination)
    assert refused(endorse, asked.pk, note="同意", actor=house.clerk) == "filer-cannot-confirm"
    assert refused(endorse, asked.pk, note="同意", actor=house.filer) == "role-required"
    other = all_clear(on_its_way(house.round, house.unit))
    submit_nomination(other.pk, note="代单位报送", actor=house.clerk)
    assert (
        refused(endorse, house.asked(other).pk, note="同意", actor=house.clerk)
        == "endorsed-at-another-level"
    )
    endorse(house.asked(other).pk, note="同意", actor=house.second)


def test_what_comes_back_says_of_which_field_and_goes_on_from_that_level_once_answered(house):
    nomination = house.submitted()
    faults = {"证书编号": "mismatch", "佐证材料": "missing"}
    return_nomination(nomination.pk, actor=house.clerk, note="证书编号与原件不符", faults=faults)

    assert dict(nomination.shortcomings.values_list("field", "kind")) == faults
    assert Endorsement.objects.get(organization=house.district).state == "returned"
    assert refused(submit_nomination, nomination.pk, note="同意", actor=house.filer) == (
        "nomination-returned"
    )
    resubmit_nomination(nomination.pk, actor=house.filer, note="已补交原件复印件")

    assert set(nomination.shortcomings.values_list("answer", flat=True)) == {"已补交原件复印件"}
    assert house.asked(nomination).organization == house.district


def test_a_correction_starts_the_road_anew_and_nothing_is_corrected_on_the_way(house):
    nomination = house.submitted()
    changed = filing(house.unit, identity="", filed={"post": "首席技师"})

    def correct():
        now = Nomination.objects.get(pk=nomination.pk)
        return correct_nomination(
            now.pk, changed, actor=house.filer, version=now.version, note="岗位已调整"
        )

    assert refused(correct) == "nomination-submitted"
    return_nomination(nomination.pk, actor=house.clerk, note="岗位不符", faults={})
    correct()

    assert refused(submit_nomination, nomination.pk, note="同意", actor=house.filer) == (
        "unit-notice-outdated"
    )
    put_up_notice(nomination.pk, place="公告栏", starts_on=timezone.localdate(), actor=house.filer)
    assert list(nomination.unit_notices.order_by("pk").values_list("state", flat=True)) == [
        "stale",
        "up",
    ]


class Rush:
    """Nominations that are all clear, one place in the district, and everybody presses at once."""

    def __init__(self, many):
        self.house = house = House()
        rows = [house.submitted() for _ in range(many)]
        today, system = timezone.localdate(), User.objects.system()
        offices = EndorsementRule.of(house.round).offices
        asked = [
            Clearance(nomination=row, office=office, asked_on=today, asked_by=system)
            for row in rows
            for office in offices
        ]
        Clearance.objects.bulk_create(asked)
        moved(
            Clearance.objects.all(), Clearance.State.CLEAR, reply="无异议", answered_on=today,
            answered_by=system,
        )  # fmt: skip
        allocate_quotas(
            house.round.pk, organization_id=house.district.pk, places=1, actor=system, note="按人数"
        )
        self.asked = [house.asked(row).pk for row in rows]
        self.barrier = threading.Barrier(many)

    def outcomes(self):
        found = []

        def attempt(pk):
            self.barrier.wait(timeout=60)
            try:
                endorse(pk, note="同意推荐", actor=self.house.clerk)
                found.append("given")
            except DomainError as refused:
                found.append(refused.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=attempt, args=(pk,)) for pk in self.asked]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(found)


def test_of_sixty_four_at_once_for_the_last_place_of_a_district_exactly_one_gets_it(
    transactional_db,
):
    assert Rush(64).outcomes() == ["given"] + ["places-endorsed"] * 63


def test_control_without_the_lock_of_the_round_several_get_the_last_place(
    transactional_db, monkeypatch
):
    """Each has looked before any has written: what the lock prevents."""
    rush = Rush(8)
    monkeypatch.setattr("talents.workflow.endorsing.lock_round_of", lambda nomination: None)
    looked, given = threading.Barrier(8), endorsing._given

    def after_all_have_looked(*told):
        looked.wait(timeout=60)
        return given(*told)

    monkeypatch.setattr("talents.workflow.endorsing._given", after_all_have_looked)
    assert rush.outcomes().count("given") == 8


def test_the_pages_lead_from_the_notice_to_the_opinion(house, client):
    nomination = eligible_nomination(round=house.round, unit=house.unit)
    notice_up(nomination)
    client.force_login(house.filer)
    page = client.get(reverse("talents:nomination", args=[nomination.pk])).content.decode()
    assert "登记结果" in page
    assert "单位公示已期满" in page
    notice = nomination.unit_notices.get()
    client.post(
        reverse("talents:unit-notice-close", args=[notice.pk]),
        {
            "outcome": "clear",
            "finding": "公示期间无异议",
            "scan": SimpleUploadedFile("公示件.pdf", b"%PDF-1.4 x"),
        },
    )
    scan = client.get(reverse("talents:unit-notice-scan", args=[notice.pk]))
    assert scan.content == b"%PDF-1.4 x"
    assert "attachment" in scan["Content-Disposition"]
    client.post(reverse("talents:nomination-submit", args=[nomination.pk]), {"note": "同意推荐"})
    client.force_login(house.clerk)
    home = client.get(reverse("portal:home")).content.decode()
    assert "待出具推荐意见" in home
    listed = client.get(reverse("talents:endorsements"), {"state": "asked"}).content.decode()
    assert nomination.person.name in listed


def test_the_form_a_fault_was_found_in_says_so_at_its_field(house, client):
    nomination = house.submitted()
    client.force_login(house.clerk)
    client.post(
        reverse("talents:return", args=[nomination.pk]),
        {"note": "证书编号与原件不符", "fault_certificate_number": "mismatch"},
    )
    client.force_login(house.filer)
    page = client.get(reverse("talents:nomination-edit", args=[nomination.pk])).content.decode()
    assert "退回：不符。" in page
    assert "证书编号：不符" in page


def test_an_opinion_asked_of_a_level_is_not_given_by_the_one_above_twice(house):
    nomination = house.submitted()
    with pytest.raises(Exception, match="endorsement_once_per_level_and_version"):
        asked_of(nomination, level=2)


def test_the_history_of_a_road_asks_once_for_its_notices_replies_and_opinions(
    house, django_assert_num_queries
):
    nomination = house.endorsed()
    assert nomination.clearances.count() > 1
    history_of(nomination, house.clerk)
    # one for what objections, offices and notices say of the reader
    with django_assert_num_queries(4):
        history_of(nomination, house.clerk)


def test_replies_without_objection_are_registered_together(house, client):
    nomination = house.submitted()
    rows = ask_offices(nomination.pk, actor=house.clerk)
    client.force_login(house.clerk)
    address = reverse("talents:clearances-act", args=["clear"])
    keys = [row.pk for row in rows]
    asked = client.post(address, {"chosen": keys}).content.decode()
    client.post(address, {"chosen": keys, "confirmed": "1", "note": "均无异议"})
    assert f"对下列 {len(keys)} 项意见办理" in asked
    assert set(nomination.clearances.values_list("state", "reply")) == {("clear", "均无异议")}


def test_who_only_looks_is_not_offered_to_register_a_reply(house, client):
    ask_offices(house.submitted().pk, actor=house.clerk)
    offered = {}
    for person in (house.clerk, account(Role.AUDITOR, house.city)):
        client.force_login(person)
        page = client.get(reverse("talents:clearances")).content.decode()
        assert "没有征求部门意见" not in page
        offered[person] = "登记答复" in page

    assert list(offered.values()) == [True, False]
