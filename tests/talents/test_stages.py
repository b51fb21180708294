"""The calendar of a round, and that filing ends by itself: once, on record, with nothing lost."""

import threading
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from pages.models import FormDraft
from talents import workflow
from talents.models import Endorsement, Nomination, SelectionRound
from talents.permissions import may_edit, may_return
from talents.rules.stages import stages_of
from talents.services.nominations import correct_nomination
from talents.services.rounds import Span, set_stages
from talents.workflow import deadlines
from talents.workflow.endorsing import submit_nomination
from tests.factories.endorsing import levelled_round, on_its_way
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory, eligible_nomination
from workflow import jobs
from workflow.models import Job, Notice, Record, WorkingDay
from workflow.records import subject_of
from workflow.refusals import DomainError

State = SelectionRound.State


def set_days(selection, closes, *, opens=-30):
    """Filing from ``opens`` to ``closes``, counted from today."""
    today = timezone.localdate()
    SelectionRound.objects.filter(pk=selection.pk).update(
        opens_on=today + timedelta(days=opens), closes_on=today + timedelta(days=closes)
    )
    selection.refresh_from_db()
    return selection


def night():
    """What beat does, and a worker after it; how many rounds were asked to be closed."""
    asked = deadlines.call_overdue(timezone.localdate())
    for job in Job.objects.filter(status="queued"):
        jobs.run(job.pk)
    return asked


def closings(selection):
    return Record.objects.filter(subject=subject_of(selection), code="talents.close")


@pytest.mark.django_db
class TestTheCalendar:
    @pytest.fixture
    def selection(self):
        call_command("load_calendar", verbosity=0)
        return RoundFactory()

    def test_stages_end_on_their_last_working_day_over_a_holiday(self, selection):
        staff = account(Role.HANDLER, selection.organizer)
        spans = {
            "filing": Span(date(2026, 9, 21), 10),
            "endorsing": Span(date(2026, 10, 9), 5),
            "notice": Span(date(2026, 10, 19), 5),
        }

        set_stages(selection.pk, spans, actor=staff, note="按通知编排")

        selection.refresh_from_db()
        found = {s.code: (s.starts_on, s.ends_on, s.days) for s in stages_of(selection)}
        # 20 September is worked for National Day, 25 September and 1–7 October are off
        assert found["filing"] == (date(2026, 9, 21), selection.closes_on, 10)
        assert found["endorsing"][1:] == (date(2026, 10, 14), 5)
        assert found["notice"][1:] == (date(2026, 10, 23), 5)
        record = Record.objects.filter(subject=subject_of(selection)).first()
        assert record.note == "按通知编排"

    def test_a_holiday_entered_later_moves_no_announced_day_and_is_pointed_out(self, selection):
        staff = account(Role.HANDLER, selection.organizer)
        set_stages(selection.pk, {"review": Span(date(2026, 11, 2), 5)}, actor=staff, note="编排")
        WorkingDay.objects.create(day=date(2026, 11, 4), is_working=False, note="临时放假")

        selection.refresh_from_db()
        [stage] = stages_of(selection)

        assert (stage.ends_on, stage.days, stage.has_moved) == (date(2026, 11, 6), 4, True)

    def test_the_table_of_holidays_decides_where_a_stage_ends(self, selection):
        staff = account(Role.HANDLER, selection.organizer)
        WorkingDay.objects.create(day=date(2026, 11, 4), is_working=False, note="临时放假")

        set_stages(selection.pk, {"review": Span(date(2026, 11, 2), 5)}, actor=staff, note="编排")

        selection.refresh_from_db()
        assert selection.stages["review"]["ends_on"] == "2026-11-09"

    @pytest.mark.parametrize(
        ("spans", "code"),
        [
            (
                {"endorsing": Span(date(2026, 9, 2), 5), "review": Span(date(2026, 9, 1), 5)},
                "stage-out-of-order",
            ),
            ({"notice": Span(date(2026, 9, 1), 4)}, "stage-length-invalid"),
            ({"review": Span(date(2026, 9, 1), 0)}, "stage-length-invalid"),
        ],
        ids=["before the one before it", "shorter than the policy's notice", "no day"],
    )
    def test_days_that_cannot_be_are_refused(self, selection, spans, code):
        with pytest.raises(DomainError) as refused:
            set_stages(selection.pk, spans, actor=User.objects.system(), note="编排")

        assert refused.value.code == code
        selection.refresh_from_db()
        assert selection.stages == {}

    def test_after_filing_ended_its_days_stand_and_the_others_still_move(self, selection):
        staff = account(Role.HANDLER, selection.organizer)
        workflow.close_round(selection.pk, actor=staff)

        with pytest.raises(DomainError) as refused:
            set_stages(selection.pk, {"filing": Span(date(2026, 9, 1), 5)}, actor=staff, note="改")
        set_stages(selection.pk, {"naming": Span(date(2026, 12, 1), 5)}, actor=staff, note="改")

        assert refused.value.code == "round-closed"
        selection.refresh_from_db()
        assert list(selection.stages) == ["naming"]

    def test_the_page_takes_days_and_shows_where_they_end_also_on_the_round(
        self, selection, client
    ):
        client.force_login(account(Role.HANDLER, selection.organizer))
        address = reverse("talents:stages", args=[selection.code])
        typed = {
            "starts-filing": "2026-09-21", "days-filing": "3",
            "starts-review": "2026-11-02", "days-review": "5",
            "version": selection.version, "note": "按通知编排",
        }  # fmt: skip

        half = client.post(address, typed | {"days-review": ""})
        answer = client.post(address, typed, follow=True)

        assert "开始日期和工作日数请一并填写" in half.content.decode()
        assert "阶段日历已保存" in answer.content.decode()
        round_page = client.get(reverse("talents:round", args=[selection.code])).content.decode()
        assert "2026年11月2日至2026年11月6日" in round_page
        assert "2026年9月21日至2026年9月23日" in round_page

    def test_who_only_files_reads_the_calendar_and_does_not_set_it(self, selection, client):
        unit = with_child(selection.organizer, "unit")
        client.force_login(account(Role.NOMINATOR, unit))
        address = reverse("talents:stages", args=[selection.code])

        assert '<form class="stack"' not in client.get(address).content.decode()
        assert client.post(address, {"note": "改"}).status_code == 403


@pytest.mark.django_db
class TestTheDeadline:
    @pytest.mark.parametrize(
        ("closes", "state"),
        [(-1, State.CLOSED), (0, State.OPEN), (1, State.OPEN)],
        ids=["yesterday", "today", "tomorrow"],
    )
    def test_filing_ends_the_day_after_its_last(self, closes, state):
        selection = set_days(RoundFactory(), closes)

        night()

        selection.refresh_from_db()
        assert selection.state == state

    def test_a_second_night_and_a_second_worker_add_nothing(self):
        selection = set_days(RoundFactory(), -1)

        first, second = night(), night()
        again = deadlines.close_overdue(selection.pk)

        assert (first, second, again) == (1, 0, False)
        record = closings(selection).get()
        assert record.actor.is_system
        assert "已过，自动截止" in record.note

    def test_two_calls_before_a_worker_comes_are_one_job(self):
        set_days(RoundFactory(), -1)
        today = timezone.localdate()

        assert (deadlines.call_overdue(today), deadlines.call_overdue(today)) == (1, 0)
        assert Job.objects.filter(name=deadlines.FILING_OVER).count() == 1

    def test_what_somebody_reopened_after_its_last_day_stays_open_until_a_new_last_day(self):
        selection = set_days(RoundFactory(), -2)
        staff = account(Role.HANDLER, selection.organizer)
        night()
        workflow.reopen_round(selection.pk, actor=staff, note="一家单位补报")

        night()

        selection.refresh_from_db()
        assert selection.state == State.OPEN
        Record.objects.filter(code="talents.reopen")  # its day is today: a new last day comes after
        assert deadlines._is_due(set_days(selection, 3), timezone.localdate() + timedelta(days=4))

    def test_drafts_not_sent_in_are_late_and_their_unit_is_told(self, client):
        city = OrganizationFactory(kind="city")
        unit, other = with_child(city, "unit"), with_child(city, "unit")
        filer, sender = account(Role.NOMINATOR, unit), account(Role.NOMINATOR, other)
        staff = account(Role.HANDLER, city)
        selection = levelled_round(city)
        eligible_nomination(round=selection, unit=unit)
        sent = on_its_way(selection, other)
        submit_nomination(sent.pk, note="同意推荐", actor=sender)
        set_days(selection, -1)

        night()

        assert "逾期未报送1名，视为放弃" in closings(selection).get().note
        told = dict(Notice.objects.filter(title__contains="期").values_list("recipient", "title"))
        assert told[filer.pk].endswith("有推荐未在期限内报送")
        assert told[staff.pk].endswith("已自动截止")
        assert sender.pk not in told
        assert Nomination.objects.count() == 2
        client.force_login(staff)
        page = client.get(reverse("talents:round", args=[selection.code])).content.decode()
        assert "逾期未报送 1 名" in page

    def test_a_form_that_was_open_keeps_its_draft_and_says_why(self, client):
        city = OrganizationFactory(kind="city")
        unit = with_child(city, "unit", name="示例公司")
        clerk, selection = account(Role.NOMINATOR, unit), RoundFactory(organizer=city)
        client.force_login(clerk)
        address = reverse("talents:nomination-new", args=[selection.code])
        assert client.get(address).status_code == 200
        set_days(selection, -1)
        night()

        answer = client.post(
            address,
            {
                "identity": identity_number(), "name": "曾怡刚", "post": "班组长",
                "occupation": "焊工", "segments-TOTAL_FORMS": "0", "segments-INITIAL_FORMS": "0",
                "unit": unit.name,
            },
        )  # fmt: skip

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "逾期不再受理" in page
        assert "由主办工会写明事由重新开放申报后办理" in page
        assert 'value="曾怡刚"' in page
        assert FormDraft.objects.get(owner=clerk).typed()["post"] == "班组长"
        assert not Nomination.objects.exists()


@pytest.mark.django_db
class TestPuttingRightAfterTheDeadline:
    """What was sent in on time and comes back while the levels look through it."""

    @pytest.fixture
    def scene(self):
        city = OrganizationFactory(kind="city")
        district = with_child(city, "district")
        unit = with_child(district, "unit")
        self.filer, self.clerk = account(Role.NOMINATOR, unit), account(Role.HANDLER, district)
        selection = levelled_round(city)
        sent = on_its_way(selection, unit)
        self.unsent = on_its_way(selection, unit)
        submit_nomination(sent.pk, note="同意推荐", actor=self.filer)
        set_days(selection, -1)
        night()
        return sent

    def endorsing(self, nomination, first, last):
        today = timezone.localdate()
        days = {"starts_on": first, "ends_on": last}
        stage = {end: (today + timedelta(days=n)).isoformat() for end, n in days.items()}
        selection = SelectionRound.objects.filter(pk=nomination.round_id)
        selection.update(stages={"endorsing": stage | {"days": 5}})

    @pytest.mark.parametrize(
        ("first", "last", "mends"),
        [(-1, 0, True), (0, 3, True), (1, 3, False), (-5, -1, False)],
        ids=["last day", "first day", "not begun", "over"],
    )
    def test_it_is_returned_and_corrected_in_those_days_only(self, scene, first, last, mends):
        self.endorsing(scene, first, last)

        def nomination(pk):
            return Nomination.objects.select_related("round", "unit").get(pk=pk)

        assert may_return.allows(self.clerk, nomination(scene.pk)) == mends
        if not mends:
            return
        workflow.return_nomination(scene.pk, actor=self.clerk, note="证书不清")
        assert may_edit.allows(self.filer, nomination(scene.pk))
        assert not may_edit.allows(self.filer, nomination(self.unsent.pk))
        again = filing(scene.unit, identity="", filed={"post": "工段长"})
        correct_nomination(scene.pk, again, actor=self.filer, version=scene.version, note="补正")
        assert Nomination.objects.get(pk=scene.pk).post == "工段长"
        assert Endorsement.objects.filter(nomination=scene).exists()

    def test_the_home_of_the_unit_leads_to_it(self, scene, client):
        self.endorsing(scene, 0, 3)
        workflow.return_nomination(scene.pk, actor=self.clerk, note="证书不清")
        client.force_login(self.filer)

        page = client.get(reverse("portal:home")).content.decode()

        assert "截止后待补正的推荐" in page
        listed = client.get(
            reverse("talents:nominations"), {"state": "returned", "stage": "closed"}
        )
        assert scene.person.name in listed.content.decode()


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_close_a_round_once(settings):
    settings.INLINE_JOBS = False
    selection = set_days(RoundFactory(), -1)
    deadlines.call_overdue(timezone.localdate())
    job, barrier, closed = Job.objects.get(name=deadlines.FILING_OVER), threading.Barrier(8), []

    def at_once(act):
        barrier.wait(timeout=20)
        try:
            closed.append(act())
        finally:
            connections.close_all()

    acts = [lambda: jobs.run(job.pk)] * 4 + [lambda: deadlines.close_overdue(selection.pk)] * 4
    threads = [threading.Thread(target=at_once, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(closed) == 8
    assert closings(selection).count() == 1
    job.refresh_from_db()
    assert (job.status, SelectionRound.objects.get().state) == ("done", State.CLOSED)
