"""Masters and apprentices, counted by the report; and the years of those who are cultivated."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.documents.certificates import certificate_content
from talents.facts.measures import PAIRED
from talents.models import Cultivation, Honour, Mentorship, Person
from talents.rules.titles import newest_ladders
from talents.selectors.growth import acceptance_queues, report_queues
from talents.selectors.own import own_queues
from talents.services.honours import reissue_certificate
from talents.services.persons import keep_certificate
from talents.workflow.cultivation import (
    accept_report,
    chase_report,
    extend_cultivation,
    give_report_back,
    pass_cultivation,
    report,
    stop_cultivation,
)
from talents.workflow.growth import Agreement, agree_pair, end_pair, finish_pair, pair
from talents.workflow.honours import doubt_honour, revoke_honour
from tests.factories.growth import LONG_AGO, PairFactory, consented, cultivated
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from tests.refusals import refused
from workflow.models import Notice, Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
TWO_YEARS = Agreement("焊工", "独立完成管道全位置焊接", date(2025, 3, 1), date(2027, 3, 1))


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(kind="city"), "unit")


def persons(unit, count):
    return PersonFactory.create_batch(count, organization=unit)


def paired(unit, master, apprentice, agreement=TWO_YEARS):
    filer = account(Role.NOMINATOR, unit)
    made = pair(master.pk, apprentice.pk, agreement, organization_id=unit.pk, actor=filer)
    return consented(made)


def test_a_pair_is_taken_on_file_by_another_and_counts_from_then_on(unit):
    made = paired(unit, *persons(unit, 2))
    asked = {"organization": unit.parent_id, "first": "2025-01-01", "last": "2025-12-31"}
    assert PAIRED.found(asked).count() == 0
    handler = account(Role.HANDLER, unit.parent)

    agree_pair(made.pk, actor=handler)

    assert PAIRED.found(asked).count() == 1
    keep_certificate(made.apprentice, "Y000011010003253000012", occupation="焊工")
    finished = finish_pair(made.pk, level="3", actor=handler, note="考核合格，取得高级工")
    assert (finished.state, finished.level_after) == ("finished", "3")
    assert PAIRED.found(asked).count() == 1, "who is done was a pair all the same"


def test_whoever_put_it_in_does_not_take_it_on_file(unit):
    handler = account(Role.HANDLER, unit.parent)
    made = PairFactory(organization=unit, proposed_by=handler)

    with pytest.raises(DomainError) as refused:
        agree_pair(made.pk, actor=handler)

    assert refused.value.code == "proposer-cannot-agree"


def test_a_master_has_no_more_than_five_at_once(unit):
    master, *apprentices = persons(unit, 7)
    made = [paired(unit, master, apprentice) for apprentice in apprentices[:5]]

    with pytest.raises(DomainError) as refused:
        paired(unit, master, apprentices[5])
    end_pair(made[0].pk, actor=account(Role.NOMINATOR, unit), note="徒弟调离本单位")
    paired(unit, master, apprentices[5])

    assert refused.value.code == "too-many-apprentices"
    assert Mentorship.objects.filter(master=master).count() == 6


@pytest.mark.parametrize("ends_on", [date(2026, 2, 28), date(2028, 3, 2)])
def test_an_agreement_lasts_one_to_three_years(unit, ends_on):
    agreement = Agreement("焊工", "目标", date(2025, 3, 1), ends_on)

    with pytest.raises(DomainError) as refused:
        paired(unit, *persons(unit, 2), agreement)

    assert refused.value.code == "mentorship-length"


def test_the_same_two_are_not_joined_twice_at_once(unit):
    two = persons(unit, 2)
    paired(unit, *two)

    with pytest.raises(DomainError, match="已有在办或在期的协议"):
        paired(unit, *two)


def test_nobody_is_joined_with_themselves_nor_with_somebody_out_of_reach(unit):
    (master,) = persons(unit, 1)
    stranger = PersonFactory()

    with pytest.raises(DomainError, match="不能是同一人"):
        paired(unit, master, master)
    with pytest.raises(Person.DoesNotExist):
        paired(unit, master, stranger)


def test_reports_fall_due_by_the_interval_and_are_taken_by_another(unit):
    handler, filer = account(Role.HANDLER, unit.parent), account(Role.NOMINATOR, unit)
    made = cultivated(unit, actor=handler)
    assert made.ends_on == date(2028, 1, 15)
    days = list(made.reports.values_list("due_on", flat=True))
    assert days == [date(2026, 7, 15), date(2027, 1, 15), date(2027, 7, 15), date(2028, 1, 15)]
    first = made.reports.first()
    assert [tile.count for tile in report_queues(filer)] == ["1"]

    report(first.pk, words="完成两项攻关，带徒三人", actor=filer)
    given_back = give_report_back(first.pk, actor=handler, note="请补充项目进展")
    assert (given_back.state, given_back.words) == ("due", "完成两项攻关，带徒三人")
    report(first.pk, words="完成两项攻关，附进展", actor=filer)
    with pytest.raises(DomainError, match="权限"):
        accept_report(first.pk, actor=filer)
    accepted = accept_report(first.pk, actor=handler)

    assert (accepted.state, accepted.accepted_by) == ("accepted", handler)


def test_nobody_passes_while_a_report_is_outstanding(unit):
    approver, filer = account(Role.APPROVER, unit.parent), account(Role.NOMINATOR, unit)
    handler = account(Role.HANDLER, unit.parent)
    made = cultivated(unit, actor=handler, starts_on=LONG_AGO)
    with pytest.raises(DomainError) as refused:
        pass_cultivation(made.pk, actor=approver, note="任务完成，评价合格")
    for due in made.reports.all():
        report(due.pk, words="按方案完成各项任务", actor=filer)
        accept_report(due.pk, actor=handler, finding="on_track" if due.is_midterm else "")

    passed = pass_cultivation(made.pk, actor=approver, note="任务完成，评价合格")

    assert refused.value.code == "reports-outstanding"
    assert passed.state == "passed"
    with pytest.raises(DomainError):
        stop_cultivation(made.pk, actor=approver, note="再试一次")


def test_nobody_is_cultivated_twice_at_once_and_what_ended_is_reported_no_more(unit):
    handler, filer = account(Role.HANDLER, unit.parent), account(Role.NOMINATOR, unit)
    made = cultivated(unit, actor=handler)
    with pytest.raises(DomainError, match="已在该层级的培育期内"):
        cultivated(unit, actor=handler, person=made.person)

    stop_cultivation(made.pk, actor=handler, note="调离一线岗位")

    with pytest.raises(DomainError) as refused:
        report(made.reports.first().pk, words="完成两项攻关", actor=filer)
    assert refused.value.code == "cultivation-over"


class TestTheEnd:
    """The final assessment passes, extends or ends; in the middle it is said how it goes."""

    @pytest.fixture
    def scene(self, unit):
        by = Role.APPROVER, Role.HANDLER
        self.approver, self.handler = (account(role, unit.parent) for role in by)
        self.filer = account(Role.NOMINATOR, unit)
        return cultivated(unit, actor=self.handler)

    def extended(self, made, until=date(2028, 9, 15)):
        return extend_cultivation(
            made.pk, until=until, actor=self.approver, note="攻关项目延至次年验收"
        )

    def test_it_goes_on_to_another_day_with_reports_to_match_and_is_passed_then(self, unit, scene):
        scene = cultivated(unit, actor=self.handler, starts_on=LONG_AGO)
        found = self.extended(scene, date(2026, 9, 15))

        assert (found.state, found.ends_on, found.extended_from, found.extensions) == (
            "going", date(2026, 9, 15), date(2026, 1, 15), 1,
        )  # fmt: skip
        assert list(found.reports.filter(number__gt=4).values_list("number", "due_on")) == [
            (5, date(2026, 7, 15)),
            (6, date(2026, 9, 15)),
        ]
        record = Record.objects.get(code="talents.cultivation-extended")
        assert record.after == {"ends_on": "2026-09-15", "extended_from": "2026-01-15"}
        assert Notice.objects.filter(recipient=self.filer, title__contains="培育延期").exists()
        assert (
            refused(pass_cultivation, scene.pk, actor=self.approver, note="合格")
            == "reports-outstanding"
        )
        for due in found.reports.all():
            report(due.pk, words="按方案完成各项任务", actor=self.filer)
            said = "on_track" if due.is_midterm else ""
            accept_report(due.pk, actor=self.handler, finding=said)
        assert pass_cultivation(scene.pk, actor=self.approver, note="合格").state == "passed"

    def test_once_only_and_no_longer_than_the_rule_has_it(self, scene):
        assert refused(self.extended, scene, date(2028, 1, 15)) == "extension-length"
        assert refused(self.extended, scene, date(2029, 1, 16)) == "extension-length"
        self.extended(scene, date(2029, 1, 15))

        assert refused(self.extended, scene, date(2029, 6, 1)) == "extended-enough"
        assert Cultivation.objects.get().ends_on == date(2029, 1, 15)

    def test_an_approver_extends_for_a_reason_while_it_goes_on(self, scene, unit):
        handler = account(Role.HANDLER, unit.parent)
        until = date(2028, 9, 15)
        assert (
            refused(extend_cultivation, scene.pk, until=until, actor=handler, note="延")
            == "role-required"
        )
        assert (
            refused(extend_cultivation, scene.pk, until=until, actor=self.approver, note=" ")
            == "reason-required"
        )
        stop_cultivation(scene.pk, actor=self.approver, note="调离一线岗位")
        assert refused(self.extended, scene) == "illegal-transition"

    def test_the_report_in_the_middle_needs_a_finding_and_the_others_have_none(self, scene):
        reports = list(scene.reports.all())
        assert [row.is_midterm for row in reports] == [False, True, False, False]
        for row in reports[:2]:
            report(row.pk, words="按方案完成各项任务", actor=self.filer)
        first, middle = reports[0].pk, reports[1].pk

        by = {"actor": self.approver}
        assert refused(accept_report, first, finding="behind", **by) == "finding-required"
        assert refused(accept_report, middle, **by) == "finding-required"
        assert refused(accept_report, middle, finding="behind", **by) == "reason-required"
        accepted = accept_report(middle, finding="behind", note="带徒尚未开始", **by)

        assert (accepted.state, accepted.finding) == ("accepted", "behind")
        told = Notice.objects.get(recipient=self.filer, title__contains="进度滞后")
        assert "带徒尚未开始" in told.body
        scene.refresh_from_db()
        assert scene.state == "going", "a warning has no consequence by itself"

    def test_what_is_late_is_chased_once_a_day(self, scene):
        due, last = scene.reports.first(), scene.reports.last()
        scene.reports.filter(pk=due.pk).update(due_on=date(2026, 2, 1))
        assert refused(chase_report, last.pk, actor=self.approver) == "report-not-late"
        assert refused(chase_report, due.pk, actor=self.filer) == "role-required"

        chase_report(due.pk, actor=self.approver)

        assert Notice.objects.filter(recipient=self.filer, title__startswith="催办").count() == 1
        assert refused(chase_report, due.pk, actor=self.approver) == "chased-today"

    def test_what_is_late_waits_on_the_homes_of_union_unit_and_craftsman(self, scene, client):
        """With its number, and with a link to those whose report is late and nobody else."""
        today, unit = timezone.localdate(), scene.organization
        other = cultivated(unit, actor=self.approver)
        for made in (scene, other):
            made.reports.update(due_on=today + timedelta(days=400))
        scene.reports.filter(number__in=(1, 2)).update(due_on=today - timedelta(days=3))
        digest = scene.person.identity_digest
        own = account(Role.CRAFTSMAN, unit, user__owner_digest=digest)

        late = {
            user: next(tile for tile in queues(user) if tile.tone == "bad")
            for user, queues in (
                (self.approver, acceptance_queues), (self.filer, report_queues), (own, own_queues),
            )
        }  # fmt: skip

        assert [tile.count for tile in late.values()] == ["2", "2", 1]
        assert {tile.deadline for tile in late.values()} == {today - timedelta(days=3)}
        for user in (self.approver, self.filer):
            client.force_login(user)
            page = client.get(late[user].href).content.decode()
            assert scene.person.name in page
            assert other.person.name not in page
        scene.reports.update(due_on=today)
        assert [tile for tile in acceptance_queues(self.approver) if tile.tone == "bad"] == []

    def test_the_pages_extend_chase_and_ask_for_the_finding(self, scene, client):
        client.force_login(self.approver)
        page = reverse("talents:cultivation", args=[scene.pk])
        middle = scene.reports.get(is_midterm=True)
        scene.reports.filter(number=1).update(due_on=date(2026, 2, 1))
        report(middle.pk, words="按方案完成各项任务", actor=self.filer)

        shown = client.get(page).content.decode()
        chased = client.post(
            reverse("talents:report-chase", args=[scene.reports.first().pk]), follow=True
        )
        asked = client.get(reverse("talents:report-accept", args=[middle.pk])).content.decode()
        client.post(
            reverse("talents:report-accept", args=[middle.pk]),
            {"finding": "behind", "note": "带徒尚未开始"},
        )
        client.post(
            reverse("talents:cultivation-extend", args=[scene.pk]),
            {"until": "2028-09-15", "note": "项目延至次年验收"},
        )
        after = client.get(page).content.decode()

        assert "催办" in shown
        assert "已催办" in chased.content.decode()
        assert "中期结论" in asked
        assert "进度滞后" in after
        assert "已延期，原定2028年1月15日期满" in after


class TestTheCertificate:
    """Who passes has a certificate that anybody may check, issued again and revoked as any other."""

    @pytest.fixture
    def passed(self, unit):
        self.approver, filer = account(Role.APPROVER, unit.parent), account(Role.NOMINATOR, unit)
        handler = account(Role.HANDLER, unit.parent)
        made = cultivated(unit, actor=handler, starts_on=LONG_AGO)
        for due in made.reports.all():
            report(due.pk, words="按方案完成各项任务", actor=filer)
            accept_report(due.pk, actor=handler, finding="on_track" if due.is_midterm else "")
        return pass_cultivation(
            made.pk, actor=self.approver, note="任务完成", document_number="京工发〔2028〕6号"
        )

    def page(self, client, number):
        return client.get(reverse("talents:certificate", args=[number])).content.decode()

    def test_says_for_what_it_was_given_to_whoever_checks_it(self, client, passed):
        certificate = passed.certificate

        page = self.page(client, certificate.certificate_number)

        assert re.fullmatch(r"PY\d{4}00001", certificate.certificate_number)
        assert certificate.organization.kind == "city"
        assert passed.person.name in page
        for words in ("证书真实", "培育期满合格", passed.title, "京工发〔2028〕6号"):
            assert words in page
        assert "获奖竞赛" not in page
        own = reverse("talents:cultivation", args=[passed.pk])
        client.force_login(self.approver)
        assert certificate.certificate_number in client.get(own).content.decode()

    def test_is_no_title_and_no_step_of_a_ladder(self, passed):
        named = Honour.objects.filter(scheme=passed.scheme, tier=passed.tier)
        assert not named.exists()
        assert passed.certificate.tier not in {
            tier.code for policy in newest_ladders() for tier in policy.tiers
        }

    def test_is_issued_again_under_the_next_number_and_the_old_one_says_so(self, client, passed):
        old = passed.certificate.certificate_number
        city = passed.certificate.organization

        again = reissue_certificate(
            passed.certificate_id, actor=account(Role.HANDLER, city), note="原件遗失"
        )

        assert again.certificate_number == old[:-1] + "2"
        assert "本编号的证书已作废" in self.page(client, old)
        assert "<dt>结论</dt>" in self.page(client, again.certificate_number)

    def test_is_revoked_by_two_people_and_its_page_says_so(self, client, passed):
        city = passed.certificate.organization
        handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
        doubt_honour(passed.certificate_id, actor=handler, note="报备材料不实")
        revoke_honour(passed.certificate_id, actor=approver, note="依会议纪要撤销")

        assert "该证书已撤销" in self.page(client, passed.certificate.certificate_number)

    def test_is_printed_as_what_it_is(self, client, passed):
        number = passed.certificate.certificate_number
        answer = client.get(reverse("talents:certificate-print", args=[number]))
        assert answer.content.startswith(b"%PDF")
        content = certificate_content(passed.certificate)
        assert content["heading"] == "合格证书"
        assert "期满评价合格，完成北京大工匠" in content["said"]

    def test_the_database_keeps_it_from_whoever_has_not_passed(self, unit, passed):
        going = cultivated(unit, actor=self.approver)
        with (
            pytest.raises(IntegrityError, match="cultivation_certified_only_passed"),
            transaction.atomic(),
        ):
            Cultivation.objects.filter(pk=going.pk).update(certificate=passed.certificate)
