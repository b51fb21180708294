"""What still stands against a board is said wherever it is built upon: at closing, in lists, in the passport."""

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Competition, Item
from competitions.selectors.attainments import results_of
from competitions.selectors.pool import grounds_of
from competitions.services.awards import give_awards
from competitions.services.contests import correct_competition
from competitions.services.leaving import ask_away, keep_result, take_away
from organizations.roles import Role
from talents.models import Honour
from talents.selectors.attainments import Sight
from tests.competitions.jury import decided, upheld
from tests.competitions.test_admission import DOCUMENT, WHY
from tests.competitions.test_contest_flow import refused
from tests.competitions.windows import appeals_over, later
from tests.factories.competitions import for_reserve, on_file
from tests.factories.organizations import account

pytestmark = pytest.mark.django_db


def test_a_contest_is_closed_once_nothing_is_left_to_carry_out(client, podium, item, hands):
    contest, handler = item.competition, hands["handler"]
    closing = {"actor": handler}
    assert refused(workflow.close, contest.pk, **closing) == "appeals-not-over"
    client.force_login(handler)
    address = reverse("competitions:competition", args=[contest.code])
    page = client.get(address).content.decode()
    assert "期满以后才能办结" in page
    assert "办结竞赛</a>" not in page
    ask_away(podium[0].pk, actor=hands["approver"], note=WHY)
    assert refused(later, workflow.close, contest.pk, **closing) == "result-in-question"
    keep_result(podium[0].pk, actor=hands["approver"], note=WHY)
    correct_competition(contest.pk, on_file(contest, contest_class="first"), actor=handler, note=WHY, asks=True)  # fmt: skip
    assert refused(later, workflow.close, contest.pk, **closing) == "kind-asked"
    Competition.objects.update(
        asked_level="", asked_class="", kind_asked_by=None, kind_asked_for=""
    )
    upheld(podium[1], hands["second"], filed_by=hands["nominator"])
    assert refused(later, workflow.close, contest.pk, **closing) == "board-to-be-mended"
    workflow.mark_anew(item.pk, actor=hands["second"], note=WHY)
    assert refused(later, workflow.close, contest.pk, **closing) == "items-not-published"
    workflow.check_marks(item.pk, actor=handler)
    workflow.lock_marks(item.pk, actor=hands["approver"])
    workflow.publish(item.pk, actor=hands["approver"], note=WHY)

    assert later(workflow.close, contest.pk, **closing).state == "closed"


def told(person, user):
    (one,) = results_of(Sight(user), person)
    return one.words[1], one.speaks is not None


def test_the_passport_says_what_is_open_about_a_place(podium, item, hands, city):
    first, user = podium[0], hands["approver"]
    assert told(first.person, user) == ("第1名（申诉期内）", True)
    assert later(told, first.person, user) == ("第1名", True)
    filed = workflow.appeal(podium[1].pk, "第一项少记一分半", actor=hands["nominator"])
    assert told(first.person, user) == ("第1名（申诉待仲裁）", False)
    decided(filed, hands["second"], is_upheld=False, verdict="核对无误")
    ask_away(first.pk, actor=user, note=WHY)
    take_away(first.pk, actor=account(Role.APPROVER, city), note=WHY)
    assert later(told, first.person, user) == ("第1名（已不在最新一版成绩榜）", False)


def test_the_reserve_list_and_the_pool_say_so_too(client, podium, item, hands):
    lines = item.boards.get().lines.all()
    for_reserve(lines)
    first, user = podium[0], hands["approver"]
    client.force_login(user)
    with appeals_over():
        assert "申诉" not in grounds_of([first.person_id], user)[first.person_id][0]
    workflow.appeal(podium[1].pk, "第一项少记一分半", actor=hands["nominator"])
    assert "申诉待仲裁" in client.get(reverse("competitions:reserves")).content.decode()
    (ground,) = grounds_of([first.person_id], user)[first.person_id]
    assert ground.endswith("第1名（申诉待仲裁）")


def test_titles_name_the_trade_as_rises_do(podium, item, hands):
    Item.objects.update(occupation="")
    later(give_awards, item.pk, actor=hands["approver"], **DOCUMENT)
    assert set(Honour.objects.values_list("trade", flat=True)) == {item.name}
