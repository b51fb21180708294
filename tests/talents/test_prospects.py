"""What a check promises, and what it is called: nothing that will not come."""

import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from talents.selectors.results import results_in_full
from tests.factories.organizations import account
from tests.factories.talents import THIS_MONTH, NominationFactory, RoundFactory, with_service
from workflow.models import Notice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "spans",
    [
        [(THIS_MONTH - 60, THIS_MONTH - 2)],
        [(THIS_MONTH - 58, THIS_MONTH)],
        [(THIS_MONTH - 58, THIS_MONTH), (THIS_MONTH + 1, None)],
    ],
    ids=["left before", "left in the month of the day", "comes back later"],
)
def test_who_left_the_line_is_promised_no_month_anywhere(check, client, spans):
    nomination = with_service(NominationFactory(), *spans[:1])
    with_service(nomination, *spans[1:], is_frontline=len(spans) == 1)
    run = check(nomination.round)
    client.force_login(account(Role.HANDLER, nomination.unit))

    page = client.get(reverse("talents:why", args=[nomination.pk])).content.decode()
    told = client.get(f"/api/nominations/{nomination.pk}/why/").json()
    listed = client.get(f"/api/runs/{run.pk}/results/").json()["results"][0]["findings"]
    (result,) = results_in_full(User.objects.system(), run)

    for words in (page, str(told), str(listed), str(result.reasons)):
        assert "还差 1 个月；基准日已不在一线岗位，月数不再增加。" in words
        assert "预计" not in words


def test_a_check_of_nobody_is_not_called_done(check, client):
    selection = RoundFactory()
    staff = account(Role.HANDLER, selection.organizer)
    check(selection, staff)
    client.force_login(staff)

    runs = client.get(reverse("talents:runs", args=[selection.code])).content.decode()
    workbench = client.get(reverse("talents:round", args=[selection.code]))

    assert "无人核验" in runs
    assert "已完成" not in runs
    assert "重新核验" not in workbench.content.decode()
    steps = {step.title: step.state for step in workbench.context["steps"]}
    assert steps["资格核验"] == "upcoming"
    assert Notice.objects.get(recipient=staff).title == f"“{selection.name}”没有推荐人选，无人核验"
