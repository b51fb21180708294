"""Nobody decides about a title, a cultivation, a studio or a boost of their own; nor who stands in for them."""

from datetime import date

import pytest
from django.utils import timezone

from organizations.roles import Role
from talents.services.honours import correct_honour, recall_certificate, reissue_certificate
from talents.services.planning import assess_goal, set_goal
from talents.workflow.cultivation import (
    Course,
    accept_report,
    cultivate,
    extend_cultivation,
    give_report_back,
    pass_cultivation,
    report,
    stop_cultivation,
)
from talents.workflow.growth import agree_pair, finish_pair
from talents.workflow.honours import doubt_honour, revoke_honour, uphold_honour
from talents.workflow.studios import close_studio, judge_boost, name_studio
from tests.accounts.lending import again, lend
from tests.factories.growth import PairFactory, consented, logged
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.studios import asked_year, project_of, studio_of, titled
from tests.factories.talents import POLICY, PersonFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NOTE = "情况属实，按规定办理"


def oneself(person, body):
    """The account of that person, who serves there as an approver as well."""
    return account(Role.APPROVER, body, user__owner_digest=bytes(person.identity_digest))


@pytest.fixture
def city():
    return OrganizationFactory(kind="city")


class TestATitle:
    @pytest.fixture
    def honour(self, city):
        return HonourFactory(organization=city)

    @pytest.fixture
    def me(self, honour, city):
        return oneself(honour.person, city)

    def test_is_neither_upheld_nor_revoked_by_its_holder(self, honour, me, city):
        doubt_honour(honour.pk, actor=account(Role.HANDLER, city), note="业绩待核")

        assert refused(uphold_honour, honour.pk, actor=me, note=NOTE) == "own-affair"
        assert refused(revoke_honour, honour.pk, actor=me, note=NOTE) == "own-affair"
        other = account(Role.APPROVER, city)
        assert uphold_honour(honour.pk, actor=other, note=NOTE).state == "valid"

    def test_nor_is_its_certificate_issued_again_corrected_or_recalled(self, honour, me, city):
        facts = {"trade": "焊工"}
        options = {"version": honour.version, "actor": me, "note": NOTE}
        assert refused(correct_honour, honour.pk, facts, **options) == "own-affair"
        assert refused(reissue_certificate, honour.pk, actor=me, note=NOTE) == "own-affair"
        doubt_honour(honour.pk, actor=account(Role.HANDLER, city), note="业绩待核")
        revoke_honour(honour.pk, actor=account(Role.APPROVER, city), note=NOTE)
        recalled = {"recall": "returned", "recalled_on": timezone.localdate(), "note": ""}
        assert refused(recall_certificate, honour.pk, **recalled, actor=me) == "own-affair"
        recall_certificate(honour.pk, **recalled, actor=account(Role.HANDLER, city))


class TestACultivation:
    @pytest.fixture
    def going(self, city):
        """Of two years, over by now; nothing was reported yet."""
        person = PersonFactory(organization=with_child(city, "unit"))
        began, why = date(2024, 1, 15), "按批次通知补登"
        course = Course(POLICY, "beijing-great", "北京大工匠", "引领力：…", began, begun_for=why)
        body, handler = person.organization_id, account(Role.HANDLER, city)
        return cultivate(person.pk, course, organization_id=body, actor=handler)

    def test_is_not_assessed_by_whom_it_is_about(self, going, city):
        me, handler = oneself(going.person, city), account(Role.HANDLER, city)
        nominator = account(Role.NOMINATOR, going.organization)
        for due in going.reports.order_by("number"):
            report(due.pk, words="按计划推进", actor=nominator)
            found = {"finding": "on_track"} if due.is_midterm else {}
            assert refused(accept_report, due.pk, actor=me, **found) == "own-affair"
            assert refused(give_report_back, due.pk, actor=me, note=NOTE) == "own-affair"
            accept_report(due.pk, actor=handler, **found)
        until = going.ends_on.replace(year=going.ends_on.year + 1)
        assert refused(extend_cultivation, going.pk, until=until, actor=me, note=NOTE) == (
            "own-affair"
        )
        assert refused(stop_cultivation, going.pk, actor=me, note=NOTE) == "own-affair"
        assert refused(pass_cultivation, going.pk, actor=me, note=NOTE) == "own-affair"
        assert pass_cultivation(going.pk, actor=account(Role.APPROVER, city), note=NOTE).closed_on

    def test_what_was_reached_of_a_goal_is_said_by_another(self, going):
        unit = going.organization
        me = account(Role.NOMINATOR, unit, user__owner_digest=bytes(going.person.identity_digest))
        facts = {
            "kind": "practice", "goal": "取得高级技师证书", "shown_by": "证书",
            "due_on": going.ends_on,
        }  # fmt: skip
        goal = set_goal(going.pk, facts, actor=me)
        told = {"outcome": "met", "reached": "已取得"}

        assert refused(assess_goal, goal.pk, **told, actor=me) == "own-affair"
        assert assess_goal(goal.pk, **told, actor=account(Role.NOMINATOR, unit)).outcome


class TestAPair:
    @pytest.mark.parametrize("side", ["master", "apprentice"])
    def test_is_neither_taken_on_file_nor_finished_by_one_of_the_two(self, city, side):
        unit = with_child(city, "unit")
        pair = consented(PairFactory(organization=unit))
        me, other = oneself(getattr(pair, side), city), account(Role.APPROVER, city)

        assert refused(agree_pair, pair.pk, actor=me, note=NOTE) == "own-affair"
        agree_pair(pair.pk, actor=other, note=NOTE)
        logged(pair)
        assert refused(finish_pair, pair.pk, actor=me, note=NOTE) == "own-affair"
        deputy = account(Role.APPROVER, city)
        lend(me, deputy)
        assert refused(finish_pair, pair.pk, actor=again(deputy), note=NOTE) == "own-affair"
        assert finish_pair(pair.pk, actor=other, note=NOTE).state == "finished"


class TestAStudio:
    @pytest.fixture
    def leader(self, city):
        return titled(with_child(city, "unit"))

    def test_is_neither_named_nor_closed_nor_its_year_judged_by_who_leads_it(self, leader, city):
        unit, me = leader.organization, oneself(leader, city)
        nominator, other = account(Role.NOMINATOR, unit), account(Role.APPROVER, city)
        studio = studio_of(unit, leader=leader, proposed_by=nominator)
        named = {
            "level": "city",
            "document_number": "京工办〔2024〕1号",
            "named_on": date(2024, 7, 1),
        }

        assert refused(name_studio, studio.pk, **named, actor=me) == "own-affair"
        name_studio(studio.pk, **named, actor=other)
        asked = asked_year(project_of(studio), 2025, filed_by=nominator)
        found = {"is_passed": True, "note": NOTE}
        assert refused(judge_boost, asked.pk, **found, actor=me) == "own-affair"
        assert refused(close_studio, studio.pk, actor=me, note=NOTE) == "own-affair"
        assert judge_boost(asked.pk, **found, actor=other).state == "passed"

    def test_who_stands_in_for_the_leader_counts_as_the_leader(self, leader, city):
        me = oneself(leader, city)
        deputy = account(Role.APPROVER, city)
        lend(me, deputy)
        studio = studio_of(leader.organization, leader=leader)

        code = refused(
            name_studio, studio.pk, level="city", document_number="京工办〔2024〕1号",
            named_on=date(2024, 7, 1), actor=again(deputy),
        )  # fmt: skip

        assert code == "own-affair"
