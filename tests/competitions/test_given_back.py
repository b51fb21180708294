"""A trade given to a contest is given back to experts: called off, or named by mistake; not under a list."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions.models import Item, Trial
from competitions.services.trials import decide_trade, give_trade_back, seed
from organizations.roles import Role
from talents.workflow.publicity import draft_notice, drop_notice, post_notice
from tests.competitions.test_contest_flow import refused
from tests.competitions.test_methods import ONE, finished, reviewed
from tests.competitions.test_trials import city, hands, scene  # noqa: F401
from tests.factories.organizations import OrganizationFactory, account
from workflow.models import Notice, Record

pytestmark = pytest.mark.django_db
WHY = "竞赛取消"
LEFT_OUT = replace(ONE, leaves_out=True)


def decide(final, selection, hands):  # noqa: F811
    return decide_trade(final.pk, selection, "焊工", actor=hands["handler"])


def test_a_round_no_longer_waits_for_a_contest_that_is_called_off(client, scene, hands):  # noqa: F811
    selection, _, lathe, _, final = scene
    decide(final, selection, hands)
    seed(final.pk, actor=hands["handler"])
    assert (
        refused(draft_notice, selection.pk, LEFT_OUT, actor=hands["handler"]) == "contest-not-over"
    )
    client.force_login(hands["handler"])
    address = reverse("competitions:item-deed", args=[final.code, "give-back"])
    assert address in client.get(reverse("competitions:item", args=[final.code])).content.decode()

    client.post(address, {"note": WHY})

    assert not Trial.objects.exists()
    assert final.entries.count() == 2
    record = Record.objects.get(code="competitions.trial-given-back")
    assert (record.note, record.before["trade"]) == (WHY, "焊工")
    assert Notice.objects.filter(title__startswith="焊工改回专家评审", recipient=hands["approver"])
    assert (
        draft_notice(selection.pk, LEFT_OUT, actor=hands["handler"]).entries.get().nomination
        == lathe
    )
    again = refused(give_trade_back, final.pk, actor=hands["handler"], note=WHY)
    assert again == "no-round-decided"


def test_what_the_contest_has_published_is_not_given_back(scene, hands):  # noqa: F811
    selection, welders, _, _, final = scene
    decide(final, selection, hands)
    assert refused(give_trade_back, final.pk, actor=hands["handler"], note="") == "reason-required"
    stranger = account(Role.HANDLER, welders[0].unit)
    with pytest.raises(Item.DoesNotExist):
        give_trade_back(final.pk, actor=account(Role.HANDLER, OrganizationFactory()), note=WHY)
    assert refused(give_trade_back, final.pk, actor=stranger, note=WHY) == "role-required"
    seed(final.pk, actor=hands["handler"])
    finished(final, hands, *welders)

    assert refused(give_trade_back, final.pk, actor=hands["handler"], note=WHY) == (
        "contest-published"
    )


def test_the_method_of_a_trade_does_not_change_under_a_list_or_a_meeting(scene, hands):  # noqa: F811
    selection, _, _, _, final = scene
    drafted = draft_notice(selection.pk, LEFT_OUT, actor=hands["handler"])
    assert refused(decide, final, selection, hands) == "method-decided-by"
    drop_notice(drafted.pk, actor=hands["approver"], note="另拟")
    decide(final, selection, hands)
    give_trade_back(final.pk, actor=hands["handler"], note=WHY)
    drafted = draft_notice(selection.pk, LEFT_OUT, actor=hands["handler"])
    post_notice(drafted.pk, starts_on=timezone.localdate(), actor=hands["approver"])
    assert refused(decide, final, selection, hands) == "method-decided-by"


def test_candidates_who_have_papers_or_marks_are_not_chosen_by_a_contest(scene, hands):  # noqa: F811
    selection, welders, _, _, final = scene
    reviewed(welders[0], 90)

    assert refused(decide, final, selection, hands) == "review-begun"
