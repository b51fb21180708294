"""Somebody who is cultivated changes to another unit or post: on record, and the reports go on from there."""

import pytest
from django.urls import reverse

from organizations.roles import Role
from talents.services.cultivating import move_cultivation
from talents.workflow.cultivation import report, stop_cultivation
from tests.factories.growth import cultivated
from tests.factories.organizations import OrganizationFactory, account, with_child
from workflow.models import Notice, Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A city with two units; somebody of the first is cultivated."""
    city = OrganizationFactory(kind="city")
    first, second = with_child(city, "unit"), with_child(city, "unit")
    handler = account(Role.HANDLER, city)
    return cultivated(first, actor=handler), first, second, handler


def moved_to(made, unit, actor, **facts):
    facts = {"note": "调入新单位", "post": ""} | facts
    return move_cultivation(made.pk, organization_id=unit.pk, actor=actor, **facts)


def refused(*about, **facts):
    with pytest.raises(DomainError) as refusal:
        moved_to(*about, **facts)
    return refusal.value.code


def test_the_new_unit_reports_from_then_on_and_both_are_told(client, scene):
    made, first, second, handler = scene
    old, new = account(Role.NOMINATOR, first), account(Role.NOMINATOR, second)
    days = list(made.reports.values_list("due_on", flat=True))

    moved = moved_to(made, second, handler)

    assert moved.organization == second
    assert list(moved.reports.values_list("due_on", flat=True)) == days
    due = moved.reports.first()
    with pytest.raises(type(due).DoesNotExist):
        report(due.pk, words="完成研修", actor=old)
    assert report(due.pk, words="完成研修", actor=new).state == "submitted"
    records = Record.objects.filter(code="talents.cultivation-moved")
    assert {each.organization for each in records} == {first, second}
    for record in records:
        assert (record.before, record.after) == (
            {"organization": first.name},
            {"organization": second.name},
        )
    told = dict(
        Notice.objects.filter(title__startswith="培育变更").values_list("recipient", "href")
    )
    page = reverse("talents:cultivation", args=[made.pk])
    assert (told[old.pk], told[new.pk]) == ("", page)
    for somebody, status in ((old, 404), (new, 200)):
        client.force_login(somebody)
        assert client.get(page).status_code == status


def test_a_change_of_the_post_alone_stays_with_the_unit(scene):
    made, first, _, handler = scene

    moved_to(made, first, handler, post="焊接班班长", note="竞聘上岗")

    made.refresh_from_db()
    assert (made.organization, made.post) == (first, "焊接班班长")
    with pytest.raises(DomainError, match="没有填写新的岗位"):
        moved_to(made, first, handler, post="焊接班班长", note="再报一次")
    after = Record.objects.get(code="talents.cultivation-moved").after
    assert after == {"organization": first.name, "post": "焊接班班长"}


def test_nothing_is_registered_without_a_change_a_reason_or_a_say(scene):
    made, first, second, handler = scene
    elsewhere = with_child(OrganizationFactory(kind="city"), "unit")

    assert refused(made, first, handler) == "nothing-moved"
    assert refused(made, second, handler, note=" ") == "reason-required"
    assert refused(made, second, account(Role.NOMINATOR, first)) == "role-required"
    assert refused(made, elsewhere, handler) == "role-required"
    stop_cultivation(made.pk, actor=handler, note="调离本市")
    assert refused(made, second, handler) == "cultivation-over"
    assert not Record.objects.filter(code="talents.cultivation-moved").exists()


def test_the_page_offers_the_units_within_reach_and_says_what_stays(scene, client):
    made, first, second, handler = scene
    client.force_login(handler)
    address = reverse("talents:cultivation-move", args=[made.pk])
    assert address in client.get(reverse("talents:cultivation", args=[made.pk])).content.decode()
    page = client.get(address).content.decode()
    assert second.name in page

    answer = client.post(address, {"organization": second.pk, "post": "", "note": "调入新单位"})

    assert answer.status_code == 302
    shown = client.get(reverse("talents:cultivation", args=[made.pk])).content.decode()
    assert f"{first.name}" in shown
    assert second.name in shown


def test_the_post_at_the_old_unit_does_not_go_along(scene):
    made, first, second, handler = scene
    moved_to(made, first, handler, post="焊接班班长", note="竞聘上岗")

    moved_to(made, second, handler)

    made.refresh_from_db()
    assert (made.organization, made.post) == (second, "")
    record = Record.objects.filter(code="talents.cultivation-moved").order_by("pk").last()
    assert (record.before["post"], record.after["post"]) == ("焊接班班长", "")
