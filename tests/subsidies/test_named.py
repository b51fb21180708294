"""Naming raises the claim by itself: once, whoever else presses or whichever worker runs it again."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from subsidies.models import Claim, Entry
from subsidies.permissions.claims import may_approve_claim
from subsidies.services.claims import raise_awards
from talents.models import Nomination, PublicNotice
from talents.services.entitlements import TITLE_REVOKED, TITLES_NAMED, YEAR_PASSED
from talents.workflow.honours import doubt_honour, revoke_honour, uphold_honour
from talents.workflow.publicity import name_chosen
from talents.workflow.studios import judge_boost
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.publicity import posted_notice
from tests.factories.studios import asked_year, named_studio, project_of, titled
from tests.factories.subsidies import approved_claim, award_claim, fund_of
from tests.factories.talents import RoundFactory
from workflow import jobs
from workflow.models import Job, Record
from workflow.records import subject_of

DOCUMENT = "京工发〔2026〕9号"


def a_list_that_ended(tier="beijing-great"):
    """One to be named and one in reserve; the days of the list are over."""
    call_command("load_calendar", verbosity=0)
    city = OrganizationFactory(kind="city", code="BJ")
    notice = posted_notice(RoundFactory(organizer=city, tier=tier))
    ended = timezone.localdate() - timedelta(days=1)
    PublicNotice.objects.update(starts_on=ended - timedelta(days=6), ends_on=ended)
    return notice, account(Role.APPROVER, city)


def named(notice, approver):
    (honour,) = name_chosen(notice.pk, document_number=DOCUMENT, actor=approver)
    return honour


@pytest.mark.django_db
class TestNaming:
    def test_fifty_thousand_is_claimed_for_who_was_named(self, django_capture_on_commit_callbacks):
        notice, approver = a_list_that_ended()

        with django_capture_on_commit_callbacks(execute=True):
            honour = named(notice, approver)
        run_all()

        claim = Claim.objects.get()
        assert (claim.honour, claim.gross, claim.state) == (honour, Decimal(50_000), "filed")
        assert claim.filed_by == User.objects.system()
        assert claim.person == Nomination.objects.get(honour=honour).person

    def test_whatever_is_done_again_adds_nothing(self):
        notice, approver = a_list_that_ended()
        named(notice, approver)
        run_all()
        Job.objects.update(status="queued", finished_at=None, lease_until=None)

        run_all()
        raise_awards(notice.organization, actor=account(Role.FINANCE, notice.organization))

        assert Claim.objects.count() == 1

    def test_nothing_is_claimed_for_a_tier_without_an_award(self):
        named(*a_list_that_ended("district"))
        run_all()
        assert not Claim.objects.exists()
        assert Job.objects.get(name=TITLES_NAMED).result == {"count": 0}

    def test_a_year_that_passed_is_claimed_too(self):
        city = OrganizationFactory(kind="city", code="BJ")
        unit = with_child(city, "unit")
        leader = titled(unit, year=timezone.localdate().year - 1)
        year = asked_year(project_of(named_studio(unit, leader=leader)))
        judge_boost(
            year.pk, is_passed=True, note="专家组评审通过", actor=account(Role.APPROVER, city)
        )
        run_all()
        assert Job.objects.get(name=YEAR_PASSED).status == "done"
        claimed = Claim.objects.values_list("kind", "gross")
        assert list(claimed) == [("studio", Decimal(100_000))]  # not the title it rests on

    def test_what_others_were_named_before_is_not_claimed_along(self):
        notice, approver = a_list_that_ended()
        unit = with_child(notice.organization, "unit")
        for year in (2015, 2023, 2025):
            titled(unit, year=year)
        honour = named(notice, approver)
        run_all()
        assert Claim.objects.get().honour == honour

    def test_another_year_that_passed_before_is_not_claimed_along(self):
        city = OrganizationFactory(kind="city", code="BJ")
        judge = {"is_passed": True, "note": "专家组评审通过", "actor": account(Role.APPROVER, city)}
        for unit in (with_child(city, "unit"), with_child(city, "unit")):
            leader = titled(unit, year=2025)
            asked = asked_year(project_of(named_studio(unit, leader=leader)))
            judge_boost(asked.pk, **judge)
        Job.objects.filter(subject=subject_of(asked)).update(status="done")
        run_all()
        assert Claim.objects.get().person != leader


@pytest.mark.django_db
class TestTakenBack:
    """A title that is taken back closes what was not paid for it, and is not approved meanwhile."""

    def claimed(self):
        notice, approver = a_list_that_ended()
        honour = named(notice, approver)
        run_all()
        doubt_honour(
            honour.pk, actor=account(Role.HANDLER, notice.organization), note="获奖项目并非本人完成"
        )
        return Claim.objects.get(), honour, notice.organization

    def test_what_was_filed_is_refused_with_the_reason_once(self):
        claim, honour, city = self.claimed()
        revoke_honour(honour.pk, actor=account(Role.APPROVER, city))
        run_all()
        claim.refresh_from_db()
        assert claim.state == "refused"
        record = Record.objects.get(subject=subject_of(claim), code="subsidies.claim-refuse")
        assert record.note == f"据以申领的称号（证书{honour.certificate_number}）已撤销"
        Job.objects.update(status="queued", finished_at=None, lease_until=None)
        run_all()
        assert Claim.objects.count() == 1
        assert Job.objects.get(name=TITLE_REVOKED).result == {"count": 0}

    def test_until_then_it_is_not_approved_and_says_why(self, client):
        claim, honour, city = self.claimed()
        approver = account(Role.APPROVER, city)
        assert may_approve_claim.why_not(approver, claim).code == "claim-title-not-in-force"
        client.force_login(approver)
        page = client.get(reverse("subsidies:claim", args=[claim.pk])).content.decode()
        assert "据以申领的称号正在复核撤销，复核结束前不能发放" in page
        uphold_honour(honour.pk, actor=approver, note="核查属实，维持称号")
        claim.honour.refresh_from_db()
        assert may_approve_claim.allows(approver, claim)

    def test_what_was_approved_gives_its_money_back(self):
        city = OrganizationFactory(kind="city", code="BJ")
        unit = with_child(city, "unit")
        claim = approved_claim(award_claim(unit, city), fund_of(city))
        doubt_honour(
            claim.honour_id, actor=account(Role.HANDLER, city), note="获奖项目并非本人完成"
        )
        revoke_honour(claim.honour_id, actor=account(Role.APPROVER, city))
        run_all()
        claim.refresh_from_db()
        assert claim.state == "refused"
        assert Entry.objects.latest("pk").kind == "release"


def run_all():
    for job in Job.objects.filter(status="queued"):
        jobs.run(job.pk)


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_button_at_once_are_one_claim(settings):
    settings.INLINE_JOBS = False
    notice, approver = a_list_that_ended()
    named(notice, approver)
    job, planner = Job.objects.get(name=TITLES_NAMED), account(Role.FINANCE, notice.organization)
    barrier, done = threading.Barrier(9), []

    def at_once(act):
        barrier.wait()
        try:
            act()
            done.append(act)
        finally:
            connections.close_all()

    acts = [lambda: jobs.run(job.pk)] * 4
    acts += [lambda: raise_awards(notice.organization, actor=planner)] * 5
    threads = [threading.Thread(target=at_once, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(acts)
    assert Claim.objects.count() == 1
