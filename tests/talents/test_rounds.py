from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from organizations.models import Organization, User
from organizations.roles import Role
from policies.models import PolicyEdition
from policies.rules.verdicts import Overall
from talents import workflow
from talents.models import AWAITS_UNIT, Assessment, Nomination, SelectionRound
from talents.selectors.nominations import history_of
from talents.services.nominations import resubmit_nomination
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import (
    THIS_MONTH,
    NominationFactory,
    RoundFactory,
    eligible_nomination,
    with_service,
)
from workflow.models import Record
from workflow.records import subject_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db

CALL = {
    "policy": "beijing-craftsman-selection-2024",
    "tier": "beijing-great",
    "year": "2026",
    "reference_day": "2026-06-30",
}
Kind = Organization.Kind


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ", name="北京市总工会")


@pytest.fixture
def call(city):
    """Call it to run the command; keyword arguments change the usual ones."""

    def run(code="BJ-2026", **options):
        call_command("create_round", code, **{**CALL, **options}, verbosity=0)

    return run


def moves_of(subject):
    return list(
        Record.objects.filter(subject=subject).order_by("pk").values_list("action", flat=True)
    )


# The command


def test_the_command_opens_a_round_pinned_to_the_edition_of_the_reference_day(call, city):
    call()

    selection = SelectionRound.objects.select_related("edition").get(code="BJ-2026")
    assert selection.state == SelectionRound.State.OPEN
    assert (selection.edition.code, selection.tier) == (CALL["policy"], CALL["tier"])
    assert selection.edition.effective_from <= selection.reference_day == date(2026, 6, 30)
    assert (selection.year, selection.organizer) == (2026, city)
    assert selection.name == "2026年北京大工匠（京津冀大工匠）选树"
    assert moves_of(subject_of(selection)) == ["创建轮次", "开放申报"]


@pytest.mark.usefixtures("no_policies")
def test_the_command_brings_the_policy_library_with_it(call):
    assert not PolicyEdition.objects.exists()

    call()

    assert PolicyEdition.objects.filter(code=CALL["policy"]).exists()


def test_the_same_call_again_changes_nothing(call):
    call()
    before = list(SelectionRound.objects.values()), Record.objects.count()

    call()

    assert (list(SelectionRound.objects.values()), Record.objects.count()) == before


@pytest.mark.parametrize(
    "other",
    [
        {"tier": "district"},
        {"year": "2027"},
        {"reference_day": "2026-07-01"},
        {"name": "另一轮"},
        {"policy": "national-great-craftsman-2024", "tier": "great-craftsman"},
    ],
)
def test_another_call_under_the_same_code_is_refused(call, other):
    call()

    with pytest.raises(CommandError, match=r"BJ-2026 已存在且内容不同.*请换一个编码"):
        call(**other)

    assert SelectionRound.objects.get().year == 2026


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"policy": "no-such"}, "没有编码为 no-such 的政策；已有的政策：.*beijing-craftsman"),
        ({"tier": "no-such"}, "层级 no-such；可用的层级：beijing-great（北京大工匠.*、district"),
        ({"tier": "grassroots"}, "没有可据以选树的层级 grassroots"),
        ({"reference_day": "2020-01-01"}, "在2020年1月1日没有适用的版本"),
        ({"reference_day": "30.6.2026"}, "基准日“30.6.2026”不是日期"),
        ({"year": "26"}, "年度“26”有误"),
        ({"organizer": "XX"}, "没有编码为 XX 的组织"),
        ({"username": "nobody"}, "没有名为 nobody"),
    ],
)
def test_the_command_says_what_is_wrong_and_leaves_nothing(call, wrong, message):
    with pytest.raises(CommandError, match=message):
        call(**wrong)

    assert not SelectionRound.objects.exists()


@pytest.mark.parametrize("code", ["甲/乙", "../x", "a b", "", "new", ".", "x" * 61, "a\n"])
def test_a_code_that_no_address_can_carry_is_refused(call, code):
    with pytest.raises(CommandError, match=r"不能用：只用字母、数字.*round-code-invalid"):
        call(code)

    assert not SelectionRound.objects.exists()


def test_the_command_asks_for_the_organizer_where_there_is_none():
    with pytest.raises(CommandError, match="还没有登记市总工会，请先用 import_organizations"):
        call_command("create_round", "BJ-2026", **CALL)


def test_the_command_asks_which_of_two_cities_and_takes_the_one_it_is_told(call, city):
    OrganizationFactory(code="TJ", name="天津市总工会")

    with pytest.raises(CommandError, match="请用 --organizer 指明主办工会"):
        call()
    call(organizer="TJ")

    assert SelectionRound.objects.get().organizer.code == "TJ"


def test_the_command_acts_with_the_rights_of_the_account_it_is_given(call, city):
    handler = account(Role.HANDLER, city)
    district = with_child(city, Kind.DISTRICT)
    stranger = account(Role.HANDLER, district)

    nominator = account(Role.NOMINATOR, city)

    with pytest.raises(CommandError, match="还没有登记市总工会"):
        call(username=stranger.username)
    with pytest.raises(CommandError, match="role-required"):
        call(username=nominator.username)
    call(username=handler.username)

    assert Record.objects.get(action="开放申报").actor == handler


# The life of a round


@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER])
def test_staff_of_the_organizer_close_and_reopen_a_round(role):
    selection = RoundFactory()
    staff = account(role, selection.organizer)

    workflow.close_round(selection.pk, actor=staff)
    workflow.reopen_round(selection.pk, actor=staff, note="漏报补正")

    selection.refresh_from_db()
    assert selection.state == SelectionRound.State.OPEN
    assert moves_of(subject_of(selection))[-2:] == ["截止申报", "重新开放申报"]


def test_a_round_is_not_opened_twice_nor_closed_twice():
    selection = RoundFactory()
    staff = account(Role.HANDLER, selection.organizer)

    with pytest.raises(DomainError, match=r"申报中.*不能开放申报"):
        workflow.open_round(selection.pk, actor=staff)
    workflow.close_round(selection.pk, actor=staff)
    with pytest.raises(DomainError, match=r"已截止.*不能截止申报"):
        workflow.close_round(selection.pk, actor=staff)


def test_reopening_needs_a_reason():
    selection = RoundFactory()
    staff = account(Role.HANDLER, selection.organizer)
    workflow.close_round(selection.pk, actor=staff)

    with pytest.raises(DomainError, match="须写明事由"):
        workflow.reopen_round(selection.pk, actor=staff, note="  ")


def test_staff_below_the_organizer_see_a_round_but_do_not_close_it():
    selection = RoundFactory()
    district = with_child(selection.organizer, Kind.DISTRICT)
    staff = account(Role.HANDLER, district)

    with pytest.raises(DomainError, match="没有“截止申报”的权限"):
        workflow.close_round(selection.pk, actor=staff)


def test_staff_of_another_city_do_not_find_a_round():
    nation = OrganizationFactory(kind=Kind.NATIONAL)
    here, elsewhere = with_child(nation, Kind.CITY), with_child(nation, Kind.CITY)
    selection = RoundFactory(organizer=here)

    with pytest.raises(SelectionRound.DoesNotExist):
        workflow.close_round(selection.pk, actor=account(Role.HANDLER, elsewhere))


# The life of a nomination


def test_a_nomination_found_eligible_is_confirmed(check):
    nomination = eligible_nomination()
    check(nomination.round)
    staff = account(Role.HANDLER, nomination.round.organizer)

    workflow.confirm_nomination(nomination.pk, actor=staff)

    nomination.refresh_from_db()
    assert nomination.state == Nomination.State.CHECKED
    assert moves_of(subject_of(nomination)) == ["确认推荐"]


def test_a_nomination_is_not_confirmed_before_it_was_assessed():
    nomination = eligible_nomination()

    with pytest.raises(DomainError, match="尚未核验"):
        workflow.confirm_nomination(
            nomination.pk, actor=account(Role.HANDLER, nomination.round.organizer)
        )


@pytest.mark.parametrize(
    ("facts", "verdict"), [({}, "资料缺失"), ({"spans": [(THIS_MONTH, None)]}, "不合格")]
)
def test_a_nomination_not_found_eligible_is_not_confirmed(check, facts, verdict):
    nomination = with_service(NominationFactory(), *facts.get("spans", []))
    check(nomination.round)

    with pytest.raises(DomainError, match=f"核验结果为“{verdict}”，不能确认"):
        workflow.confirm_nomination(
            nomination.pk, actor=account(Role.HANDLER, nomination.round.organizer)
        )


def test_a_nomination_corrected_after_the_check_is_not_confirmed(check):
    nomination = eligible_nomination()
    check(nomination.round)
    Nomination.objects.filter(pk=nomination.pk).update(version=F("version") + 1)

    with pytest.raises(DomainError, match="原结果已过期"):
        workflow.confirm_nomination(
            nomination.pk, actor=account(Role.HANDLER, nomination.round.organizer)
        )
    done = workflow.confirm_chosen(
        nomination.round_id, [nomination.pk], actor=User.objects.system()
    )
    assert done.confirmed == []
    assert done.refused[nomination.pk].code == "assessment-outdated"


def test_the_newest_check_decides(check):
    nomination = eligible_nomination()
    check(nomination.round)
    Nomination.objects.filter(pk=nomination.pk).update(force_leading="", version=F("version") + 1)
    check(nomination.round)

    with pytest.raises(DomainError, match="资料缺失"):
        workflow.confirm_nomination(
            nomination.pk, actor=account(Role.HANDLER, nomination.round.organizer)
        )


def test_a_confirmed_nomination_goes_back_for_a_reason(check):
    nomination = eligible_nomination()
    check(nomination.round)
    staff = account(Role.HANDLER, nomination.round.organizer)
    workflow.confirm_nomination(nomination.pk, actor=staff)

    with pytest.raises(DomainError, match="须写明事由"):
        workflow.return_nomination(nomination.pk, actor=staff, note="")
    workflow.return_nomination(nomination.pk, actor=staff, note="单位要求补充证书")

    nomination.refresh_from_db()
    assert nomination.state == Nomination.State.DRAFT


def test_a_unit_does_not_confirm_its_own_candidates(check):
    nomination = eligible_nomination()
    check(nomination.round)

    with pytest.raises(DomainError, match="没有“确认推荐”的权限"):
        workflow.confirm_nomination(nomination.pk, actor=account(Role.NOMINATOR, nomination.unit))


def test_a_nomination_given_back_waits_for_its_unit(check):
    nomination = eligible_nomination()
    check(nomination.round)
    staff, unit = (
        account(Role.HANDLER, nomination.round.organizer),
        account(Role.NOMINATOR, nomination.unit),
    )
    workflow.return_nomination(nomination.pk, actor=staff, note="请核对证书编号")

    chosen = workflow.confirm_chosen(nomination.round_id, [nomination.pk], actor=staff)
    with pytest.raises(DomainError, match="推荐单位尚未更正"):
        workflow.confirm_nomination(nomination.pk, actor=staff)
    with pytest.raises(DomainError, match="无须再退"):
        workflow.return_nomination(nomination.pk, actor=staff, note="再退一次")
    assert (chosen.confirmed, chosen.refused[nomination.pk].code) == ([], "nomination-returned")

    resubmit_nomination(nomination.pk, actor=unit, note="编号与原件一致，无须更正")
    workflow.confirm_nomination(nomination.pk, actor=staff)

    nomination.refresh_from_db()
    assert nomination.state == Nomination.State.CHECKED


def test_who_answered_for_what_was_given_back_does_not_confirm_it(check):
    nomination = eligible_nomination()
    check(nomination.round)
    one, other = (account(Role.HANDLER, nomination.round.organizer) for _ in range(2))
    workflow.return_nomination(nomination.pk, actor=other, note="请核对证书编号")
    resubmit_nomination(nomination.pk, actor=one, note="已电话核实")

    with pytest.raises(DomainError, match="由您填报"):
        workflow.confirm_nomination(nomination.pk, actor=one)
    with pytest.raises(DomainError, match="没有退回待办"):
        resubmit_nomination(nomination.pk, actor=one, note="再报一次")
    workflow.confirm_nomination(nomination.pk, actor=other)


def test_a_draft_is_given_back_before_it_is_ever_confirmed(check):
    nomination = eligible_nomination()
    staff = account(Role.APPROVER, nomination.unit)

    workflow.return_nomination(nomination.pk, actor=staff, note="不属于本轮次行业")

    nomination.refresh_from_db()
    assert nomination.awaits_unit
    assert list(Nomination.objects.filter(AWAITS_UNIT)) == [nomination]


def test_all_eligible_drafts_are_confirmed_in_one_step_each_on_its_record(check):
    selection = RoundFactory()
    good = [eligible_nomination(round=selection) for _ in range(3)]
    bad = NominationFactory(round=selection)
    elsewhere = eligible_nomination()
    check(selection)
    check(elsewhere.round)

    done = workflow.confirm_chosen(
        selection.pk,
        [n.pk for n in (*good, bad, elsewhere)],
        actor=account(Role.APPROVER, selection.organizer),
        note="会议纪要1号",
    )

    confirmed = Nomination.objects.filter(state=Nomination.State.CHECKED)
    assert len(done.confirmed) == 3
    assert {pk: no.code for pk, no in done.refused.items()} == {bad.pk: "nomination-not-eligible"}
    assert set(confirmed) == set(good)
    for nomination in good:
        (told,) = history_of(nomination, account(Role.NOMINATOR, nomination.unit))
        assert (told.action, told.note, told.target) == ("确认推荐", "会议纪要1号", "checked")
    assert Record.objects.get(action="批量确认推荐").after == {"count": 3}


def test_the_set_is_confirmed_only_by_staff_of_the_organizer_and_after_a_check(check):
    nomination = eligible_nomination()
    system = User.objects.system()

    with pytest.raises(DomainError, match="尚未完成资格核验"):
        workflow.confirm_chosen(nomination.round_id, [nomination.pk], actor=system)
    check(nomination.round)
    district = with_child(nomination.round.organizer, Kind.DISTRICT)
    with pytest.raises(DomainError, match="没有“确认推荐”的权限"):
        workflow.confirm_chosen(
            nomination.round_id, [nomination.pk], actor=account(Role.HANDLER, district)
        )

    assert Assessment.objects.get().overall == Overall.ELIGIBLE
    assert not Nomination.objects.filter(state=Nomination.State.CHECKED).exists()
