"""Who is told what, and that every link opens for whoever was told."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents import workflow
from talents.models import Nomination, QuotaAllocation, SelectionRound
from talents.services import identities
from talents.services.notices import tell_opened
from tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    account,
    with_child,
)
from tests.factories.talents import (
    NominationFactory,
    PersonFactory,
    RoundFactory,
    eligible_nomination,
)
from tests.factories.workflow import ImportBatchFactory, JobFactory, moved
from workflow import jobs
from workflow.models import Job, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ", name="北京市总工会")


@pytest.fixture
def system():
    return User.objects.system()


def told(subject_or_user):
    """Titles by recipient, oldest first."""
    rows = Notice.objects.order_by("pk")
    return [(n.recipient, n.title) for n in rows if n.recipient == subject_or_user]


def opens(notice):
    """What the recipient gets who follows the link of a notice."""
    client = Client()
    client.force_login(notice.recipient)
    sent = client.post(f"/notices/{notice.pk}/read/")
    assert sent.status_code == 302
    assert sent["Location"] == notice.href
    return client.get(notice.href).status_code


def every_link_opens():
    notices = list(Notice.objects.exclude(recipient__username="system"))
    return notices != [] and {opens(notice) for notice in notices} == {200}


def prepared(city):
    selection = RoundFactory(organizer=city, closes_on=date(2026, 9, 30))
    moved(SelectionRound.objects.filter(pk=selection.pk), SelectionRound.State.DRAFT)
    Notice.objects.all().delete()
    return SelectionRound.objects.select_related("organizer").get(pk=selection.pk)


# A round is opened


def test_of_a_round_with_places_those_are_told_who_have_some(city):
    district, other = with_child(city, "district"), with_child(city, "district")
    unit = with_child(district, "unit")
    handler, nominator = account(Role.HANDLER, district), account(Role.NOMINATOR, unit)
    account(Role.HANDLER, other)
    account(Role.APPROVER, district)
    account(Role.NOMINATOR, unit, valid_until=timezone.localdate())
    actor, selection = account(Role.HANDLER, city), prepared(city)
    for body in (district, unit):
        QuotaAllocation.objects.create(round=selection, organization=body, places=2)

    workflow.open_round(selection.pk, actor=actor)

    notices = Notice.objects.order_by("pk")
    assert {n.recipient for n in notices} == {handler, nominator}
    assert {n.title for n in notices} == {f"“{selection.name}”开放申报"}
    assert "2026年9月30日" in notices[0].body
    assert every_link_opens()


def test_of_a_round_without_places_all_filers_below_are_told_but_not_who_opened_it(city):
    unit = with_child(with_child(city, "district"), "unit")
    nominator, actor = account(Role.NOMINATOR, unit), account(Role.HANDLER, city)
    account(Role.NOMINATOR, with_child(OrganizationFactory(), "unit"))
    selection = prepared(city)

    workflow.open_round(selection.pk, actor=actor)

    assert [n.recipient for n in Notice.objects.all()] == [nominator]
    assert every_link_opens()


def test_who_holds_two_roles_is_told_once(city):
    nominator = account(Role.NOMINATOR, with_child(city, "unit"))
    MembershipFactory(user=nominator, organization=with_child(city, "unit"), role=Role.NOMINATOR)

    workflow.open_round(prepared(city).pk, actor=User.objects.system())

    assert len(told(nominator)) == 1


def test_reopening_is_told_as_well(city):
    nominator = account(Role.NOMINATOR, with_child(city, "unit"))
    actor, selection = account(Role.APPROVER, city), RoundFactory(organizer=city)
    workflow.close_round(selection.pk, actor=actor)
    Notice.objects.all().delete()

    workflow.reopen_round(selection.pk, actor=actor, note="系统故障，顺延一日")

    assert told(nominator) == [(nominator, f"“{selection.name}”重新开放申报")]


@pytest.mark.parametrize("count", [1, 30])
def test_telling_many_costs_no_more_than_telling_one(city, count, django_assert_num_queries):
    for unit in [with_child(city, "unit") for _ in range(count)]:
        account(Role.NOMINATOR, unit)
    selection, system = prepared(city), User.objects.system()

    with django_assert_num_queries(3):  # places, people, one INSERT
        assert tell_opened(selection, "开放申报", actor=system) == count


# What became of a nomination


def filed(city, filer, check, **facts):
    nomination = eligible_nomination(
        round=RoundFactory(organizer=city), unit=with_child(city, "unit"), filed_by=filer, **facts
    )
    check(nomination.round)
    Notice.objects.all().delete()
    return nomination


def test_who_filed_is_told_of_confirmation_and_of_return(city, check):
    filer, staff = account(Role.HANDLER, city), account(Role.APPROVER, city)
    nomination = filed(city, filer, check)

    workflow.confirm_nomination(nomination.pk, actor=staff)
    workflow.return_nomination(nomination.pk, actor=staff, note="证书编号须核对")

    name = nomination.person.name
    assert told(filer) == [(filer, f"推荐已确认：{name}"), (filer, f"推荐被退回草稿：{name}")]
    assert "证书编号须核对" in Notice.objects.latest("pk").body
    assert Notice.objects.count() == 2
    assert every_link_opens()


def test_what_is_given_back_reaches_whoever_files_for_the_unit(city, check):
    staff = account(Role.APPROVER, city)
    nomination = filed(city, account(Role.HANDLER, city), check)
    clerks = [account(Role.NOMINATOR, nomination.unit) for _ in range(2)]
    account(Role.NOMINATOR, with_child(city, "unit"))

    workflow.return_nomination(nomination.pk, actor=staff, note="证书编号须核对")

    told = Notice.objects.exclude(recipient__memberships__role=Role.HANDLER)
    assert {notice.recipient for notice in told} == set(clerks)
    assert all("证书编号须核对" in notice.body for notice in told)
    assert every_link_opens()


def test_of_an_imported_nomination_who_handed_in_the_workbook_is_told(city, check):
    uploader = account(Role.HANDLER, city)
    batch = ImportBatchFactory(organization=city, uploaded_by=uploader)
    nomination = filed(city, None, check, batch=batch, batch_line=5)

    workflow.confirm_nomination(nomination.pk, actor=User.objects.system())

    assert len(told(uploader)) == 1
    assert every_link_opens()


def test_who_serves_there_no_more_is_not_told(city, check):
    gone = account(Role.HANDLER, city, valid_until=timezone.localdate())
    elsewhere = account(Role.HANDLER, OrganizationFactory())
    for filer in (gone, elsewhere):
        nomination = filed(city, filer, check)
        workflow.confirm_nomination(nomination.pk, actor=User.objects.system())

    assert not Notice.objects.exists()


def test_who_returns_what_they_filed_need_not_be_told(city, check):
    filer = account(Role.HANDLER, city)
    nomination = filed(city, filer, check)
    moved(Nomination.objects.filter(pk=nomination.pk), Nomination.State.CHECKED)

    workflow.return_nomination(nomination.pk, actor=filer, note="资料有误")

    assert not Notice.objects.exists()


@pytest.mark.parametrize("count", [1, 12])
def test_confirming_all_tells_each_filer_once_with_their_number(
    city, check, count, django_assert_max_num_queries
):
    selection, unit = RoundFactory(organizer=city), with_child(city, "unit")
    one, other = account(Role.NOMINATOR, unit), account(Role.HANDLER, city)
    batch = ImportBatchFactory(organization=city, uploaded_by=other)
    for line in range(count):
        eligible_nomination(round=selection, unit=unit, filed_by=one)
        eligible_nomination(round=selection, unit=unit, batch=batch, batch_line=line + 5)
    NominationFactory(round=selection, unit=unit, filed_by=one)  # not eligible
    check(selection)
    Notice.objects.all().delete()

    with django_assert_max_num_queries(16):
        workflow.confirm_chosen(
            selection.pk, [n.pk for n in selection.nominations.all()], actor=User.objects.system()
        )

    assert {n.recipient: n.title for n in Notice.objects.all()} == dict.fromkeys(
        (one, other), f"“{selection.name}”确认了您填报的{count}名推荐"
    )
    assert Notice.objects.count() == 2
    assert every_link_opens()


def test_the_link_after_confirming_all_lists_what_was_confirmed(city, check, client):
    selection, unit = RoundFactory(organizer=city), with_child(city, "unit")
    filer = account(Role.NOMINATOR, unit)
    good = eligible_nomination(round=selection, unit=unit, filed_by=filer)
    bad = NominationFactory(round=selection, unit=unit, filed_by=filer)
    check(selection)
    workflow.confirm_chosen(
        selection.pk, [n.pk for n in selection.nominations.all()], actor=User.objects.system()
    )
    client.force_login(filer)

    page = client.get(Notice.objects.get(recipient=filer).href).content.decode()

    assert good.person.name in page
    assert bad.person.name not in page


# Work in the background


def parked(organization, requester):
    job = JobFactory(organization=organization, requested_by=requester, attempts=jobs.MOST_ATTEMPTS)
    assert jobs.claim(job.pk) is None
    job.refresh_from_db()
    assert job.status == Job.Status.PARKED
    return job


def test_of_a_parked_job_its_requester_and_the_system_administrators_are_told(city):
    district = with_child(city, "district")
    requester, keeper = account(Role.HANDLER, district), account(Role.SYSTEM_ADMIN, city)
    account(Role.SYSTEM_ADMIN, with_child(city, "district"))

    job = parked(district, requester)

    assert {n.recipient for n in Notice.objects.all()} == {requester, keeper}
    assert job.error in Notice.objects.first().body
    assert every_link_opens()


def test_of_a_parked_job_of_the_house_those_at_the_top_are_told(city):
    keeper = account(Role.SYSTEM_ADMIN, city)
    account(Role.SYSTEM_ADMIN, with_child(city, "district"))

    parked(None, User.objects.system())

    assert {n.recipient for n in Notice.objects.all()} == {keeper, User.objects.system()}
    assert every_link_opens()


def test_a_checked_round_leads_to_its_results(city, check):
    staff = account(Role.HANDLER, city)
    selection = RoundFactory(organizer=city)
    eligible_nomination(round=selection)
    Notice.objects.all().delete()

    check(selection, actor=staff)

    assert len(told(staff)) == 1
    assert every_link_opens()


def test_the_alarm_leads_each_guard_to_a_page_they_may_open(city, monkeypatch):
    monkeypatch.setattr(identities, "ALARM_AFTER", 1)
    district = with_child(city, "district")
    person = PersonFactory(organization=district)
    actor = account(Role.HANDLER, city)
    guards = {account(role, district) for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)}
    monkeypatch.setattr(identities.vault, "decrypt", lambda cipher: b"110199197002262579")

    for _ in range(2):
        identities.reveal(person.pk, "identity", actor=actor, reason="核对证件号码")

    assert {n.recipient for n in Notice.objects.all()} == guards
    assert every_link_opens()
