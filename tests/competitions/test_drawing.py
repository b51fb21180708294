"""Numbers of entrants are drawn by a lot that anybody can draw again."""

import pytest

from competitions.models import Entry
from competitions.services import entries, leaving
from tests.factories.competitions import EntryFactory
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


def test_numbers_are_drawn_from_a_seed_with_which_anybody_draws_the_same(item, hands):
    people = EntryFactory.create_batch(5, item=item, number="")
    EntryFactory(item=item, number="002")

    entries.draw_numbers(item.pk, actor=hands["handler"])

    item.refresh_from_db()
    drawn = dict(Entry.objects.filter(item=item).values_list("pk", "number"))
    again = [drawn[entry.pk] for entry in entries.in_lot_order(item.draw_seed, people)]
    assert again == ["001", "003", "004", "005", "006"]
    assert Record.objects.get(code="competitions.drawn").after["seed"] == item.draw_seed
    with pytest.raises(DomainError) as refusal:
        entries.draw_numbers(item.pk, actor=hands["handler"])
    assert refusal.value.code == "nobody-to-draw"


def test_who_has_left_keeps_the_number_and_a_late_entrant_draws_another(item, hands):
    EntryFactory(item=item, number="002")
    gone, late = EntryFactory(item=item, number="001"), EntryFactory(item=item, number="")
    leaving.withdraw_entry(gone.pk, actor=hands["handler"], note="因病退赛")

    entries.draw_numbers(item.pk, actor=hands["handler"])

    numbers = dict(Entry.objects.values_list("pk", "number"))
    assert (numbers[gone.pk], numbers[late.pk]) == ("001", "003")
