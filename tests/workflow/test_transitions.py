from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from organizations.models import User
from organizations.roles import STAFF, Role
from talents.models import SelectionRound
from tests.factories import workflow as factories
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory
from workflow.models import Record
from workflow.records import subject_of
from workflow.records.chains import breaks
from workflow.refusals import DomainError
from workflow.transitions import Transition

pytestmark = pytest.mark.django_db

CLOSE = Transition("tests.close", "截止", frozenset({"open"}), "closed", STAFF)


@dataclass
class Setting:
    city: object
    round: SelectionRound
    actor: User

    def rows(self) -> QuerySet:
        return SelectionRound.objects.filter(pk=self.round.pk)


@pytest.fixture
def given():
    city = OrganizationFactory(kind="national")
    return Setting(city, RoundFactory(organizer=city), account(Role.HANDLER, city))


def records():
    return Record.objects.filter(kind=Record.Kind.TRANSITION).exclude(action="开放申报")


def refusal(deed):
    with pytest.raises(DomainError) as caught:
        deed()
    return caught.value


def test_an_arrow_moves_the_state_writes_its_fields_and_one_record(
    given, django_assert_num_queries
):
    selection = SelectionRound.objects.get(pk=given.round.pk)
    account(Role.HANDLER, given.city)
    given.actor.__dict__.pop("_memberships_in_force", None)

    with django_assert_num_queries(3):  # memberships, one UPDATE, one INSERT
        CLOSE.apply(
            selection, organization=given.city, actor=given.actor, note="到期", name="改了名"
        )

    selection.refresh_from_db()
    record = Record.objects.filter(subject=subject_of(selection)).latest("pk")
    assert (selection.state, selection.name) == ("closed", "改了名")
    assert (record.source, record.target, record.note) == ("open", "closed", "到期")
    assert (record.actor, record.action, record.organization) == (given.actor, "截止", given.city)


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_any_other_state_is_refused_and_left_alone(given, state):
    factories.moved(given.rows(), state)
    selection = given.rows().get()
    before = Record.objects.count()

    told = refusal(lambda: CLOSE.apply(selection, organization=given.city, actor=given.actor))

    assert told.code == "illegal-transition"
    assert selection.get_state_display() in told.message
    assert (given.rows().get().state, Record.objects.count()) == (state, before)


@pytest.mark.parametrize("role", sorted(set(Role) - STAFF))
def test_any_other_role_is_refused_and_leaves_no_trace(given, role):
    selection, before = given.rows().get(), Record.objects.count()
    other = account(role, given.city)

    told = refusal(lambda: CLOSE.apply(selection, organization=given.city, actor=other))

    assert told.code == "role-required"
    assert (given.rows().get().state, Record.objects.count()) == ("open", before)


def test_staff_of_another_branch_are_refused(given):
    elsewhere = account(Role.HANDLER, with_child(given.city, "city"))

    told = refusal(
        lambda: CLOSE.apply(given.rows().get(), organization=given.city, actor=elsewhere)
    )

    assert told.code == "role-required"


def moves():
    """Ways in which a state must not move; the row is open, the last record says so."""
    update, insert = "update talents_selectionround set state = '{}' where id = {}", (
        "insert into workflow_record (chain, kind, subject, code, action, source, target, before,"
        " after, note, actor_id, sequence, previous_hash, hash) select 'main', 'transition',"
        " 'talents.selectionround:{}', 'tests.done', '办理', '{}', '{}', '{{}}', '{{}}', '',"
        " min(id), 0, '', '' from organizations_user"
    )  # fmt: skip
    yield "no record", lambda pk: [update.format("closed", pk)]
    yield (
        "a record afterwards",
        lambda pk: [update.format("closed", pk), insert.format(pk, "open", "closed")],
    )
    yield (
        "from elsewhere",
        lambda pk: [insert.format(pk, "draft", "closed"), update.format("closed", pk)],
    )
    yield (
        "to elsewhere",
        lambda pk: [insert.format(pk, "open", "draft"), update.format("closed", pk)],
    )
    yield (
        "another row's",
        lambda pk: [insert.format(pk + 1, "open", "closed"), update.format("closed", pk)],
    )
    yield "twice by one record", lambda pk: [
        insert.format(pk, "open", "closed"), update.format("closed", pk),
        update.format("open", pk), update.format("closed", pk),
    ]  # fmt: skip


@pytest.mark.attack
@pytest.mark.parametrize("statements", [s for _, s in moves()], ids=[name for name, _ in moves()])
def test_a_state_does_not_move_without_its_record(given, statements):
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        connection.cursor().execute("; ".join(statements(given.round.pk)))

    assert refusal.value.__cause__.sqlstate == "JX006"
    assert refusal.value.__cause__.diag.constraint_name == "round_moves_on_record"


def test_many_move_in_one_statement_each_with_its_record(given, django_assert_num_queries):
    below = with_child(given.city, "city")
    more = [
        RoundFactory(organizer=below, edition=given.round.edition, code=f"more{n}")
        for n in range(3)
    ]
    factories.moved(SelectionRound.objects.filter(pk=more[0].pk), "closed")
    before = Record.objects.count()

    with django_assert_num_queries(3):  # memberships, the move, the record of the whole
        moved = CLOSE.apply_to_all(
            SelectionRound.objects.all(), subject="talents.selectionround:0",
            organization=given.city, actor=given.actor, note="到期，电话13800138000",
        )  # fmt: skip

    whole = Record.objects.latest("pk")
    assert moved == 3
    assert not SelectionRound.objects.exclude(state="closed").exists()
    assert Record.objects.count() == before + 4
    assert (whole.action, whole.after) == ("批量截止", {"count": 3})
    for selection in (given.round, *more[1:]):
        record = Record.objects.get(subject=subject_of(selection), action="截止")
        assert (record.source, record.target) == ("open", "closed")
        assert (record.actor, record.organization) == (given.actor, selection.organizer)
        assert record.note == whole.note
        assert "13800138000" not in record.note
    assert not Record.objects.filter(subject=subject_of(more[0]), action="截止").exists()
    assert list(breaks()) == []


def test_when_none_can_move_nothing_is_recorded(given):
    factories.moved(given.rows(), "closed")
    before = Record.objects.count()

    moved = CLOSE.apply_to_all(
        given.rows(), subject="x:1", organization=given.city, actor=given.actor
    )

    assert (moved, Record.objects.count()) == (0, before)
