"""An upheld appeal gives back what was lost by withdrawing, to a team as to one."""

import pytest

from competitions import workflow
from competitions.models import Appeal, Entry
from competitions.services.awards import give_awards
from competitions.services.leaving import restore_result, withdraw_entry
from organizations.roles import Role
from tests.competitions.jury import group_of
from tests.competitions.test_appeals_carried_out import BACK, DOCUMENT
from tests.competitions.test_contest_flow import REASON, published, refused
from tests.competitions.test_later_stages import upheld
from tests.competitions.windows import later
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory, marked
from tests.factories.organizations import account

pytestmark = pytest.mark.django_db


@pytest.fixture
def hands(hands, city):
    return hands | {"chair": account(Role.HANDLER, city), "third": account(Role.APPROVER, city)}


def two_of_whom_one_withdrew(item, hands, by="handler"):
    gone, other = (
        marked(EntryFactory(item=item, unit=hands["unit"]), 40 - n, 3, 3, 3) for n in (0, 1)
    )
    withdraw_entry(gone.pk, actor=hands[by], note="缺考，未到场")
    published(item, hands)
    return gone, other


def test_an_upheld_appeal_gives_back_what_was_lost_by_withdrawing(item, hands):
    gone, other = two_of_whom_one_withdrew(item, hands)
    upheld(gone, hands)

    awarding = {"actor": hands["approver"], "document_number": DOCUMENT}
    assert Appeal.to_carry_out().count() == 1
    assert refused(later, give_awards, item.pk, **awarding) == "board-to-be-mended"
    assert (
        refused(restore_result, gone.pk, actor=hands["chair"], note=BACK) == "jury-cannot-restore"
    )

    assert restore_result(gone.pk, actor=hands["third"], note=BACK).number == 2

    assert Appeal.to_carry_out().count() == 0
    assert list(item.boards.first().lines.values_list("entry", "rank")) == [
        (gone.pk, 1),
        (other.pk, 2),
    ]
    assert later(give_awards, item.pk, **awarding) > 0


def test_who_registered_the_withdrawal_neither_decides_nor_gives_back(item, hands):
    gone, _ = two_of_whom_one_withdrew(item, hands)
    filed = workflow.appeal(gone.pk, "本人到场参赛，评分表可证", actor=hands["nominator"])
    others = group_of(item.competition, hands["handler"])
    words = {"is_upheld": True, "verdict": BACK}

    sitting = {"jury": others[:1], "actor": hands["handler"]}
    assert refused(workflow.decide, filed.pk, **words, **sitting) == "jury-took-away"
    sitting = {"jury": [hands["handler"]], "actor": others[0]}
    assert refused(workflow.decide, filed.pk, **words, **sitting) == "jury-took-away"
    workflow.decide(filed.pk, jury=others[1:], actor=others[0], **words)
    assert refused(restore_result, gone.pk, actor=hands["handler"], note=BACK) == "jury-took-away"


def test_who_never_competed_comes_back_only_while_marks_are_given_anew(item, hands):
    gone = EntryFactory(item=item, unit=hands["unit"])
    marked(EntryFactory(item=item, unit=hands["unit"]), 30, 3, 3, 3)
    withdraw_entry(gone.pk, actor=hands["handler"], note="缺考，未到场")
    published(item, hands)
    upheld(gone, hands)
    assert refused(restore_result, gone.pk, actor=hands["third"], note=BACK) == "marks-incomplete"

    workflow.mark_anew(item.pk, actor=hands["chair"], note=REASON)
    assert restore_result(gone.pk, actor=hands["third"], note=BACK) is None
    marked(gone, 35, 3, 3, 3)
    published(item, hands)

    assert Appeal.to_carry_out().count() == 0


def test_a_team_that_withdrew_comes_back_without_who_had_left_it_before(item, hands):
    pair = SchemeFactory(item=ItemFactory(competition=item.competition, team_size=2)).item
    captain = EntryFactory(item=pair, unit=hands["unit"], team="甲队")
    left = EntryFactory(
        item=pair, unit=hands["unit"], team="甲队", captain=captain, number="", work_code=""
    )
    withdraw_entry(left.pk, actor=hands["nominator"], note="因病退赛")
    mate = EntryFactory(
        item=pair, unit=hands["unit"], team="甲队", captain=captain, number="", work_code=""
    )
    marked(captain, 40, 3, 3, 3)
    others = EntryFactory(item=pair, unit=hands["unit"], team="乙队")
    EntryFactory(
        item=pair, unit=hands["unit"], team="乙队", captain=others, number="", work_code=""
    )
    marked(others, 30, 3, 3, 3)
    withdraw_entry(mate.pk, actor=hands["handler"], note="缺考，未到场")
    captain.refresh_from_db()
    assert captain.state == "withdrawn"
    published(pair, hands)
    upheld(mate, hands)

    restore_result(captain.pk, actor=hands["third"], note=BACK)

    states = dict(Entry.objects.filter(item=pair, team="甲队").values_list("pk", "state"))
    assert states == {captain.pk: "entered", mate.pk: "entered", left.pk: "withdrawn"}


def test_who_left_a_team_that_went_on_has_nothing_to_be_given_back(item, hands):
    """The place was filled: the verdict stands, and nothing waits for it once the item was marked anew."""
    pair = SchemeFactory(item=ItemFactory(competition=item.competition, team_size=2)).item
    captain = EntryFactory(item=pair, unit=hands["unit"], team="甲队")
    left = EntryFactory(
        item=pair, unit=hands["unit"], team="甲队", captain=captain, number="", work_code=""
    )
    withdraw_entry(left.pk, actor=hands["nominator"], note="因病退赛")
    EntryFactory(
        item=pair, unit=hands["unit"], team="甲队", captain=captain, number="", work_code=""
    )
    marked(captain, 40, 3, 3, 3)
    published(pair, hands)
    upheld(left, hands)
    workflow.mark_anew(pair.pk, actor=hands["chair"], note=REASON)
    published(pair, hands)
    assert Appeal.to_carry_out().count() == 0
