"""Two people press the button for the same thing at the same moment: one decides, the other is told."""

import contextlib
import threading
import time
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.models import QuerySet
from django.utils import timezone

from organizations.roles import Role
from talents.models import CultivationReport, Honour, Nomination
from talents.services import honours, panels, substituting
from talents.services.declaring import Ties, declare_conflicts
from talents.services.drawing import draw_experts
from talents.services.honours import reissue_certificate
from talents.services.panels import Seats, convene_panel
from talents.services.planning import assess_goal, set_goal
from talents.services.substituting import substitute_experts
from talents.workflow.cultivation import (
    accept_report,
    extend_cultivation,
    give_report_back,
    pass_cultivation,
    report,
    stop_cultivation,
)
from talents.workflow.growth import agree_pair
from talents.workflow.honours import doubt_honour, revoke_honour, uphold_honour
from talents.workflow.objections import decide_objection, look_into
from talents.workflow.panels import confirm_panel, return_panel
from talents.workflow.publicity import drop_notice, post_notice
from talents.workflow.reviews import release_draw
from talents.workflow.studios import judge_boost
from tests.factories.declaring import asked_round, drawn
from tests.factories.growth import LONG_AGO, PairFactory, consented, cultivated
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.panels import minutes, reviewed_round, submitted
from tests.factories.publicity import drafted_notice, posted_notice, received_objection
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.studios import asked_year, named_studio, project_of
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow import transitions
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db(transaction=True)
#: So long the first lingers between having looked and writing; the second has looked by then, if it may.
LINGERS_SECONDS = 1.5


def a_title_in_doubt(city, one, other):
    """It is taken back, and left standing."""
    honour = HonourFactory(organization=city)
    doubt_honour(honour.pk, actor=account(Role.HANDLER, city), note="查实事迹不实")
    return (
        lambda: revoke_honour(honour.pk, actor=one, note="经复核属实"),
        lambda: uphold_honour(honour.pk, actor=other, note="经复核不属实"),
    )


def an_objection_looked_into(city, one, other):
    """It is upheld, and dismissed."""
    objection = received_objection(posted_notice(RoundFactory(organizer=city)))
    look_into(objection.pk, finding="已调阅档案", actor=account(Role.HANDLER, city))
    return (
        lambda: decide_objection(objection.pk, is_upheld=True, actor=one),
        lambda: decide_objection(objection.pk, is_upheld=False, actor=other),
    )


def a_list_drawn_up(city, one, other):
    """It is put up, and given up."""
    notice = drafted_notice(RoundFactory(organizer=city))
    return (
        lambda: post_notice(notice.pk, starts_on=timezone.localdate(), actor=one),
        lambda: drop_notice(notice.pk, actor=other, note="会议纪要编号写错"),
    )


def a_pair_agreed_by_three(city, one, other):
    """Two take it on file."""
    pair = consented(PairFactory(organization=with_child(city, "unit")))
    return (
        lambda: agree_pair(pair.pk, actor=one),
        lambda: agree_pair(pair.pk, actor=other),
    )


def a_report_of_cultivation(city, one, other):
    """It is taken, and given back."""
    unit = with_child(city, "unit")
    first = cultivated(unit, actor=one).reports.first()
    report(first.pk, words="完成两项攻关", actor=account(Role.NOMINATOR, unit))
    return (
        lambda: accept_report(first.pk, actor=one),
        lambda: give_report_back(first.pk, actor=other, note="请补充进展"),
    )


def reported_throughout(city, actor):
    handler = account(Role.HANDLER, city)
    made = cultivated(with_child(city, "unit"), actor=handler, starts_on=LONG_AGO)
    moved(
        CultivationReport.objects.filter(cultivation=made), CultivationReport.State.ACCEPTED,
        words="完成", submitted_by=actor, submitted_on=timezone.localdate(),
        accepted_by=account(Role.APPROVER, city),
    )  # fmt: skip
    return made


def a_cultivation_at_its_end(city, one, other):
    """It is certified, and ended."""
    made = reported_throughout(city, one)
    return (
        lambda: pass_cultivation(made.pk, actor=one, note="任务全部完成，评价合格"),
        lambda: stop_cultivation(made.pk, actor=other, note="本人提出退出"),
    )


def a_cultivation_certified_by_two(city, one, other):
    """Two say that it ended well."""
    made = reported_throughout(city, one)
    return (
        lambda: pass_cultivation(made.pk, actor=one, note="任务全部完成，评价合格"),
        lambda: pass_cultivation(made.pk, actor=other, note="任务全部完成，评价合格"),
    )


def a_cultivation_that_wants_time(city, one, other):
    """It is given more time by two."""
    made = cultivated(with_child(city, "unit"), actor=one)
    return (
        lambda: extend_cultivation(made.pk, until=date(2028, 6, 30), actor=one, note="项目未完"),
        lambda: extend_cultivation(made.pk, until=date(2028, 9, 30), actor=other, note="项目未完"),
    )


def a_boosted_year(city, one, other):
    """It passes its yearly review, and does not."""
    asked = asked_year(project_of(named_studio(with_child(city, "unit"))))
    return (
        lambda: judge_boost(asked.pk, is_passed=True, note="进展符合任务书", actor=one),
        lambda: judge_boost(asked.pk, is_passed=False, note="进展不足", actor=other),
    )


def experts_drawn(city, one, other):
    """Two hand the papers out."""
    selection, unit = RoundFactory(organizer=city), with_child(city, "unit")
    eligible_nomination(round=selection, unit=unit)
    judged(selection)
    for _ in range(6):
        ExpertFactory(organization=city)
    draw = draw_experts(selection.pk, 7, actor=account(Role.HANDLER, city))
    return (
        lambda: release_draw(draw.pk, actor=one),
        lambda: release_draw(draw.pk, actor=other),
    )


def a_panel_that_met(city, one, other):
    """Two enter a meeting of it."""
    selection = reviewed_round(city)
    seats = Seats([expert.pk for expert in ExpertFactory.create_batch(5, organization=city)])
    return (
        lambda: convene_panel(selection.pk, minutes("一号"), seats, tabled=4, actor=one),
        lambda: convene_panel(selection.pk, minutes("二号"), seats, tabled=4, actor=other),
    )


def a_panel_handed_in(city, one, other):
    """It is confirmed, and given back."""
    panel = submitted(reviewed_round(city))
    return (
        lambda: confirm_panel(panel.pk, actor=one),
        lambda: return_panel(panel.pk, actor=other, note="票数与会议纪要不符"),
    )


def experts_to_be_substituted(city, one, other):
    """Two put others in their places."""
    draw = drawn(asked_round(city))
    candidate, (stands_back, *_) = next(iter(draw.drawn.items()))
    unit = Nomination.objects.get(pk=candidate).unit_id
    for declaration in draw.declarations.select_related("expert__user"):
        is_near = declaration.expert_id == stands_back
        ties = Ties([unit], (), "现任职单位") if is_near else Ties()
        declare_conflicts(declaration.pk, ties, actor=declaration.expert.user)
    return (
        lambda: substitute_experts(draw.pk, actor=one),
        lambda: substitute_experts(draw.pk, actor=other),
    )


DEEDS = [
    experts_to_be_substituted,
    a_panel_that_met,
    a_panel_handed_in,
    a_title_in_doubt,
    an_objection_looked_into,
    a_list_drawn_up,
    a_pair_agreed_by_three,
    a_report_of_cultivation,
    a_cultivation_at_its_end,
    a_cultivation_certified_by_two,
    a_cultivation_that_wants_time,
    a_boosted_year,
    experts_drawn,
]


def at_once(acts):
    """Both, each by an approver of their own; what came of it, sorted."""
    outcomes = []

    def attempt(act):
        try:
            act()
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        except DatabaseError as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


@pytest.fixture
def scene(settings, monkeypatch):
    """Prepares a deed; from then on whoever has looked lingers until the other has looked too."""

    def prepare(deed):
        settings.INLINE_JOBS = False
        call_command("load_calendar", verbosity=0)
        city = OrganizationFactory(kind="city")
        acts = deed(city, account(Role.APPROVER, city), account(Role.APPROVER, city))
        lingering_before(monkeypatch, transitions, "record_event")
        lingering_before(monkeypatch, panels, "stand_back")
        lingering_before(monkeypatch, substituting, "check_enough")
        return acts

    return prepare


def lingering_before(monkeypatch, module, name):
    met, act = threading.Barrier(2), getattr(module, name)

    def lingers(*about, **told):
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(timeout=LINGERS_SECONDS)
        return act(*about, **told)

    monkeypatch.setattr(module, name, lingers)


def without_row_locks(monkeypatch):
    """No row is locked by those who look first."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows.all())


@pytest.mark.parametrize("deed", DEEDS)
def test_one_decides_and_the_other_is_told(deed, scene):
    outcomes = at_once(scene(deed))

    assert outcomes.count("done") == 1
    told = next(outcome for outcome in outcomes if outcome != "done")
    assert "-" in told, "a refusal with its words, not an error of the database"


@pytest.mark.parametrize("deed", DEEDS)
def test_control_without_the_lock_both_decide_or_one_breaks(deed, scene, monkeypatch):
    acts = scene(deed)
    without_row_locks(monkeypatch)

    outcomes = at_once(acts)

    assert not [told for told in outcomes if "-" in told], (
        "nobody is told; both are done, or one breaks"
    )


def test_nothing_is_told_of_a_goal_of_a_plan_that_is_being_closed(settings, monkeypatch):
    settings.INLINE_JOBS = False
    city = OrganizationFactory(kind="city")
    approver, filer = account(Role.APPROVER, city), account(Role.HANDLER, city)
    made = reported_throughout(city, approver)
    facts = {"kind": "passing", "goal": "带徒两人", "shown_by": "出师评定"}
    goal = set_goal(made.pk, facts | {"due_on": made.ends_on}, actor=filer)
    assess_goal(goal.pk, outcome="partly", reached="一人出师", actor=filer)
    begun, record = threading.Event(), transitions.record_event

    def lingers(*about, **told):
        begun.set()
        time.sleep(LINGERS_SECONDS)
        return record(*about, **told)

    monkeypatch.setattr(transitions, "record_event", lingers)

    def assess():
        begun.wait(timeout=20)
        assess_goal(goal.pk, outcome="missed", reached="未出师", actor=filer)

    outcomes = at_once(
        [lambda: pass_cultivation(made.pk, actor=approver, note="任务全部完成"), assess]
    )

    assert outcomes == ["cultivation-over", "done"]
    goal.refresh_from_db()
    assert goal.outcome == "partly"


class TestACertificateIssuedAgainByTwo:
    def scene(self, monkeypatch, settings):
        settings.INLINE_JOBS = False
        city = OrganizationFactory(kind="city")
        self.honour = HonourFactory(organization=city)
        lingering_before(monkeypatch, honours, "_number_after")
        return [
            lambda actor=actor: reissue_certificate(self.honour.pk, actor=actor, note="原证书遗失")
            for actor in (account(Role.APPROVER, city), account(Role.APPROVER, city))
        ]

    def test_each_number_is_kept(self, monkeypatch, settings):
        first = "BE202500001"
        acts = self.scene(monkeypatch, settings)
        Honour.objects.filter(pk=self.honour.pk).update(certificate_number=first)

        assert at_once(acts) == ["done", "done"]

        self.honour.refresh_from_db()
        assert self.honour.certificate_number == "BE202500003"
        kept = [old["number"] for old in self.honour.former_certificates]
        assert kept == [first, "BE202500002"]

    def test_control_without_the_lock_a_number_that_was_given_out_is_lost(
        self, monkeypatch, settings
    ):
        acts = self.scene(monkeypatch, settings)
        without_row_locks(monkeypatch)

        assert at_once(acts) == ["done", "done"]

        self.honour.refresh_from_db()
        assert len(self.honour.former_certificates) == 1
