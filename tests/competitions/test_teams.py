"""An item for teams: one number and one result for each, a place and a title for every member."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from competitions import workflow
from competitions.forms.entries import EntryForm
from competitions.models import Award, Entry
from competitions.selectors.board import board_of
from competitions.services import entries
from competitions.services.awards import give_awards
from organizations.roles import Role
from talents.models import Honour
from tests.competitions.sheets import identity
from tests.competitions.test_contest_flow import published, refused
from tests.competitions.windows import later
from tests.factories.competitions import (
    CompetitionFactory,
    ItemFactory,
    SchemeFactory,
    marked,
    on_file,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import moved
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db
FACTS = {"present_level": "3", "in_city_since": date(2020, 1, 1)}


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def hands(city):
    return {
        "handler": account(Role.HANDLER, city),
        "approver": account(Role.APPROVER, city),
        "unit": with_child(city, "unit", code="U1", name="通州建筑示例公司"),
    }


@pytest.fixture
def item(city):
    """Pairs."""
    call_command("load_policies", verbosity=0)
    contest = CompetitionFactory(organizer=city, entries_until=None)
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    return SchemeFactory(item=ItemFactory(competition=contest, team_size=2, name="机电一体化")).item


@pytest.fixture
def join(item, hands):
    """Enter somebody in a team."""

    def enter(number, team, into=None):
        who = entries.Entrant(
            f"选手{number}", read_identity(identity(number), today=date(2026, 1, 1))
        )
        facts = FACTS | {"team": team}
        return entries.enter(
            (into or item).pk, who, facts, unit=hands["unit"], actor=hands["handler"]
        )

    return enter


def test_a_team_has_one_number_and_one_result_and_every_member_a_medal(client, item, hands, join):
    assert refused(join, 9, "") == "team-missing"
    captain, mate = join(1, "一队"), join(2, "一队")
    assert (captain.captain, mate.captain) == (None, captain)
    assert refused(join, 3, "一队") == "entry-joins-a-team-of-its-item"
    other = join(4, "二队")
    assert entries.draw_numbers(item.pk, actor=hands["handler"]) == 2
    mate.refresh_from_db()
    assert mate.number == ""
    marked(captain, 40, 3, 3, 3)
    marked(other, 39, 3, 3, 3)
    assert refused(workflow.check_marks, item.pk, actor=hands["handler"]) == "team-incomplete"
    join(5, "二队")

    published(item, hands)

    captain.refresh_from_db()
    told = [(p.rank, p.number, p.name, p.team) for p in board_of(item)]
    assert told[:2] == [(1, captain.number, "选手1", "一队"), (1, captain.number, "选手2", "一队")]
    assert [rank for rank, *_ in told] == [1, 1, 2, 2]
    assert (
        later(
            give_awards,
            item.pk,
            actor=hands["approver"],
            document_number="京工发〔2026〕12号",
        )
        == 5
    )
    assert sorted(Honour.objects.filter(tier="gold").values_list("person__name", flat=True)) == [
        "选手1", "选手2",
    ]  # fmt: skip
    assert Award.objects.filter(kind="unit").count() == 1
    public = client.get(reverse("competitions:board", args=[item.code])).content.decode()
    assert "一队（选手1、选手2）" in public
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:entry", args=[mate.pk])).content.decode()
    assert "选手1" in page


def test_that_a_team_is_full_is_said_at_its_field_before_anything_is_filed(
    client, item, hands, join
):
    join(1, "一队"), join(2, "一队")
    other = join(3, "二队")
    facts = {"present_level": "3", "in_city_since": "2020-01-01", "number": "", "proof": ""}
    client.force_login(hands["handler"])
    edit = reverse("competitions:entry-edit", args=[other.pk])
    new = reverse("competitions:entry-new", args=[item.code])
    who = {"name": "选手4", "identity": identity(4), "unit": hands["unit"].pk, "promises": "on"}

    for address, told in (
        (edit, facts | {"version": other.version, "note": "队名有误"}),
        (new, facts | who),
    ):
        answer = client.post(address, told | {"team": "一队"})
        assert answer.status_code == 422, address
        assert answer.context["form"].errors["team"] == ["“一队”已满2人，请核对队名"]
        answer = client.post(address, told | {"team": "二队"})
        assert answer.status_code == 302, answer.context["form"].errors

    members = Entry.objects.filter(item=item).order_by("pk").values_list("team", flat=True)
    assert list(members) == ["一队", "一队", "二队", "二队"], "and one is not in one's own way"


def test_a_place_taken_meanwhile_is_refused_at_the_field_too(item, hands, join):
    join(1, "一队"), join(2, "一队")
    other = join(3, "二队")
    words = {"actor": hands["handler"], "note": "队名有误"}
    code = refused(entries.correct_entry, other.pk, on_file(other, team="一队"), **words)
    assert EntryForm.REFUSED_AT[code] == "team"


def test_a_team_goes_on_to_the_next_stage_as_a_team_and_moves_only_as_one(item, hands, join):
    captain, mate = join(1, "一队"), join(2, "一队")
    entries.draw_numbers(item.pk, actor=hands["handler"])
    captain.refresh_from_db()
    facts = on_file(captain)
    words = {"actor": hands["handler"], "note": "队名有误"}
    assert refused(entries.correct_entry, captain.pk, facts | {"team": "三队"}, **words) == (
        "captain-of-a-team"
    )
    facts = on_file(mate)
    moved_mate = entries.correct_entry(mate.pk, facts | {"team": "三队"}, **words)
    assert moved_mate.captain is None
    again = entries.correct_entry(mate.pk, facts | {"team": "一队"}, **words)
    assert again.captain == captain
    marked(captain, 40, 3, 3, 3)
    type(item).objects.filter(pk=item.pk).update(places=1)
    published(item, hands)
    final = ItemFactory(competition=item.competition, follows=item, team_size=2)

    assert entries.take_over_qualified(final.pk, actor=hands["handler"]) == 2

    now = {entry.person.name: entry for entry in Entry.objects.filter(item=final)}
    assert now["选手2"].captain == now["选手1"]
