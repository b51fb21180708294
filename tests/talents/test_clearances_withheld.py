"""What offices and marks say of a candidate is not read by the candidate, whatever they serve as."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Clearance, PanelDecision, Review, UnitNotice
from talents.permissions.endorsing import may_submit
from talents.selectors.endorsing import unit_notice_queues
from talents.selectors.nominations import history_of
from talents.workflow.endorsing import (
    answer_clearance,
    ask_offices,
    close_notice,
    dispute_later,
)
from tests.accounts.lending import again, lend
from tests.factories.endorsing import levelled_round, notice_up, on_its_way
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.panels import convened
from tests.factories.talents import eligible_nomination
from tests.talents.test_oneself import oneself
from tests.talents.test_publicity import city, selection  # noqa: F401
from workflow.models import Attachment, Notice
from workflow.records import subject_of
from workflow.selectors import records_in_scope

pytestmark = pytest.mark.django_db
WORDS = "正在核查其问题线索，机密"


@pytest.fixture
def road():
    """A nomination of which one office has said something; its unit, and the district above."""
    district = with_child(OrganizationFactory(kind="city"), "district")
    unit = with_child(district, "unit")
    return on_its_way(levelled_round(district.parent), unit), unit, district


def objected(nomination, district):
    clerk = account(Role.HANDLER, district)
    first = ask_offices(nomination.pk, actor=clerk)[0]
    said = {"reply": WORDS, "answered_on": timezone.localdate()}
    return answer_clearance(first.pk, is_clear=False, actor=clerk, **said)


@pytest.mark.parametrize("role", [Role.NOMINATOR, Role.HANDLER])
def test_the_candidate_reads_nothing_of_what_an_office_answered(client, road, role):
    nomination, unit, district = road
    colleague = account(Role.NOMINATOR, unit)
    me = oneself(nomination, role, unit if role == Role.NOMINATOR else district)
    clearance = objected(nomination, district)

    assert Clearance.objects.visible_to(colleague).exists()
    assert not Clearance.objects.visible_to(me).exists()
    client.force_login(me)
    page = client.get(reverse("talents:nomination", args=[nomination.pk])).content.decode()
    assert "部门意见由上级工会掌握" in page
    for address in (
        reverse("talents:nomination", args=[nomination.pk]),
        reverse("talents:clearances"), reverse("clearance-list"), reverse("portal:home"),
    ):  # fmt: skip
        assert WORDS not in client.get(address).content.decode()
    assert not records_in_scope(me).filter(subject=subject_of(clearance)).exists()
    assert all(WORDS not in f"{row.note}{row.after}" for row in history_of(nomination, me))
    assert Notice.objects.filter(recipient=colleague, body__contains=WORDS).exists()
    assert not Notice.objects.filter(recipient=me, body__contains=WORDS).exists()
    assert Notice.objects.visible_to(account(Role.HANDLER, district)).filter(body__contains=WORDS)
    assert not Notice.objects.visible_to(me).filter(body__contains=WORDS).exists()


def test_nor_does_whoever_stands_in_for_the_candidate(road):
    nomination, unit, district = road
    me = oneself(nomination, Role.NOMINATOR, unit)
    deputy = account(Role.NOMINATOR, unit)
    lend(me, deputy)
    objected(nomination, district)

    assert not Clearance.objects.visible_to(again(deputy)).exists()
    assert not Notice.objects.filter(recipient=deputy, body__contains=WORDS).exists()


@pytest.mark.parametrize("role", [Role.NOMINATOR, Role.HANDLER])
def test_nor_does_either_read_what_came_of_the_notice_at_the_unit(client, road, role):
    nomination, unit, district = road
    colleague = account(Role.NOMINATOR, unit)
    place = unit if role == Role.NOMINATOR else district
    me, deputy = oneself(nomination, role, place), account(role, place)
    lend(me, deputy)
    notice = nomination.unit_notices.get()
    dispute_later(notice.pk, actor=account(Role.HANDLER, district), note=WORDS)
    page = reverse("talents:nomination", args=[nomination.pk])
    scan = reverse("talents:unit-notice-scan", args=[notice.pk])
    notices = [
        Notice.objects.filter(recipient=one, body__contains=WORDS)
        for one in (me, deputy, colleague)
    ]

    assert [rows.exists() for rows in notices] == [False, False, True]
    for reader, sees in ((colleague, True), (me, False), (again(deputy), False)):
        client.force_login(reader)
        assert (WORDS in client.get(page).content.decode()) is sees
        assert client.get(scan).status_code == (200 if sees else 404)
        assert UnitNotice.objects.visible_to(reader).exists() is sees
        assert Attachment.objects.visible_to(reader).filter(pk=notice.scan_id).exists() is sees
        assert records_in_scope(reader).filter(subject=subject_of(notice)).exists() is sees
        history = "".join(f"{row.note}{row.after}" for row in history_of(nomination, reader))
        assert (WORDS in history) is sees
        assert not Notice.objects.visible_to(reader).filter(body__contains=WORDS).exists() or sees
    client.force_login(me)
    told = client.get(page).content.decode()
    assert "公示结果由本单位其他经办人和上级工会掌握" in told
    assert "公示有异议" not in told
    if role == Role.HANDLER:
        change = reverse("admin:talents_unitnotice_change", args=[notice.pk])
        assert client.get(change).status_code != 200


def test_that_the_notice_is_up_is_no_secret_from_who_stands_on_it(client):
    body = OrganizationFactory(kind="city")
    unit = with_child(with_child(body, "district"), "unit")
    nomination = eligible_nomination(round=levelled_round(body), unit=unit)
    up, me = notice_up(nomination), oneself(nomination, Role.NOMINATOR, unit)
    client.force_login(me)

    assert UnitNotice.objects.visible_to(me).get() == up
    told = client.get(reverse("talents:nomination", args=[nomination.pk])).content.decode()
    assert up.place in told
    assert "公示结果由本单位其他经办人" not in told


def test_a_result_without_a_scan_withholds_no_other_file(road):
    nomination, unit, _ = road
    unrelated = nomination.unit_notices.get().scan
    disputed = eligible_nomination(round=nomination.round, unit=unit)
    up = notice_up(disputed)
    me, colleague = oneself(disputed, Role.NOMINATOR, unit), account(Role.NOMINATOR, unit)

    close_notice(up.pk, is_clear=False, finding=WORDS, scan=None, actor=colleague)

    for reader in (me, colleague):
        assert Attachment.objects.visible_to(again(reader)).filter(pk=unrelated.pk).exists()


def test_neither_tiles_nor_refusals_tell_what_came_of_the_notice(client):
    body = OrganizationFactory(kind="city")
    unit = with_child(with_child(body, "district"), "unit")
    nomination = eligible_nomination(round=levelled_round(body), unit=unit)
    up = notice_up(nomination)
    me, colleague = oneself(nomination, Role.NOMINATOR, unit), account(Role.NOMINATOR, unit)
    deputy = account(Role.NOMINATOR, unit)
    lend(me, deputy)

    def told(user):
        user = again(user)
        refusal = may_submit.why_not(user, nomination)
        return [queue.title for queue in unit_notice_queues(user)], refusal and refusal.code

    before = [told(one) for one in (me, deputy)]
    close_notice(up.pk, is_clear=False, finding=WORDS, scan=None, actor=colleague)

    assert [told(one) for one in (me, deputy)] == before
    assert before == [([], "own-nomination")] * 2
    assert told(colleague) == (["待单位公示的人选"], "unit-notice-missing")


def test_nobody_reads_their_own_marks_place_and_votes(client, selection, city):  # noqa: F811
    nomination = selection.nominations.get(reviews__mark_leading=90)
    panel = convened(selection)
    me, other = oneself(nomination, Role.HANDLER, city), account(Role.HANDLER, city)

    for user, sees in ((other, True), (me, False)):
        client.force_login(user)
        desk = client.get(reverse("talents:review-desk", args=[selection.code])).content.decode()
        assert ("90.00" in desk) is sees
        for model in (Review, PanelDecision):
            rows = model.objects.visible_to(user).filter(nomination=nomination)
            assert rows.exists() is sees
        meeting = client.get(reverse("talents:panel", args=[panel.pk])).content.decode()
        assert (nomination.person.name in meeting) is sees
