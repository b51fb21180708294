"""Everybody who was named together begins at once, after who is left out was looked at, and why."""

import re
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Cultivation, CultivationReport
from talents.selectors.cohorts import Group, Step, cohort_of, groups_in_scope
from talents.workflow import cohorts
from talents.workflow.cohorts import begin_cohort
from talents.workflow.cultivation import Course
from talents.workflow.honours import doubt_honour, revoke_honour
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import POLICY, PersonFactory
from tests.factories.workflow import moved
from tests.refusals import refused
from workflow.refusals import DomainError

NAMED, STEP = Group(POLICY, "beijing-great", 2025), Step(POLICY, "beijing-great")
DAY, WHY = date(2026, 12, 1), "按命名文件补登"
COURSE = Course(POLICY, "beijing-great", "北京大工匠", "按五力分别制定", DAY, begun_for=WHY)


@pytest.fixture
def city(db):
    call_command("load_policies", verbosity=0)
    return OrganizationFactory(kind="city", name="北京市总工会")


@pytest.fixture
def handler(city):
    return account(Role.HANDLER, city)


def named(city, count=3, **facts):
    unit = with_child(city, "unit", name="东方示例公司")
    return [
        HonourFactory(organization=city, person=PersonFactory(organization=unit), **facts)
        for _ in range(count)
    ]


def reasons(user):
    return {one.pk: reason for one, reason in cohort_of(user, NAMED, STEP).left_out}


class TestWhoBegins:
    def test_all_of_one_tier_and_year_and_nobody_else(self, city, handler):
        mine = named(city)
        named(city, 1, year=2024)
        named(city, 1, tier="district", title="区级工匠")
        assert (NAMED, "2025年　北京大工匠　3名") in groups_in_scope(handler)

        made = begin_cohort(NAMED, STEP, COURSE, actor=handler)

        assert {one.person_id for one in made} == {one.person_id for one in mine}
        assert {one.organization_id for one in made} == {mine[0].person.organization_id}
        assert {one.ends_on for one in made} == {date(2028, 12, 1)}, "as the policy has it"
        assert CultivationReport.objects.filter(cultivation=made[0]).count() == 4

    def test_who_is_left_out_is_told_with_the_reason(self, city, handler):
        revoked, doubted, going, passed, away, begins = named(city, 6)
        for one in (revoked, doubted):
            doubt_honour(one.pk, actor=account(Role.HANDLER, city), note="业绩待核")
        revoke_honour(revoked.pk, actor=account(Role.APPROVER, city), note="查实")
        begin = {"organization_id": going.person.organization_id, "actor": handler}
        cohorts.cultivate(going.person_id, COURSE, **begin)
        over = cohorts.cultivate(passed.person_id, COURSE, **begin)
        closed = {"closed_on": over.ends_on}
        moved(Cultivation.objects.filter(pk=over.pk), "passed", **closed)
        elsewhere = OrganizationFactory(kind="city", name="天津市总工会")
        type(away.person).objects.filter(pk=away.person_id).update(organization=elsewhere)

        found = reasons(handler)

        assert found[revoked.pk] == "称号已撤销"
        assert found[passed.pk] == "该层级的培育已期满合格"
        assert found[doubted.pk] == "称号撤销待复核"
        assert found[going.pk] == "已在该层级的培育期内"
        assert found[away.pk] == "现单位“天津市总工会”不在您的办理范围内"
        made = begin_cohort(NAMED, STEP, COURSE, actor=handler)
        assert [one.person_id for one in made] == [begins.person_id]
        assert refused(begin_cohort, NAMED, STEP, COURSE, actor=handler) == "cohort-empty"
        assert set(reasons(handler).values()) >= {"已在该层级的培育期内"}

    def test_nobody_begins_their_own_and_only_staff_begin_any(self, city):
        first, *_ = named(city)
        own = account(Role.HANDLER, city, user__owner_digest=bytes(first.person.identity_digest))
        assert reasons(own) == {first.pk: "当事人是您本人，须由他人登记"}
        unit = account(Role.NOMINATOR, first.person.organization)
        assert refused(begin_cohort, NAMED, STEP, COURSE, actor=unit) == "role-required"

    def test_what_was_looked_at_is_what_is_done(self, city, handler):
        first, *_ = named(city)
        seen = cohort_of(handler, NAMED, STEP).digest
        doubt_honour(first.pk, actor=account(Role.HANDLER, city), note="业绩待核")
        act = {"actor": handler, "digest": seen}
        assert refused(begin_cohort, NAMED, STEP, COURSE, **act) == "cohort-changed"
        assert Cultivation.objects.count() == 0

    def test_where_one_cannot_begin_nobody_does(self, city, handler):
        named(city)
        never = replace(COURSE, months=-1)
        with pytest.raises(DomainError):
            begin_cohort(NAMED, STEP, never, actor=handler)
        assert Cultivation.objects.count() == 0

    def test_the_preview_costs_the_same_for_many(self, city, handler):
        costs, _ = [], cohort_of(handler, NAMED, STEP)
        for count in (1, 5):
            named(city, count)
            with CaptureQueriesContext(connection) as queries:
                cohort_of(handler, NAMED, STEP)
            costs.append(len(queries))
        assert costs[0] == costs[1]


class TestThePages:
    def test_they_are_chosen_looked_at_and_begun(self, city, handler, client):
        first, second, third = named(city)
        doubt_honour(third.pk, actor=account(Role.HANDLER, city), note="业绩待核")
        client.force_login(handler)
        chosen = {"group": ":".join(map(str, NAMED)), "step": ":".join(STEP)}
        answer = client.post(reverse("talents:cohort-new"), chosen)
        page = client.get(answer["Location"]).content.decode()
        assert "2名，取消勾选的本次不登记" in page
        boxes = [
            re.search(f'<input[^>]*name="persons" value="{one.person_id}"[^>]*>', page)
            for one in (first, second, third)
        ]
        assert [bool(box) for box in boxes] == [True, True, False]
        assert all("checked" in box[0] and 'form="cohort"' in box[0] for box in boxes[:2])
        assert "称号撤销待复核" in page
        digest = cohort_of(handler, NAMED, STEP).digest

        yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
        sent = {"starts_on": yesterday, "months": "", "plan": "按五力制定", "digest": digest}
        assert client.post(answer["Location"], sent).status_code == 422, "nobody is ticked"
        sent["persons"] = [first.person_id, second.person_id]
        assert client.post(answer["Location"], sent).status_code == 409, "why on a day gone by"
        sent["begun_for"] = WHY
        done = client.post(answer["Location"], sent)

        assert done["Location"] == reverse("talents:cultivations")
        people = set(Cultivation.objects.values_list("person", flat=True))
        assert people == {first.person_id, second.person_id}

    def test_who_is_ticked_off_by_hand_waits_and_the_list_shows_what_was_ticked(
        self, city, handler, client
    ):
        first, second, third = named(city)
        client.force_login(handler)
        address = reverse("talents:cohort", args=NAMED)
        sent = {
            "starts_on": "2026-12-01", "months": "", "plan": "", "begun_for": WHY,
            "digest": cohort_of(handler, NAMED, STEP).digest,
            "persons": [first.person_id, third.person_id],
        }  # fmt: skip
        page = client.post(address, sent).content.decode()
        ticked = re.findall(r'name="persons" value="(\d+)"[^>]*checked', page)
        assert {int(one) for one in ticked} == {first.person_id, third.person_id}, "kept on error"

        doubt_honour(third.pk, actor=account(Role.HANDLER, city), note="业绩待核")
        sent |= {"plan": "按五力制定"}
        stopped = client.post(address, sent)
        assert stopped.status_code == 422
        assert "名单在您核对之后有变化" in stopped.content.decode()
        sent |= {
            "persons": [first.person_id], "digest": cohort_of(handler, NAMED, STEP).digest
        }  # fmt: skip
        client.post(address, sent)

        assert list(Cultivation.objects.values_list("person", flat=True)) == [first.person_id]
        begin = [one.person_id for one in cohort_of(handler, NAMED, STEP).begin]
        assert begin == [second.person_id], "to begin another time"

    def test_of_those_who_begin_one_who_cannot_stops_it_and_nobody_is_no_choice(
        self, city, handler
    ):
        first, second = named(city, 2)
        act = {"actor": handler}
        assert refused(begin_cohort, NAMED, STEP, COURSE, persons=[], **act) == (
            "cohort-nobody-chosen"
        )
        stranger = PersonFactory(organization=first.person.organization)
        chosen = [first.person_id, stranger.pk]
        assert refused(begin_cohort, NAMED, STEP, COURSE, persons=chosen, **act) == (
            "cohort-changed"
        )
        assert Cultivation.objects.count() == 0
        made = begin_cohort(NAMED, STEP, COURSE, persons=[second.person_id], **act)
        assert [one.person_id for one in made] == [second.person_id]

    def test_over_http_with_the_preview_first(self, city, handler, client):
        rows = named(city, 2)
        client.force_login(handler)
        said = {
            "named_scheme": POLICY, "named_tier": "beijing-great", "year": 2025,
            "scheme": POLICY, "tier": "beijing-great", "plan": "按五力制定", "starts_on": "2026-12-01",
            "begun_for": WHY,
        }  # fmt: skip
        address = reverse("cultivation-begin-cohort")
        kind = {"content_type": "application/json"}
        told = client.post(address, said | {"preview": True}, **kind).json()
        assert (len(told["persons"]), Cultivation.objects.count()) == (2, 0)
        one = said | {"persons": [rows[1].person_id]}
        done = client.post(address, one, **kind)
        assert (done.json()["persons"], Cultivation.objects.count()) == ([rows[1].person_id], 1)
        done = client.post(address, said, **kind)
        assert (done.status_code, Cultivation.objects.count()) == (200, len(rows))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two begin the same cohort: one does, the other finds nobody left."""

    def happens(self):
        call_command("load_policies", verbosity=0)
        city = OrganizationFactory(kind="city", name="北京市总工会")
        named(city)
        actors = [account(Role.HANDLER, city) for _ in range(2)]
        barrier, outcomes = threading.Barrier(2), []

        def attempt(actor):
            try:
                barrier.wait(20)
                outcomes.append(len(begin_cohort(NAMED, STEP, COURSE, actor=actor)))
            except DomainError as refusal:
                outcomes.append(refusal.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=attempt, args=[actor]) for actor in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return set(outcomes)

    def test_one_begins_it_and_the_other_is_told_in_words(self):
        assert self.happens() == {3, "cohort-empty"}

    def test_control_without_the_lock_the_table_stops_the_second(self, monkeypatch):
        met = threading.Barrier(2)
        looked = cohorts._check_as_seen

        def looked_together(found, digest):
            looked(found, digest)
            met.wait(20)

        monkeypatch.setattr(cohorts, "_check_as_seen", looked_together)
        monkeypatch.setattr(
            "django.db.models.query.QuerySet.select_for_update", lambda rows, **_: rows.all()
        )
        outcomes = self.happens()
        assert 3 in outcomes
        assert "cohort-empty" not in outcomes
