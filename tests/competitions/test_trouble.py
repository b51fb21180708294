"""Bad input and trouble: refused with its reason, nothing kept of it, and no other result changes."""

from datetime import date

import pytest
from django.urls import reverse
from time_machine import travel

from competitions import workflow
from competitions.models import Appeal, Entry, Judge, Mark
from competitions.selectors.board import board_of
from competitions.services import entries, leaving
from competitions.services.judging import assign_judge
from organizations.roles import Role
from tests.competitions.sheets import identity
from tests.competitions.test_contest_flow import given, newest, published, refused, seats
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory, marked
from tests.factories.organizations import account
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db


class Scene:
    """An item with three marked entrants, one being marked, and another item of the same contest."""

    def __init__(self, item, hands, city):
        self.item, self.hands, self.city = item, hands, city
        self.people = [marked(EntryFactory(item=item), 40 - n, 3, 2, 3) for n in range(3)]
        Entry.objects.filter(pk=self.people[0].pk).update(unit=hands["unit"])
        self.work = EntryFactory(item=item)
        self.judge = seats(item, city)[0]
        self.other = SchemeFactory(item=ItemFactory(competition=item.competition)).item
        marked(EntryFactory(item=self.other), 20, 1, 1, 1)

    def kept(self):
        """Every result, mark, entry, seat and appeal there is."""
        boards = [
            [(p.entry_id, p.rank, p.total) for p in board_of(item)]
            for item in (self.item, self.other)
        ]
        rows = [
            list(model.objects.order_by("pk").values()) for model in (Mark, Entry, Judge, Appeal)
        ]
        return boards, rows

    def entrant(self, place):
        known = read_identity(identity(place), today=date(2026, 1, 1))
        return entries.Entrant(f"张{place}", known)


@pytest.fixture
def scene(item, hands, city):
    return Scene(item, hands, city)


def above_the_maximum(scene):
    return refused(given, scene.judge, scene.work, 40.5, 2)


def below_nothing(scene):
    return refused(given, scene.judge, scene.work, -1, 2)


def a_judgement_of_four(scene):
    return refused(given, scene.judge, scene.work, 30, 4)


def a_judge_of_the_same_unit(scene):
    ours = account(Role.JUDGE, scene.hands["unit"])
    return refused(assign_judge, scene.item.pk, ours, 4, actor=scene.hands["handler"])


def a_late_entry(scene):
    type(scene.item.competition).objects.update(entries_until=date(2026, 7, 31))
    words = {"unit": scene.hands["unit"], "actor": scene.hands["nominator"]}
    with travel(date(2026, 8, 1)):
        return refused(
            entries.enter, scene.item.pk, scene.entrant(1), {"present_level": "3"}, **words
        )


def a_mark_for_whom_nobody_entered(scene):
    scene.work.number = "999"
    return refused(given, scene.judge, scene.work, 30, 2)


TROUBLES = {
    above_the_maximum: "mark-fits-its-scheme",
    below_nothing: "mark-is-within-one-hundred",
    a_judgement_of_four: "mark-fits-its-scheme",
    a_judge_of_the_same_unit: "judge-in-conflict",
    a_late_entry: "entries-over",
    a_mark_for_whom_nobody_entered: "work-not-standing",
}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_what_is_refused_changes_nothing(scene, trouble):
    before = scene.kept()

    assert trouble(scene) == TROUBLES[trouble]

    assert scene.kept() == before


@pytest.mark.parametrize("typed", ["四十", "40.5", "-1", "1e3", "38.12345"])
def test_a_judge_who_types_what_is_no_mark_is_told_at_its_box(client, scene, typed):
    client.force_login(scene.judge.user)
    address = reverse("competitions:marking", args=[scene.item.code, scene.work.number])
    measured, judged = scene.item.schemes.get().aspects.all()
    before = scene.kept()

    answer = client.post(
        address,
        {
            "judge": scene.judge.pk,
            "seen": 0,
            f"aspect_{measured.pk}": typed,
            f"aspect_{judged.pk}": 2,
        },
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {f"aspect_{measured.pk}"}
    assert typed in answer.content.decode()  # what was typed is still there to be put right
    assert scene.kept() == before


def test_an_entrant_twice_is_refused_and_the_first_stays(scene):
    words = {"unit": scene.hands["unit"], "actor": scene.hands["nominator"]}
    enter = (scene.item.pk, scene.entrant(1), {"present_level": "3"})
    entries.enter(*enter, **words)
    before = scene.kept()

    assert refused(entries.enter, *enter, **words) == "entry-once-per-item-and-person"

    assert scene.kept() == before


def test_a_sheet_seen_before_another_was_saved_is_refused_and_both_are_there_to_compare(scene):
    given(scene.judge, scene.work, 30, 2)
    seen = newest(scene.judge, scene.work)
    given(scene.judge, scene.work, 31, 2, seen=seen)
    before = scene.kept()

    assert refused(given, scene.judge, scene.work, 29, 2, seen=seen) == "edited-meanwhile"

    assert scene.kept() == before
    assert Mark.objects.filter(entry=scene.work, aspect__code="A1").count() == 2


def test_an_appeal_after_its_days_changes_nothing(scene, hands):
    leaving.withdraw_entry(scene.work.pk, actor=hands["handler"], note="没有到场")
    published(scene.item, hands)
    before = scene.kept()

    with travel(date(2026, 12, 31)):
        late = refused(workflow.appeal, scene.people[0].pk, "少记两分", actor=hands["nominator"])

    assert late == "appeals-over"
    assert scene.kept() == before


def test_a_disqualification_takes_one_off_and_moves_the_others_up_by_their_own_marks(scene, hands):
    (boards, rows) = scene.kept()
    first = scene.people[0].pk

    leaving.disqualify_entry(first, actor=hands["approver"], note="使用违禁工具")

    after, kept = scene.kept()
    totals = {entry: total for entry, _, total in boards[0]}
    assert [(e, r, t) for e, r, t in after[0]] == [
        (entry, place, totals[entry])
        for place, entry in enumerate((person.pk for person in scene.people[1:]), start=1)
    ]
    assert after[1] == boards[1]
    assert kept[0] == rows[0]
    assert [row for row in kept[1] if row["id"] != first] == [
        row for row in rows[1] if row["id"] != first
    ]
