"""A trade of a selection round decided by a contest: seeds, open challengers, the final, the list."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from competitions.models import Entry, Item
from competitions.selectors.eligibility import findings_about
from competitions.selectors.trials import standing_of
from competitions.services import entries
from competitions.services.trials import decide_trade, seed
from organizations.roles import Role
from talents.models import Nomination, Review
from talents.workflow.publicity import Slate, draft_notice
from tests.competitions.test_contest_flow import published, refused
from tests.competitions.windows import later
from tests.factories.competitions import (
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    SchemeFactory,
    marked,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.reviews import ExpertFactory
from tests.factories.talents import PersonFactory, RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow.models import Record

pytestmark = pytest.mark.django_db
SLATE = Slate(2, 0, "2026年第8次党组会纪要", "市总工会网站", "职工发展部 010-12345678")
FORCES = ("leading", "practice", "innovation", "tackling", "passing")


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def hands(city):
    return {"handler": account(Role.HANDLER, city), "approver": account(Role.APPROVER, city)}


@pytest.fixture
def scene(city):
    """A round with two confirmed welders and a reviewed lathe operator; a contest for welders in two stages."""
    call_command("load_policies", verbosity=0)
    selection = RoundFactory(organizer=city)
    unit = with_child(city, "unit", code="U1", name="东方示例公司")
    seeds = [eligible_nomination(round=selection, unit=unit, occupation="焊工") for _ in range(2)]
    lathe = eligible_nomination(round=selection, unit=unit, occupation="车工")
    Review.objects.create(
        nomination=lathe, expert=ExpertFactory(organization=city, user=None), status="submitted",
        submitted_at=timezone.now(), **{f"mark_{force}": 60 for force in FORCES},
    )  # fmt: skip
    moved(Nomination.objects.filter(round=selection), Nomination.State.CHECKED)
    contest = CompetitionFactory(organizer=city, entries_until=None)
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    open_stage = SchemeFactory(
        item=ItemFactory(competition=contest, stage="preliminary", entry_tier="open", places=3)
    ).item
    final = SchemeFactory(item=ItemFactory(competition=contest, follows=open_stage)).item
    return selection, seeds, lathe, open_stage, final


def test_seeds_and_open_challengers_meet_in_the_final_whose_places_make_the_list(
    client, scene, hands
):
    selection, seeds, lathe, open_stage, final = scene
    challengers = [
        marked(EntryFactory(item=open_stage, person=PersonFactory(birth_on=None)), 40 - n, 3, 3, 3)
        for n in range(4)
    ]
    assert findings_about(challengers[0]) == ()
    published(open_stage, hands)
    assert refused(seed, final.pk, actor=hands["handler"]) == "no-round-decided"
    decide_trade(final.pk, selection, "焊工", actor=hands["handler"])
    assert seed(final.pk, actor=hands["handler"]) == 2
    assert refused(seed, final.pk, actor=hands["handler"]) == "nobody-to-seed"
    assert entries.take_over_qualified(final.pk, actor=hands["handler"]) == 3
    entries.draw_numbers(final.pk, actor=hands["handler"])
    order = [challengers[0].person_id, seeds[1].person_id, seeds[0].person_id]
    for entry in Entry.objects.filter(item=final):
        place = order.index(entry.person_id) if entry.person_id in order else 9
        marked(entry, 40 - place, 3, 3, 3)
    published(final, hands)

    standing = standing_of(Item.objects.get(pk=final.pk), hands["handler"])
    assert (standing.seeds, standing.challengers) == (2, 3)
    assert [one.nomination for one in standing.finalists] == [None, seeds[1], seeds[0]]
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:item", args=[final.code])).content.decode()
    assert "尚未推荐" in page
    notice = later(draft_notice, selection.pk, SLATE, actor=hands["handler"])
    listed = [entry.nomination for entry in notice.entries.order_by("position")]
    assert listed == [lathe, seeds[1]], (
        "the best of the reviewed first, then the second of the final"
    )


def test_a_round_of_somebody_else_is_not_decided_and_a_trade_is_decided_once(scene, hands, city):
    selection, _, _, open_stage, final = scene
    district = OrganizationFactory(kind="district", parent=city)
    handler = account(Role.HANDLER, district)
    own = ItemFactory(competition__organizer=district)
    assert refused(decide_trade, own.pk, selection, "焊工", actor=handler) == "role-required"
    decide_trade(final.pk, selection, "焊工", actor=hands["handler"])
    again = refused(decide_trade, open_stage.pk, selection, "焊工", actor=hands["handler"])
    assert again == "trial-once-per-round-and-trade"


def test_seeds_and_qualified_whom_the_rules_refuse_are_left_out_by_name(scene, hands):
    selection, seeds, _, open_stage, final = scene
    for one, birth_on in zip(seeds, (date(1990, 1, 1), date(2012, 1, 1)), strict=True):
        type(one.person).objects.filter(pk=one.person_id).update(birth_on=birth_on)
    people = [PersonFactory(birth_on=day) for day in (date(1990, 1, 1), date(2012, 1, 1))]
    for n, person in enumerate(people):
        marked(EntryFactory(item=open_stage, person=person), 40 - n, 3, 3, 3)
    published(open_stage, hands)
    decide_trade(final.pk, selection, "焊工", actor=hands["handler"])

    assert seed(final.pk, actor=hands["handler"]) == 1
    assert entries.take_over_qualified(final.pk, actor=hands["handler"]) == 1

    there = set(Entry.objects.filter(item=final).values_list("person", flat=True))
    assert there == {seeds[0].person_id, people[0].pk}
    for code, person in (("seeded", seeds[1].person), ("qualified", people[1])):
        note = Record.objects.get(code=f"competitions.{code}").note
        assert note.startswith(f"未引入：{person.name}不能报名")
        assert "规定：年满16周岁" in note
    assert refused(seed, final.pk, actor=hands["handler"]) == "entry-refused"
    assert refused(entries.take_over_qualified, final.pk, actor=hands["handler"]) == "entry-refused"


def test_a_team_of_somebody_refused_is_left_out_whole(scene, hands):
    *_, open_stage, final = scene
    Item.objects.filter(pk__in=(open_stage.pk, final.pk)).update(team_size=2)
    kept, gone = (
        marked(EntryFactory(item=open_stage, team=team), 40, 3, 3, 3) for team in ("一队", "二队")
    )
    EntryFactory(
        item=open_stage,
        team="二队",
        captain=gone,
        number="",
        work_code="",
        person__birth_on=date(2012, 1, 1),
    )
    EntryFactory(item=open_stage, team="一队", captain=kept, number="", work_code="")
    published(open_stage, hands)

    assert entries.take_over_qualified(final.pk, actor=hands["handler"]) == 2
    assert set(Entry.objects.filter(item=final).values_list("team", flat=True)) == {"一队"}
    assert f"{gone.person.name}与其同队" in Record.objects.get(code="competitions.qualified").note
