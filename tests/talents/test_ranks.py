"""A unit ranks whom it puts forward, each rank once; two candidates change places in one go."""

import threading
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, connections
from django.urls import reverse

from intake import services as imports
from organizations.models import User
from organizations.roles import Role
from talents.models import Nomination
from talents.services.nominations import (
    correct_nomination,
    file_nomination,
    restore_nomination,
    withdraw_nomination,
)
from talents.services.ranks import swap_ranks
from tests import database
from tests.factories.filings import filing
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.talents import NominationFactory, RoundFactory, unit_below
from tests.talents.importing import (
    OTHER_SOUND,
    SOUND,
    call_of_nominations,
    committed,
    faults,
    sheet_of,
    staged,
)
from workflow.models import Record
from workflow.records import chain_of, subject_of
from workflow.records.chains import breaks
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
UNIQUE_VIOLATION, DEADLOCK = "23505", "40P01"
ONCE = import_module("talents.migrations.0036_ranks_are_not_given_twice")


@pytest.fixture
def unit():
    selection = RoundFactory()
    body = unit_below(selection.organizer)
    body.selection, body.filer = selection, account(Role.NOMINATOR, body)
    return body


@pytest.fixture
def call():
    return call_of_nominations()


def put_forward(unit, *ranks):
    return [NominationFactory(round=unit.selection, unit=unit, rank=rank) for rank in ranks]


def ranks_of(*rows):
    return list(
        Nomination.objects.filter(pk__in=[row.pk for row in rows])
        .order_by("pk")
        .values_list("rank", flat=True)
    )


def swapped(unit, one, other, **facts):
    """They change ranks, as whoever asks has just seen them."""
    shown = {row.pk: row.rank for row in Nomination.objects.filter(unit=unit)}
    asked = {"shown": shown, "actor": unit.filer, "note": "按评议结果"} | facts
    return swap_ranks(one.pk, other_id=other.pk, **asked)


def test_the_database_takes_a_rank_of_a_unit_once_in_a_round(unit):
    put_forward(unit, 1, None, None)

    with pytest.raises(IntegrityError, match="nomination_ranked_once_by_its_unit"):
        put_forward(unit, 1)


def test_another_unit_and_another_round_have_ranks_of_their_own(unit):
    put_forward(unit, 1)
    other = OrganizationFactory(parent=unit.selection.organizer, kind="unit")

    NominationFactory(round=unit.selection, unit=other, rank=1)
    NominationFactory(round=RoundFactory(organizer=unit.selection.organizer), unit=unit, rank=1)


def test_who_files_or_corrects_with_a_rank_given_already_is_told(unit):
    put_forward(unit, 1)
    with pytest.raises(DomainError, match="已把这一位次排给另一名人选"):
        file_nomination(unit.selection.pk, filing(unit, filed={"rank": 1}), actor=unit.filer)
    filed = file_nomination(unit.selection.pk, filing(unit, filed={"rank": 2}), actor=unit.filer)

    with pytest.raises(DomainError) as refused:
        correct_nomination(
            filed.pk,
            filing(unit, identity="", filed={"rank": 1}),
            actor=unit.filer,
            version=1,
            note="调整",
        )

    assert refused.value.code == "nomination-ranked-once-by-its-unit"
    assert ranks_of(filed) == [2]


def test_the_form_names_who_has_the_rank(client, unit):
    first, second = put_forward(unit, 1, 2)
    client.force_login(unit.filer)
    page = reverse("talents:nomination-edit", args=[second.pk])
    fields = client.get(page).context["form"].initial

    answer = client.post(page, {**_typed(fields), "unit": unit.name, "rank": "1", "note": "调整"})

    assert f"已把第1位排给{first.person.name}" in str(answer.context["form"].errors["rank"])
    kept = client.post(page, {**_typed(fields), "unit": unit.name, "rank": "2", "note": "调整"})
    assert kept.context is None or "rank" not in kept.context["form"].errors


def _typed(fields):
    return {name: value for name, value in fields.items() if value not in (None, "")}


def test_two_candidates_change_ranks_each_on_record(unit):
    first, second = put_forward(unit, 1, 2)

    swapped(unit, first, second)

    assert ranks_of(first, second) == [2, 1]
    told = Record.objects.filter(code="workflow.corrected", note="按评议结果")
    assert sorted((each.before["rank"], each.after["rank"]) for each in told) == [(1, 2), (2, 1)]


def test_who_has_no_rank_takes_that_of_the_other(unit):
    first, second = put_forward(unit, 1, None)

    swapped(unit, second, first)

    assert ranks_of(first, second) == [None, 1]


def test_only_candidates_of_one_unit_and_round_change_ranks(unit):
    first, unranked, again = put_forward(unit, 1, None, None)
    elsewhere = NominationFactory(
        round=RoundFactory(organizer=unit.selection.organizer), unit=unit, rank=2
    )

    def refusal(one, other):
        with pytest.raises(DomainError) as refused:
            swapped(unit, one, other)
        return refused.value.code

    assert refusal(first, elsewhere) == refusal(first, first) == "swap-not-of-one-unit"
    assert refusal(unranked, again) == "nothing-to-swap"


def test_the_page_swaps_and_says_so(client, unit):
    first, second = put_forward(unit, 1, 2)
    client.force_login(unit.filer)
    page = reverse("talents:nomination-rank", args=[first.pk])

    assert f"第2位　{second.person.name}" in client.get(page).content.decode()
    shown = client.get(page).context["form"]["ranks"].value()
    asked = {"other": second.pk, "ranks": shown, "note": "按评议结果"}
    answer = client.post(page, asked, follow=True)

    assert "已对调" in answer.content.decode()
    assert ranks_of(first, second) == [2, 1]
    again = client.post(page, asked)
    assert "他人已调整过这两名人选的排序" in again.content.decode()
    assert client.post(page, asked | {"ranks": "x"}).context["form"].errors["ranks"]
    assert ranks_of(first, second) == [2, 1]


def test_ranks_that_changed_meanwhile_are_not_swapped(unit):
    first, second = put_forward(unit, 1, 2)

    with pytest.raises(DomainError) as refused:
        swapped(unit, first, second, shown={first.pk: 1, second.pk: None})

    assert refused.value.code == "ranks-changed"
    assert ranks_of(first, second) == [1, 2]


def test_who_is_restored_after_the_rank_went_to_another_comes_back_without_one(unit):
    (first,) = put_forward(unit, 1)
    record = withdraw_nomination(first.pk, actor=unit.filer, reason="信息有误")
    put_forward(unit, 1)

    restored = restore_nomination(record.pk, actor=unit.filer)

    assert restored.rank is None
    told = Record.objects.filter(subject=record.subject).order_by("pk").last()
    assert "原排第1位，该位次已排给另一名人选" in told.note


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_for_one_rank_at_once_one_gets_it(unit):
    rows = put_forward(unit, *[None] * 8)
    start, told = threading.Barrier(8), []

    def ask(row):
        start.wait()
        try:
            Nomination.objects.filter(pk=row.pk).update(rank=1)
            told.append("given")
        except (IntegrityError, OperationalError) as refused:
            told.append(refused.__cause__.sqlstate)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=[row]) for row in rows]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    # a constraint that is asked at the end lets two wait for each other: one of them is to try again
    assert told.count("given") == 1
    assert {*told} - {"given"} <= {UNIQUE_VIOLATION, DEADLOCK}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_swap_the_same_pair_at_once_one_does_and_the_other_is_told(unit):
    first, second = put_forward(unit, 1, 2)
    shown = {first.pk: 1, second.pk: 2}
    start, told = threading.Barrier(2), []

    def ask():
        start.wait()
        try:
            swapped(unit, first, second, shown=shown)
            told.append("swapped")
        except DomainError as refused:
            told.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(told) == ["ranks-changed", "swapped"]
    assert ranks_of(first, second) == [2, 1]


def test_a_workbook_that_gives_a_rank_twice_keeps_it_for_the_first(call):
    same = {"推荐排序": 2}

    batch = committed(
        call,
        sheet_of(
            call,
            {"公民身份号码": SOUND[:17] + "8", **same},
            {"公民身份号码": SOUND, **same},
            {"公民身份号码": OTHER_SOUND, "出生年月": "", **same},
        ),
    )

    assert faults(batch, "warning") == [(3, "推荐排序", "rank-given")]
    assert ranks_of(*Nomination.objects.filter(batch=batch)) == [2, None]


def test_a_unit_named_in_one_row_and_coded_in_another_is_one_unit_in_the_preview_too(call):
    named = {"公民身份号码": SOUND, "统一社会信用代码": "", "推荐排序": 1}
    other = {"工作单位": call.units[1].name, "统一社会信用代码": "", "推荐排序": 1}
    rows = (
        named,
        {"公民身份号码": OTHER_SOUND, "出生年月": "", "推荐排序": 1},
        {"公民身份号码": SOUND[:17] + "8", **other},
    )

    batch = staged(call, sheet_of(call, *rows))

    assert [fault for fault in faults(batch, "warning") if "rank-given" in fault] == [
        (2, "推荐排序", "rank-given")
    ]


def test_a_workbook_does_not_take_a_rank_that_is_given_on_file(call):
    NominationFactory(round=call.round, unit=call.units[0], rank=1)

    batch = committed(call, sheet_of(call, {"推荐排序": 1}))

    assert faults(batch, "warning") == [(1, "推荐排序", "rank-given")]
    assert ranks_of(*Nomination.objects.filter(batch=batch)) == [None]


@pytest.mark.parametrize("written", ["01", "1", "001"])
def test_a_rank_is_a_number_however_it_is_written(call, written):
    NominationFactory(round=call.round, unit=call.units[0], rank=2)
    rows = (
        {"公民身份号码": SOUND, "推荐排序": "1"},
        {"公民身份号码": OTHER_SOUND, "出生年月": "", "推荐排序": written},
    )

    batch = committed(call, sheet_of(call, *rows))

    assert faults(batch, "warning") == [(2, "推荐排序", "rank-given")]
    assert ranks_of(*Nomination.objects.filter(batch=batch)) == [1, None]
    on_file = staged(call, sheet_of(call, {"推荐排序": "02"}))
    assert (1, "推荐排序", "rank-given") in faults(on_file, "warning")


def test_a_rank_that_was_given_between_preview_and_filing_is_told(call):
    batch = staged(call, sheet_of(call, {"推荐排序": 1}))
    assert faults(batch, "warning") == []
    holder = NominationFactory(round=call.round, unit=call.units[0], rank=1)

    imports.commit(batch.pk, actor=User.objects.system())

    assert faults(batch, "warning") == [(1, "推荐排序", "rank-given")]
    assert holder.person.name in batch.findings.get(code="rank-given").message
    assert ranks_of(*Nomination.objects.filter(batch=batch)) == [None]


@contextmanager
def as_before_the_constraint():
    """Ranks may be given twice inside the block, as before they were given once."""
    table, name = "talents_nomination", "nomination_ranked_once_by_its_unit"
    with database.as_administrator(connection.settings_dict["NAME"]) as owner:
        owner.execute(f"alter table {table} drop constraint {name}")
        try:
            yield
        finally:
            connection.close()
            owner.execute(f"update {table} set rank = null where rank is not null")
            owner.execute(
                f"alter table {table} add constraint {name} unique (round_id, unit_id, rank)"
                " deferrable initially immediate"
            )


@pytest.mark.django_db(transaction=True)
def test_ranks_given_twice_before_are_cleared_each_on_record(unit, monkeypatch):
    monkeypatch.setattr(ONCE, "BATCH", 2)
    with as_before_the_constraint():
        rows = put_forward(unit, 1, 1, 2, 1, None, None)

        for _ in range(2):  # it may be run again
            with connection.schema_editor(atomic=False) as editor:
                ONCE.clear_repeated(apps, editor)

        assert ranks_of(*rows) == [1, None, 2, None, None, None]
        told = Record.objects.filter(note=ONCE.NOTE).order_by("subject")
        assert [each.subject for each in told] == sorted(subject_of(rows[n]) for n in (1, 3))
        for each in told:
            assert (each.code, each.action, each.kind) == ("workflow.corrected", "更正", "change")
            assert (each.before, each.after) == ({"rank": 1}, {"rank": None})
            assert (each.actor, each.organization) == (User.objects.system(), unit)
            assert each.chain == chain_of(unit)
        assert list(breaks()) == []
